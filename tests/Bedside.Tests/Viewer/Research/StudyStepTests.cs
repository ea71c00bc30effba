using System.Net;
using Bedside.Model.Audit;
using Bedside.Model.People;
using Bedside.Model.Research;
using Bedside.Tests.Viewer.People;

namespace Bedside.Tests.Viewer.Research;

/// <summary>Steps of a study by forms: each by whose it is, decisions with the password once more, and what is refused says why.</summary>
public sealed class StudyStepTests
{
    private static readonly (string, string) Password = ("password", PeopleHost.Password);

    [Fact]
    public async Task Four_people_bring_a_study_from_the_request_to_its_release_and_one_recalls_it()
    {
        await using ResearchHost host = await ResearchHost.StartAsync();
        string study = host.Submitted();
        using PersonBrowser steward = await host.People.SignedInAsync(Role.Steward);
        using PersonBrowser officer = await host.People.SignedInAsync(Role.RightsOfficer);

        await TakenAsync(steward, study, "approve-first", ("request", host.Studies.Studies.Single().RequestDigest));
        await TakenAsync(officer, study, "approve-second", ("request", host.Studies.Studies.Single().RequestDigest));
        Assert.Equal(StudyState.Opposition, host.StateOf(study));
        (_, string waiting, _) = await officer.PageAsync($"/research/area/{study}");
        Assert.Contains("Délai pour dire non : jusqu’au 6 décembre 2026", waiting);

        string built = host.Built();
        using PersonBrowser administrator = await host.People.SignedInAsync(Role.Administrator);
        (_, string page, _) = await administrator.PageAsync($"/research/area/{built}");
        Assert.Contains("Rapport de divulgation, version 1", page);
        Assert.Contains("moins de 11", page);
        await TakenAsync(administrator, built, "release", ("package", host.Shelf.Newest(built)!.Digest));
        Assert.Equal(StudyState.Released, host.StateOf(built));
        using PersonBrowser later = await host.People.SignedInAsync(Role.RightsOfficer);
        await TakenAsync(later, built, "recall", ("why", "une erreur dans la cohorte"));
        Assert.Equal(StudyState.Recalled, host.StateOf(built));
        using PersonBrowser researcher = await host.People.SignedInAsync(Role.Researcher);
        await TakenAsync(researcher, built, "attest", ("why", string.Empty));
        Assert.Equal(StudyState.Destroyed, host.StateOf(built));
        Assert.Contains(host.People.Trail.Entries, entry => entry is { Act: AuditAct.ResearchRelease, Who: "Administrator" });
    }

    [Fact]
    public async Task A_decision_by_a_password_alone_is_none_where_the_site_wants_more_and_the_page_says_what_helps()
    {
        await using ResearchHost host = await ResearchHost.StartAsync(needsSecondFactor: true);
        string study = host.Submitted();
        string digest = host.Studies.Studies.Single().RequestDigest;
        using PersonBrowser steward = await host.People.SignedInAsync(Role.Steward);
        (HttpStatusCode status, string page, _) = await steward.FormAsync($"/research/area/{study}/steps", ("step", "approve-first"), ("request", digest), Password);
        Assert.NotEqual(HttpStatusCode.SeeOther, status);
        Assert.Contains("les six chiffres d’une application après le mot de passe", WebUtility.HtmlDecode(page), StringComparison.Ordinal);
        Assert.DoesNotContain(host.Studies.Studies.Single().Steps, step => step.Kind == StudyStepKind.ApproveFirst);

        string secret = (await steward.SendAsync("POST", "people/code-app")).Json.GetProperty("secret").GetString()!;
        var phone = new PhoneApp(secret, host.People.Host.Clock);
        Assert.Equal(HttpStatusCode.OK, (await steward.SendAsync("PUT", "people/code-app", new { code = phone.Now })).Status);
        host.People.Host.Clock.Pass(TimeSpan.FromMinutes(2));
        using PersonBrowser again = host.People.Browser();
        Assert.Equal(HttpStatusCode.OK, (await again.SendAsync("POST", "people/sign-in", new { badge = "Steward", password = PeopleHost.Password + phone.Now })).Status);
        await TakenAsync(again, study, "approve-first", ("request", digest));
    }

    [Fact]
    public async Task A_decision_needs_the_password_once_more_and_stopping_does_not()
    {
        await using ResearchHost host = await ResearchHost.StartAsync();
        string study = host.Submitted();
        using PersonBrowser steward = await host.People.SignedInAsync(Role.Steward, elsewhere: true);
        for (int minute = 0; minute < 6; minute++)
        {
            host.Clock.Pass(TimeSpan.FromMinutes(1));
            Assert.Equal(HttpStatusCode.OK, (await steward.PageAsync($"/research/area/{study}")).Status);
        }

        (HttpStatusCode none, string page, _) = await steward.FormAsync($"/research/area/{study}/steps", ("step", "approve-first"));
        Assert.Equal(HttpStatusCode.Forbidden, none);
        Assert.Contains("Dites votre mot de passe encore une fois", page);
        (HttpStatusCode wrong, _, _) = await steward.FormAsync($"/research/area/{study}/steps", ("step", "approve-first"), ("password", "something else entirely"));
        Assert.Equal(HttpStatusCode.Forbidden, wrong);
        Assert.Equal(StudyState.Submitted, host.StateOf(study));

        Assert.Equal(HttpStatusCode.SeeOther, (await steward.FormAsync($"/research/area/{study}/steps", ("step", "suspend"), ("why", "une question"))).Status);
        Assert.Equal(StudyState.Suspended, host.StateOf(study));
        Assert.Equal(HttpStatusCode.SeeOther, (await steward.FormAsync($"/research/area/{study}/steps", ("step", "resume"), Password)).Status);
        Assert.Equal(StudyState.Submitted, host.StateOf(study));
    }

