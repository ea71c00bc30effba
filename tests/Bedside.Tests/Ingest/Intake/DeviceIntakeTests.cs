using Bedside.Ingest.Drivers;
using Bedside.Ingest.Intake;
using Bedside.Model;

namespace Bedside.Tests.Ingest.Intake;

public class DeviceIntakeTests
{
    private const long Second = 1_000_000_000;
    private const long Tick = 125_000;

    private static readonly Metric Abp = new() { SignalId = "abp", Kind = SignalKind.Waveform, Unit = "mm[Hg]" };
    private static readonly Metric Rate = new() { SignalId = "hr", Kind = SignalKind.Numeric, Unit = "/min", ExpectedEvery = TimeSpan.FromSeconds(1.024) };
    private static readonly SamplePeriod Period = SamplePeriod.FromHertz(125);
    private static readonly Scale Scale = new(0.0625, -50);

    private readonly StillClock _clock = new();
    private readonly BlockList _sink = new();
    private readonly DeviceIntake _intake;

    public DeviceIntakeTests()
    {
        var traits = new DriverTraits { Clock = DeviceClock.EighthMillisecond32, Manufacturer = "test", Devices = "test", Quality = "bronze" };
        _intake = new DeviceIntake("test", traits, _sink, new BoxClock(_clock));
    }

    [Fact]
    public void Contiguous_blocks_get_contiguous_indices_and_times_and_no_gap()
    {
        for (int i = 0; i < 40; i++)
        {
            Samples(i * 256, i);
        }

        SampleBlock[] blocks = [.. _sink.Of<SampleBlock>()];
        Assert.Equal(40, blocks.Length);
        for (int i = 1; i < blocks.Length; i++)
        {
            Assert.Equal(blocks[i - 1].FirstIndex + 32, blocks[i].FirstIndex);
            Assert.InRange(blocks[i].Start.Since(blocks[i - 1].End), -1_000_000, 1_000_000);
            Assert.Equal(1u, blocks[i].ClockEpoch);
        }

        Assert.Empty(_sink.Of<GapBlock>());
    }

    [Fact]
    public void No_sample_lies_in_the_future()
    {
        for (int i = 0; i < 200; i++)
        {
            Samples(i * 256, i);
            Assert.True(_sink.Of<SampleBlock>().Last().End.UnixNanoseconds <= _clock.Utc + 1_000_000);
        }
    }

    [Fact]
    public void A_lost_block_is_a_gap_of_as_many_samples_with_the_cause_the_driver_gave()
    {
        Samples(0, 0);
        _intake.OnEvent(new DeviceEvent.Missing(Metric: null, GapCause.LostMessage, 1), _clock.Now);
        Samples(512, 1, advanceMs: 512);
        GapBlock gap = Assert.Single(_sink.Of<GapBlock>());
        Assert.Equal(GapCause.LostMessage, gap.Cause);
        Assert.Equal(32, gap.Missing);
        SampleBlock[] blocks = [.. _sink.Of<SampleBlock>()];
        Assert.Equal(64, blocks[1].FirstIndex);
        Assert.Equal(blocks[0].End, gap.Start);
        Assert.Equal(blocks[1].Start, gap.Until);
    }

    [Fact]
    public void Samples_that_come_twice_are_stored_once()
    {
        Samples(0, 0);
        Samples(0, 0);
        Samples(128, 7);
        SampleBlock[] blocks = [.. _sink.Of<SampleBlock>()];
        Assert.Equal(2, blocks.Length);
        Assert.Equal(16, blocks[1].Samples.Length);
        Assert.Equal(32, blocks[1].FirstIndex);
        Assert.Empty(_sink.Of<GapBlock>());
    }

    [Fact]
    public void Received_and_missing_samples_add_up_to_the_expected_whatever_is_dropped()
    {
        var random = new Random(11);
        for (int i = 0; i < 2000; i++)
        {
            if (i == 0 || i == 1999 || random.Next(5) > 0)
            {
                Samples(i * 256, i);
            }
            else
            {
                _clock.Advance(256_000_000);
            }
        }

        long received = _sink.Of<SampleBlock>().Sum(block => (long)block.Samples.Length);
        long missing = _sink.Of<GapBlock>().Sum(gap => gap.Missing);
        Assert.Equal(2000 * 32, received + missing);
    }

