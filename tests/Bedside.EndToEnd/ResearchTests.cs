using System.Text.Json;
using Microsoft.Playwright;

namespace Bedside.EndToEnd;

/// <summary>The pages of research in a real browser that runs no script, and what axe finds on them.</summary>
public sealed class ResearchTests
{
    private const string Password = "trois mots sans lien";
    private const string Key = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";
    private static readonly string[] Tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

    [Fact]
    public async Task Without_a_script_a_researcher_asks_a_steward_agrees_everybody_reads_it_and_axe_finds_nothing_on_any_page_by_day_and_by_night()
    {
        using var folder = new Folder();
        await using Box box = await Box.StartAsync(folder["data"], Box.PasswordAlone(folder));
        foreach (string role in new[] { "administrator", "researcher", "steward" })
        {
            await EnrolAsync(box, folder["data"], role);
        }

        using IPlaywright playwright = await Playwright.CreateAsync();
        await using IBrowser chromium = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = "/usr/bin/chromium", Headless = true, Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"] });
        await using IBrowserContext researcher = await ContextAsync(chromium, script: false);
        string study = await AskAsync(researcher, box);
        await using IBrowserContext steward = await ContextAsync(chromium, script: false);
        await AgreeAsync(steward, box, study);

        IPage reader = await (await ContextAsync(chromium, script: false)).NewPageAsync();
        await reader.GotoAsync(At(box, "/recherche"));
        Assert.Contains("Pression artérielle et réveil", await reader.InnerTextAsync("main"), StringComparison.Ordinal);
        Assert.Contains("Le gardien des données a donné un premier accord.", await reader.InnerTextAsync("main"), StringComparison.Ordinal);

        await using IBrowserContext looking = await ContextAsync(chromium, script: true);
        await looking.AddCookiesAsync([.. (await researcher.CookiesAsync()).Select(cookie => new Cookie { Name = cookie.Name, Value = cookie.Value, Url = box.Address.ToString() })]);
        string[] faults = await LookAsync(looking, box, ["/research", "/research/poster", "/research/sign-in", "/research/area", "/research/area/availability", "/research/area/request", $"/research/area/{study}", "/research/area/none"]);
        Assert.True(faults.Length == 0, string.Join('\n', faults));
    }

    /// <summary>Signs in, sends a form with faults, sees them beside the fields, and submits it whole.</summary>
    private static async Task<string> AskAsync(IBrowserContext context, Box box)
    {
        IPage page = await context.NewPageAsync();
        await page.GotoAsync(At(box, "/research/area/request"));
        await SignInAsync(page, "researcher");
        await page.WaitForSelectorAsync("form.request");
        foreach ((string name, string value) in new[]
        {
            ("title.french", "Pression artérielle et réveil"), ("title.english", "Blood pressure and waking"), ("summary.french", "Nous regardons comment la tension change au réveil."),
            ("summary.english", "We look at how blood pressure changes at waking."), ("publicInterest", "Moins de chutes après la sédation."), ("basisReference", "2229999"), ("opinion", "CERAR 2027-001"),
            ("dataProtectionOfficer", "dpo@chu.example"), ("people[0].recipient", Key), ("signals[0].signal", "abp"), ("signals[0].reason", "La question elle-même"), ("signals[0].hertz", "1"),
            ("firstDay", "2026-01-01"), ("lastDay", "2026-06-30"), ("secureSpace", "Salle sécurisée"), ("outputs", "Un article"), ("whyNotFederated", "La forme des ondes"),
        })
        {
            await page.FillAsync($"[name='{name}']", value);
        }

        await page.SelectOptionAsync("[name='basis']", "Mr004");
        await page.ClickAsync("button[value='save'].button-sure");
        await page.WaitForSelectorAsync("#f-body[aria-invalid='true']");
        Assert.Equal("Pression artérielle et réveil", await page.InputValueAsync("[name='title.french']"));
        await ShootAsync(page, "research-request-faults");
        await page.FillAsync("[name='body']", "CHU de l’Exemple");
        await page.ClickAsync("button[value='save'].button-sure");
        await page.ClickAsync("form.step button");
        await page.WaitForSelectorAsync("[role='status']");
        return page.Url.Split('/')[^1].Split('?')[0];
    }

