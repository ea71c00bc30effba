using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;

namespace Bedside.EndToEnd;

/// <summary>The text of a PDF as a reader or a search finds it: glyphs of the content through each font's own table of characters.</summary>
internal static partial class PdfText
{
    /// <summary>One reading of the whole document for each font in it; what was set in one font stands whole in one of them.</summary>
    public static IReadOnlyList<string> Readings(byte[] pdf)
    {
        string[] streams = [.. Stream.Matches(Encoding.Latin1.GetString(pdf)).Select(one => Inflated(Encoding.Latin1.GetBytes(one.Groups["body"].Value)))];
        string[] glyphs = [.. streams.Where(one => one.Contains("Tj", StringComparison.Ordinal) || one.Contains("TJ", StringComparison.Ordinal)).SelectMany(one => Hex.Matches(one).Select(hex => hex.Groups["hex"].Value))];
        return
        [
            .. streams.Where(one => one.Contains("begincmap", StringComparison.Ordinal)).Select(Characters)
                .Select(characters => string.Concat(glyphs.SelectMany(run => run.Chunk(4)).Select(glyph => characters.GetValueOrDefault(Number(new string(glyph)), "\0")))),
        ];
    }

    private static Dictionary<int, string> Characters(string table)
    {
        var found = new Dictionary<int, string>();
        foreach (Match block in Single.Matches(table))
        {
            string[] values = [.. Hex.Matches(block.Value).Select(one => one.Groups["hex"].Value)];
            for (int i = 0; i + 1 < values.Length; i += 2)
            {
                found[Number(values[i])] = Text(Number(values[i + 1][..4]));
            }
        }

        foreach (Match block in Range.Matches(table))
        {
            string[] values = [.. Hex.Matches(block.Value).Select(one => one.Groups["hex"].Value)];
            for (int i = 0; i + 2 < values.Length; i += 3)
            {
                (int first, int last, int text) = (Number(values[i]), Number(values[i + 1]), Number(values[i + 2][..4]));
                for (int glyph = first; glyph <= last; glyph++)
                {
                    found[glyph] = Text(text + glyph - first);
                }
            }
        }

        return found;
    }

    private static string Text(int code) => ((char)code).ToString();

    private static int Number(string hex) => int.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    /// <summary>A stream that is not compressed, or not text, is nothing to read.</summary>
    private static string Inflated(byte[] body)
    {
        try
        {
            using var plain = new MemoryStream();
            using var packed = new ZLibStream(new MemoryStream(body), CompressionMode.Decompress);
            packed.CopyTo(plain);
            return Encoding.Latin1.GetString(plain.ToArray());
        }
        catch (InvalidDataException)
        {
            return string.Empty;
        }
    }

    [GeneratedRegex(@"stream\r?\n(?<body>.*?)endstream", RegexOptions.CultureInvariant | RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Stream { get; }

    [GeneratedRegex(@"<(?<hex>[0-9A-Fa-f]{4,})>", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Hex { get; }

    [GeneratedRegex(@"beginbfchar.*?endbfchar", RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex Single { get; }

    [GeneratedRegex(@"beginbfrange.*?endbfrange", RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex Range { get; }
}
