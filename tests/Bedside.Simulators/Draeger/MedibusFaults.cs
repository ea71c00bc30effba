namespace Bedside.Simulators.Draeger;

/// <summary>What can go wrong with a Dräger ventilator and its cable, by name.</summary>
public static class MedibusFaults
{
    public const string Garbage = "garbage";
    public const string DropBytes = "drop-bytes";
    public const string FlipBits = "flip-bits";
    public const string DoubleBytes = "double-bytes";
    public const string Silence = "silence";
    public const string RealtimeOnly = "realtime-only";
    public const string Reboot = "reboot";
    public const string CorruptChecksum = "corrupt-checksum";
    public const string LostSync = "lost-sync";
    public const string Slow = "slow";
    public const string Deaf = "deaf";
    public const string EmbeddedNop = "embedded-nop";
    public const string Suspend = "suspend";
    public const string SuspendForever = "suspend-forever";
    public const string Cancel = "cancel";
    public const string Rescale = "rescale";
    public const string ClockSet = "clock-set";
    public const string Standby = "standby";
    public const string Disconnect = "disconnect";
    public const string Co2Off = "co2-off";
    public const string AirSupply = "air-supply";
    public const string Initialise = "initialise";

    private const double Ever = double.PositiveInfinity;

    public static IReadOnlyList<FaultKind> All { get; } =
    [
        new(Garbage, 30, 3, "bursts of random bytes between and inside the frames"),
        new(DropBytes, 30, 10, "one byte in a hundred is lost"),
        new(FlipBits, 30, 10, "one byte in two hundred has a wrong bit"),
        new(DoubleBytes, 30, 10, "one byte in two hundred comes twice"),
        new(Silence, 30, 15, "the cable is out: nothing either way"),
        new(RealtimeOnly, 30, 10, "slow data stop, realtime data go on"),
        new(Reboot, 30, 8, "the device is switched off in the middle of whatever it sends, and on again"),
        new(CorruptChecksum, 30, 10, "every third response has a wrong checksum"),
        new(LostSync, 30, 10, "one sync byte of five in the realtime stream is lost"),
        new(Slow, 30, 20, "answers take four seconds"),
        new(Deaf, 30, 20, "commands are not answered, the device's own are sent"),
        new(EmbeddedNop, 0, Ever, "a NOP stands inside every response, a byte further in each time"),
        new(Suspend, 30, 1, "DC1 to the host, DC3 a second and a half later"),
        new(SuspendForever, 30, 1, "DC1 to the host and no DC3"),
        new(Cancel, 30, 1, "CAN in the middle of the next response, which ends there"),
        new(Rescale, 30, 1, "the realtime scales change: data stop, 56H is sent"),
        new(ClockSet, 30, 1, "the device's clock is set an hour ahead, 49H is sent"),
        new(Standby, 60, 60, "the ventilator is put on standby"),
        new(Disconnect, 60, 20, "the breathing circuit is open"),
        new(Co2Off, 60, 60, "the CO2 sensor is unplugged"),
        new(AirSupply, 60, 30, "the air supply fails: alarm of the highest priority"),
        new(Initialise, 30, 1, "the device begins a new session by itself"),
    ];
}