    [Fact]
    public async Task Whoever_may_not_take_a_step_is_not_offered_it_and_is_refused_with_the_reason()
    {
        await using ResearchHost host = await ResearchHost.StartAsync();
        host.People.Book.Change(list => AccountRules.SetRoles(list, "Researcher", [Role.Researcher, Role.Steward]));
        host.People.Book.Change(list => AccountRules.SetRoles(list, "Steward", [Role.Steward, Role.RightsOfficer]));
        string study = host.Submitted();
        using PersonBrowser requester = await host.People.SignedInAsync(Role.Researcher);
        using PersonBrowser steward = await host.People.SignedInAsync(Role.Steward);
        string digest = host.Studies.Studies.Single().RequestDigest;

        Assert.DoesNotContain("value=\"approve-first\"", (await requester.PageAsync($"/research/area/{study}")).Page);
        (HttpStatusCode own, string page, _) = await requester.FormAsync($"/research/area/{study}/steps", ("step", "approve-first"), ("request", digest));
        Assert.Equal(HttpStatusCode.Conflict, own);
        Assert.Contains("ne décident pas de leur étude", page);

        (HttpStatusCode changed, string seen, _) = await steward.FormAsync($"/research/area/{study}/steps", ("step", "approve-first"), ("request", new string('0', 64)));
        Assert.Equal(HttpStatusCode.Conflict, changed);
        Assert.Contains("relisez-la", seen);
        await TakenAsync(steward, study, "approve-first", ("request", digest));
        (HttpStatusCode same, string twice, _) = await steward.FormAsync($"/research/area/{study}/steps", ("step", "approve-second"), ("request", digest));
        Assert.Equal(HttpStatusCode.Conflict, same);
        Assert.Contains("le second vient d’une autre personne", twice);
        Assert.Equal(StudyState.ApprovedOnce, host.StateOf(study));
    }

    [Fact]
    public async Task A_refusal_without_a_reason_is_asked_for_it_and_what_was_typed_stays()
    {
        await using ResearchHost host = await ResearchHost.StartAsync();
        string study = host.Submitted();
        using PersonBrowser steward = await host.People.SignedInAsync(Role.Steward);

        (HttpStatusCode status, string page, _) = await steward.FormAsync($"/research/area/{study}/steps", ("step", "refuse"), ("why", "  "));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
        Assert.Matches("id=\"f-why-refuse\"[^>]*aria-invalid=\"true\"", page);
        Assert.Equal(HttpStatusCode.BadRequest, (await steward.FormAsync($"/research/area/{study}/steps", ("step", "objection"))).Status);
        Assert.Equal(StudyState.Submitted, host.StateOf(study));
    }

    [Fact]
    public async Task A_build_shows_how_far_it_is_reads_itself_again_and_can_be_given_up()
    {
        await using ResearchHost host = await ResearchHost.StartAsync();
        string study = host.Submitted();
        host.Take(study, StudyStepKind.ApproveFirst, Role.Steward);
        host.Take(study, StudyStepKind.ApproveSecond, Role.RightsOfficer);
        using PersonBrowser early = await host.People.SignedInAsync(Role.Steward);
        Assert.DoesNotContain("value=\"build\"", (await early.PageAsync($"/research/area/{study}")).Page);
        host.Clock.Pass(TimeSpan.FromDays(16));
        using PersonBrowser steward = await host.People.SignedInAsync(Role.Steward);

        Assert.Contains("value=\"build\"", (await steward.PageAsync($"/research/area/{study}")).Page);
        Assert.Equal(HttpStatusCode.SeeOther, (await steward.FormAsync($"/research/area/{study}/steps", ("step", "build"))).Status);
        (_, string page, _) = await steward.PageAsync($"/research/area/{study}");
        Assert.Contains("Écriture des signaux – 42 %", page);
        Assert.Contains("http-equiv=\"refresh\" content=\"5\"", page);
        Assert.Equal(HttpStatusCode.SeeOther, (await steward.FormAsync($"/research/area/{study}/steps", ("step", "cancel-build"))).Status);
        Assert.Null(host.Builds.StateOf(study));
    }

    private static async Task TakenAsync(PersonBrowser person, string study, string step, params (string, string)[] fields)
    {
        (HttpStatusCode status, string page, _) = await person.FormAsync($"/research/area/{study}/steps", [("step", step), Password, .. fields]);
        Assert.True(status == HttpStatusCode.SeeOther, $"{step}: {status} {page}");
    }
}
