using System.Globalization;
using System.Text.RegularExpressions;

namespace Bedside.Viewer;

/// <summary>
/// Reads an INSTALL page: a title, a paragraph, and the seven sections in their order, of paragraphs, lists, steps and tables. It knows no other markup; what is
/// none of these is text and stays text. Pages are parts of the program, so a page that is wrong is a broken promise, told with its line.
/// </summary>
public static partial class HelpReader
{
    private static readonly Dictionary<string, string[]> Headings = new(StringComparer.Ordinal)
    {
        ["en"] = ["Cable and connector", "Pinout", "Null modem", "Menu path on the device", "Line settings", "Without transmitting (listen-only)", "Not known or not confirmed"],
        ["fr"] = ["Câble et connecteur", "Brochage", "Null-modem (câble croisé)", "Menu de l’appareil", "Réglages de la ligne", "Sans rien émettre (écoute seule)", "Ce qui n’est pas connu ou pas confirmé"],
    };

    private static readonly Dictionary<string, HelpVerdict> NullModem = new(StringComparer.Ordinal)
    {
        ["Yes."] = HelpVerdict.Yes,
        ["Oui."] = HelpVerdict.Yes,
        ["No."] = HelpVerdict.No,
        ["Non."] = HelpVerdict.No,
        ["Depends on the device."] = HelpVerdict.Depends,
        ["Selon l’appareil."] = HelpVerdict.Depends,
        ["Not known."] = HelpVerdict.NotKnown,
        ["Pas connu."] = HelpVerdict.NotKnown,
        ["Not applicable."] = HelpVerdict.NotApplicable,
        ["Sans objet."] = HelpVerdict.NotApplicable,
    };

    private static readonly Dictionary<string, HelpVerdict> ListenOnly = new(StringComparer.Ordinal)
    {
        ["Everything."] = HelpVerdict.Everything,
        ["Tout."] = HelpVerdict.Everything,
        ["Part of it."] = HelpVerdict.Part,
        ["Une partie."] = HelpVerdict.Part,
        ["Nothing by itself."] = HelpVerdict.Nothing,
        ["Rien de soi-même."] = HelpVerdict.Nothing,
    };

    private static readonly Dictionary<string, string> Connectors = new(StringComparer.Ordinal)
    {
        ["DB-9 male"] = "db9-male",
        ["DB-9 mâle"] = "db9-male",
        ["DB-9 female"] = "db9-female",
        ["DB-9 femelle"] = "db9-female",
        ["DB-25 female"] = "db25-female",
        ["DB-25 femelle"] = "db25-female",
        ["RJ-45"] = "rj45",
    };

    /// <summary>Throws <see cref="FormatException"/> with the sentence that says what is wrong.</summary>
    /// <param name="text">The page.</param>
    /// <param name="language"><c>fr</c> or <c>en</c>.</param>
    public static HelpText Read(string text, string language)
    {
        string[] lines = text.ReplaceLineEndings("\n").Split('\n');
        string[] expected = Headings[language];
        int[] starts = [.. Enumerable.Range(0, lines.Length).Where(i => lines[i].StartsWith("## ", StringComparison.Ordinal))];
        string[] found = [.. starts.Select(i => lines[i][3..].Trim())];
        if (!found.SequenceEqual(expected))
        {
            throw new FormatException($"the sections must be: {string.Join(" · ", expected)}; they are: {string.Join(" · ", found)}.");
        }

        if (lines is not [['#', ' ', .. string title], ..])
        {
            throw new FormatException("the page must begin with # and its title.");
        }

        HelpBlock[] before = [.. Blocks(lines[1..starts[0]])];
        if (before is not [{ Kind: HelpBlockKind.Paragraph } lead])
        {
            throw new FormatException("one paragraph must stand between the title and the first section.");
        }

        var sections = new List<HelpSection>(starts.Length);
        for (int i = 0; i < starts.Length; i++)
        {
            int end = i + 1 < starts.Length ? starts[i + 1] : lines.Length;
            sections.Add(Section((HelpTopic)i, found[i], [.. Blocks(lines[(starts[i] + 1)..end])]));
        }

        return new HelpText(title.Trim(), Plain(lead.Lines[0]), sections);
    }

    /// <summary>The words without their styles.</summary>
    public static string Plain(IReadOnlyList<HelpSpan> spans) => string.Concat(spans.Select(span => span.Text));

