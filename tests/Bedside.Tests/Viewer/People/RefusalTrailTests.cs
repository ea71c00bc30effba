using System.Net;
using System.Text.Json;
using Bedside.Model.Audit;
using Bedside.Model.People;

namespace Bedside.Tests.Viewer.People;

/// <summary>What is refused stands in the journal of access: who or where, what, and never a secret, right or wrong (OWASP ASVS 5.0, 16.3).</summary>
public sealed class RefusalTrailTests
{
    private const string Tried = "tried-secret-0815 and more of it";

    [Fact]
    public async Task A_wrong_password_a_wrong_pin_and_a_wrong_code_are_entries_without_what_was_tried()
    {
        await using PeopleHost people = await PeopleHost.StartAsync();
        using PersonBrowser browser = people.Browser();
        int before = people.Trail.Entries.Count;
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.SendAsync("POST", "people/sign-in", new { badge = "Clinician", password = Tried })).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.SendAsync("POST", "people/sign-in", new { badge = "Clinician", pin = "908172" })).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.SendAsync("POST", "people/enrol", new { badge = "Clinician", code = "CODE0815", password = Tried })).Status);
        Assert.Equal(Enumerable.Repeat("account.sign-in-refused screen nobody refused account=Clinician kind=bed", 3), Said(people, before));
        AssertNoSecret(people);
    }

    /// <summary>A password in the field of the badge looks like a badge that nobody has.</summary>
    [Fact]
    public async Task What_is_no_badge_of_anybody_is_not_written_down()
    {
        await using PeopleHost people = await PeopleHost.StartAsync();
        using PersonBrowser browser = people.Browser(elsewhere: true);
        int before = people.Trail.Entries.Count;
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.SendAsync("POST", "people/sign-in", new { badge = "tried-secret-0815", password = Tried })).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.SendAsync("POST", "people/enrol", new { badge = "tried-secret-0815", code = "CODE0815", password = Tried })).Status);
        Assert.All(Said(people, before), said => Assert.Matches("^account.sign-in-refused screen nobody refused account=other kind=198[0-9.]+$", said));
        Assert.Equal(2, Said(people, before).Length);
        AssertNoSecret(people);
    }

    [Fact]
    public async Task Who_was_wrong_too_often_is_an_entry_for_each_wait_with_its_minutes_and_not_for_each_try()
    {
        await using PeopleHost people = await PeopleHost.StartAsync();
        using PersonBrowser browser = people.Browser();
        int before = people.Trail.Entries.Count;
        for (int i = 0; i < 9; i++)
        {
            _ = await browser.SendAsync("POST", "people/sign-in", new { badge = "Biomed", password = Tried });
        }

        const string Wrong = "account.sign-in-refused screen nobody refused account=Biomed kind=bed";
        Assert.Equal([.. Enumerable.Repeat(Wrong, 5), $"{Wrong} minutes=1"], Said(people, before));

        // Also of the right one: nothing is compared meanwhile.
        Assert.Equal(HttpStatusCode.TooManyRequests, (await browser.SendAsync("POST", "people/sign-in", new { badge = "Biomed", password = PeopleHost.Password })).Status);
        people.Host.Clock.Pass(TimeSpan.FromMinutes(1));
        for (int i = 0; i < 3; i++)
        {
            _ = await browser.SendAsync("POST", "people/sign-in", new { badge = "Biomed", password = Tried });
        }

        Assert.Equal([Wrong, $"{Wrong} minutes=2"], Said(people, before)[6..]);
        AssertNoSecret(people);
    }

    [Fact]
    public async Task An_account_whose_password_is_worn_out_or_that_was_closed_is_refused_with_an_entry_also_for_the_right_password()
    {
        await using PeopleHost people = await PeopleHost.StartAsync();
        people.Book.Change(list => AccountRules.Change(list, "Biomed", one => one with { Failures = AccountLimits.MostFailures }));
        people.Book.Change(list => AccountRules.SetState(list, "Steward", AccountState.Disabled));
        using PersonBrowser browser = people.Browser();
        int before = people.Trail.Entries.Count;
        foreach (string badge in (string[])["Biomed", "Steward"])
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await browser.SendAsync("POST", "people/sign-in", new { badge, password = PeopleHost.Password })).Status);
        }

        Assert.Equal(["account.sign-in-refused screen nobody refused account=Biomed kind=bed", "account.sign-in-refused screen nobody refused account=Steward kind=bed"], Said(people, before));
        AssertNoSecret(people);
    }

    [Fact]
    public async Task A_refused_right_is_an_entry_of_the_person_once_for_a_session_and_address()
    {
        await using PeopleHost people = await PeopleHost.StartAsync();
        using PersonBrowser engineer = await people.SignedInAsync(Role.Biomed);
        int before = people.Trail.Entries.Count;
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(HttpStatusCode.Forbidden, (await engineer.SendAsync("GET", "sheet")).Status);
            Assert.Equal(HttpStatusCode.Forbidden, (await engineer.SendAsync("POST", "people/Clinician/reset")).Status);
        }

        Assert.Equal(["data.read Biomed biomed refused kind=/api/v1/sheet", "data.read Biomed biomed refused kind=/api/v1/people/badge/reset"], Said(people, before));
        AssertNoSecret(people);
    }

    [Fact]
    public async Task Nobody_at_the_bed_and_a_stranger_are_entries_once_an_hour_for_a_place_and_address()
    {
        await using PeopleHost people = await PeopleHost.StartAsync();
        using PersonBrowser bed = people.Browser();
        using PersonBrowser stranger = people.Browser(elsewhere: true);
        int before = people.Trail.Entries.Count;
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await bed.SendAsync("GET", "sheet")).Status);
            Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.SendAsync("GET", "numerics")).Status);
        }

        string[] once = ["data.read screen screen refused kind=/api/v1/sheet", "data.read screen nobody refused kind=/api/v1/numerics"];
        Assert.Equal(once, Said(people, before));
        people.Host.Clock.Pass(TimeSpan.FromHours(1));
        Assert.Equal(HttpStatusCode.Unauthorized, (await bed.SendAsync("GET", "sheet")).Status);
        Assert.Equal([.. once, once[0]], Said(people, before));
    }

    [Fact]
    public async Task A_request_without_the_token_of_its_session_is_an_entry()
    {
        await using PeopleHost people = await PeopleHost.StartAsync();
        using PersonBrowser nurse = await people.SignedInAsync(Role.Clinician);
        string token = nurse.Token;
        int before = people.Trail.Entries.Count;
        foreach (string wrong in (string[])["", Tried])
        {
            nurse.Token = wrong;
            Assert.Equal(HttpStatusCode.Forbidden, (await nurse.SendAsync("POST", "annotations", new { kind = "note", text = Tried })).Status);
        }

        Assert.Equal(["data.read Clinician clinician refused kind=/api/v1/annotations/token"], Said(people, before));
        Assert.DoesNotContain(token, Whole(people), StringComparison.Ordinal);
        AssertNoSecret(people);
    }

    [Fact]
    public async Task A_session_whose_time_is_over_is_an_entry_and_so_is_what_it_asked_for()
    {
        await using PeopleHost people = await PeopleHost.StartAsync();
        using PersonBrowser nurse = await people.SignedInAsync(Role.Clinician);
        using PersonBrowser other = await people.SignedInAsync(Role.Biomed, elsewhere: true);
        int before = people.Trail.Entries.Count;
        people.Host.Clock.Pass(TimeSpan.FromHours(12));
        for (int i = 0; i < 2; i++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await nurse.SendAsync("GET", "sheet")).Status);
        }

        Assert.Equal(["account.sign-out Clinician nobody done kind=over", "data.read screen screen refused kind=/api/v1/sheet"], Said(people, before));

        // The other browser never came back: its end is written when somebody else begins.
        using PersonBrowser next = await people.SignedInAsync(Role.Clinician);
        Assert.Contains("account.sign-out Biomed nobody done kind=over", Said(people, before));
        AssertNoSecret(people);
    }

    [Fact]
    public async Task A_session_that_rests_is_refused_as_its_person()
    {
        await using PeopleHost people = await PeopleHost.StartAsync();
        using PersonBrowser nurse = await people.SignedInAsync(Role.Clinician);
        people.Host.Clock.Pass(TimeSpan.FromMinutes(3));
        int before = people.Trail.Entries.Count;
        Assert.Equal(HttpStatusCode.Unauthorized, (await nurse.SendAsync("GET", "sheet")).Status);
        Assert.Equal(["data.read Clinician clinician refused kind=/api/v1/sheet"], Said(people, before));
    }

    [Fact]
    public async Task People_change_their_password_after_a_fresh_proof_with_an_entry_which_ends_their_other_sessions_and_without_nothing_changes()
    {
        await using PeopleHost people = await PeopleHost.StartAsync();
        using PersonBrowser nurse = await people.SignedInAsync(Role.Clinician);
        using PersonBrowser elsewhere = await people.SignedInAsync(Role.Clinician, elsewhere: true);
        for (int minutes = 0; minutes < 6; minutes += 2)
        {
            people.Host.Clock.Pass(TimeSpan.FromMinutes(2));
            _ = await nurse.SendAsync("POST", "people/touch");
            _ = await elsewhere.SendAsync("POST", "people/touch");
        }

        int before = people.Trail.Entries.Count;
        string? hash = people.Book.Current.Find("Clinician")!.Password;
        Assert.Equal(HttpStatusCode.Forbidden, (await nurse.SendAsync("PUT", "people/password", new { password = "vraiment autre chose" })).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await nurse.SendAsync("POST", "people/prove", new { password = Tried })).Status);
        Assert.Equal(hash, people.Book.Current.Find("Clinician")!.Password);
        Assert.Equal(["account.sign-in-refused screen nobody refused account=Clinician kind=bed"], Said(people, before));

        Assert.Equal(HttpStatusCode.OK, (await nurse.SendAsync("POST", "people/prove", new { password = PeopleHost.Password })).Status);
        Assert.Equal(HttpStatusCode.OK, (await nurse.SendAsync("PUT", "people/password", new { password = "vraiment autre chose" })).Status);
        Assert.Equal("account.change Clinician clinician allowed account=Clinician kind=password", Said(people, before)[^1]);
        Assert.Equal(HttpStatusCode.Unauthorized, (await elsewhere.SendAsync("GET", "sheet")).Status);
        using PersonBrowser again = people.Browser();
        Assert.Equal(HttpStatusCode.Unauthorized, (await again.SendAsync("POST", "people/sign-in", new { badge = "Clinician", password = PeopleHost.Password })).Status);
        Assert.Equal(HttpStatusCode.OK, (await again.SendAsync("POST", "people/sign-in", new { badge = "Clinician", password = "vraiment autre chose" })).Status);
        Assert.DoesNotContain("vraiment", Whole(people), StringComparison.Ordinal);
        AssertNoSecret(people);
    }

    /// <summary>Act, who, role, result and facts of what came since.</summary>
    private static string[] Said(PeopleHost people, int since) =>
    [
        .. people.Trail.Entries.Skip(since).Select(entry => string.Join(
            ' ',
            entry.What.Select(fact => $"{Word(fact.Kind)}={fact.Text}").Prepend($"{AuditCatalog.Of(entry.Act).Code} {entry.Who} {Word(entry.Role)} {Word(entry.Result)}"))),
    ];

    private static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());

    private static string Whole(PeopleHost people) => string.Join('\n', Said(people, 0).Concat(people.Trail.Entries.Select(entry => $"{entry.Why}")));

    private static void AssertNoSecret(PeopleHost people) =>
        Assert.All((string[])[Tried, "tried-secret", "908172", "CODE0815", PeopleHost.Password], secret => Assert.DoesNotContain(secret, Whole(people), StringComparison.OrdinalIgnoreCase));
}
