using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using Bedside.Model.Audit;
using Bedside.Model.People;
using Bedside.Model.Research;
using Bedside.Storage.Studies;
using Bedside.Tests.Viewer.People;
using Bedside.Viewer;
using Bedside.Viewer.Research;

namespace Bedside.Tests.Viewer.Research;

/// <summary>The life of a link to a package: for one person, once, seven days, three tries, and never against the no of a patient.</summary>
public sealed partial class LinkTests
{
    [Fact]
    public async Task A_named_person_fetches_the_package_whole_and_the_same_link_or_another_one_gives_it_no_second_time()
    {
        await using ResearchHost host = await ResearchHost.StartAsync();
        string study = host.Released();
        using PersonBrowser researcher = await host.People.SignedInAsync(Role.Researcher);
        string link = await LinkAsync(researcher, study);

        (HttpStatusCode status, byte[] bytes) = await FetchAsync(researcher, link);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(ShelfInMemory.FileOf(study, "Researcher"), bytes);
        Assert.Single(host.Studies.Studies.Single().Steps, step => step.Kind == StudyStepKind.Fetch);

        await UntilUsedAsync(researcher, link);
        (HttpStatusCode again, string page, _) = await researcher.FormAsync($"/research/area/{study}/link");
        Assert.Equal(HttpStatusCode.Gone, again);
        Assert.Contains("transféré en entier", page);
        Assert.Contains(host.People.Trail.Entries, entry => entry is { Act: AuditAct.ResearchFetch, Result: AuditResult.Refused, Who: "Researcher" });
    }

    [Fact]
    public async Task A_transfer_that_broke_goes_on_where_it_was_and_the_third_try_is_the_last()
    {
        await using ResearchHost host = await ResearchHost.StartAsync();
        string study = host.Released();
        using PersonBrowser researcher = await host.People.SignedInAsync(Role.Researcher);
        string link = await LinkAsync(researcher, study);

        (HttpStatusCode first, byte[] begin) = await FetchAsync(researcher, link, new RangeHeaderValue(0, 99_999));
        (HttpStatusCode second, byte[] middle) = await FetchAsync(researcher, link, new RangeHeaderValue(100_000, 199_999));
        (HttpStatusCode third, byte[] end) = await FetchAsync(researcher, link, new RangeHeaderValue(200_000, 299_998));
        Assert.All([first, second, third], status => Assert.Equal(HttpStatusCode.PartialContent, status));
        Assert.Equal(ShelfInMemory.FileOf(study, "Researcher")[..299_999], (byte[])[.. begin, .. middle, .. end]);

        (HttpStatusCode fourth, string page) = await RefusedAsync(researcher, link);
        Assert.Equal(HttpStatusCode.Gone, fourth);
        Assert.Contains("trois essais", page);
    }

    [Fact]
    public async Task A_resumed_transfer_that_brings_the_last_byte_uses_the_link_up()
    {
        await using ResearchHost host = await ResearchHost.StartAsync();
        string study = host.Released();
        using PersonBrowser researcher = await host.People.SignedInAsync(Role.Researcher);
        string link = await LinkAsync(researcher, study);

        (_, byte[] begin) = await FetchAsync(researcher, link, new RangeHeaderValue(0, 99_999));
        (HttpStatusCode status, byte[] rest) = await FetchAsync(researcher, link, new RangeHeaderValue(100_000, to: null));

        Assert.Equal(HttpStatusCode.PartialContent, status);
        Assert.Equal(ShelfInMemory.FileOf(study, "Researcher"), (byte[])[.. begin, .. rest]);
        await UntilUsedAsync(researcher, link);
    }

