namespace Bedside.Simulators.PuritanBennett;

/// <summary>The alarms that this ventilator can raise.</summary>
public enum Alarm
{
    HighPressure,
    HighRate,
    LowVolume,
    LowMinuteVolume,
    AirSupply,
    Disconnect,
}

/// <summary>
/// The life of each alarm: NORMAL, then its urgency, which rises when it lasts, then RESET for a minute, then NORMAL. How long RESET stands on a real
/// device is not known.
/// </summary>
public sealed class AlarmWords
{
    private const long Second = 1_000_000_000;
    private const long RisesAfter = 10 * Second;
    private const long ResetLasts = 60 * Second;

    private readonly Dictionary<Alarm, (long Since, bool On)> _states = [];
    private long _now;

    /// <summary>Alarm sound off.</summary>
    public bool Silenced { get; set; }

    /// <summary>Sets what holds at a moment, in ns.</summary>
    public void Set(long now, Alarm alarm, bool holds)
    {
        _now = now;
        bool known = _states.TryGetValue(alarm, out (long Since, bool On) state);
        if (known ? state.On != holds : holds)
        {
            _states[alarm] = (now, holds);
        }
    }

    /// <summary>MISCA knows no urgency.</summary>
    public string Basic(Alarm alarm) => Extended(alarm) is "NORMAL" or "RESET" ? Extended(alarm) : "ALARM";

    public string Extended(Alarm alarm)
    {
        if (!_states.TryGetValue(alarm, out (long Since, bool On) state))
        {
            return "NORMAL";
        }

        long age = _now - state.Since;
        if (!state.On)
        {
            return age < ResetLasts ? "RESET" : "NORMAL";
        }

        bool high = alarm == Alarm.Disconnect || (age >= RisesAfter && alarm != Alarm.AirSupply);
        return high ? "HIGH" : alarm == Alarm.AirSupply ? "LOW" : "MEDIUM";
    }
}
