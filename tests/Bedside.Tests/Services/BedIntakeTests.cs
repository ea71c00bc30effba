using Bedside.Host.Services;
using Bedside.Ingest;
using Bedside.Ingest.Detection;
using Bedside.Ingest.Drivers;
using Bedside.Ingest.Intake;
using Bedside.Ingest.Links;
using Bedside.Model;
using Bedside.Storage;
using Bedside.Tests.Ingest;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bedside.Tests.Services;

/// <summary>Ports, the devices on them and their names in the store, over restarts, moves and exchanges.</summary>
public sealed class BedIntakeTests : IAsyncDisposable
{
    private static readonly IDriver Monitor = new EchoDriver("monitor", 0xA5);
    private static readonly IDriver Ventilator = new EchoDriver("ventilator", 0xC3);
    private static readonly LineSettings Line = new(19200);

    private readonly ManualTime _time = new();
    private readonly TemporaryFolder _folder = new();
    private Store _store;
    private PortBoard _board;
    private BedIntake _intake;

    public BedIntakeTests() => (_store, _board, _intake) = Start();

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task TwoOfAKindKeepTheirNamesWhicheverIsHeardFirstAfterARestart()
    {
        Recognise("/dev/a", Monitor);
        Recognise("/dev/b", Monitor);
        Assert.Equal(["monitor", "monitor@b"], Devices());

        await RestartAsync();
        Recognise("/dev/b", Monitor);
        Recognise("/dev/a", Monitor);
        Assert.Equal(["monitor", "monitor@b"], Devices());
    }

    [Fact]
    public async Task TwoDevicesThatWereSwappedKeepTheirNamesAndItIsSaid()
    {
        Recognise("/dev/a", Monitor);
        Recognise("/dev/b", Ventilator);
        Unplug("/dev/a");
        Unplug("/dev/b");
        Recognise("/dev/a", Ventilator);
        Recognise("/dev/b", Monitor);

        Assert.Equal(["ventilator", "monitor"], Devices());
        await _store.SyncAsync(CancellationToken.None);
        string[] said = [.. _store.ReadBed(new UtcInstant(0), new UtcInstant(long.MaxValue)).OfType<AnnotationBlock>().Select(note => note.Kind)];
        Assert.Contains("device-exchanged", said);
        Assert.Contains("device-moved", said);
    }

    [Fact]
    public void APortTellsWhatWasFoundOnItInBothLanguages()
    {
        _intake.OnPort(new PortIdentity("/dev/a", Finding: Finding.CrossedSuspected), DeviceState.Searching, Finding.CrossedSuspected.English, _time.MonotonicNow());
        Bedside.Viewer.PortReport port = Assert.Single(_board.Ports);
        Assert.Equal(("a", "crossed-suspected", Finding.CrossedSuspected.French), (port.Device, port.Finding, port.French));
    }

    [Fact]
    public void APortTellsWhatIsTriedWhatWentThroughItAndWhatHelps()
    {
        PortOptions serial = _board.Watch(new PortOptions("/dev/a", Transport.Serial, () => throw new IOException()) { ListenOnly = true });
        PortOptions network = _board.Watch(new PortOptions("192.0.2.7:4601", Transport.Tcp, () => throw new IOException()));
        foreach (PortOptions port in new[] { serial, network })
        {
            _intake.OnPort(new PortIdentity(port.Name, Finding: Finding.Silent), DeviceState.Searching, Finding.Silent.English, _time.MonotonicNow());
        }

        serial.Meter!.Try(new Attempt("19200 8E1", ["draeger-medibus"], 2, 9));
        serial.Meter.Pass(bytesIn: 10, bytesOut: 3, lineErrors: 1);

        Bedside.Viewer.PortReport[] told = [.. _board.Ports.OrderByDescending(port => port.ListenOnly)];
        Assert.Equal(("19200 8E1", 2, 9), (told[0].Trying?.Line, told[0].Trying?.Stop, told[0].Trying?.Stops));
        Assert.Equal(new Bedside.Viewer.PortTraffic(10, 3, 0, "", LineErrors: 1), told[0].Traffic);
        Assert.Contains(told[0].Remedies, remedy => remedy.En.Contains("null-modem", StringComparison.Ordinal));
        Assert.DoesNotContain(told[1].Remedies, remedy => remedy.En.Contains("null-modem", StringComparison.Ordinal));
        Assert.Null(told[1].Trying);
    }

