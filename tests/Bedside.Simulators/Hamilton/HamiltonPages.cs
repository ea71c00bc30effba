using Bedside.Simulators.Draeger;
using Bedside.Simulators.Physiology;

namespace Bedside.Simulators.Hamilton;

/// <summary>What the ventilator is doing beside breathing for the patient.</summary>
public sealed record HamiltonState(int Mode, bool Standby, bool Disconnected, bool Silenced, bool Basic);

/// <summary>The reply to each parameter of the table at one moment; pressures in cmH2O, volumes in mL, flows in L/min.</summary>
public sealed class HamiltonPages(Patient patient, long time, HamiltonState state, DateTime clock)
{
    private const double CmH2O = 1.01972;
    private static readonly int[] WithSimv = [2, 17, 20];

    private readonly VentilatorReadings _now = new(patient, time, new VentilatorCondition(state.Standby, state.Disconnected, Co2Off: false, AirSupplyLost: false));

    /// <summary>Null = the ventilator does not know it.</summary>
    public byte[]? Of(byte id) => id switch
    {
        34 => HamiltonReply.Curves(34, 0, Counts(_now.AirwayPressure, 10), Counts(_now.Flow, 10), Counts(_now.Volume, 1), Counts(_now.Co2, 10)),
        120 => HamiltonReply.Curves(120, 0, Counts(_now.AirwayPressure, 10), Counts(_now.AirwayPressure, 10), Counts(_now.Flow, 10), Counts(_now.Volume, 1)),
        86 => HamiltonReply.Text("A5342j"),
        124 => HamiltonReply.Version(124, 'G', "0200"),
        125 => HamiltonReply.Version(125, 'G', "0241"),
        >= 80 and <= 85 => Number(id, Clock(id), 0),
        >= 88 and <= 102 => Number(id, Alarm(id), 0),
        >= 112 when state.Basic => null,
        65 or 105 => state.Standby ? HamiltonReply.Value(id, "999.9") : HamiltonReply.Value(id, "1:" + (_now.ExpiratoryPart ?? 2).ToString("F1", System.Globalization.CultureInfo.InvariantCulture)),
        _ => Setting(id) ?? Measured(id),
    };

    private byte[]? Setting(byte id)
    {
        VentilatorSettings set = _now.Settings;
        return id switch
        {
            40 => Number(id, state.Mode, 0),
            41 => Number(id, set.Rate, 0),
            42 => Number(id, WithSimv.Contains(state.Mode) ? set.Rate : null, 0),
            43 => Number(id, 480, 0),
            44 => Number(id, set.InspiratoryTime, 2),
            45 => Number(id, 0, 1),
            46 or 104 or 107 => Number(id, 1, 0),
            47 => Number(id, 2, 1),
            48 => Number(id, set.Peep * CmH2O, 0),
            49 or 87 => Number(id, set.InspiratoryPressure * CmH2O, 0),
            50 => Number(id, set.OxygenPercent, 0),
            51 => Number(id, 7, 1),
            52 => Number(id, set.Rate + 15, 0),
            53 => Number(id, 40, 0),
            54 => Number(id, 4, 1),
            55 => Number(id, 12, 1),
            56 => Number(id, set.OxygenPercent - 5, 0),
            57 => Number(id, set.OxygenPercent + 5, 0),
            106 => Number(id, 45, 0),
            108 => Number(id, 25, 0),
            109 => Number(id, 50, 0),
            110 => Number(id, 70, 0),
            111 => Number(id, 100, 0),
            123 => Number(id, 2, 0),
            _ => null,
        };
    }

    private byte[]? Measured(byte id) => id switch
    {
        35 => Number(id, _now.EndTidalCo2, 0),
        36 => Number(id, _now.Spo2, 0),
        37 => Number(id, _now.PulseRate, 0),
        38 or 39 => Number(id, value: null, 1),
        60 or 76 or 77 => Number(id, _now.InspiredVolume, 0),
        61 or 78 or 79 => Number(id, _now.ExpiredVolume, 0),
        62 => Number(id, _now.MinuteVolume, 1),
        63 => Number(id, _now.Rate, 0),
        64 => Number(id, _now.SpontaneousRate, 0),
        66 => Number(id, _now.PeakPressure * CmH2O, 0),
        67 => Number(id, _now.MeanPressure * CmH2O, 0),
        68 => Number(id, _now.Peep * CmH2O, 0),
        69 => Number(id, _now.PlateauPressure * CmH2O, 0),
        70 => Number(id, _now.ExpiratoryPart * _now.InspiratoryTime, 2),
        71 => Number(id, _now.InspiredOxygen, 0),
        72 or 73 => Number(id, _now.Resistance * CmH2O, 0),
        74 => Number(id, _now.DynamicCompliance / CmH2O, 0),
        75 => Number(id, Peak(PatientValue.PeakInspiratoryFlow), 0),
        103 => Number(id, _now.IntrinsicPeep * CmH2O, 1),
        112 => Number(id, _now.MinimumPressure * CmH2O, 0),
        113 => Number(id, _now.InspiratoryTime, 2),
        114 => Number(id, _now.InspiredVolume - _now.ExpiredVolume, 0),
        115 => Number(id, _now.Rate is null ? null : -1.8, 1),
        116 => Number(id, Peak(PatientValue.PeakExpiratoryFlow), 0),
        117 or 118 => Number(id, _now.TimeConstant, 2),
        119 => Number(id, _now.Rate is null ? null : 0.4, 2),
        121 => Number(id, _now.Rate is null ? null : 3, 1),
        122 => Number(id, _now.PeakPressure * CmH2O, 0),
        _ => null,
    };

    private static byte[] Number(byte id, double? value, int decimals) => HamiltonReply.Value(id, HamiltonReply.Number(value, decimals));

    private static int Counts(double? value, double counts) => (int)Math.Round((value ?? 0) * counts);

    private double? Peak(PatientValue value) => _now.Rate is null ? null : patient.Value(value, time);

    private double? Clock(byte id) => id switch
    {
        80 => clock.Second,
        81 => clock.Minute,
        82 => clock.Hour,
        83 => clock.Day,
        84 => clock.Month,
        _ => clock.Year % 100,
    };

    /// <summary>What real ones say of an alarm is not known: here 1 while it stands.</summary>
    private double? Alarm(byte id) => id switch
    {
        90 or 92 or 97 => state.Disconnected ? 1 : 0,
        89 => state.Silenced ? 1 : 0,
        _ => 0,
    };
}
