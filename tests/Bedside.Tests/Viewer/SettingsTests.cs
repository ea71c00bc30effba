using System.Net;
using System.Text.Json;
using Bedside.Model;
using Bedside.Model.Audit;
using Bedside.Model.Settings;
using Bedside.Tests.Audit;
using Bedside.Tests.Settings;
using Bedside.Tests.Storage;
using Bedside.Viewer;
using Microsoft.Extensions.DependencyInjection;

namespace Bedside.Tests.Viewer;

/// <summary>Settings, checks of signals, lights and the diagnostic as the screen asks for them.</summary>
public class SettingsTests
{
    private const string Canary = "CANARY-4711";

    [Fact]
    public async Task A_draft_is_prepared_checked_applied_and_the_screen_hears_of_it()
    {
        (ViewerHost host, SettingsBench bench) = await StartAsync();
        await using ViewerHost alive = host;
        await host.StoreAsync(Blocks.Reading(Blocks.HeartRate(host.Store), host.Now, 80));
        string before = await DictionaryAsync(host);

        JsonElement refused = await SendAsync(host, HttpMethod.Put, "draft", """{"rests":1,"settings":{"bed":"7","colours":{"ecg":"#0000ff"}}}""");
        JsonElement fault = refused.GetProperty("draft").GetProperty("faults")[0];
        Assert.Equal("colours.ecg", fault.GetProperty("field").GetString());
        Assert.Contains("contraste", fault.GetProperty("sentence").GetProperty("fr").GetString(), StringComparison.Ordinal);
        using (HttpResponseMessage apply = await host.SendAsync(HttpMethod.Post, "/api/v1/settings/apply", "{}"))
        {
            await ViewerHost.ProblemOfAsync(apply, HttpStatusCode.BadRequest);
        }

        await SendAsync(host, HttpMethod.Put, "draft", """{"rests":1,"settings":{"bed":"7","timeZone":"America/Cayenne","colours":{"ecg":"#ffcc80"}}}""");
        JsonElement applied = await SendAsync(host, HttpMethod.Post, "apply", "{}");

        Assert.Equal((2, JsonValueKind.Null, JsonValueKind.Null), (applied.GetProperty("number").GetInt32(), applied.GetProperty("draft").ValueKind, applied.GetProperty("trial").ValueKind));
        JsonElement session = await host.GetAsync("/api/v1/session");
        Assert.Equal(("7", "America/Cayenne"), (session.GetProperty("bed").GetString(), session.GetProperty("timeZone").GetString()));
        JsonElement signal = (await host.GetAsync("/api/v1/signals"))[0];
        Assert.Equal(("ecg", "#ffcc80"), (signal.GetProperty("group").GetString(), signal.GetProperty("colour").GetString()));
        Assert.NotEqual(before, await DictionaryAsync(host));
        Assert.Equal("7", bench.Desk.Ward.Bed);
    }

    [Fact]
    public async Task A_trial_is_shown_with_what_is_lost_and_cannot_be_confirmed_before_that_is_back()
    {
        (ViewerHost host, SettingsBench bench) = await StartAsync();
        await using ViewerHost alive = host;
        bench.Sending.Add("monitor");
        bench.Pass(3);
        await SendAsync(host, HttpMethod.Put, "draft", """{"rests":1,"settings":{"ports":[{"serial":"/dev/ttyS1","driver":"ivy-450c"}]}}""");
        JsonElement trial = (await SendAsync(host, HttpMethod.Post, "apply", "{}")).GetProperty("trial");
        Assert.Equal(("monitor", 60.0), (trial.GetProperty("lost")[0].GetString(), trial.GetProperty("wholeSeconds").GetDouble()));
        using (HttpResponseMessage refused = await host.SendAsync(HttpMethod.Post, "/api/v1/settings/confirm", "{}"))
        {
            await ViewerHost.ProblemOfAsync(refused, HttpStatusCode.Conflict);
        }

        bench.Pass(3);
        JsonElement confirmed = await SendAsync(host, HttpMethod.Post, "confirm", "{}");
        Assert.Equal(("confirmed", 2), (confirmed.GetProperty("versions")[0].GetProperty("outcome").GetString(), confirmed.GetProperty("number").GetInt32()));
        await SendAsync(host, HttpMethod.Post, "return", """{"number":1}""");
        JsonElement back = await SendAsync(host, HttpMethod.Post, "take-back", "{}");
        Assert.Equal("taken-back", back.GetProperty("versions")[0].GetProperty("outcome").GetString());
    }

