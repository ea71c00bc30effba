using Bedside.Ingest.Drivers;
using Bedside.Ingest.Intake;
using Bedside.Ingest.Intake.Notices;
using Bedside.Model;

namespace Bedside.Tests.Ingest.Intake;

/// <summary>
/// What devices report of themselves in codes becomes marks, once each, with an end; what they say in words alone does not. With BEDSIDE_GOLDEN=write the notices of the captures are written
/// anew beside them (<c>.notices</c>; none = no file).
/// </summary>
public class DeviceNoticeTests
{
    private const long Second = 1_000_000_000;

    private static readonly DriverTraits Traits = new() { Clock = DeviceClock.EighthMillisecond32, Manufacturer = "test", Devices = "test", Quality = "bronze" };
    private static readonly Metric Rate = new() { SignalId = "hr", Kind = SignalKind.Numeric, Unit = "/min", ExpectedEvery = TimeSpan.FromSeconds(1) };
    private static readonly Metric Mean = new() { SignalId = "abp-mean", Kind = SignalKind.Numeric, Unit = "mm[Hg]", ExpectedEvery = TimeSpan.FromSeconds(1) };
    private static readonly Metric Systolic = Mean with { SignalId = "abp-sys" };
    private static readonly Metric Mode = new() { SignalId = "set-vent-mode", Kind = SignalKind.Text, Unit = string.Empty };

    private readonly SteppedTime _time = new();
    private readonly KeptBlocks _sink = new();

