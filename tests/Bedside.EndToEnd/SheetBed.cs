using System.Globalization;

namespace Bedside.EndToEnd;

/// <summary>
/// One bed for all that is asked of the flowsheet: two days of a gateway's numbers each two minutes with a pause in each, the days of the last two changes of the clocks, and a monitor
/// that is live. The ward reads blood pressures in kPa; its day begins at the last midnight or noon that is twelve hours ago, so that the running one is long at whatever hour this runs, and
/// the changes lie inside of one.
/// </summary>
public sealed class SheetBed : IAsyncLifetime, IDisposable
{
    public const int EverySeconds = 120;

    private static readonly (uint Code, string Name, double Low, double High, int Decimals, string Unit)[] Numbers =
    [
        (147842, "MDC_ECG_HEART_RATE", 60, 110, 0, "/min"), (150037, "MDC_PRESS_BLD_ART_ABP_SYS", 95, 150, 0, "mm[Hg]"), (150038, "MDC_PRESS_BLD_ART_ABP_DIA", 50, 85, 0, "mm[Hg]"),
        (150039, "MDC_PRESS_BLD_ART_ABP_MEAN", 60, 105, 0, "mm[Hg]"), (150087, "MDC_PRESS_BLD_VEN_CENT_MEAN", 2, 14, 0, "mm[Hg]"), (150456, "MDC_PULS_OXIM_SAT_O2", 91, 99, 0, "%"),
        (151562, "MDC_RESP_RATE", 10, 26, 0, "/min"), (151708, "MDC_CONC_AWAY_CO2_ET", 32, 46, 0, "mm[Hg]"), (153144, "MDC_CONC_GASDLV_O2_INSP", 30, 60, 0, "%"),
        (151976, "MDC_VENT_PRESS_AWAY_END_EXP_POS", 5, 12, 1, "cm[H2O]"), (151817, "MDC_PRESS_AWAY_INSP_MAX", 15, 30, 0, "cm[H2O]"), (152424, "MDC_VENT_PRESS_RESP_PLAT", 12, 26, 0, "cm[H2O]"),
        (152664, "MDC_VOL_AWAY_TIDAL_EXP", 380, 520, 0, "mL"), (152000, "MDC_VENT_VOL_MINUTE_EXP", 6, 10, 1, "L/min"), (151586, "MDC_VENT_RESP_RATE", 12, 24, 0, "/min"),
        (150368, "MDC_TEMP_CORE", 36, 39, 1, "Cel"), (153611, "MDC_PRESS_INTRA_CRAN_MEAN", 4, 18, 0, "mm[Hg]"), (153604, "MDC_PRESS_CEREB_PERF", 60, 90, 0, "mm[Hg]"),
        (150492, "MDC_OUTPUT_CARD_CTS", 4, 7, 1, "L/min"), (150332, "MDC_SAT_O2_VEN", 60, 78, 0, "%"), (150312, "MDC_RES_VASC_SYS", 800, 1300, 0, "dyn.s/cm5"),
        (150404, "MDC_VOL_BLD_STROKE", 55, 100, 0, "mL"), (151688, "MDC_COMPL_LUNG", 30, 60, 0, "mL/cm[H2O]"), (188436, "MDC_TEMP_BLD", 36, 39, 1, "Cel"),
    ];

    private readonly Folder _folder = new();
    private Running? _monitor;
    private Box? _box;
    private Browser? _browser;

    internal Box Box => _box!;

    internal Browser Browser => _browser!;

    /// <summary>The last day before today of 25 hours, and of 23.</summary>
    public DateOnly LongDay { get; } = DayOf(25);

    public DateOnly ShortDay { get; } = DayOf(23);

    public static TimeZoneInfo Zone { get; } = TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris");

    /// <summary>The day of the ward before the running one: whole.</summary>
    public DateOnly Yesterday { get; } = Today.AddDays(-1);

    private static DateTimeOffset Now { get; } = TimeProvider.System.GetUtcNow();

    private static DateTime Local { get; } = TimeZoneInfo.ConvertTime(Now, Zone).DateTime;

    private static TimeOnly DayStart { get; } = Local.Hour < 12 ? new TimeOnly(12, 0) : TimeOnly.MinValue;

    private static DateOnly Today { get; } = DateOnly.FromDateTime(Local - DayStart.ToTimeSpan());

    public async Task InitializeAsync()
    {
        DateTimeOffset[] pauses = [Begin(Yesterday).AddHours(5), Hour(Now.AddHours(-5))];
        IEnumerable<DateTimeOffset> times = Enumerable.Range(0, 50 * 3600 / EverySeconds).Select(i => Now.AddHours(-50).AddSeconds(i * EverySeconds))
            .Where(time => time < Now.AddMinutes(-5) && !pauses.Any(pause => time >= pause && time < pause.AddHours(1)))
            .Concat(new[] { LongDay, ShortDay }.SelectMany(day => Enumerable.Range(0, 24 * 6).Select(i => Begin(day).AddMinutes(10 * i))))
            .Order();
        await File.WriteAllTextAsync(_folder["day.hl7"], string.Concat(times.Select((time, i) => Mllp.Message(i + 1, time, Rows(time)))));
        await using (Running import = Installed.Bedside("import", "hl7", _folder["day.hl7"], "--data", _folder["data"]))
        {
            Assert.True(await import.EndAsync() == 0, import.Errors);
        }

        await File.WriteAllTextAsync(_folder["bed.json"], $$$"""{"bed":"12","timeZone":"Europe/Paris","dayStart":"{{{DayStart:HH:mm}}}","units":{"bodyPressure":"kPa","airwayPressure":"cm[H2O]","gasPressure":"mm[Hg]","temperature":"Cel"}}""");
        _monitor = await Installed.MonitorAsync(_folder["monitor"], "61");
        _box = await Box.StartAsync(_folder["data"], "--config", _folder["bed.json"], "--serial", $"{_folder["monitor"]}=philips-intellivue");
        _browser = await Browser.StartAsync();
        await _box.LiveAsync(waves: 4, numerics: 8);
    }

    public async Task DisposeAsync()
    {
        await (_browser?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_box?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_monitor?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    /// <summary>Comes after the processes were let go of.</summary>
    public void Dispose() => _folder.Dispose();

    /// <summary>When a day of the ward begins.</summary>
    private static DateTimeOffset Begin(DateOnly day)
    {
        var local = day.ToDateTime(DayStart);
        return new DateTimeOffset(local, Zone.GetUtcOffset(local)).ToUniversalTime();
    }

    private static DateTimeOffset Hour(DateTimeOffset time) => new(time.Ticks - (time.Ticks % TimeSpan.TicksPerHour), TimeSpan.Zero);

    private static DateOnly DayOf(int hours)
    {
        DateOnly day = Today.AddDays(-1);
        while ((Begin(day.AddDays(1)) - Begin(day)).TotalHours != hours)
        {
            day = day.AddDays(-1);
        }

        return day;
    }

    /// <summary>Slow waves of day, each number with its own phase; the same for the same time.</summary>
    private static (uint Code, string Name, string Value, string Unit)[] Rows(DateTimeOffset time) =>
    [
        .. Numbers.Select((one, i) =>
        {
            double share = 0.5 + (0.35 * Math.Sin((time.ToUnixTimeSeconds() / 9000.0) + i)) + (0.1 * Math.Sin((time.ToUnixTimeSeconds() * 0.7) + i));
            return (one.Code, one.Name, (one.Low + ((one.High - one.Low) * share)).ToString($"F{one.Decimals}", CultureInfo.InvariantCulture), one.Unit);
        }),
    ];
}
