using Bedside.Model;
using Bedside.Storage;
using Bedside.Storage.Index;
using Bedside.Storage.Reading;
using Bedside.Storage.Replacing;
using Bedside.Storage.Retention;
using Bedside.Tests.Storage.Retention;

namespace Bedside.Tests.Storage.Replacing;

/// <summary>Blocks in the place of others, and the others back again.</summary>
public sealed class ReplacingTests
{
    private const long CloseNanoseconds = 1_000_000;
    private const int Segments = 4;
    private const int Columns = 37;

    private const long Length = Segments * KeptBed.TurnsOfSegment * Bed.BlockNanoseconds;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public async Task WhatIsReadAfterwardsIsWhatBruteForceExpects_AndUndoneEveryByteIsBack(int seed)
    {
        using var bed = new KeptBed(seed, isEncrypted: seed % 2 == 0);
        await bed.FillAsync(Segments);
        string[] bytes = ReplaceBed.Bytes(bed.Engine);
        List<Block> before = ReplaceBed.Everything(bed.Engine);
        ReplaceOrder order = ReplaceBed.Order(seed, Length, isWhole: seed % 4 == 0);
        Replacement done = await RunAsync(bed, order);
        bed.Reopen();
        List<Block> after = ReplaceBed.Everything(bed.Engine);
        foreach (SignalNumber signal in new[] { Bed.Wave, Bed.Rate })
        {
            AssertSame(Expected(before, order, signal), ReplaceBed.Values(after, signal), signal);
            AssertEnvelope(bed.Engine, ReplaceBed.Values(after, signal), after, signal);
        }

        // Marks: what was heard stays, and of the new ones only clocks come.
        Assert.Equal(Marks(before), Marks(after.Where(block => block is not AnnotationBlock and not ClockBlock { ClockEpoch: > int.MaxValue })));
        Assert.Contains(after, block => block is ClockBlock { ClockEpoch: > int.MaxValue });
        AnnotationBlock note = Assert.Single(after.OfType<AnnotationBlock>());
        Assert.Equal(("decoded-again", done.Key, order.Spans[0].From), (note.Kind, note.Key, note.Start));
        Assert.Empty(Verification.Run(bed.Disk, CancellationToken.None, bed.Options.BoxKey).Damaged);
        Assert.Empty(await Bedside.Storage.Repair.StoreRepair.RunAsync(bed.Disk, tail: null, isDryRun: false, bed.Clock, bed.Options, onFile: null, CancellationToken.None));

        _ = await StoreReplacement.UndoAsync(bed.Disk, tail: null, bed.Options, bed.Clock, 1, CancellationToken.None);
        bed.Reopen();
        Assert.Equal(bytes, ReplaceBed.Bytes(bed.Engine));
        Assert.Equal("replaced/1/undone", Assert.Single(ReplaceBed.Everything(bed.Engine).OfType<AnnotationBlock>()).Key);
        Assert.DoesNotContain(bed.Disk.Names(), name => FileNames.IsNext(name) || FileNames.ReplacementOf(name) is not null);
        Assert.Equal(ReplacementState.Undone, Assert.Single(ReplaceRecord.Read(bed.Disk, out _)!.All).State);
    }

    [Fact]
    public async Task OnTopOfAnother_TheLaterIsUndoneFirst()
    {
        using var bed = new KeptBed(11);
        await bed.FillAsync(2);
        string[] original = ReplaceBed.Bytes(bed.Engine);
        _ = await RunAsync(bed, ReplaceBed.Order(1, Length / 2, isWhole: true));
        bed.Reopen();
        string[] first = ReplaceBed.Bytes(bed.Engine);
        _ = await RunAsync(bed, ReplaceBed.Order(2, Length / 2, id: 2, isWhole: true));
        ReplaceRefusedException refused = await Assert.ThrowsAsync<ReplaceRefusedException>(() => UndoAsync(bed, 1));
        Assert.Contains("replacement 2", refused.Message, StringComparison.Ordinal);
        _ = await UndoAsync(bed, 2);
        bed.Reopen();
        Assert.Equal(first, ReplaceBed.Bytes(bed.Engine));
        _ = await UndoAsync(bed, 1);
        bed.Reopen();
        Assert.Equal(original, ReplaceBed.Bytes(bed.Engine));
        _ = await UndoAsync(bed, 1);
        bed.Reopen();
        Assert.Equal(2, ReplaceBed.Everything(bed.Engine).OfType<AnnotationBlock>().Count());
    }