    private static HelpSection Section(HelpTopic topic, string heading, HelpBlock[] blocks)
    {
        if (blocks.Length == 0)
        {
            throw new FormatException($"'{heading}' is empty; say that it is not known.");
        }

        Dictionary<string, HelpVerdict>? verdicts = topic switch
        {
            HelpTopic.NullModem => NullModem,
            HelpTopic.ListenOnly => ListenOnly,
            _ => null,
        };
        if (verdicts is null)
        {
            return new HelpSection(topic, heading, HelpVerdict.None, blocks);
        }

        return blocks[0] is { Kind: HelpBlockKind.Paragraph, Lines: [[{ Style: "strong" } first, ..]] } && verdicts.TryGetValue(first.Text, out HelpVerdict verdict)
            ? new HelpSection(topic, heading, verdict, blocks)
            : throw new FormatException($"'{heading}' must begin with one of: {string.Join(' ', verdicts.Keys)}");
    }

    private static IEnumerable<HelpBlock> Blocks(string[] lines)
    {
        for (int i = 0; i < lines.Length;)
        {
            if (lines[i].Trim().Length == 0)
            {
                i++;
                continue;
            }

            HelpBlockKind kind = KindOf(lines[i]);
            int end = i + 1;
            while (kind != HelpBlockKind.Heading && end < lines.Length && lines[end].Trim().Length > 0 && KindOf(lines[end]) == kind)
            {
                end++;
            }

            yield return Block(kind, lines[i..end]);
            i = end;
        }
    }

    private static HelpBlockKind KindOf(string line) => line switch
    {
        ['#', '#', '#', ' ', ..] => HelpBlockKind.Heading,
        ['-', ' ', ..] => HelpBlockKind.List,
        ['|', ..] => HelpBlockKind.Table,
        _ => StepMark.IsMatch(line) ? HelpBlockKind.Steps : HelpBlockKind.Paragraph,
    };

    private static HelpBlock Block(HelpBlockKind kind, string[] lines) => kind switch
    {
        HelpBlockKind.Heading => new HelpBlock(kind) { Lines = [Spans(lines[0][4..])] },
        HelpBlockKind.List => new HelpBlock(kind) { Lines = [.. lines.Select(line => Spans(line[2..]))] },
        HelpBlockKind.Steps => new HelpBlock(kind) { Lines = [.. lines.Select(line => Spans(line[StepMark.Match(line).Length..]))] },
        HelpBlockKind.Table => Table(lines),
        _ => new HelpBlock(kind) { Lines = [Spans(string.Join(' ', lines.Select(line => line.Trim())))] },
    };

    private static HelpBlock Table(string[] lines)
    {
        string[][] cells = [.. lines.Select(line => line.Trim().Trim('|').Split('|', StringSplitOptions.TrimEntries))];
        if (cells.Length < 3 || cells[1].Any(cell => cell.Trim('-').Length > 0) || cells.Any(row => row.Length != cells[0].Length))
        {
            throw new FormatException($"the table '{lines[0]}' needs a head, a line of dashes, and rows that are all as wide.");
        }

        string[][] rows = [cells[0], .. cells[2..]];
        if (!Connectors.TryGetValue(rows[0][0], out string? connector))
        {
            return new HelpBlock(HelpBlockKind.Table) { Cells = rows };
        }

        int pins = PinsOf(connector);
        return rows.Skip(1).All(row => int.TryParse(row[0], NumberStyles.None, CultureInfo.InvariantCulture, out int pin) && pin >= 1 && pin <= pins)
            ? new HelpBlock(HelpBlockKind.Pinout) { Cells = rows, Connector = connector }
            : throw new FormatException($"a pin of the {rows[0][0]} must be a number from 1 to {pins}.");
    }

    private static int PinsOf(string connector) => connector switch
    {
        "rj45" => 8,
        "db25-female" => 25,
        _ => 9,
    };

    private static HelpSpan[] Spans(string line) =>
    [
        .. SpanMark.Split(line.Trim()).Where(part => part.Length > 0).Select(part => part switch
        {
            ['`', .. string code, '`'] => new HelpSpan(code, "code"),
            ['*', '*', .. string strong, '*', '*'] => new HelpSpan(strong, "strong"),
            ['*', .. string word, '*'] => new HelpSpan(word, "word"),
            _ => new HelpSpan(part, "plain"),
        }),
    ];

    [GeneratedRegex(@"^[0-9]{1,2}\. ", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 200)]
    private static partial Regex StepMark { get; }

    /// <summary>Split keeps what the group captures.</summary>
    [GeneratedRegex(@"(?<mark>`[^`]+`|\*\*[^*]+\*\*|\*[^*]+\*)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 200)]
    private static partial Regex SpanMark { get; }
}
