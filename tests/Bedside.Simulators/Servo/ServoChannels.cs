using System.Globalization;
using Bedside.Simulators.Draeger;

namespace Bedside.Simulators.Servo;

/// <summary>A channel with a number: value = raw × gain − offset. <paramref name="Value"/> is in the channel's unit; null = no value.</summary>
public sealed record ServoChannel(int Number, decimal Gain, decimal Offset, int Unit, string Type, Func<ServoMoment, double?> Value)
{
    /// <summary>What stands on the line for the present value, below the number that means no value.</summary>
    public int Raw(ServoMoment moment, int missing) =>
        Value(moment) is double value ? Math.Clamp((int)Math.Round((value + (double)Offset) / (double)Gain), 0, missing - 1) : missing;

    public string Describe() => $"{Number:D3},{Factor(Gain)},{Factor(Offset)},{Unit:D2},{Type},FFFF;";

    /// <summary><c>±XXXXE±YYY</c>, four digits times a power of ten.</summary>
    private static string Factor(decimal value)
    {
        decimal digits = Math.Abs(value);
        int exponent = 0;
        while (digits != 0 && digits < 1000)
        {
            digits *= 10;
            exponent--;
        }

        while (digits > 9999)
        {
            digits /= 10;
            exponent++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{(value < 0 ? '-' : '+')}{(int)digits:D4}E{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):D3}");
    }
}

/// <summary>A channel with a state instead of a number.</summary>
public sealed record ServoSwitch(int Number, Func<ServoMoment, int> State)
{
    public string Describe() => $"{Number:D3},-,-,20,SD,FFFF;";
}

/// <summary>What the ventilator knows at one moment.</summary>
/// <param name="Readings">Pressures in mbar, volumes in mL, CO2 in mmHg.</param>
/// <param name="Volume">True = somebody set volume control.</param>
/// <param name="Muted">Alarms are silenced.</param>
public sealed record ServoMoment(VentilatorReadings Readings, bool Volume, bool Muted)
{
    /// <summary>Breaths a minute that are set.</summary>
    public double RateSet => Readings.Settings.Rate + (Volume ? 4 : 0);
}

/// <summary>The channels of one model and version (sheet 7); gains of some change with the version.</summary>
public sealed class ServoChannels
{
    private const double CmH2O = 1.01972;
    private const double MillilitresPerSecond = 1000.0 / 60;
    private const int LastGainsVersion = 4;

    private ServoChannels(IEnumerable<ServoChannel> channels, IEnumerable<ServoSwitch> switches)
    {
        Numbers = channels.ToDictionary(channel => channel.Number);
        Switches = switches.ToDictionary(channel => channel.Number);
    }

    public IReadOnlyDictionary<int, ServoChannel> Numbers { get; }

    public IReadOnlyDictionary<int, ServoSwitch> Switches { get; }

    /// <summary>Alarms this ventilator can raise, and what raises them; the others are never active.</summary>
    public static IReadOnlyDictionary<int, Func<ServoMoment, bool>> Alarms { get; } = new Dictionary<int, Func<ServoMoment, bool>>
    {
        [413] = m => m.Readings.Condition.AirSupplyLost,
        [433] = m => m.Readings.Condition.Disconnected,
        [446] = m => m.Readings.Condition.Disconnected,
        [411] = m => m.Readings.Condition.Disconnected,
        [437] = m => m.Readings.Condition.Disconnected,
        [498] = m => m.Readings.Condition.Disconnected,
        [499] = m => m.Readings.Condition.Disconnected || m.Readings.Condition.AirSupplyLost,
    };

    /// <summary>All numbers of alarm channels of the sheet.</summary>
    public static IReadOnlyList<int> AlarmNumbers { get; } = [.. Enumerable.Range(400, 53), 498, 499];

    public static ServoChannels Of(int version, bool gasAnalyser)
    {
        bool old = version <= LastGainsVersion;
        return new ServoChannels(
            [.. Curves(gasAnalyser), .. Breath(version, old, gasAnalyser), .. Settings(old)],
            [
                new(309, _ => 2), new(310, m => m.Volume ? 3 : 2), new(311, _ => 0), new(322, m => m.Muted ? 10 : 8), new(329, _ => 0), new(330, _ => 4),
                new(337, _ => 2), new(349, _ => 1), new(351, _ => 1), new(360, _ => 1), new(363, _ => 2), new(371, _ => 2), new(375, _ => 2), new(376, _ => 2),
            ]);
    }

    private static IEnumerable<ServoChannel> Curves(bool gasAnalyser)
    {
        yield return new(100, .2713m, 3333, 2, "CU", m => m.Readings.Flow * MillilitresPerSecond);
        yield return new(101, .0651m, 133.3m, 4, "CU", m => m.Readings.AirwayPressure * CmH2O);
        yield return new(102, .0651m, 133.3m, 4, "CU", m => m.Readings.AirwayPressure * CmH2O);
        yield return new(113, .0651m, 133.3m, 4, "CU", m => m.Readings.AirwayPressure * CmH2O);
        yield return new(114, .4m, 0, 1, "CU", m => m.Readings.Volume);
        if (gasAnalyser)
        {
            yield return new(103, .1m, 0, 7, "CU", m => m.Readings.Co2 / 7.13);
            yield return new(118, .02m, 0, 19, "CU", _ => null);
            yield return new(119, .1m, 0, 10, "CU", m => m.Readings.Co2);
        }
    }

