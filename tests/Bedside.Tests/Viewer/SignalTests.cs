using System.Net;
using System.Text.Json;
using Bedside.Model;
using Bedside.Storage;
using Bedside.Viewer;

namespace Bedside.Tests.Viewer;

/// <summary>What is told of signals, devices, the box, and how fresh it all is.</summary>
public class SignalTests
{
    [Fact]
    public async Task The_session_says_which_box_run_and_time()
    {
        await using ViewerHost host = await ViewerHost.StartAsync();

        JsonElement session = await host.GetAsync("/api/v1/session");

        Assert.Equal("12", session.GetProperty("bed").GetString());
        Assert.Equal("Europe/Paris", session.GetProperty("timeZone").GetString());
        Assert.Equal("fr", session.GetProperty("language").GetString());
        Assert.Equal(host.Now.ToString(), session.GetProperty("serverTime").GetString());
        Assert.Equal(JsonValueKind.Null, session.GetProperty("uncertaintyUs").ValueKind);
        Assert.True(session.GetProperty("epoch").GetUInt32() > 0);
    }

    [Fact]
    public async Task A_signal_is_named_coloured_and_scaled_by_the_nomenclature_and_the_device()
    {
        await using ViewerHost host = await ViewerHost.StartAsync();
        Signal ecg = Blocks.Ecg(host.Store);
        Signal cuff = Blocks.Cuff(host.Store);
        Signal mode = Blocks.Mode(host.Store);
        await host.StoreAsync(Blocks.Wave(ecg, host.Now.Add(TimeSpan.FromSeconds(-1)), Blocks.Counting(1, Blocks.Rate)));

        JsonElement signals = await host.GetAsync("/api/v1/signals");
        JsonElement wave = Of(signals, ecg);
        JsonElement pressure = Of(signals, cuff);

        Assert.Equal("waveform", wave.GetProperty("kind").GetString());
        Assert.Equal("ECG dérivation II", wave.GetProperty("name").GetProperty("fr").GetString());
        Assert.Equal("ECG lead II", wave.GetProperty("name").GetProperty("en").GetString());
        Assert.Equal("II", wave.GetProperty("short").GetString());
        Assert.Equal("#00e676", wave.GetProperty("colour").GetString());
        Assert.Equal("ecg", wave.GetProperty("group").GetString());
        Assert.Equal(4000, wave.GetProperty("period_us").GetDouble());
        Assert.Equal((1, 250), (wave.GetProperty("period").GetProperty("numerator").GetInt32(), wave.GetProperty("period").GetProperty("denominator").GetInt32()));
        Assert.Equal((-2, 2), (wave.GetProperty("display_min").GetDouble(), wave.GetProperty("display_max").GetDouble()));
        Assert.Equal(Blocks.Scale.Physical(250), wave.GetProperty("last").GetProperty("value").GetDouble());
        Assert.Equal((0, 240), (pressure.GetProperty("display_min").GetDouble(), pressure.GetProperty("display_max").GetDouble()));
        Assert.Equal(JsonValueKind.Null, pressure.GetProperty("expected_s").ValueKind);
        Assert.Equal("other", Of(signals, mode).GetProperty("group").GetString());
        Assert.Equal("Mode", Of(signals, mode).GetProperty("short").GetString());
    }

    [Fact]
    public async Task A_signal_becomes_late_and_lost_by_the_clock_alone()
    {
        await using ViewerHost host = await ViewerHost.StartAsync();
        Signal ecg = Blocks.Ecg(host.Store);
        Signal rate = Blocks.HeartRate(host.Store);
        Signal cuff = Blocks.Cuff(host.Store);
        await host.StoreAsync(
            Blocks.Device(host.Now, DeviceState.Receiving),
            Blocks.Wave(ecg, host.Now.Add(TimeSpan.FromSeconds(-1)), Blocks.Counting(0, Blocks.Rate)),
            Blocks.Reading(rate, host.Now, 80),
            Blocks.Reading(cuff, host.Now.Add(TimeSpan.FromMinutes(-12)), 124));

        Assert.Equal(["live", "live", "live"], await StatesAsync(host, ecg, rate, cuff));
        host.Clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(["late", "late", "live"], await StatesAsync(host, ecg, rate, cuff));
        host.Clock.Advance(TimeSpan.FromSeconds(8));
        Assert.Equal(["lost", "lost", "lost"], await StatesAsync(host, ecg, rate, cuff));
        await host.StoreAsync(Blocks.Reading(rate, host.Now, 81));
        Assert.Equal(["lost", "live", "live"], await StatesAsync(host, ecg, rate, cuff));
    }

