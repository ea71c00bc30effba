namespace Bedside.Simulators.PuritanBennett;

/// <summary>The Puritan Bennett ventilators, as the command line offers them: two on the DCI port, and the waveform port.</summary>
public static class PuritanBennettPorts
{
    private const int DciBaud = 9_600;
    private const int WaveformBaud = 38_400;
    private const double DefaultDelayMilliseconds = 40;
    private const double DefaultWrap = 99_999;
    private const long NanosecondsPerMillisecond = 1_000_000;

    public static DeviceKind Pb840 { get; } = new("puritan-bennett-840", "Puritan Bennett 840 ventilator, DCI port (SNDA, SNDF)", DciBaud, Transport.Pty, simulation => CreateDci(simulation, "840 3500000001", is980: false))
    {
        Options = DciOptions,
        Faults = DciFaults.All,
    };

    public static DeviceKind Pb980 { get; } = new("puritan-bennett-980", "Puritan Bennett 980 ventilator, DCI port (SNDA, SNDF)", DciBaud, Transport.Pty, simulation => CreateDci(simulation, "980 35B0000001", is980: true))
    {
        Options = DciOptions,
        Faults = DciFaults.All,
    };

    public static DeviceKind Waveform { get; } = new("puritan-bennett-waveform", "Puritan Bennett 840 or 980 ventilator, waveform port", WaveformBaud, Transport.Pty, CreateWaveform)
    {
        Options =
        [
            new("breath", "N", "number of the first breath (65426 unless given)"),
            new("wrap", "N", "the breath after this one has number 0 (99999 unless given; the real one is not known)"),
            new("crlf", Argument: null, "lines end with CR LF instead of LF"),
            new("drift", "PPM", "how much faster the device's clock runs"),
        ],
        Faults = WaveformFaults.All,
    };

    private static DeviceOption[] DciOptions =>
    [
        new("mode", "MODE", "ac-vc, ac-pc (unless given), simv-vc, spont or bilevel"),
        new("identity", "TEXT", "model and serial number, at most 18 characters"),
        new("basic-only", Argument: null, "SNDF is not known: an older software"),
        new("states", "BYTES", "MISCF states this count of bytes, whatever it has (1229 is reported with Philips selected)"),
        new("delay", "MS", "from a command to its answer (40 unless given)"),
        new("clock-offset", "SECONDS", "how far the device's wall clock is ahead of UTC"),
    ];

    private static DciDevice CreateDci(Simulation simulation, string identity, bool is980)
    {
        Arguments arguments = simulation.Arguments;
        string mode = arguments.Value("mode") ?? "ac-pc";
        string named = arguments.Value("identity") ?? identity;
        if (named.Length > DciReply.IdentityWidth || named.Contains(',', StringComparison.Ordinal))
        {
            throw new UsageException("--identity has at most 18 characters and no comma");
        }

        var settings = new DciSettings(
            VentilationMode.ByName(mode) ?? throw new UsageException($"--mode is one of {string.Join(", ", VentilationMode.All.Select(known => known.Name))}, not '{mode}'"),
            named,
            is980,
            arguments.Has("basic-only"),
            arguments.Has("states") ? (int)arguments.Number("states", 0) : null,
            (long)(arguments.Number("delay", DefaultDelayMilliseconds) * NanosecondsPerMillisecond),
            (long)(arguments.Number("clock-offset", 0) * 1e9),
            arguments.PacedBaud);
        return new DciDevice(simulation, settings);
    }

    private static WaveformDevice CreateWaveform(Simulation simulation)
    {
        Arguments arguments = simulation.Arguments;
        return new WaveformDevice(simulation, new WaveformSettings(
            (long)arguments.Number("breath", 65_426),
            (long)arguments.Number("wrap", DefaultWrap),
            arguments.Has("crlf") ? "\r\n" : "\n",
            arguments.Number("drift", 0),
            arguments.PacedBaud));
    }
}

/// <summary>One of the ventilator's modes: the words it has for it in MISCA and MISCF.</summary>
/// <param name="Name">On our command line.</param>
/// <param name="Basic">Field 9A.</param>
/// <param name="Extended">Field 9F.</param>
/// <param name="Mandatory">Field 10F; empty = no mandatory breaths.</param>
/// <param name="Spontaneous">Field 11F; empty = no spontaneous breaths.</param>
public sealed record VentilationMode(string Name, string Basic, string Extended, string Mandatory, string Spontaneous)
{
    public static IReadOnlyList<VentilationMode> All { get; } =
    [
        new("ac-vc", "CMV", "A/C", "VC", ""),
        new("ac-pc", "CMV", "A/C", "PC", ""),
        new("simv-vc", "SIMV", "SIMV", "VC", "PS"),
        new("spont", "CPAP", "SPONT", "", "PS"),
        new("bilevel", "BILEVL", "BILEVL", "PC", "PS"),
    ];

    public bool IsVolume => Mandatory == "VC";

    public bool IsPressure => Mandatory == "PC";

    public bool IsBilevel => Extended == "BILEVL";

    public bool IsSupported => Spontaneous == "PS";

    public static VentilationMode? ByName(string name) => All.FirstOrDefault(mode => mode.Name == name);
}

/// <summary>What the command line said of this ventilator. Times in ns.</summary>
public sealed record DciSettings(VentilationMode Mode, string Identity, bool Is980, bool BasicOnly, int? StatedBytes, long Delay, long ClockOffset, int Baud);

/// <summary>What the command line said of this waveform port.</summary>
public sealed record WaveformSettings(long FirstBreath, long LastBreath, string LineEnd, double DriftPpm, int Baud);
