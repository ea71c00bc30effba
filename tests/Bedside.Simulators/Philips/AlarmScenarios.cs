namespace Bedside.Simulators.Philips;

/// <summary>What the alarm lists hold beside the limits' own alarms.</summary>
internal enum AlarmScenario
{
    /// <summary>Nothing, not even the limits' alarms.</summary>
    None,

    /// <summary>A noisy ECG for twenty seconds in a quarter of an hour.</summary>
    Usual,

    /// <summary>Every kind of entry: latched, silenced, suspended, from the device itself, without text.</summary>
    Many,

    /// <summary>More than one message holds.</summary>
    Long,
}

internal static class AlarmScenarios
{
    private const long TicksPerSecond = 8000;

    /// <summary>The LSB of a code says that the source is an object, not a measurement.</summary>
    private const ushort FromObject = 1;

    private const ushort Ecg = 0x0100;
    private const ushort Noisy = 74;
    private const ushort VentricularTachycardia = 3224;
    private const ushort BatteryLow = 194;
    private const ushort Leads = 274;
    private const ushort Sensor = 308;

    public static IEnumerable<Alarm> At(AlarmScenario scenario, long tick, Language language) => scenario switch
    {
        AlarmScenario.Usual => Usual(tick, language),
        AlarmScenario.Many => Many(tick, language),
        AlarmScenario.Long => Long(),
        _ => [],
    };

    private static Alarm[] Usual(long tick, Language language)
    {
        long second = tick / TicksPerSecond % 900;
        return second is >= 420 and < 440 ? [NoisyEcg(language)] : [];
    }

    private static Alarm[] Many(long tick, Language language)
    {
        bool tachycardia = tick / TicksPerSecond / 20 % 2 == 0;
        Alarm[] lasting =
        [
            NoisyEcg(language),
            new(0x4BB8, 62, Alarm.Yellow, "** SpO₂ 88<90") { State = Alarm.Silenced, Object = (ObjectClass.Numeric, 1, 0x83D5) },
            new(0x4A15, 40, Alarm.Yellow, "** ABPs 171>160") { State = Alarm.Suspended, Object = (ObjectClass.Numeric, 0, 35098) },
            new(0x500A, 3072, Alarm.Red, "*** APNEA") { State = Alarm.Latched, Flags = 0x5000, Object = (ObjectClass.Numeric, 1, 33481) },
            new((ushort)ObjectClass.System, BatteryLow | FromObject, Alarm.TechnicalMedium, "!! BATT LOW") { Object = (ObjectClass.System, 0, 0) },
            new(0x4BB4, Sensor, Alarm.TechnicalLow, string.Empty) { InfoId = Alarm.WithoutText, Object = (ObjectClass.Wave, 1, 0x0A2B) },
            new(Ecg, Leads, Alarm.TechnicalLow, string.Empty) { InfoId = 0x0777, Object = (ObjectClass.Wave, 1, BedsideObjects.EcgHandle) },
        ];
        Alarm[] passing = [new(0x4182, VentricularTachycardia, Alarm.Red, "*** VTACH 168>120") { Flags = 0x5000 }];
        return tachycardia ? [.. passing, .. lasting] : lasting;
    }

    private static IEnumerable<Alarm> Long()
    {
        for (int number = 1; number <= 14; number++)
        {
            yield return new Alarm((ushort)(0x4A00 + (4 * number)), 40, Alarm.Yellow, $"** PRESSURE LINE {number} HIGH");
            yield return new Alarm((ushort)(0x4A00 + (4 * number)), 336, Alarm.TechnicalLow, $"PRESSURE LINE {number} NO TRANSDUCER");
        }
    }

    private static Alarm NoisyEcg(Language language) => new(Ecg, Noisy, Alarm.TechnicalLow, language.Of("NOISY ECG"))
    {
        Object = (ObjectClass.Wave, BedsideObjects.Server, BedsideObjects.EcgHandle),
        Flags = 0,
    };
}
