using System.Text.Json;
using Bedside.Model;

namespace Bedside.Tests.Viewer;

/// <summary>The meter of the health page: what came, what is lost and why, over the last hour and day.</summary>
public class MeterTests
{
    /// <summary>Samples from 20 h ago to 10 min ago, but for four seconds.</summary>
    private const int Night = ((20 * 3600) - 600 - 4) * 250;

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

    [Fact]
    public async Task The_last_hour_and_day_tell_of_each_signal_what_is_lost_and_why_worst_first()
    {
        await using ViewerHost host = await ViewerHost.StartAsync(before: async (store, clock) =>
        {
            Signal ecg = Blocks.Ecg(store);
            Signal rate = Blocks.HeartRate(store);
            Signal cuff = Blocks.Cuff(store);
            var now = UtcInstant.FromDateTime(clock.GetUtcNow());
            UtcInstant yesterday = now.Add(TimeSpan.FromHours(-20));
            await store.StoreAsync(
                Blocks.Wave(ecg, yesterday, Blocks.Counting(0, 250)),
                Gap(ecg, yesterday.Add(TimeSpan.FromSeconds(1)), yesterday.Add(TimeSpan.FromSeconds(3)), 500, GapCause.Unplugged),
                Blocks.Wave(ecg, yesterday.Add(TimeSpan.FromSeconds(3)), Blocks.Counting(0, 250), firstIndex: 750),
                Gap(ecg, yesterday.Add(TimeSpan.FromSeconds(4)), now.Add(TimeSpan.FromMinutes(-10)), Night, GapCause.Restart),
                Blocks.Wave(ecg, now.Add(TimeSpan.FromMinutes(-10)), Blocks.Counting(0, 250), epoch: 2),
                new AnnotationBlock { Signal = ecg.Number, Start = now.Add(TimeSpan.FromMinutes(-10)), Key = "late", Kind = "late-samples", Text = "12 came after those that follow them", Source = Blocks.Monitor },
                new AnnotationBlock { Signal = ecg.Number, Start = yesterday, Key = "twice", Kind = "duplicate-samples", Text = "5 came twice", Source = Blocks.Monitor },
                Blocks.Reading(rate, now.Add(TimeSpan.FromMinutes(-5)), 70),
                Blocks.Reading(rate, now.Add(TimeSpan.FromMinutes(-5)).Add(TimeSpan.FromSeconds(1)), 71),
                Blocks.Reading(cuff, now.Add(TimeSpan.FromMinutes(-5)), 120));
        });

        JsonElement report = default;
        await ViewerHost.UntilAsync(
            async () =>
            {
                report = await host.GetAsync("/api/v1/completeness");
                return report.GetProperty("day").GetProperty("whole").GetBoolean();
            },
            "the day is counted");

        JsonElement[] signals = [.. report.GetProperty("signals").EnumerateArray()];
        Assert.Equal(["ecg-ii", "hr"], signals.Select(signal => signal.GetProperty("id").GetString()!));
        JsonElement hour = signals[0].GetProperty("hour");
        JsonElement day = signals[0].GetProperty("day");
        Assert.Equal((250, 12, 0), (Number(hour, "received"), Number(hour, "late"), Number(hour, "duplicated")));
        Assert.Equal((750, 12, 5, 500), (Number(day, "received"), Number(day, "late"), Number(day, "duplicated"), Number(day.GetProperty("missing"), "unplugged")));
        long restart = day.GetProperty("missing").GetProperty("restart").GetInt64();
        Assert.Equal(Night, restart);
        Assert.Equal(750 + 500 + restart, day.GetProperty("expected").GetInt64());
        Assert.Equal((2, 2), (Number(signals[1].GetProperty("hour"), "expected"), Number(signals[1].GetProperty("day"), "received")));
        Assert.Equal(1, signals[1].GetProperty("day").GetProperty("share").GetDouble());
    }

