using Bedside.Ingest.Drivers;
using Bedside.Ingest.Links;

namespace Bedside.Ingest.Talker;

/// <summary>What the talker lets whoever holds its socket do, and no more: which ports, and which bytes on them.</summary>
/// <param name="Drivers">Only what these declare may be sent.</param>
/// <param name="Paths">Ports that may be opened; empty = every serial port that the machine lists.</param>
/// <param name="ListenOnly">Nothing is ever sent, and ports are opened for reading only.</param>
public sealed record TalkerRules(IReadOnlyList<IDriver> Drivers, IReadOnlyList<string> Paths, bool ListenOnly)
{
    private readonly AllowedMessage[] _allowed = [.. Drivers.Where(driver => driver.Traits.Lines.Count > 0).SelectMany(driver => driver.Traits.Outgoing)];

    /// <summary>The ports that there are and may be opened. A port that was named and is none of the machine's own (a virtual one) is there while its file is.</summary>
    public IReadOnlyList<SerialPortName> Ports()
    {
        IReadOnlyList<SerialPortName> there = SerialPorts.List();
        return Paths.Count == 0
            ? there
            : [.. Paths.Where(Path.Exists).Select(path => there.FirstOrDefault(port => port.Path == path || port.DeviceFile == path) is { } known ? known with { Path = path } : new SerialPortName(path, path, ""))];
    }

    /// <summary>Whether that one may be opened.</summary>
    public bool Has(string path) => Paths.Count == 0 ? SerialPorts.List().Any(port => port.Path == path || port.DeviceFile == path) : Paths.Contains(path, StringComparer.Ordinal);

    /// <summary>Whether a driver declares these bytes.</summary>
    public bool Lets(ReadOnlySpan<byte> message)
    {
        foreach (AllowedMessage one in _allowed)
        {
            if (one.Matches(message))
            {
                return !ListenOnly;
            }
        }

        return false;
    }
}
