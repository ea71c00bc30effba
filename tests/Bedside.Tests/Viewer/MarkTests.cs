using System.Net;
using System.Text.Json;
using Bedside.Model;
using Bedside.Model.Context;

namespace Bedside.Tests.Viewer;

/// <summary>Marks in codes over HTTP: what is accepted, what is refused and why, what holds when, and devices' own notices beside them.</summary>
public class MarkTests
{
    [Fact]
    public async Task The_catalogue_says_what_each_kind_can_be_said_of_in_both_languages()
    {
        await using ViewerHost host = await ViewerHost.StartAsync();
        Signal rate = Blocks.HeartRate(host.Store);
        Signal cuff = Blocks.Cuff(host.Store);

        JsonElement[] kinds = [.. (await host.GetAsync("/api/v1/context")).GetProperty("kinds").EnumerateArray()];
        JsonElement Of(string kind) => kinds.Single(one => one.GetProperty("kind").GetString() == kind);
        Assert.Equal(["state", "cuff-size", "Taille du brassard", "Cuff size"],
            [Of("cuff-size").GetProperty("form").GetString()!, Of("cuff-size").GetProperty("series").GetString()!, Of("cuff-size").GetProperty("name").GetProperty("fr").GetString()!, Of("cuff-size").GetProperty("name").GetProperty("en").GetString()!]);
        Assert.Equal([cuff.Number.Value], Of("cuff-size").GetProperty("signals").EnumerateArray().Select(one => one.GetUInt32()));
        Assert.Equal([rate.Number.Value, cuff.Number.Value], Of("artefact").GetProperty("signals").EnumerateArray().Select(one => one.GetUInt32()).Order());
        Assert.False(Of("leads-off").GetProperty("offered").GetBoolean());
        Assert.Equal(ContextCatalog.Shipped.Kinds.Length, kinds.Length);
    }

