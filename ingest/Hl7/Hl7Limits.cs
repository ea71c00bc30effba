namespace Bedside.Ingest.Hl7;

/// <summary>How much of a message is read; what is beyond is refused and never held in memory.</summary>
public sealed record Hl7Limits
{
    public static Hl7Limits Default { get; } = new();

    /// <summary>Of one message or batch in one frame.</summary>
    public int MessageBytes { get; init; } = 1 << 20;

    public int Segments { get; init; } = 2_048;

    /// <summary>Messages of one batch that are read one by one.</summary>
    public int Messages { get; init; } = 4_096;

    /// <summary>Bytes outside of frames before a connection is given up.</summary>
    public int Junk { get; init; } = 4_096;
}

/// <summary>What is wrong with a message.</summary>
/// <param name="Code">Of HL7 table 0357.</param>
/// <param name="Segment">Name of the segment; empty = the message as a whole.</param>
/// <param name="Sequence">Which segment of that name, from 1; 0 = all.</param>
/// <param name="Field">Number of the field; 0 = the segment as a whole.</param>
/// <param name="Reason">One plain sentence without any value of the message: it may be logged.</param>
public sealed record Hl7Fault(int Code, string Segment, int Sequence, int Field, string Reason)
{
    public const int SegmentSequence = 100;
    public const int RequiredField = 101;
    public const int DataType = 102;
    public const int TableValue = 103;
    public const int ApplicationError = 207;

    /// <summary>Where, as people write it: <c>OBX[3]-5</c>.</summary>
    public string Place => Segment.Length == 0 ? "message" : Segment + (Sequence > 0 ? $"[{Sequence}]" : string.Empty) + (Field > 0 ? $"-{Field}" : string.Empty);

    public override string ToString() => $"{Place}: {Reason}";
}
