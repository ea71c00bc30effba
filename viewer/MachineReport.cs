using Bedside.Model;

namespace Bedside.Viewer;

/// <summary>How the box's machine does, as far as it can be measured. The host tells it; null = not measured on this machine.</summary>
public sealed record MachineReport
{
    /// <summary>Of its hottest sensor, °C.</summary>
    public double? TemperatureCelsius { get; init; }

    /// <summary>Which sensor that is.</summary>
    public string TemperatureSensor { get; init; } = string.Empty;

    /// <summary>The processor is slowed down for heat or power now.</summary>
    public bool? Throttled { get; init; }

    /// <summary>It was, since the machine was switched on.</summary>
    public bool? ThrottledBefore { get; init; }

    /// <summary>The supply's voltage is too low now.</summary>
    public bool? Undervoltage { get; init; }

    /// <summary>It was, since the machine was switched on.</summary>
    public bool? UndervoltageBefore { get; init; }

    /// <summary>A daemon keeps the clock.</summary>
    public bool? ClockSynchronised { get; init; }

    /// <summary>Half-width of the interval that holds the true time, microseconds.</summary>
    public uint? ClockUncertaintyUs { get; init; }

    /// <summary>What the kernel counts time by.</summary>
    public string ClockCounter { get; init; } = string.Empty;

    /// <summary>When the machine was switched on.</summary>
    public UtcInstant? BootedAt { get; init; }

    /// <summary>Why the program began.</summary>
    public StartCause? Start { get; init; }

    /// <summary>When the run before ended, or was last known to go on.</summary>
    public UtcInstant? FormerUntil { get; init; }
}

/// <summary>Why a program began, from how the run before ended and whether the machine is still the same boot.</summary>
public enum StartCause
{
    /// <summary>Nothing is known of a run before.</summary>
    First,

    /// <summary>It was ended in order, and begun again.</summary>
    Restarted,

    /// <summary>It ended suddenly, and the machine went on.</summary>
    ProgramDied,

    /// <summary>The machine was shut down in order.</summary>
    MachineRestarted,

    /// <summary>The machine went down without a word: its power was cut, or it crashed.</summary>
    PowerLost,
}
