namespace Bedside.Extract.Arrow;

/// <summary>What a column holds: the types of the subset (ARROW.md, section 2).</summary>
public enum ArrowKind
{
    Int8,
    Int16,
    Int32,
    Int64,
    UInt8,
    UInt16,
    UInt32,
    UInt64,
    Float32,
    Float64,
    Bool,
    Utf8,

    /// <summary>Microseconds since 1970-01-01T00:00:00, 64 bits.</summary>
    Microseconds,

    /// <summary>Nanoseconds since 1970-01-01T00:00:00, 64 bits.</summary>
    Nanoseconds,
}

/// <summary>A type of the subset.</summary>
/// <param name="Zone">Time zone of a time stamp (<c>UTC</c>); null = a time without a zone, or no time at all.</param>
public readonly record struct ArrowType(ArrowKind Kind, string? Zone = null)
{
    /// <summary>An instant of the box's clock.</summary>
    public static readonly ArrowType Instant = new(ArrowKind.Nanoseconds, "UTC");

    /// <summary>True for the two that carry a <see cref="Zone"/>.</summary>
    public bool IsTime => Kind is ArrowKind.Microseconds or ArrowKind.Nanoseconds;

    /// <summary>Bits of one value; for text, of one offset.</summary>
    public int Bits => Kind switch
    {
        ArrowKind.Bool => 1,
        ArrowKind.Int8 or ArrowKind.UInt8 => 8,
        ArrowKind.Int16 or ArrowKind.UInt16 => 16,
        ArrowKind.Int32 or ArrowKind.UInt32 or ArrowKind.Float32 or ArrowKind.Utf8 => 32,
        _ => 64,
    };

    /// <summary>Text has offsets and characters, everything else its values; each has a bitmap of validity before them.</summary>
    public int Buffers => Kind == ArrowKind.Utf8 ? 3 : 2;

    public static implicit operator ArrowType(ArrowKind kind) => new(kind);
}

/// <summary>A column's name, type and description.</summary>
/// <param name="Metadata">Pairs in the order in which they are written.</param>
public sealed record ArrowField(string Name, ArrowType Type, bool IsNullable, IReadOnlyList<KeyValuePair<string, string>> Metadata)
{
    public ArrowField(string name, ArrowType type, bool isNullable = true)
        : this(name, type, isNullable, [])
    {
    }
}

/// <summary>The columns of a table and its description.</summary>
/// <param name="Metadata">Pairs in the order in which they are written.</param>
public sealed record ArrowSchema(IReadOnlyList<ArrowField> Fields, IReadOnlyList<KeyValuePair<string, string>> Metadata)
{
    /// <summary>True when both describe the same table; what records compare by themselves is only whether their lists are one.</summary>
    public bool IsSame(ArrowSchema other) =>
        Metadata.SequenceEqual(other.Metadata)
        && Fields.Count == other.Fields.Count
        && Fields.Zip(other.Fields).All(pair =>
            pair.First.Name == pair.Second.Name && pair.First.Type == pair.Second.Type && pair.First.IsNullable == pair.Second.IsNullable && pair.First.Metadata.SequenceEqual(pair.Second.Metadata));
}