    [Fact]
    public async Task A_mark_on_a_signal_carries_its_codes_and_is_found_by_its_sensor()
    {
        await using ViewerHost host = await ViewerHost.StartAsync();
        Signal cuff = Blocks.Cuff(host.Store);
        _ = Blocks.HeartRate(host.Store);
        using HttpResponseMessage made = await host.SendAsync(HttpMethod.Post, "/api/v1/annotations", """{"key":"key-00000001","kind":"cuff-size","signal":"nibp-sys","attributes":{"size":"adult-large"}}""");
        using HttpResponseMessage retry = await host.SendAsync(HttpMethod.Post, "/api/v1/annotations", $$$"""{"key":"key-00000001","kind":"cuff-size","signal":"{{{cuff.Number.Value}}}","attributes":{"size":"adult-large"}}""");
        using HttpResponseMessage other = await host.SendAsync(HttpMethod.Post, "/api/v1/annotations", """{"key":"key-00000001","kind":"cuff-size","signal":"nibp-sys","attributes":{"size":"adult"}}""");
        host.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.OK, HttpStatusCode.Conflict), (made.StatusCode, retry.StatusCode, other.StatusCode));
        JsonElement mark = (await host.GetAsync("/api/v1/annotations?signal=nibp-sys")).EnumerateArray().Single();
        Assert.Equal(("nibp-sys", "adult-large", JsonValueKind.Null), (mark.GetProperty("signal").GetString(), mark.GetProperty("attributes").GetProperty("size").GetString(), mark.GetProperty("heldUntil").ValueKind));
        Assert.Equal([cuff.Number.Value], mark.GetProperty("concerns").EnumerateArray().Select(one => one.GetUInt32()));
        Assert.Empty((await host.GetAsync("/api/v1/annotations?signal=hr")).EnumerateArray());
        Assert.Empty((await host.GetAsync("/api/v1/annotations?kind=suction")).EnumerateArray());
        using HttpResponseMessage unknown = await host.Http.GetAsync(new Uri("/api/v1/annotations?signal=moon", UriKind.Relative));
        await ViewerHost.ProblemOfAsync(unknown, HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_state_holds_until_the_next_and_is_told_in_a_range_that_begins_later()
    {
        await using ViewerHost host = await ViewerHost.StartAsync();
        using HttpResponseMessage first = await host.SendAsync(HttpMethod.Post, "/api/v1/annotations", Position("supine", "2026-11-20T08:00:00Z"));
        using HttpResponseMessage second = await host.SendAsync(HttpMethod.Post, "/api/v1/annotations", Position("prone", "2026-11-21T08:00:00Z"));

        JsonElement[] all = [.. (await host.GetAsync("/api/v1/annotations?from=2026-11-21T00:00:00Z&to=2026-11-21T12:00:00Z")).EnumerateArray()];
        Assert.Equal([("supine", "2026-11-21T08:00:00.000000000Z"), ("prone", null)], all.Select(one => (one.GetProperty("attributes").GetProperty("position").GetString(), one.GetProperty("heldUntil").GetString())));
        Assert.Single((await host.GetAsync("/api/v1/annotations?from=2026-11-21T09:00:00Z&to=2026-11-21T10:00:00Z")).EnumerateArray());

        static string Position(string value, string time) => $$$"""{"kind":"position","attributes":{"position":"{{{value}}}"},"time":"{{{time}}}"}""";
    }

    [Fact]
    public async Task A_range_is_ended_later_and_its_end_can_be_taken_back()
    {
        await using ViewerHost host = await ViewerHost.StartAsync();
        using HttpResponseMessage made = await host.SendAsync(HttpMethod.Post, "/api/v1/annotations", """{"key":"key-00000001","kind":"suction","time":"2026-11-21T19:29:00Z"}""");
        using HttpResponseMessage ended = await host.SendAsync(HttpMethod.Patch, "/api/v1/annotations/key-00000001", """{"version":1,"until":"2026-11-21T19:29:40Z"}""");
        using HttpResponseMessage open = await host.SendAsync(HttpMethod.Patch, "/api/v1/annotations/key-00000001", """{"version":2,"open":true}""");

        Assert.Equal(["-", "2026-11-21T19:29:40.000000000Z", "-"], [await EndAsync(made), await EndAsync(ended), await EndAsync(open)]);

        static async Task<string> EndAsync(HttpResponseMessage answer) =>
            JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync()).GetProperty("heldUntil").GetString() ?? "-";
    }

    [Theory]
    [InlineData("""{"kind":"moonwalk"}""", "'kind'")]
    [InlineData("""{"kind":"leads-off"}""", "'kind'")]
    [InlineData("""{"kind":"position"}""", "'attributes.position'")]
    [InlineData("""{"kind":"position","attributes":{"position":"floating"}}""", "'attributes.position'")]
    [InlineData("""{"kind":"suction","attributes":{"colour":"red"}}""", "'attributes.colour'")]
    [InlineData("""{"kind":"suction","attributes":{"route":"Oral!"}}""", "'attributes'")]
    [InlineData("""{"kind":"cuff-size","attributes":{"size":"adult"}}""", "'signal'")]
    [InlineData("""{"kind":"cuff-size","signal":"hr","attributes":{"size":"adult"}}""", "'signal'")]
    [InlineData("""{"kind":"suction","signal":"hr"}""", "'signal'")]
    [InlineData("""{"kind":"suction","signal":"moon"}""", "'signal'")]
    public async Task What_the_catalogue_does_not_know_is_refused_by_its_field(string json, string field)
    {
        await using ViewerHost host = await ViewerHost.StartAsync();
        _ = Blocks.HeartRate(host.Store);

        using HttpResponseMessage answer = await host.SendAsync(HttpMethod.Post, "/api/v1/annotations", json);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(field, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Marks_of_former_builds_are_read_named_and_changed_as_they_are()
    {
        await using ViewerHost host = await ViewerHost.StartAsync(before: (store, clock) => store.StoreAsync(
            new AnnotationBlock { Signal = SignalNumber.None, Start = UtcInstant.FromDateTime(clock.GetUtcNow().AddMinutes(-5)), Key = "key-00000001", Kind = "own-kind", Source = "bed" }));
        await host.SettleAsync();
        using HttpResponseMessage changed = await host.SendAsync(HttpMethod.Patch, "/api/v1/annotations/key-00000001", """{"version":1,"text":"more"}""");
        using HttpResponseMessage former = await host.SendAsync(HttpMethod.Post, "/api/v1/annotations", """{"kind":"prone"}""");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Created), (changed.StatusCode, former.StatusCode));
    }

    [Fact]
    public async Task What_devices_notice_in_codes_stands_once_among_the_marks_and_not_among_the_events()
    {
        await using ViewerHost host = await ViewerHost.StartAsync();
        Signal rate = Blocks.HeartRate(host.Store);
        Signal ecg = Blocks.Ecg(host.Store);
        UtcInstant begin = host.Now.Add(-600_000_000_000);
        var notice = new AnnotationBlock { Signal = rate.Number, Start = begin, Key = "monitor/leads-off/1/1", Kind = "leads-off", Source = Blocks.Monitor };
        await host.StoreAsync(
            notice,
            notice with { Version = 2, Until = begin.Add(9_000_000_000) },
            new AnnotationBlock { Signal = SignalNumber.None, Start = begin, Key = "monitor/mode-change/0/1", Kind = "mode-change", Source = Blocks.Monitor },
            new AnnotationBlock { Signal = SignalNumber.None, Start = begin, Key = "k", Kind = "device-restart", Source = Blocks.Monitor });

        JsonElement[] marks = [.. (await host.GetAsync($"/api/v1/annotations?source={Blocks.Monitor}")).EnumerateArray()];
        Assert.Equal(["leads-off", "mode-change"], marks.Select(one => one.GetProperty("kind").GetString()!));
        Assert.Equal(begin.Add(9_000_000_000).ToString(), marks[0].GetProperty("heldUntil").GetString());
        uint[] both = [rate.Number.Value, ecg.Number.Value];
        Assert.Equal(both.Order(), marks[0].GetProperty("concerns").EnumerateArray().Select(one => one.GetUInt32()).Order());
        Assert.Equal(both.Order(), marks[1].GetProperty("concerns").EnumerateArray().Select(one => one.GetUInt32()).Order());
        Assert.Equal(["device-restart"], (await host.GetAsync("/api/v1/events")).EnumerateArray().Select(one => one.GetProperty("kind").GetString()!));
        using HttpResponseMessage changed = await host.SendAsync(HttpMethod.Patch, "/api/v1/annotations/monitor%2Fleads-off%2F1%2F1", """{"version":2,"withdrawn":true}""");
        Assert.Equal(HttpStatusCode.NotFound, changed.StatusCode);
    }
}
