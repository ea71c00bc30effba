using System.Text.Json;

namespace Bedside.EndToEnd;

/// <summary>The journal of access as a person meets it: a box that is killed, commands beside it, a witness, and somebody who changes it.</summary>
public class AuditTests
{
    [Fact]
    public async Task What_was_done_stands_in_the_journal_after_the_box_was_killed_and_whoever_changes_it_is_found()
    {
        using var folder = new Folder();
        string data = folder["data"];
        string line = folder["monitor"];
        await using Running monitor = await Installed.MonitorAsync(line, "5");
        string mark;
        await using (Box box = await Box.StartAsync(data, "--serial", $"{line}=philips-intellivue", "--ward-approved-by", "A. Named Person"))
        {
            await box.LiveAsync(waves: 1, numerics: 3);
            mark = await MarkAsync(box);

            // Beside the running box; a person's reason cannot break a line.
            _ = await SayAsync(0, "query", "--data", data, "--signal", "hr");
            _ = await SayAsync(0, "retention", "hold", "add", "study-7", "--data", data, "--reason", "line\r\nend \u001b[31m red");
            await box.Process.KillAsync();
        }

        await using (Box box = await Box.StartAsync(data, "--serial", $"{line}=philips-intellivue"))
        {
            _ = await SayAsync(0, "export", "--data", data, "--format", "csv", "--out", folder["out"], "--signals", "hr");
        }

        JsonElement[] entries = await ListAsync(data);
        string[] acts = [.. entries.Select(entry => entry.GetProperty("act").GetString()!)];
        Assert.Equal(["log.begin", "box.start"], acts[..2]);
        Assert.Equal(2, acts.Count(act => act == "box.start"));
        Assert.Equal("box.stop", acts[^1]);
        Assert.Equal(1, acts.Count(act => act == "box.stop"));
        foreach (string act in new[] { "ward.approve", "mark.make", "data.read", "hold.add", "data.export" })
        {
            Assert.Contains(act, acts);
        }

        JsonElement hold = entries.Single(entry => entry.GetProperty("act").GetString() == "hold.add");
        Assert.Equal(("console", "line\r\nend \u001b[31m red"), (hold.GetProperty("who").GetString(), hold.GetProperty("why").GetString()));
        Assert.Equal("A. Named Person", entries.Single(entry => entry.GetProperty("act").GetString() == "ward.approve").GetProperty("who").GetString());
        Assert.DoesNotContain(entries, entry => entry.GetRawText().Contains(mark, StringComparison.Ordinal));
        string[] shown = [.. (await SayAsync(0, "audit", "list", "--data", data, "--act", "hold", "--language", "fr")).Split('\n')];
        Assert.Contains("conservation imposée", Assert.Single(shown), StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', shown[0]);

        _ = await SayAsync(0, "audit", "verify", "--data", data);
        await TamperAsync(folder, data);
    }

    /// <summary>The key leaves the box, another box witnesses, then an entry is altered and the journal is rolled back.</summary>
    private static async Task TamperAsync(Folder folder, string data)
    {
        string key = folder["key.txt"];
        await File.WriteAllTextAsync(key, await SayAsync(0, "audit", "key", "--data", data, "--take"));
        Assert.Contains("was taken out", await SayAsync(1, "audit", "key", "--data", data), StringComparison.Ordinal);
        string before = folder["before"];
        Copy(Path.Combine(data, "audit"), before);

        _ = await SayAsync(0, "query", "--data", data, "--signal", "hr");
        Directory.CreateDirectory(folder["other"]);
        _ = await SayAsync(0, "audit", "checkpoint", "--data", data, "--old", "0", "--out", folder["asked"]);
        _ = await SayAsync(0, "audit", "cosign", folder["asked"], "--data", folder["other"], "--out", folder["witness"]);
        string held = await SayAsync(0, "audit", "verify", "--data", data, "--key", key, "--checkpoint", folder["witness"]);
        Assert.Contains("cosigned by bedside.audit/", held, StringComparison.Ordinal);
        Assert.DoesNotContain("limit ", held, StringComparison.Ordinal);

        string log = Path.Combine(data, "audit", "audit-000001.log");
        string[] lines = await File.ReadAllLinesAsync(log);
        await File.WriteAllTextAsync(log, string.Concat(lines.Select((line, i) => (i == 3 ? line.Replace("\"role\":\"", "\"role\":\"x", StringComparison.Ordinal) : line) + "\n")));
        Assert.Contains("entry 4 is altered", await SayAsync(1, "audit", "verify", "--data", data, "--key", key), StringComparison.Ordinal);

        Directory.Delete(Path.Combine(data, "audit"), recursive: true);
        Copy(before, Path.Combine(data, "audit"));
        _ = await SayAsync(0, "audit", "verify", "--data", data, "--key", key);
        Assert.Contains("are missing at the end", await SayAsync(1, "audit", "verify", "--data", data, "--key", key, "--checkpoint", folder["witness"]), StringComparison.Ordinal);
        _ = await SayAsync(0, "audit", "checkpoint", "--data", data, "--old", "0", "--out", folder["again"]);
        Assert.Contains("not cosigned", await SayAsync(1, "audit", "cosign", folder["again"], "--data", folder["other"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_journal_nothing_that_needs_an_entry_is_done_and_the_bed_is_seen_all_the_same()
    {
        using var folder = new Folder();
        string data = folder["data"];
        string line = folder["monitor"];
        await using Running monitor = await Installed.MonitorAsync(line, "5");
        Directory.CreateDirectory(data);
        await File.WriteAllTextAsync(Path.Combine(data, "audit"), "a file where the folder should be");
        await using Box box = await Box.StartAsync(data, "--serial", $"{line}=philips-intellivue");
        await box.LiveAsync(waves: 1, numerics: 3);
        using var http = new HttpClient { BaseAddress = box.Address };
        using HttpResponseMessage marked = await PostMarkAsync(http);
        Assert.Equal(503, (int)marked.StatusCode);
        Assert.Contains("journal", await marked.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using HttpResponseMessage read = await http.GetAsync(new Uri("/fhir/Observation", UriKind.Relative));
        Assert.Equal(503, (int)read.StatusCode);
        Assert.Contains("journal of access", await SayAsync(1, "query", "--data", data, "--signal", "hr"), StringComparison.Ordinal);
        Assert.Contains("journal of access", await SayAsync(1, "export", "--data", data, "--format", "csv", "--out", folder["out"]), StringComparison.Ordinal);
        await box.LiveAsync(waves: 1, numerics: 3);
    }

    private static async Task<string> MarkAsync(Box box)
    {
        using var http = new HttpClient { BaseAddress = box.Address };
        using HttpResponseMessage made = await PostMarkAsync(http);
        Assert.True(made.IsSuccessStatusCode, await made.Content.ReadAsStringAsync());
        return "nobody must read this in a journal";
    }

    private static Task<HttpResponseMessage> PostMarkAsync(HttpClient http) =>
        http.PostAsync(new Uri("/api/v1/annotations", UriKind.Relative), new StringContent("""{"kind":"note","text":"nobody must read this in a journal"}""", System.Text.Encoding.UTF8, "application/json"));

    private static async Task<JsonElement[]> ListAsync(string data) =>
        [.. (await SayAsync(0, "audit", "list", "--json", "--data", data)).Split('\n').Select(line => JsonDocument.Parse(line).RootElement)];

    /// <summary>What a command said, on both streams.</summary>
    private static async Task<string> SayAsync(int ends, params string[] arguments)
    {
        await using Running said = Installed.Bedside(arguments);
        int code = await said.EndAsync();
        Assert.True(code == ends, $"{string.Join(' ', arguments)}: {code}\n{string.Join('\n', said.Output)}\n{said.Errors}");
        return ends == 0 ? string.Join('\n', said.Output) : said.Errors;
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.GetFiles(from).Where(file => !file.Contains("reserve-", StringComparison.Ordinal)))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }
}