    [Fact]
    public async Task A_device_falls_silent_by_the_clock_though_nobody_said_so()
    {
        await using ViewerHost host = await ViewerHost.StartAsync();
        Signal rate = Blocks.HeartRate(host.Store);
        UtcInstant last = host.Now;
        await host.StoreAsync(Blocks.Device(last, DeviceState.Receiving), Blocks.Reading(rate, last, 80));
        await host.StoreAsync(new ClockBlock
        {
            Signal = SignalNumber.None,
            Start = last,
            ClockEpoch = 3,
            UncertaintyMicroseconds = 900,
            Device = Blocks.Monitor,
            AnchorNanoseconds = 0,
            DriftPpm = 12.5,
            WallOffsetNanoseconds = 65_000_000,
            Reason = "first",
        });

        JsonElement receiving = await DeviceAsync(host);
        host.Clock.Advance(TimeSpan.FromSeconds(11));
        JsonElement silent = await DeviceAsync(host);

        Assert.Equal("receiving", receiving.GetProperty("state").GetString());
        Assert.Equal("MX1", receiving.GetProperty("model").GetString());
        Assert.Equal(65, receiving.GetProperty("clock").GetProperty("offsetMs").GetDouble());
        Assert.Equal(12.5, receiving.GetProperty("clock").GetProperty("driftPpm").GetDouble());
        Assert.Equal(3u, receiving.GetProperty("clock").GetProperty("epoch").GetUInt32());
        Assert.Equal("silent", silent.GetProperty("state").GetString());
        Assert.Equal(last.ToString(), silent.GetProperty("lastData").GetString());
        Assert.Equal("No data for 11 s.", silent.GetProperty("reason").GetString());
    }

    [Fact]
    public async Task What_a_device_said_of_itself_in_an_earlier_run_names_it_but_does_not_vouch_for_it()
    {
        await using ViewerHost host = await ViewerHost.StartAsync(before: async (store, clock) =>
        {
            var yesterday = UtcInstant.FromDateTime(clock.GetUtcNow().AddDays(-1));
            Signal cuff = Blocks.Cuff(store);
            await store.StoreAsync(Blocks.Device(yesterday, DeviceState.Receiving), Blocks.Reading(cuff, yesterday, 120));
        });

        await host.SettleAsync();

        JsonElement device = await DeviceAsync(host);

        Assert.Equal(("silent", "MX1"), (device.GetProperty("state").GetString(), device.GetProperty("model").GetString()));
    }

    [Fact]
    public async Task A_device_that_was_unplugged_keeps_its_name_and_gives_its_reason()
    {
        await using ViewerHost host = await ViewerHost.StartAsync();
        await host.StoreAsync(
            Blocks.Device(host.Now, DeviceState.Receiving),
            Blocks.Device(host.Now.Add(1), DeviceState.Unplugged, "The cable was pulled.", named: false));

        JsonElement device = await DeviceAsync(host);

        Assert.Equal("MX1", device.GetProperty("model").GetString());
        Assert.Equal("The cable was pulled.", device.GetProperty("reason").GetString());
    }