    [Fact]
    public void A_silent_device_is_said_to_be_silent_and_its_gap_too()
    {
        Samples(0, 0);
        Number(0, 80);
        for (int i = 1; i <= 80; i++)
        {
            _clock.Advance(100_000_000);
            _intake.OnChunk(_clock.Now, empty: true);
        }

        Assert.Equal(DeviceState.Silent, _sink.Of<DeviceBlock>().Last().State);
        Samples(8192, 1, advanceMs: 192);
        Number(8192, 81);
        Assert.All(_sink.Of<GapBlock>(), gap => Assert.Equal(GapCause.DeviceSilent, gap.Cause));
        Assert.Equal(2, _sink.Of<GapBlock>().Count());
        Assert.Equal(DeviceState.Receiving, _sink.Of<DeviceBlock>().Last().State);
        Assert.Equal(7, _sink.Of<GapBlock>().Last().Missing);
    }

    [Fact]
    public void A_restart_of_the_box_is_a_gap_from_the_last_stored_block_on()
    {
        var before = new UtcInstant(_clock.Utc - (90 * Second));
        _sink.Stored = signal => new NumericBlock { Signal = signal, Start = before, Readings = [new NumericReading(before, new Fixed(80, 0), Validity.Valid, DeviceNanoseconds: null)] };
        Samples(0, 0);
        Number(0, 80);
        Assert.Equal(2, _sink.Of<GapBlock>().Count());
        Assert.All(_sink.Of<GapBlock>(), gap =>
        {
            Assert.Equal(GapCause.Restart, gap.Cause);
            Assert.Equal(before, gap.Start);
        });
    }

    [Fact]
    public void A_reboot_of_the_device_opens_a_recorded_epoch_with_a_gap()
    {
        Samples(1_000_000, 0);
        _clock.Advance(40 * Second);
        _intake.OnEvent(new DeviceEvent.ClockRestarted("monitor restarted"), _clock.Now);
        Samples(300, 1);
        Assert.Equal([1u, 2u], _sink.Of<SampleBlock>().Select(block => block.ClockEpoch));
        Assert.Equal(["first", "restart"], _sink.Of<ClockBlock>().Select(block => block.Reason));
        Assert.Equal(GapCause.Clock, Assert.Single(_sink.Of<GapBlock>()).Cause);
        Assert.Contains(_sink.Of<AnnotationBlock>(), note => note is { Kind: "device-restart", Text: "monitor restarted" });
    }

    [Fact]
    public void A_step_of_the_boxs_own_clock_is_recorded_and_opens_an_epoch()
    {
        Samples(0, 0);
        _clock.Step(3600 * Second);
        Samples(256, 1);
        Assert.Contains(_sink.Of<ClockBlock>(), block => block.Reason == "box-clock");
        SampleBlock[] blocks = [.. _sink.Of<SampleBlock>()];
        Assert.Equal(2u, blocks[1].ClockEpoch);
        Assert.InRange(blocks[1].Start.Since(blocks[0].End), 3599 * Second, 3601 * Second);
    }

    [Fact]
    public void The_devices_wall_clock_nine_years_wrong_changes_no_time_and_is_recorded()
    {
        Samples(0, 0);
        DateTime wall = DateTimeOffset.FromUnixTimeMilliseconds(_clock.Utc / 1_000_000).UtcDateTime.AddYears(-9);
        _intake.OnEvent(new DeviceEvent.WallClock(wall, new DeviceTicks(256 * 8)), _clock.Now);
        Samples(256, 1);
        Assert.InRange(_sink.Of<SampleBlock>().Last().Start.UnixNanoseconds - _clock.Utc, -Second, Second);
        long? offset = _sink.Of<ClockBlock>().Last().WallOffsetNanoseconds;
        Assert.InRange(offset!.Value / Second / 86400, -3288, -3286);
    }

    [Fact]
    public void A_wave_that_was_dropped_before_its_unit_was_known_makes_no_signal_of_its_own()
    {
        Metric nameless = Abp with { Unit = string.Empty };
        _intake.OnEvent(new DeviceEvent.Missing(nameless, GapCause.Uncalibrated, 96), _clock.Now);
        Assert.Empty(_sink.Signals);
        Samples(0, 0);
        Assert.Equal("mm[Hg]", Assert.Single(_sink.Signals).Metric.Unit);
        GapBlock gap = Assert.Single(_sink.Of<GapBlock>());
        Assert.Equal((GapCause.Uncalibrated, 96L), (gap.Cause, gap.Missing));
    }

