using System.Globalization;
using System.Text.Json;

namespace Bedside.EndToEnd;

/// <summary>What is stored, sent as HL7 to programs of others and to a second box.</summary>
public class Hl7OutTests
{
    private const int Kills = 6;
    private static readonly string[] Approved = ["--hl7-out-bed", "5", "--hl7-out-approved-by", "A Person", "--hl7-out-every", "1s", "--hl7-out-name", "box-5"];

    [Fact]
    public async Task Without_a_named_person_nothing_is_sent()
    {
        using var folder = new Folder();
        await using Running box = Installed.Bedside("run", "--data", folder["data"], "--port", "0", "--hl7-out", "127.0.0.1:2575", "--hl7-out-bed", "5");
        Assert.Equal(1, await box.EndAsync());
        Assert.Contains("nothing leaves this box without a named person's approval", box.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("medplum.mjs")]
    [InlineData("simple-hl7.mjs")]
    [InlineData("node-hl7-server.mjs")]
    public Task Servers_of_others_read_and_acknowledge_every_value(string server) => ReadByAsync(server);

    [PythonHl7Fact]
    public Task The_server_of_python3_hl7_reads_and_acknowledges_every_value() => ReadByAsync("python_hl7.py");

    private static async Task ReadByAsync(string server)
    {
        using var folder = new Folder();
        await using Running destination = await StartAsync(server, folder["got"]);
        await using Running monitor = await Installed.MonitorAsync(folder["monitor"], "5");
        await using Box box = await Box.StartAsync(folder["data"], ["--serial", $"{folder["monitor"]}=philips-intellivue", "--hl7-out", $"127.0.0.1:{await destination.LineAsync("ready ")}", .. Approved]);
        await ArrivedAsync(box, folder["got"], values: 8);
        JsonElement outbound = (await box.GetAsync("/api/v1/health")).GetProperty("outbound");
        Assert.Equal(("fine", "A Person", 0), (outbound.GetProperty("state").GetString(), outbound.GetProperty("approvedBy").GetString(), outbound.GetProperty("refused").GetInt32()));
        Assert.StartsWith("Data are sent to 127.0.0.1:", outbound.GetProperty("sentence").GetProperty("en").GetString(), StringComparison.Ordinal);
        await AssertToldAsync(box, folder["got"]);
    }

    [Fact]
    public async Task Killed_again_and_again_it_tells_a_destination_that_knows_its_messages_each_value_once()
    {
        using var folder = new Folder();
        var random = new Random(11);
        await using Running destination = await StartAsync("medplum.mjs", folder["got"]);
        string to = $"127.0.0.1:{await destination.LineAsync("ready ")}";
        await using Running monitor = await Installed.MonitorAsync(folder["monitor"], "5");
        string[] arguments = ["--serial", $"{folder["monitor"]}=philips-intellivue", "--hl7-out", to, .. Approved];
        for (int kill = 0; kill < Kills; kill++)
        {
            int before = Messages(folder["got"]).Count;
            await using Box box = await Box.StartAsync(folder["data"], arguments);
            await Until.TrueAsync(() => Messages(folder["got"]).Count > before, 60, () => $"nothing was sent: {box.Process.Errors}");
            long wait = random.Next(0, 1500);
            long start = TimeProvider.System.GetTimestamp();
            await Until.TrueAsync(() => TimeProvider.System.GetElapsedTime(start).TotalMilliseconds >= wait, 5, () => "time stands still");
            await box.Process.KillAsync();
        }

        await using Box last = await Box.StartAsync(folder["data"], arguments);
        await ArrivedAsync(last, folder["got"], values: 10);
        await AssertToldAsync(last, folder["got"]);
        Assert.Single((await last.GetAsync($"/api/v1/events?{Today}")).EnumerateArray(), note => note.GetProperty("kind").GetString() == "hl7-out-approved");
    }

    [Fact]
    public async Task A_second_box_has_the_same_values_of_every_number()
    {
        using var folder = new Folder();
        await using Box other = await Box.StartAsync(folder["other"], "--hl7", "0", "--hl7-bed", "5");
        string to = await other.Process.LineAsync("hl7 ");
        await using Running monitor = await Installed.MonitorAsync(folder["monitor"], "5");
        await using Box box = await Box.StartAsync(folder["data"], ["--serial", $"{folder["monitor"]}=philips-intellivue", "--hl7-out", to, "--hl7-out-waves", .. Approved]);
        await Until.TrueAsync(async () => (await ValuesAsync(other, "spo2")).Count >= 10, 90, () => $"{box.Process.Errors}\n{other.Process.Errors}");
        foreach (string id in (string[])["hr", "spo2"])
        {
            string[] read = [.. (await ValuesAsync(other, id)).Select(value => value.Value)];
            string[] stored = [.. (await ValuesAsync(box, id)).Select(value => value.Value)];
            Assert.True(read.Length > 3, $"{id}: {read.Length}");
            Assert.Equal(stored[..read.Length], read);
        }

        Assert.Contains(await other.SignalsAsync(), signal => signal is { Id: "ecg-ii", Kind: "waveform" });
    }

    /// <summary>The hours around this test.</summary>
    private static string Today
    {
        get
        {
            DateTimeOffset now = TimeProvider.System.GetUtcNow();
            return string.Create(CultureInfo.InvariantCulture, $"from={now.AddHours(-12):yyyy-MM-ddTHH:mm:ssZ}&to={now.AddHours(12):yyyy-MM-ddTHH:mm:ssZ}");
        }
    }

    private static async Task<Running> StartAsync(string server, string file)
    {
        await File.WriteAllTextAsync(file, string.Empty);
        string clients = Path.Combine(Installed.Root, "tests", "clients");
        if (server.EndsWith(".py", StringComparison.Ordinal))
        {
            return Running.Start("/usr/bin/python3", [Path.Combine(clients, "hl7out", server), file]);
        }

        Assert.True(Directory.Exists(Path.Combine(clients, "node_modules")), "programs of others are missing: npm --prefix tests/clients ci");
        return Running.Start("node", [Path.Combine(clients, "hl7out", server), file]);
    }

    private static Task ArrivedAsync(Box box, string file, int values) =>
        Until.TrueAsync(() => Told(file, "spo2").Count >= values, 90, () => $"{Messages(file).Count} messages: {box.Process.Errors}");

    /// <summary>Each message once, by its control id.</summary>
    private static List<string> Messages(string file)
    {
        using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        string[] lines = reader.ReadToEnd().Split('\n');
        return [.. lines[..^1].Select(line => JsonSerializer.Deserialize<string>(line)!).DistinctBy(message => message.Split('|', 11)[9])];
    }

    /// <summary>Time and value of a signal, as they were told.</summary>
    private static List<(string Time, string Value)> Told(string file, string id) =>
    [
        .. Messages(file).SelectMany(message => message.Split('\r', '\n')).Select(row => row.Split('|'))
            .Where(row => row is ["OBX", _, "NM", ..] && row[3].Split('^') is [_, _, _, var own, _, "99BEDSIDE-ID"] && own == id)
            .Select(row => (row[14], row[5])),
    ];

    private static async Task<List<(string Time, string Value)>> ValuesAsync(Box box, string id)
    {
        if (!(await box.SignalsAsync()).Any(signal => signal.Id == id))
        {
            return [];
        }

        JsonElement answer = await box.GetAsync($"/api/v1/signals/{id}/samples?{Today}");
        return [.. answer.GetProperty("readings").EnumerateArray().Select(reading => (Stamp(reading.GetProperty("time").GetString()!), Number(reading.GetProperty("value"))))];
    }

    /// <summary>To 0.1 ms, as HL7 has it.</summary>
    private static string Stamp(string time)
    {
        long ticks = DateTimeOffset.Parse(time, CultureInfo.InvariantCulture).UtcTicks;
        return new DateTime((ticks + 500) / 1_000 * 1_000, DateTimeKind.Utc).ToString("yyyyMMddHHmmss.ffff'+0000'", CultureInfo.InvariantCulture);
    }

    private static string Number(JsonElement value) => value.ValueKind == JsonValueKind.Number ? value.GetDouble().ToString("R", CultureInfo.InvariantCulture) : string.Empty;

    /// <summary>Everything that is stored was told, once and in its order, up to the last that was told.</summary>
    private static async Task AssertToldAsync(Box box, string file)
    {
        foreach (string id in (string[])["hr", "spo2", "abp-sys"])
        {
            List<(string Time, string Value)> told = Told(file, id);
            List<(string Time, string Value)> stored = await ValuesAsync(box, id);
            Assert.True(told.Count > 3, $"{id}: {told.Count}");
            Assert.Equal(stored.Take(told.Count), told.Select(value => (value.Time, value.Value.Length == 0 ? string.Empty : double.Parse(value.Value, CultureInfo.InvariantCulture).ToString("R", CultureInfo.InvariantCulture))));
        }
    }
}

/// <summary>A test against an independent implementation; skipped, and said so, where Debian's python3-hl7 is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PythonHl7FactAttribute : FactAttribute
{
    public PythonHl7FactAttribute()
    {
        if (!File.Exists("/usr/bin/mllp_send"))
        {
            Skip = "python3-hl7 is not installed (Debian: apt-get install python3-hl7)";
        }
    }
}
