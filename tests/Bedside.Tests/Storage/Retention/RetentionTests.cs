using Bedside.Model;
using Bedside.Storage;
using Bedside.Storage.Retention;

namespace Bedside.Tests.Storage.Retention;

/// <summary>What goes, in which order, what never goes, and that each thing that went is told.</summary>
public sealed class RetentionTests
{
    private static readonly RetentionOptions Plain = new() { ReserveBytes = 0, Floor = TimeSpan.Zero };

    [Fact]
    public async Task OverTheBudgetTheOldestWavesGoFirst_AndEachSampleThatWentIsCounted()
    {
        using var bed = new KeptBed(1);
        await bed.FillAsync(12);
        Assert.Empty(bed.CheckAgainstAppended());
        _ = bed.Care(Plain with { BudgetBytes = Used(bed) - (bed.Engine.Holdings.Bytes.Segments / 3) });
        Assert.True(bed.StepUntilDone() > 2);
        Assert.True(bed.Keeper.Health.UsedBytes <= bed.Keeper.Health.BudgetBytes);
        IReadOnlyList<Block> missing = bed.CheckAgainstAppended();
        Assert.All(missing, block => Assert.IsType<SampleBlock>(block));
        Assert.True(missing.Max(block => block.Start) < bed.Appended.OfType<SampleBlock>().Except(missing).Min(block => block.Start), "a younger wave went before an older one");
        GapBlock[] gaps = [.. bed.Everything().OfType<GapBlock>()];
        Assert.Equal(missing.OfType<SampleBlock>().Sum(block => (long)block.Samples.Length), gaps.Sum(gap => gap.Missing));
        Assert.Empty(Verification.Run(bed.Disk, CancellationToken.None).Damaged);
        bed.Reopen();
        Assert.Equal(missing.Count, bed.CheckAgainstAppended().Count);
    }

    [Fact]
    public async Task WhenNoWavesAreLeftWholeSegmentsGo_ButNeverTheNewest()
    {
        using var bed = new KeptBed(2);
        await bed.FillAsync(8);
        _ = bed.Care(Plain with { BudgetBytes = 1 });
        _ = bed.StepUntilDone();
        IReadOnlyList<Block> missing = bed.CheckAgainstAppended();
        Assert.Equal(1, bed.Engine.Holdings.Segments);
        Assert.Equal(RetentionPause.EverythingHeld, bed.Keeper.Health.Pause);
        GoneRange gone = Assert.Single(bed.Keeper.Gone);
        Assert.Equal(7, gone.Files);
        Assert.Equal(GapCause.Retention, gone.Cause);
        Assert.Contains(missing, block => block is NumericBlock);
        bed.Reopen();
        _ = bed.StepUntilDone();
        Assert.Equal(missing.Count, bed.CheckAgainstAppended().Count);
        Assert.Equal(2, bed.Engine.Signals.Signals.Length);
        Assert.Equal(gone, Assert.Single(bed.Keeper.Gone));
    }

    [Fact]
    public async Task TheNewestDataGoLast_EvenBeforeOldNumerics()
    {
        using var bed = new KeptBed(3);
        await bed.FillAsync(8);
        _ = bed.Care(Plain with { BudgetBytes = Used(bed) - (bed.Engine.Holdings.Bytes.Segments * 4 / 5), Floor = TimeSpan.FromTicks((KeptBed.TimeOf(8).UnixNanoseconds - KeptBed.TimeOf(7).UnixNanoseconds) / 100) });
        _ = bed.StepUntilDone();
        IReadOnlyList<Block> missing = bed.CheckAgainstAppended();
        Assert.Contains(missing, block => block is NumericBlock);
        Assert.DoesNotContain(missing, block => block.Start >= KeptBed.TimeOf(7));
    }

