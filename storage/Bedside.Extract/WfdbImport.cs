using System.Collections.Immutable;
using Bedside.Model;

namespace Bedside.Extract;

/// <summary>One signal of a record that is to come into the store.</summary>
public sealed record WfdbImportSignal(Metric Metric, SamplePeriod Period, Scale? Scale);

/// <summary>
/// Turns a WFDB record into metrics and sample blocks. Every sample is marked <see cref="Validity.Replayed"/>; missing
/// samples become runs that are not available, or gaps where they last a second or more.
/// </summary>
public sealed class WfdbImport : IDisposable
{
    /// <summary>Time of a record that states none: recognisably not a real one.</summary>
    public static readonly UtcInstant NoTime = new(946_684_800_000_000_000);

    private const long BlockNanoseconds = 8_000_000_000;
    private const int MostSamplesInBlock = 65_536;

    private readonly WfdbReader _reader;

    private WfdbImport(WfdbReader reader, UtcInstant? start)
    {
        _reader = reader;
        (Start, StartNote, UncertaintyMicroseconds) = StartOf(reader, start);
        Signals = SignalsOf(reader.Header);
    }

    /// <summary>Name for the recording as a device of the store.</summary>
    public string Device => $"wfdb-{WfdbNames.Plain(_reader.Header.Name)}";

    public DeviceIdentity Identity => new()
    {
        Manufacturer = "WFDB",
        Model = _reader.Header.Name,
        Protocol = "wfdb",
    };

    public IReadOnlyList<WfdbImportSignal> Signals { get; }

    public UtcInstant Start { get; }

    public UtcInstant End => Start.Add(_reader.Header.FramePeriod.NanosecondsOf(_reader.Frames));

    /// <summary>One sentence for staff: where the start time comes from.</summary>
    public string StartNote { get; }

    /// <summary>uint.MaxValue unless the person said the time: WFDB headers know no zone.</summary>
    public uint UncertaintyMicroseconds { get; }

    /// <summary>Differences between the files and the header's checksums; empty = whole.</summary>
    public IReadOnlyList<string> Verify() => _reader.Verify();

