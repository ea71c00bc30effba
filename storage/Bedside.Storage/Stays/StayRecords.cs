using Bedside.Model;
using Bedside.Model.Stays;

namespace Bedside.Storage.Stays;

/// <summary>From when to when who lay in the bed, as it was told; certainty is not part of it.</summary>
public sealed record StayPiece(VisitToken Visit, PersonToken Person, UtcInstant From, UtcInstant? To);

/// <summary>A boundary that was told of changed: the audit of stays.</summary>
/// <param name="Before">Null = it was not there.</param>
/// <param name="After">Null = it is no more.</param>
/// <param name="FirstEvent">Because of the events from this number; 0 = because time passed.</param>
/// <param name="LastEvent">To this one.</param>
/// <param name="At">When, by the box's clock.</param>
public sealed record StayChange(StayId Stay, StayPiece? Before, StayPiece? After, long FirstEvent, long LastEvent, UtcInstant At);

/// <summary>From then on data are kept under this key. <paramref name="Stay"/>: whose it was thought to be then; <see cref="StayId.None"/> = nobody's.</summary>
public sealed record StayKey(StayId Key, UtcInstant From, StayId Stay);

/// <summary>What a file says, in its order.</summary>
internal sealed class StayLogContent
{
    public List<StayEvent> Events { get; } = [];

    public List<StayChange> Changes { get; } = [];

    public List<StayKey> Keys { get; } = [];

    public List<Damage> Damaged { get; } = [];

    /// <summary>What a crash left behind the last thing that was acknowledged.</summary>
    public List<Damage> Unfinished { get; } = [];

    /// <summary>Frames that are whole and cannot be read without their key.</summary>
    public int Locked { get; set; }

    /// <summary>Greatest number of an event, also of one that cannot be read.</summary>
    public long LastEvent { get; set; }

    /// <summary>Greatest number of a frame.</summary>
    public ulong LastNumber { get; set; }

    /// <summary>Where the next frame goes.</summary>
    public long Tail { get; set; }

    /// <summary>Something that counts for nothing stands behind it.</summary>
    public bool IsDirty { get; set; }

    public Files.FileHead? Head { get; set; }
}