    [Fact]
    public async Task A_gap_that_is_only_known_when_the_signal_comes_again_counts_in_the_time_it_covers()
    {
        await using ViewerHost host = await ViewerHost.StartAsync();
        Signal ecg = Blocks.Ecg(host.Store);
        UtcInstant lost = host.Now;
        await host.StoreAsync(Blocks.Wave(ecg, lost.Add(TimeSpan.FromSeconds(-1)), Blocks.Counting(0, 250)));
        await CountedAsync(host, 250, lost: 0);

        host.Clock.Advance(TimeSpan.FromHours(3));
        await CountedAsync(host, 250, lost: 0);

        const int missing = 3 * 3600 * 250;
        await host.StoreAsync(Gap(ecg, lost, host.Now, missing, GapCause.Unplugged), Blocks.Wave(ecg, host.Now, Blocks.Counting(0, 250), firstIndex: 250 + missing));
        host.Clock.Advance(TimeSpan.FromSeconds(30));
        await CountedAsync(host, 500, missing);

        // Late data fill a part of it.
        await host.StoreAsync(Blocks.Wave(ecg, lost.Add(TimeSpan.FromHours(1)), Blocks.Counting(0, 2500), firstIndex: 250 + (3600 * 250)));
        host.Clock.Advance(TimeSpan.FromSeconds(30));
        await CountedAsync(host, 3000, missing - 2500);
    }

    /// <summary>Asks until the day of the only signal is counted so, or the patience is over: what was counted before may be told once more.</summary>
    private static Task CountedAsync(ViewerHost host, int received, int lost) => ViewerHost.UntilAsync(
        async () =>
        {
            JsonElement report = await host.GetAsync("/api/v1/completeness");
            JsonElement day = report.GetProperty("signals")[0].GetProperty("day");
            return report.GetProperty("day").GetProperty("whole").GetBoolean() && Number(day, "received") == received && Number(day, "expected") - Number(day, "received") == lost;
        },
        $"{received} received and {lost} lost in the day");

    [Fact]
    public async Task An_hour_that_is_over_keeps_its_count_and_the_next_one_is_added()
    {
        await using ViewerHost host = await ViewerHost.StartAsync();
        Signal rate = Blocks.HeartRate(host.Store);
        await host.StoreAsync(Blocks.Reading(rate, host.Now.Add(TimeSpan.FromMinutes(-1)), 70));
        Assert.Equal(1, await DayAsync(host, 1));

        for (int hour = 2; hour <= 4; hour++)
        {
            host.Clock.Advance(TimeSpan.FromHours(1));
            await host.StoreAsync(Blocks.Reading(rate, host.Now.Add(TimeSpan.FromMinutes(-1)), 70 + hour));
            Assert.Equal(hour, await DayAsync(host, hour));
        }

        host.Clock.Advance(TimeSpan.FromHours(30));
        await host.StoreAsync(Blocks.Reading(rate, host.Now.Add(TimeSpan.FromMinutes(-1)), 99));
        Assert.Equal(1, await DayAsync(host, 1));
    }

    /// <summary>Readings received in the day, asked until they are so many or the patience is over.</summary>
    private static async Task<int> DayAsync(ViewerHost host, int expected)
    {
        int received = -1;
        await ViewerHost.UntilAsync(
            async () =>
            {
                JsonElement report = await host.GetAsync("/api/v1/completeness");
                JsonElement[] signals = [.. report.GetProperty("signals").EnumerateArray()];
                received = signals.Length == 0 ? 0 : Number(signals[0].GetProperty("day"), "received");
                return received == expected && report.GetProperty("day").GetProperty("whole").GetBoolean();
            },
            $"{expected} readings in the day");
        return received;
    }

    private static GapBlock Gap(Signal signal, UtcInstant from, UtcInstant until, long missing, GapCause cause = GapCause.LostMessage) =>
        new() { Signal = signal.Number, Start = from, Until = until, Cause = cause, Missing = missing };

    private static int Number(JsonElement json, string name) => json.GetProperty(name).GetInt32();
}
