using System.Text.Json;

namespace Bedside.EndToEnd;

/// <summary>The root key of a unit in the hands of three people, by the commands that they would type.</summary>
public sealed class RootSharesTests
{
    [Fact]
    public async Task Two_of_three_people_make_the_issuer_anew_and_one_alone_does_not()
    {
        using var folder = new Folder();
        string said = await SaidAsync(
            0, typed: null, "unit", "create", "--name", "ICU", "--zone", "icu.home.arpa", "--host", "bed7.icu.home.arpa", "--root-key", folder["root.key"], "--shares", "--data", folder["head"], "--json");
        using var created = JsonDocument.Parse(said);
        Assert.False(created.RootElement.TryGetProperty("words", out _), "the words are told beside the shares");
        string[] shares = [.. created.RootElement.GetProperty("shares").EnumerateArray().Select(share => share.GetString()!)];
        Assert.Equal(3, shares.Length);
        Assert.DoesNotContain(shares, share => File.ReadAllText(folder["root.key"]).Contains(share, StringComparison.Ordinal));

        string before = await AuthorityAsync(folder);
        Assert.Contains("one share of the root key is worth nothing", await ReissueAsync(1, folder, shares[1]), StringComparison.Ordinal);
        Assert.Contains("given twice", await ReissueAsync(1, folder, shares[1], shares[1]), StringComparison.Ordinal);
        Assert.Contains("mistyped", await ReissueAsync(1, folder, shares[0], shares[2][..^1] + (shares[2][^1] == '0' ? '1' : '0')), StringComparison.Ordinal);
        Assert.Equal(before, await AuthorityAsync(folder));
        Assert.Contains("made anew", await ReissueAsync(0, folder, shares[2], shares[0]), StringComparison.Ordinal);
        Assert.NotEqual(before, await AuthorityAsync(folder));
    }

    [Fact]
    public async Task Two_shares_are_asked_for_one_after_the_other()
    {
        using var folder = new Folder();
        string told = await SaidAsync(
            0, typed: null, "unit", "create", "--name", "ICU", "--zone", "icu.home.arpa", "--host", "bed7.icu.home.arpa", "--root-key", folder["root.key"], "--shares", "--data", folder["head"]);
        string[] shares = [.. told.Split('\n').Select(line => line.Trim()).Where(line => line.StartsWith("share-", StringComparison.Ordinal))];
        Assert.Contains("made anew", await SaidAsync(0, shares[..2], "unit", "reissue", "--root-key", folder["root.key"], "--data", folder["head"]), StringComparison.Ordinal);
    }

    private static async Task<string> ReissueAsync(int exit, Folder folder, params string[] shares)
    {
        await File.WriteAllLinesAsync(folder["words"], shares);
        return await SaidAsync(exit, typed: null, "unit", "reissue", "--root-key", folder["root.key"], "--words", folder["words"], "--data", folder["head"]);
    }

    private static async Task<string> AuthorityAsync(Folder folder) => Convert.ToHexString(await File.ReadAllBytesAsync(Path.Combine(folder["head"], "unit-authority")));

    private static async Task<string> SaidAsync(int exit, string[]? typed, params string[] words)
    {
        await using Running command = Installed.Bedside(words);
        foreach (string line in typed ?? [])
        {
            await command.SayAsync(line);
        }

        int ended = await command.EndAsync();
        string said = $"{string.Join('\n', command.Output)}\n{command.Errors}";
        Assert.True(exit == ended, said);
        return said.Trim();
    }
}
