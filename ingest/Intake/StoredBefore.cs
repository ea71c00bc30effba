using Bedside.Model;

namespace Bedside.Ingest.Intake;

/// <summary>
/// Whether something that a sender says was stored already: by a process that died before it could acknowledge, or by this one when the disk did not answer. For senders that state
/// wall times: the same time and the same value are the same reading, and what is not newer than the newest stored of its signal is looked up. All else costs one comparison.
/// </summary>
/// <param name="sink">Where it would be.</param>
internal sealed class StoredBefore(IBlockSink sink)
{
    private const long SecondNs = 1_000_000_000;

    /// <summary>Read at once on both sides of what is asked for; a queue that is sent again asks for what follows.</summary>
    private const long WindowNs = 60 * SecondNs;

    /// <summary>A text's own time is only known as it was mapped.</summary>
    private const long TextNs = 2 * SecondNs;

    /// <summary>Times that were written less exactly than this may have been moved by as much when they were stored.</summary>
    private const long ExactNs = SecondNs / 2;

    private readonly Dictionary<SignalNumber, Shelf> _shelves = [];
    private long? _offset;
    private UtcInstant? _until;

    /// <summary>From now on everything is looked up that could have been stored before <paramref name="now"/>.</summary>
    public void Doubt(UtcInstant now)
    {
        _shelves.Clear();
        (_until, _offset) = (now, null);
    }

    /// <summary>The device's clock was set: its times mean nothing any more beside those that are stored.</summary>
    public void Forget()
    {
        _shelves.Clear();
        _until = null;
    }

    /// <summary>The last blocks of the device, of any of its signals, tell how its clock was mapped; <paramref name="map"/> goes on from there.</summary>
    public void Learn(IEnumerable<Block> last, IClockMap map)
    {
        long newest = long.MinValue;
        foreach (Block block in last.OrderBy(block => block.Start))
        {
            if (OffsetOf(block) is { } offset)
            {
                (_offset, newest) = (offset, Math.Max(newest, block.Start.UnixNanoseconds - offset));
            }
        }

        if (_offset is { } known && map is StatedClockMap stated)
        {
            stated.Continue(known, newest);
        }
    }

    public bool Has(SignalNumber signal, NumericReading reading) =>
        reading.DeviceNanoseconds is { } device && ShelfOf(signal) is { } shelf && device <= shelf.Newest && Around(signal, shelf, device).Readings.Contains((device, reading.Value, reading.Validity));

    public bool Has(SignalNumber signal, string text, long device)
    {
        if (ShelfOf(signal) is not { } shelf)
        {
            return false;
        }

        UtcInstant at = new(device + shelf.Offset);
        return at.Add(-TextNs) <= shelf.Last
            && sink.Stored(signal, at.Add(-TextNs), at.Add(TextNs)).OfType<TextBlock>().Any(stored => stored.Text == text && Math.Abs(stored.Start.Since(at)) <= TextNs);
    }

    public bool Has(string device, Alert alert, long at)
    {
        UtcInstant start = new(at + (_offset ?? 0));
        return _until is { } until && start <= until.Add(WindowNs)
            && sink.StoredAlerts(start.Add(-WindowNs), start.Add(WindowNs)).Any(stored => stored.Device == device && stored.Alert == alert);
    }

    /// <summary>How many of so many samples from <paramref name="device"/> on are stored: all, none, or those at the beginning.</summary>
    public int Covered(SignalNumber signal, long device, SamplePeriod period, int count, TimeSpan within)
    {
        long end = device + period.NanosecondsOf(count);
        if (ShelfOf(signal) is not { } shelf || device >= shelf.Newest)
        {
            return 0;
        }

        List<(long From, long To)> stored = Around(signal, shelf, device).Samples;
        bool isExact = within.Ticks * 100 < ExactNs;
        long covered = stored.Sum(one => Math.Max(0, Math.Min(end, one.To) - Math.Max(device, one.From)));
        if (!isExact)
        {
            return covered * 2 >= end - device ? count : 0;
        }

        long from = device;
        long half = period.Nanoseconds / 2;
        foreach ((long first, long last) in stored.Order())
        {
            from = first <= from + half && last > from ? last : from;
        }

        return (int)Math.Clamp(period.SamplesIn(Math.Max(0, from - device) + half), 0, count);
    }

