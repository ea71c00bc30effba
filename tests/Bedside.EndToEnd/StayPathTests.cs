using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Playwright;

namespace Bedside.EndToEnd;

/// <summary>
/// Who lies in the bed, the whole way: admissions and a gateway call a real box over MLLP, its own desk makes stays of what they say, and a person meets them on the screen, over
/// FHIR and on the command line. What takes ten minutes by default takes three seconds by the configuration of this box.
/// </summary>
public class StayPathTests
{
    private const int RatesOfFirst = 70;
    private const int RatesOfSecond = 140;

    private static readonly WardPatient First = new("CANARY0815", "CANARYONE");
    private static readonly WardPatient Second = new("CANARY0816", "CANARYTWO");
    private static readonly string[] Canaries = [.. First.Canaries.Union(Second.Canaries)];

    private readonly StringBuilder _answers = new();
    private int _sent;

    [Fact]
    public async Task A_monitor_that_names_another_patient_is_asked_about_settled_at_the_bed_and_taken_back_and_a_power_cut_changes_nothing()
    {
        using var folder = new Folder();
        string config = await ConfigAsync(folder);
        await using Browser browser = await Browser.StartAsync();
        JsonElement first;
        JsonElement second;
        await using (Box box = await StartAsync(folder, config))
        {
            IPEndPoint port = await PortAsync(box);
            first = await AdmittedAsync(box, port);
            await ServedAsync(box, (RatesOfFirst, 0));
            second = await QuestionAsync(box, port, browser, first);
            await ServedAsync(box, (RatesOfFirst, 1), (RatesOfSecond, 0));
            await box.Process.KillAsync();
            Keep(box);
        }

        await using (Box box = await StartAsync(folder, config))
        {
            Assert.Equal(Words(second), Words(await TasksAsync(box)));
            await ServedAsync(box, (RatesOfFirst, 1), (RatesOfSecond, 0));
            await UndoneAsync(box, browser, first);
            await box.Process.KillAsync();
            Keep(box);
        }

        await using (Box box = await StartAsync(folder, config))
        {
            JsonElement open = await TasksAsync(box);
            Assert.Equal("conflict", open.GetProperty("now").GetProperty("certainty").GetString());
            string key = Assert.Single(open.GetProperty("tasks").EnumerateArray()).GetProperty("key").GetString()!;
            await PostAsync(box, $"/api/v1/stays/tasks/{Uri.EscapeDataString(key)}", """{"choice":"admissions"}""");
            open = await TasksAsync(box);
            Assert.Equal(("sure", StayOf(first)), (open.GetProperty("now").GetProperty("certainty").GetString(), StayOf(open)));
            await ServedAsync(box, (RatesOfFirst, int.MaxValue));
            await AgreesAsync(folder, config, box);
        }

        Assert.Empty(browser.Complaints);
        Nobody.In(_answers.ToString(), "an answer, a page or a log", Canaries);
        await Nobody.InFilesAsync(folder["data"], Canaries);
    }

    [Fact]
    public async Task A_way_through_the_hospital_that_was_told_in_messages_is_the_same_in_the_API_and_on_the_command_line()
    {
        using var folder = new Folder();
        string config = await ConfigAsync(folder);
        await using Box box = await StartAsync(folder, config);
        IPEndPoint port = await PortAsync(box);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        DateTimeOffset Ago(double hours) => now.AddHours(-hours);

        await SendAsync(port, First.Says("A01", Ago(9), WardPatient.Bed));
        await SendAsync(port, First.Says("A02", Ago(7), WardPatient.OtherBed, WardPatient.Bed));
        JsonElement[] spans = await SpansAsync(box);
        string stay = spans[0].GetProperty("stay").GetString()!;
        AssertAt(Ago(9), spans[0].GetProperty("from"));
        AssertAt(Ago(7), spans[^1].GetProperty("to"));
        Assert.Equal(JsonValueKind.Null, (await TasksAsync(box)).GetProperty("now").ValueKind);

        // Back from theatre within hours it is the same stay.
        await SendAsync(port, First.Says("A02", Ago(4), WardPatient.Bed, WardPatient.OtherBed));
        JsonElement tasks = await TasksAsync(box);
        Assert.Equal(("sure", stay), (tasks.GetProperty("now").GetProperty("certainty").GetString(), StayOf(tasks)));

        await SendAsync(port, First.Says("A03", Ago(1), WardPatient.Bed));
        spans = await SpansAsync(box);
        AssertAt(Ago(1), spans[^1].GetProperty("to"));
        Assert.All(spans, span => Assert.Equal(stay, span.GetProperty("stay").GetString()));

        await SendAsync(port, First.Says("A13", Ago(1), WardPatient.Bed));
        tasks = await TasksAsync(box);
        Assert.Equal(("sure", stay, 0), (tasks.GetProperty("now").GetProperty("certainty").GetString(), StayOf(tasks), tasks.GetProperty("open").GetInt32()));
        await AgreesAsync(folder, config, box);
        Nobody.In(_answers.ToString(), "an answer or a log", Canaries);
        await Nobody.InFilesAsync(folder["data"], Canaries);
    }