    /// <summary>Throws <see cref="WfdbException"/> where the record cannot be read or its date not be stored.</summary>
    /// <param name="record">Path with or without <c>.hea</c>.</param>
    /// <param name="start">What <c>--start</c> said; null = what the header says, else <see cref="NoTime"/>.</param>
    public static WfdbImport Open(string record, UtcInstant? start = null)
    {
        var reader = WfdbReader.Open(record);
        try
        {
            return new WfdbImport(reader, start);
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Blocks of about 8 s for all signals, ascending in time, one piece of the record in memory at once.
    /// <paramref name="numbers"/> are the store's numbers for <see cref="Signals"/>, in their order.
    /// </summary>
    public IEnumerable<Block> Blocks(IReadOnlyList<SignalNumber> numbers)
    {
        if (numbers.Count != Signals.Count)
        {
            throw new ArgumentException($"the record has {Signals.Count} signals, not {numbers.Count}", nameof(numbers));
        }

        return Enumerate(numbers);
    }

    public void Dispose() => _reader.Dispose();

    private static (UtcInstant Start, string Note, uint Uncertainty) StartOf(WfdbReader reader, UtcInstant? start)
    {
        if (start is UtcInstant said)
        {
            return (said, $"The record begins at {said}, as given.", 0);
        }

        if (reader.Header.Base is not DateTime date)
        {
            UtcInstant at = NoTime.Add((reader.Header.BaseTimeOfDay ?? TimeSpan.Zero).Ticks * TimeSpan.NanosecondsPerTick);
            return (at, $"The record states no date: it was put at {at}. Say --start to give the true one.", uint.MaxValue);
        }

        if (date.Year is < 1700 or > 2250)
        {
            throw new WfdbException(Path.GetFileName(reader.Path), 1, $"the base date {date:dd/MM/yyyy} cannot be stored", "Say --start with a time between 1700 and 2250.");
        }

        var based = UtcInstant.FromDateTime(new DateTimeOffset(date, TimeSpan.Zero));
        return (based, $"The record begins at {based} by its header, which names no time zone: taken as UTC. Say --start to give another.", uint.MaxValue);
    }

    private static ImmutableArray<WfdbImportSignal> SignalsOf(WfdbHeader header)
    {
        var seen = new HashSet<(string, string)>();
        ImmutableArray<WfdbImportSignal>.Builder signals = ImmutableArray.CreateBuilder<WfdbImportSignal>(header.Signals.Length);
        for (int i = 0; i < header.Signals.Length; i++)
        {
            WfdbSignal line = header.Signals[i];
            Metric metric = WfdbNames.MetricOf(line, i);
            if (!seen.Add((metric.SignalId, metric.Unit)))
            {
                metric = metric with { Channel = $"signal-{i + 1}" };
            }

            var period = new SamplePeriod(header.FramePeriod.Numerator, header.FramePeriod.Denominator * line.SamplesPerFrame);
            metric = metric with { ExpectedEvery = TimeSpan.FromSeconds(1 / period.Hertz) };
            signals.Add(new WfdbImportSignal(metric, period, line.Scale));
        }

        return signals.MoveToImmutable();
    }

    private IEnumerable<Block> Enumerate(IReadOnlyList<SignalNumber> numbers)
    {
        WfdbHeader header = _reader.Header;
        int most = MostSamplesInBlock / header.Signals.Max(line => line.SamplesPerFrame);
        int frames = (int)Math.Clamp(header.FramePeriod.SamplesIn(BlockNanoseconds), 1, Math.Max(1, most));
        SignalBlocks[] signals = [.. Signals.Select((signal, i) =>
            new SignalBlocks(signal, numbers[i], header.Signals[i].Format.Missing, Start, UncertaintyMicroseconds))];
        for (long first = 0; first < _reader.Frames; first += frames)
        {
            int count = (int)Math.Min(frames, _reader.Frames - first);
            for (int i = 0; i < signals.Length; i++)
            {
                foreach (Block block in signals[i].Take(first * header.Signals[i].SamplesPerFrame, _reader.Read(i, first, count)))
                {
                    yield return block;
                }
            }
        }

        foreach (SignalBlocks signal in signals)
        {
            if (signal.CloseGap() is GapBlock gap)
            {
                yield return gap;
            }
        }
    }

    /// <summary>Cuts the samples of one signal into blocks and gaps.</summary>
    private sealed class SignalBlocks(WfdbImportSignal signal, SignalNumber number, int missing, UtcInstant start, uint uncertainty)
    {
        private const Validity There = Validity.Replayed;
        private const Validity NotThere = Validity.Replayed | Validity.Invalid | Validity.NotAvailable;

        private readonly long _shortestGap = Math.Max(1, (long)Math.Ceiling(signal.Period.Hertz));
        private long _gapStart;
        private long _gapLength;

        public IEnumerable<Block> Take(long index, int[] samples)
        {
            int from = 0;
            for (int at = 0; at < samples.Length;)
            {
                int run = MissingRun(samples, at);
                bool continues = at == 0 && _gapLength > 0;
                if (run >= _shortestGap || (run > 0 && continues))
                {
                    if (at > from)
                    {
                        yield return Samples(index + from, samples.AsMemory(from, at - from));
                    }

                    if (!continues)
                    {
                        _gapStart = index + at;
                    }

                    _gapLength += run;
                    from = at + run;
                }

                at += Math.Max(1, run);
                if (from < at && CloseGap() is GapBlock gap)
                {
                    yield return gap;
                }
            }

            if (from < samples.Length)
            {
                yield return Samples(index + from, samples.AsMemory(from));
            }
        }

        public GapBlock? CloseGap()
        {
            if (_gapLength == 0)
            {
                return null;
            }

            var gap = new GapBlock
            {
                Signal = number,
                Start = TimeOf(_gapStart),
                Until = TimeOf(_gapStart + _gapLength),
                UncertaintyMicroseconds = uncertainty,
                ClockEpoch = 1,
                Cause = GapCause.SignalOff,
                Missing = _gapLength,
            };
            _gapLength = 0;
            return gap;
        }

        private int MissingRun(int[] samples, int at)
        {
            int end = at;
            while (end < samples.Length && samples[end] == missing)
            {
                end++;
            }

            return end - at;
        }

        private SampleBlock Samples(long index, ReadOnlyMemory<int> samples) => new()
        {
            Signal = number,
            Start = TimeOf(index),
            UncertaintyMicroseconds = uncertainty,
            ClockEpoch = 1,
            Period = signal.Period,
            Scale = signal.Scale,
            Samples = samples,
            FirstIndex = index,
            DeviceNanoseconds = signal.Period.NanosecondsOf(index),
            Validity = Runs(samples.Span),
        };

        private ImmutableArray<ValidityRun> Runs(ReadOnlySpan<int> samples)
        {
            ImmutableArray<ValidityRun>.Builder runs = ImmutableArray.CreateBuilder<ValidityRun>();
            for (int from = 0, at = 1; at <= samples.Length; at++)
            {
                if (at == samples.Length || (samples[at] == missing) != (samples[from] == missing))
                {
                    runs.Add(new ValidityRun(from, at - from, samples[from] == missing ? NotThere : There));
                    from = at;
                }
            }

            return runs.ToImmutable();
        }

        private UtcInstant TimeOf(long index) => start.Add(signal.Period.NanosecondsOf(index));
    }
}
