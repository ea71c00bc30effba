using System.Text;

namespace Bedside.Ingest.Drivers.Ivy450c;

/// <summary>
/// A line of a block's text: <c>NAME=status;values…;label;alarm</c>. How many values there are depends on the name; blank = the device has none.
/// </summary>
/// <param name="Name">As on the wire: <c>HR</c>.</param>
/// <param name="Fields">What stands between semicolons after the equals sign, trimmed; the first is the status.</param>
internal sealed record TextLine(string Name, IReadOnlyList<string> Fields)
{
    private const int LongestName = 8;

    /// <summary>A field, empty where the line has fewer.</summary>
    public string Field(int index) => index < Fields.Count ? Fields[index] : string.Empty;

    /// <summary>Reads a line without its 0D; null unless it is printable ASCII of this form with a status of digits.</summary>
    public static TextLine? Read(ReadOnlySpan<byte> line)
    {
        if (line.ContainsAnyExceptInRange((byte)' ', (byte)'~'))
        {
            return null;
        }

        string text = Encoding.ASCII.GetString(line);
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals is < 1 or > LongestName || !text.AsSpan(0, equals).TrimEnd(' ').ToString().All(char.IsAsciiLetterOrDigit) || !char.IsAsciiLetterUpper(text[0]))
        {
            return null;
        }

        string[] fields = text[(equals + 1)..].Split(';', StringSplitOptions.TrimEntries);
        bool sound = fields.Length > 1 && fields[0].Length is > 0 and <= 3 && fields[0].All(char.IsAsciiDigit);
        return sound ? new TextLine(text[..equals], fields) : null;
    }
}

/// <summary>The text of one block.</summary>
/// <param name="Lines">Those that could be read, in order.</param>
/// <param name="Broken">How many could not.</param>
/// <param name="IsInPlace">True when the text begins with a name that is known: then no byte of the waves before it was lost or added.</param>
internal sealed record BlockText(IReadOnlyList<TextLine> Lines, int Broken, bool IsInPlace)
{
    public static BlockText Read(ReadOnlySpan<byte> text)
    {
        var lines = new List<TextLine>();
        int broken = 0;
        bool first = true;
        bool inPlace = false;
        foreach (Range part in text.Split(Frame.CarriageReturn))
        {
            if (text[part].IsEmpty)
            {
                continue;
            }

            var line = TextLine.Read(text[part]);
            inPlace |= first && line is not null && IvyNomenclature.Of(line.Name) is not null;
            first = false;
            if (line is null)
            {
                broken++;
            }
            else
            {
                lines.Add(line);
            }
        }

        return new BlockText(lines, broken, inPlace);
    }
}