    [Fact]
    public async Task Numerics_are_the_last_value_and_age_of_everything_but_waves()
    {
        await using ViewerHost host = await ViewerHost.StartAsync();
        Signal ecg = Blocks.Ecg(host.Store);
        Signal rate = Blocks.HeartRate(host.Store);
        Signal mode = Blocks.Mode(host.Store);
        await host.StoreAsync(
            Blocks.Wave(ecg, host.Now, Blocks.Counting(0, 10)),
            Blocks.Reading(rate, host.Now, 805, -1, Validity.Questionable | Validity.DemoData),
            new TextBlock { Signal = mode.Number, Start = host.Now, Text = "BIPAP" });
        host.Clock.Advance(TimeSpan.FromSeconds(1.5));

        JsonElement answer = await host.GetAsync("/api/v1/numerics");
        JsonElement[] numerics = [.. answer.GetProperty("numerics").EnumerateArray()];

        Assert.Equal(host.Now.ToString(), answer.GetProperty("serverTime").GetString());
        Assert.Equal(2, numerics.Length);
        JsonElement number = numerics.Single(one => one.GetProperty("id").GetString() == "hr");
        Assert.Equal(80.5, number.GetProperty("value").GetDouble());
        Assert.Equal(1.5, number.GetProperty("age_s").GetDouble());
        Assert.Equal("live", number.GetProperty("state").GetString());
        Assert.Equal(["questionable", "demo-data"], number.GetProperty("validity").EnumerateArray().Select(flag => flag.GetString()!));
        Assert.Equal("BIPAP", numerics.Single(one => one.GetProperty("id").GetString() == mode.Id).GetProperty("text").GetString());
    }

    [Fact]
    public void Health_says_what_a_power_cut_and_a_kill_may_cost_as_the_site_chose_and_the_box_can()
    {
        BoundsAnswer well = HealthEndpoint.Bounds(new StoreHealth { PowerCutBound = TimeSpan.FromSeconds(10), KillBound = TimeSpan.FromSeconds(0.2) });
        Assert.Equal((10, 0.2), (well.PowerCutSeconds, well.KillSeconds));
        Assert.Equal("A power cut costs at most 10 s of data, a sudden end of the program at most 0.2 s.", well.Sentence.En);
        Assert.Equal("Une coupure de courant coûte au plus 10 s de données, un arrêt brutal du programme au plus 0,2 s.", well.Sentence.Fr);
    }

    [Fact]
    public async Task Health_is_one_plain_sentence_in_both_languages_and_the_figures()
    {
        await using ViewerHost host = await ViewerHost.StartAsync();
        JsonElement empty = await host.GetAsync("/api/v1/health");
        Signal rate = Blocks.HeartRate(host.Store);
        await host.StoreAsync(Blocks.Device(host.Now, DeviceState.Receiving), Blocks.Reading(rate, host.Now, 80));

        JsonElement well = await host.GetAsync("/api/v1/health");
        host.Clock.Advance(TimeSpan.FromSeconds(30));
        JsonElement silent = await host.GetAsync("/api/v1/health");

        Assert.Equal("attention", empty.GetProperty("state").GetString());
        Assert.StartsWith("No device has been heard yet", empty.GetProperty("sentence").GetProperty("en").GetString());
        Assert.Equal("ok", well.GetProperty("state").GetString());
        Assert.StartsWith("Tout va bien", well.GetProperty("sentence").GetProperty("fr").GetString());
        Assert.True(well.GetProperty("store").GetProperty("freeBytes").GetInt64() > 0);
        Assert.Equal(1, well.GetProperty("store").GetProperty("bounds").GetProperty("powerCutSeconds").GetDouble());
        Assert.True(well.GetProperty("process").GetProperty("rssBytes").GetInt64() > 0);
        Assert.True(well.GetProperty("process").GetProperty("cpuSeconds").GetDouble() > 0);
        Assert.Equal("attention", silent.GetProperty("state").GetString());
        Assert.Contains("sends nothing any more", silent.GetProperty("sentence").GetProperty("en").GetString());
    }

    [Fact]
    public async Task A_signal_that_is_not_there_is_a_problem_in_plain_words()
    {
        await using ViewerHost host = await ViewerHost.StartAsync();

        foreach (string path in new[] { "/api/v1/signals/nothing/samples", "/api/v1/signals/99/envelope", "/api/v1/tiles/99/0/0" })
        {
            JsonElement problem = await host.GetProblemAsync(path, HttpStatusCode.NotFound);
            Assert.Contains("There is no signal", problem.GetProperty("detail").GetString());
        }
    }