    [Fact]
    public async Task AnAdapterPluggedInLaterIsOpenedAndOneThatMovedIsKnownAgain()
    {
        SerialPortName[] present = [new("/dev/a", "/dev/ttyUSB0", "FT232R") { UsbId = "0403:6001", AdapterSerial = "A1" }];
        var opened = new List<PortOptions>();
        SerialWatch Watch() => new(new ToldPorts(() => present), _board, _intake, opened.Add, _time, NullLogger<SerialWatch>.Instance);
        SerialWatch watch = Watch();
        watch.Look();
        watch.Look();
        Assert.Equal("/dev/a", Assert.Single(opened).Name);
        Assert.Null(opened[0].KnownGood);
        Recognise("/dev/a", DriverCatalog.ByName("draeger-medibus")!);

        await RestartAsync();
        present = [present[0] with { Path = "/dev/b" }];
        Watch().Look();
        Assert.Equal(("/dev/b", "draeger-medibus", Line), (opened[1].Name, opened[1].KnownGood?.Driver.Name, opened[1].KnownGood?.Line));
        Recognise("/dev/b", DriverCatalog.ByName("draeger-medibus")!);
        Assert.Equal(["draeger-medibus"], Devices());
        Assert.Equal("/dev/a", _board.Ports[0].MovedFrom);
        await _store.SyncAsync(CancellationToken.None);
        Assert.Contains(_store.ReadBed(new UtcInstant(0), new UtcInstant(long.MaxValue)).OfType<AnnotationBlock>(), note => note.Kind == "adapter-moved");
    }

    [Fact]
    public void APortThatATalkerHasIsOpenedThereAndNoPortIsOpenedWhileTheTalkerIsAway()
    {
        LineException? away = new(FindingKind.NoPort, "away", "absent");
        var opened = new List<PortOptions>();
        var ports = new ToldPorts(() => away is null ? [new("/dev/a", "/dev/ttyUSB0", "")] : throw away);
        var watch = new SerialWatch(ports, _board, _intake, opened.Add, _time, NullLogger<SerialWatch>.Instance);
        watch.Look();
        Assert.Empty(opened);
        away = null;
        watch.Look();
        Assert.Same(ToldPorts.Opened, Assert.Throws<InvalidOperationException>(() => Assert.Single(opened).Open()));
    }

    private string[] Devices() => [.. _board.Ports.Select(port => port.Device)];

    private void Recognise(string port, IDriver driver) =>
        _intake.OnPort(new PortIdentity(port, driver, Line, Finding.Recognised(driver.Name, Line.ToString())), DeviceState.Connecting, "", _time.MonotonicNow());

    private void Unplug(string port) =>
        _intake.OnPort(new PortIdentity(port, Finding: Finding.Silent), DeviceState.Unplugged, "gone", _time.MonotonicNow());

    private async Task RestartAsync()
    {
        await _store.DisposeAsync();
        (_store, _board, _intake) = Start();
    }

    private (Store Store, PortBoard Board, BedIntake Intake) Start()
    {
        string folder = _folder.PathOf("data");
        var store = Store.Open(folder, new StoreOptions(), _time);
        var board = new PortBoard(PortMemory.Open(folder), _time);
        return (store, board, new BedIntake(store, board, new KernelClock(_time), _time));
    }

    /// <summary>Ports as a test tells them, of which none can be opened.</summary>
    private sealed class ToldPorts(Func<IReadOnlyList<SerialPortName>> told) : ISerialPorts
    {
        public static InvalidOperationException Opened { get; } = new("opened");

        public IReadOnlyList<SerialPortName> List() => told();

        public ISerialLine Open(string path, LineSettings line, bool listenOnly) => throw Opened;
    }
}
