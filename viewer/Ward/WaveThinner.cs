using System.Collections.Immutable;
using Bedside.Model;

namespace Bedside.Viewer.Ward;

/// <summary>
/// Fewer samples of one wave for a strip of a few hundred pixels, not fewer than 125 a second: of each group the lowest and the highest, in their order, so that no spike is lost and nothing is made up.
/// Groups lie at fixed places of the wave's own count; one that is not whole, or has a sample that must not be drawn, is left out or marked, never bridged.
/// </summary>
internal sealed class WaveThinner
{
    private const double LeastHertz = 125;

    /// <summary>No device at a bed samples faster; what says so is wrong.</summary>
    private const double MostHertz = 50_000;

    private readonly List<int> _kept = [];
    private uint _epoch;
    private long _next = -1;
    private Scale? _scale;
    private SamplePeriod _period;
    private Validity _marks;

    /// <summary>The next block of the wave, thinned; null when no group of it is whole yet. Slow waves pass as they are.</summary>
    public SampleBlock? Take(SampleBlock block)
    {
        if (block.Period.Hertz > MostHertz)
        {
            return null;
        }

        int factor = Math.Max(1, (int)(block.Period.Hertz / LeastHertz));
        if (factor == 1)
        {
            return block;
        }

        if (block.FirstIndex != _next || block.ClockEpoch != _epoch || block.Scale != _scale || block.Period != _period)
        {
            _kept.Clear();
            _marks = Validity.Valid;
        }

        (_epoch, _scale, _period, _next) = (block.ClockEpoch, block.Scale, block.Period, block.FirstIndex + block.Samples.Length);
        return Thin(block, factor);
    }

    private SampleBlock? Thin(SampleBlock block, int factor)
    {
        int width = 2 * factor;
        ReadOnlySpan<int> samples = block.Samples.Span;
        var thin = new List<int>((samples.Length / factor) + 2);
        ImmutableArray<ValidityRun>.Builder runs = ImmutableArray.CreateBuilder<ValidityRun>();
        long first = -1;
        for (int i = 0; i < samples.Length; i++)
        {
            long index = block.FirstIndex + i;
            if (_kept.Count == 0 && index % width != 0)
            {
                continue;
            }

            _marks |= MarkOf(block, i);
            _kept.Add(samples[i]);
            if (_kept.Count < width)
            {
                continue;
            }

            first = first < 0 ? index + 1 - width : first;
            if (_marks != Validity.Valid)
            {
                runs.Add(new ValidityRun(thin.Count, 2, _marks));
            }

            AddExtremes(thin);
            _kept.Clear();
            _marks = Validity.Valid;
        }

        return first < 0 ? null : block with
        {
            Start = block.Start.Add(block.Period.NanosecondsOf(first - block.FirstIndex)),
            FirstIndex = first / factor,
            Period = new SamplePeriod(block.Period.Numerator * factor, block.Period.Denominator),
            Samples = thin.ToArray(),
            Validity = runs.ToImmutable(),
            DeviceNanoseconds = null,
        };
    }

    private void AddExtremes(List<int> thin)
    {
        int low = 0;
        int high = 0;
        for (int i = 1; i < _kept.Count; i++)
        {
            low = _kept[i] < _kept[low] ? i : low;
            high = _kept[i] > _kept[high] ? i : high;
        }

        thin.Add(_kept[Math.Min(low, high)]);
        thin.Add(_kept[Math.Max(low, high)]);
    }

    private static Validity MarkOf(SampleBlock block, int index)
    {
        Validity marks = Validity.Valid;
        foreach (ValidityRun run in block.Validity)
        {
            marks |= index >= run.Start && index < run.Start + run.Length ? run.Validity : Validity.Valid;
        }

        return marks;
    }
}
