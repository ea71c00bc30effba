using System.Collections.Concurrent;
using System.Net;
using Bedside.Host.Options;
using Bedside.Host.Settings;
using Bedside.Ingest;
using Bedside.Ingest.Drivers;
using Bedside.Ingest.Drivers.MindrayPds;
using Bedside.Ingest.Intake;
using Bedside.Ingest.Links;
using Bedside.Model.Settings;

namespace Bedside.Host.Services;

/// <summary>Gives every port of the box its thread, opens anew what is set otherwise, and ends them with the program.</summary>
internal sealed class PortService : IHostedService, IDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<Thread> _watches = new();
    private readonly BedOptions _options;
    private readonly BedIntake _intake;
    private readonly PortBoard _board;
    private readonly KernelClock _clock;
    private readonly SettingsDesk _desk;
    private readonly ISerialPorts _serial;
    private readonly TimeProvider _time;
    private readonly ILoggerFactory _logs;
    private readonly IEvidence? _evidence;
    private readonly IReadOnlyList<IDriver> _drivers;
    private readonly OpenPorts _ports;

    public PortService(BedOptions options, BedIntake intake, PortBoard board, KernelClock clock, SettingsDesk desk, ISerialPorts serial, TimeProvider time, ILoggerFactory logs, IEvidence? evidence = null)
    {
        (_options, _intake, _board, _clock, _desk, _serial, _time, _logs, _evidence) = (options, intake, board, clock, desk, serial, time, logs, evidence);
        _drivers = DriverCatalog.With([.. options.Experimental]);
        _ports = new OpenPorts(Start, Build, Leave);
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        StartWatch("clock watch", () => new ClockWatch(_clock, _intake, _time).Run(_stop.Token));
        foreach (PortSettings port in _options.Ports)
        {
            _ports.Add(Open(port), isFixed: port.Driver.Length > 0 || port.Line.Length > 0 || port.ListenOnly);
        }

        _ports.Pin(_desk.State.Effective.Ports);
        _desk.PortsChanged = settings => _ports.Pin(settings.Ports);
        if (_options.Ports.Count == 0)
        {
            // The site named no ports: then all sockets of the box. What announces itself on the network is offered and not read: it may be at another bed.
            var network = new NetworkWatch(_board, _time, _logs.CreateLogger<NetworkWatch>());
            StartWatch("network watch", () => network.Run(_stop.Token));
            var serial = new SerialWatch(_serial, _board, _intake, port => _ports.Add(port), _time, _logs.CreateLogger<SerialWatch>());
            StartWatch("serial watch", () => serial.Run(_stop.Token));
        }

        StartWatch("settings watch", WatchSettings);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await Task.Run(_ports.Close, cancellationToken);
        foreach (Thread thread in _watches)
        {
            await Task.Run(thread.Join, cancellationToken);
        }
    }

    public void Dispose()
    {
        _ports.Dispose();
        _stop.Dispose();
    }

    private void WatchSettings()
    {
        while (!_stop.Token.IsCancellationRequested)
        {
            _desk.Look();
            _time.Rest(LookEvery, _stop.Token);
        }
    }

    private Thread Start(PortOptions port, CancellationToken cancel) =>
        new Port(_board.Watch(port) with { Drivers = _drivers, Evidence = _evidence }, _intake, _time, _logs.CreateLogger<Port>()).Start(cancel);

    private void StartWatch(string name, ThreadStart run)
    {
        var thread = new Thread(run) { IsBackground = true, Name = name };
        _watches.Enqueue(thread);
        thread.Start();
    }

    /// <summary>A port that was found keeps what is known of its adapter.</summary>
    private PortOptions Build(PortPin pin, PortOptions? found) => Open(PinnedSettings.ToPort(pin)) with { UsbId = found?.UsbId ?? string.Empty };

    private void Leave(string port, bool again)
    {
        _intake.Leave(port, again ? "The port is opened anew, because something else was set for it." : "The port is not read any more, because nothing is set for it.");
        if (!again)
        {
            _board.Leave(port);
        }
    }

    private PortOptions Open(PortSettings settings)
    {
        IDriver? pinned = settings.Driver.Length > 0 ? DriverCatalog.ByName(settings.Driver) : null;
        if (pinned is MindrayPdsDriver && (settings.PressureUnit.Length > 0 || settings.TemperatureUnit.Length > 0))
        {
            pinned = new MindrayPdsDriver(new MonitorUnits(settings.PressureUnit, settings.TemperatureUnit));
        }

        PortOptions port = settings.Serial.Length > 0
            ? PortOptions.Serial(settings.Serial, _serial, settings.ListenOnly)
            : settings.Tcp.Length > 0
            ? PortOptions.Tcp(IPEndPoint.Parse(settings.Tcp), _time)
            : new PortOptions(settings.Udp, Transport.Udp, () => new UdpLink(new IPEndPoint(IPAddress.Any, 0), IPEndPoint.Parse(settings.Udp), _time));
        return port with
        {
            Pinned = pinned,
            Line = settings.Line.Length > 0 ? LineSettings.Parse(settings.Line) : null,
            ListenOnly = settings.ListenOnly,
            KnownGood = _board.Memory.KnownGood(port.Name) is { } known && (pinned is null || pinned.Name == known.Driver.Name) ? known : null,
        };
    }
}
