using System.Collections.Concurrent;
using System.Text.Json;
using Bedside.Ingest;
using Bedside.Ingest.Detection;
using Bedside.Ingest.Drivers;
using Bedside.Ingest.Links;
using Bedside.Model;
using Bedside.Viewer;

namespace Bedside.Host.Services;

/// <summary>
/// What is on each port now, for the setup page, and what was right on it before, for the next start. Ports call on their own threads.
/// </summary>
internal sealed class PortBoard(PortMemory memory, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, PortReport> _ports = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, (SerialPortName Name, string MovedFrom)> _adapters = new(StringComparer.Ordinal);

    private readonly ConcurrentDictionary<string, PortOptions> _opened = new(StringComparer.Ordinal);

    public PortMemory Memory => memory;

    /// <summary>Every port that was opened, by name.</summary>
    public IReadOnlyList<PortReport> Ports => [.. _ports.Values.Select(Read).OrderBy(port => port.Port, StringComparer.Ordinal)];

    /// <summary>The port is about to be opened as <paramref name="port"/> says; returns it with its meter, which counts on where it was open before.</summary>
    public PortOptions Watch(PortOptions port)
    {
        PortOptions watched = port.Metered(_opened.GetValueOrDefault(port.Name)?.Meter ?? new PortMeter());
        _opened[port.Name] = watched;
        return watched;
    }

    /// <summary>Nobody speaks of this port any more.</summary>
    public void Leave(string port)
    {
        _ports.TryRemove(port, out _);
        _opened.TryRemove(port, out _);
    }

    /// <summary>A device announces itself at <paramref name="place"/>: it is shown, so that a person can say that it is this bed's. A port that is open there stays what it is.</summary>
    public void Offer(string place, IDriver driver, Finding finding)
    {
        var report = new PortReport(place, place, DeviceState.Searching, string.Empty, string.Empty, KindOf(finding), UtcInstant.FromDateTime(time.GetUtcNow()))
        {
            English = finding.English,
            French = finding.French,
            Announces = driver.Name,
            Experimental = driver.Traits.IsExperimental,
            Remedies = RemediesOf(finding, network: true),
        };
        if (!_opened.ContainsKey(place))
        {
            _ports.AddOrUpdate(place, static (_, offered) => offered, static (_, known, offered) => known.Announces.Length > 0 ? offered with { Since = known.Since } : known, report);
        }
    }

    /// <summary>It does not announce itself any more.</summary>
    public void Withdraw(string place)
    {
        if (_ports.TryGetValue(place, out PortReport? known) && known.Announces.Length > 0)
        {
            _ports.TryRemove(new KeyValuePair<string, PortReport>(place, known));
        }
    }

    /// <summary>A serial port appeared. Returns where its adapter was before; null = it did not move.</summary>
    public string? Appeared(SerialPortName found, IReadOnlyList<SerialPortName> present)
    {
        string? from = memory.Moved(found, present)?.Port;
        _adapters[found.Path] = (found, from ?? string.Empty);
        return from;
    }

    /// <summary>Whether this driver's device is on that port now.</summary>
    public bool Carries(string port, string driver) => _ports.TryGetValue(port, out PortReport? now) && now.Driver == driver;

    /// <summary>The port's state changed; <paramref name="device"/> is the name under which its data are kept.</summary>
    public void Enter(PortIdentity port, DeviceState state, string device)
    {
        (SerialPortName? adapter, string? movedFrom) = _adapters.GetValueOrDefault(port.Name);
        bool network = _opened.TryGetValue(port.Name, out PortOptions? options) && options.Transport != Transport.Serial;
        _ports[port.Name] = new PortReport(
            port.Name,
            device,
            state,
            port.Driver?.Name ?? string.Empty,
            port.Line?.ToString() ?? string.Empty,
            port.Finding is { } finding ? KindOf(finding) : string.Empty,
            UtcInstant.FromDateTime(time.GetUtcNow()))
        {
            English = port.Finding?.English ?? string.Empty,
            French = port.Finding?.French ?? string.Empty,
            Experimental = port.Driver?.Traits.IsExperimental ?? false,
            Adapter = adapter?.Adapter ?? string.Empty,
            MovedFrom = movedFrom ?? string.Empty,
            ListenOnly = options?.ListenOnly ?? false,
            Remedies = port.Finding is { } found ? RemediesOf(found, network) : [],
        };
        if (port.Driver is { } driver)
        {
            memory.Remember(new RememberedPort(port.Name, driver.Name, port.Line?.ToString() ?? string.Empty, device)
            {
                UsbId = adapter?.UsbId ?? string.Empty,
                AdapterSerial = adapter?.AdapterSerial ?? string.Empty,
            });
        }
    }

    private static string KindOf(Finding finding) => JsonNamingPolicy.KebabCaseLower.ConvertName(finding.Kind.ToString());

    private static IReadOnlyList<Sentence> RemediesOf(Finding finding, bool network) =>
        [.. Remedy.Of(finding.Kind, network).Select(remedy => new Sentence(remedy.French, remedy.English))];

    /// <summary>With what the port's meter says now.</summary>
    private PortReport Read(PortReport port)
    {
        if (!_opened.TryGetValue(port.Port, out PortOptions? options) || options.Meter?.Read() is not { } now)
        {
            return port;
        }

        return port with
        {
            Traffic = new PortTraffic(now.BytesIn, now.BytesOut, now.Faults, now.LastFault, now.LineErrors) { Read = now.Read },
            Trying = now.Trying is { } attempt ? new PortAttempt(attempt.Line, attempt.Asked, attempt.Stop, attempt.Stops) : null,
        };
    }
}
