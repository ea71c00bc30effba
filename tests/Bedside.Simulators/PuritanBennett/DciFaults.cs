namespace Bedside.Simulators.PuritanBennett;

/// <summary>What can go wrong with the ventilator's DCI port and its cable, by name.</summary>
public static class DciFaults
{
    public const string Reboot = "reboot";
    public const string Truncated = "truncated";
    public const string WrongCount = "wrong-count";
    public const string Stutter = "stutter";
    public const string Slow = "slow";
    public const string Deaf = "deaf";
    public const string ClockSet = "clock-set";
    public const string Standby = "standby";
    public const string Disconnect = "disconnect";
    public const string AirSupply = "air-supply";
    public const string Silenced = "silenced";

    private const double Ever = double.PositiveInfinity;

    public static IReadOnlyList<FaultKind> All { get; } =
    [
        .. NoisyCable.Faults("the replies"),
        new(Reboot, 30, 8, "the device is switched off in the middle of whatever it sends, and on again"),
        new(Truncated, 30, 20, "every second reply stops half way, without its end"),
        new(WrongCount, 30, 20, "every second reply states one field too many"),
        new(Stutter, 0, Ever, "every reply pauses for 1.2 s in its middle"),
        new(Slow, 30, 20, "answers take four seconds"),
        new(Deaf, 30, 20, "commands are not answered"),
        new(ClockSet, 30, 1, "the device's clock is set an hour ahead"),
        new(Standby, 60, 60, "the ventilator waits for a patient: nothing is measured"),
        new(Disconnect, 60, 20, "the breathing circuit is open"),
        new(AirSupply, 60, 30, "the air supply fails"),
        new(Silenced, 60, 120, "alarms are silenced"),
    ];
}

/// <summary>What can go wrong with the waveform port, by name.</summary>
public static class WaveformFaults
{
    public const string MissingEnd = "missing-end";
    public const string Truncated = "truncated-line";
    public const string Pause = "pause";
    public const string LongBreath = "long-breath";
    public const string Standby = "standby";
    public const string Disconnect = "disconnect";

    public static IReadOnlyList<FaultKind> All { get; } =
    [
        .. NoisyCable.Faults("the lines", "nothing comes"),
        new(MissingEnd, 30, 20, "breaths begin without the end of the one before"),
        new(Truncated, 30, 20, "one line in fifty stops after two characters"),
        new(Pause, 30, 1, "nothing is sent for 1.5 s after the present breath"),
        new(LongBreath, 30, 1, "the present breath lasts 14 s longer"),
        new(Standby, 60, 60, "the ventilator waits for a patient: nothing is sent"),
        new(Disconnect, 60, 20, "the breathing circuit is open"),
    ];
}
