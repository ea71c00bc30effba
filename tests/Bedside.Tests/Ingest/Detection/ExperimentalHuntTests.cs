using Bedside.Ingest;
using Bedside.Ingest.Detection;
using Bedside.Ingest.Drivers;
using Bedside.Ingest.Links;
using Bedside.Simulators;
using Bedside.Simulators.Bis;
using Bedside.Simulators.Capnostream;
using Bedside.Simulators.Draeger;
using Bedside.Simulators.GeDatex;
using Bedside.Simulators.Hamilton;
using Bedside.Simulators.Ivy;
using Bedside.Simulators.Masimo;
using Bedside.Simulators.Nonin;
using Bedside.Simulators.Philips;
using Bedside.Simulators.PuritanBennett;
using Bedside.Simulators.Servo;
using Transport = Bedside.Ingest.Drivers.Transport;

namespace Bedside.Tests.Ingest.Detection;

/// <summary>Experimental drivers look for their devices when a site turns them on, and only then; nobody is mistaken for anybody.</summary>
public class ExperimentalHuntTests
{
    private const int Rounds = 3;

    /// <summary>Milliseconds: what a silent round takes at most with every experimental driver on. README.md of the detection states it.</summary>
    private const int SilentRoundWithAll = 12_000;

    private static readonly string[] Names = [.. DriverCatalog.Experimental.Select(driver => driver.Name)];

    private static readonly (string Driver, DeviceKind Kind, LineSettings Line)[] Usual =
    [
        ("philips-intellivue", IntelliVue.Kind, new(115_200)),
        ("draeger-medibus", Medibus.Evita, new(Medibus.Evita.Baud, Parity: LineParity.Even)),
        ("puritan-bennett-840", PuritanBennettPorts.Pb840, new(9_600)),
        ("puritan-bennett-waveform", PuritanBennettPorts.Waveform, new(38_400)),
        ("servo-cie", ServoPorts.Servo, new(ServoPorts.Servo.Baud, Parity: LineParity.Even)),
        ("ge-datex-dri", S5.Kind, new(S5.Kind.Baud, Parity: LineParity.Even)),
        ("ivy-450c", IvyMonitor.Kind, new(9_600)),
        ("masimo-ascii", MasimoOximeter.Kind, new(9_600)),
        ("nonin-df", NoninOximeter.Kind, new(9_600)),
    ];

    public static TheoryData<string> Experimental => [.. Names];

    public static TheoryData<string> UsualNames => [.. Usual.Select(one => one.Driver)];

    [Fact]
    public void Three_drivers_are_experimental_and_none_of_them_is_usual()
    {
        Assert.Equal(["capnostream-20", "bis-binary", "hamilton-polling"], Names);
        Assert.Equal(DriverCatalog.All.Except(DriverCatalog.Experimental), DriverCatalog.Usual);
        Assert.Same(DriverCatalog.Usual, DriverCatalog.With([]));
        Assert.Equal([.. DriverCatalog.Usual, DriverCatalog.ByName("bis-binary")!], DriverCatalog.With(["bis-binary"]));
        Assert.Equal(DriverCatalog.All, DriverCatalog.With(Names));
        Assert.All([new HuntOptions(Transport.Serial).Drivers, PortOptions.Serial("/dev/none", new MachinePorts(TimeProvider.System)).Drivers], drivers => Assert.Same(DriverCatalog.Usual, drivers));
    }

    [Theory]
    [MemberData(nameof(Experimental))]
    public void A_device_is_found_when_its_driver_is_turned_on_alone_or_with_the_others(string name)
    {
        foreach (string[] on in new[] { [name], Names })
        {
            (Candidate? found, TimeSpan took, HuntResult result) = Find(name, DriverCatalog.With(on));
            Assert.Equal((name, LineOf(name)), (found?.Driver.Name, found?.Line));
            Assert.InRange(took.TotalSeconds, 0, 10);
            Assert.Contains("experimental: it was never tried on a real device", result.Finding.English, StringComparison.Ordinal);
            Assert.Contains("expérimental : il n’a jamais été essayé sur un appareil réel", result.Finding.French, StringComparison.Ordinal);
        }
    }

    /// <summary>A ventilator that thinks does not hear the question after the next.</summary>
    [Theory]
    [InlineData("1")]
    [InlineData("95")]
    [InlineData("150")]
    [InlineData("240")]
    public void A_ventilator_is_found_whatever_time_it_thinks(string delay)
    {
        var time = new ManualTime();
        using var line = new SimulatorLine(time, HamiltonVentilator.Kind, LineOf("hamilton-polling"), "--delay", delay);
        (Candidate? found, TimeSpan took, _) = Find(line, time, DriverCatalog.All);
        Assert.Equal("hamilton-polling", found?.Driver.Name);
        Assert.InRange(took.TotalSeconds, 0, 12);
    }

    [Theory]
    [MemberData(nameof(Experimental))]
    public void A_device_whose_driver_is_off_is_nobody_elses(string name)
    {
        string[] others = [.. Names.Where(other => other != name)];
        Assert.Null(Find(name, DriverCatalog.Usual).Found);
        Assert.Null(Find(name, DriverCatalog.With(others)).Found);
        Assert.All(others, other => Assert.Null(Find(name, [DriverCatalog.ByName(other)!]).Found));
    }

