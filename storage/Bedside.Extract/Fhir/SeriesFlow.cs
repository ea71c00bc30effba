using Bedside.Model;

namespace Bedside.Extract.Fhir;

/// <summary>The Observations of one series in the order of their start, made as they are asked for; holds one block of each of its signals at a time.</summary>
/// <param name="source">Blocks of a signal that overlap [from, to), ascending by start.</param>
internal sealed class SeriesFlow(Func<SignalNumber, UtcInstant, UtcInstant, IEnumerable<Block>> source, FhirRules rules, Func<long, long> boundaryAfter)
{
    private const Validity MadeUp = Validity.TestData | Validity.DemoData;

    /// <summary>How far before a range its first piece of a wave, and how far after it the rest of its last one may be.</summary>
    private const long WaveReach = 25_000_000_000;

    /// <summary>Readings and states that were left out because they are made up.</summary>
    public long MadeUpReadings { get; private set; }

    /// <summary>Samples that were.</summary>
    public long MadeUpSamples { get; private set; }

    /// <summary>Those that begin in [from, to), ascending.</summary>
    public IEnumerable<FhirItem> Forward(FhirSeries series, long from, long to) => from >= to ? [] : series.Kind switch
    {
        SeriesKind.Numeric => Readings(series.Parts[0].Signal, from, to).Select(reading => new ReadingItem(series, reading, rules.SettleNanoseconds)),
        SeriesKind.Compound => Compounds(series, from, to),
        SeriesKind.Waveform => Waves(series, from, to),
        _ => States(series, from, to),
    };

    /// <summary>The same, descending; the end is given, not open: the range is gone through backwards in windows, short where there are data and long where there are none.</summary>
    public IEnumerable<FhirItem> Backward(FhirSeries series, long from, long to)
    {
        long shortest = series.Kind == SeriesKind.Waveform ? 120_000_000_000 : 600_000_000_000;
        const long Longest = 86_400_000_000_000;
        long length = shortest;
        long end = to;
        from = Math.Max(from, OldestOf(series, from, to));
        while (end > from)
        {
            long begin = Math.Max(from, end - length);
            if (length > shortest)
            {
                // A long window is only looked through for where its data end.
                if (LastIn(series, begin, end) is not { } last)
                {
                    (end, length) = (begin, Math.Min(Longest, length * 4));
                    continue;
                }

                (end, length) = (Math.Min(end, last + 1), shortest);
                begin = Math.Max(from, end - length);
            }

            FhirItem[] items = [.. Forward(series, begin, end)];
            for (int i = items.Length - 1; i >= 0; i--)
            {
                yield return items[i];
            }

            end = begin;
            length = items.Length == 0 ? length * 4 : shortest;
        }
    }

    /// <summary>Nothing of a series in [from, to) begins earlier, but for a piece of a wave.</summary>
    private long OldestOf(FhirSeries series, long from, long to) => series.Parts.Min(part =>
        source(part.Signal.Number, new UtcInstant(from), new UtcInstant(to)).FirstOrDefault(block => block is SampleBlock or NumericBlock or TextBlock)?.Start.UnixNanoseconds ?? to);

    /// <summary>Where in [from, to) the data of a series end, or some time after it; null = there are none.</summary>
    private long? LastIn(FhirSeries series, long from, long to)
    {
        long? last = null;
        foreach (SeriesPart part in series.Parts)
        {
            foreach (Block block in source(part.Signal.Number, new UtcInstant(from), new UtcInstant(to)))
            {
                if (block is SampleBlock or NumericBlock or TextBlock)
                {
                    last = Math.Max(last ?? long.MinValue, Math.Min(block.End.UnixNanoseconds, to - 1));
                }
            }
        }

        return last;
    }

    private IEnumerable<NumericReading> Readings(Signal signal, long from, long to) =>
        ReadingFlow.Of(source(signal.Number, new UtcInstant(from), new UtcInstant(to)), from, to).Where(reading => IsServed(reading.Validity));

    private bool IsServed(Validity validity)
    {
        bool served = rules.IncludesDemo || (validity & MadeUp) == 0;
        MadeUpReadings += served ? 0 : 1;
        return served;
    }

    private IEnumerable<FhirItem> Compounds(FhirSeries series, long from, long to)
    {
        IEnumerator<NumericReading>[] flows = [.. series.Parts.Select(part => Readings(part.Signal, from, to).GetEnumerator())];
        try
        {
            bool[] more = [.. flows.Select(flow => flow.MoveNext())];
            while (more.Any(one => one))
            {
                long time = long.MaxValue;
                for (int i = 0; i < flows.Length; i++)
                {
                    time = more[i] ? Math.Min(time, flows[i].Current.Time.UnixNanoseconds) : time;
                }

                var readings = new NumericReading?[flows.Length];
                for (int i = 0; i < flows.Length; i++)
                {
                    if (more[i] && flows[i].Current.Time.UnixNanoseconds == time)
                    {
                        readings[i] = flows[i].Current;
                        more[i] = flows[i].MoveNext();
                    }
                }

                yield return new CompoundItem(series, time, readings, rules.SettleNanoseconds);
            }
        }
        finally
        {
            foreach (IEnumerator<NumericReading> flow in flows)
            {
                flow.Dispose();
            }
        }
    }

    private IEnumerable<FhirItem> Waves(FhirSeries series, long from, long to)
    {
        var cutter = new WaveCutter(boundaryAfter, rules.IncludesDemo, count => MadeUpSamples += count);
        IEnumerable<SampleBlock> blocks = source(series.Parts[0].Signal.Number, new UtcInstant(from - WaveReach), new UtcInstant(to + WaveReach)).OfType<SampleBlock>();
        return blocks.SelectMany(cutter.Take)
            .Concat(Enumerable.Range(0, 1).SelectMany(_ => cutter.End()))
            .SkipWhile(chunk => chunk.Start < from)
            .TakeWhile(chunk => chunk.Start < to)
            .Select(chunk => new WaveItem(series, chunk, rules.SettleNanoseconds));
    }

    /// <summary>States without a code are free text, and not served.</summary>
    private IEnumerable<FhirItem> States(FhirSeries series, long from, long to)
    {
        long former = long.MinValue;
        foreach (TextBlock text in source(series.Parts[0].Signal.Number, new UtcInstant(from), new UtcInstant(to)).OfType<TextBlock>())
        {
            long time = text.Start.UnixNanoseconds;
            if (time >= from && time < to && time != former && text.Code != 0 && IsServed(text.Validity))
            {
                former = time;
                yield return new StateItem(series, text, rules.SettleNanoseconds);
            }
        }
    }
}
