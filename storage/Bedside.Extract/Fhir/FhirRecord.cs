using Bedside.Model;
using Bedside.Storage;

namespace Bedside.Extract.Fhir;

/// <summary>
/// The store as FHIR sees it at one moment: series, patients, and the Observations that are made of the blocks as they are asked for. Nothing is kept: an id says where to look. Any thread may have
/// one, each its own.
/// </summary>
public sealed class FhirRecord
{
    private readonly Store _store;
    private readonly SeriesFlow _flow;

    public FhirRecord(Store store, PatientTimeline patients, FhirSecret secret, FhirRules rules)
    {
        _store = store;
        Secret = secret;
        Rules = rules;
        Patients = patients;
        Series = SeriesBook.Of(store.Signals);
        Devices = new DeviceTree(Series, secret);
        _flow = new SeriesFlow(store.Read, rules, patients.BoundaryAfter);
    }

    public FhirSecret Secret { get; }

    public FhirRules Rules { get; }

    public PatientTimeline Patients { get; }

    public SeriesBook Series { get; }

    public DeviceTree Devices { get; }

    /// <summary>Readings and states that were left out so far because they are made up.</summary>
    public long MadeUpReadings => _flow.MadeUpReadings;

    /// <summary>Samples that were.</summary>
    public long MadeUpSamples => _flow.MadeUpSamples;

    public string IdOf(FhirItem item) => Secret.Hide(item.Key);

    /// <summary>
    /// The Observations of these series and patients that begin in [from, to), by time and then by number of the series, or the other way round; nanoseconds. What is of no patient is not among them.
    /// </summary>
    /// <param name="patients">Ids; null = all.</param>
    public IEnumerable<FhirItem> Read(IReadOnlyList<FhirSeries> series, IReadOnlySet<string>? patients, long from, long to, bool descending)
    {
        IEnumerable<PatientSpan> spans = Patients.Spans.Where(span => span.From < to && span.To > from && patients?.Contains(span.Id) != false);
        return (descending ? spans.Reverse() : spans).SelectMany(span => Merge(series, Math.Max(from, span.From), Math.Min(to, span.To), descending));
    }

    /// <summary>What an id stands for; null = nothing that is here, or nothing that is of a patient. <paramref name="issued"/>: it is an id of this box all the same.</summary>
    public FhirItem? Find(string id, out bool issued)
    {
        issued = false;
        if (!Secret.TryReveal(id, out UInt128 bits) || !ItemKey.TryRead(bits, out ItemKey key))
        {
            return null;
        }

        FhirSeries? series = Series.Find(key.Series);
        if (series?.Kind != key.Kind)
        {
            return null;
        }

        issued = true;
        long from = key.Time;
        long to = key.Kind == SeriesKind.Waveform ? key.Time + ItemKey.OriginUnit + FhirRules.ChunkNanoseconds : key.Time + 1;
        long start = key.Kind == SeriesKind.Waveform ? from - FhirRules.ChunkNanoseconds : from;
        return _flow.Forward(series, start, to).FirstOrDefault(item => IsIt(item, bits, key) && Patients.At(item.Start) is not null);
    }

    /// <summary>When something of a device was stored last; null = never.</summary>
    public UtcInstant? LastOf(string device)
    {
        UtcInstant? last = null;
        foreach (Signal signal in _store.Signals.Where(signal => signal.Device == device))
        {
            last = _store.Last(signal.Number)?.End is { } end && !(end < last) ? end : last;
        }

        return last;
    }

    /// <summary>Not fewer than the Observations of numerics in a range: a bound that costs little.</summary>
    public long MostReadings(IEnumerable<FhirSeries> series, long from, long to) =>
        series.Where(one => one.Kind is SeriesKind.Numeric or SeriesKind.Compound)
            .Sum(one => one.Parts.Max(part => _store.MostIn(part.Signal.Number, new UtcInstant(from), new UtcInstant(to))));

    /// <summary>Hours of waves in a range, all waves together; not fewer than there are.</summary>
    public double WaveHours(IEnumerable<FhirSeries> series, long from, long to) =>
        series.Where(one => one.Kind == SeriesKind.Waveform)
            .Select(one => one.Parts[0].Signal.Number)
            .Sum(signal => _store.Last(signal) is SampleBlock { Period.Hertz: var hertz } ? _store.MostIn(signal, new UtcInstant(from), new UtcInstant(to)) / hertz / 3600 : 0);

    /// <summary>The intervals without a patient in which something of these series is stored.</summary>
    public IEnumerable<ExcludedSpan> ExcludedIn(IReadOnlyList<FhirSeries> series, long from, long to) => Patients.Excluded
        .Select(span => new ExcludedSpan(Math.Max(from, span.From), Math.Min(to, span.To), span.Why))
        .Where(span => span.From < span.To && series.Any(one => one.Parts.Any(part => _store.MostIn(part.Signal.Number, new UtcInstant(span.From), new UtcInstant(span.To)) > 0)));

    private static bool IsIt(FhirItem item, UInt128 bits, ItemKey key) =>
        item is WaveItem wave ? wave.Chunk.FirstIndex == key.FirstIndex && ItemKey.EpochMark(wave.Chunk.Epoch) == key.Epoch : item.Key == bits;

    private IEnumerable<FhirItem> Merge(IReadOnlyList<FhirSeries> series, long from, long to, bool descending)
    {
        var flows = new PriorityQueue<IEnumerator<FhirItem>, (long Time, long Number)>();
        try
        {
            foreach (FhirSeries one in series)
            {
                IEnumerator<FhirItem> flow = (descending ? _flow.Backward(one, from, to) : _flow.Forward(one, from, to)).GetEnumerator();
                Enqueue(flow);
            }

            while (flows.TryDequeue(out IEnumerator<FhirItem>? flow, out _))
            {
                FhirItem item = flow.Current;
                Enqueue(flow);
                yield return item;
            }
        }
        finally
        {
            foreach ((IEnumerator<FhirItem> flow, _) in flows.UnorderedItems)
            {
                flow.Dispose();
            }
        }

        void Enqueue(IEnumerator<FhirItem> flow)
        {
            if (flow.MoveNext())
            {
                int sign = descending ? -1 : 1;
                flows.Enqueue(flow, (flow.Current.Start * sign, flow.Current.Series.Number * sign));
            }
            else
            {
                flow.Dispose();
            }
        }
    }
}
