using System.Net;
using System.Text.Json;
using Bedside.Model;
using Bedside.Viewer;

namespace Bedside.Tests.Viewer;

/// <summary>Alerts, gaps, events, and the marks of people.</summary>
public class ListTests
{
    [Fact]
    public async Task Alerts_are_intervals_also_those_that_last_into_the_range()
    {
        await using ViewerHost host = await ViewerHost.StartAsync();
        UtcInstant begin = host.Now.Add(TimeSpan.FromHours(-3));
        await host.Store.StoreAsync(
            Blocks.Alert(begin, "old", AlertPhase.Start),
            Blocks.Alert(begin.Add(1), "old", AlertPhase.End),
            Blocks.Alert(begin.Add(2), "long", AlertPhase.Start, "APNEA"),
            Blocks.Alert(begin.Add(TimeSpan.FromHours(2.5)), "long", AlertPhase.End),
            Blocks.Alert(host.Now.Add(TimeSpan.FromSeconds(-5)), "on", AlertPhase.Start, "SpO2 84 < 88", AlertPriority.Medium));

        JsonElement[] alerts = [.. (await host.GetAsync("/api/v1/alerts")).EnumerateArray()];

        Assert.Equal(["long", "on"], alerts.Select(alert => alert.GetProperty("key").GetString()!));
        Assert.Equal(begin.Add(2).ToString(), alerts[0].GetProperty("since").GetString());
        Assert.Equal("end", alerts[0].GetProperty("ended").GetString());
        Assert.Equal("monitor", alerts[1].GetProperty("device").GetString());
        Assert.Equal("medium", alerts[1].GetProperty("priority").GetString());
        Assert.Equal("SpO2 84 < 88", alerts[1].GetProperty("text").GetString());
        Assert.Equal(JsonValueKind.Null, alerts[1].GetProperty("until").ValueKind);
    }

    [Fact]
    public async Task Gaps_tell_whose_they_are_and_why()
    {
        await using ViewerHost host = await ViewerHost.StartAsync();
        Signal ecg = Blocks.Ecg(host.Store);
        UtcInstant begin = host.Now.Add(TimeSpan.FromMinutes(-30));
        await host.Store.StoreAsync(
            new GapBlock { Signal = ecg.Number, Start = begin, Until = begin.Add(TimeSpan.FromSeconds(2)), Cause = GapCause.LostMessage, Missing = 500 },
            new GapBlock { Signal = SignalNumber.None, Start = begin.Add(TimeSpan.FromMinutes(1)), Until = begin.Add(TimeSpan.FromMinutes(2)), Cause = GapCause.DeviceSilent, Device = Blocks.Monitor });

        JsonElement[] gaps = [.. (await host.GetAsync("/api/v1/gaps")).EnumerateArray()];
        JsonElement[] before = [.. (await host.GetAsync($"/api/v1/gaps?{ViewerHost.Range(begin.Add(TimeSpan.FromMinutes(-9)), begin)}")).EnumerateArray()];

        Assert.Equal(2, gaps.Length);
        Assert.Equal(("ecg-ii", "monitor", "lost-message", 500), Gap(gaps[0]));
        Assert.Equal((null, "monitor", "device-silent", 0), Gap(gaps[1]));
        Assert.Equal(begin.Add(TimeSpan.FromSeconds(2)).ToString(), gaps[0].GetProperty("until").GetString());
        Assert.Empty(before);
    }

