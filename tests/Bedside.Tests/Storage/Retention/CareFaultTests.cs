using Bedside.Model;
using Bedside.Storage;
using Bedside.Storage.Repair;
using Bedside.Storage.Retention;

namespace Bedside.Tests.Storage.Retention;

/// <summary>
/// Power cuts, and single failures of every operation, in the middle of retention and repair: everything is as it was or
/// as it was to be, what is missing is explained, and doing it again ends well. BEDSIDE_CARE_SEEDS=from-to searches farther.
/// </summary>
public sealed class CareFaultTests
{
    private const int Seeds = 1000;
    private const int Segments = 4;

    /// <summary>The longest run of retention or repair asks the disk less often.</summary>
    private const int MostOperations = 400;

    [Fact]
    public async Task APowerCutAnywhereInRetentionOrRepairLeavesOldOrNew()
    {
        using var plain = new KeptBed(1);
        using var encrypted = new KeptBed(1, options: null, isEncrypted: true);
        await plain.FillAsync(Segments);
        await encrypted.FillAsync(Segments);
        await CrashSeeds.ForEachAsync("BEDSIDE_CARE_SEEDS", Seeds, seed => CutAsync(seed % 2 == 0 ? plain : encrypted, seed));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AnOperationThatFailsOnceDelaysRetentionAndRepairAndHarmsNothing(bool isEncrypted)
    {
        using var original = new KeptBed(2, options: null, isEncrypted);
        await original.FillAsync(3);
        int operations = 0;
        for (int n = 0; n <= operations; n++)
        {
            FaultyDisk disk = original.Disk.Copy(new Random(n));
            int begin = disk.Operations;
            if (n > 0)
            {
                _ = disk.FailAt.Add(begin + n - 1);
            }

            KeptBed bed = await CareForAllAsync(original, disk);
            operations = n == 0 ? bed.Disk.Operations - begin : operations;
            bed.Disk.FailAt.Clear();
            bed.Reopen(Tight());
            _ = bed.CheckAgainstAppended(GapCause.Retention, GapCause.Storage);
            _ = bed.StepUntilDone();
            _ = bed.CheckAgainstAppended(GapCause.Retention, GapCause.Storage);
            Assert.Equal(1, bed.Engine.Holdings.Segments);
            Assert.Empty(Verification.Run(bed.Disk, CancellationToken.None, bed.Options.BoxKey).Damaged);
            bed.Dispose();
            Assert.Superset(new HashSet<string>(["Names", "Open", "Read", "TryWrite", "SyncFile", "Sync", "Rename", "Delete", "Measure"]), new HashSet<string>(disk.Asked.Keys));
        }

        Assert.InRange(operations, 60, MostOperations);
    }

    private static RetentionOptions Tight() => new() { ReserveBytes = 8192, Floor = TimeSpan.Zero, BudgetBytes = 1 };

    private static async Task CutAsync(KeptBed original, int seed)
    {
        var random = new Random(seed);
        var options = new RetentionOptions { ReserveBytes = random.Next(2) * 8192, Floor = TimeSpan.Zero, BudgetBytes = 1 + random.Next(120_000), WaveformAge = random.Next(2) == 0 ? null : TimeSpan.FromSeconds(1 + random.Next(30)) };
        using KeptBed bed = original.Copy(random, options);
        bool isDamaged = random.Next(2) == 0;
        int harmed = random.Next(Segments) + 1;
        if (isDamaged)
        {
            Harm(bed.Disk.Content(FileNames.Segment((ulong)harmed)), random);
        }

        bed.Disk.CutAt = bed.Disk.Operations + random.Next(isDamaged ? 150 : MostOperations / 2);
        try
        {
            if (isDamaged)
            {
                _ = await StoreRepair.RunAsync(bed.Disk, tail: null, isDryRun: false, bed.Clock, bed.Options, onFile: null, CancellationToken.None);
                bed.Reopen(options);
            }

            _ = bed.StepUntilDone();
        }
        catch (IOException)
        {
            // The power went.
        }

        bed.Disk.Restart((Loss)random.Next(5));
        if (isDamaged)
        {
            _ = await StoreRepair.RunAsync(bed.Disk, tail: null, isDryRun: false, bed.Clock, bed.Options, onFile: null, CancellationToken.None);
            Assert.Empty(await StoreRepair.RunAsync(bed.Disk, tail: null, isDryRun: false, bed.Clock, bed.Options, onFile: null, CancellationToken.None));
        }

        bed.Reopen(options);
        _ = bed.CheckAgainstAppended(GapCause.Retention, GapCause.Storage);
        Assert.DoesNotContain(bed.Disk.Names(), FileNames.IsUnfinished);
        _ = bed.StepUntilDone();
        _ = bed.CheckAgainstAppended(GapCause.Retention, GapCause.Storage);
        Assert.True(bed.Keeper.Health.UsedBytes <= bed.Keeper.Health.BudgetBytes || bed.Keeper.Health.Pause == RetentionPause.EverythingHeld, $"seed {seed}");
        Assert.Empty(Verification.Run(bed.Disk, CancellationToken.None, bed.Options.BoxKey).Damaged);
    }

    /// <summary>A page of noise, a hole, or a few bytes.</summary>
    private static void Harm(byte[] content, Random random)
    {
        int at = random.Next(content.Length);
        int length = Math.Min(random.Next(3) == 0 ? 4 : random.Next(600), content.Length - at);
        if (random.Next(2) == 0)
        {
            Array.Clear(content, at, length);
        }
        else
        {
            random.NextBytes(content.AsSpan(at, length));
        }
    }

    /// <summary>A day's care, tried again as the task of a store does it.</summary>
    private static async Task<KeptBed> CareForAllAsync(KeptBed original, FaultyDisk disk)
    {
        Harm(disk.Content(FileNames.Segment(2)), new Random(5));
        for (int attempt = 0; ; attempt++)
        {
            Assert.True(attempt < 4, "it does not end");
            KeptBed? bed = null;
            try
            {
                _ = await StoreRepair.RunAsync(disk, tail: null, isDryRun: false, original.Clock, original.Options, onFile: null, CancellationToken.None);
                bed = original.On(disk, Tight());
                Retry(bed);
                return bed;
            }
            catch (IOException)
            {
                bed?.Dispose();
            }
        }
    }

    private static void Retry(KeptBed bed)
    {
        for (int attempt = 0; attempt < 3; attempt++)
        {
            try
            {
                _ = bed.StepUntilDone();
            }
            catch (IOException)
            {
                // The next turn tries it again.
            }
        }
    }
}
