using System.Net;
using System.Text.RegularExpressions;
using Bedside.Model.People;
using Bedside.Model.Research;
using Bedside.Tests.Viewer.People;
using Bedside.Viewer.Research;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Bedside.Tests.Viewer.Research;

/// <summary>The form of a request: errors beside the fields, and nothing that was typed is ever lost.</summary>
public sealed partial class RequestFormTests
{
    [Fact]
    public async Task A_request_is_checked_saved_completed_and_submitted_by_forms_alone()
    {
        await using ResearchHost host = await ResearchHost.StartAsync();
        using PersonBrowser researcher = await host.People.SignedInAsync(Role.Researcher);
        (string Name, string Value)[] fields = [.. Fields(host.Request()).Where(field => field.Name != "body")];

        (HttpStatusCode status, string page, _) = await researcher.FormAsync("/research/area/request", [.. fields, ("body", string.Empty), ("action", "save")]);
        Assert.Equal(HttpStatusCode.OK, status);
        string study = Assert.Single(host.Studies.Studies).Id;
        Assert.Contains("L’organisme responsable manque", page);
        Assert.Contains($"action=\"/research/area/{study}/request", page);
        Assert.Matches("<input [^>]*id=\"f-body\"[^>]*aria-describedby=\"f-body-fault\"[^>]*aria-invalid=\"true\"", page);
        Assert.Contains("href=\"#f-body\"", page);

        (HttpStatusCode saved, _, HttpResponseMessage answer) = await researcher.FormAsync($"/research/area/{study}/request", [.. fields, ("body", "CHU de l’Exemple"), ("action", "save")]);
        Assert.Equal(HttpStatusCode.SeeOther, saved);
        Assert.Contains("Soumettre la demande", (await researcher.PageAsync(answer.Headers.Location!.OriginalString)).Page);
        (HttpStatusCode submitted, _, _) = await researcher.FormAsync($"/research/area/{study}/steps", ("step", "submit"));
        Assert.Equal(HttpStatusCode.SeeOther, submitted);
        Assert.Equal(StudyState.Submitted, host.StateOf(study));
        Assert.Equal(RequestText.Write(host.Request()), RequestText.Write(host.Studies.Studies.Single().Request));
        Assert.Equal(HttpStatusCode.Conflict, (await researcher.PageAsync($"/research/area/{study}/request")).Status);
    }

    [Fact]
    public async Task What_cannot_be_read_is_said_beside_its_field_and_stands_there_as_it_was_typed()
    {
        await using ResearchHost host = await ResearchHost.StartAsync();
        using PersonBrowser researcher = await host.People.SignedInAsync(Role.Researcher);
        (string Name, string Value)[] fields = [.. Fields(host.Request()).Where(field => field.Name is not ("firstDay" or "signals[0].hertz"))];

        (HttpStatusCode status, string page, _) = await researcher.FormAsync("/research/area/request", [.. fields, ("firstDay", "le 3 mars"), ("signals[0].hertz", "un peu"), ("action", "save")]);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
        Assert.Contains("value=\"le 3 mars\"", page);
        Assert.Contains("value=\"un peu\"", page);
        Assert.Contains("Ce n’est pas un nombre", page);
        Assert.Contains("Le jour manque", page);
        Assert.All(fields.Where(field => field.Value.Length > 3), field => Assert.Contains(WebUtility.HtmlEncode(field.Value).Replace("&#39;", "&#x27;", StringComparison.Ordinal), Plain(page)));
        Assert.Empty(host.Studies.Studies);
    }

    [Fact]
    public async Task More_rows_come_by_a_button_and_everything_typed_before_is_still_there()
    {
        await using ResearchHost host = await ResearchHost.StartAsync();
        using PersonBrowser researcher = await host.People.SignedInAsync(Role.Researcher);
        (string Name, string Value)[] fields = [("title.french", "Un titre"), ("signals[0].signal", "hr"), ("signals[2].signal", "abp"), ("signals[2].reason", "La question")];

        (_, string before, _) = await researcher.FormAsync("/research/area/request", [.. fields, ("action", "check")]);
        (_, string after, _) = await researcher.FormAsync("/research/area/request", [.. fields, ("action", "more-signals")]);

        Assert.Equal(SignalRow.Count(before) + 4, SignalRow.Count(after));
        Assert.Contains("value=\"Un titre\"", after);
        Assert.Matches("name=\"signals\\[1\\].signal\" value=\"abp\"", after);
        Assert.Matches("name=\"signals\\[1\\].reason\" value=\"La question\"", after);
        Assert.Empty(host.Studies.Studies);
    }

    [Fact]
    public async Task A_session_that_came_to_rest_while_somebody_wrote_costs_them_nothing_but_their_password()
    {
        await using ResearchHost host = await ResearchHost.StartAsync();
        using PersonBrowser researcher = await host.People.SignedInAsync(Role.Researcher, elsewhere: true);
        host.Clock.Pass(TimeSpan.FromMinutes(10));

        (HttpStatusCode status, string page, _) = await researcher.FormAsync("/research/area/request", [.. Fields(host.Request()), ("action", "save")]);
        Assert.Equal(HttpStatusCode.Unauthorized, status);
        Assert.Contains("Rien n’est perdu", page);
        Assert.DoesNotContain("name=\"kept:token\"", page);

        (string Name, string Value)[] kept = [.. Hidden.Matches(page).Select(match => (WebUtility.HtmlDecode(match.Groups["name"].Value), WebUtility.HtmlDecode(match.Groups["value"].Value)))];
        researcher.Token = string.Empty;
        (HttpStatusCode back, string next, _) = await researcher.FormAsync("/research/sign-in", [.. kept, ("badge", "Researcher"), ("password", PeopleHost.Password)]);
        Assert.Equal(HttpStatusCode.OK, back);

        // The button of the page that follows sends all of it again.
        (string Name, string Value)[] again = [.. Hidden.Matches(next).Select(match => (WebUtility.HtmlDecode(match.Groups["name"].Value), WebUtility.HtmlDecode(match.Groups["value"].Value)))];
        Assert.Equal(HttpStatusCode.SeeOther, (await researcher.FormAsync("/research/area/request", again)).Status);
        Assert.Equal(RequestText.Write(host.Request()), RequestText.Write(host.Studies.Studies.Single().Request));
    }

