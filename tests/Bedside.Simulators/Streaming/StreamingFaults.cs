namespace Bedside.Simulators.Streaming;

/// <summary>What can go wrong with any device that speaks by itself, by name.</summary>
public static class StreamingFaults
{
    public const string Garbage = "garbage";
    public const string DropBytes = "drop-bytes";
    public const string FlipBits = "flip-bits";
    public const string DoubleBytes = "double-bytes";
    public const string Silence = "silence";
    public const string Reboot = "reboot";
    public const string Truncate = "truncate";

    public static IReadOnlyList<FaultKind> All { get; } =
    [
        new(Garbage, 30, 3, "bursts of random bytes between and inside the messages"),
        new(DropBytes, 30, 10, "one byte in four hundred is lost"),
        new(FlipBits, 30, 10, "one byte in four hundred has a wrong bit"),
        new(DoubleBytes, 30, 10, "one byte in four hundred comes twice"),
        new(Silence, 30, 15, "the cable is out"),
        new(Reboot, 30, 8, "the device is switched off in the middle of a message, and on again"),
        new(Truncate, 30, 10, "one message in three breaks off"),
    ];
}
