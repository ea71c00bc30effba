using System.Net;
using System.Text.Json;
using Bedside.Model.Audit;
using Bedside.Model.People;

namespace Bedside.Tests.Viewer.People;

/// <summary>Who signs in, who does not, and for how long.</summary>
public sealed class SignInTests
{
    [Fact]
    public async Task The_first_start_makes_one_administrator_of_a_code_that_counts_once()
    {
        await using PeopleHost people = await PeopleHost.StartAsync(empty: true);
        using PersonBrowser bed = people.Browser();
        Assert.False((await bed.SendAsync("GET", "people/me")).Json.GetProperty("accounts").GetBoolean());
        string code = (await bed.SendAsync("POST", "people/first/code")).Json.GetProperty("code").GetString()!;

        Assert.Equal("code", Fault(await bed.SendAsync("POST", "people/first", First("0" + code[1..] + "0", PeopleHost.Password))));
        Assert.Equal("too-short", Fault(await bed.SendAsync("POST", "people/first", First(code, "trop court"))));
        Assert.Equal("common", Fault(await bed.SendAsync("POST", "people/first", First(code, "motdepasse2026!!"))));
        (HttpStatusCode status, JsonElement me) = await bed.SendAsync("POST", "people/first", First(code.ToLowerInvariant(), PeopleHost.Password));
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(["administrator"], me.GetProperty("roles").EnumerateArray().Select(role => role.GetString()!));
        Assert.True(me.GetProperty("accounts").GetBoolean());

        using PersonBrowser other = people.Browser();
        Assert.Equal("known", Fault(await other.SendAsync("POST", "people/first", First(code, PeopleHost.Password))));
        Assert.Equal(HttpStatusCode.Conflict, (await other.SendAsync("POST", "people/first/code")).Status);
        Assert.Null(people.Book.Current.First);
        Assert.Equal([AuditAct.AccountMake, AuditAct.SignIn], people.Trail.Entries.Where(entry => entry.Result != AuditResult.Refused).Select(entry => entry.Act));
    }

    [Fact]
    public async Task A_first_code_is_worth_nothing_after_a_quarter_of_an_hour()
    {
        await using PeopleHost people = await PeopleHost.StartAsync(empty: true);
        using PersonBrowser bed = people.Browser();
        string code = (await bed.SendAsync("POST", "people/first/code")).Json.GetProperty("code").GetString()!;
        people.Host.Clock.Pass(AccountLimits.FirstCodeLife);

        Assert.Equal("code", Fault(await bed.SendAsync("POST", "people/first", First(code, PeopleHost.Password))));
        Assert.Empty(people.Book.Current.All);
    }

    [Fact]
    public async Task A_wrong_badge_and_a_wrong_password_are_answered_alike_and_five_of_them_wait()
    {
        await using PeopleHost people = await PeopleHost.StartAsync();
        using PersonBrowser browser = people.Browser();
        List<string> answers = [];
        foreach (string badge in new[] { "Clinician", "nobody" })
        {
            for (int i = 0; i < 6; i++)
            {
                using HttpResponseMessage answer = await browser.AnswerAsync("POST", "people/sign-in", new { badge, password = "wrong wrong wrong" });
                JsonElement problem = JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync());
                answers.Add($"{(int)answer.StatusCode} {problem.GetProperty("detail").GetString()} {answer.Headers.RetryAfter}");
            }
        }

