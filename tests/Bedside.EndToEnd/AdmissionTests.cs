using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace Bedside.EndToEnd;

/// <summary>A real box that a simulated gateway tells of its devices and of the admissions of a unit: everything is answered, and no name and no number of a patient is in any file, line or answer.</summary>
public partial class AdmissionTests
{
    private const string Canary = "CANARYFAMILY";
    private static readonly string[] Canaries = ["TEST-00", Canary, "CANARY0815", "19500203", "1950-02-03", "^^^SIM^MR"];

    [Fact]
    public async Task The_admissions_of_a_unit_come_in_beside_the_devices_and_nobodys_name_is_anywhere()
    {
        using var folder = new Folder();
        await using Box box = await Box.StartAsync(folder["data"], "--hl7", "0", "--hl7-bed", "7");
        var port = IPEndPoint.Parse(await box.Process.LineAsync("hl7 "));
        await using (Running gateway = Installed.Simulator("hl7-gateway", "--tcp", $"{port}", "--admissions", "--adt-every", "0.1", "--every", "0.2", "--seed", "3", "--fault", "adt-shuffled@1+1", "--fault", "adt-duplicate@3+1", "--fault", "adt-cancel@5+1"))
        {
            await box.LiveAsync(waves: 0, numerics: 6);
            var heard = new HashSet<string>(StringComparer.Ordinal);
            await Until.TrueAsync(async () => heard.Add((await box.GetAsync("/api/v1/numerics")).GetProperty("numerics")[0].GetProperty("time").ToString()) && heard.Count >= 12, 60, () => $"{heard.Count} values: {gateway.Errors}");
        }

        Assert.Equal("AA", await Mllp.AskAsync(port, Message("A01", "||CANARY0815^^^H^MR||" + Canary + "^GIVEN||19500203|F", "PV1|1|I|ICU^^7")));
        Assert.Equal("AA", await Mllp.AskAsync(port, Message("A08", "||CANARY0815^^^H^MR||" + Canary + "^GIVEN||19500203|F", "PV1|1|I|ICU^^7")));
        var answers = new StringBuilder();
        foreach (string path in (string[])["/api/v1/session", "/api/v1/signals", "/api/v1/numerics", "/api/v1/devices", "/api/v1/health", "/api/v1/ports", "/api/v1/events", "/api/v1/annotations"])
        {
            answers.Append(await box.GetAsync(path));
        }

        await box.Process.TerminateAsync();
        Assert.Equal(0, await box.Process.EndAsync());
        Match counted = Counted.Match(box.Process.Errors);
        Assert.True(counted.Success && int.Parse(counted.Groups["count"].Value, CultureInfo.InvariantCulture) >= 10, box.Process.Errors);
        answers.Append(box.Process.Errors).AppendJoin('\n', box.Process.Output);
        Nobody.In(answers.ToString(), "answers and logs", Canaries);
        await Nobody.InFilesAsync(folder["data"], Canaries);

        await using Running verify = Installed.Bedside("verify", "--data", folder["data"]);
        Assert.True(await verify.EndAsync() == 0, verify.Errors);
    }

    private static string Message(string name, string pid, string visit) =>
        $"MSH|^~\\&|ADT|H|||20260315100000+0000||ADT^{name}^ADT_{name}|{name}|P|2.5\rEVN|{name}|20260315100000+0000||||20260315095900+0000\rPID|1{pid}\r{visit}\r";

    [GeneratedRegex(@"(?<count>\d+) (NotUsed|Admission)")]
    private static partial Regex Counted { get; }
}
