using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Bedside.Audit;
using Bedside.Model;
using Bedside.Model.Research;

namespace Bedside.Tests.Research;

/// <summary><c>bedside extract</c> from the form to the attestation, on a bed with 66 stays, with the clock moved.</summary>
public sealed partial class ExtractLifeTests
{
    private const string Id = "ST-2026-001";

    [Fact]
    public async Task A_study_goes_from_its_form_to_its_end_and_every_step_is_in_the_journal_and_in_the_public_log()
    {
        await using StudyWard ward = await StudyWard.StartAsync();
        Assert.StartsWith("whole", await ward.SayAsync("check", ward.File("request.json")), StringComparison.Ordinal);
        await ToReadyAsync(ward);
        string built = await ward.SayAsync("build", Id, "--as", "S1");
        Assert.Contains("patients 65", built, StringComparison.Ordinal);
        Assert.Contains("k = ", await ward.SayAsync("report", Id, "--as", "A1", "--language", "en"), StringComparison.Ordinal);
        await ward.SayAsync("release", Id, "--as", "A1");
        await ward.SayAsync("fetch", Id, "--as", "R2", "--out", ward.File("p.tar.age"));
        await ward.SayAsync("open", ward.File("p.tar.age"), "--identity", ward.File("secret"), "--out", ward.File("open"));
        AssertHasNoTrace(ward);

        Assert.Contains("fetched this package already", await ward.FailAsync("fetch", Id, "--as", "R2", "--out", ward.File("again.tar.age")), StringComparison.Ordinal);
        Assert.Contains("notice ", await ward.SayAsync("recall", Id, "--as", "O1", "--why", "The space was closed."), StringComparison.Ordinal);
        await ward.SayAsync("attest", Id, "--as", "R2");
        Assert.Contains("destroyed", await ward.SayAsync("expire", "--yes"), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(ward.Data, "research")));
        Assert.DoesNotContain(Id, await File.ReadAllTextAsync(Path.Combine(ward.Data, "study-keys")), StringComparison.Ordinal);

