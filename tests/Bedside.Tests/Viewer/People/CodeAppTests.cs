using System.Net;
using System.Text;
using System.Text.Json;
using Bedside.Model.Audit;
using Bedside.Model.People;

namespace Bedside.Tests.Viewer.People;

/// <summary>The second factor of whoever decides: six digits of an app after the password (trust.md, section 2.3, level A3).</summary>
public sealed class CodeAppTests
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(30);

    /// <summary>RFC 6238, appendix B, SHA-1: what the tests' own phone says is what the standard says.</summary>
    [Theory]
    [InlineData(59, "94287082")]
    [InlineData(1111111109, "07081804")]
    [InlineData(1111111111, "14050471")]
    [InlineData(1234567890, "89005924")]
    [InlineData(2000000000, "69279037")]
    [InlineData(20000000000, "65353130")]
    public void The_phone_of_these_tests_makes_the_codes_of_the_standard(long seconds, string code) =>
        Assert.Equal(code, PhoneApp.Of(Encoding.ASCII.GetBytes("12345678901234567890"), seconds / 30, 8));

    [Fact]
    public async Task Once_an_app_is_set_up_the_password_counts_with_its_digits_alone_and_each_of_them_once()
    {
        await using PeopleHost people = await PeopleHost.StartAsync();
        using PersonBrowser steward = await people.SignedInAsync(Role.Steward);
        using PersonBrowser elsewhere = await people.SignedInAsync(Role.Steward, elsewhere: true);
        PhoneApp phone = await SetUpAsync(people, steward);
        Assert.Equal(HttpStatusCode.Unauthorized, (await elsewhere.SendAsync("GET", "people/passkeys")).Status);
        Assert.Equal(HttpStatusCode.OK, (await steward.SendAsync("GET", "people/passkeys")).Status);

        string used = phone.Now;
        Assert.Equal("wrong", await SayAsync(people, PeopleHost.Password));
        Assert.Equal("wrong", await SayAsync(people, PeopleHost.Password + used));
        Assert.Equal("wrong", await SayAsync(people, phone.At(1)));
        people.Host.Clock.Pass(Step);
        Assert.Equal("wrong", await SayAsync(people, "mots sans lien trois" + phone.Now));
        Assert.Equal(string.Empty, await SayAsync(people, PeopleHost.Password + phone.Now));
        Assert.Equal("wrong", await SayAsync(people, PeopleHost.Password + phone.Now));
        people.Host.Clock.Pass(TimeSpan.FromMinutes(5));
        Assert.Equal("wrong", await SayAsync(people, PeopleHost.Password + phone.At(-2)));
        Assert.Equal("wrong", await SayAsync(people, PeopleHost.Password + phone.At(2)));
        people.Host.Clock.Pass(TimeSpan.FromMinutes(15));
        Assert.Equal(string.Empty, await SayAsync(people, PeopleHost.Password + phone.At(-1)));
        Assert.Equal(string.Empty, await SayAsync(people, PeopleHost.Password + phone.Now));
        Assert.Equal("wrong", await SayAsync(people, PeopleHost.Password + phone.At(-1)));
        Assert.Equal(["code-app"], people.Trail.Entries.Where(entry => entry.Act == AuditAct.AccountChange && entry.Result == AuditResult.Allowed && entry.Who == "Steward").Select(entry => entry.What[^1].Text));
        Assert.Contains(people.Trail.Entries, entry => entry.Act == AuditAct.SignIn && entry.What.Any(fact => fact.Text == "PasswordAndCode"));
    }

    [Fact]
    public async Task Clocks_of_phone_and_box_may_be_ten_minutes_apart_and_may_drift_as_they_like_afterwards()
    {
        await using PeopleHost people = await PeopleHost.StartAsync();
        using PersonBrowser steward = await people.SignedInAsync(Role.Steward);
        JsonElement ask = (await steward.SendAsync("POST", "people/code-app")).Json;
        var phone = new PhoneApp(ask.GetProperty("secret").GetString()!, people.Host.Clock) { Ahead = TimeSpan.FromMinutes(11) };
        Assert.Equal("app-code", Fault(await steward.SendAsync("PUT", "people/code-app", new { code = phone.Now })));
        phone.Ahead = TimeSpan.FromMinutes(-10);
        string typed = phone.Now[..3] + " " + phone.Now[3..];
        Assert.True((await steward.SendAsync("PUT", "people/code-app", new { code = typed })).Json.GetProperty("codeApp").GetBoolean());
        for (int week = 0; week < 100; week++)
        {
            people.Host.Clock.Pass(TimeSpan.FromDays(7));
            phone.Ahead += TimeSpan.FromSeconds(29);
            Assert.Equal(string.Empty, await SayAsync(people, PeopleHost.Password + phone.Now));
        }
    }

    [Fact]
    public async Task A_clock_that_was_wrong_and_becomes_right_all_at_once_locks_nobody_out()
    {
        await using PeopleHost people = await PeopleHost.StartAsync();
        using PersonBrowser steward = await people.SignedInAsync(Role.Steward);
        JsonElement ask = (await steward.SendAsync("POST", "people/code-app")).Json;
        var phone = new PhoneApp(ask.GetProperty("secret").GetString()!, people.Host.Clock) { Ahead = TimeSpan.FromMinutes(-9) };
        Assert.Equal(HttpStatusCode.OK, (await steward.SendAsync("PUT", "people/code-app", new { code = phone.Now })).Status);
        people.Host.Clock.Pass(Step);
        Assert.Equal(string.Empty, await SayAsync(people, PeopleHost.Password + phone.Now));
        phone.Ahead = TimeSpan.Zero;
        Assert.Equal(string.Empty, await SayAsync(people, PeopleHost.Password + phone.Now));
        Assert.Equal("wrong", await SayAsync(people, PeopleHost.Password + phone.Now));
    }

    [Fact]
    public async Task Of_many_who_say_the_same_code_at_the_same_time_one_is_let_in()
    {
        await using PeopleHost people = await PeopleHost.StartAsync();
        using PersonBrowser steward = await people.SignedInAsync(Role.Steward);
        PhoneApp phone = await SetUpAsync(people, steward);
        people.Host.Clock.Pass(Step);
        string[] faults = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => SayAsync(people, PeopleHost.Password + phone.Now)));
        Assert.Single(faults, fault => fault.Length == 0);
    }

    [Fact]
    public async Task A_disk_that_takes_nothing_lets_its_person_in_and_the_same_code_never_again()
    {
        await using PeopleHost people = await PeopleHost.StartAsync();
        using PersonBrowser steward = await people.SignedInAsync(Role.Steward);
        PhoneApp phone = await SetUpAsync(people, steward);
        people.Host.Clock.Pass(Step);
        people.Book.Fails = true;
        Assert.Equal(string.Empty, await SayAsync(people, PeopleHost.Password + phone.Now));
        Assert.Equal("wrong", await SayAsync(people, PeopleHost.Password + phone.Now));
    }

    [Fact]
    public async Task Where_the_site_wants_it_nobody_decides_with_a_password_alone()
    {
        await using PeopleHost people = await PeopleHost.StartAsync(set: options => options.People.NeedsSecondFactor = true);
        (Role Role, string Method, string Path, object Body)[] decisions =
        [
            (Role.Administrator, "POST", "people", new { badge = "new", name = "A new one", roles = new[] { "clinician" } }),
            (Role.Administrator, "PUT", "people/Biomed/roles", new { roles = new[] { "biomed", "steward" } }),
            (Role.Administrator, "PUT", "people/Biomed/state", new { state = "disabled" }),
            (Role.Administrator, "POST", "people/Biomed/reset", new { }),
            (Role.RightsOfficer, "POST", "people/Biomed/review", new { }),
            (Role.RightsOfficer, "POST", "people/emergencies/1/review", new { }),
        ];
        foreach (IGrouping<Role, (Role Role, string Method, string Path, object Body)> person in decisions.GroupBy(one => one.Role).OrderByDescending(one => one.Key))
        {
            using PersonBrowser browser = await people.SignedInAsync(person.Key);
            JsonElement me = (await browser.SendAsync("GET", "people/me")).Json;
            Assert.Equal((true, false, true, false), (Is(me, "proven"), Is(me, "sure"), Is(me, "lacksSecond"), Is(me, "codeApp")));
            foreach ((_, string method, string path, object body) in person)
            {
                (HttpStatusCode status, JsonElement json) = await browser.SendAsync(method, path, body);
                Assert.Equal((path, HttpStatusCode.Forbidden, "second"), (path, status, json.GetProperty("fault").GetString()));
            }

            Assert.Equal(person.Key != Role.Administrator, people.Book.Current.Find("new") is not null);

            await SetUpAsync(people, browser);
            me = (await browser.SendAsync("GET", "people/me")).Json;
            Assert.Equal((true, true, false, true), (Is(me, "proven"), Is(me, "sure"), Is(me, "lacksSecond"), Is(me, "codeApp")));
            foreach ((_, string method, string path, object body) in person)
            {
                Assert.NotEqual("second", Fault(await browser.SendAsync(method, path, body)));
            }
        }

        using PersonBrowser nurse = await people.SignedInAsync(Role.Clinician);
        JsonElement hers = (await nurse.SendAsync("GET", "people/me")).Json;
        Assert.Equal((true, false), (Is(hers, "sure"), Is(hers, "lacksSecond")));
    }

    [Fact]
    public async Task A_proof_with_a_code_is_worth_five_minutes_like_any_other()
    {
        await using PeopleHost people = await PeopleHost.StartAsync(set: options => options.People.NeedsSecondFactor = true);
        using PersonBrowser admin = await people.SignedInAsync(Role.Administrator);
        PhoneApp phone = await SetUpAsync(people, admin);
        for (int minutes = 0; minutes < 6; minutes += 2)
        {
            people.Host.Clock.Pass(TimeSpan.FromMinutes(2));
            _ = await admin.SendAsync("POST", "people/touch");
        }

        Assert.Equal("prove", Fault(await admin.SendAsync("POST", "people/Biomed/review")));
        Assert.Equal("wrong", Fault(await admin.SendAsync("POST", "people/prove", new { password = PeopleHost.Password })));
        Assert.Equal(string.Empty, Fault(await admin.SendAsync("POST", "people/prove", new { password = PeopleHost.Password + phone.Now })));
        Assert.Equal(HttpStatusCode.OK, (await admin.SendAsync("POST", "people/Biomed/review")).Status);
    }

    [Fact]
    public async Task A_stolen_password_makes_itself_no_second_factor_where_there_is_one()
    {
        await using PeopleHost people = await PeopleHost.StartAsync(set: options => options.People.NeedsSecondFactor = true);
        people.Book.Change(list => AccountRules.Change(list, "Steward", one => one with { Passkeys = [new Passkey("abc", "key", "home.arpa", "hers", people.Host.Now, 0, [], IsUserVerified: true, IsBackupEligible: false, IsBackedUp: false)] }));
        using PersonBrowser thief = await people.SignedInAsync(Role.Steward);
        string key = AccountRules.KeyOf(people.Book.Current.Find("Steward")!.Passkeys[0]);
        foreach ((string method, string path) in new[] { ("POST", "people/code-app"), ("PUT", "people/code-app"), ("DELETE", "people/code-app"), ("POST", "people/passkeys/begin"), ("POST", "people/passkeys"), ("DELETE", $"people/passkeys/{key}") })
        {
            Assert.Equal((path, "second"), (path, Fault(await thief.SendAsync(method, path))));
        }

        Assert.Null(people.Book.Current.Find("Steward")!.CodeApp);
        Assert.Single(people.Book.Current.Find("Steward")!.Passkeys);
    }

    [Fact]
    public async Task Nothing_is_set_up_without_a_fresh_proof_the_secret_of_this_session_the_journal_or_the_key_of_the_box()
    {
        byte[]? key = new byte[32];
        await using PeopleHost people = await PeopleHost.StartAsync(set: options => options.People.PinKey = () => key);
        using PersonBrowser nurse = await people.SignedInAsync(Role.Clinician);
        Assert.Equal("app-code", Fault(await nurse.SendAsync("PUT", "people/code-app", new { code = "123456" })));
        JsonElement ask = (await nurse.SendAsync("POST", "people/code-app")).Json;
        var phone = new PhoneApp(ask.GetProperty("secret").GetString()!, people.Host.Clock);
        Assert.Equal("app-code", Fault(await nurse.SendAsync("PUT", "people/code-app")));
        people.Trail.IsFull = true;
        Assert.Equal("disk", Fault(await nurse.SendAsync("PUT", "people/code-app", new { code = phone.Now })));
        people.Trail.IsFull = false;
        Assert.Null(people.Book.Current.Find("Clinician")!.CodeApp);
        key = null;
        Assert.Equal("disk", Fault(await nurse.SendAsync("POST", "people/code-app")));
        key = new byte[32];
        Assert.Equal(HttpStatusCode.Unauthorized, (await people.Browser().SendAsync("POST", "people/code-app")).Status);
        people.Host.Clock.Pass(TimeSpan.FromMinutes(2.9));
        _ = await nurse.SendAsync("POST", "people/touch");
        people.Host.Clock.Pass(TimeSpan.FromMinutes(2.9));
        Assert.Equal("prove", Fault(await nurse.SendAsync("PUT", "people/code-app", new { code = phone.Now })));
    }

    [Fact]
    public async Task An_app_is_taken_away_by_its_person_and_by_a_new_code_of_an_administrator()
    {
        await using PeopleHost people = await PeopleHost.StartAsync();
        using PersonBrowser steward = await people.SignedInAsync(Role.Steward);
        await SetUpAsync(people, steward);
        Assert.False(Is((await steward.SendAsync("DELETE", "people/code-app")).Json, "codeApp"));
        Assert.Equal(string.Empty, await SayAsync(people, PeopleHost.Password));
        PhoneApp former = await SetUpAsync(people, steward);
        people.Host.Clock.Pass(Step);
        PhoneApp next = await SetUpAsync(people, steward);
        people.Host.Clock.Pass(Step);
        Assert.Equal("wrong", await SayAsync(people, PeopleHost.Password + former.Now));
        Assert.Equal(string.Empty, await SayAsync(people, PeopleHost.Password + next.Now));

        using PersonBrowser admin = await people.SignedInAsync(Role.Administrator);
        JsonElement shown = (await admin.SendAsync("GET", "people")).Json.EnumerateArray().Single(one => one.GetProperty("badge").GetString() == "Steward");
        Assert.True(Is(shown, "hasCodeApp"));
        Assert.DoesNotContain("seed", shown.GetRawText(), StringComparison.OrdinalIgnoreCase);
        string code = (await admin.SendAsync("POST", "people/Steward/reset")).Json.GetProperty("code").GetString()!;
        Assert.Null(people.Book.Current.Find("Steward")!.CodeApp);
        using PersonBrowser fresh = people.Browser(elsewhere: true);
        Assert.Equal(HttpStatusCode.OK, (await fresh.SendAsync("POST", "people/enrol", new { badge = "Steward", code, password = PeopleHost.Password })).Status);
    }

    [Fact]
    public async Task What_is_shown_is_the_same_secret_as_text_as_an_address_and_as_a_square_picture()
    {
        await using PeopleHost people = await PeopleHost.StartAsync();
        using PersonBrowser steward = await people.SignedInAsync(Role.Steward);
        JsonElement ask = (await steward.SendAsync("POST", "people/code-app")).Json;
        string secret = ask.GetProperty("secret").GetString()!;
        Assert.Equal(20, PhoneApp.Bytes(secret).Length);
        Assert.Equal([4, 4, 4, 4, 4, 4, 4, 4], secret.Split(' ').Select(group => group.Length));
        Assert.StartsWith("otpauth://totp/", ask.GetProperty("uri").GetString(), StringComparison.Ordinal);
        Assert.Contains($"secret={secret.Replace(" ", string.Empty, StringComparison.Ordinal)}", ask.GetProperty("uri").GetString(), StringComparison.Ordinal);
        int modules = ask.GetProperty("modules").GetInt32();
        bool[,] dark = new bool[modules, modules];
        foreach (string run in ask.GetProperty("path").GetString()!.Split('M', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] start = run.Split('h')[0].Split(' ');
            for (int x = int.Parse(start[0]), end = x + int.Parse(run.Split('h')[1].Split('v')[0]); x < end; x++)
            {
                dark[int.Parse(start[1]), x] = true;
            }
        }

        // Four light modules around, and in three corners the square of seven that every reader looks for (ISO/IEC 18004, 6.3.3).
        Assert.Equal(0, (modules - 8 - 17) % 4);
        foreach ((int y, int x) in new[] { (4, 4), (4, modules - 11), (modules - 11, 4) })
        {
            string square = string.Concat(Enumerable.Range(0, 49).Select(i => dark[y + (i / 7), x + (i % 7)] ? '#' : '.'));
            Assert.Equal("########.....##.###.##.###.##.###.##.....########", square);
        }

        Assert.All(Enumerable.Range(0, modules), i => Assert.False(dark[3, i] || dark[i, 3] || dark[modules - 4, i] || dark[i, modules - 4]));
    }

    private static async Task<PhoneApp> SetUpAsync(PeopleHost people, PersonBrowser browser)
    {
        (HttpStatusCode status, JsonElement ask) = await browser.SendAsync("POST", "people/code-app");
        Assert.Equal(HttpStatusCode.OK, status);
        var phone = new PhoneApp(ask.GetProperty("secret").GetString()!, people.Host.Clock);
        (status, JsonElement me) = await browser.SendAsync("PUT", "people/code-app", new { code = phone.Now });
        Assert.Equal((HttpStatusCode.OK, true), (status, Is(me, "codeApp")));
        return phone;
    }

    /// <summary>The fault of a sign-in of the steward from a machine of its own; empty = it was right.</summary>
    private static async Task<string> SayAsync(PeopleHost people, string password)
    {
        using PersonBrowser browser = people.Browser(elsewhere: true);
        return Fault(await browser.SendAsync("POST", "people/sign-in", new { badge = "Steward", password }));
    }

    private static bool Is(JsonElement json, string name) => json.GetProperty(name).GetBoolean();

    private static string Fault((HttpStatusCode Status, JsonElement Json) answer) =>
        answer.Json.ValueKind == JsonValueKind.Object && answer.Json.TryGetProperty("fault", out JsonElement fault) ? fault.GetString()! : string.Empty;
}
