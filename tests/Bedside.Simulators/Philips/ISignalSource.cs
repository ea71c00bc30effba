using Bedside.Simulators.Physiology;

namespace Bedside.Simulators.Philips;

/// <summary>What the monitor's sensors are on: the simulated patient or a recording. Ticks are 1/8 ms since the monitor started.</summary>
internal interface ISignalSource
{
    IReadOnlyList<WaveObject> Waves { get; }

    IReadOnlyList<NumericObject> Numerics { get; }

    /// <summary>Puts a wave's samples as the monitor would send them, the first at <paramref name="firstTick"/>; true when the block is good for nothing.</summary>
    bool Fill(WaveObject wave, int part, long firstTick, Span<ushort> samples);

    /// <summary>A number, not rounded, in mmHg where it is a pressure; NaN when there is none.</summary>
    double Read(PatientValue value, long tick);

    /// <summary>Whether there is nothing left from that time on.</summary>
    bool IsOver(long tick);
}