    [Fact]
    public async Task What_makes_no_sense_is_refused_with_a_sentence()
    {
        (ViewerHost host, _) = await StartAsync();
        await using ViewerHost alive = host;
        (HttpMethod Method, string Path, string Body, HttpStatusCode Status)[] requests =
        [
            (HttpMethod.Put, "draft", "{}", HttpStatusCode.BadRequest),
            (HttpMethod.Put, "draft", """{"rests":9,"settings":{}}""", HttpStatusCode.Conflict),
            (HttpMethod.Put, "draft", """{"rests":1,"settings":{"dayStart":"7 Uhr"}}""", HttpStatusCode.BadRequest),
            (HttpMethod.Put, "draft", """{"rests":1,"settings":{"ports":7}}""", HttpStatusCode.BadRequest),
            (HttpMethod.Post, "apply", "{}", HttpStatusCode.NotFound),
            (HttpMethod.Post, "confirm", "{}", HttpStatusCode.NotFound),
            (HttpMethod.Post, "take-back", "{}", HttpStatusCode.NotFound),
            (HttpMethod.Delete, "draft", "{}", HttpStatusCode.NotFound),
            (HttpMethod.Post, "return", "{}", HttpStatusCode.BadRequest),
            (HttpMethod.Post, "return", """{"number":99}""", HttpStatusCode.NotFound),
        ];
        foreach ((HttpMethod method, string path, string body, HttpStatusCode status) in requests)
        {
            using HttpResponseMessage answer = await host.SendAsync(method, $"/api/v1/settings/{path}", body);
            await ViewerHost.ProblemOfAsync(answer, status);
        }

        await using ViewerHost without = await ViewerHost.StartAsync();
        await without.GetProblemAsync("/api/v1/settings", HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_check_of_signals_is_stored_with_the_device_and_is_listed_and_is_no_mark_of_a_person()
    {
        await using ViewerHost host = await ViewerHost.StartAsync();
        Signal rate = Blocks.HeartRate(host.Store);
        await host.StoreAsync(Blocks.Device(host.Now, DeviceState.Receiving), Blocks.Reading(rate, host.Now, 80));
        string body = $$"""{"device":"monitor","at":"{{host.Now}}","signals":[{"id":"hr","label":"HR","unit":"/min","shown":"80 /min","hertz":1.0,"right":["label","unit"],"wrong":["plausible"]}]}""";
        using HttpResponseMessage stored = await host.SendAsync(HttpMethod.Post, "/api/v1/checks", body);
        Assert.Equal(HttpStatusCode.Created, stored.StatusCode);

        JsonElement check = (await host.GetAsync("/api/v1/checks"))[0];
        Assert.Equal(("Maker", "MX1", "80 /min"), (check.GetProperty("manufacturer").GetString(), check.GetProperty("model").GetString(), check.GetProperty("signals")[0].GetProperty("shown").GetString()));
        JsonElement told = (await host.GetAsync($"/api/v1/events?{ViewerHost.Range(host.Now.Add(-1_000_000_000), host.Now.Add(1_000_000_000))}")).EnumerateArray().Single(one => one.GetProperty("kind").GetString() == "signal-check");
        Assert.Equal(string.Empty, told.GetProperty("text").GetString());
        Assert.Empty((await host.GetAsync("/api/v1/annotations")).EnumerateArray());

        foreach (string wrong in new[] { """{"device":"nobody","signals":[]}""", """{"device":"monitor","signals":[]}""", """{"device":"monitor","signals":[{"id":"x"}]}""", """{"device":"monitor","signals":[{"id":"hr","right":["taste"]}]}""", """{"device":"monitor","signals":[null]}""", """{"device":"monitor","signals":[{"id":"hr","hertz":1e999}]}""", """{"device":"monitor","at":"2001-01-01T00:00:00Z","signals":[{"id":"hr"}]}""" })
        {
            using HttpResponseMessage refused = await host.SendAsync(HttpMethod.Post, "/api/v1/checks", wrong);
            Assert.True(refused.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.NotFound, $"{wrong}: {refused.StatusCode}");
        }
    }

    [Fact]
    public async Task A_rate_is_measured_by_what_came_and_not_by_what_the_device_says()
    {
        await using ViewerHost host = await ViewerHost.StartAsync();
        Signal ecg = Blocks.Ecg(host.Store);

        // 250 samples a block, but a block each 1.01 s: the device runs slow by one per cent.
        SampleBlock[] blocks = [.. Enumerable.Range(0, 20).Select(i => Blocks.Wave(ecg, host.Now.Add(-30_000_000_000 + (i * 1_010_000_000L)), new int[250], firstIndex: i * 250L))];
        await host.StoreAsync([.. blocks]);

        JsonElement rate = (await host.GetAsync("/api/v1/checks/rates?device=monitor")).GetProperty("signals")[0];
        Assert.Equal(250, rate.GetProperty("nominal").GetDouble());
        Signal heart = Blocks.HeartRate(host.Store);
        UtcInstant[] times = [.. Enumerable.Range(0, 40).Where(i => i is < 12 or > 22).Select(i => host.Now.Add(-50_000_000_000 + (i * 1_024_000_000L)))];
        await host.StoreAsync([.. times.Select(time => Blocks.Reading(heart, time, 80))]);
        JsonElement numeric = (await host.GetAsync("/api/v1/checks/rates?device=monitor")).GetProperty("signals").EnumerateArray().Single(one => one.GetProperty("id").GetString() == "hr");
        Assert.InRange(numeric.GetProperty("measured").GetDouble(), 0.976, 0.977);
        Assert.InRange(rate.GetProperty("measured").GetDouble(), 247.5, 247.6);
    }

    [Fact]
    public async Task Each_part_of_the_box_says_in_words_how_it_does_and_what_is_not_measured_is_not_well()
    {
        var machine = new MachineReport { TemperatureCelsius = 78, Throttled = true, UndervoltageBefore = true, Undervoltage = false, ClockSynchronised = true, ClockUncertaintyUs = 1500, Start = StartCause.PowerLost };
        await using ViewerHost host = await ViewerHost.StartAsync(options => options.Machine = () => machine);
        Dictionary<string, (string? State, string? Said)> lights = await LightsAsync(host);
        Assert.Equal(("attention", "78 °C; the processor is slowed down."), lights["temperature"]);
        Assert.Equal(("ok", "The time is kept by the network, within 1.5 ms."), lights["clock"]);
        Assert.Equal(("attention", "attention", "failed"), (lights["power"].State, lights["start"].State, lights["devices"].State));

        machine = new MachineReport();
        lights = await LightsAsync(host);
        Assert.All(["temperature", "clock", "power", "start"], part => Assert.Equal("not-measured", lights[part].State));
    }

    [Fact]
    public async Task The_journal_of_access_says_whether_it_is_kept_kept_in_its_reserve_or_cannot_be_written_and_capture_stays_well()
    {
        var disk = new FaultyDisk(new Random(5)) { Capacity = 64 << 20 };
        using var journal = new TestJournal(disk, TestJournal.Small with { ReserveBytes = 256 * 1024 });
        journal.Trail.Tick();
        await using ViewerHost host = await ViewerHost.StartAsync(services: services => services.AddSingleton<IAuditTrail>(journal.Trail));
        await host.StoreAsync(Blocks.Device(host.Now, DeviceState.Receiving));
        Assert.Equal(("kept", "ok"), await JournalAsync(host));
        Assert.Equal("ok", (await host.GetAsync("/api/v1/health")).GetProperty("state").GetString());

        while (journal.Trail.State == AuditState.Kept)
        {
            disk.Capacity = disk.Bytes;
            journal.Trail.Append(new AuditEntry(AuditAct.DataRead));
        }

        Assert.Equal(("on-reserve", "attention"), await JournalAsync(host));
        disk.FailWhile = 0..int.MaxValue;
        journal.Trail.Tell(new AuditEntry(AuditAct.BreakGlass));
        Assert.Equal(("unwritable", "failed"), await JournalAsync(host));
        JsonElement health = await host.GetAsync("/api/v1/health");
        Assert.Equal(("attention", AuditUnwritableException.English), (health.GetProperty("state").GetString(), health.GetProperty("sentence").GetProperty("en").GetString()));
        Assert.Equal(AuditUnwritableException.English, (await LightsAsync(host))["journal"].Said);
        Assert.Contains("\"part\":\"journal\",\"state\":\"failed\"", (await host.GetAsync("/api/v1/diagnostic")).GetProperty("lights").GetRawText(), StringComparison.Ordinal);

        disk.FailWhile = null;
        disk.Capacity = 64 << 20;
        journal.Trail.Tick();
        Assert.Equal(("kept", "ok"), await JournalAsync(host));
    }

    [Fact]
    public async Task What_wants_a_person_beside_what_is_measured_is_a_light_and_the_sentence_of_the_box_when_nothing_is_worse()
    {
        List<HealthNote> notes = [];
        await using ViewerHost host = await ViewerHost.StartAsync(options => options.Notes = () => notes);
        await host.StoreAsync(Blocks.Device(host.Now, DeviceState.Receiving));
        Assert.DoesNotContain("settings", (await LightsAsync(host)).Keys);

        notes.Add(new HealthNote("settings", new Sentence("Rangez-les.", "Put them back.")));
        Assert.Equal(("attention", "Put them back."), ((await LightsAsync(host))["settings"].State, (await LightsAsync(host))["settings"].Said));
        JsonElement health = await host.GetAsync("/api/v1/health");
        Assert.Equal(("attention", "Put them back."), (health.GetProperty("state").GetString(), health.GetProperty("sentence").GetProperty("en").GetString()));
        Assert.Contains("Put them back.", (await host.GetAsync("/api/v1/diagnostic")).GetProperty("lights").GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_the_box_knows_why_nothing_is_heard_nobody_is_sent_to_a_cable()
    {
        List<HealthNote> notes = [];
        await using ViewerHost host = await ViewerHost.StartAsync(options => options.Notes = () => notes);
        await host.StoreAsync(Blocks.Device(host.Now, DeviceState.Unplugged));
        Assert.Contains("unplugged", await SaidAsync(host), StringComparison.Ordinal);
        notes.Add(new HealthNote("ports", new Sentence("Démarrez-le.", "Start it.")) { IsWhyNothingIsHeard = true });
        Assert.Equal("Start it.", await SaidAsync(host));
        Assert.Equal("attention", (await LightsAsync(host))["ports"].State);

        static async Task<string?> SaidAsync(ViewerHost host) => (await host.GetAsync("/api/v1/health")).GetProperty("sentence").GetProperty("en").GetString();
    }

    [Fact]
    public async Task A_box_without_a_journal_has_no_light_for_it()
    {
        await using ViewerHost host = await ViewerHost.StartAsync();
        Assert.Equal(JsonValueKind.Null, (await host.GetAsync("/api/v1/health")).GetProperty("journal").ValueKind);
        Assert.DoesNotContain("journal", (await LightsAsync(host)).Keys);
    }

    [Fact]
    public async Task The_diagnostic_holds_no_value_no_text_no_bed_and_no_stay()
    {
        (ViewerHost host, SettingsBench bench) = await StartAsync(options =>
        {
            options.Ward = () => new WardSettings { Bed = Canary };
            options.Ports = () => [new PortReport("/dev/a", "monitor", DeviceState.Receiving, "ivy-450c", "9600 8N1", "recognised", new UtcInstant(1)) { Traffic = new PortTraffic(10, 0, 1, Canary, LineErrors: null), English = Canary }];
        });
        await using ViewerHost alive = host;
        bench.Prepare(new SettingsForm { Bed = Canary });
        bench.Desk.Apply();
        await host.StoreAsync(
            Blocks.Device(host.Now, DeviceState.Receiving) with { Reason = Canary },
            Blocks.Reading(Blocks.HeartRate(host.Store), host.Now, 98_765),
            new TextBlock { Signal = Blocks.Mode(host.Store).Number, Start = host.Now, Text = Canary },
            new AnnotationBlock { Signal = SignalNumber.None, Start = host.Now, Key = "canary-key", Kind = "note", Text = Canary, Source = "bed" });

        using HttpResponseMessage answer = await host.Http.GetAsync("/api/v1/diagnostic");
        string text = await answer.Content.ReadAsStringAsync();

        Assert.Equal("attachment", answer.Content.Headers.ContentDisposition?.DispositionType);
        Assert.Contains("MX1", text, StringComparison.Ordinal);
        Assert.Contains("/dev/a", text, StringComparison.Ordinal);
        Assert.Contains("\"bed\"", text, StringComparison.Ordinal);
        foreach (string secret in new[] { Canary, "98765", "canary-key" })
        {
            Assert.DoesNotContain(secret, text, StringComparison.Ordinal);
        }
    }

    private static async Task<(string? State, string? Light)> JournalAsync(ViewerHost host) =>
        ((await host.GetAsync("/api/v1/health")).GetProperty("journal").GetString(), (await LightsAsync(host))["journal"].State);

    private static async Task<Dictionary<string, (string? State, string? Said)>> LightsAsync(ViewerHost host) =>
        (await host.GetAsync("/api/v1/health")).GetProperty("lights").EnumerateArray().ToDictionary(
            light => light.GetProperty("part").GetString()!,
            light => (light.GetProperty("state").GetString(), light.GetProperty("sentence").GetProperty("en").GetString()));

    private static async Task<(ViewerHost Host, SettingsBench Bench)> StartAsync(Action<ViewerOptions>? set = null)
    {
        SettingsBench bench = new SettingsBench(new FaultyDisk(new Random(1))).Start();
        ViewerHost host = await ViewerHost.StartAsync(
            options =>
            {
                options.Ward = () => bench.Desk.Ward;
                set?.Invoke(options);
            },
            services: services => services.AddSingleton<ISettingsDesk>(bench.Desk));
        return (host, bench);
    }

    private static async Task<JsonElement> SendAsync(ViewerHost host, HttpMethod method, string path, string body)
    {
        using HttpResponseMessage answer = await host.SendAsync(method, $"/api/v1/settings/{path}", body);
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {answer.StatusCode} {text}");
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    private static async Task<string> DictionaryAsync(ViewerHost host)
    {
        using LiveConnection screen = await host.ConnectAsync();
        await screen.BeginAsync();
        return (await screen.NextAsync(LiveFrame.Status)).Json.GetProperty("dictionary").GetString()!;
    }
}
