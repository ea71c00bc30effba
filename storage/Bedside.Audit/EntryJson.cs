using System.Globalization;
using System.Text;
using System.Text.Json;
using Bedside.Model;
using Bedside.Model.Audit;

namespace Bedside.Audit;

/// <summary>What the journal itself adds to an entry.</summary>
/// <param name="Number">1, 2, 3, …</param>
/// <param name="At">When it happened, by the box's clock.</param>
/// <param name="UncertaintyMicroseconds">Half-width of the interval that holds the true time; −1 = unknown.</param>
internal readonly record struct EntryStamp(long Number, UtcInstant At, long UncertaintyMicroseconds, long Epoch, string Box);

/// <summary>
/// An entry as canonical JSON: one line of printable ASCII, fields in one order, empty ones left out, every other letter as <c>\uXXXX</c> in lower case. The same entry has the same bytes, and
/// no text in it can end the line, move a cursor or colour a terminal. FORMAT.md, section 2.
/// </summary>
internal static class EntryJson
{
    private const char Unpaired = '\uFFFD';

    public static byte[] Encode(EntryStamp stamp, AuditEntry entry) => Encode(new KeptEntry
    {
        Number = stamp.Number,
        At = stamp.At,
        UncertaintyMicroseconds = stamp.UncertaintyMicroseconds,
        Epoch = stamp.Epoch,
        Who = Cut(entry.Who, AuditEntry.LongestName),
        Login = Cut(entry.Login, AuditEntry.LongestName),
        Role = Code(entry.Role),
        Act = AuditCatalog.Of(entry.Act).Code,
        Result = Code(entry.Result),
        Bed = Cut(entry.Bed, AuditEntry.LongestName),
        Stay = entry.Stay == StayId.None ? string.Empty : entry.Stay.ToString(),
        What = [.. entry.What.Take(AuditEntry.MostFacts).DistinctBy(fact => fact.Kind).Select(fact => (Code(fact.Kind), fact.Text))],
        Why = Cut(entry.Why, AuditEntry.LongestWhy),
        Box = Cut(stamp.Box, AuditEntry.LongestName),
    });

    public static byte[] Encode(KeptEntry entry)
    {
        var text = new StringBuilder(320);
        _ = text.Append("{\"n\":").Append(Digits(entry.Number)).Append(",\"at\":\"").Append(entry.At.ToString()).Append("\",\"unc\":").Append(Digits(entry.UncertaintyMicroseconds));
        _ = text.Append(",\"epoch\":").Append(Digits(entry.Epoch));
        Field(text, "who", entry.Who);
        Field(text, "login", entry.Login);
        Field(text, "role", entry.Role);
        Field(text, "act", entry.Act);
        Field(text, "result", entry.Result);
        Field(text, "bed", entry.Bed);
        Field(text, "stay", entry.Stay);
        if (entry.What.Count > 0)
        {
            _ = text.Append(",\"what\":{");
            for (int i = 0; i < entry.What.Count; i++)
            {
                (string kind, string value) = entry.What[i];
                Escape(text.Append(i > 0 ? ",\"" : "\""), kind);
                _ = text.Append("\":");
                bool isNumber = IsNumber(value);
                Escape(text.Append(isNumber ? string.Empty : "\""), value);
                _ = text.Append(isNumber ? string.Empty : "\"");
            }

            _ = text.Append('}');
        }

        Field(text, "why", entry.Why);
        Field(text, "box", entry.Box);
        return Encoding.ASCII.GetBytes(text.Append('}').ToString());
    }

