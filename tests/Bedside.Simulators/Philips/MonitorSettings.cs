using System.Globalization;
using System.Net;

namespace Bedside.Simulators.Philips;

/// <summary>What the command line says about the monitor.</summary>
internal sealed record MonitorSettings
{
    /// <summary>Where indications go; null for nowhere.</summary>
    public IPEndPoint? Indicate { get; init; }

    /// <summary>Nanoseconds from the request to the answer; null for 1.0 to 2.2 s.</summary>
    public long? AcceptDelay { get; init; }

    /// <summary>Which of the extended profile's bits the monitor has.</summary>
    public uint Grant { get; init; } = 0xFE000000;

    public bool Demo { get; init; } = true;

    public bool Kilopascal { get; init; }

    public Language Language { get; init; } = Language.English;

    public AlarmScenario Alarms { get; init; } = AlarmScenario.Usual;

    public Demographics Patient { get; init; } = Demographics.Empty;

    /// <summary>Who is admitted when the patient changes.</summary>
    public Demographics NextPatient { get; init; } = Demographics.Empty;

    public uint RelativeStart { get; init; } = 0x0D59F800;

    public double DriftPpm { get; init; }

    public TimeSpan WallOffset { get; init; }

    public int Mtu { get; init; } = 1456;

    public string Bed { get; init; } = "BED-01";

    public static IReadOnlyList<DeviceOption> Options { get; } =
    [
        new("indicate", "ADDR:PORT", "where connect indications go: 127.0.0.1:24005 on UDP unless given, 'none', 224.0.23.63:24005, a subnet's broadcast"),
        new("accept-delay", "SECONDS", "from the association request to the accept (1.0 to 2.2 unless given)"),
        new("mtu", "BYTES", "longest datagram, 300 to 1456"),
        new("grant", "HEX", "bits of the extended poll profile that the monitor grants (FE000000 unless given)"),
        new("relative-start", "HEX", "relative clock at the start, in 1/8 ms (0D59F800 unless given)"),
        new("wall-offset-days", "N", "how far the monitor's wall clock is ahead"),
        new("drift-ppm", "N", "how much too fast the monitor's clock runs"),
        new("language", "en|de|fr", "language of labels and alarm texts"),
        new("kpa", Argument: null, "pressures in kPa instead of mmHg"),
        new("alarms", "none|usual|many|long", "what the alarm lists hold"),
        new("admit", "FAMILY,GIVEN,ID[,YYYY-MM-DD[,m|f]]", "an invented patient; none unless given"),
        new("bed", "LABEL", "bed label, up to 16 characters"),
        new("wfdb", "RECORD", "play a WFDB record instead of the simulated patient; may be repeated to join records"),
        new("once", Argument: null, "with --wfdb: fall silent at the end of the record instead of beginning anew"),
    ];

    /// <summary>Reads the monitor's own options.</summary>
    /// <exception cref="UsageException">An option's value makes no sense.</exception>
    public static MonitorSettings From(Simulation simulation)
    {
        Arguments arguments = simulation.Arguments;
        var today = DateOnly.FromDateTime(simulation.Clock.StartedAt.ToDateTime().UtcDateTime);
        return new MonitorSettings
        {
            Indicate = Destination(arguments),
            AcceptDelay = arguments.Has("accept-delay") ? SimulationClock.FromSeconds(InRange(arguments, "accept-delay", 0, 0, 60)) : null,
            Grant = Hexadecimal(arguments, "grant", 0xFE000000),
            Kilopascal = arguments.Has("kpa"),
            Language = Choice(arguments, "language", Language.All, l => l.Name, Language.English),
            Alarms = Choice(arguments, "alarms", Enum.GetValues<AlarmScenario>(), s => s.ToString().ToLowerInvariant(), AlarmScenario.Usual),
            Patient = arguments.Value("admit") is { } text ? Demographics.Admitted(text, today) : Demographics.Empty,
            NextPatient = Demographics.Admitted("Exemple,Camille,SIM-0002,1951-03-09,f", today),
            RelativeStart = simulation.Faults.Active(MonitorFaults.CounterWrap) ? 0xFFFF0000 : Hexadecimal(arguments, "relative-start", 0x0D59F800),
            DriftPpm = InRange(arguments, "drift-ppm", 0, -100_000, 100_000),
            WallOffset = TimeSpan.FromDays(InRange(arguments, "wall-offset-days", 0, -36_500, 36_500)),
            Mtu = (int)InRange(arguments, "mtu", 1456, 300, 1456),
            Bed = arguments.Value("bed") is { Length: <= 16 } bed ? bed : arguments.Has("bed") ? throw new UsageException("--bed is longer than 16 characters") : "BED-01",
        };
    }

    private static IPEndPoint? Destination(Arguments arguments) => arguments.Value("indicate") switch
    {
        "none" => null,
        { } text => Arguments.Address("indicate", text),
        null => arguments.Transport is Transport.Udp ? new IPEndPoint(IPAddress.Loopback, 24_005) : null,
    };

    private static T Choice<T>(Arguments arguments, string option, IEnumerable<T> choices, Func<T, string> name, T otherwise)
    {
        if (arguments.Value(option) is not { } text)
        {
            return otherwise;
        }

        T[] all = [.. choices];
        int found = Array.FindIndex(all, c => name(c) == text);
        return found >= 0 ? all[found] : throw new UsageException($"--{option} is one of {string.Join(", ", all.Select(name))}, not '{text}'");
    }

    private static double InRange(Arguments arguments, string option, double otherwise, double least, double most)
    {
        double number = arguments.Number(option, otherwise);
        return number >= least && number <= most ? number : throw new UsageException($"--{option} is out of range");
    }

    private static uint Hexadecimal(Arguments arguments, string option, uint otherwise)
    {
        if (arguments.Value(option) is not { } text)
        {
            return otherwise;
        }

        bool read = uint.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint number);
        return read ? number : throw new UsageException($"--{option} needs a hexadecimal number, not '{text}'");
    }
}
