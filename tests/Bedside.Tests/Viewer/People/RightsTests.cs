using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Bedside.Model;
using Bedside.Model.Audit;
using Bedside.Model.People;
using Bedside.Viewer;
using Bedside.Viewer.Rights;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Bedside.Tests.Viewer.People;

/// <summary>The table of rights is what the box answers: every endpoint is asked as everybody.</summary>
public sealed partial class RightsTests
{
    private static readonly Callers[] Everyone =
    [
        Callers.Bed, Callers.Elsewhere, Callers.Clinician, Callers.Biomed, Callers.Researcher, Callers.Steward, Callers.RightsOfficer, Callers.Administrator, Callers.Emergency,
    ];

    [Fact]
    public void The_page_in_the_repository_is_the_table()
    {
        string path = Repository.PathOf("viewer/RIGHTS.md");
        if (Environment.GetEnvironmentVariable("BEDSIDE_GOLDEN") == "write")
        {
            File.WriteAllText(path, RightsText.Write());
        }

        Assert.Equal(File.ReadAllText(path), RightsText.Write());
    }

    [Fact]
    public async Task Every_endpoint_has_a_row_and_every_row_an_endpoint()
    {
        await using ViewerHost host = await ViewerHost.StartAsync();

        string[] mapped =
        [
            .. host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
                .SelectMany(endpoint => (endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods is { Count: > 0 } methods ? methods : ["*"])
                    .Select(method => $"{method} {endpoint.RoutePattern.RawText}"))
                .Distinct().Order(StringComparer.Ordinal),
        ];

        Assert.Equal(RightsTable.Rows.Select(row => $"{row.Method} {row.Pattern}").Order(StringComparer.Ordinal), mapped);
    }

    [Fact]
    public async Task The_box_answers_everybody_exactly_as_the_table_says()
    {
        await using PeopleHost people = await PeopleHost.StartAsync();
        List<string> wrong = [];
        int asked = 0;
        foreach (RightsRow row in RightsTable.Rows)
        {
            foreach (Callers caller in Everyone)
            {
                using PersonBrowser browser = await BecomeAsync(people, caller);
                string path = Path(row, people.Host.Now.Add(-TimeSpan.FromHours(2)));
                using HttpResponseMessage answer = await browser.AnswerAsync(row.Method == "*" ? "GET" : row.Method, path);
                bool isRefused = await IsRefusedAsync(answer);
                bool isOfThePast = path.Contains("from=", StringComparison.Ordinal) || path.Contains("/tiles/", StringComparison.Ordinal);
                bool mayAsk = row.Of(caller) == Reach.Full || (row.Of(caller) == Reach.Limited && !isOfThePast);
                asked++;
                if (mayAsk == isRefused)
                {
                    wrong.Add($"{caller}: {row.Method} {path} gave {(int)answer.StatusCode}, the table says {row.Of(caller)}");
                }
            }
        }

        Assert.Empty(wrong);
        Assert.Equal(RightsTable.Rows.Count * Everyone.Length, asked);
    }

