using System.Text.RegularExpressions;

namespace Bedside.Tests.Tidy;

/// <summary>docs/SECURITY.md claims what a test shows, and no test that is not there.</summary>
public partial class SecurityDocumentTests
{
    private static readonly string Tests = string.Concat(
        Directory.EnumerateFiles(Repository.PathOf("tests"), "*Tests*.cs", SearchOption.AllDirectories).Where(file => !file.Contains("node_modules", StringComparison.Ordinal)).Select(File.ReadAllText));

    private static string Document => File.ReadAllText(Repository.PathOf("docs/SECURITY.md"));

    [Fact]
    public void Every_test_that_is_named_as_evidence_is_there()
    {
        Match[] named = [.. Evidence.Matches(Document).Cast<Match>()];
        Assert.True(named.Length > 10, $"only {named.Length} tests are named");
        Assert.All(named, one =>
        {
            Assert.Contains($"class {one.Groups["class"].Value}", Tests, StringComparison.Ordinal);
            Assert.Contains($" {one.Groups["method"].Value}", Tests, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Every_sentence_in_quotation_marks_is_the_name_of_a_test()
    {
        Match[] quoted = [.. Quotation.Matches(Document).Cast<Match>()];
        Assert.True(quoted.Length > 5, $"only {quoted.Length} sentences");
        Assert.All(quoted, one => Assert.Contains($" {WordsOnly.Replace(one.Groups["sentence"].Value, "_")}", Tests, StringComparison.Ordinal));
    }

    [GeneratedRegex(@"`(?<class>[A-Z]\w+Tests)(\.(?<method>\w+))?`", RegexOptions.ExplicitCapture)]
    private static partial Regex Evidence { get; }

    [GeneratedRegex("""\*"(?<sentence>[^"]+)"\*""", RegexOptions.ExplicitCapture)]
    private static partial Regex Quotation { get; }

    [GeneratedRegex("[^A-Za-z0-9]+")]
    private static partial Regex WordsOnly { get; }
}
