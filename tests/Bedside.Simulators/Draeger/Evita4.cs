namespace Bedside.Simulators.Draeger;

/// <summary>
/// Dräger Evita 4, classic MEDIBUS: one quantity stands under one of two codes by its size (82/88, B8/B9, 7A/B7, 06/07, 0B/08),
/// no second page of measured data, no clock.
/// </summary>
public static class Evita4
{
    private const double Litre = 1000;

    /// <param name="oximeter">True = the SpO2 option is fitted.</param>
    public static VentilatorModel Model(bool oximeter) => new()
    {
        Id = "8240",
        Name = "Evita 4",
        Revision = "04.00",
        Protocol = "04.00",
        RequiresHostIdentification = true,
        ExpirationMarks = false,
        Answers = new HashSet<byte> { 0x24, 0x25, 0x26, 0x27, 0x29, 0x2A, 0x2E, 0x53, 0x6A },
        Data1 = [.. Measured, .. oximeter ? Oximetry : []],
        Limits1 = Limits,
        Settings = Settings,
        Alarms = Alarms,
        Texts = Texts,
        Traces = [.. Traces, .. oximeter ? [new RealtimeTrace("02", 16000, "    0", "  100", 0x800, r => r.Pleth * 50)] : Array.Empty<RealtimeTrace>()],
    };

    private static PageCode[] Measured { get; } =
    [
        new("06", "XX.X", r => Below(100, r.DynamicCompliance)),
        new("07", "_XXX", r => From(100, r.DynamicCompliance)),
        new("08", "XXX_", r => From(100, r.Resistance)),
        new("09", "XXX_", r => r.Co2Production),
        new("0B", "XX.X", r => Below(100, r.Resistance)),
        new("71", "*XXX_", r => r.MinimumPressure),
        new("73", "*XXX_", r => r.MeanPressure),
        new("74", "*XXX_", r => r.PlateauPressure),
        new("78", "*XXX_", r => r.Peep),
        new("79", "XX.X", r => r.IntrinsicPeep + r.Peep),
        new("7A", "X.XX", r => Below(1, r.SpontaneousMinuteVolume)),
        new("7D", "*XXX_", r => r.PeakPressure),
        new("81", "_XXX", r => r.TrappedVolume),
        new("82", "X.XX", r => From(1, r.ExpiredVolume / Litre)),
        new("88", "_XXX", r => Below(Litre, r.ExpiredVolume)),
        new("89", "_XXX", r => r.DeadSpace),
        new("8A", "_XX_", r => 100 * r.DeadSpace / r.ExpiredVolume),
        new("8B", "XXXX", r => r.OfSpontaneous(r.InspiredVolume)),
        new("B5", "XXX_", r => r.SpontaneousRate),
        new("B7", "XX.X", r => From(1, r.SpontaneousMinuteVolume)),
        new("B8", "X.XX", r => Below(1, r.MinuteVolume)),
        new("B9", "XX.X", r => From(1, r.MinuteVolume)),
        new("C9", "XXXX", r => r.ShallowBreathing),
        new("D6", "XXX_", r => r.Rate),
        new("E6", "XXX_", r => r.EndTidalCo2),
        new("F0", "XXX_", r => r.InspiredOxygen),
    ];

    private static PageCode[] Oximetry { get; } =
    [
        new("E1", "XXX_", r => r.PulseRate),
        new("EB", "XXX_", r => r.Spo2),
    ];

    private static LimitCode[] Limits { get; } =
    [
        new("7D", "*XXX_", _ => null, l => l.PeakPressureHigh),
        new("82", "X.XX", _ => null, l => From(1, l.TidalVolumeHigh / Litre)),
        new("88", "_XXX", _ => null, l => Below(Litre, l.TidalVolumeHigh)),
        new("B8", "X.XX", l => Below(1, l.MinuteVolumeLow), l => Below(1, l.MinuteVolumeHigh)),
        new("B9", "XX.X", l => From(1, l.MinuteVolumeLow), l => From(1, l.MinuteVolumeHigh)),
        new("D6", "XXX_", _ => null, l => l.RateHigh),
        new("E6", "XXX_", l => l.EndTidalCo2Low, l => l.EndTidalCo2High),
    ];

    private static PageCode[] Settings { get; } =
    [
        new("01", "_XXX_", r => r.Settings.OxygenPercent),
        new("05", "_XX.X", r => r.Settings.InspiratoryTime),
        new("09", "_XXX_", r => r.Settings.Rate),
        new("0B", "_XX.X", r => r.Settings.Peep),
        new("12", "_XXX_", r => r.Settings.InspiratoryPressure),
        new("13", "_XXX_", r => r.Settings.Peep + r.Settings.InspiratoryPressure + 15),
        new("29", "_XX.X", _ => 3),
        new("2E", "_X.XX", r => r.Settings.RiseTime),
        new("45", "_XXX_", r => r.Settings.Peep + r.Settings.InspiratoryPressure),
        new("4B", "_XXX_", _ => VentilatorReadings.IdealWeight),
    ];

    private static AlarmRule[] Alarms { get; } =
    [
        new(1, "12", "AIR SUPPLY ?", 31, 31, (r, _) => r.Condition.AirSupplyLost),
        new(1, "10", "PAW HIGH", 30, 30, (r, l) => r.PeakPressure > l.PeakPressureHigh),
        new(1, "19", "MIN VOL LOW", 28, 29, (r, l) => r.MinuteVolume < l.MinuteVolumeLow),
        new(1, "9B", "MIN VOL HIGH", 28, 29, (r, l) => r.MinuteVolume > l.MinuteVolumeHigh),
        new(1, "90", "RESP RATE HI", 26, 29, (r, l) => r.Rate > l.RateHigh),
        new(1, "28", "ET CO2 HIGH", 22, 26, (r, l) => r.EndTidalCo2 > l.EndTidalCo2High),
        new(1, "27", "ET CO2 LOW", 22, 26, (r, l) => r.EndTidalCo2 < l.EndTidalCo2Low),
        new(1, "D9", "CO2 SENSOR ?", 10, 10, (r, _) => r.Condition.Co2Off),
        new(1, "9A", "PAW LOW", 30, 30, (r, _) => r.Condition.Disconnected),
        new(1, "FF", "DISCONNECT", 30, 31, (r, _) => r.Condition.Disconnected),
        new(2, "95", "EVITA STDBY", 3, 3, (r, _) => r.Condition.Standby),
    ];

    private static TextRule[] Texts { get; } =
    [
        new("1E", "Standby", r => r.Condition.Standby),
        new("2D", "BIPAP/ASB", r => !r.Condition.Standby),
        new("22", "mmHg", _ => true),
        new("2C", "English", _ => true),
    ];

    private static RealtimeTrace[] Traces { get; } =
    [
        new("00", 16000, "-  10", "  100", 0x370, r => r.AirwayPressure),
        new("01", 16000, "- 180", "  180", 0xE10, r => r.Flow),
        new("03", 16000, "    0", " 2000", 0xFA0, r => r.Volume),
        new("06", 16000, "-  20", "  100", 0x460, r => r.Co2),
        new("20", 16000, "    0", "  180", 0x708, r => r.InspiratoryFlow),
        new("21", 16000, "    0", "  180", 0x708, r => r.ExpiratoryFlow),
    ];

    private static double? Below(double bound, double? value) => value < bound ? value : null;

    private static double? From(double bound, double? value) => value >= bound ? value : null;
}
