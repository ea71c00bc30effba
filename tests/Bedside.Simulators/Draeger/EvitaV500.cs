namespace Bedside.Simulators.Draeger;

/// <summary>
/// Dräger Evita V500, MEDIBUS.X: one code table for all devices, two pages of measured data and limits, more texts, a clock,
/// finer curves, and both phases of the breath marked.
/// </summary>
public static class EvitaV500
{
    private const double Litre = 1000;

    public static VentilatorModel Model { get; } = new()
    {
        Id = "5000",
        Name = "Evita V500",
        Revision = "02.51",
        Protocol = "06.00",
        RequiresHostIdentification = false,
        ExpirationMarks = true,
        Answers = new HashSet<byte> { 0x24, 0x25, 0x26, 0x27, 0x28, 0x29, 0x2A, 0x2B, 0x2C, 0x2D, 0x2E, 0x53 },
        Data1 =
        [
            new("03", "XX.X", r => r.MinuteVolume),
            new("06", "XX.X", r => r.InspiredMinuteVolume),
            new("07", "XX.X", r => r.DynamicCompliance),
            new("08", "XX.X", r => r.Resistance),
            new("09", "XXX_", r => r.Co2Production),
            new("0A", "X.XX", r => r.SpontaneousMinuteVolume),
            new("0B", "XX.X", r => r.Resistance),
            new("0D", "XX.X", r => r.MandatoryMinuteVolume),
            new("16", "XXXX", r => r.ExpiredVolume),
            new("68", "XXXX", r => r.OfSpontaneous(r.InspiredVolume)),
            new("6F", "X.XX", r => r.OfSpontaneous(r.InspiratoryTime)),
            new("71", "*XXX_", r => r.MinimumPressure),
            new("73", "*XX.X", r => r.MeanPressure),
            new("74", "*XXX_", r => r.PlateauPressure),
            new("78", "*XX.X", r => r.Peep),
            new("7B", "XXX_", r => r.MandatoryRate),
            new("7D", "*XXX_", r => r.PeakPressure),
            new("7E", "X.XX", r => r.ExpiredVolume / Litre),
            new("7F", "X.XX", r => r.OfSpontaneous(r.ExpiredVolume / Litre)),
            new("83", "XXXX", r => r.ExpiredVolume),
            new("84", "XXXX", r => r.OfSpontaneous(r.ExpiredVolume)),
            new("85", "XXXX", r => r.InspiredVolume),
            new("88", "XXXX", r => r.ExpiredVolume),
            new("89", "XXXX", r => r.DeadSpace),
            new("8A", "_XX_", r => 100 * r.DeadSpace / r.ExpiredVolume),
            new("B3", "_XX_", r => r.Leakage),
            new("B5", "XXX_", r => r.SpontaneousRate),
            new("B6", "XXX_", r => r.SpontaneousPart),
            new("B9", "X.XX", r => Below(10, r.MinuteVolume)),
            new("B9", "XX.X", r => From(10, r.MinuteVolume)),
            new("C9", "XXXX", r => r.ShallowBreathing),
            new("D0", "XXX_", r => r.Condition.Disconnected ? null : r.Rate * 0),
            new("D6", "XXX_", r => r.Rate),
            new("DB", "XX.X", r => r.EndTidalCo2Percent),
            new("E3", "XX.X", r => r.EndTidalCo2KiloPascal),
            new("E6", "XXX_", r => r.EndTidalCo2),
            new("E7", "XX.X", r => r.Rate is null ? null : 1),
            new("E8", "XX.X", r => r.ExpiratoryPart),
            new("F0", "XXX_", r => r.InspiredOxygen),
        ],
        Data2 =
        [
            new("00", "XXXX", r => r.OfSpontaneous(r.ExpiredVolume)),
            new("04", "XX.X", r => r.OfSpontaneous(1)),
            new("05", "XX.X", r => r.OfSpontaneous(r.ExpiratoryPart)),
            new("06", "XX.X", r => 1000 / r.DynamicCompliance),
            new("07", "X.XX", r => r.TimeConstant),
            new("09", "X.XX", r => r.TimeConstant),
            new("0A", "XX.X", r => r.StaticCompliance),
            new("0D", "X.XX", r => r.ShallowBreathing / Litre),
            new("21", "XXXX", r => r.ExpiredVolume),
            new("22", "XXXX", r => r.InspiredVolume),
            new("23", "*XX.X", r => r.PlateauPressure),
            new("25", "XX.X", r => r.Co2Production / r.Rate),
            new("33", "XXXX", r => r.OfSpontaneous(r.ExpiredVolume)),
            new("34", "XXXX", r => r.OfSpontaneous(r.InspiredVolume)),
            new("35", "XXXX", r => r.OfSpontaneous(r.ExpiredVolume)),
            new("36", "XX.X", r => r.ExpiredVolume / VentilatorReadings.IdealWeight),
            new("37", "X.XX", r => r.LeakMinuteVolume),
        ],
        Limits1 =
        [
            new("05", "*XXX_", _ => null, l => l.PeakPressureHigh),
            new("B9", "XX.X", l => l.MinuteVolumeLow, l => l.MinuteVolumeHigh),
            new("D6", "XXX_", _ => null, l => l.RateHigh),
            new("E6", "XXX_", l => l.EndTidalCo2Low, l => l.EndTidalCo2High),
        ],
        Limits2 = [new("21", "XXXX", _ => null, l => l.TidalVolumeHigh)],
        Settings =
        [
            new("01", "_XXX_", r => r.Settings.OxygenPercent),
            new("05", "_X.XX", r => r.Settings.InspiratoryTime),
            new("09", "_XX.X", r => r.Settings.Rate),
            new("0B", "_XX.X", r => r.Settings.Peep),
            new("11", "_XXX_", _ => 15),
            new("12", "_XX.X", r => r.Settings.InspiratoryPressure),
            new("13", "_XX.X", r => r.Settings.Peep + r.Settings.InspiratoryPressure + 15),
            new("29", "_XX.X", _ => 3),
            new("2E", "_X.XX", r => r.Settings.RiseTime),
            new("45", "_XX.X", r => r.Settings.Peep + r.Settings.InspiratoryPressure),
            new("6F", "_XX.X", _ => VentilatorReadings.IdealWeight),
            new("72", "_XXX_", _ => 25),
            new("83", "_XXX_", _ => 175),
        ],
        Alarms =
        [
            new(1, "12", "AIR SUPPLY ?", 31, 31, (r, _) => r.Condition.AirSupplyLost),
            new(1, "10", "PAW HIGH", 30, 30, (r, l) => r.PeakPressure > l.PeakPressureHigh),
            new(1, "19", "MIN VOL LOW", 28, 29, (r, l) => r.MinuteVolume < l.MinuteVolumeLow),
            new(1, "9B", "MIN VOL HIGH", 28, 29, (r, l) => r.MinuteVolume > l.MinuteVolumeHigh),
            new(1, "90", "RESP RATE HI", 26, 29, (r, l) => r.Rate > l.RateHigh),
            new(1, "28", "ET CO2 HIGH", 22, 26, (r, l) => r.EndTidalCo2 > l.EndTidalCo2High),
            new(1, "27", "ET CO2 LOW", 22, 26, (r, l) => r.EndTidalCo2 < l.EndTidalCo2Low),
            new(1, "D9", "CO2 SENSOR ?", 10, 10, (r, _) => r.Condition.Co2Off),
            new(1, "FF", "DISCONNECT", 30, 31, (r, _) => r.Condition.Disconnected),
            new(2, "95", "VENT STANDBY", 3, 3, (r, _) => r.Condition.Standby),
            new(2, "F8", "TIDAL VOL LO", 24, 26, (r, _) => r.Condition.Disconnected),
        ],
        Texts =
        [
            new("1E", "Standby", r => r.Condition.Standby),
            new("0E", "PC-BIPAP", r => !r.Condition.Standby),
            new("5C", "PS", r => !r.Condition.Standby),
            new("20", "Adult", _ => true),
            new("22", "mmHg", _ => true),
            new("2C", "en_US", _ => true),
            new("48", "Tube", _ => true),
            new("71", "Apnea vent. on", r => !r.Condition.Standby),
            new("78", "HME", _ => true),
        ],
        Traces =
        [
            new("00", 8000, "-  20", "  120", 0x8C0, r => r.AirwayPressure),
            new("01", 8000, "- 240", "  240", 0xF00, r => r.Flow),
            new("03", 8000, "    0", " 3000", 0xBB8, r => r.Volume),
            new("06", 8000, "    0", "  120", 0x960, r => r.Co2),
            new("07", 8000, "- 0.5", " 15.5", 0x640, r => r.Co2KiloPascal),
            new("1C", 8000, "-  20", "  120", 0x8C0, r => r.TrachealPressure),
            new("1E", 8000, "    0", "  240", 0x960, r => r.InspiratoryFlow),
        ],
    };

    private static double? Below(double bound, double? value) => value < bound ? value : null;

    private static double? From(double bound, double? value) => value >= bound ? value : null;
}
