using System.Globalization;
using Bedside.Model;

namespace Bedside.Extract;

/// <summary>
/// Writes signals as CSV. Readings, alerts and gaps are long tables, one row each (<see cref="ExportTables"/>); every
/// waveform is a file of its own under <c>waves/</c>, a row for each sample: time, raw count, value in the unit, marks.
/// Lines that begin with # above its column names say unit, code, period, scale and time zone. Holds one block at a time.
/// </summary>
/// <param name="source">Blocks of a signal within [from, to), ascending; number 0 = those of the whole bed.</param>
public sealed class CsvWriter(Func<SignalNumber, UtcInstant, UtcInstant, IEnumerable<Block>> source)
{
    /// <summary>Throws <see cref="IOException"/> where the folder is not empty or the disk does not take it.</summary>
    public ExportResult Write(ExportRequest asked, CancellationToken cancel = default)
    {
        ExportRequest request = asked.Marked(source);
        var folder = new ExportFolder(request.Directory);
        long samples = 0;
        long readings;
        long gaps;
        using (var tables = new ExportTables(CsvTable.In(folder), request))
        {
            tables.Fill(source, cancel);
            foreach (Signal signal in request.Signals.Where(signal => signal.Metric.Kind == SignalKind.Waveform))
            {
                samples += WriteWave(folder, tables, signal, request, cancel);
            }

            readings = tables.Readings;
            gaps = tables.Gaps;
        }

        ExportNotes.Write(folder, request, ExportFormat.Csv);
        return new ExportResult(folder.Files, samples, readings, gaps);
    }

    private long WriteWave(ExportFolder folder, ExportTables tables, Signal signal, ExportRequest request, CancellationToken cancel)
    {
        var files = new Dictionary<Track, CsvWaveFile>();
        long count = 0;
        try
        {
            foreach (SampleBlock samples in WaveBlocks.Read(signal, request, source, tables, cancel))
            {
                var track = new Track(signal, samples.Period, samples.Scale);
                if (!files.TryGetValue(track, out CsvWaveFile? file))
                {
                    file = new CsvWaveFile(folder.Create(folder.FreeName($"waves/{ExportFolder.Plain(signal.Id)}", ".csv")), track, request.Experimental.Contains(signal.Device));
                    files.Add(track, file);
                }

                file.Take(samples);
                count += samples.Samples.Length;
            }
        }
        finally
        {
            foreach (CsvWaveFile file in files.Values)
            {
                file.Dispose();
            }
        }

        return count;
    }
}

/// <summary>One waveform of one period and one scale.</summary>
internal sealed class CsvWaveFile : IDisposable
{
    private const int LongestRow = 512;
    private const int MostDecimals = 15;
    private const long NanosecondsPerSecond = 1_000_000_000;

    private readonly CsvTable _table;
    private readonly Track _track;
    private readonly string _digits;
    private readonly char[] _row = new char[LongestRow];
    private long _second = long.MinValue;
    private string _secondText = string.Empty;

    public CsvWaveFile(FileStream stream, Track track, bool experimental)
    {
        _track = track;
        _digits = $"0.{new string('#', Decimals(track.Scale))}";
        _table = new CsvTable(stream, Notes(track, experimental), "time_utc", "raw", "value", "validity");
    }

    public void Take(SampleBlock block)
    {
        ReadOnlySpan<int> samples = block.Samples.Span;
        foreach (ValidityRun run in block.Runs())
        {
            string validity = Spelling.Of(run.Validity);
            for (int i = run.Start; i < run.Start + run.Length; i++)
            {
                WriteRow(block.TimeOf(i), samples[i], run.Validity.IsUsable(), validity);
            }
        }
    }

    public void Dispose() => _table.Dispose();

    private static IEnumerable<string> Notes(Track track, bool experimental)
    {
        Metric metric = track.Signal.Metric;
        yield return $"signal: {track.Signal.Id}, device: {track.Signal.Device}";
        if (experimental)
        {
            yield return "experimental: the driver of this device was never tried on a real one";
        }

        yield return $"unit: {(metric.Unit.Length == 0 ? "not stated by the device" : metric.Unit)} (UCUM)";
        yield return metric.Code == 0 ? $"code: {metric.DeviceCode}" : $"code: {metric.Code} {metric.CodeName} (ISO/IEEE 11073-10101)";
        yield return $"period: {track.Period} exactly, {WfdbRate.ToText(track.Period)} Hz";
        yield return track.Scale is Scale scale
            ? string.Create(CultureInfo.InvariantCulture, $"scale: value = raw * {scale.Gain:R} + {scale.Offset:R}, rounded below the last digit that means anything")
            : "scale: none, the device told no calibration; value is empty";
        yield return "time zone: UTC; time is that of the sample, rounded to the nanosecond";
        yield return "validity: empty = valid; value is empty where the device called the sample unusable";
    }

    /// <summary>Two digits beyond one count, so that a value tells its count.</summary>
    private static int Decimals(Scale? scale) =>
        scale is { Gain: not 0 } known ? Math.Clamp((int)Math.Ceiling(-Math.Log10(Math.Abs(known.Gain))) + 2, 1, MostDecimals) : MostDecimals;

    private void WriteRow(UtcInstant time, int raw, bool usable, string validity)
    {
        (long second, long fraction) = Math.DivRem(time.UnixNanoseconds, NanosecondsPerSecond);
        if (fraction < 0)
        {
            second--;
            fraction += NanosecondsPerSecond;
        }

        if (second != _second)
        {
            _second = second;
            _secondText = new UtcInstant(second * NanosecondsPerSecond).ToString()[..^10];
        }

        Span<char> row = _row;
        string value = _track.Scale is Scale scale && usable ? Value(scale, raw) : string.Empty;
        if (!row.TryWrite(CultureInfo.InvariantCulture, $"{_secondText}{fraction:D9}Z,{raw},{value},{validity}", out int length))
        {
            throw new System.Diagnostics.UnreachableException($"a row of more than {LongestRow} characters");
        }

        _table.Line(row[..length]);
    }

    private string Value(Scale scale, int raw)
    {
        string text = scale.Physical(raw).ToString(_digits, CultureInfo.InvariantCulture);
        return text == "-0" ? "0" : text;
    }
}
