using System.Globalization;
using System.Text.Json;

namespace Bedside.EndToEnd;

/// <summary>Two real boxes of a unit witness each other's journals by themselves; the journal of one is rolled back beneath it.</summary>
public sealed class UnitWitnessTests
{
    private const string Zone = "icu.home.arpa";
    private const string Bed = "bed8." + Zone;
    private const int Port = 8443;

    [Fact]
    public async Task Journals_are_cosigned_without_anybody_and_one_that_was_put_back_to_an_older_state_is_named_on_both_boxes()
    {
        using var folder = new Folder();
        string at = string.Create(CultureInfo.InvariantCulture, $"127.{(Environment.ProcessId >> 8 & 127) | 64}.{Environment.ProcessId & 255}.94");
        _ = await SaidAsync(0, "unit", "create", "--name", "ICU", "--zone", Zone, "--host", "bed7." + Zone, "--port", $"{Port}", "--root-key", folder["root.key"], "--data", folder["head"], "--json");
        await using (Running invite = Installed.Bedside("unit", "invite", "--host", Bed, "--listen", $"{at}:0", "--data", folder["head"]))
        {
            _ = await SaidAsync(0, "unit", "join", await invite.LineAsync("code "), "--address", at, "--data", folder["bed"]);
            Assert.Equal(0, await invite.EndAsync());
        }

        await using Box head = await Box.StartAsync(folder["head"], "--listen", $"{at}:{Port}");
        string old = folder["old"];
        await using (Box bed = await Box.StartAsync(folder["bed"], "--listen", "127.0.0.1:0"))
        {
            await UntilHeldAsync(folder["bed"]);
            await UntilHeldAsync(folder["head"]);
            await bed.Process.KillAsync();
        }

        // Somebody keeps the journal as it is, lets more be written and witnessed, and puts it back.
        Copy(Path.Combine(folder["bed"], "audit"), old);
        long seen = await WitnessedAsync(folder["head"]);
        await using (Box bed = await Box.StartAsync(folder["bed"], "--listen", "127.0.0.1:0"))
        {
            await Until.TrueAsync(async () => await WitnessedAsync(folder["head"]) > seen, 120, () => bed.Process.Errors + head.Process.Errors);
            await bed.Process.KillAsync();
        }

        Directory.Delete(Path.Combine(folder["bed"], "audit"), recursive: true);
        Copy(old, Path.Combine(folder["bed"], "audit"));
        await using Box back = await Box.StartAsync(folder["bed"], "--listen", "127.0.0.1:0");
        await Until.TrueAsync(async () => await NotedAsync(back), 120, () => back.Process.Errors + head.Process.Errors);
        Assert.True(await NotedAsync(head));
        Assert.Contains("the unit head says", back.Process.Errors, StringComparison.Ordinal);

        _ = await SaidAsync(0, "audit", "witnessed", "--data", folder["head"], "--out", folder["seen"]);
        string file = Assert.Single(Directory.GetFiles(folder["seen"]));
        Assert.Contains("older state was put back", await SaidAsync(1, "audit", "verify", "--data", folder["bed"], "--checkpoint", file), StringComparison.Ordinal);
    }

    private static async Task<bool> NotedAsync(Box box)
    {
        JsonElement health = await box.GetAsync("/api/v1/health");
        return health.GetProperty("lights").EnumerateArray().Any(light =>
            light.GetProperty("part").GetString() == "journal" && light.GetProperty("state").GetString() == "attention" && light.GetProperty("sentence").GetProperty("en").GetString()!.Contains("cut or replaced", StringComparison.Ordinal));
    }

    /// <summary>Verified as a person would, until another box's word is among what it was held against.</summary>
    private static Task UntilHeldAsync(string data)
    {
        string last = string.Empty;
        return Until.TrueAsync(
            async () =>
            {
                last = await SaidAsync(0, "audit", "verify", "--data", data);
                return last.Contains("cosigned by bedside.audit/", StringComparison.Ordinal);
            },
            120,
            () => last);
    }

    private static async Task<long> WitnessedAsync(string data) =>
        Assert.Single(JsonSerializer.Deserialize<JsonElement>(await SaidAsync(0, "audit", "witnessed", "--data", data, "--json")).EnumerateArray()).GetProperty("entries").GetInt64();

    private static void Copy(string from, string to)
    {
        _ = Directory.CreateDirectory(to);
        foreach (string file in Directory.GetFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }

    private static async Task<string> SaidAsync(int exit, params string[] arguments)
    {
        await using Running command = Installed.Bedside(arguments);
        Assert.True(await command.EndAsync() == exit, string.Join('\n', command.Output) + command.Errors);
        return string.Join('\n', command.Output) + (exit == 0 ? string.Empty : command.Errors);
    }
}
