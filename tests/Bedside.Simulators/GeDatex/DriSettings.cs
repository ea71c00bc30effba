namespace Bedside.Simulators.GeDatex;

/// <summary>What the command line said of this specimen.</summary>
/// <param name="Level">Interface level, 2 to 11.</param>
/// <param name="Baud">Bits per second.</param>
/// <param name="DriftPpm">How much faster than the box's clock the monitor's runs.</param>
/// <param name="ClockOffset">Wall clock less UTC, ns.</param>
internal sealed record DriSettings(int Level, int Baud, double DriftPpm, long ClockOffset)
{
    public const int FirstLevelWithLongList = 11;
    public const int FastBaud = 115_200;

    public ushort Plug { get; init; } = 0x1234;

    /// <summary>Milliseconds between packets of waves; 0 = as the rate of all asks for.</summary>
    public int PacketMilliseconds { get; init; }

    /// <summary>Modules of an operating theatre: agents, relaxation, BIS, entropy, SPI.</summary>
    public bool Anaesthesia { get; init; }

    public bool Picco { get; init; }

    public bool French { get; init; }

    /// <summary>Waves limited to 600 samples a second and eight.</summary>
    public bool IsSlow => Baud < FastBaud || Level < FirstLevelWithLongList;
}

/// <summary>The patient with the conditions that faults make, at one instant.</summary>
/// <param name="Now">Simulation time, ns.</param>
/// <param name="PatientTime">Ns since the patient's epoch.</param>
internal sealed record DriMoment(Simulation Simulation, DriSettings Settings, long Now, long PatientTime)
{
    public bool Is(string fault) => Simulation.Faults.Active(fault);

    public double Value(Physiology.PatientValue value) => Simulation.Patient.Value(value, PatientTime);
}
