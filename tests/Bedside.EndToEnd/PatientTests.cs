using Microsoft.Playwright;

namespace Bedside.EndToEnd;

/// <summary>
/// The page of the patient. An empty bed is the real box whole, as is <see cref="StayPathTests"/>; where every kind of question is shown, the box's answers on stays are those that the viewer gives over a desk in
/// memory (<see cref="DeskBehindPage"/>), everything else is the real box.
/// </summary>
public class PatientTests
{
    private const string Wristband = "100123";

    [Fact]
    public async Task A_box_of_whose_bed_nobody_spoke_calls_it_empty_and_asks_nothing()
    {
        using var folder = new Folder();
        await using Box box = await Box.StartAsync(folder["data"], "--serial", folder["monitor"]);
        await using Browser browser = await Browser.StartAsync();
        IPage page = await browser.OpenAsync($"{box.Address}#/patient");

        await Until.TrueAsync(async () => await page.Locator("[data-patient=kept]").CountAsync() == 1, 20, () => "the page does not say who is here");
        await Until.TrueAsync(async () => await page.Locator(".bed-stay[data-stay=empty]").CountAsync() == 1, 20, () => "the header does not call the bed empty");
        Assert.True((await box.GetAsync("/api/v1/stays")).GetProperty("kept").GetBoolean());
        Assert.Equal(0, await page.Locator("[data-task-kind]").CountAsync());
        await browser.ShootAsync(page, "patient-empty");
        Assert.Empty(browser.Complaints);
    }

    [Fact]
    public async Task A_question_is_settled_in_two_steps_and_taken_back_in_one()
    {
        await using ShownBed bed = await ShownBed.StartAsync("31");
        (Box box, Browser browser) = (bed.Box, bed.Browser);
        (IPage page, DeskBehindPage desk) = await OpenAsync(browser, box, "#/live");

        // Over the waves there is a word in the header and a mark, and nothing that covers them.
        await Until.TrueAsync(async () => await page.Locator("[data-stay=conflict]").CountAsync() == 1, 20, () => "the header says nothing");
        Assert.Equal("Identité non confirmée", await page.Locator("[data-stay]").TextContentAsync());
        Assert.Equal("1", await page.Locator("[data-stay-open]").GetAttributeAsync("data-stay-open"));
        Assert.Equal(0, await page.Locator("dialog, [role=dialog], [aria-modal]").CountAsync());
        await browser.ShootAsync(page, "patient-live");

        await page.Locator("a.bed").ClickAsync();
        ILocator task = page.Locator("[data-task-kind=two-patients]");
        await Until.TrueAsync(async () => await task.CountAsync() == 1, 10, () => "no question");
        Assert.Equal(["admissions", "monitor", "nobody"], await task.Locator("[data-choice]").EvaluateAllAsync<string[]>("all => all.map(one => one.dataset.choice)"));
        await browser.ShootAsync(page, "patient");

        // The first touch shows what it will link, and writes nothing.
        await task.Locator("[data-choice=monitor]").ClickAsync();
        string shown = (await task.Locator("[data-confirm=monitor]").TextContentAsync())!;
        Assert.Contains("seront liées au patient que le moniteur nomme", shown);
        await task.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Revenir" }).ClickAsync();
        await task.Locator("[data-choice=monitor]").ClickAsync();
        Assert.Empty(desk.Said);

        await task.Locator("[data-sure]").ClickAsync();
        await Until.TrueAsync(async () => await task.GetAttributeAsync("data-task-open") == "false", 10, () => "it is not settled");
        (string path, string body) = Assert.Single(desk.Said);
        Assert.Equal("/tasks/two-patients%2F7", path);
        Assert.Equal("""{"choice":"monitor"}""", body);
        await Until.TrueAsync(async () => (await page.Locator("[data-stay]").GetAttributeAsync("data-stay")) == "sure", 10, () => "the header still doubts");
        Assert.Equal(0, await page.Locator("[data-stay-open]").CountAsync());
        Assert.Contains("Réglé", await task.TextContentAsync());
        await browser.ShootAsync(page, "patient-settled");

        await task.Locator("[data-undo]").ClickAsync();
        await Until.TrueAsync(async () => await task.GetAttributeAsync("data-task-open") == "true", 10, () => "it is not open again");
        Assert.Equal(("/undo", """{"number":101}"""), desk.Said.Last());

        // What was not written does not look as if it were.
        desk.Refusal = 503;
        await task.Locator("[data-choice=nobody]").ClickAsync();
        await task.Locator("[data-sure]").ClickAsync();
        await Until.TrueAsync(async () => (await task.Locator("[role=alert]").AllTextContentsAsync()).Any(text => text.Contains("cela ne vaut pas", StringComparison.Ordinal)), 10, () => "the failure is not told");
        Assert.Equal("true", await task.GetAttributeAsync("data-task-open"));
        Assert.Empty(browser.Complaints);
    }