        string[] kinds = ["draft", "submit", "approve-first", "approve-second", "build", "release", "fetch", "recall", "attest-destruction", "expire"];
        JsonElement[] lines = [.. (await ward.SayAsync("log", "--json")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<JsonElement>(line))];
        Assert.Equal(kinds, lines.Select(line => line.GetProperty("kind").GetString()));
        Assert.Equal("65", lines[4].GetProperty("patients").GetString());
        Assert.Contains("10 lines, all", await ward.SayAsync("log", "--verify"), StringComparison.Ordinal);
        string[] acts = [.. Journal(ward).Where(act => act.StartsWith("research.", StringComparison.Ordinal) && act is not ("research.look" or "research.use"))];
        Assert.Equal(["research.draft", "research.submit", "research.approve-first", "research.approve-second", "research.build", "research.release", "research.fetch", "research.recall", "research.attest", "research.expire"], acts);
        Assert.Equal(StudyWard.Stays, Journal(ward).Count(act => act == "research.use"));
    }

    [Fact]
    public async Task Who_may_not_and_what_comes_too_early_is_refused_with_the_reason()
    {
        await using StudyWard ward = await StudyWard.StartAsync();
        await ward.SayAsync("draft", ward.File("request.json"), "--as", "R1");
        Assert.Contains("another person’s", await ward.FailAsync("submit", Id, "--as", "R3"), StringComparison.Ordinal);
        await ward.SayAsync("submit", Id, "--as", "R1");
        Assert.Contains("do not decide on their study", await ward.FailAsync("approve", Id, "--as", "R1"), StringComparison.Ordinal);
        Assert.Contains("not the one that was submitted", await ward.FailAsync("approve", Id, "--as", "S1", "--digest", new string('0', 64)), StringComparison.Ordinal);
        await ward.SayAsync("approve", Id, "--as", "S1");
        Assert.Contains("You gave the first agreement", await TwoRolesAsync(ward), StringComparison.Ordinal);
        await ward.SayAsync("approve", Id, "--as", "O1");
        Assert.Contains("Patients can say no until", await ward.FailAsync("build", Id, "--as", "S1"), StringComparison.Ordinal);
        await ward.SayAsync("suspend", Id, "--as", "R2", "--why", "Wait.");
        await ward.SayAsync("resume", Id, "--as", "S1");
        ward.Clock.Pass(TimeSpan.FromDays(15));
        await ward.SayAsync("build", Id, "--as", "S1");
        Assert.Contains("a third person releases", await ward.FailAsync("release", Id, "--as", "O1"), StringComparison.Ordinal);
        Assert.Contains("does not come now", await ward.FailAsync("fetch", Id, "--as", "R2", "--out", ward.File("early")), StringComparison.Ordinal);
        Assert.False(File.Exists(ward.File("early")));
        ward.Clock.Pass(TimeSpan.FromDays(400));
        Assert.Contains("has expired", await ward.FailAsync("release", Id, "--as", "A1"), StringComparison.Ordinal);
        Assert.Contains("clock of this box", await ward.FailAsync("expire"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_patient_who_says_no_is_left_out_shuts_the_package_and_is_named_to_whoever_has_it_by_the_name_of_the_study_alone()
    {
        await using StudyWard ward = await StudyWard.StartAsync();
        IReadOnlyList<StayId> stays = ward.AllStays();
        await ward.ObjectAsync(stays[0]);
        await ToReadyAsync(ward);
        await ward.SayAsync("build", Id, "--as", "S1");
        await ward.SayAsync("release", Id, "--as", "A1");
        await ward.SayAsync("fetch", Id, "--as", "R2", "--out", ward.File("p.tar.age"));
        await ward.SayAsync("open", ward.File("p.tar.age"), "--identity", ward.File("secret"), "--out", ward.File("open"));
        string[] rows = await File.ReadAllLinesAsync(ward.File($"open/{Id}_v1/data/stays.csv"));
        Assert.Equal(StudyWard.Stays, rows.Length);

        await ward.ObjectAsync(stays[1]);
        Assert.Contains($"{Id} shut", await ward.SayAsync("watch"), StringComparison.Ordinal);
        Assert.Contains("does not come now", await ward.FailAsync("fetch", Id, "--as", "R2", "--out", ward.File("late")), StringComparison.Ordinal);
        string folder = Path.Combine(ward.Data, "research", $"{Id}_v1");
        JsonElement notice = JsonSerializer.Deserialize<JsonElement>(await File.ReadAllTextAsync(Path.Combine(folder, "recall-1.json")));
        string named = Assert.Single(notice.GetProperty("stays").EnumerateArray()).GetString()!;
        Assert.Contains(rows, row => row.Contains(named, StringComparison.Ordinal));
        Assert.Equal(0, OpenSsl(folder));

        await ward.SayAsync("build", Id, "--as", "S1");
        await ward.SayAsync("release", Id, "--as", "A1");
        await ward.SayAsync("fetch", Id, "--as", "R2", "--out", ward.File("p2.tar.age"));
        await ward.SayAsync("open", ward.File("p2.tar.age"), "--identity", ward.File("secret"), "--out", ward.File("open"));
        string[] again = await File.ReadAllLinesAsync(ward.File($"open/{Id}_v2/data/stays.csv"));
        Assert.Equal(StudyWard.Stays - 1, again.Length);
        Assert.DoesNotContain(again, row => row.Contains(named, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_second_study_that_differs_by_one_patient_is_refused_and_one_of_the_same_patients_has_other_names()
    {
        await using StudyWard ward = await StudyWard.StartAsync();
        await ToReadyAsync(ward);
        await ward.SayAsync("build", Id, "--as", "S1");
        await ward.SayAsync("release", Id, "--as", "A1");
        await ward.SayAsync("fetch", Id, "--as", "R2", "--out", ward.File("1.age"));
        await ToReadyAsync(ward, "ST-2026-002");
        await ward.SayAsync("build", "ST-2026-002", "--as", "S1");
        await ward.SayAsync("release", "ST-2026-002", "--as", "A1");
        await ward.SayAsync("fetch", "ST-2026-002", "--as", "R2", "--out", ward.File("2.age"));
        await ward.SayAsync("open", ward.File("1.age"), "--identity", ward.File("secret"), "--out", ward.File("open"));
        await ward.SayAsync("open", ward.File("2.age"), "--identity", ward.File("secret"), "--out", ward.File("open"));
        Assert.Empty(Names(ward.File($"open/{Id}_v1/data/stays.csv")).Intersect(Names(ward.File("open/ST-2026-002_v1/data/stays.csv"))));

        await File.WriteAllTextAsync(ward.File("request.json"), RequestText.Write(ward.Request() with { FirstDay = new DateOnly(2026, 6, 2) }));
        await ToReadyAsync(ward, "ST-2026-003");
        Assert.Contains("differs from that of", await ward.FailAsync("build", "ST-2026-003", "--as", "S1"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_form_can_be_read_as_it_is_printed_and_what_is_available_is_rounded()
    {
        await using StudyWard ward = await StudyWard.StartAsync();
        await File.WriteAllTextAsync(ward.File("form.json"), await ward.SayAsync("template"));
        Assert.NotEmpty(RequestCheck.Faults(RequestText.Read(await File.ReadAllTextAsync(ward.File("form.json"))), Requests.Today));
        string available = await ward.SayAsync("availability", "--json");
        JsonElement root = JsonSerializer.Deserialize<JsonElement>(available);
        Assert.Equal("65", root.GetProperty("stays").GetString());
        Assert.Equal(["abp", "hr"], root.GetProperty("signals").EnumerateArray().Select(signal => signal.GetProperty("signal").GetString()));
        Assert.DoesNotContain(StudyWard.Canary, available, StringComparison.Ordinal);

        string sample = (await ward.SayAsync("sample", "--out", ward.File("sample"))).Trim();
        Assert.Equal(string.Empty, Bedside.Extract.Sealing.Bag.Check(sample, signerPem: null, CancellationToken.None).Fault);
        Assert.Equal(25, (await File.ReadAllLinesAsync(Path.Combine(sample, "data", "stays.csv"))).Length);
    }

    private static async Task ToReadyAsync(StudyWard ward, string id = Id)
    {
        Assert.Equal(id, (await ward.SayAsync("draft", ward.File("request.json"), "--as", "R1")).Trim());
        await ward.SayAsync("submit", id, "--as", "R1");
        await ward.SayAsync("approve", id, "--as", "S1");
        await ward.SayAsync("approve", id, "--as", "O1");
        ward.Clock.Pass(TimeSpan.FromDays(15));
    }

    /// <summary>The first approver, who was made a rights officer too.</summary>
    private static Task<string> TwoRolesAsync(StudyWard ward)
    {
        var accounts = Bedside.Storage.People.AccountBook.Open(ward.Data);
        accounts.Change(list => Bedside.Model.People.AccountRules.SetRoles(list, "S1", [Bedside.Model.People.Role.Steward, Bedside.Model.People.Role.RightsOfficer]));
        return ward.FailAsync("approve", Id, "--as", "S1");
    }

    /// <summary>Nothing by which the hospital calls anybody, and no day of a stay, is in a byte or a name of the opened package.</summary>
    private static void AssertHasNoTrace(StudyWard ward)
    {
        string root = ward.File($"open/{Id}_v1");
        string[] files = Directory.GetFiles(root, "*", SearchOption.AllDirectories);
        Assert.True(files.Length > 2 * StudyWard.Stays, $"{files.Length} files");
        IReadOnlyList<StayId> stays = ward.AllStays();
        foreach (string file in files)
        {
            string text = file + Encoding.Latin1.GetString(File.ReadAllBytes(file));
            Assert.DoesNotContain(StudyWard.Canary, text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("123456", text, StringComparison.Ordinal);
            Assert.DoesNotContain(stays, stay => text.Contains(stay.ToString(), StringComparison.OrdinalIgnoreCase));
            if (file.Contains("/data/", StringComparison.Ordinal) && file.EndsWith(".csv", StringComparison.Ordinal))
            {
                Assert.DoesNotMatch(RealDay, text);
            }
        }
    }

    private static IEnumerable<string> Names(string stays) => File.ReadAllLines(stays).Skip(1).SelectMany(row => row.Split(',').Take(2));

    private static int OpenSsl(string folder)
    {
        using Process process = Process.Start(new ProcessStartInfo("openssl", ["dgst", "-sha256", "-verify", "signer.pem", "-signature", "recall-1.json.sig", "recall-1.json"]) { WorkingDirectory = folder, RedirectStandardOutput = true, UseShellExecute = false })!;
        process.WaitForExit();
        return process.ExitCode;
    }

    private static string[] Journal(StudyWard ward) => [.. AuditReading.Read(AuditFolder.ForReading(ward.Data)!).Select(one => one.Entry.Act)];

    [GeneratedRegex("20(2[5-9])-[01][0-9]-[0-3][0-9]")]
    private static partial Regex RealDay { get; }
}