    private static IEnumerable<ServoChannel> Breath(int version, bool old, bool gasAnalyser)
    {
        decimal minute = old ? .1m : .01m;
        ServoChannel[] all =
        [
            new(200, .1m, 0, 6, "BT", m => m.Readings.Rate),
            new(201, 1, 0, 1, "BT", m => m.Readings.ExpiredVolume),
            new(202, 1, 0, 1, "BT", m => m.Readings.InspiredVolume),
            new(203, minute, 0, 8, "BT", m => m.Readings.InspiredMinuteVolume),
            new(204, minute, 0, 8, "BT", m => m.Readings.MinuteVolume),
            new(205, .1m, 0, 4, "BT", m => m.Readings.PeakPressure * CmH2O),
            new(206, .1m, 0, 4, "BT", m => m.Readings.MeanPressure * CmH2O),
            new(207, .1m, 0, 4, "BT", m => m.Readings.PlateauPressure * CmH2O),
            new(208, .1m, 0, 4, "BT", m => m.Readings.Peep * CmH2O),
            new(209, .1m, 0, 7, "BT", m => m.Readings.InspiredOxygen),
            new(210, 1, 0, 12, "BR", _ => 1013),
            new(211, 100, 0, 12, "BR", m => m.Readings.Condition.AirSupplyLost ? 0 : 4000),
            new(212, 100, 0, 12, "BR", _ => 4200),
            new(231, .1588m, 100, 9, "BR", m => m.Readings.Resistance * CmH2O),
            new(232, .4976m, 2000, 5, "BR", m => m.Readings.StaticCompliance / CmH2O),
            new(233, .0071m, 35, 15, "BR", m => m.Readings.Rate is null ? null : 0),
            new(236, .4m, 0, 9, "BR", m => m.Readings.Resistance * CmH2O),
            new(238, version <= 2 ? .0326m : .01m, 0, 20, "BR", m => 1 / m.Readings.ExpiratoryPart),
            new(239, .0033m, 0, 14, "BR", m => m.Readings.InspiratoryTime),
            new(240, .5m, 0, 5, "BR", m => m.Readings.DynamicCompliance / CmH2O),
            new(241, .4976m, 200, 5, "BR", m => m.Readings.DynamicCompliance / CmH2O),
            new(242, .0131m, 0, 7, "BR", _ => null),
            new(243, .1m, 0, 16, "BR", m => 1000 / m.Readings.DynamicCompliance * CmH2O),
            new(245, .0651m, 133.3m, 4, "BR", m => (m.Readings.Peep + m.Readings.IntrinsicPeep) * CmH2O),
            new(247, .1m, 0, 6, "BR", m => m.Readings.SpontaneousRate),
            new(248, minute, 0, 8, "BR", m => m.Readings.SpontaneousMinuteVolume),
            new(250, .0033m, 0, 14, "BR", m => m.Readings.TimeConstant),
            new(254, .0651m, 133.3m, 4, "BR", m => m.Readings.SpontaneousRate > 0 ? 1.4 : null),
            new(259, 1, 0, 22, "BR", m => m.Readings.ShallowBreathing),
        ];
        ServoChannel[] gas =
        [
            new(225, .1m, 0, 7, "BT", m => m.Readings.EndTidalCo2Percent),
            new(226, 1, 0, 3, "BT", m => m.Readings.Co2Production),
            new(260, old ? .1m : 1, 0, 10, "BR", m => m.Readings.EndTidalCo2),
        ];
        return gasAnalyser ? all.Concat(gas) : all;
    }

    private static ServoChannel[] Settings(bool old) =>
    [
        new(300, .1m, 0, 6, "SD", m => m.RateSet),
        new(306, .1m, 0, 4, "SD", m => m.Volume ? null : m.Readings.Settings.InspiratoryPressure * CmH2O),
        new(308, .1m, 0, 4, "SD", m => m.Readings.Settings.Peep * CmH2O),
        new(315, 1, 0, 4, "SD", _ => 40),
        new(318, .1m, 0, 7, "SD", m => m.Readings.Settings.OxygenPercent + 6),
        new(319, .1m, 0, 7, "SD", m => m.Readings.Settings.OxygenPercent - 6),
        new(323, .1m, 0, 7, "SD", m => m.Readings.Settings.OxygenPercent),
        new(327, -.1m, 0, 4, "SD", _ => -2),
        new(333, .01m, 0, 20, "SD", m => 1 / ((60 / m.RateSet / m.Readings.Settings.InspiratoryTime) - 1)),
        new(334, 1, 0, 1, "SD", m => m.Volume ? 420 : null),
        new(343, .01m, 0, 14, "SD", m => m.Readings.Settings.InspiratoryTime),
        new(345, .01m, 0, 14, "SD", m => m.Readings.Settings.RiseTime),
        new(350, .01m, 0, 7, "SD", _ => 30),
        new(353, .1m, 0, 6, "SD", m => m.Readings.Settings.Rate + 15),
        new(354, .1m, 0, 6, "SD", _ => 5),
        new(355, 1, 0, 14, "SD", _ => 20),
        new(364, .01m, 0, 8, "SD", _ => 15),
        new(365, .01m, 0, 8, "SD", _ => 3),
        new(366, old ? .1m : 1, 0, 10, "SD", _ => 49),
        new(367, old ? .1m : 1, 0, 10, "SD", _ => 30),
    ];
}
