using System.Net;
using System.Text.Json;
using Bedside.Model;
using Bedside.Model.Audit;
using Bedside.Model.People;
using Bedside.Model.Stays;

namespace Bedside.Tests.Viewer.People;

/// <summary>What is the patient's to want, asked of a viewer: research, who looked, and the end of the data by two people.</summary>
public class PatientTests
{
    private static readonly StayId Past = new(0x11);
    private static readonly StayId Present = new(0x22);

    [Fact]
    public async Task Anybody_at_the_bed_takes_the_no_down_and_only_a_person_takes_it_back()
    {
        await using PeopleHost people = await StartAsync();
        using PersonBrowser bed = people.Browser();

        Assert.False((await bed.SendAsync("GET", "stays/present/research")).Json.GetProperty("refused").GetBoolean());
        (HttpStatusCode status, JsonElement said) = await bed.SendAsync("POST", "stays/present/research/refusal");

        Assert.Equal((HttpStatusCode.OK, true, $"{Present}"), (status, said.GetProperty("refused").GetBoolean(), said.GetProperty("stay").GetString()!));
        Assert.Equal(HttpStatusCode.Unauthorized, (await bed.SendAsync("DELETE", "stays/present/research/refusal")).Status);
        Assert.True((await bed.SendAsync("GET", "stays/present/research")).Json.GetProperty("refused").GetBoolean());
        using PersonBrowser nurse = await people.SignedInAsync(Role.Clinician);
        Assert.False((await nurse.SendAsync("DELETE", $"stays/{Present}/research/refusal")).Json.GetProperty("refused").GetBoolean());
        Assert.Equal(
            [(AuditAct.ResearchObjection, AuditWho.Screen), (AuditAct.ResearchObjectionEnd, "Clinician")],
            people.Trail.Entries.Where(entry => entry.Stay == Present).Select(entry => (entry.Act, entry.Who)));
    }

    [Fact]
    public async Task What_is_said_twice_is_said_once_and_of_a_stay_that_is_not_known_nothing_is_said()
    {
        await using PeopleHost people = await StartAsync();
        using PersonBrowser nurse = await people.SignedInAsync(Role.Clinician);

        Assert.Equal(HttpStatusCode.OK, (await nurse.SendAsync("POST", $"stays/{Past}/research/refusal")).Status);
        Assert.Equal(HttpStatusCode.OK, (await nurse.SendAsync("POST", $"stays/{Past}/research/refusal")).Status);
        Assert.Single(people.Trail.Entries, entry => entry.Act == AuditAct.ResearchObjection);
        Assert.Equal(HttpStatusCode.NotFound, (await nurse.SendAsync("POST", $"stays/{new StayId(9)}/research/refusal")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await nurse.SendAsync("POST", "stays/nonsense/research/refusal")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await nurse.SendAsync("GET", "stays/nonsense/research")).Status);
    }

    [Fact]
    public async Task A_screen_may_ask_of_an_empty_bed_without_an_error()
    {
        await using PeopleHost people = await PeopleHost.StartAsync(desk: _ => new DeskInMemory());
        using PersonBrowser bed = people.Browser();

        (HttpStatusCode status, JsonElement said) = await bed.SendAsync("GET", "stays/present/research");

        Assert.Equal((HttpStatusCode.OK, string.Empty, false), (status, said.GetProperty("stay").GetString(), said.GetProperty("refused").GetBoolean()));
        Assert.Equal(HttpStatusCode.NotFound, (await bed.SendAsync("POST", "stays/present/research/refusal")).Status);
    }

