using Bedside.Host.Commands;
using Bedside.Host.Services;
using Bedside.Ingest.Drivers;
using Bedside.Viewer;

namespace Bedside.Tests.Ingest;

/// <summary>The pages that say how a device is connected: each driver has them, in both languages alike, and they agree with what the driver does.</summary>
public class InstallGuideTests
{
    private static readonly IReadOnlyList<HelpPage> Pages = DeviceHelp.Pages(DriverCatalog.All);

    public static TheoryData<string> Drivers => [.. DriverCatalog.All.Select(driver => driver.Name)];

    [Theory]
    [MemberData(nameof(Drivers))]
    public void Every_driver_has_its_page_in_both_languages(string driver)
    {
        HelpPage page = Of(driver);
        Assert.All([page.French, page.English], text =>
        {
            Assert.InRange(text.Title.Length, 5, 90);
            Assert.InRange(text.Lead.Length, 20, 400);
            Assert.Equal(Enum.GetValues<HelpTopic>(), text.Sections.Select(section => section.Topic));
            Assert.All(text.Sections, section => Assert.NotEmpty(Words(section)));
        });
        Assert.NotEqual(page.French.Lead, page.English.Lead);
    }

    [Theory]
    [MemberData(nameof(Drivers))]
    public void Both_languages_tell_the_same_facts(string driver)
    {
        HelpPage page = Of(driver);
        foreach ((HelpSection french, HelpSection english) in page.French.Sections.Zip(page.English.Sections))
        {
            Assert.Equal(english.Verdict, french.Verdict);
            Assert.Equal(english.Blocks.Select(Shape), french.Blocks.Select(Shape));
            Assert.Equal(Codes(english), Codes(french));
        }
    }

    [Theory]
    [MemberData(nameof(Drivers))]
    public void The_line_settings_are_those_that_the_driver_tries_in_that_order(string driver)
    {
        HelpPage page = Of(driver);
        HelpBlock steps = Assert.Single(page.English.Of(HelpTopic.Line).Blocks, block => block.Kind == HelpBlockKind.Steps);

        Assert.Equal(page.Tried, steps.Lines.Select(line => line[0]).Select(span => span.Style == "code" ? span.Text : ""));
        DriverTraits traits = DriverCatalog.ByName(driver)!.Traits;
        Assert.Equal(traits.Lines.Count + (traits.NetworkPort > 0 ? 1 : 0), page.Tried.Count);
        Assert.All(traits.Lines, line => Assert.Contains(line.ToString(), page.Tried));
    }

    [Theory]
    [MemberData(nameof(Drivers))]
    public void Everything_is_had_by_listening_where_the_driver_has_nothing_to_send_and_only_there(string driver)
    {
        DriverTraits traits = DriverCatalog.ByName(driver)!.Traits;

        Assert.Equal(traits.Outgoing.Count == 0, Of(driver).English.Of(HelpTopic.ListenOnly).Verdict == HelpVerdict.Everything);
    }

    [Theory]
    [MemberData(nameof(Drivers))]
    public void A_null_modem_is_spoken_of_where_there_is_a_serial_line(string driver)
    {
        DriverTraits traits = DriverCatalog.ByName(driver)!.Traits;
        HelpVerdict verdict = Of(driver).English.Of(HelpTopic.NullModem).Verdict;

        Assert.Equal(traits.Lines.Count == 0, verdict == HelpVerdict.NotApplicable);
    }

    [Theory]
    [MemberData(nameof(Drivers))]
    public void Pins_are_drawn_or_said_not_to_be_known(string driver)
    {
        HelpPage page = Of(driver);
        bool network = DriverCatalog.ByName(driver)!.Traits.Lines.Count == 0;
        foreach ((HelpText text, string unknown) in new[] { (page.English, "Not known; ask the manufacturer's manual."), (page.French, "Pas connu ; demandez le manuel du fabricant.") })
        {
            HelpSection pins = text.Of(HelpTopic.Pinout);
            Assert.True(network || pins.Blocks.Any(block => block.Kind == HelpBlockKind.Pinout) || Words(pins).Contains(unknown, StringComparison.Ordinal), $"{driver}: {pins.Heading}");
            Assert.All(text.Sections, section => Assert.DoesNotMatch(@"(?i)\b(probably|presumably|sans doute|probablement)\b", Words(section)));
        }
    }

    [Theory]
    [MemberData(nameof(Drivers))]
    public void Nothing_of_a_page_is_markup_that_is_shown_as_it_stands(string driver) =>
        Assert.All(
            new[] { Of(driver).English, Of(driver).French }.SelectMany(text => text.Sections),
            section => Assert.DoesNotMatch(@"[<>`#*\[\]]|&\w+;", Words(section)));