    [Fact]
    public void A_value_outside_of_the_plausible_range_is_kept_and_marked()
    {
        Number(0, 900);
        NumericReading reading = Assert.Single(_sink.Of<NumericBlock>()).Readings[0];
        Assert.Equal(900, reading.Value!.Value.ToDouble());
        Assert.True(reading.Validity.HasFlag(Validity.Implausible));
    }

    [Fact]
    public void What_an_experimental_driver_reads_is_labelled_from_the_first_block_on()
    {
        var traits = new DriverTraits { Clock = DeviceClock.SampleCounting, Manufacturer = "Acme", Devices = "test", Quality = DriverTraits.Experimental };
        var intake = new DeviceIntake("acme", traits, _sink, new BoxClock(_clock));
        intake.OnPort(DeviceState.Connecting, "", _clock.Now);
        intake.OnEvent(new DeviceEvent.Identity(new DeviceIdentity { Manufacturer = "Acme", Model = "1" }), _clock.Now);
        _intake.OnPort(DeviceState.Connecting, "", _clock.Now);
        _intake.OnEvent(new DeviceEvent.Identity(new DeviceIdentity { Manufacturer = "Acme", Model = "1" }), _clock.Now);

        DeviceBlock[] blocks = [.. _sink.Of<DeviceBlock>()];
        Assert.Equal(["", "1"], blocks.Where(block => block.Device == "acme").Select(block => block.Identity!.Model));
        Assert.All(blocks, block => Assert.Equal(block.Device == "acme", block.Identity is { IsExperimental: true }));
    }

    [Fact]
    public void What_the_store_does_not_take_becomes_an_overload_gap()
    {
        Samples(0, 0);
        _sink.Full = true;
        Samples(256, 1);
        _sink.Full = false;
        Samples(512, 2);
        Samples(768, 3);
        Assert.Equal(1, _intake.Refused);
        GapBlock gap = Assert.Single(_sink.Of<GapBlock>());
        Assert.Equal(GapCause.Overload, gap.Cause);
        Assert.Equal(32, gap.Missing);
    }

    private void Samples(long deviceMs, int value, int advanceMs = 256)
    {
        _clock.Advance(advanceMs * 1_000_000L);
        int[] raw = new int[32];
        Array.Fill(raw, value);
        _intake.OnEvent(new DeviceEvent.Samples(Abp, Period, raw) { Scale = Scale, At = new DeviceTicks((ulong)(deviceMs * 1_000_000 / Tick)) }, _clock.Now);
    }

    private void Number(long deviceMs, int value) =>
        _intake.OnEvent(new DeviceEvent.Numeric(Rate, new Fixed(value, 0)) { At = new DeviceTicks((ulong)(deviceMs * 1_000_000 / Tick)) }, _clock.Now);

    private sealed class BlockList : IBlockSink
    {
        private readonly List<Block> _blocks = [];
        private readonly Dictionary<string, Signal> _signals = [];

        public bool Full { get; set; }

        public Func<SignalNumber, Block?> Stored { get; set; } = _ => null;

        public IReadOnlyCollection<Signal> Signals => _signals.Values;

        public IEnumerable<T> Of<T>() => _blocks.OfType<T>();

        public Signal Register(string device, Metric metric)
        {
            if (!_signals.TryGetValue(metric.SignalId, out Signal? signal))
            {
                signal = _signals[metric.SignalId] = new Signal(new SignalNumber((uint)_signals.Count + 1), metric.SignalId, device, metric);
            }

            return signal;
        }

        public Block? Last(SignalNumber signal) => _blocks.LastOrDefault(block => block.Signal == signal && block is not GapBlock) ?? Stored(signal);

        public bool TryAppend(Block block)
        {
            if (!Full)
            {
                _blocks.Add(block);
            }

            return !Full;
        }
    }

    /// <summary>A clock that moves when it is told to, and can be set like a wall clock.</summary>
    private sealed class StillClock : TimeProvider
    {
        private long _monotonic = 5 * Second;
        private long _offset = UtcInstant.FromDateTime(new DateTimeOffset(2026, 11, 21, 3, 0, 0, TimeSpan.Zero)).UnixNanoseconds;

        public MonotonicInstant Now => new(_monotonic);

        public long Utc => _monotonic + _offset;

        public override long TimestampFrequency => Second;

        public void Advance(long nanoseconds) => _monotonic += nanoseconds;

        public void Step(long nanoseconds) => _offset += nanoseconds;

        public override long GetTimestamp() => _monotonic;

        public override DateTimeOffset GetUtcNow() => new UtcInstant(Utc).ToDateTime();
    }
}
