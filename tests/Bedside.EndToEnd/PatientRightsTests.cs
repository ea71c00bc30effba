using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Bedside.EndToEnd;

/// <summary>What is the patient's to want, at a real box: a no to research with one touch and a slip, one page of who looked, and a stay erased by two people.</summary>
public sealed partial class PatientRightsTests
{
    private const string Password = "trois mots sans lien";
    private static readonly WardPatient First = new("CANARY0815", "CANARYONE");
    private static readonly WardPatient Second = new("CANARY0816", "CANARYTWO");
    private int _sent;

    [Fact]
    public async Task A_patient_says_no_reads_who_looked_and_is_forgotten_by_two_people()
    {
        using var folder = new Folder();
        await using Box box = await Box.StartAsync(folder["data"], ["--hl7", "0", "--hl7-bed", WardPatient.Bed, .. Box.PasswordAlone(folder)]);
        var port = IPEndPoint.Parse(await box.Process.LineAsync("hl7 "));
        string stay = await InBedAsync(box, port, First, 71);
        await using Browser browser = await Browser.StartAsync();
        IPage page = await browser.OpenAsync($"{box.Address}#/patient", "window.print = () => {};");

        await page.ClickAsync("[data-refuse]");
        await page.WaitForSelectorAsync("[data-research='refused']");
        await page.ClickAsync("[data-slip]");
        await SheetAsync(page, "slip", "Récépissé", stay[..8]);
        await browser.ShootAsync(page, "patient-research-refused");

        Dictionary<string, Person> people = await PeopleAsync(box, folder["data"], "administrator", "steward", "rights-officer", "clinician");
        Assert.Equal(200, await people["clinician"].AskAsync("GET", "/api/v1/sheet"));
        await SignInAsync(page, box, "b-rights-officer");
        await page.EvaluateAsync("() => { location.hash = '#/patient'; }");
        await page.ClickAsync("[data-print-accesses]");
        await SheetAsync(page, "accesses", "Qui a consulté ces données", "Person clinician", "opposition à la recherche", "dit non à la recherche depuis");

        await SendAsync(port, First.Says("A03", TimeProvider.System.GetUtcNow().AddSeconds(-1), WardPatient.Bed));
        Assert.NotEqual(stay, await InBedAsync(box, port, Second, 142, after: stay));
        await KeysAsync(folder["data"], keys => keys.Length >= 3);
        string[] before = await OfStayAsync(folder["data"], stay);
        Assert.NotEmpty(before);
        await SendAsync(port, Second.Rate(++_sent, TimeProvider.System.GetUtcNow(), 142));

        await page.EvaluateAsync("() => { location.hash = '#/people'; }");
        await page.ClickAsync($"[data-erasable='{stay}'] [data-ask='patient-asked']");
        await page.WaitForSelectorAsync($"[data-erasable='{stay}'][data-asked='b-rights-officer']");
        Assert.Equal(0, await page.Locator("[data-agree]").CountAsync());
        await browser.ShootAsync(page, "people-erasure-asked");
        Assert.Equal(409, await people["rights-officer"].AskAsync("POST", $"/api/v1/stays/{stay}/erasure/agree"));
        Assert.Equal(403, await people["clinician"].AskAsync("POST", $"/api/v1/stays/{stay}/erasure/agree"));
        Assert.Equal(200, await people["steward"].AskAsync("POST", $"/api/v1/stays/{stay}/erasure/agree"));

        (string Key, string State)[] after = await KeysAsync(folder["data"], _ => true);
        Assert.Contains(after, key => key.State == "erased");
        Assert.All(after, key => Assert.True(key.State != "erased" || before.Contains(key.Key), $"{key} was not of that stay"));
        Assert.Equal("current", after[^1].State);
        Assert.Contains("142", await people["clinician"].TextAsync("/api/v1/numerics"), StringComparison.Ordinal);
        await box.Process.TerminateAsync();
        Assert.Equal(0, await box.Process.EndAsync());
        string journal = await SaidAsync("audit", "list", "--stay", stay, "--data", folder["data"]);
        Assert.All(["research.objection", "patient.report", "kind=asked", "kind=agreed"], word => Assert.Contains(word, journal, StringComparison.Ordinal));
        string paper = await SaidAsync("stay", "accesses", stay, "--language", "en", "--time-zone", "Europe/Paris", "--data", folder["data"]);
        Assert.Contains("Person rights-officer, rights-officer  stay erased", paper, StringComparison.Ordinal);
        Assert.Contains("Research: no, since", paper, StringComparison.Ordinal);
        Assert.InRange(paper.Split('\n').Length, 8, 60);
        JsonElement whole = JsonSerializer.Deserialize<JsonElement>(await SaidAsync("verify", "--data", folder["data"]));
        Assert.Equal((0, 0), (whole.GetProperty("damaged").GetArrayLength(), whole.GetProperty("locked").GetArrayLength()));
        Assert.True(whole.GetProperty("samples").GetInt64() > 0, "what the other patient has was erased too");
        Assert.Empty(browser.Complaints);
        foreach (Person person in people.Values)
        {
            person.Dispose();
        }
    }

