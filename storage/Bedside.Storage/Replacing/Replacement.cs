using Bedside.Model;

namespace Bedside.Storage.Replacing;

/// <summary>How far a replacement is.</summary>
public enum ReplacementState
{
    /// <summary>Decided; the files are exchanged at once, or by whoever opens the store next.</summary>
    Replacing = 1,

    /// <summary>In place; the originals are set aside.</summary>
    Replaced = 2,

    /// <summary>Decided that the originals come back.</summary>
    Undoing = 3,

    /// <summary>The originals are back.</summary>
    Undone = 4,

    /// <summary>In place, and the originals went for their age or because the disk's budget was spent.</summary>
    Final = 5,
}

/// <summary>A segment whose place was taken.</summary>
/// <param name="Sequence">Of its name.</param>
/// <param name="Made">When the one that took its place was made: one that was written anew since is another.</param>
/// <param name="From">First instant of the original.</param>
/// <param name="Until">Its last instant.</param>
/// <param name="Bytes">Of the original.</param>
public sealed record ReplacedSegment(ulong Sequence, UtcInstant Made, UtcInstant From, UtcInstant Until, long Bytes);

/// <summary>What of a device was decoded again in the place of the originals.</summary>
/// <param name="Id">Counts from 1.</param>
/// <param name="State">How far it is.</param>
/// <param name="Device">Whose signals.</param>
/// <param name="Port">Whose raw bytes.</param>
/// <param name="From">First instant that was replaced.</param>
/// <param name="To">The instant behind the last.</param>
/// <param name="Made">When, by the box's clock.</param>
/// <param name="Segments">Empty when the originals are not set aside any more.</param>
public sealed record Replacement(int Id, ReplacementState State, string Device, string Port, UtcInstant From, UtcInstant To, UtcInstant Made, IReadOnlyList<ReplacedSegment> Segments)
{
    /// <summary>Key of the annotation that says what was done.</summary>
    public string Key => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"replaced/{Id}");

    /// <summary>What the originals take.</summary>
    public long Bytes => Segments.Sum(segment => segment.Bytes);

    /// <summary>Names of what is exchanged are looked for.</summary>
    internal bool IsPending => State is ReplacementState.Replacing or ReplacementState.Undoing;
}

/// <summary>What is to be put in the place of what a store has of a device.</summary>
/// <param name="Id">Number that the replacement is to have.</param>
/// <param name="Device">Whose signals; others are not touched.</param>
/// <param name="Port">Whose raw bytes were decoded.</param>
/// <param name="Spans">What is replaced: ascending, not overlapping, each with the instant behind its last. Between them the raw bytes have holes.</param>
/// <param name="Blocks">What comes there instead.</param>
/// <param name="Text">Which evidence, which program.</param>
public sealed record ReplaceOrder(int Id, string Device, string Port, IReadOnlyList<(UtcInstant From, UtcInstant To)> Spans, ReplacingBlocks Blocks, string Text)
{
    /// <summary>Which signals have something new, and where that comes in the place of the originals.</summary>
    internal IReadOnlyDictionary<uint, IReadOnlyList<(UtcInstant From, UtcInstant To)>> Signals { get; } = Blocks.Extents(Spans);

    /// <summary>False when all of this signal stays as it is.</summary>
    public bool Replaces(SignalNumber signal) => Signals.ContainsKey(signal.Value);
}

/// <summary>A store cannot do what it was asked for; nothing was changed. The message says what can be done.</summary>
public sealed class ReplaceRefusedException(string message) : Exception(message);
