using Bedside.Ingest.Drivers;
using Bedside.Ingest.Intake;
using Bedside.Model;

namespace Bedside.Tests.Ingest.Intake;

/// <summary>One bad port never takes from another: time is simulated, so the lag is that of the queue and not of this machine.</summary>
public class FairShareTests
{
    private const long Millisecond = 1_000_000;

    private static readonly DriverTraits Traits = new() { Clock = DeviceClock.SampleCounting, Manufacturer = "test", Devices = "test", Quality = "bronze" };
    private static readonly Metric Wave = new() { SignalId = "abp", Kind = SignalKind.Waveform, Unit = "mm[Hg]" };
    private static readonly Metric Number = new() { SignalId = "hr", Kind = SignalKind.Numeric, Unit = "/min" };

    [Fact]
    public void AFloodFillsItsOwnShareAndDelaysNobodyElse()
    {
        var time = new Steps();
        var queue = new Queue(time);
        var good = new DeviceIntake("good", Traits, new FairShare(queue, time), new BoxClock(time));
        var flood = new DeviceIntake("flood", Traits, new FairShare(queue, time), new BoxClock(time));
        for (int ms = 0; ms < 60_000; ms++)
        {
            time.Now = ms * Millisecond;
            for (int i = 0; i < 100; i++)
            {
                flood.OnEvent(new DeviceEvent.Numeric(Number, new Fixed((ms * 100) + i, 0)), new MonotonicInstant(time.Now));
            }

            if (ms % 250 == 0)
            {
                good.OnEvent(new DeviceEvent.Samples(Wave, SamplePeriod.FromHertz(128), new int[32]) { Scale = null }, new MonotonicInstant(time.Now));
            }

            queue.Write();
        }

        Assert.Equal(0, good.Refused);
        Assert.True(flood.Refused > 5_000_000);
        Assert.InRange(queue.LongestLagOf("good"), 0, 1_000 * Millisecond);
        Assert.Equal(240, queue.Written.OfType<SampleBlock>().Count());
    }

    [Fact]
    public void WhatTheFloodLosesIsAnOverloadInItsOwnRecord()
    {
        var time = new Steps();
        var queue = new Queue(time);
        var flood = new DeviceIntake("flood", Traits, new FairShare(queue, time), new BoxClock(time));
        var period = SamplePeriod.FromHertz(100_000);
        for (int i = 0; i < 10_000; i++)
        {
            time.Now += Millisecond / 100;
            flood.OnEvent(new DeviceEvent.Samples(Wave, period, new[] { i }) { Scale = null }, new MonotonicInstant(time.Now));
        }

        time.Now += 1_000 * Millisecond;
        flood.OnEvent(new DeviceEvent.Samples(Wave, period, new[] { 10_000 }) { Scale = null }, new MonotonicInstant(time.Now));
        while (queue.Waiting > 0)
        {
            queue.Write();
        }

        GapBlock[] gaps = [.. queue.Written.OfType<GapBlock>()];
        Assert.NotEmpty(gaps);
        Assert.All(gaps, gap => Assert.Equal(GapCause.Overload, gap.Cause));
        SampleBlock[] blocks = [.. queue.Written.OfType<SampleBlock>().Where(block => block.ClockEpoch == 1)];
        long expected = blocks[^1].FirstIndex + blocks[^1].Samples.Length;
        Assert.Equal(expected, blocks.Sum(block => (long)block.Samples.Length) + gaps.Sum(gap => gap.Missing));
    }

    /// <summary>A store's queue: bounded, and written at the pace of a slow disk.</summary>
    private sealed class Queue(Steps time) : IBlockSink
    {
        private const int Capacity = 4_096;
        private const int BlocksPerMillisecond = 3;

        private readonly Queue<(Block Block, long At)> _waiting = new();
        private readonly Dictionary<string, Signal> _signals = [];
        private readonly Dictionary<SignalNumber, string> _devices = [];
        private readonly Dictionary<string, long> _lags = [];

        public int Waiting => _waiting.Count;

        public List<Block> Written { get; } = [];

        public Signal Register(string device, Metric metric)
        {
            if (!_signals.TryGetValue(device + metric.SignalId, out Signal? signal))
            {
                signal = _signals[device + metric.SignalId] = new Signal(new SignalNumber((uint)_signals.Count + 1), metric.SignalId, device, metric);
                _devices[signal.Number] = device;
            }

            return signal;
        }

        public Block? Last(SignalNumber signal) => null;

        public bool TryAppend(Block block)
        {
            if (_waiting.Count < Capacity)
            {
                _waiting.Enqueue((block, time.Now));
                return true;
            }

            return false;
        }

        public long LongestLagOf(string device) => _lags.GetValueOrDefault(device);

        public void Write()
        {
            for (int i = 0; i < BlocksPerMillisecond && _waiting.TryDequeue(out (Block Block, long At) next); i++)
            {
                Written.Add(next.Block);
                if (_devices.TryGetValue(next.Block.Signal, out string? device))
                {
                    _lags[device] = Math.Max(_lags.GetValueOrDefault(device), time.Now - next.At);
                }
            }
        }
    }

    private sealed class Steps : TimeProvider
    {
        public long Now { get; set; }

        public override long TimestampFrequency => 1_000_000_000;

        public override long GetTimestamp() => Now;

        public override DateTimeOffset GetUtcNow() => new UtcInstant(Now).ToDateTime();
    }
}
