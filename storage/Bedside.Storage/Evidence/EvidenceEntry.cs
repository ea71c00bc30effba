using Bedside.Model;

namespace Bedside.Storage.Evidence;

/// <summary>A port, and what was known of it when something went over it. What is not known is empty.</summary>
/// <param name="Name">Of the port.</param>
/// <param name="Transport"><c>serial</c>, <c>udp</c>, <c>tcp</c>.</param>
/// <param name="Line">Settings of a serial line (<c>19200 8E1</c>).</param>
/// <param name="Driver">The driver that was recognised.</param>
/// <param name="Device">The name under which its data are kept.</param>
public sealed record EvidencePort(string Name, string Transport, string Line, string Driver, string Device)
{
    /// <summary>Stands for every port.</summary>
    public static readonly EvidencePort Every = new(string.Empty, string.Empty, string.Empty, string.Empty, string.Empty);
}

/// <summary>What an entry of the ring is.</summary>
public enum EvidenceKind
{
    /// <summary>The device sent these bytes.</summary>
    FromDevice = 1,

    /// <summary>The box, or whoever polls a tapped line, sent them.</summary>
    ToDevice = 2,

    /// <summary>Nothing went over the port since its entry before.</summary>
    Silent = 3,

    /// <summary>The line was opened: what follows has nothing to do with what was before.</summary>
    Opened = 4,

    /// <summary>Something went over the port, or may have, and is not here.</summary>
    Hole = 5,
}

/// <summary>Why something is not in the ring.</summary>
public enum EvidenceLoss
{
    None = 0,

    /// <summary>More came than the disk took at that speed.</summary>
    Overload = 1,

    /// <summary>The disk took nothing.</summary>
    Disk = 2,

    /// <summary>The budget was spent on what is held.</summary>
    Budget = 3,

    /// <summary>The box's program was not running, or was killed before it wrote its last seconds. Not stored: it follows from the files.</summary>
    Restart = 4,

    /// <summary>It was written and cannot be read any more. Not stored.</summary>
    Damaged = 5,

    /// <summary>It went for the budget's sake, between others that were held. Not stored.</summary>
    Dropped = 6,

    /// <summary>The key of its stay is not there. Not stored.</summary>
    Locked = 7,
}

/// <summary>One thing that happened on a port, as the ring keeps it.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Port">On which port; <see cref="EvidencePort.Every"/> for a hole of all of them.</param>
/// <param name="At">When, on the monotonic clock of that run of the box's program.</param>
/// <param name="Utc">The same on the box's clock.</param>
public sealed record EvidenceEntry(EvidenceKind Kind, EvidencePort Port, MonotonicInstant At, UtcInstant Utc)
{
    /// <summary>How far the box's clock may have been from the truth; uint.MaxValue = not known.</summary>
    public uint UncertaintyMicroseconds { get; init; }

    /// <summary>What went over the port.</summary>
    public ReadOnlyMemory<byte> Bytes { get; init; }

    /// <summary>Of a hole.</summary>
    public EvidenceLoss Loss { get; init; }

    /// <summary>When a hole began; it ends at <see cref="Utc"/>.</summary>
    public UtcInstant From { get; init; }

    /// <summary>Chunks that are missing; 0 = not countable.</summary>
    public long LostChunks { get; init; }

    /// <summary>Their bytes; 0 = not countable.</summary>
    public long LostBytes { get; init; }
}
