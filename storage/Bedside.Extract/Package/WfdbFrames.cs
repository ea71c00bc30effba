using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using Bedside.Model;

namespace Bedside.Extract.Package;

/// <summary>
/// Writes the rows of a <see cref="WaveFile"/> as WFDB records: all signals in one file, frame by frame. A frame follows the one before; after a hole, and only there, the place is
/// found anew from the time, and what lies between is missing. A hole of more than an hour begins another record. <c>…_times.csv</c> says where which time stands.
/// </summary>
internal sealed class WfdbFrames : IDisposable
{
    private const int Frames = 1 << 14;

    private readonly PackageFolder _folder;
    private readonly WaveFile _file;
    private readonly StayTime _time;
    private readonly IReadOnlyList<WaveName> _waves;
    private readonly bool _isShort;
    private readonly short[] _shorts;
    private readonly int[] _longs;
    private readonly short[] _sums;
    private readonly int[] _initial;
    private Stream? _data;
    private StreamWriter? _times;
    private string _record = string.Empty;
    private UtcInstant _origin;
    private long _written;
    private int _pending;
    private int _records;

    public WfdbFrames(PackageFolder folder, WaveFile file, StayTime time, IReadOnlyList<WaveName> waves)
    {
        (_folder, _file, _time, _waves) = (folder, file, time, waves);
        _isShort = waves.All(wave => wave.Wave.IsShort);
        _shorts = new short[_isShort ? Frames * waves.Count : 0];
        _longs = new int[_isShort ? 0 : Frames * waves.Count];
        _sums = new short[waves.Count];
        _initial = new int[waves.Count];
        Empty();
    }

    private WfdbFormat Format => _isShort ? WfdbFormat.Short : WfdbFormat.Long;

    /// <summary>Frames that can be begun before <see cref="Flush"/> must be called.</summary>
    public int Room => Frames - _pending;

    /// <summary>New frames from a time on. Returns the place of the first for <see cref="Put"/>.</summary>
    public int Begin(UtcInstant start, int count, RowStep step)
    {
        if (step == RowStep.Hole || _data is null)
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

    public void Put(int wave, int frame, ReadOnlySpan<int> samples)
    {
        int step = _waves.Count;
        int at = (frame * step) + wave;
        if (_isShort)
        {
            foreach (int sample in samples)
            {
                _shorts[at] = (short)sample;
                at += step;
            }
        }
        else
        {
            foreach (int sample in samples)
            {
                _longs[at] = sample;
                at += step;
            }
        }
    }

    /// <summary>Writes the frames so far.</summary>
    public void Flush()
    {
        if (_pending == 0)
        {
            return;
        }

        int samples = _pending * _waves.Count;
        if (_written == 0)
        {
            for (int i = 0; i < _initial.Length; i++)
            {
                _initial[i] = _isShort ? _shorts[i] : _longs[i];
            }
        }

        for (int i = 0; i < samples; i += _sums.Length)
        {
            for (int wave = 0; wave < _sums.Length; wave++)
            {
                _sums[wave] = unchecked((short)(_sums[wave] + (_isShort ? _shorts[i + wave] : _longs[i + wave])));
            }
        }

        _data!.Write(_isShort ? MemoryMarshal.AsBytes(_shorts.AsSpan(0, samples)) : MemoryMarshal.AsBytes(_longs.AsSpan(0, samples))); // frames are begun in a record
        _written += _pending;
        Empty();
    }

    /// <summary>Ends the record: the header is the last file of it that comes to be.</summary>
    public void Finish()
    {
        if (_data is null)
        {
            return;
        }

        Flush();
        Dispose();
        _folder.WriteText($"wfdb/{_record}.hea", Header().ToText());
    }

    public void Dispose()
    {
        _data?.Dispose();
        _times?.Dispose();
        (_data, _times) = (null, null);
    }

    private void Place(UtcInstant start)
    {
        Flush();
        long place = _data is null ? 0 : _file.Period.SamplesIn(start.Since(_origin) + (_file.Period.Nanoseconds / 2));
        if (_data is null || _file.Period.NanosecondsOf(place - _written) > WaveSurvey.LongestHole.Ticks * TimeSpan.NanosecondsPerTick)
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
        Array.Clear(_sums);
        _data = _folder.Create($"wfdb/{_record}.dat");
        _times = new StreamWriter(_folder.Create($"wfdb/{_record}_times.csv"));
        _times.Write($"sample,{(_time.IsWall ? "t" : "t_s")}\n");
    }

    private void Empty()
    {
        _pending = 0;
        Array.Fill(_shorts, (short)WfdbFormat.Short.Missing);
        Array.Fill(_longs, WfdbFormat.Long.Missing);
    }

    private WfdbHeader Header() => new()
    {
        Name = _record,
        FramePeriod = _file.Period,
        Frames = _written,
        Signals = [.. _waves.Select(Line)],
        Comments = [.. Comments()],
    };

    /// <summary>ADC zero and baseline are written alike: some readers take the one for the other.</summary>
    private WfdbSignal Line(WaveName wave, int index)
    {
        var calibration = WfdbCalibration.Of(wave.Wave.Scale);
        return new WfdbSignal
        {
            File = $"{_record}.dat",
            Format = Format,
            Gain = calibration.Gain,
            Baseline = calibration.Baseline,
            Zero = (int)calibration.Baseline,
            Unit = WfdbNames.UnitFor(wave.Lane.Signal.Unit),
            Resolution = Format.Resolution,
            InitialValue = _initial[index],
            Checksum = _sums[index],
            Description = wave.Name,
        };
    }

    private ImmutableArray<string> Comments()
    {
        ImmutableArray<string>.Builder lines = ImmutableArray.CreateBuilder<string>();
        lines.Add($"Times of samples, {(_time.IsWall ? "on a wall clock moved by whole weeks" : "in seconds since admission")}: {_record}_times.csv; first sample {_time.Text(_origin)}");
        if (!WfdbRate.TryParse(WfdbRate.ToText(_file.Period), out SamplePeriod read) || read != _file.Period)
        {
            lines.Add($"The rate is rounded; the period is {_file.Period} exactly.");
        }

        if (_waves.Any(wave => (wave.Wave.Marks & (Validity.DemoData | Validity.TestData)) != 0))
        {
            lines.Add("This record holds demonstration or test data.");
        }

        foreach (WaveName wave in _waves)
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
