namespace Bedside.Simulators.GeDatex;

/// <summary>The monitor as the command line offers it.</summary>
public static class S5
{
    private const int Baud = 19_200;
    private const int LowestLevel = 2;
    private const int HighestLevel = 11;
    private const double UsualLevel = 10;
    private const double UsualPlug = 0x1234;

    public static DeviceKind Kind { get; } = new("ge-s5", "GE / Datex-Ohmeda S/5 or CARESCAPE monitor, S/5 Computer Interface over RS-232", Baud, Transport.Pty, Create)
    {
        Frame = "8E1",
        Options =
        [
            new("level", "N", "interface level, 2 ('95) to 11 (CARESCAPE 3, '15); 10 unless given"),
            new("plug", "N", "number of the monitor's plug (4660 unless given)"),
            new("packet", "MS", "time between packets of waves instead of what the rate of all asks for: 125 to 1000"),
            new("anaesthesia", Argument: null, "modules of an operating theatre: agent, relaxation, BIS, entropy, SPI"),
            new("picco", Argument: null, "a PiCCO module (level 11)"),
            new("french", Argument: null, "alarm texts in French"),
            new("wfdb", "RECORD", "waves of a WFDB record instead of the patient's; may be repeated"),
            new("once", Argument: null, "end the waves with the record instead of beginning again"),
            new("drift", "PPM", "how much faster the monitor's clock runs"),
            new("clock-offset", "SECONDS", "how far the monitor's wall clock is ahead of UTC"),
        ],
        Faults = DriFaults.All,
    };

    private static DriMonitor Create(Simulation simulation)
    {
        Arguments arguments = simulation.Arguments;
        int level = (int)arguments.Number("level", UsualLevel);
        int packet = (int)arguments.Number("packet", 0);
        if (level is < LowestLevel or > HighestLevel)
        {
            throw new UsageException($"--level is out of range; there are levels {LowestLevel} to {HighestLevel}");
        }

        if (packet is not 0 and (< 125 or > 1000))
        {
            throw new UsageException("--packet is out of range; monitors wait 125 to 1000 ms");
        }

        var settings = new DriSettings(level, arguments.Baud, arguments.Number("drift", 0), (long)(arguments.Number("clock-offset", 0) * 1e9))
        {
            Plug = (ushort)arguments.Number("plug", UsualPlug),
            PacketMilliseconds = packet,
            Anaesthesia = arguments.Has("anaesthesia"),
            Picco = arguments.Has("picco"),
            French = arguments.Has("french"),
        };
        return new DriMonitor(simulation, settings, Source(simulation));
    }

    private static IWaveSource Source(Simulation simulation)
    {
        IReadOnlyList<string> records = simulation.Arguments.Values("wfdb");
        if (records.Count > 0)
        {
            return RecordedWaves.Open(records, simulation.Arguments.Has("once"), simulation.Log);
        }

        return simulation.Arguments.Has("once") ? throw new UsageException("--once goes with --wfdb") : new PatientWaves();
    }
}
