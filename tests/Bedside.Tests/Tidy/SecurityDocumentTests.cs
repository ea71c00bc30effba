using System.Text.RegularExpressions;

namespace Bedside.Tests.Tidy;

/// <summary>docs/SECURITY.md and docs/ASVS.md claim what a test shows, and no test that is not there.</summary>
public partial class SecurityDocumentTests
{
    private const string Security = "docs/SECURITY.md";
    private const string Asvs = "docs/ASVS.md";

    private static readonly string[] States = ["holds", "partly", "not yet", "not applicable"];

    /// <summary>What makes markup or a program of a text, in a page.</summary>
    private static readonly string[] Makers = ["innerHTML", "outerHTML", "InnerHTML", "insertAdjacentHTML", "document.write", "new Function(", "eval("];

    /// <summary>The source of each class of tests, by the name of its files.</summary>
    private static readonly Dictionary<string, string> Classes = Directory.EnumerateFiles(Repository.PathOf("tests"), "*Tests*.cs", SearchOption.AllDirectories)
        .Where(file => !file.Contains("node_modules", StringComparison.Ordinal))
        .GroupBy(file => Path.GetFileName(file).Split('.')[0], StringComparer.Ordinal)
        .ToDictionary(files => files.Key, files => string.Concat(files.Select(File.ReadAllText)), StringComparer.Ordinal);

    private static readonly string Tests = string.Concat(Classes.Values);

    private static Match[] Rows => [.. Row.Matches(Read(Asvs)).Cast<Match>()];

    [Theory]
    [InlineData(Security, 10)]
    [InlineData(Asvs, 100)]
    public void Every_test_that_is_named_as_evidence_is_there(string document, int least)
    {
        Match[] named = [.. Evidence.Matches(Read(document)).Cast<Match>()];
        Assert.True(named.Length > least, $"only {named.Length} tests are named");
        Assert.All(named, one =>
        {
            string name = one.Groups["class"].Value;
            Assert.True(Classes.TryGetValue(name, out string? source), $"there is no file of {name}");
            Assert.Contains(one.Groups["method"].Success ? $" {one.Groups["method"].Value}(" : $"class {name}", source, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Every_sentence_in_quotation_marks_is_the_name_of_a_test()
    {
        Match[] quoted = [.. Quotation.Matches(Read(Security)).Cast<Match>()];
        Assert.True(quoted.Length > 5, $"only {quoted.Length} sentences");
        Assert.All(quoted, one => Assert.Contains($" {WordsOnly.Replace(one.Groups["sentence"].Value, "_")}", Tests, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_file_that_is_named_as_evidence_is_there()
    {
        Match[] named = [.. NamedFile.Matches(Read(Asvs)).Cast<Match>()];
        Assert.True(named.Length > 10, $"only {named.Length} files are named");
        Assert.All(named, one => Assert.True(Path.Exists(Repository.PathOf(one.Groups["path"].Value)), $"there is no {one.Value}"));
    }

    /// <summary>ASVS 5.0 has 70 requirements of level 1 and 183 of level 2.</summary>
    [Fact]
    public void Every_requirement_has_one_row_with_one_of_four_states_and_what_holds_has_evidence()
    {
        Match[] rows = Rows;
        Assert.Equal(RowBegin.Count(Read(Asvs)), rows.Length);
        Assert.Equal(rows.Length, rows.Select(row => row.Groups["id"].Value).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(70, rows.Count(row => row.Groups["level"].Value == "1"));
        Assert.Equal(183, rows.Count(row => row.Groups["level"].Value == "2"));
        Assert.All(rows, row => Assert.Contains(row.Groups["state"].Value, States));
        Assert.All(rows.Where(row => row.Groups["state"].Value == States[0]), row => Assert.Contains('`', row.Groups["why"].Value));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("2")]
    public void The_numbers_of_the_page_are_those_of_its_rows(string level)
    {
        string[] states = [.. Rows.Where(row => row.Groups["level"].Value == level).Select(row => row.Groups["state"].Value)];
        string counts = string.Join(" | ", States.Select(state => states.Count(one => one == state)));

        Assert.Contains($"\n| {level} | {counts} | {states.Length} |\n", Read(Asvs), StringComparison.Ordinal);
    }

    [Fact]
    public void No_page_makes_markup_or_code_of_a_text() => Assert.DoesNotContain(
        Directory.EnumerateFiles(Repository.PathOf("viewer/web/src"), "*.ts*", SearchOption.AllDirectories),
        file => Makers.Any(maker => File.ReadAllText(file).Contains(maker, StringComparison.Ordinal)));

    private static string Read(string document) => File.ReadAllText(Repository.PathOf(document));

    [GeneratedRegex(@"`(?<class>[A-Z]\w+Tests)(\.(?<method>\w+))?`", RegexOptions.ExplicitCapture)]
    private static partial Regex Evidence { get; }

    [GeneratedRegex("""\*"(?<sentence>[^"]+)"\*""", RegexOptions.ExplicitCapture)]
    private static partial Regex Quotation { get; }

    [GeneratedRegex("[^A-Za-z0-9]+")]
    private static partial Regex WordsOnly { get; }

    [GeneratedRegex(@"`(?<path>[A-Za-z][\w.-]*(/[\w.-]+)+)`", RegexOptions.ExplicitCapture)]
    private static partial Regex NamedFile { get; }

    [GeneratedRegex(@"^\| (?<id>\d+\.\d+\.\d+) \| (?<level>[12]) \| (?<what>[^|]+) \| (?<state>[^|]+) \| (?<why>[^|]+) \|$", RegexOptions.ExplicitCapture | RegexOptions.Multiline)]
    private static partial Regex Row { get; }

    [GeneratedRegex(@"^\| \d+\.\d", RegexOptions.Multiline)]
    private static partial Regex RowBegin { get; }
}