    [Fact]
    public async Task A_form_without_the_token_or_of_a_foreign_page_changes_nothing()
    {
        await using ResearchHost host = await ResearchHost.StartAsync();
        using PersonBrowser researcher = await host.People.SignedInAsync(Role.Researcher);
        string token = researcher.Token;
        researcher.Token = string.Empty;
        Assert.Equal(HttpStatusCode.Forbidden, (await researcher.FormAsync("/research/area/request", [.. Fields(host.Request()), ("action", "save")])).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await researcher.FormAsync("/research/area/request", [.. Fields(host.Request()), ("action", "save"), ("token", $"{token}x")])).Status);

        using var foreign = new HttpRequestMessage(HttpMethod.Post, "/research/area/request") { Content = new FormUrlEncodedContent([new("token", token), new("action", "save")]) };
        foreign.Headers.Add("Origin", "https://example.org");
        using HttpResponseMessage answer = await researcher.AskAsync(foreign);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Empty(host.Studies.Studies);
    }

    [Fact]
    public async Task A_form_that_is_too_large_is_refused_and_the_box_goes_on()
    {
        await using ResearchHost host = await ResearchHost.StartAsync();
        using PersonBrowser researcher = await host.People.SignedInAsync(Role.Researcher);
        (HttpStatusCode status, _, _) = await researcher.FormAsync("/research/area/request", ("summary.french", new string('a', 70_000)));
        Assert.Contains(status, new[] { HttpStatusCode.RequestEntityTooLarge, HttpStatusCode.Forbidden });
        Assert.Equal(HttpStatusCode.OK, (await researcher.PageAsync("/research/area")).Status);
    }

    [Fact]
    public void A_request_goes_through_the_form_and_comes_back_the_same()
    {
        StudyRequest request = Tests.Research.Requests.Whole() with
        {
            Cohort = new CohortRules(["60-69", "70-79"], ["F"], 24, [new HasSignal("abp", 12.5), new HasSignal("hr", 6)]),
            Signals = [new AskedSignal("ecg-ii", "La forme de l’onde.", 250, "Rien de plus lent ne la montre."), new AskedSignal("hr", "Le rythme.", 1.0 / 60)],
            Window = new StudyWindow(1.5, ToHour: null),
            Time = TimeForm.ShiftedWeeks,
            TimeReason = "Les jours de la semaine comptent.",
            Summary = new TwoTongues("Une ligne.\nUne autre.", "A line.\nAnother."),
        };
        var values = FormValues.Of(new FormCollection(Fields(request).GroupBy(field => field.Name).ToDictionary(group => group.Key, group => new StringValues([.. group.Select(field => field.Value)]))));

        var reading = RequestReading.Of(values, Tests.Research.Requests.Today);

        Assert.Equal(RequestText.Write(request), RequestText.Write(reading.Request!));
        Assert.Empty(reading.Faults);
    }

    /// <summary>What a browser sends of the form that shows a request: read from the page itself.</summary>
    private static (string Name, string Value)[] Fields(StudyRequest request)
    {
        var page = new Html();
        using (page.In("body"))
        {
            RequestPage.Write(page, new Tongue(IsFrench: true, TimeZoneInfo.Utc), new Bedside.Viewer.Rights.Person(Session: null, Account: null, IsResting: false, default), new RequestState(string.Empty, FormValues.Of(request), []));
        }

        string text = page.ToString();
        return
        [
            .. Input.Matches(text).Where(match => match.Groups["type"].Value is not ("checkbox" or "radio") || match.Value.Contains(" checked", StringComparison.Ordinal))
                .Select(match => (WebUtility.HtmlDecode(match.Groups["name"].Value), WebUtility.HtmlDecode(match.Groups["value"].Value))),
            .. TextArea.Matches(text).Select(match => (match.Groups["name"].Value, WebUtility.HtmlDecode(match.Groups["value"].Value)[1..].ReplaceLineEndings("\r\n"))),
            ("basis", request.Basis.ToString()),
        ];
    }

    private static string Plain(string page) => WebUtility.HtmlEncode(WebUtility.HtmlDecode(page)).Replace("&#39;", "&#x27;", StringComparison.Ordinal);

    [GeneratedRegex("name=\"signals\\[\\d+\\].signal\"")]
    private static partial Regex SignalRow { get; }

    [GeneratedRegex("<input type=\"hidden\" name=\"(?<name>[^\"]+)\" value=\"(?<value>[^\"]*)\">", RegexOptions.ExplicitCapture)]
    private static partial Regex Hidden { get; }

    [GeneratedRegex("<input [^>]*?type=\"(?<type>[a-z]+)\"[^>]*? name=\"(?<name>[^\"]+)\" value=\"(?<value>[^\"]*)\"[^>]*>", RegexOptions.ExplicitCapture)]
    private static partial Regex Input { get; }

    [GeneratedRegex("<textarea [^>]*name=\"(?<name>[^\"]+)\"[^>]*>(?<value>[^<]*)</textarea>", RegexOptions.ExplicitCapture)]
    private static partial Regex TextArea { get; }
}
