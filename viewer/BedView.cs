using System.Collections.Concurrent;
using System.Globalization;
using Bedside.Model;
using Bedside.Storage;
using Bedside.Viewer.Settings;
using Microsoft.Extensions.Options;

namespace Bedside.Viewer;

/// <summary>The bed as it is now, in the words of the protocol: signals, devices, states. Everything is judged by the time of asking.</summary>
internal sealed class BedView(Store store, DeviceBook devices, AnnotationBook annotations, SignalCheckBook checks, CompletenessBook completeness, BoxRun run, TimeProvider time, IOptions<ViewerOptions> options)
{
    private const ulong FnvOffset = 14695981039346656037;
    private const ulong FnvPrime = 1099511628211;

    private readonly ConcurrentDictionary<SignalNumber, Block> _newest = new();
    private readonly Nomenclature _nomenclature = Nomenclature.Shipped;
    private readonly ViewerOptions _options = options.Value;

    public Store Store => store;

    public BoxRun Run => run;

    /// <summary>A signal by its id or number; an id keeps its slashes encoded in a path, so they are decoded here.</summary>
    public Signal? Find(string id) => store.Find(id.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase));

    /// <summary>Takes in the newest of each signal, and what the store holds of devices and marks: once, then <see cref="Observe"/> keeps up.</summary>
    public void Recall()
    {
        foreach (Signal signal in store.Signals)
        {
            if (store.Last(signal.Number) is Block last)
            {
                See(last);
            }
        }

        foreach (Block block in store.ReadBed(new UtcInstant(long.MinValue), new UtcInstant(long.MaxValue)))
        {
            See(block);
        }
    }

    /// <summary>A block came, once each: the meter counts it.</summary>
    public void Observe(Block block)
    {
        See(block);
        completeness.Observe(block);
    }

    private void See(Block block)
    {
        devices.Observe(block);
        annotations.Observe(block);
        checks.Observe(block);
        if (block is SampleBlock or NumericBlock or TextBlock)
        {
            _newest.AddOrUpdate(block.Signal, static (_, first) => first, static (_, former, newer) => newer.End >= former.End ? newer : former, block);
        }
    }

    public SessionAnswer Session()
    {
        uint uncertainty = _options.ClockUncertaintyMicroseconds();
        WardSettings ward = _options.Ward();
        return new SessionAnswer(
            _options.Box,
            run.Epoch,
            _options.Build,
            time.Instant(),
            uncertainty == uint.MaxValue ? null : uncertainty,
            ward.TimeZone,
            ward.Bed,
            ward.Language,
            ward.DayStart.ToString("HH:mm", CultureInfo.InvariantCulture),
            ward.Units,
            _options.Demo);
    }

    /// <summary>What leaves the box, and who approved it; null = nothing does.</summary>
    public OutboundAnswer? Outbound() => OutboundAnswer.Of(_options.Outbound(), time.Instant());

    /// <summary>What came in and what is missing since the program began.</summary>
    public CompletenessMeter Completeness() => completeness.Read(store.Signals);

    /// <summary>A signal's name beside what was counted of it.</summary>
    public SignalCompleteness Describe(Signal signal, SignalCount hour, SignalCount day)
    {
        SignalAnswer answer = SignalText.Describe(signal, _nomenclature, _newest.GetValueOrDefault(signal.Number), Freshness.Live, _options.Ward().Colours);
        return new SignalCompleteness(answer.Number, answer.Id, answer.Name, answer.Short, answer.Kind, answer.Device, day.Newest, CountAnswer.Of(hour), CountAnswer.Of(day));
    }

    /// <summary>The devices with their ports, and the ports on which nothing is recognised yet; what only announces itself is none of this bed's.</summary>
    public IReadOnlyList<DeviceAnswer> Devices()
    {
        SortedDictionary<string, DeviceAnswer> answers = Look().Devices;
        foreach (PortReport port in _options.Ports().Where(port => port.Announces.Length == 0))
        {
            DeviceAnswer device = answers.GetValueOrDefault(port.Device) ?? DeviceBook.Unheard(port);
            answers[port.Device] = device with { Port = PortAnswer.Of(port) };
        }

        return [.. answers.Values];
    }

    public IReadOnlyList<SignalAnswer> Signals() => Signals(Look());

    public SnapshotAnswer Snapshot()
    {
        Sight sight = Look();
        return new SnapshotAnswer(Signals(sight), [.. sight.Devices.Values], Session());
    }

    public StatusAnswer Status()
    {
        Sight sight = Look();
        var states = new Dictionary<string, Freshness>(sight.Signals.Count, StringComparer.Ordinal);
        foreach ((Signal signal, Block? last) in sight.Signals)
        {
            states[signal.Id] = StateOf(signal, last, sight);
        }

        return new StatusAnswer([.. sight.Devices.Values], states, DictionaryHash(sight), _options.Build, StoredUpTo());
    }

    public NumericsAnswer Numerics()
    {
        Sight sight = Look();
        var numerics = new List<NumericAnswer>(sight.Signals.Count);
        foreach ((Signal signal, Block? last) in sight.Signals)
        {
            if (signal.Metric.Kind == SignalKind.Waveform)
            {
                continue;
            }

            LastAnswer? newest = last is null ? null : SignalText.LastOf(last);
            SignalAnswer answer = SignalText.Describe(signal, _nomenclature, last, StateOf(signal, last, sight), sight.Ward.Colours);
            numerics.Add(new NumericAnswer(
                answer.Number,
                answer.Id,
                answer.Short,
                answer.Unit,
                newest?.Time,
                newest is null ? null : sight.Now.Since(newest.Time) / 1e9,
                newest?.Value,
                newest?.Text,
                newest?.Validity ?? [],
                answer.State));
        }

        return new NumericsAnswer(sight.Now, numerics);
    }

    /// <summary>What was stored by then survives a power cut; null = nothing yet.</summary>
    public UtcInstant? StoredUpTo() => store.DurableUpTo.UnixNanoseconds > 0 ? store.DurableUpTo : null;

    /// <summary>How many usable samples or readings lie in the range, exactly where they are more than <paramref name="most"/>; else they may be fewer.</summary>
    public long CountIn(Signal signal, TimeRange range, long most)
    {
        long bound = signal.Metric.Kind == SignalKind.Text ? 0 : store.MostIn(signal.Number, range.From, range.To);
        return bound <= most ? bound : store.Envelope(signal.Number, range.From, range.To, 1).Sum(column => column.Count);
    }

    public IReadOnlyList<EnvelopePoint> Envelope(Signal signal, TimeRange range, int points, ColumnKind kind)
    {
        if (signal.Metric.Kind == SignalKind.Text)
        {
            return [];
        }

        return kind switch
        {
            ColumnKind.Grid => store.EnvelopeOnGrid(signal, range.From, range.To, points),
            ColumnKind.Near => store.EnvelopeNearly(signal, range.From, range.To, points),
            _ => store.Envelope(signal.Number, range.From, range.To, points),
        };
    }

    private List<SignalAnswer> Signals(Sight sight) =>
        sight.Signals.ConvertAll(one => SignalText.Describe(one.Signal, _nomenclature, one.Last, StateOf(one.Signal, one.Last, sight), sight.Ward.Colours));

    private static Freshness StateOf(Signal signal, Block? last, Sight sight)
    {
        if (SignalText.ExpectedOf(signal, last) is TimeSpan expected)
        {
            return last is null ? Freshness.Lost : FreshnessRules.Of(SignalText.TimeOf(last), sight.Now, expected);
        }

        DeviceAnswer device = sight.Devices[signal.Device];
        return last is null ? Freshness.Lost : FreshnessRules.OfAperiodic(device.State, device.LastData, sight.Now);
    }

    /// <summary>Everything at one moment, so that an answer does not contradict itself.</summary>
    private Sight Look()
    {
        UtcInstant now = time.Instant();
        List<(Signal Signal, Block? Last)> signals = [.. store.Signals.Select(signal => (signal, _newest.GetValueOrDefault(signal.Number)))];
        var activities = devices.Names.ToDictionary(name => name, _ => default(DeviceActivity), StringComparer.Ordinal);
        foreach ((Signal signal, Block? last) in signals)
        {
            activities[signal.Device] = With(activities.GetValueOrDefault(signal.Device), signal, last);
        }

        var answers = new SortedDictionary<string, DeviceAnswer>(StringComparer.Ordinal);
        foreach ((string name, DeviceActivity activity) in activities)
        {
            answers[name] = devices.Read(name, activity, now);
        }

        return new Sight(now, signals, answers, _options.Ward());
    }

    private static DeviceActivity With(DeviceActivity activity, Signal signal, Block? last)
    {
        UtcInstant? time = last is null ? null : SignalText.TimeOf(last);
        TimeSpan? expected = last is null ? null : SignalText.ExpectedOf(signal, last);
        return new DeviceActivity(
            activity.LastData is UtcInstant newest && !(time > newest) ? newest : time,
            activity.Shortest is TimeSpan shortest && !(expected < shortest) ? shortest : expected);
    }

    /// <summary>Another value when a signal came or was described anew, or the ward set something: the screen then asks for /signals and /session again. FNV-1a.</summary>
    private static string DictionaryHash(Sight sight)
    {
        ulong hash = FnvOffset;
        foreach ((Signal signal, Block? last) in sight.Signals)
        {
            Metric metric = signal.Metric;
            Mix(ref hash, $"{signal.Number.Value}|{signal.Id}|{signal.Device}|{metric.Kind}|{metric.Unit}|{metric.Label}|{metric.Channel}|{metric.ExpectedEvery}");
            Mix(ref hash, $"{metric.Code}|{metric.DisplayMin}|{metric.DisplayMax}|{(last as SampleBlock)?.Period}");
        }

        WardSettings ward = sight.Ward;
        Mix(ref hash, $"{ward.Bed}|{ward.TimeZone}|{ward.Language}|{ward.DayStart}|{ward.Units}|{string.Join('|', ward.Colours)}");
        return hash.ToString("x16", CultureInfo.InvariantCulture);
    }

    private static void Mix(ref ulong hash, string text)
    {
        foreach (char letter in text)
        {
            hash = unchecked((hash ^ letter) * FnvPrime);
        }
    }

    private sealed record Sight(UtcInstant Now, List<(Signal Signal, Block? Last)> Signals, SortedDictionary<string, DeviceAnswer> Devices, WardSettings Ward);
}
