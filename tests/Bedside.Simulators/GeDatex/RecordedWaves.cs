using System.Globalization;
using Bedside.Simulators.Wfdb;

namespace Bedside.Simulators.GeDatex;

/// <summary>
/// The monitor on a recording: each signal at the rate and in the counts that the interface has for it, by straight lines between its
/// samples where the rates differ. It begins with the first sample that is asked for.
/// </summary>
internal sealed class RecordedWaves : IWaveSource
{
    private const short Off = -32767;
    private const short Unused = -32766;

    private static readonly Dictionary<string, int> Leads = new(StringComparer.OrdinalIgnoreCase)
    {
        ["I"] = 1,
        ["II"] = 2,
        ["MLII"] = 2,
        ["III"] = 3,
        ["AVR"] = 4,
        ["AVL"] = 5,
        ["AVF"] = 6,
        ["V"] = 7,
        ["V1"] = 7,
        ["V2"] = 7,
        ["V3"] = 7,
        ["V4"] = 7,
        ["V5"] = 7,
        ["V6"] = 7,
        ["ECG"] = 2,
    };

    private static readonly Dictionary<string, int> Sites = new(StringComparer.OrdinalIgnoreCase)
    {
        ["ART"] = 1,
        ["CVP"] = 2,
        ["PAP"] = 3,
        ["RAP"] = 4,
        ["LAP"] = 6,
        ["ICP"] = 7,
        ["ABP"] = 8,
        ["UAP"] = 17,
    };

    /// <summary>Wave and counts per unit of the record.</summary>
    private static readonly Dictionary<string, (byte Wave, double Counts)> Others = new(StringComparer.OrdinalIgnoreCase)
    {
        ["PLETH"] = (8, 400),
        ["RESP"] = (15, 100),
        ["CO2"] = (9, 100 / DisplayedValues.Ambient * 100),
        ["AWP"] = (13, 10),
        ["AWF"] = (14, 10),
    };

    private readonly Dictionary<byte, Track> _tracks = [];
    private readonly bool _once;

    private RecordedWaves(bool once) => _once = once;

    /// <summary>Reads records and says on <paramref name="log"/> what becomes of each signal.</summary>
    /// <exception cref="IOException">A record cannot be read, or holds nothing that can be played.</exception>
    public static RecordedWaves Open(IReadOnlyList<string> paths, bool once, TextWriter log) => Of([.. paths.Select(WfdbRecord.Open)], once, log);

    public static RecordedWaves Of(IReadOnlyList<WfdbRecord> records, bool once, TextWriter log)
    {
        var waves = new RecordedWaves(once);
        foreach (WfdbRecord record in records)
        {
            for (int at = 0; at < record.Header.Signals.Count; at++)
            {
                waves.Add(record, at, log);
            }
        }

        return waves._tracks.Count > 0 ? waves : throw new WfdbException("no signal of the record can be played");
    }

    public short Sample(byte wave, long index, DriMoment at)
    {
        if (!_tracks.TryGetValue(wave, out Track? track))
        {
            return Unused;
        }

        double position = index * track.Rate / DriWaveList.Rate(wave);
        if (position > track.Samples.Length - 1)
        {
            if (_once)
            {
                return Off;
            }

            position %= track.Samples.Length;
        }

        return track.At(position);
    }

    public int Label(byte wave, DriMoment at) => _tracks.TryGetValue(wave, out Track? track) ? track.Label : 0;

    public bool IsOver(byte wave, long index) =>
        _once && (!_tracks.TryGetValue(wave, out Track? track) || index * track.Rate / DriWaveList.Rate(wave) > track.Samples.Length - 1);

    private void Add(WfdbRecord record, int at, TextWriter log)
    {
        WfdbSignal signal = record.Header.Signals[at];
        string[] words = signal.Description.Split([' ', '_', '-'], StringSplitOptions.RemoveEmptyEntries);
        string name = words.Length == 0 ? string.Empty : words[^1];
        (byte wave, double counts, int label) = Place(name, signal.Units);
        if (wave == 0 || record.Samples[at].Length == 0 || !_tracks.TryAdd(wave, new Track(signal, record.Rate(at), record.Samples[at], counts, label)))
        {
            log.WriteLine($"{record.Header.Name} '{signal.Description}': no wave of the monitor is free for it, not played");
            return;
        }

        log.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{record.Header.Name} '{signal.Description}' is wave {wave} at {DriWaveList.Rate(wave)} samples a second instead of {record.Rate(at)}"));
    }

    /// <summary>The first channel that is free for a signal of that name; wave 0 = none.</summary>
    private (byte Wave, double Counts, int Label) Place(string name, string units)
    {
        if (Leads.TryGetValue(name, out int lead))
        {
            const double MicrovoltsPerMillivolt = 1000;
            return (Free(1, 3), units.Equals("uV", StringComparison.OrdinalIgnoreCase) ? 1 : MicrovoltsPerMillivolt, lead);
        }

        if (Sites.TryGetValue(name, out int site))
        {
            return (Free(4, 7), 100, site);
        }

        return Others.TryGetValue(name, out (byte Wave, double Counts) other) ? (other.Wave, other.Counts, 0) : default;
    }

    private byte Free(byte first, byte last)
    {
        for (byte wave = first; wave <= last; wave++)
        {
            if (!_tracks.ContainsKey(wave))
            {
                return wave;
            }
        }

        return 0;
    }

    private sealed class Track(WfdbSignal signal, double rate, int[] samples, double counts, int label)
    {
        public double Rate => rate;

        public int[] Samples => samples;

        public int Label => label;

        public short At(double position)
        {
            int before = (int)position;
            int after = Math.Min(before + 1, samples.Length - 1);
            if (samples[before] == WfdbRecord.Missing || samples[after] == WfdbRecord.Missing)
            {
                return Off;
            }

            double raw = samples[before] + ((position - before) * (samples[after] - (double)samples[before]));
            return ClassWriter.Scaled((raw - signal.Baseline) / (double)signal.Gain, counts);
        }
    }
}