    [Fact]
    public async Task The_link_of_one_named_person_is_worth_nothing_to_another_and_a_newer_one_takes_its_place()
    {
        await using ResearchHost host = await ResearchHost.StartAsync();
        await host.People.AddAsync("Second", Role.Researcher);
        string study = host.Released(host.Request("Researcher", "Second"));
        using PersonBrowser researcher = await host.People.SignedInAsync(Role.Researcher);
        using PersonBrowser second = await host.People.SignedInAsync("Second");
        string link = await LinkAsync(researcher, study);

        (HttpStatusCode other, string page) = await RefusedAsync(second, link);
        Assert.Equal(HttpStatusCode.Gone, other);
        Assert.Contains("autre personne", page);

        string newer = await LinkAsync(researcher, study);
        (_, string old) = await RefusedAsync(researcher, link);
        Assert.Contains("plus récent", old);
        Assert.Equal(HttpStatusCode.OK, (await FetchAsync(researcher, newer)).Status);
        Assert.NotEqual(ShelfInMemory.FileOf(study, "Second"), ShelfInMemory.FileOf(study, "Researcher"));
    }

    [Fact]
    public async Task Who_is_not_named_gets_no_link_and_learns_nothing_of_the_study()
    {
        await using ResearchHost host = await ResearchHost.StartAsync();
        await host.People.AddAsync("Stranger", Role.Researcher);
        string study = host.Released();
        using PersonBrowser stranger = await host.People.SignedInAsync("Stranger");

        Assert.Equal(HttpStatusCode.NotFound, (await stranger.FormAsync($"/research/area/{study}/link")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.PageAsync($"/research/area/{study}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.PageAsync($"/research/area/{study}/package?link=x")).Status);
    }

    [Theory]
    [InlineData("objection", "dit non")]
    [InlineData("recall", "rappelée")]
    [InlineData("suspend", "suspendue")]
    [InlineData("expiry", "expirée")]
    public async Task A_package_that_was_shut_is_given_to_nobody_and_the_reason_is_said(string what, string reason)
    {
        await using ResearchHost host = await ResearchHost.StartAsync();
        string study = host.Released();
        using PersonBrowser researcher = await host.People.SignedInAsync(Role.Researcher);
        string link = await LinkAsync(researcher, study);

        switch (what)
        {
            case "objection":
                host.Shelf.Objected[study] = true;
                break;
            case "recall":
                host.Take(study, StudyStepKind.Recall, Role.RightsOfficer, "an error in the cohort");
                break;
            case "suspend":
                host.Take(study, StudyStepKind.Suspend, Role.Steward, "a question of the committee");
                break;
            default:
                host.Clock.Advance(TimeSpan.FromDays(400));
                break;
        }

        (HttpStatusCode status, string page) = await RefusedAsync(researcher, link);
        Assert.Equal(HttpStatusCode.Gone, status);
        Assert.Contains(reason, page);
        Assert.NotEqual(HttpStatusCode.OK, (await researcher.FormAsync($"/research/area/{study}/link")).Status);
        Assert.DoesNotContain(host.Studies.Studies.Single().Steps, step => step.Kind == StudyStepKind.Fetch);
    }

    [Fact]
    public async Task A_no_that_comes_during_a_transfer_breaks_it_off_and_the_link_is_not_used()
    {
        await using ResearchHost host = await ResearchHost.StartAsync();
        string study = host.Released();
        using PersonBrowser researcher = await host.People.SignedInAsync(Role.Researcher);
        string link = await LinkAsync(researcher, study);
        host.Shelf.OnRead = () =>
        {
            host.Shelf.Objected[study] = true;
            host.Clock.Pass(TimeSpan.FromSeconds(11));
        };

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => FetchAsync(researcher, link));
        host.Shelf.OnRead = null;
        (_, string page) = await RefusedAsync(researcher, link);
        Assert.Contains("dit non", page);
    }

    [Fact]
    public async Task A_range_that_the_package_does_not_have_costs_no_try()
    {
        await using ResearchHost host = await ResearchHost.StartAsync();
        string study = host.Released();
        using PersonBrowser researcher = await host.People.SignedInAsync(Role.Researcher);
        string link = await LinkAsync(researcher, study);

        (HttpStatusCode status, _) = await FetchAsync(researcher, link, new RangeHeaderValue(ShelfInMemory.Bytes, to: null));

        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, status);
        Assert.DoesNotContain(host.Studies.Studies.Single().Steps, step => step.Kind == StudyStepKind.Fetch);
    }

    [Fact]
    public void A_link_ends_after_seven_days_and_no_token_is_on_the_disk()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("bedside-links-");
        try
        {
            var clock = new TestClock();
            var desk = new LinkDesk(new ResearchBox(clock, Microsoft.Extensions.Options.Options.Create(new ViewerOptions()), links: DownloadLinkFile.Open(folder.FullName)));
            var package = new ShelvedPackage("ST-2026-001", 1, "ST-2026-001_v1.tar.age", new string('a', 64), default);
            string token = desk.Make(package, "R1").Token!;

            clock.Advance(TimeSpan.FromDays(7) - TimeSpan.FromSeconds(1));
            Assert.Null(desk.Refusal(token, package, package.Study, "R1", out _));
            clock.Advance(TimeSpan.FromSeconds(1));
            Assert.Contains("older than seven days", desk.Refusal(token, package, package.Study, "R1", out _)!.English);
            Assert.Contains("gone", desk.Refusal(desk.Make(package, "R1").Token!, package with { Version = 2 }, package.Study, "R1", out _)!.English);

            // Read anew from the disk, which has the hash alone.
            string kept = desk.Make(package, "R2").Token!;
            Assert.Equal(22, kept.Length);
            Assert.Null(new LinkDesk(new ResearchBox(clock, Microsoft.Extensions.Options.Options.Create(new ViewerOptions()), links: DownloadLinkFile.Open(folder.FullName))).Refusal(kept, package, package.Study, "R2", out _));
            Assert.DoesNotContain(folder.GetFiles(), file => File.ReadAllText(file.FullName).Contains(kept, StringComparison.Ordinal));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void While_the_file_of_links_is_damaged_none_opens_anything()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("bedside-links-");
        try
        {
            File.WriteAllText(Path.Combine(folder.FullName, DownloadLinkFile.Name), "not what was written");
            var links = DownloadLinkFile.Open(folder.FullName);
            Assert.Throws<IOException>(() => links.All);
            Assert.Throws<IOException>(() => links.Change(all => all));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<string> LinkAsync(PersonBrowser person, string study)
    {
        (HttpStatusCode status, string page, _) = await person.FormAsync($"/research/area/{study}/link");
        Assert.True(status == HttpStatusCode.OK, $"{status} {page}");
        return WebUtility.HtmlDecode(LinkHref.Match(page).Groups["href"].Value);
    }

    private static async Task<(HttpStatusCode Status, byte[] Bytes)> FetchAsync(PersonBrowser person, string link, RangeHeaderValue? range = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, link);
        request.Headers.Range = range;
        using HttpResponseMessage answer = await person.AskAsync(request);
        return (answer.StatusCode, await answer.Content.ReadAsByteArrayAsync());
    }

    private static async Task<(HttpStatusCode Status, string Page)> RefusedAsync(PersonBrowser person, string link)
    {
        (HttpStatusCode status, string page, _) = await person.PageAsync(link);
        return (status, page);
    }

    /// <summary>The last byte may be read before the box has written down that it was sent.</summary>
    private static Task UntilUsedAsync(PersonBrowser person, string link) => ViewerHost.UntilAsync(
        async () =>
        {
            (HttpStatusCode status, string page) = await RefusedAsync(person, link);
            return status == HttpStatusCode.Gone && page.Contains("a déjà servi", StringComparison.Ordinal);
        },
        "the link is not used");

    [GeneratedRegex("href=\"(?<href>/research/area/[^\"]+/package[^\"]+)\"", RegexOptions.ExplicitCapture)]
    private static partial Regex LinkHref { get; }
}
