using System.Collections.Concurrent;
using System.Net;
using Bedside.Host.Options;
using Bedside.Ingest;
using Bedside.Ingest.Drivers;
using Bedside.Ingest.Drivers.MindrayPds;
using Bedside.Ingest.Intake;
using Bedside.Ingest.Links;

namespace Bedside.Host.Services;

/// <summary>Gives every port of the box its thread, and ends them with the program.</summary>
internal sealed class PortService(BedOptions options, BedIntake intake, PortBoard board, KernelClock clock, TimeProvider time, ILoggerFactory logs, IEvidence? evidence = null) : IHostedService, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<Thread> _threads = new();
    private readonly IReadOnlyList<IDriver> _drivers = DriverCatalog.With([.. options.Experimental]);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        StartWatch("clock watch", () => new ClockWatch(clock, intake, time).Run(_stop.Token));
        foreach (PortSettings port in options.Ports)
        {
            Start(Open(port));
        }

        if (options.Ports.Count == 0)
        {
            // The site named no ports: then all that there are, and monitors that announce themselves.
            var network = new NetworkWatch(Start, time, logs.CreateLogger<NetworkWatch>());
            StartWatch("network watch", () => network.Run(_stop.Token));
            var serial = new SerialWatch(() => SerialPorts.List(), board, intake, Start, time, logs.CreateLogger<SerialWatch>());
            StartWatch("serial watch", () => serial.Run(_stop.Token));
        }

        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        foreach (Thread thread in _threads)
        {
            await Task.Run(thread.Join, cancellationToken);
        }
    }

    public void Dispose() => _stop.Dispose();

    private void Start(PortOptions port) =>
        _threads.Enqueue(new Port(board.Watch(port) with { Drivers = _drivers, Evidence = evidence }, intake, time, logs.CreateLogger<Port>()).Start(_stop.Token));

    private void StartWatch(string name, ThreadStart run)
    {
        var thread = new Thread(run) { IsBackground = true, Name = name };
        _threads.Enqueue(thread);
        thread.Start();
    }

    private PortOptions Open(PortSettings settings)
    {
        IDriver? pinned = settings.Driver.Length > 0 ? DriverCatalog.ByName(settings.Driver) : null;
        if (pinned is MindrayPdsDriver && (settings.PressureUnit.Length > 0 || settings.TemperatureUnit.Length > 0))
        {
            pinned = new MindrayPdsDriver(new MonitorUnits(settings.PressureUnit, settings.TemperatureUnit));
        }

        PortOptions port = settings.Serial.Length > 0
            ? PortOptions.Serial(settings.Serial, time, settings.ListenOnly)
            : settings.Tcp.Length > 0
            ? PortOptions.Tcp(IPEndPoint.Parse(settings.Tcp), time)
            : new PortOptions(settings.Udp, Transport.Udp, () => new UdpLink(new IPEndPoint(IPAddress.Any, 0), IPEndPoint.Parse(settings.Udp), time));
        return port with
        {
            Pinned = pinned,
            Line = settings.Line.Length > 0 ? LineSettings.Parse(settings.Line) : null,
            ListenOnly = settings.ListenOnly,
            KnownGood = board.Memory.KnownGood(port.Name),
        };
    }
}