    [Fact]
    public async Task OriginalsAreCounted_GoBeforeAnythingElse_AndCannotComeBackThen()
    {
        using var bed = new KeptBed(12);
        await bed.FillAsync(3);
        bed.Reopen();
        _ = bed.StepUntilDone();
        long before = bed.Keeper.Health.UsedBytes;
        _ = await RunAsync(bed, ReplaceBed.Order(3, Length * 3 / 4, isWhole: true));
        bed.Reopen();
        _ = bed.StepUntilDone();
        Replacement one = Assert.Single(SetAsideClass.All(bed.Disk));
        Assert.Equal(bed.Disk.Names().Where(name => FileNames.ReplacementOf(name) is not null).Sum(name => (long)bed.Disk.Content(name).Length), one.Bytes);
        Assert.True(bed.Keeper.Health.UsedBytes >= before + one.Bytes - bed.Disk.Bytes / 2);
        string[] now = ReplaceBed.Bytes(bed.Engine);

        bed.Reopen(new RetentionOptions { ReserveBytes = 0, Floor = TimeSpan.Zero, BudgetBytes = bed.Keeper.Health.UsedBytes - 1 });
        Assert.Equal(1, bed.StepUntilDone());
        Assert.DoesNotContain(bed.Disk.Names(), name => FileNames.ReplacementOf(name) is not null);
        Assert.Equal(now, ReplaceBed.Bytes(bed.Engine));
        ReplaceRefusedException refused = await Assert.ThrowsAsync<ReplaceRefusedException>(() => UndoAsync(bed, 1));
        Assert.Contains("went", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OriginalsAreDeletedWithTheirStay_AndADamagedOneIsNamed()
    {
        using var bed = new KeptBed(13, isEncrypted: true);
        await bed.FillAsync(2);
        _ = await RunAsync(bed, ReplaceBed.Order(4, Length / 2, isWhole: true));
        string aside = bed.Disk.Names().First(name => FileNames.ReplacementOf(name) is not null);
        bed.Disk.Content(aside)[900] ^= 0xFF;
        Assert.Contains(Verification.Run(bed.Disk, CancellationToken.None, bed.Options.BoxKey).Damaged, damage => damage.File.StartsWith(FileNames.Plain(aside), StringComparison.Ordinal));
        bed.Reopen();
        StayId stay = bed.Engine.Keys.Current;
        await bed.Engine.BeginStayAsync(new StayId(5));
        bed.Engine.Erase(stay);
        Assert.DoesNotContain(bed.Disk.Names(), name => FileNames.SequenceOfSegment(FileNames.Plain(name)) is not null);
        _ = await Assert.ThrowsAsync<ReplaceRefusedException>(() => UndoAsync(bed, 1));
    }

    [Fact]
    public async Task AnIntervalOfTwoPatientsIsRefused_AndNothingIsChanged()
    {
        using var bed = new KeptBed(14, isEncrypted: true);
        await bed.FillAsync(1);
        await bed.Engine.BeginStayAsync(new StayId(5));
        await bed.FillAsync(1);
        string[] before = ReplaceBed.Bytes(bed.Engine);
        ReplaceRefusedException refused = await Assert.ThrowsAsync<ReplaceRefusedException>(() => RunAsync(bed, ReplaceBed.Order(4, Length / 2, isWhole: true)));
        Assert.Contains("two patients", refused.Message, StringComparison.Ordinal);
        bed.Reopen();
        Assert.Equal(before, ReplaceBed.Bytes(bed.Engine));
        Assert.DoesNotContain(bed.Disk.Names(), FileNames.IsNext);
    }

    [Fact]
    public async Task WhatWasWrittenAnewSinceIsNotBroughtBack()
    {
        using var bed = new KeptBed(15);
        await bed.FillAsync(2);
        _ = await RunAsync(bed, ReplaceBed.Order(6, Length / 2, isWhole: true));
        string now = FileNames.Segment(1);
        bed.Disk.Content(now)[900] ^= 0xFF;
        Assert.NotEmpty(await Bedside.Storage.Repair.StoreRepair.RunAsync(bed.Disk, tail: null, isDryRun: false, bed.Clock, bed.Options, onFile: null, CancellationToken.None));
        ReplaceRefusedException refused = await Assert.ThrowsAsync<ReplaceRefusedException>(() => UndoAsync(bed, 1));
        Assert.Contains("written anew", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ASignalThatIsNewComesWithItsDescription_AndWhatIsNotDecodedStaysAsItIs()
    {
        using var bed = new KeptBed(16);
        await bed.FillAsync(1);
        Signal added = bed.Engine.Signals.Register("d", new Metric { SignalId = "spo2", Kind = SignalKind.Numeric, Unit = "%" }, Bed.Start).Signal;
        await bed.FillAsync(1);
        List<Block> before = ReplaceBed.Everything(bed.Engine);
        var blocks = new ReplacingBlocks();
        UtcInstant at = Bed.Start.Add(Length / 8);
        Assert.True(blocks.TryAdd(new NumericBlock { Signal = added.Number, Start = at, ClockEpoch = 0x8001_0001, Readings = [new NumericReading(at, new Fixed(97, 0), Validity.Valid, DeviceNanoseconds: null)] }));
        var order = new ReplaceOrder(1, "d", "/dev/line", [(Bed.Start, Bed.Start.Add(Length))], blocks, "replaced: a test.");
        Assert.True(order.Replaces(added.Number));
        Assert.False(order.Replaces(Bed.Wave));
        _ = await RunAsync(bed, order);
        bed.Reopen();
        List<Block> after = ReplaceBed.Everything(bed.Engine);
        Assert.Equal(ReplaceBed.Values(before, Bed.Wave), ReplaceBed.Values(after, Bed.Wave));
        Assert.Equal(ReplaceBed.Values(before, Bed.Rate), ReplaceBed.Values(after, Bed.Rate));
        Block found = Assert.Single(BlockReading.Read(bed.Engine.Disk, bed.Engine.Holdings, [new LaneKey(Lane.Data, added.Number.Value)], (ReplaceBed.Ever, ReplaceBed.Never), damage => Assert.Fail(damage.What)));
        Assert.Equal(at, found.Start);
    }

    [Fact]
    public async Task AStoreThatCannotBeReadCompletelyIsNotTouched()
    {
        using var bed = new KeptBed(17);
        await bed.FillAsync(3);
        bed.Disk.Content(FileNames.Segment(2))[900] ^= 0xFF;
        string[] names = [.. bed.Disk.Names().Where(name => FileNames.SequenceOfSegment(name) is not null)];
        ReplaceRefusedException refused = await Assert.ThrowsAsync<ReplaceRefusedException>(() => RunAsync(bed, ReplaceBed.Order(8, Length * 3 / 4, isWhole: true)));
        Assert.Contains("bedside repair", refused.Message, StringComparison.Ordinal);
        Assert.Equal(names, bed.Disk.Names().Where(name => FileNames.SequenceOfSegment(FileNames.Plain(name)) is not null));
        Assert.False(ReplaceFinish.IsNeeded(bed.Disk.Names()));
    }

    private static Task<Replacement> RunAsync(KeptBed bed, ReplaceOrder order) =>
        StoreReplacement.RunAsync(bed.Disk, tail: null, bed.Options, bed.Clock, order, CancellationToken.None);

    private static Task<Replacement> UndoAsync(KeptBed bed, int id) =>
        StoreReplacement.UndoAsync(bed.Disk, tail: null, bed.Options, bed.Clock, id, CancellationToken.None);

    /// <summary>Value by value: the originals outside, and inside the new ones that lie in a span.</summary>
    private static List<(UtcInstant Time, string Value)> Expected(List<Block> before, ReplaceOrder order, SignalNumber signal)
    {
        List<(UtcInstant Time, string Value)> added = [.. ReplaceBed.Values(ReplaceBed.New(order), signal).Where(value => order.Spans.Any(span => value.Time >= span.From && value.Time < span.To))];
        if (added.Count == 0)
        {
            return ReplaceBed.Values(before, signal);
        }

        long step = signal == Bed.Wave ? 2_000_000 : 0;
        (UtcInstant first, UtcInstant last) = (added[0].Time.Add(-CloseNanoseconds), added[^1].Time.Add(step + CloseNanoseconds));
        return
        [
            .. ReplaceBed.Values(before, signal)
                .Where(value => value.Time < first || value.Time >= last || !order.Spans.Any(span => value.Time >= span.From && value.Time < span.To))
                .Concat(added)
                .OrderBy(value => value.Time),
        ];
    }

    private static void AssertSame(List<(UtcInstant Time, string Value)> expected, List<(UtcInstant Time, string Value)> found, SignalNumber signal)
    {
        found = [.. found.OrderBy(value => value.Time)];
        Assert.Equal(expected.Count, found.Count);
        for (int i = 0; i < found.Count; i++)
        {
            Assert.True(expected[i].Value == found[i].Value && Math.Abs(expected[i].Time.Since(found[i].Time)) <= CloseNanoseconds, $"value {i} of signal {signal.Value}: {expected[i]} and {found[i]}");
        }
    }

    /// <summary>Columns of the overview, against every sample that is read.</summary>
    private static void AssertEnvelope(StoreEngine engine, List<(UtcInstant Time, string Value)> values, List<Block> blocks, SignalNumber signal)
    {
        List<(UtcInstant Time, double Value)> usable =
        [
            .. blocks.Where(block => block.Signal == signal).SelectMany(block => block switch
            {
                SampleBlock samples => Enumerable.Range(0, samples.Samples.Length)
                    .Where(i => !samples.Validity.Any(run => i >= run.Start && i < run.Start + run.Length && !run.Validity.IsUsable()))
                    .Select(i => (samples.TimeOf(i), samples.Samples.Span[i] * samples.Scale!.Value.Gain)),
                NumericBlock numeric => numeric.Readings.Where(reading => reading.Value is not null && reading.Validity.IsUsable()).Select(reading => (reading.Time, reading.Value!.Value.ToDouble())),
                _ => [],
            }),
        ];
        Assert.NotEmpty(values);
        (UtcInstant from, UtcInstant to) = (Bed.Start.Add(-2_000_000_000), Bed.Start.Add(Length + 2_000_000_000));
        var envelopes = new Envelopes(engine.Disk, engine.Holdings, damage => Assert.Fail(damage.What));
        IReadOnlyList<EnvelopePoint> points = envelopes.Physical(signal, ColumnGrid.Between(from, to, Columns));
        Assert.Equal(usable.Count, points.Sum(point => point.Count));
        foreach (EnvelopePoint point in points)
        {
            double[] inside = [.. usable.Where(value => value.Time >= point.Time && value.Time < point.Until).Select(value => value.Value)];
            Assert.Equal((inside.Length, inside.Min(), inside.Max()), ((int)point.Count, point.Min, point.Max));
        }
    }

    private static string[] Marks(IEnumerable<Block> blocks) => [.. blocks.Where(block => block is not SampleBlock and not NumericBlock).Select(block => Convert.ToHexString(BlockCodec.Encode(block)))];
}
