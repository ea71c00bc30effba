using System.Net;
using Bedside.Host.Options;
using Bedside.Ingest;
using Bedside.Ingest.Drivers;
using Bedside.Ingest.Links;

namespace Bedside.Host.Services;

/// <summary>Gives every port of the box its thread, and ends them with the program.</summary>
internal sealed class PortService(BedOptions options, BedIntake intake, TimeProvider time, ILoggerFactory logs) : IHostedService
{
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Thread> _threads = [];

    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (PortOptions port in Ports())
        {
            _threads.Add(new Port(port, intake, time, logs.CreateLogger<Port>()).Start(_stop.Token));
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

        _stop.Dispose();
    }

    /// <summary>The ports the site named; where it named none, every serial port of the box.</summary>
    private IEnumerable<PortOptions> Ports() =>
        options.Ports.Count > 0 ? options.Ports.Select(Open) : SerialPorts.List().Select(found => PortOptions.Serial(found.Path, time));

    private PortOptions Open(PortSettings settings)
    {
        IDriver? pinned = settings.Driver.Length > 0 ? DriverCatalog.ByName(settings.Driver) : null;
        PortOptions port = settings.Serial.Length > 0
            ? PortOptions.Serial(settings.Serial, time, settings.ListenOnly)
            : new PortOptions(settings.Udp, Transport.Udp, () => new UdpLink(new IPEndPoint(IPAddress.Any, 0), IPEndPoint.Parse(settings.Udp), time));
        return port with
        {
            Pinned = pinned,
            Line = settings.Line.Length > 0 ? LineSettings.Parse(settings.Line) : null,
            ListenOnly = settings.ListenOnly,
        };
    }
}
