using Bedside.Simulators.Physiology;

namespace Bedside.Simulators.GeDatex;

/// <summary>Where samples come from: the simulated patient or a recording.</summary>
internal interface IWaveSource
{
    /// <summary>Sample number <paramref name="index"/> since this wave began to be sent.</summary>
    short Sample(byte wave, long index, DriMoment at);

    /// <summary>Lead code of an ECG, label of a pressure; 0 for the others.</summary>
    int Label(byte wave, DriMoment at);

    /// <summary>Nothing is left to send from that sample on.</summary>
    bool IsOver(byte wave, long index);
}

/// <summary>Samples a second and the first level of each wave that the record specification has.</summary>
internal static class DriWaveList
{
    /// <summary>Waves, samples a second, first level.</summary>
    private static readonly (byte[] Waves, int Rate, int Level)[] Groups =
    [
        ([1, 2, 3], 300, 3),
        ([4, 5, 6, 7, 8, 16, 17], 100, 3),
        ([9, 10, 11, 12, 13, 14, 15], 25, 3),
        ([18, 19, 20, 21], 100, 5),
        ([23, 24, 29], 25, 5),
        ([32], 100, 8),
        ([35], 300, 8),
        ([36, 37, 38], 100, 9),
        ([39], 100, 11),
    ];

    private static readonly Dictionary<byte, (int Rate, int Level)> Rows =
        Groups.SelectMany(group => group.Waves.Select(wave => (wave, group.Rate, group.Level))).ToDictionary(row => row.wave, row => (row.Rate, row.Level));

    public static int Rate(byte wave) => Rows[wave].Rate;

    /// <summary>
    /// What a monitor sends of what it is asked for: in the order of the list, as far as 600 samples a second go on a slow line; what does not fit, or
    /// what it does not have, is left out without a word.
    /// </summary>
    public static IReadOnlyList<byte> Admit(IReadOnlyList<byte> asked, DriSettings settings)
    {
        const int MostSamples = 600;
        const int MostWaves = 24;
        var admitted = new List<byte>();
        int rate = 0;
        foreach (byte wave in asked.Take(settings.IsSlow ? 8 : MostWaves))
        {
            if (!Rows.TryGetValue(wave, out (int Rate, int Level) row) || row.Level > settings.Level || admitted.Contains(wave))
            {
                continue;
            }

            if (!settings.IsSlow || rate + row.Rate <= MostSamples)
            {
                admitted.Add(wave);
                rate += row.Rate;
            }
        }

        return admitted;
    }

    /// <summary>Milliseconds between packets: the longest of the six that keeps a record short.</summary>
    public static int Period(IReadOnlyList<byte> waves)
    {
        const int MostSamplesInPacket = 300;
        int rate = waves.Sum(Rate);
        return ((int[])[1000, 500, 250, 200, 167, 125]).First(period => period == 125 || rate * period <= MostSamplesInPacket * 1000);
    }
}

/// <summary>The patient's curves in the counts of the interface.</summary>
internal sealed class PatientWaves : IWaveSource
{
    private const short Off = -32767;
    private const short Unused = -32766;
    private const long Second = 1_000_000_000;

    /// <summary>Patient time of the first sample of each wave that is being sent.</summary>
    private readonly Dictionary<byte, long> _began = [];

    public short Sample(byte wave, long index, DriMoment at)
    {
        if (index == 0)
        {
            _began[wave] = at.PatientTime;
        }

        // The monitor's own quartz paces the samples; the patient lives on the box's time.
        double monitorSeconds = (double)index / DriWaveList.Rate(wave);
        long time = _began[wave] + (long)(monitorSeconds / (1 + (at.Settings.DriftPpm / 1e6)) * Second);
        return Count(wave, time, at);
    }

    public int Label(byte wave, DriMoment at) => wave switch
    {
        1 => 2,
        2 => 7,
        3 => 5,
        4 => at.Is(DriFaults.Relabel) ? 8 : 1,
        5 => 2,
        6 => 3,
        _ => 0,
    };

    public bool IsOver(byte wave, long index) => false;

    private static short Count(byte wave, long time, DriMoment at)
    {
        double Curve(PatientWave curve) => at.Simulation.Patient.Wave(curve, time);
        bool beats = !at.Is(DriFaults.Asystole);
        switch (wave)
        {
            case 1 or 2 or 3:
                PatientWave lead = wave switch { 1 => PatientWave.EcgII, 2 => PatientWave.EcgV, _ => PatientWave.EcgAvl };
                return at.Is(DriFaults.LeadOff) ? Off : beats ? Round(Curve(lead), 1000) : (short)0;
            case 4:
                return at.Is(DriFaults.Zeroing) ? Off : beats ? Round(Curve(PatientWave.ArterialPressure), 100) : (short)900;
            case 5:
                return Round(Curve(PatientWave.CentralVenousPressure), 100);
            case 6:
                return Round(Curve(PatientWave.PulmonaryPressure), 100);
            case 8:
                return at.Is(DriFaults.ProbeOff) ? Off : beats ? Round(Curve(PatientWave.Pleth) - 0.5, 400) : (short)0;
            case 9:
                return at.Is(DriFaults.Apnoea) ? (short)0 : Round(Curve(PatientWave.AirwayCo2) / DisplayedValues.Ambient * 100, 100);
            case 13:
                return at.Is(DriFaults.Disconnect) ? (short)0 : Round(Curve(PatientWave.AirwayPressure) * DisplayedValues.MillibarToCmH2O, 10);
            case 14:
                return at.Is(DriFaults.Disconnect) ? (short)0 : Round(Curve(PatientWave.AirwayFlow), 10);
            case 15 or 39:
                return at.Is(DriFaults.LeadOff) ? Off : Round(Curve(PatientWave.ImpedanceRespiration), 100);
            case 23:
                return Round(Curve(PatientWave.AirwayVolume), 1);
            default:
                return Unused;
        }
    }

    private static short Round(double value, double parts) => ClassWriter.Scaled(value, parts);
}
