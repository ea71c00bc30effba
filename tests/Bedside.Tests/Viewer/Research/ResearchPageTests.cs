using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Bedside.Model.Audit;
using Bedside.Model.People;
using Bedside.Model.Research;
using Bedside.Tests.Viewer.People;
using Bedside.Viewer.Research;

namespace Bedside.Tests.Viewer.Research;

/// <summary>The pages of research: readable without a script and without an account, in two languages, and nothing that somebody typed is more than text.</summary>
public sealed partial class ResearchPageTests
{
    private const string Markup = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'";

    [Fact]
    public async Task Everybody_reads_the_public_log_without_an_account_what_who_why_how_many_and_how_to_say_no()
    {
        await using ResearchHost host = await ResearchHost.StartAsync();
        string study = host.Released();
        host.Take(study, StudyStepKind.Recall, Role.RightsOfficer, "une erreur dans la cohorte");
        string refused = host.Submitted();
        host.Take(refused, StudyStepKind.Refuse, Role.Steward, "trop large");
        using PersonBrowser stranger = host.People.Browser(elsewhere: true);

        foreach (string address in new[] { "/research", "/recherche" })
        {
            (HttpStatusCode status, string page, HttpResponseMessage answer) = await stranger.PageAsync(address);
            Assert.Equal(HttpStatusCode.OK, status);
            string text = TextOf(page);
            Assert.Contains("Vous pouvez dire non", text);
            Assert.Contains("Vous n’avez pas à donner de raison", text);
            Assert.Contains("Pression artérielle et réveil", text);
            Assert.Contains("CHU de l’Exemple", text);
            Assert.Contains("Fewer falls after sedation.", text);
            Assert.Contains("MR-004 n° 2229999", text);
            Assert.Contains("environ 45", text);
            Assert.Contains("Le gardien des données a donné un premier accord.", text);
            Assert.Contains("Le délégué aux droits des patients a donné le second accord.", text);
            Assert.Contains("Raison : une erreur dans la cohorte", text);
            Assert.Contains("Raison : trop large", text);
            Assert.Contains("ce n’est pas un moniteur", text);
            Assert.DoesNotContain("Jeanne", text);
            Assert.DoesNotContain("<script", page);
            Assert.Contains("default-src 'none'", answer.Headers.GetValues("Content-Security-Policy").Single());
            Assert.Contains("form-action 'self'", answer.Headers.GetValues("Content-Security-Policy").Single());
        }

        (_, string english, _) = await stranger.PageAsync("/research", "en-GB");
        Assert.Contains("You can say no", TextOf(english));
        Assert.Contains("<html lang=\"en\">", english);
        (_, string chosen, _) = await stranger.PageAsync("/research?lang=fr", "en-GB");
        Assert.Contains("<html lang=\"fr\">", chosen);
    }

