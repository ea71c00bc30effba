using Bedside.Model;

namespace Bedside.Viewer;

/// <summary>A port of the box and what was found on it: for the setup page. The host tells it, because the viewer knows no ports.</summary>
/// <param name="Port">By physical position.</param>
/// <param name="Device">Its device's name in the store; the port's own name while nothing is recognised.</param>
/// <param name="Driver">Empty = nothing is recognised, as is the next one.</param>
/// <param name="Line">Settings of a serial line: <c>19200 8E1</c>.</param>
/// <param name="Finding"><c>recognised</c>, <c>silent</c>, <c>crossed-suspected</c>, <c>looped</c>, <c>unknown-speed</c>, <c>unknown-protocol</c>, <c>in-use</c>, …; empty = still looking.</param>
/// <param name="Since">When that was found.</param>
public sealed record PortReport(string Port, string Device, DeviceState State, string Driver, string Line, string Finding, UtcInstant Since)
{
    /// <summary>What is found or wrong, and what to do.</summary>
    public string English { get; init; } = string.Empty;

    public string French { get; init; } = string.Empty;

    /// <summary>The driver was never tried on a real device.</summary>
    public bool Experimental { get; init; }

    /// <summary>What the adapter says of itself; empty = built in, or on the network.</summary>
    public string Adapter { get; init; } = string.Empty;

    /// <summary>The port at which the same adapter was before; empty = it did not move.</summary>
    public string MovedFrom { get; init; } = string.Empty;

    /// <summary>Driver of a device that announces itself there and is not read; empty = none does.</summary>
    public string Announces { get; init; } = string.Empty;

    /// <summary>Nothing is ever sent on it.</summary>
    public bool ListenOnly { get; init; }

    /// <summary>What usually helps, likeliest first; empty where all is well.</summary>
    public IReadOnlyList<Sentence> Remedies { get; init; } = [];

    /// <summary>What went through the port since the program began.</summary>
    public PortTraffic Traffic { get; init; } = new(0, 0, 0, string.Empty, LineErrors: null);

    /// <summary>What is being tried now; null = nothing is looked for.</summary>
    public PortAttempt? Trying { get; init; }
}

/// <summary>What went through a port.</summary>
/// <param name="Faults">Bytes that were not what the protocol says, and messages that were not let out.</param>
/// <param name="LastFault">One sentence; empty = none.</param>
/// <param name="LineErrors">Characters that were none at the settings of the moment; null = the port does not count.</param>
public sealed record PortTraffic(long BytesIn, long BytesOut, long Faults, string LastFault, long? LineErrors)
{
    /// <summary>What the driver read out of the bytes: runs of samples, values, states.</summary>
    public long Read { get; init; }
}

/// <summary>What is being tried on a port.</summary>
/// <param name="Line">Empty on a network.</param>
/// <param name="Asked">Drivers whose questions are sent; empty = it is only listened.</param>
/// <param name="Stop">Which of the settings, from 1.</param>
/// <param name="Stops">How many there are.</param>
public sealed record PortAttempt(string Line, IReadOnlyList<string> Asked, int Stop, int Stops);

/// <summary>A port, in the words of the API.</summary>
internal sealed record PortAnswer(string Port, string Adapter, string MovedFrom, string Driver, bool Experimental, string Line, string Finding, Sentence Sentence, UtcInstant Since)
{
    public static PortAnswer Of(PortReport report) => new(
        report.Port,
        report.Adapter,
        report.MovedFrom,
        report.Driver,
        report.Experimental,
        report.Line,
        report.Finding,
        new Sentence(report.French, report.English),
        report.Since);
}
