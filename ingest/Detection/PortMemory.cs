using System.Text.Json;
using System.Text.Json.Serialization;
using Bedside.Ingest.Drivers;
using Bedside.Ingest.Links;

namespace Bedside.Ingest.Detection;

/// <summary>What was right on a physical port.</summary>
/// <param name="Port">By physical position (<c>/dev/serial/by-path/…</c>).</param>
/// <param name="Driver">Name of the driver that recognised its device.</param>
/// <param name="Line">Settings of the line, as engineers write them; empty on a network.</param>
/// <param name="Device">What the device is called in the store: two of a kind keep their names.</param>
public sealed record RememberedPort(string Port, string Driver, string Line, string Device)
{
    /// <summary>USB identity of the adapter (<c>0403:6001</c>); empty = built in.</summary>
    public string UsbId { get; init; } = "";

    /// <summary>Serial number of the adapter; many have none.</summary>
    public string AdapterSerial { get; init; } = "";
}

/// <summary>
/// What was right on each physical port, over restarts, in one small file. It is a hint: lost or damaged it costs a hunt, so it is written
/// beside and renamed, but not synced. Any thread may call.
/// </summary>
public sealed class PortMemory
{
    /// <summary>In the store's folder.</summary>
    public const string FileName = "ports.json";

    private const int MostPorts = 64;

    private readonly Lock _gate = new();
    private readonly string _path;
    private readonly List<RememberedPort> _ports = [];

    private PortMemory(string path) => _path = path;

    /// <summary>What was wrong with the file, one plain sentence; empty = nothing. It begins empty then.</summary>
    public string Fault { get; private set; } = "";

    public static PortMemory Open(string directory)
    {
        var memory = new PortMemory(Path.Combine(directory, FileName));
        try
        {
            if (File.Exists(memory._path))
            {
                MemoryFile? file = JsonSerializer.Deserialize(File.ReadAllText(memory._path), PortMemoryJson.Default.MemoryFile);
                memory._ports.AddRange((file?.Ports ?? []).Where(IsWhole).Select(Filled).DistinctBy(port => port.Port).Take(MostPorts));
            }
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException or JsonException)
        {
            memory.Fault = $"{memory._path} cannot be read ({wrong.Message}); every port is looked at anew.";
        }

        return memory;
    }

    public RememberedPort? Of(string port)
    {
        lock (_gate)
        {
            return _ports.Find(known => known.Port == port);
        }
    }

    /// <summary>The driver and the line to try first on a port; null = nothing is known, or this version has no such driver.</summary>
    public Candidate? KnownGood(string port) =>
        Of(port) is { } known && DriverCatalog.ByName(known.Driver) is { } driver && LineSettings.Parse(known.Line) is { } line ? new Candidate(driver, line) : null;

    /// <summary>Who has this name in the store; null = nobody.</summary>
    public RememberedPort? Named(string device)
    {
        lock (_gate)
        {
            return _ports.Find(known => known.Device == device);
        }
    }

    /// <summary>Keeps what is right on a port now. False = it could not be written; it is kept in memory all the same.</summary>
    public bool Remember(RememberedPort port)
    {
        lock (_gate)
        {
            int at = _ports.FindIndex(known => known.Port == port.Port);
            if (at >= 0 && _ports[at] == port)
            {
                return true;
            }

            if (at >= 0)
            {
                _ports[at] = port;
            }
            else
            {
                _ports.Add(port);
                _ports.RemoveRange(0, Math.Max(0, _ports.Count - MostPorts));
            }

            return TryWrite();
        }
    }

    /// <summary>What was on this port is on another now.</summary>
    public void Forget(string port)
    {
        lock (_gate)
        {
            if (_ports.RemoveAll(known => known.Port == port) > 0)
            {
                TryWrite();
            }
        }
    }

    /// <summary>
    /// Where an adapter was before, when it is plugged in at another place now: one with the same serial number, or the only one of its kind that is missing. What was
    /// known of the old place then holds for the new one. Null = it did not move.
    /// </summary>
    public RememberedPort? Moved(SerialPortName found, IReadOnlyList<SerialPortName> present)
    {
        lock (_gate)
        {
            if (_ports.Exists(known => known.Port == found.Path) || found.UsbId.Length == 0)
            {
                return null;
            }

            RememberedPort[] missing = [.. _ports.Where(known => known.UsbId == found.UsbId && present.All(port => port.Path != known.Port))];
            RememberedPort[] same = [.. missing.Where(known => known.AdapterSerial.Length > 0 && known.AdapterSerial == found.AdapterSerial)];
            RememberedPort? old = same.Length == 1 ? same[0] : missing.Length == 1 && found.AdapterSerial.Length == 0 && missing[0].AdapterSerial.Length == 0 ? missing[0] : null;
            if (old is not null)
            {
                _ports.Remove(old);
                _ports.Add(old with { Port = found.Path });
                TryWrite();
            }

            return old;
        }
    }

    private static bool IsWhole(RememberedPort? port) => port is { Port.Length: > 0, Driver.Length: > 0, Line: not null, Device.Length: > 0 };

    /// <summary>What the file leaves out is null, whatever the type says.</summary>
    private static RememberedPort Filled(RememberedPort port) => port with { UsbId = port.UsbId ?? "", AdapterSerial = port.AdapterSerial ?? "" };

    private bool TryWrite()
    {
        try
        {
            string beside = $"{_path}.tmp";
            File.WriteAllText(beside, JsonSerializer.Serialize(new MemoryFile(1, [.. _ports]), PortMemoryJson.Default.MemoryFile));
            File.Move(beside, _path, overwrite: true);
            return true;
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            Fault = $"{_path} cannot be written ({failed.Message}); after a restart every port is looked at anew.";
            return false;
        }
    }
}

/// <summary>The whole file.</summary>
internal sealed record MemoryFile(int Version, IReadOnlyList<RememberedPort>? Ports);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(MemoryFile))]
internal sealed partial class PortMemoryJson : JsonSerializerContext;
