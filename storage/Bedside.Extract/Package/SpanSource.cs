using Bedside.Model;

namespace Bedside.Extract.Package;

/// <summary>Blocks of a stay that was away for a while: what lies between its spans may be another patient's, and not one sample of it goes along.</summary>
public static class SpanSource
{
    /// <summary>The source, cut to the spans.</summary>
    /// <param name="spans">[From, To), ascending.</param>
    public static BlockSource Within(BlockSource source, IReadOnlyList<KeyValuePair<UtcInstant, UtcInstant>> spans) => (signal, from, to) => Read(source, spans, signal, from, to);

    private static IEnumerable<Block> Read(BlockSource source, IReadOnlyList<KeyValuePair<UtcInstant, UtcInstant>> spans, SignalNumber signal, UtcInstant from, UtcInstant to)
    {
        foreach ((UtcInstant begins, UtcInstant ends) in spans)
        {
            UtcInstant first = begins > from ? begins : from;
            UtcInstant last = ends < to ? ends : to;
            foreach (Block block in first < last ? source(signal, first, last) : [])
            {
                if (Cut(block, first, last) is { } part)
                {
                    yield return part;
                }
            }
        }
    }

    private static Block? Cut(Block block, UtcInstant first, UtcInstant last) => block switch
    {
        SampleBlock samples => samples.Within(first, last),
        NumericBlock numbers => Cut(numbers, first, last),
        GapBlock gap => Cut(gap, first, last),

        // What is said of a device or a clock holds from before on.
        DeviceBlock or ClockBlock or SignalBlock => block.Start < last ? block : null,
        _ => block.Start >= first && block.Start < last ? block : null,
    };

    private static NumericBlock? Cut(NumericBlock block, UtcInstant first, UtcInstant last)
    {
        if (block.Readings[0].Time >= first && block.End < last)
        {
            return block;
        }

        NumericReading[] kept = [.. block.Readings.Where(reading => reading.Time >= first && reading.Time < last)];
        return kept.Length == 0 ? null : block with { Start = kept[0].Time, Readings = [.. kept] };
    }

    private static GapBlock? Cut(GapBlock gap, UtcInstant first, UtcInstant last)
    {
        UtcInstant from = gap.Start > first ? gap.Start : first;
        UtcInstant until = gap.Until < last ? gap.Until : last;
        return from > until || (from == until && gap.Start != gap.Until) ? null : gap with { Start = from, Until = until };
    }
}
