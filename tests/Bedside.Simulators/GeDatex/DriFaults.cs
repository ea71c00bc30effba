namespace Bedside.Simulators.GeDatex;

/// <summary>What can go wrong with an S/5 monitor, its patient and its cable, by name.</summary>
public static class DriFaults
{
    public const string Garbage = "garbage";
    public const string DropBytes = "drop-bytes";
    public const string FlipBits = "flip-bits";
    public const string DoubleBytes = "double-bytes";
    public const string Silence = "silence";
    public const string Restart = "restart";
    public const string BadChecksum = "bad-checksum";
    public const string LostFlag = "lost-flag";
    public const string Truncated = "truncated";
    public const string LostRecord = "lost-record";
    public const string Handshake = "handshake";
    public const string Deaf = "deaf";
    public const string ClockSet = "clock-set";
    public const string LeadOff = "lead-off";
    public const string Asystole = "asystole";
    public const string Pacer = "pacer";
    public const string ProbeOff = "probe-off";
    public const string Relabel = "relabel";
    public const string Zeroing = "zeroing";
    public const string Apnoea = "apnoea";
    public const string Disconnect = "disconnect";
    public const string Cuff = "cuff";
    public const string Mark = "mark";
    public const string Silenced = "silenced";
    public const string NoCase = "no-case";
    public const string Specials = "specials";

    public static IReadOnlyList<FaultKind> All { get; } =
    [
        new(Garbage, 30, 3, "bursts of random bytes between and inside the records"),
        new(DropBytes, 30, 10, "one byte in two hundred is lost"),
        new(FlipBits, 30, 10, "one byte in two hundred has a wrong bit"),
        new(DoubleBytes, 30, 10, "one byte in two hundred comes twice"),
        new(Silence, 30, 15, "the cable is out: nothing either way"),
        new(Restart, 30, 8, "the monitor is switched off in the middle of whatever it sends, and on again: all requests are forgotten"),
        new(BadChecksum, 30, 10, "every third record has a wrong checksum"),
        new(LostFlag, 30, 10, "every third record comes without its last flag"),
        new(Truncated, 30, 10, "every third record ends half-way"),
        new(LostRecord, 30, 10, "every fifth record is not sent, but counted"),
        new(Handshake, 30, 1, "the client's CTS was away for more than two seconds: waves stop until they are asked for again"),
        new(Deaf, 30, 20, "requests are not heard"),
        new(ClockSet, 30, 1, "the monitor's clock is set an hour ahead"),
        new(LeadOff, 60, 20, "an electrode is off: ECG without samples"),
        new(Asystole, 60, 20, "no rhythm: heart rate 0 and a red alarm"),
        new(Pacer, 60, 20, "the monitor sees a pacer in the ECG"),
        new(ProbeOff, 60, 20, "the module of the oximeter is taken out"),
        new(Relabel, 60, 60, "the first pressure is labelled ABP instead of ART"),
        new(Zeroing, 60, 10, "the first pressure is being zeroed"),
        new(Apnoea, 60, 30, "no breath in the CO2: apnoea and a red alarm"),
        new(Disconnect, 60, 20, "the breathing circuit is open"),
        new(Cuff, 60, 25, "the cuff measures"),
        new(Mark, 60, 1, "the mark button is pressed"),
        new(Silenced, 60, 30, "alarms are silenced for two minutes"),
        new(NoCase, 60, 120, "the patient's case is ended: no trends"),
        new(Specials, 60, 20, "every special value in the airway group"),
    ];
}
