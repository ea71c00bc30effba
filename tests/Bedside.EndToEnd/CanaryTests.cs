using System.Globalization;
using System.Net;
using System.Text;

namespace Bedside.EndToEnd;

/// <summary>A real box whose bed and whose patient have names that occur nowhere else, looked for in everything that it leaves.</summary>
public sealed class CanaryTests
{
    private const string Bed = "CANARYBED";
    private const string Family = "KANARIEN";
    private const string Given = "ZOFIELINE";
    private const string Number = "CANARY0815";
    private static readonly string[] Patient = [Family, Given, Number, "1950-02-03", "19500203"];

    [Fact]
    public async Task Of_the_patient_whom_a_monitor_names_and_of_the_bed_nothing_is_left_in_the_clear_in_any_file()
    {
        using var folder = new Folder();
        await File.WriteAllTextAsync(folder["config.json"], $$"""{"bed":"{{Bed}}"}""");
        string line = folder["monitor"];
        await using Running monitor = Installed.Simulator("philips-intellivue", "--pty", "--link", line, "--seed", "7", "--accept-delay", "0.05", "--admit", $"{Family},{Given},{Number},1950-02-03,f");
        await monitor.LineAsync("ready ");
        string errors;
        await using (Box box = await Box.StartAsync(folder["data"], "--config", folder["config.json"], "--serial", $"{line}=philips-intellivue"))
        {
            await box.LiveAsync(waves: 1, numerics: 3);

            // The vault has who it is once the monitor was asked.
            await Until.TrueAsync(() => File.Exists(Path.Combine(folder["data"], "identities")), 60, () => $"nobody was named: {box.Process.Errors}");
            foreach (string path in (string[])["health", "devices", "diagnostic", "signals", "numerics", "alerts", "ports", "stays", "events"])
            {
                string said = (await box.GetAsync($"/api/v1/{path}")).GetRawText();
                Assert.All(Patient, canary => Assert.DoesNotContain(canary, said, StringComparison.OrdinalIgnoreCase));
            }

            await box.Process.KillAsync();
            errors = box.Process.Errors;
        }

        Assert.All([Bed, .. Patient], canary => Assert.DoesNotContain(canary, errors, StringComparison.OrdinalIgnoreCase));
        Assert.True(File.Exists(Path.Combine(folder["data"], "settings")), "no settings");
        Assert.Empty(Found(folder["data"], [Bed, .. Patient]));
    }

    /// <summary>A bed that is named at the screen stands in a draft, in the version in effect and in those before it; all of them outlive a restart.</summary>
    [Fact]
    public async Task Of_a_bed_that_is_named_at_the_screen_no_version_and_no_draft_is_left_in_the_clear_in_any_file_or_log()
    {
        using var folder = new Folder();
        string[] beds = [$"{Bed}1", $"{Bed}2", $"{Bed}3"];
        var errors = new StringBuilder();
        for (int run = 0; run < 2; run++)
        {
            await using Box box = await Box.StartAsync(folder["data"]);
            Assert.Equal(run == 0 ? "1" : beds[1], (await box.GetAsync("/api/v1/session")).GetProperty("bed").GetString());
            foreach (string bed in run == 0 ? beds : [])
            {
                int rests = (await box.GetAsync("/api/v1/settings")).GetProperty("number").GetInt32();
                await SayAsync(box, HttpMethod.Put, "/api/v1/settings/draft", $$$"""{"rests":{{{rests}}},"settings":{"bed":"{{{bed}}}"}}""");
                if (bed != beds[^1])
                {
                    await SayAsync(box, HttpMethod.Post, "/api/v1/settings/apply", "{}");
                }
            }

            await box.Process.TerminateAsync();
            Assert.Equal(0, await box.Process.EndAsync());
            _ = errors.Append(box.Process.Errors).AppendJoin('\n', box.Process.Output);
        }

        Assert.DoesNotContain(Bed, errors.ToString(), StringComparison.OrdinalIgnoreCase);
        Assert.Empty(Found(folder["data"], [Bed]));
    }