    [Fact]
    public async Task A_wristband_is_answered_in_words_and_its_number_stays_nowhere()
    {
        using var folder = new Folder();
        await using Box box = await Box.StartAsync(folder["data"], "--serial", folder["monitor"]);
        await using Browser browser = await Browser.StartAsync();
        (IPage page, DeskBehindPage desk) = await OpenAsync(browser, box, "#/patient");
        ILocator task = page.Locator("[data-task-kind=two-patients]");
        await Until.TrueAsync(async () => await task.CountAsync() == 1, 20, () => "no question");

        // A scanner types fast and ends with Enter.
        foreach ((string number, string belongs, string words) in new[] { (Wristband, "first", "C’est le patient des admissions"), ("200456", "second", "C’est le patient du moniteur"), ("999999", "neither", "aucun des patients") })
        {
            await task.Locator("[data-band]").FocusAsync();
            await page.Keyboard.TypeAsync(number);
            await page.Keyboard.PressAsync("Enter");
            await Until.TrueAsync(async () => await task.Locator($"[data-belongs={belongs}]").CountAsync() == 1, 10, () => $"{number}: not told");
            Assert.Contains(words, await task.Locator("[data-belongs]").TextContentAsync());
            Assert.Equal($$"""{"number":"{{number}}","task":"two-patients/7"}""", desk.Said.Last().Body);
        }

        await AssertForgottenAsync(page, Wristband, "200456", "999999");

        // Saying who it is: the band, what will be linked, and only then it is written.
        ILocator say = page.Locator(".stay-say");
        await say.Locator("[data-band]").FillAsync("200456");
        await say.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Continuer" }).ClickAsync();
        await Until.TrueAsync(async () => await say.Locator("[data-confirm=other]").CountAsync() == 1, 10, () => "no second step");
        Assert.DoesNotContain(desk.Said, said => said.Path == "/confirm");
        await say.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "il y a 15 min" }).ClickAsync();
        await say.Locator("[data-sure]").ClickAsync();
        await Until.TrueAsync(async () => await say.Locator("[data-undo]").CountAsync() == 1, 10, () => "not confirmed");
        Assert.Equal("/confirm", desk.Said.Last().Path);
        Assert.StartsWith("""{"number":"200456","from":""", desk.Said.Last().Body, StringComparison.Ordinal);
        await AssertForgottenAsync(page, "200456");

        desk.Refusal = 429;
        await task.Locator("[data-band]").FillAsync(Wristband);
        await task.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Comparer" }).ClickAsync();
        await Until.TrueAsync(async () => (await task.Locator("[role=alert]").AllTextContentsAsync()).Any(text => text.Contains("attendez une minute", StringComparison.Ordinal)), 10, () => "nothing is said of waiting");
        await AssertForgottenAsync(page, Wristband);
        Assert.Empty(browser.Complaints);
    }

    [Fact]
    public async Task The_page_of_the_patient_can_be_used_by_everybody_by_key_alone_in_both_languages_day_and_night_at_all_sizes()
    {
        await using ShownBed bed = await ShownBed.StartAsync("31");
        (Box box, Browser browser) = (bed.Box, bed.Browser);
        (IPage page, DeskBehindPage desk) = await OpenAsync(browser, box, "#/live");
        await page.Keyboard.PressAsync("6");
        await page.Locator("[data-more=patient]").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        ILocator task = page.Locator("[data-task-kind=two-patients]");
        await Until.TrueAsync(async () => await task.CountAsync() == 1, 20, () => "no question");
        await foreach ((string language, int width) in Reachable.EverywhereAsync(page))
        {
            foreach (bool second in new[] { false, true })
            {
                if (second)
                {
                    await task.Locator("[data-choice=admissions]").FocusAsync();
                    await page.Keyboard.PressAsync("Enter");
                    await Until.TrueAsync(async () => await task.Locator("[data-confirm]").CountAsync() == 1, 5, () => "no second step");
                }

                await Reachable.AssertAsync(page, $"{language} {width} {second}");
                await browser.ShootAsync(page, $"patient-{language}-{width}{(second ? "-confirm" : "")}");
            }

            await task.Locator(".stay-confirm button").Last.FocusAsync();
            await page.Keyboard.PressAsync("Enter");

            for (int size = 0; language == "fr" && size < 3; size++)
            {
                await page.Locator(".actions button[aria-label^='Taille du texte']").ClickAsync();
                await Reachable.AssertAsync(page, $"{width}, letters {size}");
            }
        }

        Assert.Empty(desk.Said);
        Assert.Empty(browser.Complaints);
    }

    private static async Task<(IPage Page, DeskBehindPage Desk)> OpenAsync(Browser browser, Box box, string hash)
    {
        IPage page = await browser.OpenAsync("about:blank");
        DeskBehindPage desk = await DeskBehindPage.StandAsync(page);
        await page.GotoAsync($"{box.Address}{hash}");
        return (page, desk);
    }

    /// <summary>Not in the page, not in a field, not in the address, not in what the browser keeps.</summary>
    private static async Task AssertForgottenAsync(IPage page, params string[] numbers)
    {
        string kept = await page.EvaluateAsync<string>(
            """
            () => [document.documentElement.outerHTML, ...[...document.querySelectorAll('input')].map(one => one.value), location.href, document.title,
              JSON.stringify({ ...localStorage }), JSON.stringify({ ...sessionStorage }), document.cookie].join('\n')
            """);
        Assert.All(numbers, number => Assert.DoesNotContain(number, kept, StringComparison.Ordinal));
    }
}
