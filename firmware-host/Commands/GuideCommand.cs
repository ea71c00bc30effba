using System.CommandLine;
using System.Text;
using Bedside.Host.Services;
using Bedside.Ingest.Drivers;
using Bedside.Viewer;

namespace Bedside.Host.Commands;

/// <summary><c>bedside guide</c>: how a device is connected, the same page as on the screen.</summary>
internal static class GuideCommand
{
    public static Command Create()
    {
        var driver = new Argument<string?>("DRIVER") { Description = "Name of a driver; default: the list of them.", Arity = ArgumentArity.ZeroOrOne };
        Option<string> language = StoreArguments.Language();
        var command = new Command("guide", "How a device is connected: cable, pins, null modem, menu, line settings.") { driver, language };
        command.SetAction(result =>
        {
            bool french = result.GetRequiredValue(language) == "fr";
            IReadOnlyList<HelpPage> pages = DeviceHelp.Pages(DriverCatalog.All);
            if (result.GetValue(driver) is not { } name)
            {
                foreach (HelpPage one in pages)
                {
                    Console.WriteLine($"{one.Driver,-28}{(french ? one.French : one.English).Title}");
                }

                return;
            }

            HelpPage page = pages.FirstOrDefault(one => one.Driver == name)
                ?? throw new CommandFailedException($"there is no device {name}; known are {string.Join(", ", pages.Select(one => one.Driver))}.");
            Console.Write(GuideText.Of(french ? page.French : page.English));
        });
        return command;
    }
}

/// <summary>A page as text of so many columns.</summary>
internal static class GuideText
{
    private const int Columns = 100;

    public static string Of(HelpText page)
    {
        var text = new StringBuilder();
        Line(text, page.Title);
        Line(text, new string('=', page.Title.Length));
        Wrap(text, page.Lead, first: "", rest: "");
        foreach (HelpSection section in page.Sections)
        {
            Line(text, "");
            Line(text, section.Heading);
            Line(text, new string('-', section.Heading.Length));
            HelpBlockKind? before = null;
            foreach (HelpBlock block in section.Blocks)
            {
                if (before is not null && before != HelpBlockKind.Heading)
                {
                    Line(text, "");
                }

                Write(text, block);
                before = block.Kind;
            }
        }

        return text.ToString();
    }

    private static void Write(StringBuilder text, HelpBlock block)
    {
        for (int i = 0; i < block.Lines.Count; i++)
        {
            string mark = block.Kind switch
            {
                HelpBlockKind.List => "- ",
                HelpBlockKind.Steps => $"{i + 1}. ",
                _ => "",
            };
            Wrap(text, HelpReader.Plain(block.Lines[i]) + (block.Kind == HelpBlockKind.Heading ? ":" : ""), mark, new string(' ', mark.Length));
        }

        if (block.Cells.Count > 0)
        {
            WriteTable(text, block.Cells);
        }
    }

    private static void WriteTable(StringBuilder text, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        int[] widths = [.. Enumerable.Range(0, rows[0].Count).Select(column => rows.Max(row => row[column].Length))];
        for (int i = 0; i < rows.Count; i++)
        {
            string[] padded = [.. rows[i].Select((cell, column) => cell.PadRight(widths[column]))];
            string last = rows[i][^1];
            string start = "  " + string.Concat(padded.SkipLast(1).Select(cell => cell + "  "));
            Wrap(text, last, start, new string(' ', start.Length));
            if (i == 0)
            {
                Line(text, "  " + string.Join("  ", widths.Select(width => new string('-', Math.Min(width, Columns / 2)))));
            }
        }
    }

    private static void Wrap(StringBuilder text, string words, string first, string rest)
    {
        var line = new StringBuilder(first);
        bool begun = false;
        foreach (string word in words.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (begun && line.Length + 1 + word.Length > Columns)
            {
                Line(text, line.ToString());
                line.Clear().Append(rest);
                begun = false;
            }

            line.Append(begun ? " " : "").Append(word);
            begun = true;
        }

        Line(text, line.ToString());
    }

    private static void Line(StringBuilder text, string line) => text.Append(line.TrimEnd()).Append('\n');
}
