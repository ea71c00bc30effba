using System.Globalization;
using Bedside.Model;

namespace Bedside.Host.Measuring.Peers;

/// <summary>
/// The bed as lines: waves of one rate are fields of one line, and so are the numerics of a second. Fewer lines mean less work for
/// who reads them.
/// </summary>
internal sealed class PeerLines
{
    public const int LinesOfPost = 10_000;

    private const string Numerics = "numerics";

    private readonly StoreBenchBed _bed;
    private readonly LineProtocol _lines = new();
    private readonly Dictionary<SamplePeriod, LineKind> _waves;
    private readonly LineKind _numerics;

    public PeerLines(StoreBenchBed bed)
    {
        _bed = bed;
        _waves = bed.Signals.Where(signal => signal.Metric.Kind == SignalKind.Waveform)
            .GroupBy(signal => bed.KindOf(signal).Period)
            .ToDictionary(group => group.Key, KindOf);
        _numerics = KindOf(bed.Signals.Where(signal => signal.Metric.Kind == SignalKind.Numeric));

        LineKind KindOf(IEnumerable<Signal> signals)
        {
            Signal[] all = [.. signals];
            return LineKind.Of(MeasurementOf(all[0]), [.. all.Select(signal => signal.Id)], out string refusal) ?? throw new InvalidDataException(refusal);
        }
    }

    public string MeasurementOf(Signal signal) =>
        signal.Metric.Kind == SignalKind.Numeric ? Numerics : string.Create(CultureInfo.InvariantCulture, $"w{_bed.KindOf(signal).Period.Hertz:R}");

    /// <summary>So many turns of the bed, handed over in as many lines as go into one request.</summary>
    public async Task WriteAsync(long turns, Func<long, ReadOnlyMemory<byte>, Task> post)
    {
        for (long turn = 0; turn < turns; turn++)
        {
            List<Block> blocks = [.. _bed.Turn(turn, parts: 1)];
            foreach (IGrouping<SamplePeriod, SampleBlock> group in blocks.OfType<SampleBlock>().GroupBy(block => block.Period))
            {
                await WriteAsync(_waves[group.Key], [.. group], bytes => post(turn, bytes));
            }

            foreach (IGrouping<UtcInstant, NumericBlock> second in blocks.OfType<NumericBlock>().GroupBy(block => block.Start))
            {
                await AddAsync(_numerics, [.. second.Select(block => block.Readings[0].Value!.Value)], second.Key, bytes => post(turn, bytes));
            }
        }

        if (_lines.Lines > 0)
        {
            await post(turns, _lines.Written);
            _lines.Clear();
        }
    }

    private async Task WriteAsync(LineKind kind, SampleBlock[] waves, Func<ReadOnlyMemory<byte>, Task> post)
    {
        var values = new Fixed[waves.Length];
        SampleBlock first = waves[0];
        for (int i = 0; i < first.Samples.Length; i++)
        {
            for (int wave = 0; wave < waves.Length; wave++)
            {
                values[wave] = new Fixed(waves[wave].Samples.Span[i], 0);
            }

            await AddAsync(kind, values, StoreBenchBed.Start.Add(first.Period.NanosecondsOf(first.FirstIndex + i)), post);
        }
    }

    private async ValueTask AddAsync(LineKind kind, Fixed[] values, UtcInstant time, Func<ReadOnlyMemory<byte>, Task> post)
    {
        if (!_lines.TryAdd(kind, values, time, out string refusal))
        {
            throw new InvalidDataException(refusal);
        }

        if (_lines.Lines == LinesOfPost)
        {
            await post(_lines.Written);
            _lines.Clear();
        }
    }
}
