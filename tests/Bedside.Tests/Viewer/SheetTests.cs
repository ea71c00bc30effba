using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Bedside.Model;
using Bedside.Viewer;
using Bedside.Viewer.Sheet;

namespace Bedside.Tests.Viewer;

/// <summary>The flowsheet's figures are those of the stored readings, hour by hour of the ward's day.</summary>
public class SheetTests
{
    private const int Seeds = 40;
    private static readonly WardSettings Paris = new() { Bed = "12" };
    private static readonly WardSettings ParisFromMidnight = Paris with { DayStart = new TimeOnly(0, 0) };

    public static TheoryData<string, int, string> DaysOfTheClocks => new()
    {
        { "2026-03-28", 23, "07:00" },
        { "2026-03-29", 24, "07:00" },
        { "2026-03-29", 23, "00:00" },
        { "2026-10-24", 25, "07:00" },
        { "2026-10-25", 24, "07:00" },
        { "2026-10-25", 25, "00:00" },
        { "2026-11-21", 24, "07:00" },
        { "2026-03-29", 23, "02:30" },
        { "2026-03-28", 24, "02:30" },
        { "2026-10-25", 25, "02:30" },
    };

    [Theory]
    [MemberData(nameof(DaysOfTheClocks))]
    public void A_day_has_every_hour_once_also_when_the_clocks_are_set(string date, int hours, string dayStart)
    {
        WardSettings ward = Paris with { DayStart = TimeOnly.ParseExact(dayStart, "HH:mm", CultureInfo.InvariantCulture) };
        var day = WardDay.Of(DateOnly.ParseExact(date, "yyyy-MM-dd", CultureInfo.InvariantCulture), ward);

        Assert.Equal(hours, day.Hours.Count);
        Assert.All(day.Hours, hour => Assert.Equal(TimeSpan.FromHours(1).Ticks * 100, hour.Nanoseconds));
        Assert.All(day.Hours.Zip(day.Hours.Skip(1)), pair => Assert.Equal(pair.First.To, pair.Second.From));
        string[] labels = [.. day.Hours.Select(hour => $"{TimeZoneInfo.ConvertTime(hour.From.ToDateTime(), day.Zone):HH:mm} {day.OffsetAt(hour.From)}")];
        Assert.Equal(labels.Length, labels.Distinct().Count());
    }

    [Fact]
    public void Days_follow_each_other_without_a_hole_in_every_zone_and_hold_their_instants()
    {
        foreach (string zone in new[] { "Europe/Paris", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kolkata", "Pacific/Apia", "UTC" })
        {
            foreach (string start in new[] { "00:00", "02:15", "07:00", "23:30" })
            {
                WardSettings ward = Paris with { TimeZone = zone, DayStart = TimeOnly.ParseExact(start, "HH:mm", CultureInfo.InvariantCulture) };
                UtcInstant? end = null;
                for (var date = new DateOnly(2026, 1, 1); date.Year == 2026; date = date.AddDays(1))
                {
                    var day = WardDay.Of(date, ward);
                    Assert.True(end is null || end == day.Hours[0].From, $"{zone} {date} {start}");
                    end = day.Hours[^1].To;
                    Assert.Equal(date, WardDay.Holding(day.Hours[0].From, ward).Date);
                    Assert.Equal(date, WardDay.Holding(day.Hours[^1].To.Add(-1), ward).Date);
                    Assert.InRange(day.Hours.Count, 23, 25);
                }
            }
        }
    }

    [Fact]
    public void A_cell_is_what_counting_by_hand_gives_for_any_readings()
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            var random = new Random(seed);
            var hour = new TimeRange(new UtcInstant(0), new UtcInstant(TimeSpan.FromHours(1).Ticks * 100));
            var readings = new List<NumericReading>();
            for (int i = 0, n = random.Next(0, 60); i < n; i++)
            {
                Validity validity = random.Next(5) switch { 0 => Validity.Invalid, 1 => Validity.Questionable, 2 => Validity.InAlarm, _ => Validity.Valid };
                readings.Add(new NumericReading(new UtcInstant(random.NextInt64(-hour.Nanoseconds / 4, hour.Nanoseconds * 5 / 4)), random.Next(9) == 0 ? null : new Fixed(random.Next(300, 420), -1), validity, DeviceNanoseconds: null));
            }

            NumericReading[] usable = [.. readings.Where(one => one.Value is not null && one.Validity.IsUsable() && one.Time >= hour.From && one.Time < hour.To).OrderBy(one => one.Time)];
            Block[] blocks = [.. readings.Chunk(7).Select(chunk => new NumericBlock { Signal = new SignalNumber(1), Start = chunk[0].Time, Readings = [.. chunk] })];
            var cell = SheetCell.Of(SheetReadings.Of(blocks, hour).In(hour), hour, TimeSpan.FromMinutes(2));

            if (usable.Length == 0)
            {
                Assert.Null(cell);
                continue;
            }

            double[] values = [.. usable.Select(one => one.Value!.Value.ToDouble()).Order()];
            Assert.NotNull(cell);
            Assert.Equal((values[(values.Length - 1) / 2], values[0], values[^1], values.Length), (cell.Median, cell.Min, cell.Max, cell.Count));
            Assert.Equal(usable.Count(one => one.Validity.HasFlag(Validity.Questionable)), cell.Questionable);
            Assert.Equal(usable.Count(one => one.Validity.HasFlag(Validity.InAlarm)), cell.InAlarm);

            // Covered by hand: every second of the hour that lies within three minutes after a reading.
            int covered = Enumerable.Range(0, 3600).Count(second => Array.Exists(usable, one =>
                one.Time.UnixNanoseconds <= second * 1_000_000_000L && second * 1_000_000_000L < one.Time.UnixNanoseconds + 180_000_000_000L));
            Assert.Equal(covered / 3600.0, cell.Coverage!.Value, 0.02);
        }
    }