    public static TheoryData<string, string> All
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach ((string driver, string name) in Golden.All)
            {
                data.Add(driver, name);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_capture_gives_the_notices_that_stand_beside_it(string driver, string name)
    {
        IDriver one = DriverCatalog.All.First(known => known.Name == driver);
        var intake = new DeviceIntake(driver, one.Traits, _sink, new BoxClock(_time));
        foreach (DeviceEvent said in Golden.Replay(one, name).Said)
        {
            intake.OnEvent(said, _time.After(10_000_000));
        }

        string file = Golden.PathOf(driver, name, "notices");
        string[] lines = [.. _sink.Notices.Select(Line)];
        if (Golden.IsWritten && lines.Length > 0)
        {
            File.WriteAllLines(file, lines);
        }

        Assert.Equal(File.Exists(file) ? File.ReadAllLines(file) : [], lines);
    }

    [Fact]
    public void Leads_off_is_a_mark_of_the_sensor_from_the_alert_to_its_end()
    {
        DeviceIntake intake = Intake();
        intake.OnEvent(new DeviceEvent.Numeric(Rate, new Fixed(80, 0)), _time.After(Second));
        intake.OnEvent(Alert(AlertPhase.Start, "ecg-unspecified"), _time.After(Second));
        intake.OnEvent(Alert(AlertPhase.Update, "ecg-unspecified"), _time.After(Second));
        intake.OnEvent(Alert(AlertPhase.End, "ecg-unspecified"), _time.After(Second));

        Assert.Equal(["leads-off hr v1 open", "leads-off hr v2 told"], _sink.Notices.Select(Line));
        Assert.Equal(2 * Second, _sink.Notices[1].Until!.Value.Since(_sink.Notices[1].Start));
        Assert.Equal("monitor", _sink.Notices[0].Source);
        Assert.Empty(_sink.Notices[0].Text);
    }

    [Fact]
    public void An_alert_in_words_alone_becomes_no_notice_and_stays_word_for_word()
    {
        DeviceIntake intake = Intake();
        intake.OnEvent(new DeviceEvent.AlertSaid(new Alert { Key = "1", Phase = AlertPhase.Start, Priority = AlertPriority.Low, Technical = true, Text = "ECG LEADS OFF" }), _time.After(Second));

        Assert.Empty(_sink.Notices);
        Assert.Equal("ECG LEADS OFF", _sink.Blocks.OfType<AlertBlock>().Single().Alert.Text);
    }

    [Fact]
    public void Values_that_calibrate_are_one_notice_for_their_line_while_any_of_them_does()
    {
        DeviceIntake intake = Intake();
        Say(Systolic, Validity.Valid);
        Say(Mean, Validity.CalibrationOngoing);
        Say(Systolic, Validity.CalibrationOngoing);
        Say(Mean, Validity.Valid);
        Say(Rate, Validity.Valid);
        Assert.Equal(["calibration abp-mean v1 open"], _sink.Notices.Select(Line));
        Say(Systolic, Validity.Valid);
        Assert.Equal("calibration abp-mean v2 told", Line(_sink.Notices[^1]));

        void Say(Metric metric, Validity validity) => intake.OnEvent(new DeviceEvent.Numeric(metric, new Fixed(80, 0)) { Validity = validity }, _time.After(Second));
    }

    [Fact]
    public void A_mode_that_changes_is_a_notice_and_one_that_is_told_again_after_a_restart_is_none()
    {
        Say(Intake(), "CPPV", "CPPV", "BIPAP");
        Assert.Equal(["mode-change - v1 open"], _sink.Notices.Select(Line));
        Say(Intake(), "BIPAP");
        Assert.Single(_sink.Notices);
        Say(Intake(), "CPAP");
        Assert.Equal(2, _sink.Notices.Count);

        void Say(DeviceIntake intake, params string[] modes) => Array.ForEach(modes, mode => intake.OnEvent(new DeviceEvent.Text(Mode, mode), _time.After(Second)));
    }

    [Fact]
    public void A_device_that_falls_silent_or_a_box_that_starts_again_leaves_no_notice_open_for_ever_and_makes_none_twice()
    {
        DeviceIntake intake = Intake();
        intake.OnPort(DeviceState.Connecting, "", _time.After(Second));
        intake.OnEvent(new DeviceEvent.Numeric(Rate, new Fixed(80, 0)), _time.After(Second));
        intake.OnEvent(Alert(AlertPhase.Start, "hr"), _time.After(Second));
        intake.OnPort(DeviceState.Unplugged, "", _time.After(Second));
        Assert.Equal(["leads-off hr v1 open", "leads-off hr v2 unknown"], _sink.Notices.Select(Line));

        intake.OnEvent(Alert(AlertPhase.Start, "hr"), _time.After(Second));

        // The program ends, and another comes: the former is closed once, and the same alert begins anew, as it does among the alerts.
        DeviceIntake next = Intake();
        next.OnEvent(new DeviceEvent.Numeric(Rate, new Fixed(80, 0)), _time.After(Second));
        next.OnEvent(Alert(AlertPhase.Start, "hr"), _time.After(Second));
        next.OnEvent(Alert(AlertPhase.End, "hr"), _time.After(Second));
        _ = Intake();
        Assert.Equal(
            ["leads-off hr v1 open", "leads-off hr v2 unknown", "leads-off hr v1 open", "leads-off hr v2 unknown", "leads-off hr v1 open", "leads-off hr v2 told"],
            _sink.Notices.Select(Line));
        Assert.Equal(3, _sink.Notices.Select(notice => notice.Key).Distinct().Count());
    }

    [Fact]
    public void A_loose_electrode_does_not_fill_the_store()
    {
        DeviceIntake intake = Intake();
        for (int i = 0; i < 500; i++)
        {
            intake.OnEvent(Alert(AlertPhase.Start, "hr"), _time.After(Second));
            intake.OnEvent(Alert(AlertPhase.End, "hr"), _time.After(Second));
        }

        Assert.Equal(DeviceNotices.MostAnHour, _sink.Notices.Count(notice => notice.Version == 1));
        Assert.Equal(1000, _sink.Blocks.OfType<AlertBlock>().Count());
        _time.After(3600 * Second);
        intake.OnEvent(Alert(AlertPhase.Start, "hr"), _time.After(Second));
        Assert.Equal(DeviceNotices.MostAnHour + 1, _sink.Notices.Count(notice => notice.Version == 1));
    }

    [Theory]
    [InlineData(196882, "", "leads-off")]
    [InlineData(196916, "", "sensor-off")]
    [InlineData(0, "medibus:CP1:0xB3:priority-9", "calibration")]
    [InlineData(0, "masimo-ascii:EXC:0x20", "sensor-off")]
    [InlineData(0, "capnostream-20:14:0x40", "sensor-off")]
    [InlineData(0, "datex:yellow", null)]
    public void Codes_are_what_the_documents_say(uint code, string name, string? kind) => Assert.Equal(
        kind,
        NoticeRules.OfAlert(new Alert { Key = "k", Phase = AlertPhase.Start, Priority = AlertPriority.Low, Text = "LEADS OFF", Code = code, CodeName = name }));

    private static DeviceEvent.AlertSaid Alert(AlertPhase phase, string source) =>
        new(new Alert { Key = "T/1", Phase = phase, Priority = AlertPriority.Low, Technical = true, Text = "LEADS OFF", Code = 196882, CodeName = "NOM_EVT_LEADS_OFF", Source = source });

    private DeviceIntake Intake() => new("monitor", Traits, _sink, new BoxClock(_time));

    private string Line(AnnotationBlock notice) =>
        $"{notice.Kind} {_sink.IdOf(notice.Signal)} v{notice.Version} {(notice.Until is null ? "open" : notice.Attributes["ended"] is { Length: > 0 } ended ? ended : "told")}";

    /// <summary>What a store would keep, and give again to whoever comes after a restart.</summary>
    private sealed class KeptBlocks : IBlockSink
    {
        private readonly List<Signal> _signals = [];

        public List<Block> Blocks { get; } = [];

        public IReadOnlyList<AnnotationBlock> Notices => [.. Blocks.OfType<AnnotationBlock>().Where(mark => Bedside.Model.Context.ContextCatalog.Shipped.Find(mark.Kind) is not null)];

        public string IdOf(SignalNumber number) => _signals.Find(signal => signal.Number == number)?.Metric.SignalId ?? "-";

        public Signal Register(string device, Metric metric)
        {
            Signal? signal = _signals.Find(one => one.Metric.SignalId == metric.SignalId && one.Metric.Channel == metric.Channel && one.Metric.Unit == metric.Unit);
            if (signal is null)
            {
                _signals.Add(signal = new Signal(new SignalNumber((uint)_signals.Count + 1), metric.SignalId, device, metric));
            }

            return signal;
        }

        public Block? Last(SignalNumber signal) => Blocks.FindLast(block => block.Signal == signal && block is SampleBlock or NumericBlock or TextBlock);

        public IEnumerable<AnnotationBlock> StoredMarks(UtcInstant from, UtcInstant to) => [.. Blocks.OfType<AnnotationBlock>().Where(mark => mark.Start < to && mark.End >= from)];

        public bool TryAppend(Block block)
        {
            Blocks.Add(block);
            return true;
        }
    }

    private sealed class SteppedTime : TimeProvider
    {
        private long _now = 5 * Second;

        public override long TimestampFrequency => Second;

        public MonotonicInstant After(long nanoseconds) => new(_now += nanoseconds);

        public override long GetTimestamp() => _now;

        public override DateTimeOffset GetUtcNow() => new UtcInstant(1_795_285_519_000_000_000 + _now).ToDateTime();
    }
}
