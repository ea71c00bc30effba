using System.Globalization;
using Bedside.Simulators.Draeger;

namespace Bedside.Simulators.PuritanBennett;

/// <summary>
/// What the fields say of one moment (sheet 4, 5): the settings of the mode, the patient as the ventilator measures, the alarms. Fields that
/// do not apply in a mode are blank; results of manoeuvres that nobody has done are zero.
/// </summary>
/// <param name="peakExpiratoryFlow">L/min; null = not valid now.</param>
public sealed class DciPages(DciSettings settings, VentilatorReadings readings, double? peakExpiratoryFlow, AlarmWords alarms, DateTime clock)
{
    /// <summary>cmH2O in a mbar.</summary>
    private const double CmH2O = 1.01972;
    private const double Litre = 1000;
    private const double VolumeSet = 0.365;

    private static readonly string[] Months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

    private VentilationMode Mode => settings.Mode;

    private string Time => clock.ToString("HH:mm", CultureInfo.InvariantCulture);

    private string Date => string.Create(CultureInfo.InvariantCulture, $"{Months[clock.Month - 1]} {clock.Day:D2} {clock.Year}");

    private string? Volume => Mode.IsVolume ? "0.365" : null;

    private double PeepSet => readings.Settings.Peep * CmH2O;

    private double InspiratoryPressure => readings.Settings.InspiratoryPressure * CmH2O;

    private string? Ratio => readings.ExpiratoryPart is double part ? "1:" + Number(part, 2) : null;

    private string RateLimit => Number(readings.Settings.Rate + 15, 0);