    /// <summary>What HL7 says of a bed, of devices, of alarms and of patients: it comes to the store, the vault and the book of stays, and stands in none of their files and in no log in the clear.</summary>
    [Fact]
    public async Task Of_what_gateways_and_admissions_say_of_bed_device_alarm_and_patient_nothing_is_left_in_the_clear_in_any_file_or_log()
    {
        const string Device = "CANARYDEVICE";
        const string Alarm = "CANARYALARM";
        string[] canaries = [Bed, Device, Alarm, .. Patient];
        using var folder = new Folder();
        await File.WriteAllTextAsync(folder["config.json"], $$"""{"bed":"{{Bed}}"}""");
        await using Box box = await Box.StartAsync(folder["data"], "--config", folder["config.json"], "--hl7", "0", "--hl7-bed", $"ICU^^{Bed}");
        var port = IPEndPoint.Parse(await box.Process.LineAsync("hl7 "));
        string now = TimeProvider.System.GetUtcNow().ToString("yyyyMMddHHmmss'+0000'", CultureInfo.InvariantCulture);
        string person = $"PID|1||{Number}^^^H^MR||{Family}^{Given}||19500203|F\rPV1|1|I|ICU^^{Bed}\r";
        string alert = $"OBR|1||7|196616^MDC_EVT_ALARM^MDC|||{now}\rOBX|1|CWE|196616^MDC_EVT_ALARM^MDC|1.1.1.147842.1|196670^MDC_EVT_LO^MDC^^^^^^{Alarm}|||L~PM~SP|||F||||||{Device}2^^{Device}3^EUI-64\r"
            + "OBX|2|ST|68481^MDC_ATTR_EVENT_PHASE^MDC|1.1.1.147842.3|start||||||F\rOBX|3|ST|68482^MDC_ATTR_ALARM_STATE^MDC|1.1.1.147842.4|active||||||F\r";
        string value = $"OBR|1|a|b|182777000^monitoring of patient^SCT|||{now}\rOBX|1|NM|147842^MDC_ECG_HEART_RATE^MDC|1.1.1.147842|80|264864^MDC_DIM_BEAT_PER_MIN^MDC|||||R||||||{Device}4^^{Device}5^EUI-64\r";
        Assert.Equal("AA", await Mllp.AskAsync(port, $"MSH|^~\\&|ADT{Device}|H|||{now}||ADT^A01^ADT_A01|1|P|2.5\rEVN|A01|{now}||||{now}\r{person}"));
        Assert.Equal("CA", await Mllp.AskAsync(port, $"MSH|^~\\&|{Device}|WARD|||{now}||ORU^R01^ORU_R01|2|P|2.6|||AL|NE||UNICODE UTF-8\r{person}{value}"));
        Assert.Equal("CA", await Mllp.AskAsync(port, $"MSH|^~\\&|{Device}|WARD|||{now}||ORU^R40^ORU_R40|3|P|2.6|||AL|NE||UNICODE UTF-8\r{person}{alert}"));
        Assert.Equal("AR", await Mllp.AskAsync(port, $"MSH|^~\\&|ADT{Device}|H|||{now}||ADT^A01^ADT_A01|4|P|2.5\rEVN|A01|{now}\r{person[..person.IndexOf("PV1", StringComparison.Ordinal)]}"));
        await Until.TrueAsync(async () => (await box.GetAsync("/api/v1/alerts")).GetRawText().Contains(Alarm, StringComparison.Ordinal), 20, () => $"the alarm is not shown: {box.Process.Errors}");
        await box.Process.TerminateAsync();
        Assert.Equal(0, await box.Process.EndAsync());

        Assert.All(canaries, canary => Assert.DoesNotContain(canary, box.Process.Errors, StringComparison.OrdinalIgnoreCase));
        Assert.Superset(new HashSet<string>(["identities", "settings", "stays", "audit"], StringComparer.Ordinal), Directory.EnumerateFileSystemEntries(folder["data"]).Select(entry => Path.GetFileName(entry)).ToHashSet(StringComparer.Ordinal));
        Assert.Empty(Found(folder["data"], canaries));
    }

    private static async Task SayAsync(Box box, HttpMethod method, string path, string body)
    {
        using var http = new HttpClient { BaseAddress = box.Address };
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        using HttpResponseMessage answer = await http.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {await answer.Content.ReadAsStringAsync()}");
    }

    /// <summary>Every file of the folder, whatever it is called, that has one of them.</summary>
    private static string[] Found(string folder, string[] canaries) =>
        [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).SelectMany(file => In(file, canaries).Select(canary => $"{Path.GetRelativePath(folder, file)} {canary}"))];

    /// <summary>Which of them a file has, in the writings in which text is kept.</summary>
    private static IEnumerable<string> In(string file, string[] canaries)
    {
        byte[] bytes = File.ReadAllBytes(file);
        return canaries.Where(canary => ((Encoding[])[Encoding.UTF8, Encoding.Unicode, Encoding.BigEndianUnicode]).Any(writing => bytes.AsSpan().IndexOf(writing.GetBytes(canary)) >= 0));
    }
}
