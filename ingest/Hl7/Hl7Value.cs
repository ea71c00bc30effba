namespace Bedside.Ingest.Hl7;

/// <summary>A range of a message: a segment, a field, a repetition, a component or a sub-component. Copies nothing.</summary>
public readonly struct Hl7Value
{
    private readonly Hl7Message? _message;
    private readonly int _start;
    private readonly int _length;

    internal Hl7Value(Hl7Message message, int start, int length) => (_message, _start, _length) = (message, start, length);

    public ReadOnlySpan<byte> Bytes => _message is null ? default : _message.Bytes.Span.Slice(_start, _length);

    /// <summary>Nothing but spaces.</summary>
    public bool IsEmpty => Bytes.Trim((byte)' ').IsEmpty;

    /// <summary>Explicitly deleted or unknown: two quotation marks.</summary>
    public bool IsNull => Bytes.SequenceEqual("\"\""u8);

    /// <summary>Neither empty nor null.</summary>
    public bool HasValue => !IsEmpty && !IsNull;

    /// <summary>Decoded and with its escapes resolved, trimmed; empty for a null.</summary>
    public string Text => _message is null || IsNull ? string.Empty : _message.TextOf(Bytes.Trim((byte)' '));

    /// <summary>The first three bytes of a segment.</summary>
    public ReadOnlySpan<byte> Name => Bytes[..Math.Min(3, _length)];

    /// <summary>A field of a segment, numbered as in the standard: of a header, 1 is the separator and 2 the other delimiters.</summary>
    public Hl7Value Field(int number)
    {
        if (_message is null || number < 1)
        {
            return default;
        }

        if (!Hl7Message.IsHeader(Bytes))
        {
            return Part(_message.Delimiters.Field, number);
        }

        return number == 1 && _length > 3 ? new Hl7Value(_message, _start + 3, 1) : number == 1 ? default : Part(_message.Delimiters.Field, number - 1);
    }

    /// <summary>From 0.</summary>
    public Hl7Value Repetition(int index) => _message is null ? default : Part(_message.Delimiters.Repetition, index);

    /// <summary>From 1, of the first repetition or of this one.</summary>
    public Hl7Value Component(int number) => _message is null ? default : Repetition(0).Part(_message.Delimiters.Component, number - 1);

    /// <summary>From 1.</summary>
    public Hl7Value Sub(int number) => _message is null ? default : Part(_message.Delimiters.Sub, number - 1);

    public int Repetitions => _message is null || _length == 0 ? 0 : Bytes.Count(_message.Delimiters.Repetition) + 1;

    /// <summary>Components of this repetition; an array of numbers is walked with <see cref="NextComponent"/>.</summary>
    public int Components => _message is null || _length == 0 ? 0 : Bytes.Count(_message.Delimiters.Component) + 1;

    /// <summary>Walks repetitions in one pass: begins with <paramref name="at"/> = 0, false at the end.</summary>
    public bool NextRepetition(ref int at, out Hl7Value repetition) => Next(_message?.Delimiters.Repetition ?? 0, ref at, out repetition);

    /// <summary>Walks components in one pass: begins with <paramref name="at"/> = 0, false at the end.</summary>
    public bool NextComponent(ref int at, out Hl7Value component) => Next(_message?.Delimiters.Component ?? 0, ref at, out component);

    /// <summary>Where the fields of a segment begin, by number and from 0 = its name; after the last of them, where another would. Gives how many there are, as far as there is room.</summary>
    internal int FieldStarts(Span<int> starts)
    {
        if (_message is null)
        {
            return 0;
        }

        ReadOnlySpan<byte> bytes = Bytes;
        byte delimiter = _message.Delimiters.Field;
        int count = 0;
        int at = 0;
        starts[0] = 0;
        while (++count < starts.Length)
        {
            int next = bytes[at..].IndexOf(delimiter);
            if (next < 0)
            {
                starts[count] = bytes.Length + 1;
                return count;
            }

            at += next + 1;
            starts[count] = at;
        }

        return count - 1;
    }

    /// <summary>A range of this one.</summary>
    internal Hl7Value Slice(int start, int length) => _message is null ? default : new Hl7Value(_message, _start + start, length);

    /// <summary>Its message is written with the usual delimiters.</summary>
    internal bool IsUsual => _message is not null && _message.Delimiters with { Truncation = 0 } == Delimiters.Usual;

    /// <summary>Whether text is made of these bytes as they are, of a message with the usual delimiters: no escape, nothing beyond ASCII.</summary>
    internal static bool IsPlain(ReadOnlySpan<byte> bytes) => !bytes.ContainsAnyExceptInRange((byte)0, (byte)0x7F) && !bytes.Contains((byte)'\\');

    private Hl7Value Part(byte delimiter, int index)
    {
        ReadOnlySpan<byte> rest = Bytes;
        int skipped = 0;
        for (; index > 0; index--)
        {
            int next = rest.IndexOf(delimiter);
            if (next < 0)
            {
                return default;
            }

            skipped += next + 1;
            rest = rest[(next + 1)..];
        }

        int end = rest.IndexOf(delimiter);
        return new Hl7Value(_message!, _start + skipped, end < 0 ? rest.Length : end); // callers asked for a message
    }

    private bool Next(byte delimiter, ref int at, out Hl7Value part)
    {
        part = default;
        if (_message is null || at > _length)
        {
            return false;
        }

        int end = Bytes[at..].IndexOf(delimiter);
        int length = end < 0 ? _length - at : end;
        part = new Hl7Value(_message, _start + at, length);
        at += length + 1;
        return true;
    }
}