    [Fact]
    public async Task The_file_of_the_public_log_is_the_one_on_the_disk_and_each_line_has_the_hash_of_the_one_before()
    {
        await using ResearchHost host = await ResearchHost.StartAsync();
        host.Released();
        using PersonBrowser stranger = host.People.Browser(elsewhere: true);

        (HttpStatusCode status, string file, HttpResponseMessage answer) = await stranger.PageAsync("/research/public-log.jsonl");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("application/jsonl", answer.Content.Headers.ContentType!.MediaType);
        string[] lines = file.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(host.Studies.Log.Count, lines.Length);
        for (int i = 1; i < lines.Length; i++)
        {
            string hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(lines[i - 1])));
            Assert.Equal(hash, JsonSerializer.Deserialize<JsonElement>(lines[i]).GetProperty("previous").GetString());
        }
    }

    [Fact]
    public async Task A_draft_is_told_to_the_public_by_its_number_alone_and_shown_to_its_author_only()
    {
        await using ResearchHost host = await ResearchHost.StartAsync();
        string study = host.Drafted();
        using PersonBrowser stranger = host.People.Browser(elsewhere: true);
        using PersonBrowser steward = await host.People.SignedInAsync(Role.Steward);

        (_, string page, _) = await stranger.PageAsync("/research");
        Assert.DoesNotContain("Pression artérielle", TextOf(page));
        Assert.Contains("pas encore soumises : 1", TextOf(page));
        Assert.DoesNotContain(study, TextOf((await steward.PageAsync("/research/area")).Page));
        Assert.Equal(HttpStatusCode.NotFound, (await steward.PageAsync($"/research/area/{study}")).Status);
    }

    [Fact]
    public async Task What_somebody_typed_is_text_on_every_page_that_shows_it()
    {
        await using ResearchHost host = await ResearchHost.StartAsync();
        StudyRequest request = host.Request() with
        {
            Title = new TwoTongues($"Titre {Markup}", $"Title {Markup}"),
            Summary = new TwoTongues(Markup, Markup),
            PublicInterest = Markup,
            Body = Markup,
            DataProtectionOfficer = Markup,
            SecureSpace = Markup,
            Signals = [new AskedSignal("hr", Markup)],
        };
        string study = host.Submitted(request);
        string draft = host.Drafted(request);
        host.Take(study, StudyStepKind.Suspend, Role.Steward, Markup);
        using PersonBrowser researcher = await host.People.SignedInAsync(Role.Researcher);

        foreach (string path in new[] { "/research", "/research/poster", "/research/area", $"/research/area/{study}", $"/research/area/{draft}", $"/research/area/{draft}/request" })
        {
            (HttpStatusCode status, string page, _) = await researcher.PageAsync(path);
            Assert.Equal(HttpStatusCode.OK, status);
            Assert.DoesNotContain("<script", page);
            Assert.DoesNotContain("<img", page);
            Assert.Contains("&lt;script&gt;", page);
        }
    }

    [Fact]
    public async Task No_sentence_of_one_language_stands_on_a_page_of_the_other()
    {
        await using ResearchHost host = await ResearchHost.StartAsync();
        string study = host.Built();
        string draft = host.Drafted(host.Request() with { Body = string.Empty });
        host.Builds.Begin(study, "Steward", [Role.Steward]);
        using PersonBrowser steward = await host.People.SignedInAsync(Role.Administrator);
        using PersonBrowser researcher = await host.People.SignedInAsync(Role.Researcher);
        string known = RequestText.Write(host.Request());
        string[] data = ["VISUALISATION", "sed -n", "http://", "RFC", .. host.Studies.Studies.SelectMany(one => one.Steps).Select(step => step.Why)];

        foreach ((PersonBrowser who, string path) in new[]
        {
            (steward, "/research"), (steward, "/research/poster"), (steward, "/research/area"), (steward, "/research/area/availability"), (steward, $"/research/area/{study}"), (steward, "/research/area/none"),
            (researcher, "/research/area/request"), (researcher, $"/research/area/{draft}"), (researcher, $"/research/area/{draft}/request"), (researcher, "/research/sign-in"),
        })
        {
            string[] french = Sentences((await who.PageAsync($"{path}?lang=fr")).Page);
            string[] english = Sentences((await who.PageAsync($"{path}?lang=en")).Page);
            Assert.NotEmpty(french);
            string[] same = [.. french.Intersect(english).Where(text => !known.Contains(JsonEncodedText.Encode(text).ToString(), StringComparison.Ordinal) && !data.Any(one => one.Length > 0 && text.Contains(one, StringComparison.Ordinal)))];
            Assert.True(same.Length == 0, $"{path}: {string.Join(" | ", same)}");
        }
    }

    [Fact]
    public void Every_word_of_the_pages_has_both_languages_and_every_step_a_word_of_its_own()
    {
        TwoTongues[] words =
        [
            .. Enum.GetValues<StudyState>().SelectMany(state => new[] { ResearchWords.Plain(state), ResearchWords.Next(state), StudyWords.Of(state) }), .. Enum.GetValues<LegalBasis>().Select(ResearchWords.Of),
            .. Enum.GetValues<Role>().Select(ResearchWords.Of), .. Enum.GetValues<StudyStepKind>().Select(ResearchWords.Button),
        ];
        Assert.All(words, word => Assert.True(word.French.Length > 1 && word.English.Length > 1));
        Assert.Equal(ResearchWords.Steps.Count, ResearchWords.Steps.Select(ResearchWords.Code).Distinct().Count());
        Assert.All(ResearchWords.Steps, step => Assert.Equal(step, ResearchWords.Step(ResearchWords.Code(step))));
        Assert.Null(ResearchWords.Step("fetch"));
    }

    [Fact]
    public async Task Availability_is_rounded_and_says_nothing_of_fewer_than_eleven_and_the_journal_has_who_looked()
    {
        await using ResearchHost host = await ResearchHost.StartAsync();
        using PersonBrowser researcher = await host.People.SignedInAsync(Role.Researcher);

        (HttpStatusCode status, string page, _) = await researcher.PageAsync("/research/area/availability");
        string text = TextOf(page);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("environ 60", text);
        Assert.Contains("moins de 11 patients", text);
        Assert.DoesNotContain("58", text);
        Assert.DoesNotContain("63", text);
        Assert.DoesNotContain("50 %", text);
        Assert.Contains("95 %", text);
        Assert.DoesNotContain("2026-02-03", page);
        Assert.Equal("\u0001\u0002\u0003\u0004", (await researcher.PageAsync("/research/area/availability/sample")).Page);
        Assert.Single(host.People.Trail.Entries, entry => entry is { Act: AuditAct.ResearchLook, Who: "Researcher" });

        using PersonBrowser other = await host.People.SignedInAsync(Role.Steward);
        host.People.Trail.IsFull = true;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await other.PageAsync("/research/area/availability")).Status);
    }

    [Fact]
    public async Task A_box_without_studies_says_so_and_keeps_its_promises_to_patients()
    {
        await using PeopleHost people = await PeopleHost.StartAsync();
        using PersonBrowser nobody = people.Browser(elsewhere: true);
        using PersonBrowser researcher = await people.SignedInAsync(Role.Researcher);

        (HttpStatusCode status, string page, _) = await nobody.PageAsync("/recherche");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("Ce boîtier ne garde aucune étude.", TextOf(page));
        Assert.Contains("Vous pouvez dire non", TextOf(page));
        Assert.Equal(HttpStatusCode.NotFound, (await nobody.PageAsync("/research/public-log.jsonl")).Status);
        foreach (string path in new[] { "/research/area", "/research/area/request", "/research/area/ST-2026-001", "/research/area/ST-2026-001/package" })
        {
            Assert.Equal(HttpStatusCode.NotFound, (await researcher.PageAsync(path)).Status);
        }
    }

    [Fact]
    public async Task Somebody_who_is_not_signed_in_gets_the_page_to_sign_in_and_goes_on_where_they_wanted_to_and_nowhere_else()
    {
        await using ResearchHost host = await ResearchHost.StartAsync();
        string study = host.Submitted();
        using PersonBrowser steward = host.People.Browser(elsewhere: true);

        (HttpStatusCode status, string page, _) = await steward.PageAsync($"/research/area/{study}?lang=fr");
        Assert.Equal(HttpStatusCode.Unauthorized, status);
        Assert.Contains($"value=\"/research/area/{study}?lang=fr\"", page);

        (HttpStatusCode wrong, string again, _) = await steward.FormAsync("/research/sign-in", ("badge", "Steward"), ("password", "not it at all"), ("next", $"/research/area/{study}"));
        Assert.Equal(HttpStatusCode.Unauthorized, wrong);
        Assert.Contains("ne vont pas ensemble", again);
        (HttpStatusCode right, _, HttpResponseMessage answer) = await steward.FormAsync("/research/sign-in", ("badge", "Steward"), ("password", PeopleHost.Password), ("next", $"/research/area/{study}"));
        Assert.Equal(HttpStatusCode.SeeOther, right);
        Assert.Equal($"/research/area/{study}", answer.Headers.Location!.OriginalString);
        Assert.Equal(HttpStatusCode.OK, (await steward.PageAsync($"/research/area/{study}")).Status);
        Assert.All((string?[])["https://example.org/", "//example.org/research/area", "/research/area/../../x", "/research/area\\x", "/api/v1/sheet", null], next => Assert.Equal("/research/area", SignInPage.SafeNext(next)));
    }

    [Fact]
    public async Task Whoever_has_no_role_in_research_is_told_so_on_a_page_and_a_program_by_a_problem_document()
    {
        await using ResearchHost host = await ResearchHost.StartAsync();
        using PersonBrowser nurse = await host.People.SignedInAsync(Role.Clinician, elsewhere: true);

        (HttpStatusCode status, string page, _) = await nurse.PageAsync("/research/area");
        Assert.Equal(HttpStatusCode.Forbidden, status);
        Assert.Contains("Aucun de vos rôles ne le permet", TextOf(page));
        using HttpResponseMessage answer = await nurse.AnswerAsync("GET", "/research/area");
        await ViewerHost.ProblemOfAsync(answer, HttpStatusCode.Forbidden);
    }

    private static string TextOf(string page) => WebUtility.HtmlDecode(Tags.Replace(page, " "));

    /// <summary>Texts of the page with three words or more.</summary>
    private static string[] Sentences(string page) =>
        [.. TextNode.Matches(page).Select(match => WebUtility.HtmlDecode(match.Groups["text"].Value).Trim()).Where(text => text.Contains(' ', StringComparison.Ordinal) && Word.Count(text) >= 3).Distinct()];

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tags { get; }

    [GeneratedRegex(">(?<text>[^<]+)<", RegexOptions.ExplicitCapture)]
    private static partial Regex TextNode { get; }

    [GeneratedRegex(@"\p{L}{2,}")]
    private static partial Regex Word { get; }
}