    [Fact]
    public async Task Events_are_what_the_devices_reported_of_themselves()
    {
        await using ViewerHost host = await ViewerHost.StartAsync();
        Signal mode = Blocks.Mode(host.Store);
        UtcInstant begin = host.Now.Add(TimeSpan.FromMinutes(-30));
        await host.Store.StoreAsync(
            Blocks.Device(begin, DeviceState.Unplugged, "The cable was pulled."),
            new TextBlock { Signal = mode.Number, Start = begin.Add(1), Text = "BIPAP" },
            new ClockBlock { Signal = SignalNumber.None, Start = begin.Add(2), Device = Blocks.Monitor, AnchorNanoseconds = 0, DriftPpm = 0, Reason = "jump" },
            new AnnotationBlock { Signal = SignalNumber.None, Start = begin.Add(3), Key = "k", Kind = "device-restart", Source = Blocks.Monitor, Text = "restarted" },
            new AnnotationBlock { Signal = SignalNumber.None, Start = begin.Add(4), Key = "p-1", Kind = "suction", Source = "bed" });

        JsonElement[] events = [.. (await host.GetAsync("/api/v1/events")).EnumerateArray()];

        Assert.Equal(["device-state", "text", "clock", "device-restart"], events.Select(one => one.GetProperty("kind").GetString()!));
        Assert.Equal(["unplugged: The cable was pulled.", "BIPAP", "jump", "restarted"], events.Select(one => one.GetProperty("text").GetString()!));
        Assert.Equal(mode.Id, events[1].GetProperty("signal").GetString());
        Assert.All(events, one => Assert.Equal("monitor", one.GetProperty("source").GetString()));
    }

    [Fact]
    public async Task Devices_carry_their_ports_and_a_port_without_a_device_stands_for_itself()
    {
        UtcInstant since = new(1);
        await using ViewerHost host = await ViewerHost.StartAsync(options => options.Ports = () =>
        [
            new PortReport("/dev/serial/by-path/a", Blocks.Monitor, DeviceState.Connecting, "philips-intellivue", "115200 8N1", "recognised", since) { MovedFrom = "/dev/serial/by-path/b" },
            new PortReport("/dev/serial/by-path/c", "c", DeviceState.Searching, string.Empty, string.Empty, "silent", since) { English = "Nothing is heard.", French = "On n’entend rien." },
        ]);
        await host.StoreAsync(Blocks.Device(host.Now, DeviceState.Receiving));

        JsonElement[] devices = [.. (await host.GetAsync("/api/v1/devices")).EnumerateArray()];

        Assert.Equal(["c", "monitor"], devices.Select(device => device.GetProperty("device").GetString()!));
        Assert.Equal("On n’entend rien.", devices[0].GetProperty("port").GetProperty("sentence").GetProperty("fr").GetString());
        Assert.All(devices, device => Assert.False(device.GetProperty("experimental").GetBoolean()));
        JsonElement port = devices[1].GetProperty("port");
        Assert.Equal(("115200 8N1", "recognised", "/dev/serial/by-path/b"), (port.GetProperty("line").GetString(), port.GetProperty("finding").GetString(), port.GetProperty("movedFrom").GetString()));
    }

    [Fact]
    public async Task A_device_that_an_experimental_driver_reads_is_labelled_before_and_after_it_said_who_it_is()
    {
        UtcInstant since = new(1);
        await using ViewerHost host = await ViewerHost.StartAsync(options => options.Ports = () =>
            [new PortReport("/dev/serial/by-path/h", "hamilton-polling", DeviceState.Connecting, "hamilton-polling", "9600 8E2", "recognised", since) { Experimental = true }]);

        JsonElement device = Assert.Single((await host.GetAsync("/api/v1/devices")).EnumerateArray());
        Assert.Equal((true, true), (device.GetProperty("experimental").GetBoolean(), device.GetProperty("port").GetProperty("experimental").GetBoolean()));

        DeviceIdentity identity = new DeviceIdentity { Manufacturer = "Hamilton Medical", Model = "ventilator" }.AsExperimental();
        await host.StoreAsync(new DeviceBlock { Signal = SignalNumber.None, Start = host.Now, Device = "hamilton-polling", Identity = identity, State = DeviceState.Receiving });
        device = Assert.Single((await host.GetAsync("/api/v1/devices")).EnumerateArray());
        Assert.Equal(("ventilator", true), (device.GetProperty("model").GetString(), device.GetProperty("experimental").GetBoolean()));

        // What the intake knows of it before it said more does not take its name away.
        DeviceIdentity nameless = new DeviceIdentity { Manufacturer = "Hamilton Medical", Model = string.Empty }.AsExperimental();
        await host.StoreAsync(new DeviceBlock { Signal = SignalNumber.None, Start = host.Now.Add(1), Device = "hamilton-polling", Identity = nameless, State = DeviceState.Receiving });
        device = Assert.Single((await host.GetAsync("/api/v1/devices")).EnumerateArray());
        Assert.Equal(("ventilator", true), (device.GetProperty("model").GetString(), device.GetProperty("experimental").GetBoolean()));
    }

