namespace Bedside.Ingest.Hl7;

/// <summary>What ended the segments of a message.</summary>
[Flags]
public enum Terminators
{
    None = 0,
    CarriageReturn = 1,
    LineFeed = 2,
    Both = 4,
}

/// <summary>
/// One message of HL7 2.x in its own buffer: where its segments lie, and what is wrong with it. Anything is read: what
/// cannot be used stands in <see cref="Rejection"/>, what was left out in <see cref="Faults"/>.
/// </summary>
public sealed class Hl7Message
{
    private const int MostFaults = 16;
    private const int NameBytes = 3;

    private readonly List<(int Start, int Length)> _segments = [];
    private readonly List<Hl7Fault> _faults = [];
    private Hl7Charset _charset = Hl7Charset.Unstated;

    private Hl7Message(ReadOnlyMemory<byte> bytes) => Bytes = bytes;

    public ReadOnlyMemory<byte> Bytes { get; }

    public Delimiters Delimiters { get; private set; } = Delimiters.Usual;

    /// <summary>Why nothing of the message can be used; null = it can.</summary>
    public Hl7Fault? Rejection { get; private set; }

    /// <summary>What was left out or doubted, at most sixteen.</summary>
    public IReadOnlyList<Hl7Fault> Faults => _faults;

    public Terminators Terminators { get; private set; }

    /// <summary>The last segment was ended by a terminator: a message that broke off is not acknowledged.</summary>
    public bool EndsWhole { get; private set; }

    public int Count => _segments.Count;

    public Hl7Value this[int index] => new(this, _segments[index].Start, _segments[index].Length);

    /// <summary>MSH; empty when there is none.</summary>
    public Hl7Value Header => Count > 0 && IsHeader(this[0].Bytes) ? this[0] : default;

    /// <summary>MSH-9.1 and MSH-9.2.</summary>
    public (string Type, string Event) Kind => (Header.Field(9).Component(1).Text, Header.Field(9).Component(2).Text);

    /// <summary>Reads one message without its frame: MSH and what follows.</summary>
    public static Hl7Message Read(ReadOnlyMemory<byte> bytes, Hl7Limits? limits = null)
    {
        var message = new Hl7Message(bytes);
        message.Parse(limits ?? Hl7Limits.Default);
        return message;
    }

    /// <summary>Whether a segment carries its own delimiters.</summary>
    public static bool IsHeader(ReadOnlySpan<byte> segment) =>
        segment.StartsWith("MSH"u8) || segment.StartsWith("FHS"u8) || segment.StartsWith("BHS"u8);

    /// <summary>All segments with a carriage return each: what this reader reads as the same message.</summary>
    public byte[] Write()
    {
        byte[] written = new byte[_segments.Sum(segment => segment.Length + 1)];
        int at = 0;
        foreach ((int start, int length) in _segments)
        {
            Bytes.Span.Slice(start, length).CopyTo(written.AsSpan(at));
            at += length;
            written[at++] = (byte)'\r';
        }

        return written;
    }

    /// <summary>The first segment of a name; empty when there is none.</summary>
    public Hl7Value First(ReadOnlySpan<byte> name)
    {
        for (int i = 0; i < Count; i++)
        {
            if (this[i].Name.SequenceEqual(name))
            {
                return this[i];
            }
        }

        return default;
    }

    internal string TextOf(ReadOnlySpan<byte> leaf) => Escapes.Resolve(leaf, Delimiters, _charset, out _);

    private void Parse(Hl7Limits limits)
    {
        if (Bytes.Length > limits.MessageBytes)
        {
            Reject(new Hl7Fault(Hl7Fault.ApplicationError, string.Empty, 0, 0, $"the message is longer than {limits.MessageBytes} bytes"));
            return;
        }

        Cut(limits);
        if (Count == 0 || !this[0].Bytes.StartsWith("MSH"u8))
        {
            _segments.Clear();
            Reject(new Hl7Fault(Hl7Fault.SegmentSequence, "MSH", 1, 0, "the message does not begin with MSH"));
            return;
        }

        if (Delimiters.Read(this[0].Bytes) is not { } told)
        {
            Reject(new Hl7Fault(Hl7Fault.DataType, "MSH", 1, 2, "the delimiters are too few, equal, or letters and digits"));
            return;
        }

        Delimiters = told;
        CheckNames();
        _charset = Hl7Charset.Named(Header.Field(18), Bytes.Span, out string? doubt);
        if (doubt is not null)
        {
            Add(new Hl7Fault(Hl7Fault.TableValue, "MSH", 1, 18, doubt));
        }

        if (!Header.Field(9).HasValue)
        {
            Reject(new Hl7Fault(Hl7Fault.RequiredField, "MSH", 1, 9, "the type of the message is missing"));
        }
    }

    /// <summary>Segments end with CR, LF or both.</summary>
    private void Cut(Hl7Limits limits)
    {
        ReadOnlySpan<byte> all = Bytes.Span;
        int start = 0;
        while (start < all.Length)
        {
            int length = all[start..].IndexOfAny((byte)'\r', (byte)'\n');
            EndsWhole = length >= 0;
            int end = length < 0 ? all.Length : start + length;
            if (end > start)
            {
                if (_segments.Count == limits.Segments)
                {
                    Reject(new Hl7Fault(Hl7Fault.ApplicationError, string.Empty, 0, 0, $"the message has more than {limits.Segments} segments"));
                    return;
                }

                _segments.Add((start, end - start));
            }

            start = end + 1;
            if (length >= 0)
            {
                bool both = all[end] == (byte)'\r' && start < all.Length && all[start] == (byte)'\n';
                Terminators |= both ? Terminators.Both : all[end] == (byte)'\r' ? Terminators.CarriageReturn : Terminators.LineFeed;
                start += both ? 1 : 0;
            }
        }
    }

    /// <summary>A segment whose name or separator is not one has lost bytes: it is left out, the others stay.</summary>
    private void CheckNames()
    {
        for (int i = _segments.Count - 1; i >= 0; i--)
        {
            ReadOnlySpan<byte> segment = this[i].Bytes;
            bool named = segment.Length >= NameBytes && char.IsAsciiLetterUpper((char)segment[0])
                && IsNamePart(segment[1]) && IsNamePart(segment[2])
                && (segment.Length == NameBytes || segment[NameBytes] == Delimiters.Field);
            if (!named)
            {
                _segments.RemoveAt(i);
                Add(new Hl7Fault(Hl7Fault.SegmentSequence, string.Empty, i + 1, 0, $"segment {i + 1} has no name and was left out"));
            }
        }
    }

    private void Reject(Hl7Fault fault) => Rejection ??= fault;

    private void Add(Hl7Fault fault)
    {
        if (_faults.Count < MostFaults)
        {
            _faults.Add(fault);
        }
    }

    private static bool IsNamePart(byte value) => char.IsAsciiLetterUpper((char)value) || char.IsAsciiDigit((char)value);
}