    [Fact]
    public async Task NothingUnderAHoldGoes_WhateverTheBudget()
    {
        for (int seed = 0; seed < 8; seed++)
        {
            var random = new Random(seed);
            using var bed = new KeptBed(seed);
            await bed.FillAsync(6);
            Hold[] holds = [.. Enumerable.Range(0, random.Next(1, 4)).Select(i => RandomHold(random, i))];
            new HoldList(holds, ClockConfirmed: null).Write(bed.Disk);
            _ = bed.Care(Plain with { BudgetBytes = random.Next(2) == 0 ? 1 : 60_000, WaveformAge = TimeSpan.FromTicks(1), NumericAge = TimeSpan.FromSeconds(20) });
            _ = bed.StepUntilDone();
            IReadOnlyList<Block> missing = bed.CheckAgainstAppended();
            Assert.DoesNotContain(missing, block => Array.Exists(holds, hold => hold.Covers(block.Start, block.End)));
            Assert.Equal(holds.Length, bed.Keeper.Health.Holds);
        }
    }

    [Fact]
    public async Task AHoldThatComesWhileSomethingIsBeingDroppedIsObeyed()
    {
        using var bed = new KeptBed(4);
        await bed.FillAsync(3);
        var options = new StoreOptions { JournalBytes = 24 << 10, SegmentBytes = 24 << 10, Retention = Plain with { BudgetBytes = 1 } };
        var keeper = new Keeper(bed.Engine, bed.Disk, options, bed.Clock, () =>
        {
            new HoldList([new Hold("all", From: null, To: null, "late", Bed.Start)], ClockConfirmed: null).Write(bed.Disk);
            return null;
        });
        Assert.False(keeper.Step(CancellationToken.None));
        Assert.Empty(bed.CheckAgainstAppended());
        Assert.DoesNotContain(bed.Disk.Names(), FileNames.IsUnfinished);
    }

    [Fact]
    public async Task WhenTheListOfHoldsIsDamagedNothingGoes_AndHealthSaysSo()
    {
        using var bed = new KeptBed(5);
        await bed.FillAsync(3);
        new HoldList([new Hold("h", From: null, KeptBed.TimeOf(1), "why", Bed.Start)], ClockConfirmed: null).Write(bed.Disk);
        Array.Fill(bed.Disk.Content(FileNames.Holds), (byte)0x5A);
        _ = bed.Care(Plain with { BudgetBytes = 1 });
        Assert.Equal(0, bed.StepUntilDone());
        Assert.Equal(RetentionPause.HoldsUnreadable, bed.Keeper.Health.Pause);
        Assert.Equal(1, bed.Engine.Health.Damaged);
        Assert.Empty(bed.CheckAgainstAppended());
    }

    [Fact]
    public async Task WavesAndNumericsGoAtTheirAge()
    {
        using var bed = new KeptBed(6);
        await bed.FillAsync(6);
        var segment = TimeSpan.FromTicks((KeptBed.TimeOf(1).UnixNanoseconds - KeptBed.TimeOf(0).UnixNanoseconds) / 100);
        _ = bed.Care(Plain with { WaveformAge = 2.5 * segment, NumericAge = 4.5 * segment });
        _ = bed.StepUntilDone();
        IReadOnlyList<Block> missing = bed.CheckAgainstAppended();
        Assert.InRange(missing.OfType<SampleBlock>().Max(block => block.Start).UnixNanoseconds, KeptBed.TimeOf(2).UnixNanoseconds, KeptBed.TimeOf(3).UnixNanoseconds);
        Assert.InRange(missing.OfType<NumericBlock>().Max(block => block.Start).UnixNanoseconds, KeptBed.TimeOf(0).UnixNanoseconds, KeptBed.TimeOf(1).UnixNanoseconds);
        Assert.Equal(0, bed.StepUntilDone());
    }

