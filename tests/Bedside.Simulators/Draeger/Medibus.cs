namespace Bedside.Simulators.Draeger;

/// <summary>The two ventilators, as the command line offers them.</summary>
public static class Medibus
{
    private const int Baud = 19_200;
    private const string EvenParity = "8E1";
    private const double DefaultDelayMilliseconds = 25;
    private const long NanosecondsPerMillisecond = 1_000_000;

    public static DeviceKind Evita { get; } = new("draeger-evita", "Dräger Evita 4 ventilator (classic MEDIBUS)", Baud, Transport.Pty, CreateEvita)
    {
        Frame = EvenParity,
        Options = [new("oximeter", Argument: null, "the SpO2 option is fitted"), .. Shared],
        Faults = MedibusFaults.All,
    };

    public static DeviceKind V500 { get; } = new("draeger-v500", "Dräger Evita V500 ventilator (MEDIBUS.X)", Baud, Transport.Pty, CreateV500)
    {
        Frame = EvenParity,
        Options = Shared,
        Faults = MedibusFaults.All,
    };

    private static DeviceOption[] Shared =>
    [
        new("id", "NNNN", "identification number instead of the model's own"),
        new("name", "NAME", "name instead of the model's own"),
        new("no-parity", Argument: null, "8N1 instead of 8E1: ten bits a byte"),
        new("no-embed", Argument: null, "do not put the request for identification into the response to ICC"),
        new("english-months", Argument: null, "MAY, OCT, DEC in the date instead of MAI, OKT, DEZ"),
        new("no-seconds", Argument: null, "a clock without seconds"),
        new("omit", "CODES", "codes never sent, two digits each, with commas: 7D,B9"),
        new("delay", "MS", "from a command to its answer (25 unless given)"),
        new("drift", "PPM", "how much faster the device's clock runs"),
        new("clock-offset", "SECONDS", "how far the device's wall clock is ahead of UTC"),
    ];

    private static MedibusDevice CreateEvita(Simulation simulation) => Create(simulation, Evita4.Model(simulation.Arguments.Has("oximeter")));

    private static MedibusDevice CreateV500(Simulation simulation) => Create(simulation, EvitaV500.Model);

    private static MedibusDevice Create(Simulation simulation, VentilatorModel model)
    {
        Arguments arguments = simulation.Arguments;
        var session = new SessionOptions(
            !arguments.Has("no-embed"),
            arguments.Has("english-months"),
            !arguments.Has("no-seconds"),
            (long)(arguments.Number("delay", DefaultDelayMilliseconds) * NanosecondsPerMillisecond));
        HashSet<string> omitted = [.. (arguments.Value("omit") ?? string.Empty).ToUpperInvariant().Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
        var settings = new MedibusSettings(session, omitted, arguments.Baud, arguments.Has("no-parity") ? 10 : arguments.Line.BitsPerByte, arguments.Number("drift", 0))
        {
            ClockOffset = (long)(arguments.Number("clock-offset", 0) * 1e9),
        };
        return new MedibusDevice(simulation, model with { Id = Id(arguments, model), Name = arguments.Value("name") ?? model.Name }, settings);
    }

    private static string Id(Arguments arguments, VentilatorModel model)
    {
        string id = arguments.Value("id") ?? model.Id;
        return id.Length == 4 && id.All(char.IsAsciiHexDigitUpper) ? id : throw new UsageException("--id needs four digits such as 8240");
    }
}
