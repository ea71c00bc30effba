using System.Globalization;
using System.Text;

namespace Bedside.Ingest.Drivers.MasimoAscii;

/// <summary>
/// A line of ASCII 1 (sheet C): date and time of the device's clock, then blanks and <c>KEY=value</c>. Which keys there are and how wide their
/// values, depends on the model, so they are read by key and never by place.
/// </summary>
/// <param name="Wall">By the device's clock, no zone; the year has two digits and is taken as 20YY.</param>
/// <param name="Fields">In the order of the wire.</param>
internal sealed record OximeterLine(DateTime Wall, IReadOnlyList<KeyValuePair<string, string>> Fields)
{
    private const string Clock = "MM/dd/yy HH:mm:ss";
    private const int MostFields = 32;
    private const int LongestKey = 12;
    private static readonly string[] Required = ["SPO2", "BPM", "ALARM", "EXC"];

    /// <summary>Keys and widths, by which a line that lost or gained a byte differs from those around it.</summary>
    public string Layout => string.Join(' ', Fields.Select(pair => $"{pair.Key}:{pair.Value.Length}"));

    /// <summary>True when every key is known and every value has a form that some model is known to give it.</summary>
    public bool IsOrdinary => Fields.All(pair => MasimoNomenclature.Of(pair.Key)?.Forms.Contains(FormOf(pair.Value)) == true);

    /// <summary>Bits of a hexadecimal field; null when the line has no such key.</summary>
    public uint? Bits(string key) =>
        Value(key) is { } digits && uint.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint bits) ? bits : null;

    public string? Value(string key)
    {
        foreach (KeyValuePair<string, string> field in Fields)
        {
            if (field.Key == key)
            {
                return field.Value;
            }
        }

        return null;
    }

    /// <summary>Reads a line; null unless it is of this form from its first to its last letter, with all keys that every model sends.</summary>
    public static OximeterLine? Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length <= Clock.Length || bytes[Clock.Length] != (byte)' ' || bytes.ContainsAnyExceptInRange((byte)' ', (byte)'~'))
        {
            return null;
        }

        string text = Encoding.ASCII.GetString(bytes);
        if (ReadClock(text.AsSpan(0, Clock.Length)) is not { } wall)
        {
            return null;
        }

        var fields = new List<KeyValuePair<string, string>>();
        foreach (string token in text[Clock.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = token.IndexOf('=', StringComparison.Ordinal);
            bool sound = equals is > 0 and <= LongestKey
                && equals + 1 < token.Length
                && char.IsAsciiLetterUpper(token[0])
                && token.AsSpan(0, equals).IndexOfAnyExcept(UpperAndDigits) < 0
                && token.IndexOf('=', equals + 1) < 0
                && fields.Count < MostFields
                && fields.TrueForAll(field => field.Key != token[..equals]);
            if (!sound)
            {
                return null;
            }

            fields.Add(new(token[..equals], token[(equals + 1)..]));
        }

        var line = new OximeterLine(wall, fields);
        return Array.TrueForAll(Required, key => line.Value(key) is not null) && line.BitsAreBits() ? line : null;
    }

    /// <summary>Digits as 0, hexadecimal digits of fields of bits likewise; the rest as it stands: <c>098%</c> is <c>000%</c>, <c>--.-%</c> is <c>00.0%</c>, <c>-02</c> is <c>+00</c>.</summary>
    public static string FormOf(string value)
    {
        var form = new StringBuilder(value.Length);
        for (int i = 0; i < value.Length; i++)
        {
            bool sign = i == 0 && value[i] is '+' or '-' && value.Length > 1 && i == 0 && IsSigned(value);
            form.Append(sign ? '+' : char.IsAsciiHexDigitUpper(value[i]) || value[i] == '-' ? '0' : value[i]);
        }

        return form.ToString();
    }

    private static System.Buffers.SearchValues<char> UpperAndDigits { get; } = System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");

    /// <summary>A plus, or a minus before a digit.</summary>
    private static bool IsSigned(string value) => value[0] == '+' || char.IsAsciiDigit(value[1]);

    private static DateTime? ReadClock(ReadOnlySpan<char> text)
    {
        static int Two(ReadOnlySpan<char> at) => char.IsAsciiDigit(at[0]) && char.IsAsciiDigit(at[1]) ? ((at[0] - '0') * 10) + at[1] - '0' : -1;
        if (text[2] != '/' || text[5] != '/' || text[8] != ' ' || text[11] != ':' || text[14] != ':')
        {
            return null;
        }

        (int month, int day, int year, int hour, int minute, int second) =
            (Two(text), Two(text[3..]), Two(text[6..]), Two(text[9..]), Two(text[12..]), Two(text[15..]));
        bool sound = month is >= 1 and <= 12 && year >= 0 && day >= 1 && day <= DateTime.DaysInMonth(2000 + year, month)
            && hour is >= 0 and < 24 && minute is >= 0 and < 60 && second is >= 0 and < 60;
        return sound ? new DateTime(2000 + year, month, day, hour, minute, second, DateTimeKind.Unspecified) : null;
    }

    private bool BitsAreBits() =>
        Fields.Where(field => MasimoNomenclature.Of(field.Key)?.IsBits == true).All(field => Bits(field.Key) is not null);
}

/// <summary>
/// Which lines are to be believed, for there is no checksum. One that has the layout of the line before it, or one that was seen twice in a
/// row before; and as long as there is no such layout, one whose values all have known forms. Any other is held back until the next says what it is.
/// </summary>
internal sealed class Belief
{
    private const int MostLayouts = 8;

    private readonly List<string> _layouts = [];
    private OximeterLine? _held;
    private string? _before;

    /// <summary>Takes a line and gives those that are believed now; <paramref name="dropped"/> says that the one held back was not.</summary>
    public IReadOnlyList<OximeterLine> Take(OximeterLine line, out bool dropped)
    {
        string layout = line.Layout;
        bool twice = layout == _before;
        bool known = _layouts.Contains(layout, StringComparer.Ordinal) || (_layouts.Count == 0 && line.IsOrdinary);
        OximeterLine? held = _held;
        _before = layout;
        _held = twice || known ? null : line;
        dropped = held is not null && !twice;
        if (twice && !_layouts.Contains(layout, StringComparer.Ordinal))
        {
            if (_layouts.Count == MostLayouts)
            {
                _layouts.RemoveAt(0);
            }

            _layouts.Add(layout);
        }

        return twice && held is not null ? [held, line] : _held is null ? [line] : [];
    }
}