    [Fact]
    public async Task A_box_without_accounts_asks_nobody_who_they_are_and_answers_its_own_machine_alone()
    {
        await using PeopleHost people = await PeopleHost.StartAsync(empty: true);
        using PersonBrowser bed = people.Browser();
        using PersonBrowser elsewhere = people.Browser(elsewhere: true);

        Assert.Equal(HttpStatusCode.OK, (await bed.SendAsync("GET", "sheet")).Status);
        Assert.Equal(HttpStatusCode.Created, (await bed.SendAsync("POST", "annotations", new { kind = "note" })).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await elsewhere.SendAsync("GET", "people/me")).Status);
    }

    [Fact]
    public async Task The_first_account_makes_the_rules_hold_at_once_and_a_damaged_book_does_not_undo_them()
    {
        await using PeopleHost people = await PeopleHost.StartAsync(empty: true);
        using PersonBrowser bed = people.Browser();
        Assert.Equal(HttpStatusCode.OK, (await bed.SendAsync("GET", "sheet")).Status);

        people.Book.Damage = "damaged";
        Assert.Equal(HttpStatusCode.Unauthorized, (await bed.SendAsync("GET", "sheet")).Status);
        Assert.Equal(HttpStatusCode.OK, (await bed.SendAsync("GET", "numerics")).Status);
        Assert.Equal(HttpStatusCode.OK, (await bed.SendAsync("POST", "people/emergency", new { reason = "box-fault" })).Status);
        Assert.Equal(HttpStatusCode.OK, (await bed.SendAsync("GET", "sheet")).Status);
    }

    [Fact]
    public async Task A_person_s_request_that_changes_something_needs_the_token_and_a_foreign_page_has_no_chance()
    {
        await using PeopleHost people = await PeopleHost.StartAsync();
        using PersonBrowser nurse = await people.SignedInAsync(Role.Clinician);
        string token = nurse.Token;

        nurse.Token = string.Empty;
        Assert.Equal(HttpStatusCode.Forbidden, (await nurse.SendAsync("POST", "annotations", new { kind = "note" })).Status);
        nurse.Token = token[..^1] + (token[^1] == 'A' ? 'B' : 'A');
        Assert.Equal(HttpStatusCode.Forbidden, (await nurse.SendAsync("POST", "annotations", new { kind = "note" })).Status);
        nurse.Token = token;
        Assert.Equal(HttpStatusCode.Created, (await nurse.SendAsync("POST", "annotations", new { kind = "note" })).Status);
    }

    [Fact]
    public async Task What_is_of_the_patient_no_browser_keeps_and_the_journal_has_who_asked_first()
    {
        await using PeopleHost people = await PeopleHost.StartAsync();
        using PersonBrowser nurse = await people.SignedInAsync(Role.Clinician);

        using HttpResponseMessage answer = await nurse.AnswerAsync("GET", "sheet");
        using HttpResponseMessage again = await nurse.AnswerAsync("GET", "sheet");

        Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
        AuditEntry entry = Assert.Single(people.Trail.Entries, entry => entry.Act == AuditAct.DataRead);
        Assert.Equal(("Clinician", AuditRole.Clinician), (entry.Who, entry.Role));
        people.Trail.IsFull = true;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await nurse.SendAsync("GET", "stays")).Status);
        Assert.Equal(HttpStatusCode.OK, (await nurse.SendAsync("GET", "health")).Status);
        using PersonBrowser bed = people.Browser();
        Assert.Equal(HttpStatusCode.OK, (await bed.SendAsync("GET", "numerics")).Status);
        Assert.Equal(HttpStatusCode.OK, (await bed.SendAsync("POST", "people/emergency", new { reason = "vital-emergency" })).Status);
        Assert.Equal(HttpStatusCode.OK, (await bed.SendAsync("GET", "stays")).Status);
    }

    private static async Task<PersonBrowser> BecomeAsync(PeopleHost people, Callers caller)
    {
        if (caller is Callers.Bed or Callers.Elsewhere)
        {
            return people.Browser(caller == Callers.Elsewhere);
        }

        PersonBrowser browser = await people.SignedInAsync(caller == Callers.Emergency ? Role.Clinician : Enum.Parse<Role>(caller.ToString()), elsewhere: true);
        if (caller == Callers.Emergency)
        {
            Assert.Equal(HttpStatusCode.OK, (await browser.SendAsync("POST", "people/emergency", new { reason = "badge-missing" })).Status);
        }

        return browser;
    }

    private static async Task<bool> IsRefusedAsync(HttpResponseMessage answer)
    {
        if (answer.StatusCode is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden))
        {
            return false;
        }

        JsonElement problem = JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync());
        return problem.GetProperty("title").GetString() is "Needs a person" or "Not your right";
    }

    /// <summary>An address of the endpoint; where it takes a range, one that ended before the last hour.</summary>
    private static string Path(RightsRow row, UtcInstant past)
    {
        long tile = TilesEndpoint.Columns * TilesEndpoint.ColumnNanoseconds(2);
        string path = row.Pattern.Replace("{level:int}", "2", StringComparison.Ordinal).Replace("{index:long}", $"{past.UnixNanoseconds / tile}", StringComparison.Ordinal)
            .Replace("{number:long}", "999999", StringComparison.Ordinal).Replace("{**path}", row.Pattern.StartsWith("/fhir", StringComparison.Ordinal) ? "metadata" : string.Empty, StringComparison.Ordinal);
        path = Hole.Replace(path, "7");
        bool takesRange = row.Limited != Callers.None && row.Pattern is "/api/v1/alerts" or "/api/v1/gaps" or "/api/v1/events" or "/api/v1/signals/{id}/samples" or "/api/v1/signals/{id}/envelope";
        return takesRange ? $"{path}?from={past.Add(-TimeSpan.FromHours(1))}&to={past}" : path;
    }

    /// <summary>A part of a route that stands for something.</summary>
    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex Hole { get; }
}