    /// <summary>Null for what is no entry. Never throws for what stands in a file; acts of later builds are entries too.</summary>
    public static KeptEntry? Decode(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 2 });
            var entry = new KeptEntry();
            return Read(ref reader, entry) && entry.Number > 0 && entry.Act.Length > 0 ? entry : null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    /// <summary>For a terminal: letters, digits and signs as they are, everything that could move it escaped.</summary>
    public static string Printable(string text)
    {
        var shown = new StringBuilder(text.Length);
        foreach (char letter in text)
        {
            bool isPlain = letter is >= ' ' and <= '~' || (letter > '\u00A0' && (char.IsLetterOrDigit(letter) || char.IsPunctuation(letter)));
            _ = isPlain ? shown.Append(letter) : shown.Append("\\u").Append(((int)letter).ToString("x4", CultureInfo.InvariantCulture));
        }

        return shown.ToString();
    }

    public static string Code<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());

    private static bool Read(ref Utf8JsonReader reader, KeptEntry entry)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            _ = reader.Read();
            if (name == "what" && reader.TokenType == JsonTokenType.StartObject)
            {
                entry.What = Facts(ref reader);
            }
            else if (!Take(ref reader, entry, name))
            {
                return false;
            }
        }

        return reader.TokenType == JsonTokenType.EndObject && !reader.Read();
    }

    private static bool Take(ref Utf8JsonReader reader, KeptEntry entry, string name)
    {
        switch (name)
        {
            case "n": entry.Number = reader.GetInt64(); break;
            case "at":
                bool isTime = UtcInstant.TryParse(reader.GetString()!, out UtcInstant at);
                entry.At = at;
                return isTime;
            case "unc": entry.UncertaintyMicroseconds = reader.GetInt64(); break;
            case "epoch": entry.Epoch = reader.GetInt64(); break;
            case "who": entry.Who = reader.GetString()!; break;
            case "login": entry.Login = reader.GetString()!; break;
            case "role": entry.Role = reader.GetString()!; break;
            case "act": entry.Act = reader.GetString()!; break;
            case "result": entry.Result = reader.GetString()!; break;
            case "bed": entry.Bed = reader.GetString()!; break;
            case "stay": entry.Stay = reader.GetString()!; break;
            case "why": entry.Why = reader.GetString()!; break;
            case "box": entry.Box = reader.GetString()!; break;
            default: return false;
        }

        return true;
    }

    private static List<(string Kind, string Text)> Facts(ref Utf8JsonReader reader)
    {
        var facts = new List<(string Kind, string Text)>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string kind = reader.GetString()!;
            _ = reader.Read();
            facts.Add((kind, reader.TokenType == JsonTokenType.Number ? Digits(reader.GetInt64()) : reader.GetString()!));
        }

        return facts;
    }

    private static void Field(StringBuilder text, string name, string value)
    {
        if (value.Length > 0)
        {
            Escape(text.Append(",\"").Append(name).Append("\":\""), value);
            _ = text.Append('"');
        }
    }

    private static void Escape(StringBuilder text, string value)
    {
        foreach (char letter in value)
        {
            _ = letter is >= ' ' and <= '~' and not '"' and not '\\' ? text.Append(letter) : text.Append("\\u").Append(((int)letter).ToString("x4", CultureInfo.InvariantCulture));
        }
    }

    /// <summary>Cut, with what is half a letter replaced.</summary>
    private static string Cut(string text, int most)
    {
        string cut = text.Length <= most ? text : text[..most];
        char[]? mended = null;
        for (int i = 0; i < cut.Length; i++)
        {
            if (char.IsHighSurrogate(cut[i]) && i + 1 < cut.Length && char.IsLowSurrogate(cut[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(cut[i]))
            {
                mended ??= cut.ToCharArray();
                mended[i] = Unpaired;
            }
        }

        return mended is null ? cut : new string(mended);
    }

    /// <summary>Written as JSON writes a number: read again it is the same text.</summary>
    private static bool IsNumber(string text) =>
        text.Length > 0 && (text[0] == '-' || char.IsAsciiDigit(text[0])) && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) && Digits(number) == text;

    private static string Digits(long number) => number.ToString(CultureInfo.InvariantCulture);
}
