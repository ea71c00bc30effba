namespace Bedside.Simulators.Servo;

/// <summary>The SERVO ventilators, as the command line offers them.</summary>
public static class ServoPorts
{
    private static readonly string[] Models = ["i", "s", "u", "n", "air"];

    private const int Baud = 9_600;
    private const double DefaultDelayMilliseconds = 60;
    private const long NanosecondsPerMillisecond = 1_000_000;

    public static DeviceKind Servo { get; } = new("servo-i", "Getinge SERVO ventilator, computer interface (CIE)", Baud, Transport.Pty, Create)
    {
        Frame = "8E1",
        Options =
        [
            new("model", "i|s|u|n|air", "which SERVO (i unless given); -s has no CO2 and no Edi"),
            new("highest", "N", "highest version of the protocol, 1 to 5 (5 unless given)"),
            new("sampling", "MS", "sampling time that somebody has set, 4 to 224 ms, even (20 unless given)"),
            new("serial", "TEXT", "serial number"),
            new("delay", "MS", "from a command to its answer (60 unless given)"),
            new("clock-offset", "SECONDS", "how far the device's wall clock is ahead of UTC"),
            new("drift", "PPM", "how much faster the device's clock runs"),
        ],
        Faults = ServoFaults.All,
    };

    private static ServoDevice Create(Simulation simulation)
    {
        Arguments arguments = simulation.Arguments;
        string model = arguments.Value("model") ?? "i";
        if (!Models.Contains(model))
        {
            throw new UsageException($"--model is i, s, u, n or air, not '{model}'");
        }

        double sampling = arguments.Number("sampling", 20);
        double highest = arguments.Number("highest", 5);
        if (sampling is < 4 or > 224 || sampling % 2 != 0 || highest is < 1 or > 5)
        {
            throw new UsageException("--sampling is an even number from 4 to 224, and --highest a number from 1 to 5");
        }

        return new ServoDevice(simulation, new ServoSettings(model, (int)highest, (int)sampling, arguments.Value("serial") ?? "10001", arguments.Baud)
        {
            Delay = (long)(arguments.Number("delay", DefaultDelayMilliseconds) * NanosecondsPerMillisecond),
            ClockOffset = (long)(arguments.Number("clock-offset", 0) * 1e9),
            DriftPpm = arguments.Number("drift", 0),
        });
    }
}

/// <summary>What the command line said of this ventilator.</summary>
public sealed record ServoSettings(string Model, int HighestVersion, int SampleMilliseconds, string Serial, int Baud)
{
    /// <summary>From a command to its answer, ns.</summary>
    public long Delay { get; init; }

    /// <summary>Device's wall clock less UTC, ns.</summary>
    public long ClockOffset { get; init; }

    public double DriftPpm { get; init; }

    public bool HasGasAnalyser => Model == "i";
}

/// <summary>What can go wrong with the ventilator and its cable, by name.</summary>
public static class ServoFaults
{
    public const string Reboot = "reboot";
    public const string WrongCheck = "wrong-check";
    public const string Overflow = "overflow";
    public const string Slow = "slow";
    public const string Deaf = "deaf";
    public const string Standby = "standby";
    public const string Disconnect = "disconnect";
    public const string Co2Off = "co2-off";
    public const string AirSupply = "air-supply";
    public const string Silenced = "silenced";
    public const string ModeChange = "mode-change";

    public static IReadOnlyList<FaultKind> All { get; } =
    [
        .. NoisyCable.Faults("what is sent"),
        new(Reboot, 30, 8, "the device is switched off in the middle of whatever it sends, and on again: basic mode, nothing chosen"),
        new(WrongCheck, 30, 10, "one in twenty of the pieces sent, mostly samples or answers, ends with a wrong bit"),
        new(Overflow, 30, 1, "the device's buffer runs full: the stream ends by itself"),
        new(Slow, 30, 20, "answers take a second and a quarter, which is longer than documented"),
        new(Deaf, 30, 20, "commands are not answered"),
        new(Standby, 60, 60, "the ventilator is in standby: no data flow"),
        new(Disconnect, 60, 20, "the breathing circuit is open"),
        new(Co2Off, 60, 60, "the CO2 analyser is unplugged: its channels have no value"),
        new(AirSupply, 60, 30, "the air supply fails"),
        new(Silenced, 60, 120, "alarms are silenced"),
        new(ModeChange, 60, 60, "somebody sets volume control and a higher rate"),
    ];
}
