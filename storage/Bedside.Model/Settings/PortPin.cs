namespace Bedside.Model.Settings;

/// <summary>What a site says of one port: where it is, and what it carries. Exactly one of the three places is given.</summary>
public sealed record PortPin
{
    /// <summary>A tty (<c>/dev/serial/by-path/…</c>); or empty for the network.</summary>
    public string Serial { get; init; } = string.Empty;

    /// <summary>ADDR:PORT of a device on the network (UDP); or empty.</summary>
    public string Udp { get; init; } = string.Empty;

    /// <summary>ADDR:PORT of a device on the network that waits to be called (TCP); or empty.</summary>
    public string Tcp { get; init; } = string.Empty;

    /// <summary>Name of a driver; empty = it is recognised.</summary>
    public string Driver { get; init; } = string.Empty;

    /// <summary>Settings of a serial line (<c>19200 8E1</c>); empty = those of the driver, tried in order.</summary>
    public string Line { get; init; } = string.Empty;

    /// <summary>Nothing is ever sent.</summary>
    public bool ListenOnly { get; init; }

    /// <summary>As the port is called everywhere.</summary>
    public string Place => Serial.Length > 0 ? Serial : Udp.Length > 0 ? Udp : Tcp;
}
