using System.Net;
using Bedside.Ingest.Detection;
using Bedside.Ingest.Drivers;
using Bedside.Ingest.Links;
using Bedside.Model;

namespace Bedside.Ingest;

/// <summary>A port of the box, and what is on it.</summary>
/// <param name="Name">By physical position: the same after a restart, different when the adapter moved.</param>
/// <param name="Driver">Null = nothing is recognised.</param>
/// <param name="Line">Settings of a serial line, once recognised.</param>
/// <param name="Finding">What was found on it, or what is wrong with it; null = not looked yet, or pinned by the site.</param>
public sealed record PortIdentity(string Name, IDriver? Driver = null, LineSettings? Line = null, Finding? Finding = null);

/// <summary>
/// Where a port says what happens on it. Each call comes on the port's own thread, so a sink that serves several ports is called by several
/// threads; it must not block for longer than a device's buffer lasts (100 ms).
/// </summary>
public interface IPortSink
{
    /// <summary>The port was opened (searching), a driver recognised (connecting, with the driver in <paramref name="port"/>), or the line lost (unplugged).</summary>
    /// <param name="port">As it is from now on.</param>
    /// <param name="state">Receiving and silent are not said here: they follow from events and chunks.</param>
    /// <param name="reason">A sentence for whoever stands at the bed; may be empty.</param>
    /// <param name="at">When.</param>
    void OnPort(PortIdentity port, DeviceState state, string reason, MonotonicInstant at);

    /// <summary>A chunk of a recognised device came, before its events; empty = 100 ms passed.</summary>
    void OnChunk(PortIdentity port, MonotonicInstant at, bool empty);

    /// <summary>The driver said something about a chunk that arrived then.</summary>
    void OnEvent(PortIdentity port, MonotonicInstant arrivedAt, DeviceEvent said);
}

/// <summary>How a port is opened and read.</summary>
/// <param name="Name">For people and for records.</param>
/// <param name="Transport">What carries the bytes.</param>
/// <param name="Open">Opens the line; throws <see cref="IOException"/> with a sentence. Called again whenever the line was lost.</param>
public sealed record PortOptions(string Name, Transport Transport, Func<ILink> Open)
{
    private static readonly TimeSpan CallFor = TimeSpan.FromSeconds(3);

    public IReadOnlyList<IDriver> Drivers { get; init; } = DriverCatalog.Usual;

    /// <summary>The site says what is there; nothing else is looked for.</summary>
    public IDriver? Pinned { get; init; }

    /// <summary>Line settings of the pinned device; null = find them.</summary>
    public LineSettings? Line { get; init; }

    /// <summary>What was right on this port before the last restart.</summary>
    public Candidate? KnownGood { get; init; }

    /// <summary>USB identity of what is plugged in (<c>0403:6001</c>); empty = none or not known.</summary>
    public string UsbId { get; init; } = "";

    /// <summary>Told what is tried on the port and what its driver cannot read; null = nobody wants to know. <see cref="Metered"/> sets it.</summary>
    public PortMeter? Meter { get; private init; }

    /// <summary>Nothing is ever sent; the line is opened for reading only.</summary>
    public bool ListenOnly { get; init; }

    /// <summary>Who says more is read more slowly, and the loss is an overload of its own: ten times what the fastest serial line carries.</summary>
    public int MostBytesPerSecond { get; init; } = 131_072;

    /// <summary>Given every chunk, both ways: <c>writer.Write</c> of a capture. Null = none.</summary>
    public Action<Chunk>? Tee { get; init; }

    /// <summary>The same, with what is known of the port at that moment, for the ring of evidence. Null = none.</summary>
    public IEvidence? Evidence { get; init; }

    /// <summary>The same port, with a meter that counts what goes through it and says what is tried on it.</summary>
    public PortOptions Metered(PortMeter meter) => this with { Meter = meter, Open = () => new MeteredLink(Open(), meter) };

    /// <summary>A device on the network that waits to be called.</summary>
    public static PortOptions Tcp(IPEndPoint device, TimeProvider time) =>
        new(device.ToString(), Transport.Tcp, () => TcpLink.Connect(device, time, CallFor));

    /// <summary>A serial port.</summary>
    public static PortOptions Serial(string path, ISerialPorts ports, bool listenOnly = false) =>
        new(path, Transport.Serial, () => ports.Open(path, new LineSettings(9600), listenOnly)) { ListenOnly = listenOnly };
}