    [Fact]
    public async Task A_no_that_cannot_be_written_does_not_pass_for_one()
    {
        DeskInMemory desk = new();
        await using PeopleHost people = await StartAsync(desk);
        using PersonBrowser bed = people.Browser();

        desk.DiskFull = true;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await bed.SendAsync("POST", "stays/present/research/refusal")).Status);
        desk.DiskFull = false;
        people.Trail.IsFull = true;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await bed.SendAsync("POST", "stays/present/research/refusal")).Status);
        Assert.Empty(desk.Wishes);
    }

    [Fact]
    public async Task The_page_of_accesses_has_names_reasons_and_itself()
    {
        await using PeopleHost people = await StartAsync();
        using PersonBrowser nurse = await people.SignedInAsync(Role.Clinician);
        Assert.Equal(HttpStatusCode.OK, (await nurse.SendAsync("GET", "sheet")).Status);
        using PersonBrowser somebody = people.Browser();
        Assert.Equal(HttpStatusCode.OK, (await somebody.SendAsync("POST", "people/emergency", new { reason = "vital-emergency" })).Status);

        (HttpStatusCode status, JsonElement page) = await nurse.SendAsync("GET", "stays/present/accesses");

        Assert.Equal(HttpStatusCode.OK, status);
        string[] lines =
        [
            .. page.GetProperty("lines").EnumerateArray()
                .Select(line => $"{line.GetProperty("who")}|{line.GetProperty("role")}|{line.GetProperty("english")}|{line.GetProperty("count")}|{string.Join(',', line.GetProperty("reasons").EnumerateArray())}"),
        ];
        Assert.Contains("A Clinician|clinician|access report printed|1|", lines);
        Assert.Contains("screen|screen|emergency access|1|vital-emergency", lines);
        Assert.Contains(lines, line => line.StartsWith("A Clinician|clinician|data read|", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.Unauthorized, (await people.Browser().SendAsync("GET", "stays/present/accesses")).Status);
    }

    [Fact]
    public async Task A_stay_is_erased_by_two_people_and_by_nobody_alone()
    {
        DeskInMemory desk = new();
        EraserInMemory eraser = new();
        await using PeopleHost people = await StartAsync(desk, eraser);
        using PersonBrowser officer = await people.SignedInAsync(Role.RightsOfficer);
        using PersonBrowser steward = await people.SignedInAsync(Role.Steward);
        string path = $"stays/{Past}/erasure";

        Assert.Equal(HttpStatusCode.NotFound, (await steward.SendAsync("POST", $"{path}/agree")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await officer.SendAsync("POST", path, new { reason = "because" })).Status);
        Assert.Equal(HttpStatusCode.OK, (await officer.SendAsync("POST", path, new { reason = "patient-asked" })).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await steward.SendAsync("POST", path, new { reason = "law" })).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await officer.SendAsync("POST", $"{path}/agree")).Status);
        Assert.Empty(eraser.Erased);
        Assert.Equal("RightsOfficer", Assert.Single((await steward.SendAsync("GET", "erasures")).Json.EnumerateArray()).GetProperty("askedBy").GetString());

        Assert.Equal(HttpStatusCode.OK, (await steward.SendAsync("POST", $"{path}/agree")).Status);

        Assert.Equal([Past], eraser.Erased);
        Assert.Empty((await steward.SendAsync("GET", "erasures")).Json.EnumerateArray());
        Assert.Equal(
            [("RightsOfficer", "asked", "patient-asked"), ("Steward", "agreed", "patient-asked")],
            people.Trail.Entries.Where(entry => entry.Act == AuditAct.StayErase).Select(entry => (entry.Who, entry.What[0].Text, entry.Why)));
    }

    [Fact]
    public async Task Asking_can_be_taken_back_and_is_over_after_fourteen_days()
    {
        EraserInMemory eraser = new();
        await using PeopleHost people = await StartAsync(eraser: eraser);
        using PersonBrowser officer = await people.SignedInAsync(Role.RightsOfficer);
        string path = $"stays/{Past}/erasure";
        Assert.Equal(HttpStatusCode.OK, (await officer.SendAsync("POST", path, new { reason = "law" })).Status);
        using (PersonBrowser steward = await people.SignedInAsync(Role.Steward))
        {
            Assert.Equal(HttpStatusCode.OK, (await steward.SendAsync("DELETE", path)).Status);
            Assert.Equal(HttpStatusCode.NotFound, (await steward.SendAsync("POST", $"{path}/agree")).Status);
        }

        Assert.Equal(HttpStatusCode.OK, (await officer.SendAsync("POST", path, new { reason = "law" })).Status);
        people.Host.Clock.Pass(TimeSpan.FromDays(14));
        using PersonBrowser later = await people.SignedInAsync(Role.Steward);
        Assert.Equal(HttpStatusCode.NotFound, (await later.SendAsync("POST", $"{path}/agree")).Status);
        Assert.Empty(eraser.Erased);
    }

    [Fact]
    public async Task Nothing_is_erased_while_the_stay_goes_on_on_the_word_of_a_wrong_clock_without_a_fresh_proof_or_where_another_stay_shares_the_key()
    {
        EraserInMemory eraser = new();
        await using PeopleHost people = await StartAsync(eraser: eraser);
        using PersonBrowser officer = await people.SignedInAsync(Role.RightsOfficer);
        Assert.Equal(HttpStatusCode.Conflict, (await officer.SendAsync("POST", $"stays/{Present}/erasure", new { reason = "law" })).Status);
        Assert.Equal(HttpStatusCode.OK, (await officer.SendAsync("POST", $"stays/{Past}/erasure", new { reason = "law" })).Status);
        using PersonBrowser steward = await people.SignedInAsync(Role.Steward);

        eraser.IsClockTrusted = false;
        Assert.Equal(HttpStatusCode.Conflict, (await steward.SendAsync("POST", $"stays/{Past}/erasure/agree")).Status);
        eraser.IsClockTrusted = true;
        people.Host.Clock.Pass(TimeSpan.FromSeconds(150));
        Assert.Equal(HttpStatusCode.OK, (await steward.SendAsync("POST", "people/touch")).Status);
        people.Host.Clock.Pass(TimeSpan.FromSeconds(160));
        Assert.Equal(HttpStatusCode.Forbidden, (await steward.SendAsync("POST", $"stays/{Past}/erasure/agree")).Status);
        using PersonBrowser again = await people.SignedInAsync(Role.Steward);
        eraser.Shared = TimeSpan.FromMinutes(11);
        Assert.Equal(HttpStatusCode.Conflict, (await again.SendAsync("POST", $"stays/{Past}/erasure/agree")).Status);
        Assert.Empty(eraser.Erased);
    }

    [Fact]
    public async Task Nobody_asks_for_an_erasure_agrees_or_takes_it_back_with_a_password_alone_where_the_site_wants_more()
    {
        EraserInMemory eraser = new();
        await using PeopleHost people = await StartAsync(eraser: eraser, set: options => options.People.NeedsSecondFactor = true);
        using PersonBrowser officer = await people.SignedInAsync(Role.RightsOfficer);
        string path = $"stays/{Past}/erasure";
        foreach ((string method, string way) in new[] { ("POST", path), ("POST", $"{path}/agree"), ("DELETE", path) })
        {
            (HttpStatusCode status, JsonElement json) = await officer.SendAsync(method, way, new { reason = "law" });
            Assert.Equal((HttpStatusCode.Forbidden, "second"), (status, json.GetProperty("fault").GetString()));
        }

        Assert.Equal(string.Empty, Assert.Single((await officer.SendAsync("GET", "erasures")).Json.EnumerateArray()).GetProperty("askedBy").GetString());
    }

    private static Task<PeopleHost> StartAsync(DeskInMemory? desk = null, EraserInMemory? eraser = null, Action<Bedside.Viewer.ViewerOptions>? set = null)
    {
        DeskInMemory kept = desk ?? new DeskInMemory();
        return PeopleHost.StartAsync(
            set: set,
            desk: clock =>
            {
                var now = UtcInstant.FromDateTime(clock.GetUtcNow());
                kept.Spans =
                [
                    new StaySpan(Past, default, default, now.Add(-Hours(72)), now.Add(-Hours(30)), StayCertainty.Sure, []),
                    new StaySpan(Present, default, default, now.Add(-Hours(20)), To: null, StayCertainty.Sure, []),
                ];
                return kept;
            },
            eraser: eraser);
    }

    private static long Hours(int hours) => TimeSpan.FromHours(hours).Ticks * 100;

    /// <summary>Notes what it was told to destroy.</summary>
    private sealed class EraserInMemory : IStayEraser
    {
        public List<StayId> Erased { get; } = [];

        public TimeSpan Shared { get; set; } = TimeSpan.FromSeconds(2);

        public bool IsClockTrusted { get; set; } = true;

        public ErasurePlan? Plan(StayId stay) => Erased.Contains(stay) ? null : new ErasurePlan([stay], 1000, [Present], Shared, TimeSpan.Zero);

        public Task EraseAsync(StayId stay, ErasurePlan plan, CancellationToken cancel)
        {
            Erased.Add(stay);
            return Task.CompletedTask;
        }
    }
}
