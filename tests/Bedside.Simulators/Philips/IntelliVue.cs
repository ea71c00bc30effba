using System.Globalization;

namespace Bedside.Simulators.Philips;

/// <summary>The monitor as the command line offers it.</summary>
internal static class IntelliVue
{
    /// <summary>Cycles and blocks begin at multiples of this, so the clock must start at one.</summary>
    private const uint StartGrain = 2048;

    public static DeviceKind Kind { get; } = new(
        "philips-intellivue",
        "Philips IntelliVue patient monitor, Data Export Interface over LAN or RS-232",
        115_200,
        Transport.Pty | Transport.Tcp | Transport.Udp,
        Create)
    {
        Options = MonitorSettings.Options,
        Faults = MonitorFaults.Kinds,
    };

    private static Monitor Create(Simulation simulation)
    {
        var settings = MonitorSettings.From(simulation);
        return Build(simulation, settings);
    }

    /// <summary>Puts the monitor together; a test does so with its own settings.</summary>
    internal static Monitor Build(Simulation simulation, MonitorSettings settings)
    {
        var clock = new MonitorClock(simulation.Clock, settings.RelativeStart & ~(StartGrain - 1), settings.DriftPpm, settings.WallOffset);
        ISignalSource source = Source(simulation, settings, clock);
        var identity = new MonitorIdentity
        {
            Mac = [0x02, 0x09, 0xFB, 0, (byte)(simulation.Arguments.Seed >> 8), (byte)simulation.Arguments.Seed],
            Bed = settings.Bed,
            Language = settings.Language.Code,
            OperatingMode = settings.Demo ? (ushort)0x2000 : (ushort)0x4000,
            SafetyStandard = 0,
            Altitude = 0,
            Sources = (BedsideObjects.OximeterPulse, BedsideObjects.HeartRate),
            Products = [(1, string.Create(CultureInfo.InvariantCulture, $"SIM{simulation.Arguments.Seed}")), (4, "G.01.75")],
        };
        var instrument = new Instrument(
            source,
            clock,
            new SystemObject(identity),
            new AlarmBoard(source, settings.Language, settings.Demo, settings.Alarms),
            settings.Language)
        {
            CuffTime = tick => clock.WallOfPatient(simulation.Patient.LastCuffMeasurement(clock.PatientTime(tick))),
        };
        IChannel channel = simulation.Arguments.Transport is Transport.Udp ? new DatagramChannel(simulation, settings.Mtu) : new SerialChannel(simulation);
        return new Monitor(simulation, settings, instrument, channel);
    }

    private static ISignalSource Source(Simulation simulation, MonitorSettings settings, MonitorClock clock)
    {
        IReadOnlyList<string> records = simulation.Arguments.Values("wfdb");
        if (records.Count == 0)
        {
            return simulation.Arguments.Has("once")
                ? throw new UsageException("--once goes with --wfdb")
                : new PatientSignals(simulation.Patient, clock, simulation.Faults, settings.Kilopascal);
        }

        return RecordedSignals.Open(records, simulation.Arguments.Has("once"), simulation.Log);
    }
}
