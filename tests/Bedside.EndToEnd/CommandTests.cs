using System.Text.Json;

namespace Bedside.EndToEnd;

/// <summary>The command line as a user meets it.</summary>
public class CommandTests
{
    [Theory]
    [InlineData("run")]
    [InlineData("detect")]
    [InlineData("guide")]
    [InlineData("decode")]
    [InlineData("import")]
    [InlineData("evidence")]
    [InlineData("export")]
    [InlineData("query")]
    [InlineData("verify")]
    [InlineData("unit")]
    [InlineData("sbom")]
    [InlineData("bench")]
    public async Task Every_command_explains_itself(string command)
    {
        await using Running help = Installed.Bedside(command, "--help");
        Assert.Equal(0, await help.EndAsync());
        Assert.Contains(help.Output, line => line.Contains("Usage:", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("query")]
    [InlineData("nonsense")]
    [InlineData("export", "--format", "pdf", "--data", "x", "--out", "y")]
    [InlineData("run", "--port", "many")]
    public async Task Wrong_usage_exits_with_two_and_says_why(params string[] arguments)
    {
        await using Running wrong = Installed.Bedside(arguments);
        Assert.Equal(2, await wrong.EndAsync());
        Assert.NotEmpty(wrong.Errors);
    }

    [Theory]
    [InlineData("verify", "--data", "/nowhere/at/all")]
    [InlineData("decode", "/nowhere/at/all")]
    [InlineData("query", "--data", "/nowhere/at/all", "--signal", "hr")]
    [InlineData("guide", "no-such-device")]
    public async Task What_cannot_be_done_exits_with_one_and_one_plain_sentence(params string[] arguments)
    {
        await using Running failing = Installed.Bedside(arguments);
        Assert.Equal(1, await failing.EndAsync());
        Assert.StartsWith("bedside: ", failing.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", failing.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hamilton-polling", "pcmv")]
    [InlineData("bis-binary", "a-2000")]
    [InlineData("capnostream-20", "masimo")]
    public async Task An_experimental_driver_decodes_only_when_it_is_turned_on_and_says_what_it_is(string driver, string capture)
    {
        string file = Path.Combine(Installed.Root, "tests", "captures", driver, $"{capture}.cap");
        await using Running off = Installed.Bedside("decode", file);
        Assert.Equal(1, await off.EndAsync());
        Assert.Contains("no driver knows these bytes", off.Errors, StringComparison.Ordinal);

        foreach (string word in new[] { "--experimental", "--driver" })
        {
            await using Running on = Installed.Bedside("decode", word, driver, file);
            Assert.True(await on.EndAsync() == 0, on.Errors);
            Assert.Contains($"{driver} over serial", on.Errors, StringComparison.Ordinal);
            Assert.Contains("experimental: never tried on a real device", on.Errors, StringComparison.Ordinal);
            JsonElement device = on.Output.Select(line => JsonDocument.Parse(line).RootElement).First(said => Type(said) == "device");
            Assert.True(device.GetProperty("experimental").GetBoolean());
        }
    }

    [Fact]
    public async Task A_port_is_not_given_to_an_experimental_driver_that_is_off()
    {
        using var folder = new Folder();
        await using Running refused = Installed.Bedside("run", "--data", folder["data"], "--port", "0", "--serial", "/dev/ttyS0=hamilton-polling");
        Assert.Equal(1, await refused.EndAsync());
        Assert.Contains("add --experimental hamilton-polling", refused.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["data"]));
    }

    [Fact]
    public async Task A_guide_tells_how_a_device_is_connected_in_the_language_that_is_asked_for()
    {
        await using Running list = Installed.Bedside("guide", "--language", "en");
        await using Running french = Installed.Bedside("guide", "ge-datex-dri", "--language", "fr");
        await using Running english = Installed.Bedside("guide", "ge-datex-dri", "--language", "en");
        Assert.Equal((0, 0, 0), (await list.EndAsync(), await french.EndAsync(), await english.EndAsync()));

        Assert.Contains(list.Output, line => line.StartsWith("ge-datex-dri ", StringComparison.Ordinal));
        Assert.Contains("Brochage", french.Output);
        Assert.Contains("Pinout", english.Output);
        Assert.Contains(english.Output, line => line.StartsWith("1. 19200 8E1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_real_monitor_session_decodes_whole_and_without_a_fault()
    {
        if (Installed.Shared("data/captures/philips-intellivue/intellivue_enumeration.pcapng") is not { } capture)
        {
            return;
        }

        await using Running decode = Installed.Bedside("decode", capture);
        Assert.Equal(0, await decode.EndAsync());
        List<JsonElement> events = [.. decode.Output.Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.DoesNotContain(events, said => Type(said) == "fault");
        JsonElement[] waves = [.. events.Where(said => Type(said) == "waveform")];
        Assert.NotEmpty(waves);
        Assert.All(waves, wave => Assert.True(
            wave.GetProperty("signal").GetString() == "pleth" || wave.GetProperty("scale").ValueKind == JsonValueKind.Object,
            wave.GetProperty("signal").GetString()));
        Assert.Contains(events, said => Type(said) == "numeric" && said.GetProperty("signal").GetString() == "hr");
        Assert.Contains(events, said => Type(said) == "device");
        Assert.All(
            events.Where(said => Type(said) == "numeric"),
            said => Assert.Contains("demo-data", said.GetProperty("validity").EnumerateArray().Select(name => name.GetString())));
    }

    [Fact]
    public async Task An_imported_record_is_queried_verified_and_exported_as_it_was()
    {
        using var folder = new Folder();
        var random = new Random(9);
        int[] samples = [.. Enumerable.Range(0, 5000).Select(_ => random.Next(-1000, 1000))];
        new WfdbRecord([new WfdbRecord.Channel("ABP", 125, 16, 0, "mmHg", samples)]).Write(folder["made"], 125);

        await using Running import = Installed.Bedside("import", "wfdb", folder["made"], "--data", folder["data"]);
        Assert.True(await import.EndAsync() == 0, import.Errors);
        await using Running verify = Installed.Bedside("verify", "--data", folder["data"]);
        Assert.True(await verify.EndAsync() == 0, verify.Errors);
        await using Running query = Installed.Bedside("query", "--data", folder["data"], "--signal", "abp", "--json");
        Assert.Equal(0, await query.EndAsync());
        using var document = JsonDocument.Parse(string.Join('\n', query.Output));
        Assert.Equal(samples, document.RootElement.GetProperty("samples").EnumerateArray().Select(sample => sample.GetProperty("raw").GetInt32()));

        await using Running envelope = Installed.Bedside("query", "--data", folder["data"], "--signal", "abp", "--points", "10", "--json");
        Assert.Equal(0, await envelope.EndAsync());
        using var columns = JsonDocument.Parse(string.Join('\n', envelope.Output));
        Assert.Equal(5000, columns.RootElement.EnumerateArray().Sum(column => column.GetProperty("count").GetInt64()));
        Assert.Equal(samples.Min() / 16.0, columns.RootElement.EnumerateArray().Min(column => column.GetProperty("min").GetDouble()));

        await using Running export = Installed.Bedside("export", "--data", folder["data"], "--format", "wfdb", "--out", folder["out"]);
        Assert.True(await export.EndAsync() == 0, export.Errors);
        WfdbRecord.Channel exported = Assert.Single(Directory.GetFiles(folder["out"], "*.hea", SearchOption.AllDirectories).SelectMany(header => WfdbRecord.Read(header).Channels));
        Assert.Equal(samples, exported.Samples);
        Assert.Equal(16, exported.Gain);

        await using Running arrow = Installed.Bedside("export", "--data", folder["data"], "--format", "arrow", "--out", folder["arrow"]);
        Assert.True(await arrow.EndAsync() == 0, arrow.Errors);
        Assert.StartsWith("5000 samples", string.Join('\n', arrow.Output), StringComparison.Ordinal);
        byte[] waves = await File.ReadAllBytesAsync(Assert.Single(Directory.GetFiles(Path.Combine(folder["arrow"], "waves"))));
        Assert.Equal("ARROW1"u8.ToArray(), waves[^6..]);
    }

    private static string? Type(JsonElement said) => said.GetProperty("type").GetString();
}