    [Theory]
    [MemberData(nameof(Experimental))]
    public void A_device_that_is_off_is_not_asked_its_own_questions(string name)
    {
        var time = new ManualTime();
        using var line = new SimulatorLine(time, KindOf(name), LineOf(name));
        _ = new Hunt(new HuntOptions(Transport.Serial), time).Run(line, CancellationToken.None);
        Assert.NotEmpty(line.Sent);
        Assert.DoesNotContain(line.Sent, sent => DriverCatalog.ByName(name)!.Traits.Outgoing.Any(own => own.Matches(sent)));
    }

    [Theory]
    [MemberData(nameof(Experimental))]
    public void What_was_right_before_is_not_tried_when_its_driver_was_turned_off_since(string name)
    {
        foreach (bool on in new[] { true, false })
        {
            var time = new ManualTime();
            using var line = new SimulatorLine(time, KindOf(name), LineOf(name));
            var options = new HuntOptions(Transport.Serial) { Drivers = DriverCatalog.With(on ? [name] : []), KnownGood = new Candidate(DriverCatalog.ByName(name)!, LineOf(name)) };
            HuntResult result = new Hunt(options, time).Run(line, CancellationToken.None);
            Assert.Equal(on, result.Found is not null);
            Assert.Equal(on, line.Sent.Exists(sent => options.KnownGood.Driver.Traits.Outgoing.Any(own => own.Matches(sent))));
        }
    }

    [Theory]
    [MemberData(nameof(UsualNames))]
    public void A_usual_device_is_found_as_itself_while_all_experimental_drivers_are_on(string name)
    {
        (_, DeviceKind kind, LineSettings spoken) = Usual.Single(one => one.Driver == name);
        var time = new ManualTime();
        using var line = new SimulatorLine(time, kind, spoken);
        (Candidate? found, TimeSpan took, _) = Find(line, time, DriverCatalog.All);
        Assert.Equal((name, spoken), (found?.Driver.Name, found?.Line));
        Assert.InRange(took.TotalSeconds, 0, 30);
    }

    [Fact]
    public void All_of_them_lengthen_a_silent_round_by_less_than_two_seconds_and_none_of_them_by_nothing()
    {
        int usual = SilentRound(DriverCatalog.Usual);
        Assert.Equal(usual, HuntPlan.Of(new HuntOptions(Transport.Serial)).SilentRoundMs);
        Assert.Equal(usual, SilentRound(DriverCatalog.With([])));
        Assert.InRange(usual, 1, 10_000);
        Assert.InRange(SilentRound(DriverCatalog.All), usual, Math.Min(SilentRoundWithAll, usual + 2_000));

        var time = new ManualTime();
        Assert.Null(new Hunt(new HuntOptions(Transport.Serial) { Drivers = DriverCatalog.All }, time).Run(new ScriptedLine(time), CancellationToken.None).Found);
        Assert.InRange(time.GetTimestamp(), 0, TimeSpan.FromMilliseconds(SilentRoundWithAll).Ticks);
    }

    [Theory]
    [MemberData(nameof(Experimental))]
    public void What_detect_reports_says_that_it_is_experimental(string name)
    {
        var time = new ManualTime();
        PortOptions port = new("/dev/bed", Transport.Serial, () => new SimulatorLine(time, KindOf(name), LineOf(name))) { Drivers = DriverCatalog.With([name]) };
        DetectionReport report = new Detector(port, time).Run(CancellationToken.None);
        Assert.Equal(("recognised", name, "experimental", true), (report.State, report.Driver, report.Quality, report.IsExperimental));
        Assert.True(report.Identity?.IsExperimental);
        Assert.Contains("experimental", report.Finding.English, StringComparison.Ordinal);
        Assert.Contains("expérimental", report.Finding.French, StringComparison.Ordinal);
    }

    private static (Candidate? Found, TimeSpan Took, HuntResult Result) Find(string name, IReadOnlyList<IDriver> drivers)
    {
        var time = new ManualTime();
        using var line = new SimulatorLine(time, KindOf(name), LineOf(name));
        return Find(line, time, drivers);
    }

    private static (Candidate? Found, TimeSpan Took, HuntResult Result) Find(SimulatorLine line, ManualTime time, IReadOnlyList<IDriver> drivers)
    {
        var hunt = new Hunt(new HuntOptions(Transport.Serial) { Drivers = drivers }, time);
        HuntResult result = hunt.Run(line, CancellationToken.None);
        for (int round = 1; round < Rounds && result.Found is null; round++)
        {
            result = hunt.Run(line, CancellationToken.None);
        }

        return (result.Found, TimeSpan.FromTicks(time.GetTimestamp()), result);
    }

    private static int SilentRound(IReadOnlyList<IDriver> drivers) => HuntPlan.Of(new HuntOptions(Transport.Serial) { Drivers = drivers }).SilentRoundMs;

    private static LineSettings LineOf(string name) => DriverCatalog.ByName(name)!.Traits.Lines[0];

    private static DeviceKind KindOf(string name) => name switch
    {
        "capnostream-20" => CapnostreamMonitor.Kind,
        "bis-binary" => BisMonitor.Kind,
        "hamilton-polling" => HamiltonVentilator.Kind,
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "no simulator"),
    };
}