    [Theory]
    [InlineData("a person")]
    [InlineData("a device")]
    public async Task AClockThatJumpedAYearDropsNothingForItsAge_UntilAPersonOrADeviceAgrees(string who)
    {
        using var bed = new KeptBed(7);
        await bed.FillAsync(4);
        RetentionOptions ages = Plain with { WaveformAge = TimeSpan.FromDays(30) };
        _ = bed.Care(ages);
        Assert.Equal(0, bed.StepUntilDone());
        bed.Clock.Set(TimeSpan.FromDays(365));
        Assert.Equal(0, bed.StepUntilDone());
        Assert.Equal(RetentionPause.ClockUntrusted, bed.Keeper.Health.Pause);

        // A restart, and data stored with the wrong time, do not make it right.
        bed.Reopen(ages);
        Assert.Equal(0, bed.StepUntilDone());
        Assert.Equal(RetentionPause.ClockUntrusted, bed.Keeper.Health.Pause);
        Assert.Empty(bed.CheckAgainstAppended());
        if (who == "a person")
        {
            new HoldList([], bed.Engine.Now).Write(bed.Disk);
        }
        else
        {
            bed.Keeper.HearDevice((long)TimeSpan.FromDays(200).TotalMicroseconds * 1000);
            Assert.Equal(0, bed.StepUntilDone());
            bed.Keeper.HearDevice(1_500_000_000_000);
        }

        Assert.Equal(4, bed.StepUntilDone());
        Assert.All(bed.CheckAgainstAppended(), block => Assert.IsType<SampleBlock>(block));
        Assert.Equal(RetentionPause.None, bed.Keeper.Health.Pause);
    }

    [Fact]
    public async Task AClockThatWasSetBackDropsNothing_AndTheBudgetHoldsAllTheSame()
    {
        using var bed = new KeptBed(8);
        await bed.FillAsync(4);
        bed.Clock.Set(-TimeSpan.FromDays(20_000));
        _ = bed.Care(Plain with { WaveformAge = TimeSpan.FromSeconds(1), BudgetBytes = Used(bed) - 1 });
        Assert.Equal(1, bed.StepUntilDone());
        Assert.Equal(RetentionPause.ClockUntrusted, bed.Keeper.Health.Pause);
        Assert.True(bed.CheckAgainstAppended().Max(block => block.Start) < KeptBed.TimeOf(1));
    }

    [Fact]
    public async Task TimeThatPassesIsNoJump()
    {
        using var bed = new KeptBed(9);
        await bed.FillAsync(4);
        _ = bed.Care(Plain with { WaveformAge = TimeSpan.FromDays(30) });
        Assert.Equal(0, bed.StepUntilDone());
        for (int day = 0; day < 40; day++)
        {
            bed.Clock.Advance(TimeSpan.FromDays(1));
            _ = bed.StepUntilDone();
        }

        Assert.Equal(bed.Appended.OfType<SampleBlock>().Count(), bed.CheckAgainstAppended().Count);
    }

    [Fact]
    public async Task TheDaysThatAreLeftFollowFromTheRateOfTheLastDay()
    {
        using var bed = new KeptBed(10);
        await bed.FillAsync(70);
        _ = bed.Care(Plain with { BudgetBytes = 10 * Used(bed) });
        Assert.Equal(0, bed.StepUntilDone());
        RetentionHealth health = bed.Keeper.Health;
        double days = KeptBed.TimeOf(70).Since(KeptBed.TimeOf(0)) / 86_400e9;
        Assert.InRange(health.BytesPerDay!.Value * days, 0.9 * bed.Engine.Holdings.Bytes.Segments, 1.1 * bed.Engine.Holdings.Bytes.Segments);
        Assert.Equal((health.BudgetBytes - health.UsedBytes) / health.BytesPerDay.Value, health.DaysLeft!.Value, 6);
    }

    private static Hold RandomHold(Random random, int i)
    {
        UtcInstant from = KeptBed.TimeOf(0).Add(random.NextInt64(KeptBed.TimeOf(6).Since(KeptBed.TimeOf(0))));
        UtcInstant to = from.Add(random.NextInt64(20_000_000_000));
        return new Hold($"h{i}", random.Next(5) == 0 ? null : from, random.Next(5) == 0 ? null : to, "why", Bed.Start);
    }

    private static long Used(KeptBed bed)
    {
        Assert.False(bed.Keeper.Step(CancellationToken.None));
        return bed.Keeper.Health.UsedBytes;
    }
}
