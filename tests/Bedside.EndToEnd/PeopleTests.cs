using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Bedside.EndToEnd;

/// <summary>People at a real box: the first start, accounts of the console, rights of every endpoint, and a passkey in a real browser.</summary>
public sealed partial class PeopleTests
{
    private const string Password = "trois mots sans lien";
    private static readonly string[] Roles = ["clinician", "biomed", "researcher", "steward", "rights-officer", "administrator"];

    [Fact]
    public async Task From_the_code_of_the_console_to_a_passkey_in_the_browser_and_a_door_that_closes_at_once()
    {
        using var folder = new Folder();
        await using Box box = await Box.StartAsync(folder["data"]);
        await using Browser browser = await Browser.StartAsync();
        IPage page = await WithPasskeyAsync(browser, box, folder["data"]);
        Assert.Equal(HttpStatusCode.Unauthorized, (HttpStatusCode)await page.EvaluateAsync<int>("fetch('/api/v1/sheet').then((answer) => answer.status)"));
        await page.ClickAsync("[data-passkey]");
        await page.WaitForSelectorAsync("[data-mine='1']");

        await page.ClickAsync("[data-role='clinician']");
        await FillAsync(page, "add", ("badge", "4711"), ("name", "C. Durand"));
        string given = (await page.TextContentAsync("[data-accounts] [data-code]"))!;
        await page.ClickAsync("[data-sign-out]");
        await page.ClickAsync("[data-way='withCode']");
        await FillAsync(page, "sign-in", ("badge", "4711"), ("code", given), ("password", Password));
        await page.WaitForSelectorAsync("[data-mine='4711']");
        Assert.Equal(200, await page.EvaluateAsync<int>("fetch('/api/v1/sheet').then((answer) => answer.status)"));

        await EndAsync(Installed.Bedside("account", "disable", "4711", "--data", folder["data"]));
        Assert.Equal(401, await page.EvaluateAsync<int>("fetch('/api/v1/sheet').then((answer) => answer.status)"));
        Assert.Equal(200, await page.EvaluateAsync<int>("fetch('/api/v1/numerics').then((answer) => answer.status)"));
        await page.ReloadAsync();
        await page.ClickAsync("[data-reason='vital-emergency']");
        await page.WaitForSelectorAsync("html[data-standing='emergency']");
        Assert.Equal(200, await page.EvaluateAsync<int>("fetch('/api/v1/sheet').then((answer) => answer.status)"));
        await browser.ShootAsync(page, "people-emergency");
        Assert.Empty(browser.Complaints);
        Assert.DoesNotContain(Password, box.Process.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_passkey_that_the_console_takes_away_ends_the_session_that_rests_on_it_and_signs_nobody_in_any_more()
    {
        using var folder = new Folder();
        await using Box box = await Box.StartAsync(folder["data"]);
        await using Browser browser = await Browser.StartAsync();
        IPage page = await WithPasskeyAsync(browser, box, folder["data"]);
        await page.ClickAsync("[data-passkey]");
        await page.WaitForSelectorAsync("[data-mine='1']");
        const string Own = "fetch('/api/v1/people/passkeys').then((answer) => answer.status)";
        Assert.Equal(200, await page.EvaluateAsync<int>(Own));

        Running listed = await EndAsync(Installed.Bedside("account", "passkeys", "1", "--json", "--data", folder["data"]));
        string key = JsonSerializer.Deserialize<JsonElement>(string.Join('\n', listed.Output)).EnumerateArray().Single().GetProperty("key").GetString()!;
        await EndAsync(Installed.Bedside("account", "remove-passkey", "1", key, "--data", folder["data"]));
        Assert.Equal(401, await page.EvaluateAsync<int>(Own));
        await page.ReloadAsync();
        IResponse answer = await page.RunAndWaitForResponseAsync(() => page.ClickAsync("[data-passkey]"), response => response.Url.EndsWith("/people/passkeys/sign-in", StringComparison.Ordinal));
        Assert.Equal(401, answer.Status);
        Assert.Equal(0, (await ListAsync(folder["data"]))[0].GetProperty("passkeys").GetInt32());
    }

    [Fact]
    public async Task The_running_box_answers_every_endpoint_as_the_page_of_rights_says()
    {
        using var folder = new Folder();
        await using Box box = await Box.StartAsync(folder["data"]);
        Dictionary<string, Caller> callers = await CallersAsync(box, folder["data"]);
        List<string> wrong = [];
        int asked = 0;
        string[] head = [];

        // The tile of level 7 that holds the present: 512 columns of 256 s.
        string present = $"{TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / (512 * 256)}";
        foreach (string line in await File.ReadAllLinesAsync(Path.Combine(Installed.Root, "viewer/RIGHTS.md")))
        {
            string[] cells = [.. line.Split('|').Select(cell => cell.Trim())];
            head = cells.Contains("endpoint") ? cells : head;
            if (cells.Length < head.Length || head.Length == 0 || !cells[1].StartsWith('`'))
            {
                continue;
            }

            string[] route = cells[1].Trim('`').Split(' ', 2);
            string rest = route[1].StartsWith("/fhir", StringComparison.Ordinal) ? "metadata" : string.Empty;
            string path = Hole.Replace(route[1].Replace("{index:long}", present, StringComparison.Ordinal).Replace("{**path}", rest, StringComparison.Ordinal), "7");
            string atBed = cells[Array.FindIndex(head, name => name.StartsWith("at the bed", StringComparison.Ordinal))];
            foreach ((string name, Caller caller) in callers.Where(one => !route[1].EndsWith("/sign-out", StringComparison.Ordinal) || one.Key == "nobody"))
            {
                string own = name == "nobody" ? string.Empty : cells[Array.IndexOf(head, name)];
                bool mayAsk = own.Length > 0 || atBed.Length > 0;
                (int status, string title) = await caller.AskAsync(route[0] == "*" ? "GET" : route[0], path);
                bool isRefused = title is "Needs a person" or "Not your right";
                asked++;
                if (mayAsk == isRefused)
                {
                    wrong.Add($"{name}: {route[0]} {path} gave {status} {title}");
                }
            }
        }

        Assert.Empty(wrong);
        Assert.True(asked > 500, $"only {asked} were asked");
        foreach (Caller caller in callers.Values)
        {
            caller.Dispose();
        }
    }

    [Fact]
    public async Task The_console_keeps_the_accounts_and_prints_the_yearly_review()
    {
        using var folder = new Folder();
        Directory.CreateDirectory(folder["data"]);
        string[] there = ["--data", folder["data"]];
        Running first = await EndAsync(Installed.Bedside(["account", "first-code", "--json", .. there]));
        Assert.Contains("\"code\":\"", string.Join('\n', first.Output), StringComparison.Ordinal);
        await EndAsync(Installed.Bedside(["account", "add", "1", "--name", "A. Martin", "--role", "administrator", "--role", "rights-officer", .. there]));
        await EndAsync(Installed.Bedside(["account", "add", "2", "--name", "B. Petit", "--role", "clinician", .. there]));
        await EndAsync(Installed.Bedside(["account", "role", "2", "biomed", .. there]));
        await EndAsync(Installed.Bedside(["account", "review", "--confirm", "2", "--by", "1", .. there]));
        Running last = Installed.Bedside(["account", "disable", "1", .. there]);
        Assert.Equal(1, await last.EndAsync());
        Assert.Contains("nobody would be left", last.Errors, StringComparison.Ordinal);
        Assert.Equal(1, await Installed.Bedside(["account", "first-code", .. there]).EndAsync());

        JsonElement[] list = await ListAsync(folder["data"]);
        Assert.Equal(["administrator", "rights-officer"], list[0].GetProperty("roles").EnumerateArray().Select(role => role.GetString()!).Order());
        Assert.Equal(("biomed", "1"), (list[1].GetProperty("roles")[0].GetString()!, list[1].GetProperty("reviewedBy").GetString()!));
        Running sheet = await EndAsync(Installed.Bedside(["account", "review", "--language", "fr", .. there]));
        string paper = string.Join('\n', sheet.Output);
        Assert.Contains("Revue annuelle des droits", paper, StringComparison.Ordinal);
        Assert.Contains("B. Petit (2): biomédical", paper, StringComparison.Ordinal);
        Running help = await EndAsync(Installed.Bedside("account", "--help"));
        Assert.All((string[])["first-code", "add", "list", "role", "disable", "enable", "reset", "review"], word => Assert.Contains(word, string.Join('\n', help.Output), StringComparison.Ordinal));
    }

    /// <summary>A part of a route that stands for something.</summary>
    [GeneratedRegex(@"\{[\w:]+\}")]
    private static partial Regex Hole { get; }

    private static async Task<Running> EndAsync(Running command)
    {
        Assert.True(await command.EndAsync() == 0, command.Errors);
        return command;
    }

    private static async Task<JsonElement[]> ListAsync(string data)
    {
        Running list = await EndAsync(Installed.Bedside("account", "list", "--json", "--data", data));
        return [.. JsonSerializer.Deserialize<JsonElement>(string.Join('\n', list.Output)).EnumerateArray()];
    }

    /// <summary>The page of people of a box whose first administrator, badge 1, was made with the code of the console, has a passkey, and has signed out.</summary>
    private static async Task<IPage> WithPasskeyAsync(Browser browser, Box box, string data)
    {
        string code = await box.Process.LineAsync("first-code ");

        // A passkey needs a name; this machine's is a secure place without TLS.
        IPage page = await browser.OpenAsync($"http://localhost:{box.Address.Port}/#/people");
        await Authenticator.AddAsync(page);
        await FillAsync(page, "first", ("code", code.ToLowerInvariant()), ("badge", "1"), ("name", "A. Martin"), ("password", Password));
        await page.WaitForSelectorAsync("[data-mine='1']", new PageWaitForSelectorOptions { Timeout = 30_000 });
        await page.WaitForSelectorAsync("[data-account='1']");
        await page.ClickAsync("[data-add-passkey]");
        await Until.TrueAsync(async () => (await ListAsync(data))[0].GetProperty("passkeys").GetInt32() == 1, 30, () => "the passkey is not in the book");
        await page.ClickAsync("[data-sign-out]");
        await page.WaitForSelectorAsync("[data-sign-in]");
        return page;
    }

    private static async Task FillAsync(IPage page, string form, params (string Name, string Value)[] fields)
    {
        foreach ((string name, string value) in fields)
        {
            await page.FillAsync($"[data-form='{form}'] [name='{name}']", value);
        }

        await page.ClickAsync($"[data-form='{form}'] [type='submit']");
    }

    /// <summary>A person of each role, made at the console and signed in at the bed, an emergency, and nobody.</summary>
    private static async Task<Dictionary<string, Caller>> CallersAsync(Box box, string data)
    {
        Dictionary<string, Caller> callers = new() { ["nobody"] = new Caller(box.Address), ["emergency"] = new Caller(box.Address) };
        foreach (string role in Roles.Reverse())
        {
            Running added = await EndAsync(Installed.Bedside("account", "add", $"b-{role}", "--name", $"Person {role}", "--role", role, "--json", "--data", data));
            string code = JsonSerializer.Deserialize<JsonElement>(string.Join('\n', added.Output)).GetProperty("code").GetString()!;
            callers[role] = new Caller(box.Address);
            await callers[role].SignInAsync("people/enrol", new { badge = $"b-{role}", code, password = Password });
        }

        await callers["emergency"].SignInAsync("people/emergency", new { reason = "box-fault" });
        return callers;
    }

    private sealed class Caller(Uri address) : IDisposable
    {
        private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(60) };
        private string _token = string.Empty;

        public async Task SignInAsync(string path, object body)
        {
            using HttpResponseMessage answer = await _http.PostAsync($"/api/v1/{path}", new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json"));
            string text = await answer.Content.ReadAsStringAsync();
            Assert.True(answer.IsSuccessStatusCode, $"{path}: {text}");
            _token = JsonSerializer.Deserialize<JsonElement>(text).GetProperty("token").GetString()!;
        }

        public async Task<(int Status, string Title)> AskAsync(string method, string path)
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            if (method is not ("GET" or "HEAD"))
            {
                request.Content = new StringContent("{}", Encoding.UTF8, "application/json");
                request.Headers.Add("X-Bedside-Token", _token);
            }

            using HttpResponseMessage answer = await _http.SendAsync(request);
            string text = answer.Content.Headers.ContentType?.MediaType == "application/problem+json" ? await answer.Content.ReadAsStringAsync() : string.Empty;
            return ((int)answer.StatusCode, text.Length > 0 ? JsonSerializer.Deserialize<JsonElement>(text).GetProperty("title").GetString() ?? string.Empty : string.Empty);
        }

        public void Dispose() => _http.Dispose();
    }
}