    [Theory]
    [MemberData(nameof(Drivers))]
    public void The_console_prints_the_same_page_within_a_hundred_columns(string driver)
    {
        foreach (HelpText text in new[] { Of(driver).English, Of(driver).French })
        {
            string printed = GuideText.Of(text);
            string[] words = [.. printed.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries)];

            Assert.All(printed.Split('\n'), line => Assert.InRange(line.Length, 0, 100));
            Assert.All(text.Sections, section => Assert.Contains($"\n{section.Heading}\n", printed));
            Assert.All(text.Sections.SelectMany(section => Words(section).Split(default(char[]), StringSplitOptions.RemoveEmptyEntries)), word => Assert.Contains(words, one => one.TrimEnd(':') == word.TrimEnd(':')));
        }
    }

    [Fact]
    public void Every_page_of_the_drivers_folders_can_be_read_and_has_its_other_language()
    {
        string[] pages = [.. Directory.EnumerateFiles(Repository.PathOf("ingest/Drivers"), "INSTALL.*.md", SearchOption.AllDirectories)];
        Assert.NotEmpty(pages);
        foreach (string english in pages.Where(page => page.EndsWith(".en.md", StringComparison.Ordinal)))
        {
            HelpText text = HelpReader.Read(File.ReadAllText(english), "en");
            HelpText french = HelpReader.Read(File.ReadAllText(english.Replace(".en.", ".fr.", StringComparison.Ordinal)), "fr");
            Assert.Equal(text.Sections.SelectMany(section => section.Blocks).Select(Shape), french.Sections.SelectMany(section => section.Blocks).Select(Shape));
        }
    }

    [Theory]
    [InlineData("title", "must begin with #")]
    [InlineData("# T\n\nlead\n\n## Pinout\n\nx", "the sections must be")]
    [InlineData("# T\n\n{sections}", "one paragraph must stand")]
    public void A_page_of_another_form_is_refused_with_what_is_wrong(string page, string said)
    {
        string text = page.Replace("{sections}", Sections("x", "**Yes.** x", "| DB-9 male | a |\n| --- | --- |\n| 2 | b |"), StringComparison.Ordinal);
        text = page == "title" ? "T\n\nlead\n\n" + Sections("x", "**Yes.** x", "x") : text;

        Assert.Contains(said, Assert.Throws<FormatException>(() => HelpReader.Read(text, "en")).Message);
    }

    [Theory]
    [InlineData("**Perhaps.** x", "x", "must begin with one of")]
    [InlineData("**Yes.** x", "| DB-9 male | a |\n| --- | --- |\n| 10 | b |", "a pin of the DB-9 male must be a number from 1 to 9")]
    [InlineData("**Yes.** x", "| DB-9 male | a |\n| --- | --- |\n| 2 |", "rows that are all as wide")]
    [InlineData("**Yes.** x", "", "'Pinout' is empty")]
    public void A_section_of_another_form_is_refused_with_what_is_wrong(string nullModem, string pinout, string said) =>
        Assert.Contains(said, Assert.Throws<FormatException>(() => HelpReader.Read("# T\n\nlead\n\n" + Sections("x", nullModem, pinout), "en")).Message);

    private static string Sections(string cable, string nullModem, string pinout) =>
        $"## Cable and connector\n\n{cable}\n\n## Pinout\n\n{pinout}\n\n## Null modem\n\n{nullModem}\n\n## Menu path on the device\n\nx\n\n## Line settings\n\nx\n\n"
        + "## Without transmitting (listen-only)\n\n**Everything.** x\n\n## Not known or not confirmed\n\nx\n";

    private static HelpPage Of(string driver)
    {
        Assert.Contains(Pages, page => page.Driver == driver);
        return Pages.Single(page => page.Driver == driver);
    }

    /// <summary>Kind, number of lines, and of tables the connector, the first column of pinouts and the width.</summary>
    private static string Shape(HelpBlock block) => block.Kind == HelpBlockKind.Pinout
        ? $"{block.Connector}: {string.Join(',', block.Cells.Skip(1).Select(row => row[0]))} of {block.Cells[0].Count}"
        : $"{block.Kind} {block.Lines.Count} {block.Cells.Count}";

    private static string[] Codes(HelpSection section) =>
        [.. section.Blocks.SelectMany(block => block.Lines).SelectMany(line => line).Where(span => span.Style == "code").Select(span => span.Text)];

    private static string Words(HelpSection section) => string.Join(
        '\n',
        section.Blocks.SelectMany(block => block.Lines.Select(HelpReader.Plain).Concat(block.Cells.SelectMany(row => row))));
}
