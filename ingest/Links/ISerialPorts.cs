using Bedside.Ingest.Drivers;

namespace Bedside.Ingest.Links;

/// <summary>Where serial ports come from: this machine, or the talker, the one program of the box that may open them. Any thread may call.</summary>
public interface ISerialPorts
{
    /// <summary>The ports that there are, sorted by path. Throws <see cref="IOException"/> when nobody tells.</summary>
    IReadOnlyList<SerialPortName> List();

    /// <summary>Opens one for the caller alone. Throws <see cref="IOException"/> with a sentence for whoever stands at the bed.</summary>
    ISerialLine Open(string path, LineSettings line, bool listenOnly);
}

/// <summary>Those of this machine, opened by this program.</summary>
public sealed class MachinePorts(TimeProvider time) : ISerialPorts
{
    public IReadOnlyList<SerialPortName> List() => SerialPorts.List();

    public ISerialLine Open(string path, LineSettings line, bool listenOnly) => SerialLink.Open(path, line, time, listenOnly);
}
