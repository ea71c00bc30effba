using Bedside.Model;
using Bedside.Storage;
using Bedside.Viewer;
using Bedside.Viewer.Live;

namespace Bedside.Tests.Viewer;

/// <summary>What a slow client loses, and what it never does.</summary>
public class BacklogTests
{
    private static readonly UtcInstant Now = new(1_795_285_519_000_000_000);
    private static readonly UtcInstant LongAgo = new(0);

    [Fact]
    public void A_client_that_keeps_up_gets_the_very_bytes_in_order()
    {
        var backlog = new Backlog(8, 1 << 20);
        Block[] blocks = [Wave(0), Reading(1, 60, 1), Alert("a", 2), Wave(3)];
        backlog.Add(Batch(blocks[0], blocks[1]));
        backlog.Add(Batch(blocks[2], blocks[3]));

        Assert.Equal(blocks.Select(BlockCodec.Encode), Take(backlog, LongAgo).Live);
        Assert.False(backlog.HasGap);
        Assert.Equal(0, backlog.Length);
    }

    [Fact]
    public void A_slow_client_loses_waves_and_is_told_so_but_keeps_alerts_and_the_newest_numbers()
    {
        var backlog = new Backlog(2, 1 << 20);
        for (int i = 0; i < 10; i++)
        {
            backlog.Add(Batch(Wave(i), Reading(1, 60 + i, i), Reading(2, 90 + i, i), Alert($"alert-{i}", i)));
        }

        GapNotice gap = backlog.TakeGap();
        List<Block> got = [.. Take(backlog, LongAgo).Live.Select(bytes => BlockCodec.Decode(bytes))];

        Assert.Equal((Wave(0).Start, Wave(7).End, 8), (gap.From, gap.To, gap.Frames));
        Assert.False(backlog.HasGap);
        Assert.Equal([Wave(8).Start, Wave(9).Start], got.OfType<SampleBlock>().Select(block => block.Start));
        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"alert-{i}"), got.OfType<AlertBlock>().Select(block => block.Alert.Key));
        Assert.Equal([67, 68, 69], got.OfType<NumericBlock>().Where(block => block.Signal.Value == 1).Select(block => block.Readings[^1].Value!.Value.Mantissa));
    }

    [Fact]
    public void What_a_hidden_tab_did_not_want_is_not_missed()
    {
        var backlog = new Backlog(1, 1 << 20) { Waves = false };
        backlog.Add(Batch(Wave(0), Reading(1, 60, 0)));
        backlog.Add(Batch(Wave(1), Reading(1, 61, 1)));

        Assert.False(backlog.HasGap);
        Assert.All(Take(backlog, LongAgo).Live, bytes => Assert.IsType<NumericBlock>(BlockCodec.Decode(bytes)));
    }

    [Fact]
    public void Old_waves_go_apart()
    {
        var backlog = new Backlog(8, 1 << 20);
        backlog.Add(Batch(Wave(0), Wave(20)));

        (List<byte[]> live, List<byte[]> old) = Take(backlog, Wave(10).Start);

        Assert.Equal(Wave(0).Start, BlockCodec.Decode(Assert.Single(old)).Start);
        Assert.Equal(Wave(20).Start, BlockCodec.Decode(Assert.Single(live)).Start);
    }

    [Fact]
    public void What_is_kept_for_a_client_is_bounded()
    {
        var backlog = new Backlog(1, 2000);
        for (int i = 0; !backlog.IsOverflowing; i++)
        {
            Assert.True(i < 100);
            backlog.Add(Batch(Alert($"alert-{i}", i)));
        }

        Assert.InRange(backlog.Length, 2000, 4000);
        backlog.Clear();
        Assert.Equal(0, backlog.Length);
        Assert.False(backlog.IsOverflowing);
    }

    [Fact]
    public void Credit_is_used_up_by_frames_and_given_back_by_acknowledging_the_last()
    {
        var acknowledgements = new Acknowledgements(TimeProvider.System, 3);
        foreach (uint sequence in new uint[] { 2, 3, 5 })
        {
            Assert.True(acknowledgements.HasCredit);
            acknowledgements.Sent(sequence);
        }

        Assert.False(acknowledgements.HasCredit);
        acknowledgements.Acknowledge(1);
        Assert.False(acknowledgements.HasCredit);
        acknowledgements.Acknowledge(4);
        Assert.True(acknowledgements.HasCredit);
        acknowledgements.Acknowledge(5);
        Assert.False(acknowledgements.IsOverdue(TimeSpan.Zero));
    }

    private static SampleBlock Wave(int second) => new()
    {
        Signal = new SignalNumber(9),
        Start = Now.Add(TimeSpan.FromSeconds(second)),
        Period = SamplePeriod.FromHertz(250),
        Samples = Enumerable.Range(second, 250).ToArray(),
        Scale = new Scale(1, 0),
        FirstIndex = 250L * second,
    };

    private static NumericBlock Reading(uint signal, long value, int second) => new()
    {
        Signal = new SignalNumber(signal),
        Start = Now.Add(TimeSpan.FromSeconds(second)),
        Readings = [new NumericReading(Now.Add(TimeSpan.FromSeconds(second)), new Fixed(value, 0), Validity.Valid, DeviceNanoseconds: null)],
    };

    private static AlertBlock Alert(string key, int second) => Blocks.Alert(Now.Add(TimeSpan.FromSeconds(second)), key, AlertPhase.Start);

    private static LiveBatch Batch(params Block[] blocks)
    {
        var batch = new LiveBatch();
        foreach (Block block in blocks)
        {
            batch.Add(block, BlockCodec.Encode(block));
        }

        return batch;
    }

    private static (List<byte[]> Live, List<byte[]> Old) Take(Backlog backlog, UtcInstant oldBefore)
    {
        using var live = OutgoingMessage.Frame(backlog.Length);
        using var old = OutgoingMessage.Frame(backlog.Length);
        backlog.Write(live, old, oldBefore);
        return (BlocksOf(live), BlocksOf(old));
    }

    private static List<byte[]> BlocksOf(OutgoingMessage message) =>
        LiveFrame.Parse(message.Seal(default, FrameType.Blocks, 0, 1).Bytes.ToArray()).BlockBytes;
}