    private static string Number(double value, int decimals) => value.ToString("F" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private static string? Of(double? value, int decimals) => value is double known ? Number(known, decimals) : null;

    public DciReply Basic()
    {
        string? pressureSet = Mode.IsPressure ? Number(InspiratoryPressure, 0) : "0";
        return DciReply.Basic()
            .Put(5, Time, settings.Identity, null, Date, Mode.Basic, Number(readings.Settings.Rate, 1), Mode.IsVolume ? "0.36" : "0.00", Mode.IsVolume ? "55" : "0")
            .Put(13, Number(readings.Settings.OxygenPercent, 0), "0.0", Number(PeepSet, 1), "0.0")
            .Put(21, "20", "0.50", "20.0", "55", "100", Mode.IsSupported ? "10" : "0", "RAMP")
            .Put(30, "OFF")
            .Put(34, Of(readings.Rate, 0), Of(readings.ExpiredVolume / Litre, 2), Of(readings.MinuteVolume, 2), Of(readings.SpontaneousMinuteVolume, 1))
            .Put(38, Of(readings.PeakPressure * CmH2O, 1), Of(readings.MeanPressure * CmH2O, 1), Of(readings.PlateauPressure * CmH2O, 1), Of(readings.ExpiratoryPart, 2))
            .Put(42, "50")
            .Put(45, "0.20", "3.0", RateLimit, alarms.Basic(Alarm.HighPressure))
            .Put(51, alarms.Basic(Alarm.LowVolume), alarms.Basic(Alarm.LowMinuteVolume), alarms.Basic(Alarm.HighRate), "NORMAL", alarms.Basic(Alarm.AirSupply), "NORMAL", "NORMAL")
            .Put(60, Time, null, Date, "0.0", "0.0", Of(readings.DynamicCompliance / CmH2O, 1), Of(readings.Resistance * CmH2O, 2), "0", "0.000", "0", "4", "3")
            .Put(83, "NOOP C", Of(readings.PlateauPressure * CmH2O, 2), pressureSet, Mode.IsPressure ? Number(readings.Settings.InspiratoryTime, 2) : "0.00")
            .Put(87, "20", "0", "20.0", "0.00", "100", "50", alarms.Silenced ? "ON" : "OFF", "NORMAL", alarms.Basic(Alarm.Disconnect))
            .Put(96, "0.00", "0.00", "0.00", "0.00", Mode.IsPressure ? "I-TIME" : null, Ratio);
    }

    public DciReply Extended()
    {
        var reply = DciReply.Extended();
        PutSettings(reply);
        PutLimits(reply);
        PutMeasured(reply);
        PutAlarms(reply);
        return reply;
    }

    private void PutSettings(DciReply reply)
    {
        string? pressure = Mode.IsPressure && !Mode.IsBilevel ? Number(InspiratoryPressure, 1) : null;
        string? time = Mode.IsPressure && !Mode.IsBilevel ? Number(readings.Settings.InspiratoryTime, 2) : null;
        double cycle = 60 / readings.Settings.Rate;
        reply
            .Put(5, Time, settings.Identity, Date, "INVASIVE", Mode.Extended, Mode.Mandatory, Mode.Spontaneous, "V-Trig")
            .Put(13, Mode.Mandatory.Length > 0 ? Number(readings.Settings.Rate, 1) : null, Volume, Mode.IsVolume ? "55.0" : null, Number(readings.Settings.OxygenPercent, 0), null)
            .Put(18, Mode.IsBilevel ? null : Number(PeepSet, 1), Mode.IsVolume ? "0.0" : null)
            .Put(20, "20", "0.500", "20.0", "55.0", "100", null, null, "RAMP", "VC", null, null)
            .Put(31, Mode.IsSupported ? "10.0" : null, Mode.IsVolume ? "RAMP" : null, "OFF")
            .Put(44, "4.5", "3.0", pressure, time)
            .Put(48, Mode.IsPressure ? "1.00" : null, Mode.IsPressure ? Number((cycle - readings.Settings.InspiratoryTime) / readings.Settings.InspiratoryTime, 2) : null, Mode.IsPressure ? "I-TIME" : null)
            .Put(51, null, null, "HME", null, "Enabled", "75", Mode.IsPressure ? "50" : null, null, Mode.IsSupported ? "25" : null, "70.0")
            .Put(66, "ADULT");
        if (Mode.IsBilevel)
        {
            reply
                .Put(62, Number(PeepSet + InspiratoryPressure, 1), Number(PeepSet, 1), Number(readings.Settings.InspiratoryTime, 2))
                .Put(67, Number(cycle - readings.Settings.InspiratoryTime, 2));
        }
    }

    private void PutLimits(DciReply reply) => reply
        .Put(34, "50", "OFF", "23.000", "3.000", "1200", "200", Mode.IsSupported ? "1200" : null, Mode.IsSupported ? "200" : "OFF", RateLimit, Mode.IsPressure ? "1000" : null);

    private void PutMeasured(DciReply reply)
    {
        double? spontaneous = Mode.IsSupported ? readings.SpontaneousMinuteVolume : null;
        reply
            .Put(69, Of(readings.PlateauPressure * CmH2O, 1), Of(readings.Rate, 1), Of(readings.ExpiredVolume / Litre, 3), Of(readings.MinuteVolume, 3))
            .Put(73, Of(readings.PeakPressure * CmH2O, 1), Of(readings.MeanPressure * CmH2O, 1), Of(readings.ExpiratoryPart, 2), Ratio, Of(readings.InspiredOxygen, 0))
            .Put(78, Mode.IsVolume ? Number(VolumeSet, 3) : Of(readings.InspiredVolume / Litre, 3))
            .Put(85, Mode.IsSupported ? Of(readings.ShallowBreathing, 0) : null)
            .Put(87, Of(readings.Peep * CmH2O, 1), null, Of(spontaneous, 3), "0.0", "0.0", "0.0", "0.0", "0.0", null)
            .Put(96, Of(readings.DynamicCompliance / CmH2O, 1), Of(readings.Resistance * CmH2O, 1), null, Of(peakExpiratoryFlow, 1), readings.Rate is null ? null : "0.0")
            .Put(102, "0.0", "0.0", "0.000", alarms.Silenced ? "ON" : "OFF")
            .Put(154, Mode.IsSupported ? Of(readings.OfSpontaneous(readings.ExpiredVolume / Litre), 3) : null);
    }

    private void PutAlarms(DciReply reply)
    {
        reply
            .Fill(106, 153, "NORMAL")
            .Put(110, alarms.Extended(Alarm.HighPressure))
            .Put(112, alarms.Extended(Alarm.HighRate))
            .Put(117, alarms.Extended(Alarm.LowVolume))
            .Put(118, alarms.Extended(Alarm.LowMinuteVolume))
            .Put(121, alarms.Extended(Alarm.AirSupply))
            .Put(124, alarms.Extended(Alarm.Disconnect));
        if (settings.Is980)
        {
            reply.Fill(146, 153, string.Empty).Put(160, "NORMAL").Put(163, "0.400", "1.900").Put(172, "BREATH");
        }
    }
}
