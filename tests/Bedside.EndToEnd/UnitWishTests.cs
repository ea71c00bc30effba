using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Bedside.EndToEnd;

/// <summary>Two real boxes of a unit: what a patient says at one bed is known at the other, and nothing leaves while it cannot be known.</summary>
public sealed class UnitWishTests
{
    private const string Zone = "icu.home.arpa";
    private const string Head = "bed7." + Zone;
    private const string Bed = "bed8." + Zone;
    private const int Port = 8443;
    private static readonly WardPatient Patient = new("CANARY0911", "CANARYNINE");

    [Fact]
    public async Task A_no_at_one_bed_is_known_at_the_other_within_a_minute_and_taken_back_there_and_a_silent_box_or_head_lets_nothing_go()
    {
        using var folder = new Folder();
        string at = Own();
        await JoinAsync(folder, at);
        await using Box head = await Box.StartAsync(folder["head"], "--listen", $"{at}:{Port}", "--hl7", "0", "--hl7-bed", WardPatient.Bed);
        Box bed = await Box.StartAsync(folder["bed"], "--listen", "127.0.0.1:0");
        try
        {
            await WishesAsync(folder["bed"], (refused, silent) => refused == 0 && silent.Length == 0);
            string stay = await InBedAsync(head);
            using var http = new HttpClient { BaseAddress = head.Address };
            using (HttpResponseMessage no = await http.PostAsJsonAsync($"/api/v1/stays/{stay}/research/refusal", new { }))
            {
                Assert.True(no.IsSuccessStatusCode, await no.Content.ReadAsStringAsync());
            }

            long said = TimeProvider.System.GetTimestamp();
            await WishesAsync(folder["bed"], (refused, _) => refused > 0);
            TimeSpan took = TimeProvider.System.GetElapsedTime(said);
            Assert.True(took < TimeSpan.FromSeconds(60), $"known after {took.TotalSeconds:0.0} s");
            Assert.Contains("patients", await SaidAsync(0, "extract", "availability", "--data", folder["bed"]), StringComparison.Ordinal);

            using (HttpResponseMessage yes = await http.DeleteAsync($"/api/v1/stays/{stay}/research/refusal"))
            {
                Assert.True(yes.IsSuccessStatusCode, await yes.Content.ReadAsStringAsync());
            }

            await WishesAsync(folder["bed"], (refused, _) => refused == 0);
        }
        finally
        {
            await bed.Process.KillAsync();
            await bed.DisposeAsync();
        }

        await WishesAsync(folder["bed"], (_, silent) => silent.SequenceEqual([Bed]));
        Assert.Contains($"has not heard of {Bed}", await SaidAsync(1, "extract", "availability", "--data", folder["bed"]), StringComparison.Ordinal);
        await head.Process.KillAsync();
        Assert.Contains("nothing leaves unasked", await SaidAsync(1, "extract", "availability", "--data", folder["bed"]), StringComparison.Ordinal);
    }

    /// <summary>An address of the loopback that no other test has.</summary>
    private static string Own() => string.Create(CultureInfo.InvariantCulture, $"127.{Environment.ProcessId >> 8 & 127 | 64}.{Environment.ProcessId & 255}.93");

    private static async Task JoinAsync(Folder folder, string at)
    {
        _ = await SaidAsync(0, "unit", "create", "--name", "ICU", "--zone", Zone, "--host", Head, "--port", $"{Port}", "--root-key", folder["root.key"], "--data", folder["head"], "--json");
        await using Running invite = Installed.Bedside("unit", "invite", "--host", Bed, "--listen", $"{at}:0", "--data", folder["head"]);
        _ = await SaidAsync(0, "unit", "join", await invite.LineAsync("code "), "--address", at, "--data", folder["bed"]);
        Assert.Equal(0, await invite.EndAsync());
    }

    /// <summary>Asked as a person would, until it is so.</summary>
    private static Task WishesAsync(string data, Func<int, string[], bool> isSo)
    {
        string last = string.Empty;
        return Until.TrueAsync(
            async () =>
            {
                await using Running command = Installed.Bedside("unit", "wishes", "--json", "--data", data);
                _ = await command.EndAsync();
                last = string.Concat(command.Output) + command.Errors;
                if (!command.Output.Any())
                {
                    return false;
                }

                JsonElement answer = JsonSerializer.Deserialize<JsonElement>(string.Concat(command.Output));
                return isSo(answer.GetProperty("refused").GetInt32(), [.. answer.GetProperty("silent").EnumerateArray().Select(one => one.GetString()!)]);
            },
            90,
            () => last);
    }

    private static async Task<string> InBedAsync(Box box)
    {
        var port = IPEndPoint.Parse(await box.Process.LineAsync("hl7 "));
        string stay = string.Empty;
        int sent = 0;
        Assert.Equal(1, await Mllp.SendAsync(port, [Patient.Says("A01", TimeProvider.System.GetUtcNow().AddSeconds(-1), WardPatient.Bed)], CancellationToken.None));
        await Until.TrueAsync(
            async () =>
            {
                Assert.Equal(1, await Mllp.SendAsync(port, [Patient.Rate(++sent, TimeProvider.System.GetUtcNow(), 71)], CancellationToken.None));
                stay = (await box.GetAsync("/api/v1/stays/present/research")).GetProperty("stay").GetString()!;
                return stay.Length > 0;
            },
            30,
            () => box.Process.Errors);
        return stay;
    }

    private static async Task<string> SaidAsync(int exit, params string[] arguments)
    {
        await using Running command = Installed.Bedside(arguments);
        Assert.True(await command.EndAsync() == exit, string.Join('\n', command.Output) + command.Errors);
        return string.Join('\n', command.Output) + command.Errors;
    }
}
