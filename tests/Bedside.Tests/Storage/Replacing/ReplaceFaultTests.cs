using Bedside.Storage;
using Bedside.Storage.Replacing;
using Bedside.Tests.Storage.Retention;

namespace Bedside.Tests.Storage.Replacing;

/// <summary>Every operation of the disk fails once, and the power goes at every one, with every kind of loss.</summary>
public sealed class ReplaceFaultTests
{
    private const int MostOperations = 1_500;
    private const int Turns = 5;
    private const long Length = 2 * Turns * Bed.BlockNanoseconds;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WhateverFailsOrIsCut_TheStoreIsWhollyTheOldOrTheNew(bool isEncrypted)
    {
        using var bed = new KeptBed(21, isEncrypted: isEncrypted);
        await bed.FillAsync(1, Turns);
        await bed.FillAsync(1, Turns, seal: false);
        FaultyDisk fresh = bed.Disk.Copy(new Random(1));
        string[] old = ReplaceBed.Lines(fresh.Copy(new Random(3)), bed.Options, bed.Clock, isReadOnly: true);
        FaultyDisk done = fresh.Copy(new Random(2));
        StoreOptions options = ReplaceBed.Options(bed.Options, 90);
        _ = await ReplaceAsync(done, options, bed.Clock);
        string[] replaced = ReplaceBed.Lines(done, options, bed.Clock);
        Assert.NotEqual(old, replaced);
        await EveryFaultAsync(bed, fresh, (disk, with) => ReplaceAsync(disk, with, bed.Clock), (old, replaced));
        await EveryFaultAsync(bed, done, (disk, with) => StoreReplacement.UndoAsync(disk, tail: null, with, bed.Clock, 1, CancellationToken.None), (replaced, old));
    }

    /// <summary>A cut in the middle of the exchange, and then neither copy of the record can be read.</summary>
    [Fact]
    public async Task WithoutItsRecordAnExchangeThatBeganIsFinishedByTheNames()
    {
        using var bed = new KeptBed(22);
        await bed.FillAsync(3, Turns);
        FaultyDisk done = bed.Disk.Copy(new Random(1));
        StoreOptions options = ReplaceBed.Options(bed.Options, 91);
        _ = await ReplaceAsync(done, options, bed.Clock);
        string[] replaced = ReplaceBed.Lines(done, options, bed.Clock);
        int met = 0;
        for (int operation = 0, last = done.Operations; operation < last; operation++)
        {
            FaultyDisk disk = bed.Disk.Copy(new Random(1));
            disk.CutAt = operation;
            _ = await Record.ExceptionAsync(() => ReplaceAsync(disk, options, bed.Clock));
            disk.Restart(Loss.Nothing);
            IReadOnlyList<string> names = disk.Names();
            if (!names.Any(name => FileNames.IsNext(name) && !names.Contains(FileNames.Plain(name))))
            {
                continue;
            }

            Array.Fill(disk.Content(FileNames.Replaced), (byte)0xA5);
            using (var engine = new StoreEngine(disk, options, bed.Clock, isReadOnly: false))
            {
                Assert.Equal(1, engine.Health.Damaged);
            }

            disk.Delete(FileNames.Replaced);
            Assert.Equal(replaced, ReplaceBed.Lines(disk, options, bed.Clock));
            met++;
        }

        Assert.InRange(met, 4, 40);
    }

    private static Task<Replacement> ReplaceAsync(FaultyDisk disk, StoreOptions options, TimeProvider clock) =>
        StoreReplacement.RunAsync(disk, tail: null, options, clock, ReplaceBed.Order(5, Length, isWhole: true), CancellationToken.None);

    private static async Task EveryFaultAsync(KeptBed bed, FaultyDisk begin, Func<FaultyDisk, StoreOptions, Task<Replacement>> act, (string[] Before, string[] After) states)
    {
        int reached = 0;
        (int befores, int afters) = (0, 0);
        for (int operation = 0; operation < MostOperations && reached == operation; operation++)
        {
            foreach (Loss loss in Enum.GetValues<Loss>())
            {
                foreach (bool cuts in loss == Loss.Nothing ? new[] { true, false } : [true])
                {
                    (bool wasReached, bool isAfter) = await OneFaultAsync(bed, begin, act, states, (operation, loss, cuts));
                    reached += wasReached && cuts && loss == Loss.Nothing ? 1 : 0;
                    (befores, afters) = isAfter ? (befores, afters + 1) : (befores + 1, afters);
                }
            }
        }

        Assert.InRange(reached, 40, MostOperations - 1);
        Assert.True(befores > 20 && afters > 20, $"{befores} old and {afters} new");
    }

    private static async Task<(bool WasReached, bool IsAfter)> OneFaultAsync(KeptBed bed, FaultyDisk begin, Func<FaultyDisk, StoreOptions, Task<Replacement>> act, (string[] Before, string[] After) states, (int Operation, Loss Loss, bool Cuts) fault)
    {
        FaultyDisk disk = begin.Copy(new Random((fault.Operation * 7) + (int)fault.Loss));
        StoreOptions options = ReplaceBed.Options(bed.Options, 1_000 + fault.Operation);
        disk.CutAt = fault.Cuts ? fault.Operation : int.MaxValue;
        _ = !fault.Cuts && disk.FailAt.Add(fault.Operation);
        bool isDone = false;
        try
        {
            _ = await act(disk, options);
            isDone = true;
        }
        catch (Exception error) when (error is IOException or ReplaceRefusedException)
        {
            // Not acknowledged.
        }

        bool wasReached = disk.Operations > fault.Operation;
        disk.Restart(fault.Loss);
        try
        {
            string[] beside = ReplaceBed.Lines(disk, options, bed.Clock, isReadOnly: true);
            AssertOne(beside, states, fault, "beside");
        }
        catch (IOException)
        {
            // It says that it must be finished first.
        }

        // Opening it may be interrupted, too.
        FaultyDisk again = disk.Copy(new Random(fault.Operation));
        again.CutAt = fault.Operation % 40;
        try
        {
            new StoreEngine(again, options, bed.Clock, isReadOnly: false).Dispose();
        }
        catch (IOException)
        {
            // The power went.
        }

        again.Restart(fault.Loss);
        AssertOne(ReplaceBed.Lines(again, options, bed.Clock), states, fault, "interrupted again");
        string[] found = ReplaceBed.Lines(disk, options, bed.Clock);
        bool isAfter = AssertOne(found, states, fault, "opened");
        Assert.True(isAfter || !isDone, $"{fault}: it was acknowledged and is not there");
        Assert.Equal(found, ReplaceBed.Lines(disk, options, bed.Clock));
        Assert.DoesNotContain(disk.Names(), FileNames.IsNext);
        Assert.DoesNotContain(Verification.Run(disk, CancellationToken.None, options.BoxKey).Damaged, damage => FileNames.SequenceOfJournal(damage.File) is null);
        return (wasReached, isAfter);
    }

    private static bool AssertOne(string[] found, (string[] Before, string[] After) states, (int Operation, Loss Loss, bool Cuts) fault, string when)
    {
        bool isAfter = found.SequenceEqual(states.After);
        Assert.True(isAfter || found.SequenceEqual(states.Before), $"{fault}, {when}: {found.Length} blocks are neither the {states.Before.Length} old nor the {states.After.Length} new ones");
        return isAfter;
    }
}
