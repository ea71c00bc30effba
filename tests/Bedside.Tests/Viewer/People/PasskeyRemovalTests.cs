using System.Net;
using System.Text.Json;
using Bedside.Model;
using Bedside.Model.Audit;
using Bedside.Model.People;

namespace Bedside.Tests.Viewer.People;

/// <summary>One passkey that was lost is taken away by its person, and only by them; the console can too (<see cref="Commands.AccountCommandTests"/>).</summary>
public sealed class PasskeyRemovalTests
{
    [Fact]
    public async Task People_see_their_own_passkeys_and_take_one_away_with_an_entry_and_their_other_sessions_end()
    {
        await using PeopleHost people = await PeopleHost.StartAsync();
        Give(people, "Clinician", "lost", "kept");
        Give(people, "Biomed", "other");
        using PersonBrowser nurse = await people.SignedInAsync(Role.Clinician);
        using PersonBrowser elsewhere = await people.SignedInAsync(Role.Clinician, elsewhere: true);
        (HttpStatusCode status, JsonElement list) = await nurse.SendAsync("GET", "people/passkeys");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(["lost", "kept"], list.EnumerateArray().Select(one => one.GetProperty("label").GetString()!));
        Assert.Equal(["key", "label", "domain", "createdAt", "backedUp"], list[0].EnumerateObject().Select(property => property.Name));
        Assert.DoesNotContain("PUBLICKEY", list.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("Clinician-lost", list.GetRawText(), StringComparison.Ordinal);

        string key = list[0].GetProperty("key").GetString()!;
        (status, list) = await nurse.SendAsync("DELETE", $"people/passkeys/{key}");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(["kept"], list.EnumerateArray().Select(one => one.GetProperty("label").GetString()!));
        AuditEntry entry = people.Trail.Entries.Last(one => one.Act == AuditAct.AccountChange);
        Assert.Equal(("Clinician", AuditResult.Allowed), (entry.Who, entry.Result));
        Assert.Equal(["Clinician", "passkey-removed", key], entry.What.Select(fact => fact.Text));
        Assert.Equal(HttpStatusCode.OK, (await nurse.SendAsync("GET", "sheet")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await elsewhere.SendAsync("GET", "sheet")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await nurse.SendAsync("DELETE", $"people/passkeys/{key}")).Status);
    }

    [Fact]
    public async Task Nobody_takes_away_a_passkey_of_somebody_else_nor_without_a_fresh_proof_a_token_or_the_journal()
    {
        await using PeopleHost people = await PeopleHost.StartAsync();
        Give(people, "Clinician", "mine");
        string key = AccountRules.KeyOf(people.Book.Current.Find("Clinician")!.Passkeys[0]);
        using PersonBrowser admin = await people.SignedInAsync(Role.Administrator);
        Assert.Equal(HttpStatusCode.NotFound, (await admin.SendAsync("DELETE", $"people/passkeys/{key}")).Status);
        using PersonBrowser nobody = people.Browser();
        Assert.Equal(HttpStatusCode.Unauthorized, (await nobody.SendAsync("GET", "people/passkeys")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await nobody.SendAsync("DELETE", $"people/passkeys/{key}")).Status);

        using PersonBrowser nurse = await people.SignedInAsync(Role.Clinician);
        people.Trail.IsFull = true;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await nurse.SendAsync("DELETE", $"people/passkeys/{key}")).Status);
        people.Trail.IsFull = false;
        string token = nurse.Token;
        nurse.Token = string.Empty;
        Assert.Equal(HttpStatusCode.Forbidden, (await nurse.SendAsync("DELETE", $"people/passkeys/{key}")).Status);
        nurse.Token = token;
        for (int minutes = 0; minutes < 6; minutes += 2)
        {
            people.Host.Clock.Pass(TimeSpan.FromMinutes(2));
            _ = await nurse.SendAsync("POST", "people/touch");
        }

        (HttpStatusCode status, JsonElement problem) = await nurse.SendAsync("DELETE", $"people/passkeys/{key}");
        Assert.Equal((HttpStatusCode.Forbidden, "prove"), (status, problem.GetProperty("fault").GetString()));
        Assert.Single(people.Book.Current.Find("Clinician")!.Passkeys);
    }

    [Fact]
    public async Task The_last_thing_to_sign_in_with_stays()
    {
        await using PeopleHost people = await PeopleHost.StartAsync();
        Give(people, "Clinician", "only");
        string key = AccountRules.KeyOf(people.Book.Current.Find("Clinician")!.Passkeys[0]);
        using PersonBrowser nurse = await people.SignedInAsync(Role.Clinician);
        people.Book.Change(list => AccountRules.Change(list, "Clinician", one => one with { Failures = AccountLimits.MostFailures }));
        (HttpStatusCode status, JsonElement problem) = await nurse.SendAsync("DELETE", $"people/passkeys/{key}");
        Assert.Equal((HttpStatusCode.Conflict, "last-proof"), (status, problem.GetProperty("fault").GetString()));

        // The console takes it away all the same: it is how a lost one is dealt with.
        Assert.Equal(AccountFault.None, people.Book.Change(list => AccountRules.RemovePasskey(list, "Clinician", key)));
        Assert.Empty(people.Book.Current.Find("Clinician")!.Passkeys);
    }

    private static void Give(PeopleHost people, string badge, params string[] labels) => people.Book.Change(list => AccountRules.Change(list, badge, one => one with
    {
        Passkeys = [.. labels.Select((label, i) => new Passkey($"{badge}-{label}", "PUBLICKEY", "localhost", label, new UtcInstant(i), 0, [], IsUserVerified: true, IsBackupEligible: false, IsBackedUp: false))],
    }));
}
