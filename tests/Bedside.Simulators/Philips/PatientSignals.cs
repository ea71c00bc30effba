using Bedside.Simulators.Physiology;

namespace Bedside.Simulators.Philips;

/// <summary>The monitor on the simulated patient.</summary>
internal sealed class PatientSignals : ISignalSource
{
    public const double KilopascalPerMillimetreOfMercury = 0.133322;

    private readonly Patient _patient;
    private readonly MonitorClock _clock;
    private readonly FaultSchedule _faults;

    public PatientSignals(Patient patient, MonitorClock clock, FaultSchedule faults, bool kilopascal)
    {
        _patient = patient;
        _clock = clock;
        _faults = faults;
        Waves = kilopascal ? [.. BedsideObjects.Waves.Select(ToKilopascal)] : BedsideObjects.Waves;
        Numerics = kilopascal ? [.. BedsideObjects.Numerics.Select(ToKilopascal)] : BedsideObjects.Numerics;
    }

    public IReadOnlyList<WaveObject> Waves { get; }

    public IReadOnlyList<NumericObject> Numerics { get; }

    public bool Fill(WaveObject wave, int part, long firstTick, Span<ushort> samples)
    {
        PatientWave source = SourceOf(wave.PhysioIds[part]);
        double factor = wave.Unit == Unit.Kilopascal ? KilopascalPerMillimetreOfMercury : 1;
        double largest = (1 << wave.SignificantBits) - 1;
        for (int at = 0; at < samples.Length; at++)
        {
            long time = _clock.PatientTime(firstTick + (at * (long)wave.TicksPerSample));
            double value = factor * _patient.Wave(source, time);

            // The pleth has no unit: its numbers fill the range.
            double scaled = double.IsNaN(wave.Scale.Lower.Value) ? 400 + (3000 * value) : wave.Scale.ToScaled(value);
            samples[at] = (ushort)Math.Clamp(Math.Round(scaled, MidpointRounding.ToEven), 0, largest);
        }

        if (wave.IsEcg)
        {
            Mark(wave, firstTick, samples);
        }

        return false;
    }

    public double Read(PatientValue value, long tick) => _patient.Value(value, _clock.PatientTime(tick));

    public bool IsOver(long tick) => false;

    /// <summary>Puts the patterns that are no samples: pacer pulses 180 ms before each beat, saturation at every sample.</summary>
    private void Mark(WaveObject wave, long firstTick, Span<ushort> samples)
    {
        const long BeforeBeat = 180_000_000;
        if (_faults.Active(MonitorFaults.Saturation))
        {
            samples.Fill(WaveObject.SaturationPattern);
        }

        if (!_faults.Active(MonitorFaults.Pacer))
        {
            return;
        }

        long from = _clock.PatientTime(firstTick);
        long to = _clock.PatientTime(firstTick + WaveObject.BlockTicks);
        foreach (long beat in _patient.Beats(from + BeforeBeat, to + BeforeBeat))
        {
            int at = (int)((beat - BeforeBeat - from) / (wave.TicksPerSample * MonitorClock.TickNanoseconds));
            samples[Math.Min(at, samples.Length - 1)] = WaveObject.PacerPattern;
        }
    }

    private static PatientWave SourceOf(ushort physioId) => physioId switch
    {
        0x0101 => PatientWave.EcgI,
        0x0102 => PatientWave.EcgII,
        0x013D => PatientWave.EcgIII,
        0x013E => PatientWave.EcgAvr,
        0x013F => PatientWave.EcgAvl,
        0x0140 => PatientWave.EcgAvf,
        0x0143 => PatientWave.EcgV,
        0x4BB4 => PatientWave.Pleth,
        0x4A14 => PatientWave.ArterialPressure,
        0x4A1C => PatientWave.PulmonaryPressure,
        0x4A44 => PatientWave.CentralVenousPressure,
        0x5000 => PatientWave.ImpedanceRespiration,
        0x50AC => PatientWave.AirwayCo2,
        _ => throw new ArgumentOutOfRangeException(nameof(physioId), physioId, "no curve of the patient"),
    };

    private static WaveObject ToKilopascal(WaveObject wave) => wave.Unit != Unit.MillimetreOfMercury ? wave : wave with
    {
        Unit = Unit.Kilopascal,
        Scale = wave.Scale with { Lower = ToKilopascal(wave.Scale.Lower), Upper = ToKilopascal(wave.Scale.Upper) },
    };

    private static NumericObject ToKilopascal(NumericObject numeric) => numeric.Unit != Unit.MillimetreOfMercury ? numeric : numeric with
    {
        Unit = Unit.Kilopascal,
        Parts = [.. numeric.Parts.Select(part => part with { Decimals = 1 })],
    };

    private static FloatValue ToKilopascal(FloatValue value) => FloatValue.Of(value.Value * KilopascalPerMillimetreOfMercury, 4);
}