    [Fact]
    public async Task The_running_day_holds_the_hours_of_what_is_stored_and_an_hour_without_readings_is_empty()
    {
        await using ViewerHost host = await ViewerHost.StartAsync();
        Signal rate = Blocks.HeartRate(host.Store);
        Signal cuff = Blocks.Cuff(host.Store);
        Blocks.Ecg(host.Store);

        // It is 20:30 in Paris; the day began at 07:00, which is 06:00 UTC.
        UtcInstant now = host.Now;
        await host.StoreAsync(
            Blocks.Readings(rate, [.. Enumerable.Range(0, 1800).Select(second => Rate(now.Add(TimeSpan.FromSeconds(second - 1800)), 60 + (second % 5)))]),
            Blocks.Readings(rate, Rate(now.Add(TimeSpan.FromHours(-3)), 90), Rate(now.Add(TimeSpan.FromHours(-3) + TimeSpan.FromSeconds(1)), 91), Rate(now.Add(TimeSpan.FromHours(-3) + TimeSpan.FromSeconds(2)), 250, Validity.Invalid)),
            Blocks.Reading(cuff, now.Add(TimeSpan.FromHours(-2)), 121));

        JsonElement sheet = await host.GetAsync("/api/v1/sheet");
        Assert.Equal(("2026-11-21", "07:00", "Europe/Paris", 24), (sheet.GetProperty("day").GetString(), sheet.GetProperty("dayStart").GetString(), sheet.GetProperty("timeZone").GetString(), sheet.GetProperty("hours").GetArrayLength()));
        Assert.Equal("2026-11-21T06:00:00.000000000Z", sheet.GetProperty("from").GetString());
        Assert.Equal(60, sheet.GetProperty("hours")[0].GetProperty("offsetMinutes").GetInt32());
        var rows = sheet.GetProperty("rows").EnumerateArray().ToDictionary(row => row.GetProperty("id").GetString()!);
        Assert.Equal(["hr", "nibp-sys"], rows.Keys.Order());

        JsonElement[] rates = [.. rows["hr"].GetProperty("cells").EnumerateArray()];
        Assert.Equal([10, 13], Enumerable.Range(0, 24).Where(hour => rates[hour].ValueKind != JsonValueKind.Null));
        Assert.Equal((90, 90, 91, 2), Figures(rates[10]));
        Assert.Equal((62, 60, 64, 1800), Figures(rates[13]));
        Assert.InRange(rates[10].GetProperty("coverage").GetDouble(), 0.0005, 0.0011);
        Assert.InRange(rates[13].GetProperty("coverage").GetDouble(), 0.999, 1);
        JsonElement pressure = rows["nibp-sys"].GetProperty("cells")[11];
        Assert.Equal(((121, 121, 121, 1), JsonValueKind.Null), (Figures(pressure), pressure.GetProperty("coverage").ValueKind));
        Assert.Equal(DigestOf(sheet), sheet.GetProperty("digest").GetString());
    }

    [Fact]
    public async Task What_comes_late_into_an_hour_that_was_counted_is_in_the_next_answer()
    {
        await using ViewerHost host = await ViewerHost.StartAsync();
        Signal rate = Blocks.HeartRate(host.Store);
        UtcInstant past = host.Now.Add(TimeSpan.FromHours(-4));
        await host.StoreAsync(Blocks.Readings(rate, Rate(past, 80)));
        Assert.Equal((80, 80, 80, 1), Figures(await CellAsync(host, "hr", 9)));
        string before = (await host.GetAsync("/api/v1/sheet")).GetProperty("digest").GetString()!;

        await host.StoreAsync(Blocks.Readings(rate, Rate(past.Add(TimeSpan.FromSeconds(5)), 100), Rate(past.Add(TimeSpan.FromSeconds(6)), 101)));
        Assert.Equal((100, 80, 101, 3), Figures(await CellAsync(host, "hr", 9)));
        Assert.NotEqual(before, (await host.GetAsync("/api/v1/sheet")).GetProperty("digest").GetString());

        // Asked again when it may be kept, and once more after it was.
        host.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal((100, 80, 101, 3), Figures(await CellAsync(host, "hr", 9)));
        Assert.Equal((100, 80, 101, 3), Figures(await CellAsync(host, "hr", 9)));
    }