    /// <summary>Admitted, and measured until the box has a stay of theirs; returns it.</summary>
    private async Task<string> InBedAsync(Box box, IPEndPoint port, WardPatient patient, int rate, string after = "")
    {
        await SendAsync(port, patient.Says("A01", TimeProvider.System.GetUtcNow().AddSeconds(-1), WardPatient.Bed));
        string stay = string.Empty;
        await Until.TrueAsync(
            async () =>
            {
                await SendAsync(port, patient.Rate(++_sent, TimeProvider.System.GetUtcNow(), rate));
                using var http = new HttpClient { BaseAddress = box.Address };
                stay = await http.GetStringAsync(new Uri("/api/v1/stays/present/research", UriKind.Relative)) is var text && JsonSerializer.Deserialize<JsonElement>(text) is var answer
                    ? answer.GetProperty("stay").GetString()!
                    : string.Empty;
                return stay.Length > 0 && stay != after && _sent % 5 == 0;
            },
            30,
            () => box.Process.Errors);
        return stay;
    }

    private static async Task SendAsync(IPEndPoint port, string message) => Assert.Equal(1, await Mllp.SendAsync(port, [message], CancellationToken.None));

    /// <summary>What is being printed: one page of A4 with these words.</summary>
    private static async Task SheetAsync(IPage page, string name, params string[] words)
    {
        await page.WaitForSelectorAsync("[data-patient-sheet]", new PageWaitForSelectorOptions { State = WaitForSelectorState.Attached });
        byte[] pdf = await page.PdfAsync(new PagePdfOptions { PreferCSSPageSize = true, Tagged = true });
        string folder = Directory.CreateDirectory(Path.Combine(Installed.Root, "artifacts", "screens")).FullName;
        await File.WriteAllBytesAsync(Path.Combine(folder, $"patient-{name}.pdf"), pdf);
        string text = PdfText.Plain(PdfText.Of(pdf));
        Assert.All(words, word => Assert.Contains(PdfText.Plain(word), text, StringComparison.Ordinal));
        Assert.Single(OnePage.Matches(Encoding.Latin1.GetString(pdf)));
        await page.EvaluateAsync("() => dispatchEvent(new Event('afterprint'))");
        Assert.Equal(0, await page.Locator(".report").CountAsync());
    }

    private static async Task SignInAsync(IPage page, Box box, string badge)
    {
        await page.GotoAsync($"{box.Address}#/people");
        await page.ReloadAsync();
        await page.FillAsync("[data-form='sign-in'] [name='badge']", badge);
        await page.FillAsync("[data-form='sign-in'] [name='password']", Password);
        await page.ClickAsync("[data-form='sign-in'] button[type='submit']");
        await page.WaitForSelectorAsync($"[data-mine='{badge}']", new PageWaitForSelectorOptions { Timeout = 30_000 });
    }

    private static async Task<Dictionary<string, Person>> PeopleAsync(Box box, string data, params string[] roles)
    {
        Dictionary<string, Person> people = [];
        foreach (string role in roles)
        {
            string added = await SaidAsync("account", "add", $"b-{role}", "--name", $"Person {role}", "--role", role, "--json", "--data", data);
            people[role] = new Person(box.Address);
            await people[role].EnrolAsync($"b-{role}", JsonSerializer.Deserialize<JsonElement>(added).GetProperty("code").GetString()!);
        }

        return people;
    }

    /// <summary>The keys of the store, once they are as they should be.</summary>
    private static async Task<(string Key, string State)[]> KeysAsync(string data, Func<(string Key, string State)[], bool> until)
    {
        (string Key, string State)[] keys = [];
        await Until.TrueAsync(
            async () =>
            {
                JsonElement list = JsonSerializer.Deserialize<JsonElement>(await SaidAsync("stay", "list", "--json", "--data", data));
                keys = [.. list.GetProperty("keys").EnumerateArray().Select(key => (key.GetProperty("key").GetString()!, key.GetProperty("state").GetString()!))];
                return until(keys);
            },
            60,
            () => string.Join(", ", keys));
        return keys;
    }

    private static async Task<string[]> OfStayAsync(string data, string stay)
    {
        JsonElement list = JsonSerializer.Deserialize<JsonElement>(await SaidAsync("stay", "list", "--json", "--data", data));
        return [.. list.GetProperty("stays").EnumerateArray().Where(one => one.GetProperty("stay").GetString() == stay).SelectMany(one => one.GetProperty("keys").EnumerateArray()).Select(key => key.GetString()!)];
    }

    private static async Task<string> SaidAsync(params string[] arguments)
    {
        await using Running command = Installed.Bedside(arguments);
        Assert.True(await command.EndAsync() == 0, command.Errors);
        return string.Join('\n', command.Output);
    }

    [GeneratedRegex(@"/Type\s*/Page\b")]
    private static partial Regex OnePage { get; }

    private sealed class Person(Uri address) : IDisposable
    {
        private readonly HttpClient _http = new() { BaseAddress = address, Timeout = TimeSpan.FromSeconds(60) };
        private string _token = string.Empty;

        public async Task EnrolAsync(string badge, string code)
        {
            using HttpResponseMessage answer = await _http.PostAsync("/api/v1/people/enrol", Body(new { badge, code, password = Password }));
            string text = await answer.Content.ReadAsStringAsync();
            Assert.True(answer.IsSuccessStatusCode, text);
            _token = JsonSerializer.Deserialize<JsonElement>(text).GetProperty("token").GetString()!;
        }

        public async Task<int> AskAsync(string method, string path)
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            if (method != "GET")
            {
                request.Content = Body(new { });
                request.Headers.Add("X-Bedside-Token", _token);
            }

            using HttpResponseMessage answer = await _http.SendAsync(request);
            return (int)answer.StatusCode;
        }

        public Task<string> TextAsync(string path) => _http.GetStringAsync(path);

        public void Dispose() => _http.Dispose();

        private static StringContent Body(object json) => new(JsonSerializer.Serialize(json), Encoding.UTF8, "application/json");
    }
}