        Assert.Equal(answers[..6], answers[6..]);
        Assert.All(answers[..5], answer => Assert.StartsWith("401 Badge and secret", answer, StringComparison.Ordinal));
        Assert.StartsWith("429", answers[5], StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await SignInAsync(browser, "Clinician", PeopleHost.Password)).Status);
        using PersonBrowser elsewhere = people.Browser(elsewhere: true);
        Assert.Equal(HttpStatusCode.OK, (await SignInAsync(elsewhere, "Clinician", PeopleHost.Password)).Status);
        people.Host.Clock.Pass(TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.OK, (await SignInAsync(browser, "Clinician", PeopleHost.Password)).Status);
    }

    [Fact]
    public async Task The_wait_doubles_to_a_quarter_of_an_hour_and_a_hundred_wrong_ones_wear_the_password_out_and_nothing_else()
    {
        await using PeopleHost people = await PeopleHost.StartAsync();
        using PersonBrowser browser = people.Browser();
        List<double> waits = [];
        for (int i = 0; i < AccountLimits.MostFailures; i++)
        {
            (HttpStatusCode status, JsonElement _) = await SignInAsync(browser, "Biomed", "wrong wrong wrong");
            Assert.Equal(HttpStatusCode.Unauthorized, status);
            using HttpResponseMessage now = await browser.AnswerAsync("POST", "people/sign-in", new { badge = "Biomed", password = "x" });
            if (now.StatusCode == HttpStatusCode.TooManyRequests)
            {
                waits.Add(Math.Round(now.Headers.RetryAfter!.Delta!.Value.TotalMinutes));
                people.Host.Clock.Pass(now.Headers.RetryAfter.Delta.Value);
            }
            else
            {
                i++;
            }
        }

        Assert.Equal([1, 2, 4, 8, 15, 15], waits.Take(6));
        Assert.True(people.Book.Current.Find("Biomed")!.IsPasswordWornOut);
        Assert.Equal(HttpStatusCode.Unauthorized, (await SignInAsync(people.Browser(elsewhere: true), "Biomed", PeopleHost.Password)).Status);
        Assert.Equal(HttpStatusCode.OK, (await browser.SendAsync("POST", "people/emergency", new { reason = "badge-missing" })).Status);
        using PersonBrowser admin = await people.SignedInAsync(Role.Administrator);
        string code = (await admin.SendAsync("POST", "people/Biomed/reset")).Json.GetProperty("code").GetString()!;
        using PersonBrowser fresh = people.Browser(elsewhere: true);
        Assert.Equal(HttpStatusCode.OK, (await fresh.SendAsync("POST", "people/enrol", new { badge = "Biomed", code, password = "encore trois mots" })).Status);
    }

    [Fact]
    public async Task A_pin_signs_in_at_this_box_until_three_wrong_ones_then_only_the_password_does()
    {
        await using PeopleHost people = await PeopleHost.StartAsync();
        using PersonBrowser nurse = await people.SignedInAsync(Role.Clinician);
        Assert.Equal("pin", Fault(await nurse.SendAsync("PUT", "people/pin", new { pin = "123456" })));
        Assert.True((await nurse.SendAsync("PUT", "people/pin", new { pin = PeopleHost.Pin })).Json.GetProperty("hasPin").GetBoolean());
        using PersonBrowser other = people.Browser();
        Assert.Equal(HttpStatusCode.OK, (await PinAsync(other, PeopleHost.Pin)).Status);
        Assert.False((await other.SendAsync("GET", "people/me")).Json.GetProperty("proven").GetBoolean());
        Assert.DoesNotContain(PeopleHost.Pin, people.Book.Current.Find("Clinician")!.Pin, StringComparison.Ordinal);

        for (int i = 0; i < AccountLimits.MostPinFailures; i++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await PinAsync(other, "999999")).Status);
        }

        Assert.Equal(HttpStatusCode.Unauthorized, (await PinAsync(other, PeopleHost.Pin)).Status);
        Assert.Equal(HttpStatusCode.OK, (await SignInAsync(other, "Clinician", PeopleHost.Password)).Status);
        Assert.Equal(HttpStatusCode.OK, (await PinAsync(other, PeopleHost.Pin)).Status);
    }

    [Fact]
    public async Task Three_minutes_without_a_touch_fall_back_to_the_bed_and_the_badge_wakes_them()
    {
        await using PeopleHost people = await PeopleHost.StartAsync();
        using PersonBrowser nurse = await people.SignedInAsync(Role.Clinician);
        people.Host.Clock.Pass(TimeSpan.FromMinutes(2));
        Assert.Equal(HttpStatusCode.OK, (await nurse.SendAsync("POST", "people/touch")).Status);
        people.Host.Clock.Pass(TimeSpan.FromMinutes(2));
        Assert.Equal(HttpStatusCode.OK, (await nurse.SendAsync("GET", "sheet")).Status);
        people.Host.Clock.Pass(TimeSpan.FromMinutes(1));

        JsonElement me = (await nurse.SendAsync("GET", "people/me")).Json;
        Assert.Equal((true, string.Empty, string.Empty), (me.GetProperty("resting").GetBoolean(), me.GetProperty("name").GetString()!, me.GetProperty("token").GetString()!));
        Assert.Equal(HttpStatusCode.Unauthorized, (await nurse.SendAsync("GET", "sheet")).Status);
        Assert.Equal(HttpStatusCode.OK, (await nurse.SendAsync("GET", "numerics")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await nurse.SendAsync("POST", "people/return", new { badge = "Biomed" })).Status);
        Assert.Equal(HttpStatusCode.OK, (await nurse.SendAsync("POST", "people/return", new { badge = "Clinician" })).Status);
        Assert.Equal(HttpStatusCode.OK, (await nurse.SendAsync("GET", "sheet")).Status);
    }

    [Fact]
    public async Task A_shift_is_twelve_hours_and_a_person_is_signed_in_three_times_at_most()
    {
        await using PeopleHost people = await PeopleHost.StartAsync();
        List<PersonBrowser> browsers = [];
        for (int i = 0; i < 4; i++)
        {
            browsers.Add(await people.SignedInAsync(Role.Clinician));
            people.Host.Clock.Pass(TimeSpan.FromSeconds(1));
        }

        List<HttpStatusCode> answers = [];
        foreach (PersonBrowser browser in browsers)
        {
            answers.Add((await browser.SendAsync("GET", "sheet")).Status);
        }

        Assert.Equal([HttpStatusCode.Unauthorized, HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.OK], answers);
        for (int minutes = 0; minutes < 12 * 60; minutes += 2)
        {
            people.Host.Clock.Pass(TimeSpan.FromMinutes(2));
            await browsers[3].SendAsync("POST", "people/touch");
        }

        Assert.Equal(HttpStatusCode.Unauthorized, (await browsers[3].SendAsync("GET", "sheet")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await browsers[3].SendAsync("POST", "people/return", new { badge = "Clinician" })).Status);
    }

    [Fact]
    public async Task The_cookie_is_http_only_strict_bound_to_the_host_over_tls_and_of_no_use_the_other_way()
    {
        await using PeopleHost people = await PeopleHost.StartAsync();
        using PersonBrowser here = await people.SignedInAsync(Role.Clinician);
        using PersonBrowser there = await people.SignedInAsync(Role.Clinician, elsewhere: true);

        Assert.Matches("^bedside-here=[A-Za-z0-9_-]{22}; path=/; samesite=strict; httponly$", here.SetCookie);
        Assert.Matches("^__Host-bedside=[A-Za-z0-9_-]{22}; path=/; secure; samesite=strict; httponly$", there.SetCookie);
        using PersonBrowser mixed = people.Browser(elsewhere: true);
        mixed.CopyCookiesFrom(here);
        Assert.Equal(HttpStatusCode.Unauthorized, (await mixed.SendAsync("GET", "sheet")).Status);
        using PersonBrowser thief = people.Browser();
        thief.CopyCookiesFrom(here);
        Assert.Equal(HttpStatusCode.OK, (await thief.SendAsync("GET", "sheet")).Status);
        await here.SendAsync("POST", "people/sign-out");
        Assert.Equal(HttpStatusCode.Unauthorized, (await thief.SendAsync("GET", "sheet")).Status);
    }

    [Fact]
    public async Task An_administrator_adds_changes_disables_and_resets_after_a_fresh_proof_and_at_once()
    {
        await using PeopleHost people = await PeopleHost.StartAsync();
        using PersonBrowser admin = await people.SignedInAsync(Role.Administrator);
        object added = new { badge = "4711", name = "Camille D.", roles = new[] { "clinician" } };
        (HttpStatusCode status, JsonElement code) = await admin.SendAsync("POST", "people", added);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("known", Fault(await admin.SendAsync("POST", "people", added)));
        using PersonBrowser nurse = people.Browser();
        Assert.Equal(HttpStatusCode.OK, (await nurse.SendAsync("POST", "people/enrol", new { badge = "4711", code = code.GetProperty("code").GetString(), password = PeopleHost.Password })).Status);
        Assert.Equal("code", Fault(await nurse.SendAsync("POST", "people/enrol", new { badge = "4711", code = code.GetProperty("code").GetString(), password = PeopleHost.Password })));
        Assert.Equal(HttpStatusCode.OK, (await nurse.SendAsync("GET", "sheet")).Status);

        Assert.Equal(HttpStatusCode.OK, (await admin.SendAsync("PUT", "people/4711/roles", new { roles = new[] { "researcher" } })).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await nurse.SendAsync("GET", "sheet")).Status);
        Assert.Equal(HttpStatusCode.OK, (await admin.SendAsync("PUT", "people/4711/state", new { state = "disabled" })).Status);
        Assert.Equal(string.Empty, (await nurse.SendAsync("GET", "people/me")).Json.GetProperty("badge").GetString());
        Assert.Equal("last-administrator", Fault(await admin.SendAsync("PUT", "people/Administrator/state", new { state = "disabled" })));

        people.Host.Clock.Pass(TimeSpan.FromMinutes(2));
        await admin.SendAsync("POST", "people/touch");
        people.Host.Clock.Pass(TimeSpan.FromMinutes(2));
        await admin.SendAsync("POST", "people/touch");
        people.Host.Clock.Pass(TimeSpan.FromMinutes(2));
        Assert.Equal("prove", Fault(await admin.SendAsync("POST", "people/4711/review")));
        Assert.Equal(HttpStatusCode.OK, (await admin.SendAsync("POST", "people/prove", new { password = PeopleHost.Password })).Status);
        Assert.Equal("Administrator", (await admin.SendAsync("POST", "people/4711/review")).Json.GetProperty("reviewedBy").GetString());
        people.Trail.IsFull = true;
        Assert.Equal("disk", Fault(await admin.SendAsync("POST", "people/4711/reset")));
        JsonElement list = (await admin.SendAsync("GET", "people")).Json;
        Assert.Equal(7, list.GetArrayLength());
        Assert.DoesNotContain("AQAAAA", list.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_emergency_opens_whatever_fails_for_an_hour_and_a_named_person_reviews_it()
    {
        await using PeopleHost people = await PeopleHost.StartAsync();
        using PersonBrowser bed = people.Browser();
        people.Book.Fails = true;
        people.Trail.IsFull = true;
        long start = TimeProvider.System.GetTimestamp();

        (HttpStatusCode status, JsonElement me) = await bed.SendAsync("POST", "people/emergency", new { reason = "vital-emergency" });
        Assert.Equal(HttpStatusCode.OK, (await bed.SendAsync("GET", "sheet")).Status);
        Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(5));
        Assert.Equal((HttpStatusCode.OK, "vital-emergency"), (status, me.GetProperty("emergency").GetString()));
        Assert.Equal("reason", Fault(await bed.SendAsync("POST", "people/emergency", new { reason = "because" })));

        people.Book.Fails = false;
        people.Trail.IsFull = false;
        people.Host.Clock.Pass(TimeSpan.FromMinutes(59));
        Assert.Equal(HttpStatusCode.OK, (await bed.SendAsync("GET", "sheet")).Status);
        people.Host.Clock.Pass(TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.Unauthorized, (await bed.SendAsync("GET", "sheet")).Status);

        await bed.SendAsync("POST", "people/emergency", new { reason = "box-fault" });
        await ViewerHost.UntilAsync(() => Task.FromResult(people.Book.Current.Emergencies.Count == 2), "both are in the book");
        using PersonBrowser officer = await people.SignedInAsync(Role.RightsOfficer);
        JsonElement list = (await officer.SendAsync("GET", "people/emergencies")).Json;
        Assert.Equal(["box-fault", "vital-emergency"], list.EnumerateArray().Select(one => one.GetProperty("reason").GetString()!));
        JsonElement reviewed = (await officer.SendAsync("POST", $"people/emergencies/{list[0].GetProperty("number").GetInt64()}/review")).Json;
        Assert.Equal("RightsOfficer", reviewed[0].GetProperty("reviewedBy").GetString());
        Assert.Equal(2, people.Trail.Entries.Count(entry => entry.Act == AuditAct.BreakGlass));
    }

    private static object First(string code, string password) => new { code, badge = "1", name = "A B", password };

    private static Task<(HttpStatusCode Status, JsonElement Json)> SignInAsync(PersonBrowser browser, string badge, string password) => browser.SendAsync("POST", "people/sign-in", new { badge, password });

    private static Task<(HttpStatusCode Status, JsonElement Json)> PinAsync(PersonBrowser browser, string pin) => browser.SendAsync("POST", "people/sign-in", new { badge = "Clinician", pin });

    private static string Fault((HttpStatusCode Status, JsonElement Json) answer) => answer.Json.GetProperty("fault").GetString()!;
}