    [Fact]
    public async Task The_day_the_clocks_are_set_back_has_both_hours_of_one_name()
    {
        await using ViewerHost host = await ViewerHost.StartAsync(options => options.Ward = () => ParisFromMidnight);
        Signal rate = Blocks.HeartRate(host.Store);
        var first = UtcInstant.FromDateTime(new DateTimeOffset(2026, 10, 25, 0, 10, 0, TimeSpan.Zero));
        await host.StoreAsync(Blocks.Readings(rate, Rate(first, 71), Rate(first.Add(TimeSpan.FromHours(1)), 72)));

        JsonElement sheet = await host.GetAsync("/api/v1/sheet?day=2026-10-25&signals=hr");
        Assert.Equal(25, sheet.GetProperty("hours").GetArrayLength());
        JsonElement cells = sheet.GetProperty("rows")[0].GetProperty("cells");
        Assert.Equal((71, 72), ((int)cells[2].GetProperty("median").GetDouble(), (int)cells[3].GetProperty("median").GetDouble()));
        Assert.Equal((120, 60), (sheet.GetProperty("hours")[2].GetProperty("offsetMinutes").GetInt32(), sheet.GetProperty("hours")[3].GetProperty("offsetMinutes").GetInt32()));
        Assert.Equal(23, (await host.GetAsync("/api/v1/sheet?day=2026-03-29")).GetProperty("hours").GetArrayLength());
    }

    [Theory]
    [InlineData("day=21/11/2026", HttpStatusCode.BadRequest)]
    [InlineData("day=2026-02-30", HttpStatusCode.BadRequest)]
    [InlineData("day=0001-01-01", HttpStatusCode.BadRequest)]
    [InlineData("signals=nobody", HttpStatusCode.NotFound)]
    public async Task What_cannot_be_answered_is_said_in_a_sentence(string query, HttpStatusCode status)
    {
        await using ViewerHost host = await ViewerHost.StartAsync();
        await host.GetProblemAsync($"/api/v1/sheet?{query}", status);
    }

    [Fact]
    public async Task More_signals_than_a_sheet_holds_are_refused_unless_some_are_chosen()
    {
        await using ViewerHost host = await ViewerHost.StartAsync();
        for (int i = 0; i < 81; i++)
        {
            host.Store.Register(Blocks.Monitor, new Metric { SignalId = $"raw/test/{i}/x", Kind = SignalKind.Numeric, Unit = "1" });
        }

        await host.GetProblemAsync("/api/v1/sheet", HttpStatusCode.RequestEntityTooLarge);
        Assert.Empty((await host.GetAsync("/api/v1/sheet?signals=1,2,3")).GetProperty("rows").EnumerateArray());
    }

    private static NumericReading Rate(UtcInstant time, long value, Validity validity = Validity.Valid) => new(time, new Fixed(value, 0), validity, DeviceNanoseconds: null);

    private static async Task<JsonElement> CellAsync(ViewerHost host, string signal, int hour) =>
        (await host.GetAsync($"/api/v1/sheet?signals={signal}")).GetProperty("rows")[0].GetProperty("cells")[hour];

    private static (int Median, int Min, int Max, int Count) Figures(JsonElement cell) =>
        ((int)cell.GetProperty("median").GetDouble(), (int)cell.GetProperty("min").GetDouble(), (int)cell.GetProperty("max").GetDouble(), cell.GetProperty("count").GetInt32());

    /// <summary>The digest made anew from the answer alone, as PROTOCOL.md says.</summary>
    private static string DigestOf(JsonElement sheet)
    {
        var text = new StringBuilder($"bedside sheet 1;{sheet.GetProperty("box").GetString()};{sheet.GetProperty("day").GetString()}\n");
        foreach (JsonElement row in sheet.GetProperty("rows").EnumerateArray())
        {
            foreach ((JsonElement cell, JsonElement hour) in row.GetProperty("cells").EnumerateArray().Zip(sheet.GetProperty("hours").EnumerateArray()).Where(one => one.First.ValueKind != JsonValueKind.Null))
            {
                string[] figures = [.. new[] { "median", "min", "max", "count", "questionable", "inAlarm" }.Select(name => cell.GetProperty(name).GetRawText())];
                text.Append(CultureInfo.InvariantCulture, $"{row.GetProperty("id").GetString()};{row.GetProperty("unit").GetString()};{hour.GetProperty("from").GetString()};{string.Join(';', figures)}\n");
            }
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