    [Fact]
    public async Task A_range_that_is_none_is_a_problem_in_plain_words()
    {
        await using ViewerHost host = await ViewerHost.StartAsync();
        Blocks.HeartRate(host.Store);

        foreach (string path in new[] { "signals/hr/samples", "signals/hr/envelope", "alerts", "gaps", "events", "annotations" })
        {
            await host.GetProblemAsync($"/api/v1/{path}?from=yesterday", HttpStatusCode.BadRequest);
            await host.GetProblemAsync($"/api/v1/{path}?to=12:00", HttpStatusCode.BadRequest);
            await host.GetProblemAsync($"/api/v1/{path}?from=2026-11-21T10:00:00Z&to=2026-11-21T09:00:00Z", HttpStatusCode.BadRequest);
            await host.GetProblemAsync($"/api/v1/{path}?from=1900-01-01T00:00:00Z&to=2026-11-21T09:00:00Z", HttpStatusCode.BadRequest);
        }
    }

    private static JsonElement Of(JsonElement signals, Signal signal) =>
        signals.EnumerateArray().Single(one => one.GetProperty("id").GetString() == signal.Id && one.GetProperty("number").GetUInt32() == signal.Number.Value);

    private static async Task<JsonElement> DeviceAsync(ViewerHost host) => (await host.GetAsync("/api/v1/devices")).EnumerateArray().Single();

    [Fact]
    public async Task Completeness_adds_up_and_names_the_causes()
    {
        await using ViewerHost host = await ViewerHost.StartAsync();
        Signal ecg = Blocks.Ecg(host.Store);
        UtcInstant begin = host.Now.Add(TimeSpan.FromSeconds(10));
        await host.SettleAsync();
        UtcInstant lost = begin.Add(TimeSpan.FromSeconds(1));
        UtcInstant again = lost.Add(TimeSpan.FromSeconds(2));
        await host.StoreAsync(
            Blocks.Wave(ecg, begin, Blocks.Counting(0, 250)),
            new GapBlock { Signal = ecg.Number, Start = lost, Until = again, Cause = GapCause.Checksum, Missing = 500 },
            Blocks.Wave(ecg, again, Blocks.Counting(0, 250), firstIndex: 750),
            Blocks.Wave(ecg, again.Add(TimeSpan.FromSeconds(2)), Blocks.Counting(0, 250), firstIndex: 1250),
            new AnnotationBlock { Signal = ecg.Number, Start = begin, Key = "k-1", Kind = "duplicate-samples", Text = "32 came twice and are kept once", Source = Blocks.Monitor });

        JsonElement all = await host.GetAsync($"/api/v1/signals/ecg-ii/completeness?{ViewerHost.Range(begin, begin.Add(TimeSpan.FromSeconds(6)))}");
        JsonElement within = await host.GetAsync($"/api/v1/signals/ecg-ii/completeness?{ViewerHost.Range(lost.Add(TimeSpan.FromSeconds(0.5)), again.Add(TimeSpan.FromSeconds(0.5)))}");
        JsonElement meter = (await host.GetAsync("/api/v1/health")).GetProperty("completeness");

        Assert.Equal((1500, 750, 500, 250, 32), (Number(all, "expected"), Number(all, "received"), Number(all.GetProperty("missing"), "checksum"), Number(all, "unexplained"), Number(all, "duplicated")));
        Assert.Equal((500, 125, 375, 0), (Number(within, "expected"), Number(within, "received"), Number(within.GetProperty("missing"), "checksum"), Number(within, "unexplained")));
        Assert.Equal((1250, 750, 500, "ecg-ii"), (Number(meter, "expected"), Number(meter, "received"), Number(meter, "missing"), meter.GetProperty("worst").GetString()));

        static int Number(JsonElement json, string name) => json.GetProperty(name).GetInt32();
    }

    private static async Task<string[]> StatesAsync(ViewerHost host, params Signal[] signals)
    {
        JsonElement answer = await host.GetAsync("/api/v1/signals");
        return [.. signals.Select(signal => Of(answer, signal).GetProperty("state").GetString()!)];
    }
}