    private static async Task AgreeAsync(IBrowserContext context, Box box, string study)
    {
        IPage page = await context.NewPageAsync();
        await page.GotoAsync(At(box, $"/research/area/{study}"));
        await SignInAsync(page, "steward");
        await page.ClickAsync("form.step:has(input[value='approve-first']) button");
        await page.WaitForSelectorAsync("[role='status']");
        await ShootAsync(page, "research-agreed");
    }

    private static async Task SignInAsync(IPage page, string role)
    {
        await page.FillAsync("[name='badge']", $"b-{role}");
        await page.FillAsync("[name='password']", Password);
        await page.ClickAsync("form.card button");
    }

    private static async Task<string[]> LookAsync(IBrowserContext context, Box box, string[] paths)
    {
        string axe = await File.ReadAllTextAsync(Path.Combine(Installed.Root, "viewer/web/node_modules/axe-core/axe.min.js"));
        var faults = new List<string>();
        IPage page = await context.NewPageAsync();
        foreach (string path in paths)
        {
            foreach (string language in new[] { "fr", "en" })
            {
                foreach (ColorScheme light in new[] { ColorScheme.Light, ColorScheme.Dark })
                {
                    await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = light });
                    // How wide a page is does not depend on its light.
                    foreach ((int width, int height) in light == ColorScheme.Light ? new[] { (800, 480), (640, 400), (1280, 800) } : [(1280, 800)])
                    {
                        await page.SetViewportSizeAsync(width, height);
                        await page.GotoAsync(At(box, $"{path}?lang={language}"));
                        string what = $"{path} {language} {light} {width}";
                        bool isCut = await page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth > document.documentElement.clientWidth");
                        faults.AddRange(isCut ? [$"{what}: wider than the screen"] : []);
                    }

                    await ShootAsync(page, $"research-{path.Split('/')[^1]}-{language}-{light}");
                    await page.EvaluateAsync($"() => {{ {axe} }}");
                    string found = await page.EvaluateAsync<string>("async tags => JSON.stringify((await axe.run(document, { runOnly: { type: 'tag', values: tags } })).violations.flatMap(one => one.nodes.map(node => `${one.id} ${node.target.join(' ')}`)))", Tags);
                    faults.AddRange(JsonSerializer.Deserialize<string[]>(found)!.Select(one => $"{path} {language} {light}: {one}"));
                }
            }
        }

        return [.. faults];
    }

    private static Task<IBrowserContext> ContextAsync(IBrowser chromium, bool script) =>
        chromium.NewContextAsync(new BrowserNewContextOptions { JavaScriptEnabled = script, Locale = "fr-FR", ViewportSize = new ViewportSize { Width = 1280, Height = 800 } });

    private static async Task EnrolAsync(Box box, string data, string role)
    {
        Running added = Installed.Bedside("account", "add", $"b-{role}", "--name", $"Person {role}", "--role", role, "--json", "--data", data);
        Assert.True(await added.EndAsync() == 0, added.Errors);
        string code = JsonSerializer.Deserialize<JsonElement>(string.Join('\n', added.Output)).GetProperty("code").GetString()!;
        using var http = new HttpClient { BaseAddress = box.Address };
        using var body = new StringContent(JsonSerializer.Serialize(new { badge = $"b-{role}", code, password = Password }), System.Text.Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await http.PostAsync(new Uri("/api/v1/people/enrol", UriKind.Relative), body);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static string At(Box box, string path) => new Uri(box.Address, path).ToString();

    private static async Task ShootAsync(IPage page, string name)
    {
        string folder = Path.Combine(Installed.Root, "artifacts", "screens");
        Directory.CreateDirectory(folder);
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"{name}.png") });
    }
}
