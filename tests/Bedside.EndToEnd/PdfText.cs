using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;

namespace Bedside.EndToEnd;

/// <summary>The text of a PDF as Chromium writes it: glyph numbers in inflated streams, told by each font's own table of characters.</summary>
internal static partial class PdfText
{
    /// <summary>Without spaces, which a PDF may leave to the places of its glyphs.</summary>
    public static string Plain(string text) => Spaces.Replace(text, string.Empty);

    public static string Of(byte[] pdf)
    {
        string raw = Encoding.Latin1.GetString(pdf);
        var objects = new Dictionary<int, (string Head, string Stream)>();
        foreach (Match one in Object.Matches(raw))
        {
            objects[Number(one.Groups["n"].Value)] = (one.Groups["head"].Value, one.Groups["body"].Success ? Inflate(one.Groups["body"].Value) : string.Empty);
        }

        var fonts = new Dictionary<string, Dictionary<int, string>>(StringComparer.Ordinal);
        foreach (Match font in objects.Values.SelectMany(one => FontName.Matches(one.Head)))
        {
            if (objects.TryGetValue(Number(font.Groups["n"].Value), out (string Head, string Stream) named) && ToUnicode.Match(named.Head) is { Success: true } table)
            {
                fonts[font.Groups["name"].Value] = Characters(objects[Number(table.Groups["n"].Value)].Stream);
            }
        }

        var text = new StringBuilder();
        foreach ((string _, string stream) in objects.Values.Where(one => one.Stream.Contains(" Tf", StringComparison.Ordinal)))
        {
            Dictionary<int, string> now = [];
            foreach (Match step in Step.Matches(stream))
            {
                if (step.Groups["font"].Success)
                {
                    now = fonts.GetValueOrDefault(step.Groups["font"].Value) ?? [];
                    continue;
                }

                string glyphs = step.Groups["hex"].Value;
                for (int i = 0; i + 4 <= glyphs.Length; i += 4)
                {
                    text.Append(now.GetValueOrDefault(Hex(glyphs.Substring(i, 4)), "?"));
                }
            }
        }

        return text.ToString();
    }

    private static Dictionary<int, string> Characters(string table)
    {
        var characters = new Dictionary<int, string>();
        foreach (Match range in Range.Matches(table))
        {
            for (int glyph = Hex(range.Groups["from"].Value), i = 0; glyph <= Hex(range.Groups["to"].Value); glyph++, i++)
            {
                characters[glyph] = ((char)(Hex(range.Groups["as"].Value) + i)).ToString();
            }
        }

        foreach (Match block in Singles.Matches(table))
        {
            foreach (Match single in Pair.Matches(block.Groups["pairs"].Value))
            {
                string letters = single.Groups["as"].Value;
                characters[Hex(single.Groups["from"].Value)] = string.Concat(Enumerable.Range(0, letters.Length / 4).Select(i => (char)Hex(letters.Substring(i * 4, 4))));
            }
        }

        return characters;
    }

    private static string Inflate(string body)
    {
        try
        {
            using var inflated = new ZLibStream(new MemoryStream(Encoding.Latin1.GetBytes(body)), CompressionMode.Decompress);
            using var bytes = new MemoryStream();
            inflated.CopyTo(bytes);
            return Encoding.Latin1.GetString(bytes.ToArray());
        }
        catch (InvalidDataException)
        {
            return string.Empty;
        }
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static int Hex(string text) => int.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\s")]
    private static partial Regex Spaces { get; }

    [GeneratedRegex(@"(?<n>\d+) 0 obj(?<head>.*?)(stream\r?\n(?<body>.*?)\r?\nendstream\s*)?endobj", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Object { get; }

    [GeneratedRegex(@"/(?<name>F\d+) (?<n>\d+) 0 R", RegexOptions.ExplicitCapture)]
    private static partial Regex FontName { get; }

    [GeneratedRegex(@"/ToUnicode (?<n>\d+) 0 R", RegexOptions.ExplicitCapture)]
    private static partial Regex ToUnicode { get; }

    [GeneratedRegex(@"/(?<font>F\d+) \S+ Tf|<(?<hex>[0-9A-Fa-f]+)>", RegexOptions.ExplicitCapture)]
    private static partial Regex Step { get; }

    [GeneratedRegex(@"<(?<from>[0-9A-Fa-f]{4})> <(?<to>[0-9A-Fa-f]{4})> <(?<as>[0-9A-Fa-f]{4})>", RegexOptions.ExplicitCapture)]
    private static partial Regex Range { get; }

    [GeneratedRegex(@"beginbfchar(?<pairs>.*?)endbfchar", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Singles { get; }

    [GeneratedRegex(@"<(?<from>[0-9A-Fa-f]{4})> <(?<as>[0-9A-Fa-f]+)>", RegexOptions.ExplicitCapture)]
    private static partial Regex Pair { get; }
}