    /// <summary>Admitted twenty minutes ago, which alone is uncertain; the gateway names the same patient, which makes it sure.</summary>
    private async Task<JsonElement> AdmittedAsync(Box box, IPEndPoint port)
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        await SendAsync(port, Second.Says("A01", now.AddMinutes(-50), WardPatient.OtherBed));
        Assert.Equal(JsonValueKind.Null, (await TasksAsync(box)).GetProperty("now").ValueKind);
        await SendAsync(port, First.Says("A01", now.AddMinutes(-20), WardPatient.Bed));
        JsonElement tasks = await TasksAsync(box);
        Assert.Equal("uncertain", tasks.GetProperty("now").GetProperty("certainty").GetString());
        string stay = StayOf(tasks);

        await Until.TrueAsync(
            async () =>
            {
                await SendAsync(port, First.Rate(++_sent, TimeProvider.System.GetUtcNow(), RatesOfFirst));
                tasks = await TasksAsync(box);
                return tasks.GetProperty("now").GetProperty("certainty").GetString() == "sure" && _sent >= 5;
            },
            20,
            () => $"it is not sure: {tasks} {box.Process.Errors}");
        Assert.Equal((stay, 0), (StayOf(tasks), tasks.GetProperty("open").GetInt32()));
        Assert.All(await SpansAsync(box), span => Assert.Equal(stay, span.GetProperty("stay").GetString()));
        return tasks;
    }

    /// <summary>The gateway names the other patient: the header doubts, the page asks, wristbands are told apart, and an answer is given. What the box says then.</summary>
    private async Task<JsonElement> QuestionAsync(Box box, IPEndPoint port, Browser browser, JsonElement first)
    {
        IPage page = await browser.OpenAsync($"{box.Address}#/live");
        await HeaderAsync(page, "sure");
        JsonElement tasks = first;
        int before = _sent;
        await Until.TrueAsync(
            async () =>
            {
                await SendAsync(port, Second.Rate(++_sent, TimeProvider.System.GetUtcNow(), RatesOfSecond));
                tasks = await TasksAsync(box);
                return tasks.GetProperty("open").GetInt32() == 1 && _sent >= before + 5;
            },
            30,
            () => $"nothing is asked: {tasks} {box.Process.Errors}");
        JsonElement task = Assert.Single(tasks.GetProperty("tasks").EnumerateArray());
        string patient = Assert.Single(await PatientsAsync(box));
        Assert.InRange((await RatesAsync(box, patient)).Count(rate => rate == RatesOfSecond), 0, 1);
        Assert.Equal(("two-patients", "conflict", StayOf(first)), (task.GetProperty("kind").GetString(), tasks.GetProperty("now").GetProperty("certainty").GetString(), StayOf(tasks)));

        await HeaderAsync(page, "conflict");
        Assert.Equal("Identité non confirmée", await page.Locator("[data-stay]").TextContentAsync());
        _ = _answers.Append(await page.ContentAsync());
        await browser.ShootAsync(page, "desk-live");
        await page.Locator("a.bed").ClickAsync();
        ILocator card = page.Locator("[data-task-kind=two-patients]");
        await Until.TrueAsync(async () => await card.CountAsync() == 1, 20, () => "the page does not ask");
        foreach ((string number, string belongs) in new[] { (Second.Number, "second"), (First.Number, "first"), ("999999", "neither") })
        {
            await card.Locator("[data-band]").FocusAsync();
            await page.Keyboard.TypeAsync(number);
            await page.Keyboard.PressAsync("Enter");
            await Until.TrueAsync(async () => await card.Locator($"[data-belongs={belongs}]").CountAsync() == 1, 10, () => $"not told that it belongs to {belongs}");
        }

        _ = _answers.Append(await page.ContentAsync());
        await browser.ShootAsync(page, "desk-question");
        await card.Locator("[data-choice=monitor]").ClickAsync();
        await card.Locator("[data-sure]").ClickAsync();
        await HeaderAsync(page, "sure");
        await Until.TrueAsync(async () => await card.GetAttributeAsync("data-task-open") == "false", 10, () => "the card is open still");
        Assert.Contains("Dit au lit du patient", await page.Locator("main").TextContentAsync());
        await browser.ShootAsync(page, "desk-settled");
        _ = _answers.Append(await page.ContentAsync());
        tasks = await TasksAsync(box);
        Assert.Equal(("sure", 0), (tasks.GetProperty("now").GetProperty("certainty").GetString(), tasks.GetProperty("open").GetInt32()));
        Assert.NotEqual(StayOf(first), StayOf(tasks));
        await page.CloseAsync();
        return tasks;
    }

    /// <summary>On the page of a box that was started anew.</summary>
    private async Task UndoneAsync(Box box, Browser browser, JsonElement first)
    {
        IPage page = await browser.OpenAsync($"{box.Address}#/patient");
        ILocator card = page.Locator("[data-task-kind=two-patients]");
        await Until.TrueAsync(async () => await card.Locator("[data-undo]").CountAsync() == 1, 20, () => "it cannot be taken back");
        await card.Locator("[data-undo]").ClickAsync();
        await Until.TrueAsync(async () => await card.GetAttributeAsync("data-task-open") == "true", 10, () => "it is not asked again");
        await HeaderAsync(page, "conflict");
        _ = _answers.Append(await page.ContentAsync());
        JsonElement tasks = await TasksAsync(box);
        Assert.Equal((1, StayOf(first)), (tasks.GetProperty("open").GetInt32(), StayOf(tasks)));
        await page.CloseAsync();
    }

    /// <summary>
    /// FHIR serves these patients and no others: of each the heart rates that were sent of it, once they are old enough to be served. The one in whose time the next one came may
    /// have one value of theirs: a name counts from when it came, a value from when it was measured.
    /// </summary>
    private async Task ServedAsync(Box box, params (int Rate, int Strangers)[] patients)
    {
        string[] ids = await PatientsAsync(box);
        Assert.Equal(patients.Length, ids.Length);
        int[][] rates = [];
        await Until.TrueAsync(
            async () =>
            {
                rates = new int[ids.Length][];
                for (int i = 0; i < ids.Length; i++)
                {
                    rates[i] = await RatesAsync(box, ids[i]);
                }

                return rates.Sum(some => some.Length) == _sent;
            },
            30,
            () => $"{string.Join(" + ", rates.Select(some => some.Length))} of {_sent} values are served");
        foreach ((int rate, int strangers) in patients)
        {
            int[] own = Assert.Single(rates, some => some.Count(one => one == rate) > 1);
            Assert.InRange(own.Count(one => one != rate), 0, strangers);
        }
    }

    private async Task<string[]> PatientsAsync(Box box) =>
        [.. (await AskAsync(box, "/fhir/Patient")).GetProperty("entry").EnumerateArray().Select(entry => entry.GetProperty("resource").GetProperty("id").GetString()!)];

    private async Task<int[]> RatesAsync(Box box, string patient)
    {
        JsonElement found = await AskAsync(box, $"/fhir/Observation?patient={patient}&_count=1000");
        return !found.TryGetProperty("entry", out JsonElement entries) ? [] :
        [
            .. entries.EnumerateArray().Select(entry => entry.GetProperty("resource"))
                .Where(one => one.GetProperty("resourceType").GetString() == "Observation")
                .Select(one =>
                {
                    Assert.Equal($"Patient/{patient}", one.GetProperty("subject").GetProperty("reference").GetString());
                    return (int)one.GetProperty("valueQuantity").GetProperty("value").GetDouble();
                }),
        ];
    }

    /// <summary>Stops the box: what it said last is what the command line says, and the store is whole.</summary>
    private async Task AgreesAsync(Folder folder, string config, Box box)
    {
        string[] told = [.. (await SpansAsync(box)).Select(Line)];
        await box.Process.TerminateAsync();
        Assert.Equal(0, await box.Process.EndAsync());
        Keep(box);
        await using Running list = Installed.Bedside("stay", "list", "--json", "--data", folder["data"], "--config", config);
        Assert.True(await list.EndAsync() == 0, list.Errors);
        string text = string.Join('\n', list.Output);
        _ = _answers.Append(text).Append(list.Errors);
        using var document = JsonDocument.Parse(text);
        string[] listed =
        [
            .. document.RootElement.GetProperty("stays").EnumerateArray()
                .SelectMany(stay => stay.GetProperty("spans").EnumerateArray().Select(span => Line(span, stay.GetProperty("stay").GetString()!))).Order(StringComparer.Ordinal),
        ];
        Assert.Equal(told.Order(StringComparer.Ordinal), listed);
        await using Running verify = Installed.Bedside("verify", "--data", folder["data"]);
        Assert.True(await verify.EndAsync() == 0, verify.Errors);
    }

    private static string Line(JsonElement span) => Line(span, span.GetProperty("stay").GetString()!);

    private static string Line(JsonElement span, string stay)
    {
        IEnumerable<string> because = span.GetProperty("because").EnumerateArray().Select(one => (one.ValueKind == JsonValueKind.Number ? one : one.GetProperty("number")).GetRawText());
        return $"{span.GetProperty("from").GetString()} {span.GetProperty("to").GetString() ?? "now"} {stay} {span.GetProperty("certainty").GetString()} {string.Join(',', because)}";
    }

    /// <summary>What of the answer is the same after a start.</summary>
    private static string Words(JsonElement tasks) => $"{Line(tasks.GetProperty("now"))} {tasks.GetProperty("open")} {tasks.GetProperty("tasks").GetRawText()}";

    private static string StayOf(JsonElement tasks) => tasks.GetProperty("now").GetProperty("stay").GetString()!;

    private static void AssertAt(DateTimeOffset expected, JsonElement told) =>
        Assert.Equal(0, (DateTimeOffset.Parse(told.GetString()!, CultureInfo.InvariantCulture) - expected).TotalSeconds, 0.01);

    private static Task HeaderAsync(IPage page, string certainty) =>
        Until.TrueAsync(async () => await page.Locator($"[data-stay={certainty}]").CountAsync() == 1, 20, () => $"the header does not say {certainty}");

    private static async Task<string> ConfigAsync(Folder folder)
    {
        string config = folder["box.json"];
        await File.WriteAllTextAsync(config, """{"stays": {"conflictMinutes": 0.05}}""");
        return config;
    }

    private static Task<Box> StartAsync(Folder folder, string config) =>
        Box.StartAsync(folder["data"], "--config", config, "--hl7", "0", "--hl7-bed", WardPatient.Bed);

    private static async Task<IPEndPoint> PortAsync(Box box) => IPEndPoint.Parse(await box.Process.LineAsync("hl7 "));

    private static async Task SendAsync(IPEndPoint port, string message) => Assert.Equal(1, await Mllp.SendAsync(port, [message], CancellationToken.None));

    private Task<JsonElement> TasksAsync(Box box) => AskAsync(box, "/api/v1/stays/tasks");

    private async Task<JsonElement[]> SpansAsync(Box box) => [.. (await AskAsync(box, "/api/v1/stays")).GetProperty("spans").EnumerateArray()];

    private async Task<JsonElement> AskAsync(Box box, string path)
    {
        JsonElement answer = await box.GetAsync(path);
        _ = _answers.Append(answer.GetRawText());
        return answer;
    }

    private async Task PostAsync(Box box, string path, string body)
    {
        using var http = new HttpClient { BaseAddress = box.Address };
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await http.PostAsync(new Uri(path, UriKind.Relative), content);
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        _ = _answers.Append(text);
    }

    private void Keep(Box box) => _answers.Append(box.Process.Errors).AppendJoin('\n', box.Process.Output);
}