    private static long? OffsetOf(Block block) => block switch
    {
        NumericBlock { Readings: [.., { DeviceNanoseconds: { } device } reading] } => reading.Time.Since(new UtcInstant(device)),
        SampleBlock { DeviceNanoseconds: { } device } samples => samples.Start.Since(new UtcInstant(device)),
        _ => null,
    };

    /// <summary>Null = nothing is stored of the signal, or nothing is in doubt.</summary>
    private Shelf? ShelfOf(SignalNumber signal)
    {
        if (_until is null)
        {
            return null;
        }

        if (_shelves.TryGetValue(signal, out Shelf? known))
        {
            return known.IsEmpty ? null : known;
        }

        Shelf made = new();
        if (sink.Last(signal) is { } last && (OffsetOf(last) ?? _offset) is { } offset)
        {
            made = Read(signal, last.Start.Add(-WindowNs), new UtcInstant(long.MaxValue), offset);
            made.Last = last.Start;
            made.IsEmpty = false;
        }

        _shelves[signal] = made;
        return made.IsEmpty ? null : made;
    }

    /// <summary>The shelf with what was stored around a time of the device.</summary>
    private Shelf Around(SignalNumber signal, Shelf shelf, long device)
    {
        UtcInstant at = new(device + shelf.Offset);
        if (at.Add(-WindowNs / 2) < shelf.From || at.Add(WindowNs / 2) > shelf.To)
        {
            Shelf read = Read(signal, at.Add(-WindowNs), at.Add(WindowNs), shelf.Offset);
            (shelf.From, shelf.To, shelf.Readings, shelf.Samples) = (read.From, read.To, read.Readings, read.Samples);
        }

        return shelf;
    }

    private Shelf Read(SignalNumber signal, UtcInstant from, UtcInstant to, long offset)
    {
        var shelf = new Shelf { From = from, To = to, Offset = offset };
        foreach (Block block in sink.Stored(signal, from, to))
        {
            switch (block)
            {
                case NumericBlock readings:
                    foreach (NumericReading reading in readings.Readings.Where(reading => reading.DeviceNanoseconds is not null))
                    {
                        shelf.Take(reading);
                    }

                    break;
                case SampleBlock { DeviceNanoseconds: { } first } samples:
                    shelf.Samples.Add((first, first + samples.Period.NanosecondsOf(samples.Samples.Length)));
                    shelf.Newest = Math.Max(shelf.Newest, shelf.Samples[^1].To);
                    break;
            }
        }

        return shelf;
    }

    /// <summary>What is stored of one signal around some time.</summary>
    private sealed class Shelf
    {
        public bool IsEmpty { get; set; } = true;

        public UtcInstant From { get; set; }

        public UtcInstant To { get; set; }

        /// <summary>From the device's time to the box's.</summary>
        public long Offset { get; init; }

        /// <summary>Of the device's times.</summary>
        public long Newest { get; set; } = long.MinValue;

        /// <summary>When its last block begins.</summary>
        public UtcInstant Last { get; set; }

        public HashSet<(long Device, Fixed? Value, Validity Validity)> Readings { get; set; } = [];

        public List<(long From, long To)> Samples { get; set; } = [];

        public void Take(NumericReading reading)
        {
            long device = reading.DeviceNanoseconds!.Value; // the caller asked
            _ = Readings.Add((device, reading.Value, reading.Validity));
            Newest = Math.Max(Newest, device);
        }
    }
}
