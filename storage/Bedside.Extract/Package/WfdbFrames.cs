using System.Collections.Immutable;
using System.Globalization;
using Bedside.Model;

namespace Bedside.Extract.Package;

/// <summary>
/// Writes the rows of a <see cref="WaveFile"/> as WFDB records: each signal in a file of its own, which two headers name, that of all signals and one of its own for programs that read one file
/// a record. A frame follows the one before; after a hole, and only there, the place is found anew from the time, and what lies between is missing. A hole of more than an hour begins another
/// record. <c>…_times.csv</c> says where which time stands.
/// </summary>
internal sealed class WfdbFrames : IDisposable
{
    private const int Frames = 1 << 14;

    private readonly PackageFolder _folder;
    private readonly WaveFile _file;
    private readonly StayTime _time;
    private readonly IReadOnlyList<WaveName> _waves;
    private readonly SignalFrames[] _signals;
    private StreamWriter? _times;
    private string _record = string.Empty;
    private UtcInstant _origin;
    private long _written;
    private int _pending;
    private int _records;

    public WfdbFrames(PackageFolder folder, WaveFile file, StayTime time, IReadOnlyList<WaveName> waves)
    {
        (_folder, _file, _time, _waves) = (folder, file, time, waves);
        _signals = [.. waves.Select(wave => new SignalFrames(wave.Wave.IsShort, Frames))];
    }

    /// <summary>Frames that can be begun before <see cref="Flush"/> must be called.</summary>
    public int Room => Frames - _pending;

    /// <summary>New frames from a time on. Returns the place of the first for <see cref="Put"/>.</summary>
    public int Begin(UtcInstant start, int count, RowStep step)
    {
        if (step == RowStep.Hole || _times is null)
        {
            Place(start);
        }
        else if (step == RowStep.Shift)
        {
            NoteTime(start, _written + _pending);
        }

        int frame = _pending;
        _pending += count;
        return frame;
    }

    public void Put(int wave, int frame, ReadOnlySpan<int> samples) => _signals[wave].Put(frame, samples);

    /// <summary>Writes the frames so far.</summary>
    public void Flush()
    {
        if (_pending == 0)
        {
            return;
        }

        foreach (SignalFrames signal in _signals)
        {
            signal.Flush(_pending);
        }

        _written += _pending;
        _pending = 0;
    }

    /// <summary>Ends the record: the header is the last file of it that comes to be.</summary>
    public void Finish()
    {
        if (_times is null)
        {
            return;
        }

        Flush();
        Dispose();
        for (int i = 0; i < _waves.Count; i++)
        {
            string alone = $"{_record}_{_waves[i].Plain}";
            _folder.WriteText($"wfdb/{alone}.hea", Header(alone, [i]).ToText());
        }

        _folder.WriteText($"wfdb/{_record}.hea", Header(_record, [.. Enumerable.Range(0, _waves.Count)]).ToText());
    }

    public void Dispose()
    {
        foreach (SignalFrames signal in _signals)
        {
            signal.Dispose();
        }

        _times?.Dispose();
        _times = null;
    }

    private void Place(UtcInstant start)
    {
        Flush();
        long place = _times is null ? 0 : _file.Period.SamplesIn(start.Since(_origin) + (_file.Period.Nanoseconds / 2));
        if (_times is null || _file.Period.NanosecondsOf(place - _written) > WaveSurvey.LongestHole.Ticks * TimeSpan.NanosecondsPerTick)
        {
            Finish();
            Open(start);
            place = 0;
        }

        for (long missing = place - _written; missing > 0; missing = place - _written)
        {
            _pending = (int)Math.Min(missing, Frames);
            Flush();
        }

        NoteTime(start, _written);
    }

    private void NoteTime(UtcInstant start, long sample)
    {
        _times!.Write($"{Spelling.Of(sample)},{_time.Text(start)}\n"); // opened with the record
    }

    private void Open(UtcInstant start)
    {
        _records++;
        _record = _records == 1 ? _file.Name : $"{_file.Name}_r{Spelling.Of(_records)}";
        _origin = start;
        _written = 0;
        for (int i = 0; i < _waves.Count; i++)
        {
            _signals[i].Open(_folder.Create($"wfdb/{_record}_{_waves[i].Plain}.dat"));
        }

        _times = new StreamWriter(_folder.Create($"wfdb/{_record}_times.csv"));
        _times.Write($"sample,{(_time.IsWall ? "t" : "t_s")}\n");
    }

    private WfdbHeader Header(string name, int[] waves) => new()
    {
        Name = name,
        FramePeriod = _file.Period,
        Frames = _written,
        Signals = [.. waves.Select(Line)],
        Comments = Comments([.. waves.Select(i => _waves[i])]),
    };

    /// <summary>ADC zero and baseline are written alike: some readers take the one for the other.</summary>
    private WfdbSignal Line(int index)
    {
        WaveName wave = _waves[index];
        var calibration = WfdbCalibration.Of(wave.Wave.Scale);
        return new WfdbSignal
        {
            File = $"{_record}_{wave.Plain}.dat",
            Format = _signals[index].Format,
            Gain = calibration.Gain,
            Baseline = calibration.Baseline,
            Zero = (int)calibration.Baseline,
            Unit = WfdbNames.UnitFor(wave.Lane.Signal.Unit),
            Resolution = _signals[index].Format.Resolution,
            InitialValue = _signals[index].Initial,
            Checksum = _signals[index].Checksum,
            Description = wave.Name,
        };
    }

    private ImmutableArray<string> Comments(IReadOnlyList<WaveName> waves)
    {
        ImmutableArray<string>.Builder lines = ImmutableArray.CreateBuilder<string>();
        lines.Add($"Times of samples, {(_time.IsWall ? "on a wall clock moved by whole weeks" : "in seconds since admission")}: {_record}_times.csv; first sample {_time.Text(_origin)}");
        if (!WfdbRate.TryParse(WfdbRate.ToText(_file.Period), out SamplePeriod read) || read != _file.Period)
        {
            lines.Add($"The rate is rounded; the period is {_file.Period} exactly.");
        }

        if (waves.Any(wave => (wave.Wave.Marks & (Validity.DemoData | Validity.TestData)) != 0))
        {
            lines.Add("This record holds demonstration or test data.");
        }

        foreach (WaveName wave in waves)
        {
            if (wave.Wave.Scale is not Scale scale)
            {
                lines.Add($"{wave.Name}: not calibrated, counts only");
            }
            else if (!WfdbCalibration.Of(scale).Exact)
            {
                lines.Add(string.Create(CultureInfo.InvariantCulture, $"{wave.Name}: gain and baseline above are rounded; exactly {wave.Lane.Signal.Unit} = count * {scale.Gain:R} + {scale.Offset:R}"));
            }
        }

        return lines.ToImmutable();
    }
}
