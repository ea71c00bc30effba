using System.Text.Json;
using Bedside.Model;

namespace Bedside.Tests.Viewer;

/// <summary>The meter of the health page: what came, what is lost and why, over the last hour and day.</summary>
public class MeterTests
{
    [Fact]
    public async Task Samples_that_come_late_and_fill_a_gap_are_not_missing_on_the_meter()
    {
        await using ViewerHost host = await ViewerHost.StartAsync();
        Signal ecg = Blocks.Ecg(host.Store);
        UtcInstant begin = host.Now.Add(TimeSpan.FromSeconds(10));
        await host.SettleAsync();
        await host.StoreAsync(
            Blocks.Wave(ecg, begin, Blocks.Counting(0, 250)),
            Gap(ecg, begin.Add(TimeSpan.FromSeconds(1)), begin.Add(TimeSpan.FromSeconds(4)), 750),
            Blocks.Wave(ecg, begin.Add(TimeSpan.FromSeconds(4)), Blocks.Counting(0, 250), firstIndex: 1000),
            Blocks.Wave(ecg, begin.Add(TimeSpan.FromSeconds(2)), Blocks.Counting(0, 250), firstIndex: 500),
            Blocks.Wave(ecg, begin.Add(TimeSpan.FromSeconds(1)), Blocks.Counting(0, 125), firstIndex: 250));

        JsonElement meter = (await host.GetAsync("/api/v1/health")).GetProperty("completeness");

        Assert.Equal((1250, 875, 375), (Number(meter, "expected"), Number(meter, "received"), Number(meter, "missing")));
    }

    [Fact]
    public async Task A_reading_that_comes_late_fills_its_place_on_the_meter()
    {
        await using ViewerHost host = await ViewerHost.StartAsync();
        Signal rate = Blocks.HeartRate(host.Store);
        UtcInstant begin = host.Now.Add(TimeSpan.FromSeconds(10));
        await host.SettleAsync();
        await host.StoreAsync(
            Blocks.Reading(rate, begin, 70),
            Gap(rate, begin, begin.Add(TimeSpan.FromSeconds(4)), 3),
            Blocks.Reading(rate, begin.Add(TimeSpan.FromSeconds(4)), 71),
            Blocks.Reading(rate, begin.Add(TimeSpan.FromSeconds(2)), 72));

        JsonElement meter = (await host.GetAsync("/api/v1/health")).GetProperty("completeness");

        Assert.Equal((5, 3, 2), (Number(meter, "expected"), Number(meter, "received"), Number(meter, "missing")));
    }

    private static GapBlock Gap(Signal signal, UtcInstant from, UtcInstant until, long missing, GapCause cause = GapCause.LostMessage) =>
        new() { Signal = signal.Number, Start = from, Until = until, Cause = cause, Missing = missing };

    private static int Number(JsonElement json, string name) => json.GetProperty(name).GetInt32();
}