    [Fact]
    public async Task A_list_that_would_be_too_long_is_refused_with_the_remedy()
    {
        await using ViewerHost host = await ViewerHost.StartAsync(options => options.MostItems = 3);
        for (int i = 0; i < 4; i++)
        {
            await host.Store.StoreAsync(Blocks.Alert(host.Now.Add(-10 + i), $"a{i}", AlertPhase.Start));
        }

        JsonElement problem = await host.GetProblemAsync("/api/v1/alerts", HttpStatusCode.RequestEntityTooLarge);

        Assert.Contains("shorter range", problem.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task A_mark_is_stored_once_however_often_it_is_sent()
    {
        await using ViewerHost host = await ViewerHost.StartAsync();
        const string mark = """{"kind":"suction","text":"aspiration","time":"2026-11-21T19:29:00Z"}""";

        using HttpResponseMessage first = await host.SendAsync(HttpMethod.Post, "/api/v1/annotations", mark, "key-00000001");
        using HttpResponseMessage retry = await host.SendAsync(HttpMethod.Post, "/api/v1/annotations", mark, "key-00000001");
        using HttpResponseMessage other = await host.SendAsync(HttpMethod.Post, "/api/v1/annotations", """{"kind":"note","key":"key-00000001"}""");
        JsonElement[] marks = [.. (await host.GetAsync("/api/v1/annotations")).EnumerateArray()];

        Assert.Equal(HttpStatusCode.Created, first.StatusCode);
        Assert.Equal("/api/v1/annotations/key-00000001", first.Headers.Location?.OriginalString);
        Assert.Equal(HttpStatusCode.OK, retry.StatusCode);
        Assert.Equal(await first.Content.ReadAsStringAsync(), await retry.Content.ReadAsStringAsync());
        await ViewerHost.ProblemOfAsync(other, HttpStatusCode.Conflict);
        JsonElement stored = Assert.Single(marks);
        Assert.Equal(("key-00000001", 1, "suction", "aspiration", "bed", "2026-11-21T19:29:00.000000000Z"), Mark(stored));
        Assert.Single(host.Store.ReadBed(new UtcInstant(0), host.Now.Add(1)).OfType<AnnotationBlock>());
        Assert.True(host.Store.DurableUpTo.UnixNanoseconds > 0);
    }

    [Fact]
    public async Task A_change_of_a_mark_is_a_new_version_and_only_the_newest_can_be_changed()
    {
        await using ViewerHost host = await ViewerHost.StartAsync();
        using HttpResponseMessage made = await host.SendAsync(HttpMethod.Post, "/api/v1/annotations", """{"kind":"note","text":"first"}""");
        string key = JsonSerializer.Deserialize<JsonElement>(await made.Content.ReadAsStringAsync()).GetProperty("key").GetString()!;

        using HttpResponseMessage second = await host.SendAsync(HttpMethod.Patch, $"/api/v1/annotations/{key}", """{"version":1,"text":"second"}""");
        using HttpResponseMessage stale = await host.SendAsync(HttpMethod.Patch, $"/api/v1/annotations/{key}", """{"version":1,"text":"third"}""");
        using HttpResponseMessage withdrawn = await host.SendAsync(HttpMethod.Patch, $"/api/v1/annotations/{key}", """{"version":2,"withdrawn":true}""");
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        JsonElement shown = await host.GetAsync("/api/v1/annotations");
        JsonElement all = await host.GetAsync("/api/v1/annotations?withdrawn=true");

        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
        await ViewerHost.ProblemOfAsync(stale, HttpStatusCode.Conflict);
        Assert.Equal(HttpStatusCode.OK, withdrawn.StatusCode);
        Assert.Empty(shown.EnumerateArray());
        JsonElement newest = all.EnumerateArray().Single();
        Assert.Equal((3, "second", true), (newest.GetProperty("version").GetInt32(), newest.GetProperty("text").GetString(), newest.GetProperty("withdrawn").GetBoolean()));
        Assert.Equal([1, 2, 3], host.Store.ReadBed(new UtcInstant(0), host.Now.Add(1)).OfType<AnnotationBlock>().Select(block => block.Version));
    }

    [Fact]
    public async Task Marks_of_an_earlier_run_are_there_in_their_newest_version()
    {
        await using ViewerHost host = await ViewerHost.StartAsync(before: async (store, clock) =>
        {
            var time = UtcInstant.FromDateTime(clock.GetUtcNow().AddMinutes(-5));
            var mark = new AnnotationBlock { Signal = SignalNumber.None, Start = time, Key = "key-00000001", Kind = "note", Source = "bed", Text = "one" };
            await store.StoreAsync(mark, mark with { Version = 2, Text = "two" });
        });
        await host.SettleAsync();

        Assert.Equal("two", (await host.GetAsync("/api/v1/annotations")).EnumerateArray().Single().GetProperty("text").GetString());
    }

    [Theory]
    [InlineData("""{"text":"no kind"}""")]
    [InlineData("""{"kind":"Not A Kind"}""")]
    [InlineData("""{"kind":"note","key":"short"}""")]
    [InlineData("""{"kind":"note","time":"yesterday"}""")]
    [InlineData("""{"kind":"note","time":"2026-11-21T19:29:00Z","until":"2026-11-21T19:28:00Z"}""")]
    [InlineData("not json")]
    [InlineData("")]
    public async Task A_mark_that_makes_no_sense_is_refused(string json)
    {
        await using ViewerHost host = await ViewerHost.StartAsync();

        using HttpResponseMessage answer = await host.SendAsync(HttpMethod.Post, "/api/v1/annotations", json);

        await ViewerHost.ProblemOfAsync(answer, HttpStatusCode.BadRequest);
        Assert.Empty((await host.GetAsync("/api/v1/annotations")).EnumerateArray());
    }

    [Fact]
    public async Task A_mark_that_is_too_long_or_unknown_or_no_json_is_refused()
    {
        await using ViewerHost host = await ViewerHost.StartAsync();

        using HttpResponseMessage longer = await host.SendAsync(HttpMethod.Post, "/api/v1/annotations", $$"""{"kind":"note","text":"{{new string('x', 2001)}}"}""");
        using HttpResponseMessage large = await host.SendAsync(HttpMethod.Post, "/api/v1/annotations", $$"""{"kind":"note","text":"{{new string('x', 70_000)}}"}""");
        using HttpResponseMessage unknown = await host.SendAsync(HttpMethod.Patch, "/api/v1/annotations/key-99999999", """{"version":1}""");
        using HttpResponseMessage versionless = await host.SendAsync(HttpMethod.Patch, "/api/v1/annotations/key-99999999", "{}");
        using var form = new StringContent("kind=note");
        using HttpResponseMessage formed = await host.Http.PostAsync("/api/v1/annotations", form);
        using HttpResponseMessage deleted = await host.Http.DeleteAsync("/api/v1/annotations/key-99999999");

        await ViewerHost.ProblemOfAsync(longer, HttpStatusCode.BadRequest);
        await ViewerHost.ProblemOfAsync(large, HttpStatusCode.RequestEntityTooLarge);
        await ViewerHost.ProblemOfAsync(unknown, HttpStatusCode.NotFound);
        await ViewerHost.ProblemOfAsync(versionless, HttpStatusCode.BadRequest);
        await ViewerHost.ProblemOfAsync(formed, HttpStatusCode.UnsupportedMediaType);
        await ViewerHost.ProblemOfAsync(deleted, HttpStatusCode.MethodNotAllowed);
    }

    private static (string? Signal, string? Device, string? Cause, int Missing) Gap(JsonElement gap) =>
        (gap.GetProperty("signal").GetString(), gap.GetProperty("device").GetString(), gap.GetProperty("cause").GetString(), gap.GetProperty("missing").GetInt32());

    private static (string? Key, int Version, string? Kind, string? Text, string? Source, string? Time) Mark(JsonElement mark) => (
        mark.GetProperty("key").GetString(),
        mark.GetProperty("version").GetInt32(),
        mark.GetProperty("kind").GetString(),
        mark.GetProperty("text").GetString(),
        mark.GetProperty("source").GetString(),
        mark.GetProperty("time").GetString());
}
