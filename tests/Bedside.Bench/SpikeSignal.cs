using Bedside.Model;

namespace Bedside.Bench;

/// <summary>A run of samples or readings that lacks none.</summary>
/// <param name="First">Its first index, counted in periods since the month began.</param>
/// <param name="End">The index after its last.</param>
internal readonly record struct Stretch(long First, long End);

/// <summary>
/// One signal of the month: a quiet line with spikes of a single sample. Where it has data is in stretches; what lies between is a gap. All that is in it
/// comes from its seed.
/// </summary>
internal sealed class SpikeSignal
{
    private const long Millisecond = 1_000_000;
    private const long Second = 1000 * Millisecond;
    private const long Minute = 60 * Second;

    /// <summary>Three columns and a half of 960 over thirty days: no two spikes of a signal share a column at any zoom.</summary>
    private const long Apart = 160 * Minute;

    /// <summary>A tile has 512 columns of 4^level × 1/64 s.</summary>
    private const long FinestColumn = Second / 64;
    private const int TileColumns = 512;
    private const int HighestLevel = 8;

    /// <summary>Samples of the stretch around each spike of a wave: half a minute to some minutes.</summary>
    private const int WaveStretch = 15_000;

    /// <summary>Gaps of a numeric.</summary>
    private const int Gaps = 60;

    private readonly UtcInstant _start;
    private readonly Dictionary<long, int> _spikes = [];
    private readonly List<Stretch> _stretches = [];

    /// <summary>Makes a signal of the month.</summary>
    /// <param name="id">Its id in the store.</param>
    /// <param name="kind">Waves lie in stretches around their spikes, numerics everywhere but in gaps.</param>
    /// <param name="periodMilliseconds">A divisor of ten seconds.</param>
    /// <param name="start">Beginning of the month, on a whole day.</param>
    /// <param name="days">Length of the month.</param>
    /// <param name="spikes">How many.</param>
    /// <param name="seed">Where everything comes from.</param>
    public SpikeSignal(string id, SignalKind kind, int periodMilliseconds, UtcInstant start, int days, int spikes, int seed)
    {
        (Id, Kind, _start, PeriodNanoseconds) = (id, kind, start, periodMilliseconds * Millisecond);
        Length = days * 24 * 60 * Minute / PeriodNanoseconds;
        var random = new Random(seed);
        Spike(random, spikes);
        if (kind == SignalKind.Waveform)
        {
            StretchAroundSpikes(random);
        }
        else
        {
            StretchBetweenGaps(random);
        }
    }

    public string Id { get; }

    public SignalKind Kind { get; }

    /// <summary>Samples of a block: a minute of readings, five seconds of a wave.</summary>
    public int BlockLength => (int)((Kind == SignalKind.Waveform ? 5 * Second : Minute) / PeriodNanoseconds);

    public IReadOnlyList<Stretch> Stretches => _stretches;

    /// <summary>Place and height above or below the line, in counts.</summary>
    public IEnumerable<(long Index, int Value)> Spikes => _spikes.OrderBy(spike => spike.Key).Select(spike => (spike.Key, Value(spike.Key)));

    public long PeriodNanoseconds { get; }

    private long Length { get; }

    public UtcInstant TimeOf(long index) => _start.Add(index * PeriodNanoseconds);

    public int Value(long index)
    {
        int quiet = Kind == SignalKind.Waveform ? (int)((index * 7919) % 7) - 3 : 80 + (int)((index / 11 * 7919) % 3) - 1;
        return quiet + _spikes.GetValueOrDefault(index);
    }

    private void Spike(Random random, int count)
    {
        var taken = new SortedSet<long>();
        long apart = Apart / PeriodNanoseconds;
        for (int tries = 0; _spikes.Count < count; tries++)
        {
            if (tries > 1000 * count)
            {
                throw new InvalidOperationException($"{count} spikes do not fit into the month.");
            }

            long index = tries == 0 ? DaylightSaving(random) : Place(random);
            if (index > 0 && index < Length - 1 && taken.GetViewBetween(index - apart, index + apart).Count == 0)
            {
                _ = taken.Add(index);
                int height = Kind == SignalKind.Waveform ? random.Next(300, 900) : random.Next(20, 60);
                _spikes[index] = random.Next(2) == 0 ? height : -height;
            }
        }
    }

    /// <summary>The hour that Paris repeats begins at 01:00 UTC: the sample then, or the one before.</summary>
    private long DaylightSaving(Random random) => ((SpikeMonth.DaylightSavingEnds.UnixNanoseconds - _start.UnixNanoseconds) / PeriodNanoseconds) - random.Next(2);

    /// <summary>Anywhere, or where something of the store or of the screen begins or ends.</summary>
    private long Place(Random random)
    {
        long any = random.NextInt64(Length);
        int level = random.Next(HighestLevel + 1);
        long column = FinestColumn << (2 * level);
        long before = random.Next(2);
        return random.Next(10) switch
        {
            0 or 1 => OnGrid(any, column * TileColumns) - before,
            2 => OnGrid(any, column) - before,
            3 => (any / BlockLength * BlockLength) - before,
            4 => OnGrid(any, 60 * Minute) - before,
            _ => any,
        };
    }

    /// <summary>First sample at or after the beginning of the cell of a grid since 1970 that holds the sample.</summary>
    private long OnGrid(long index, long cell)
    {
        long at = TimeOf(index).UnixNanoseconds / cell * cell;
        return (at - _start.UnixNanoseconds + PeriodNanoseconds - 1) / PeriodNanoseconds;
    }

    private void StretchAroundSpikes(Random random)
    {
        foreach (long spike in _spikes.Keys.Order())
        {
            // Some are the very first or last sample before a gap.
            int before = random.Next(8) switch { 0 => 0, 1 => WaveStretch - 1, _ => random.Next(WaveStretch / 4, WaveStretch * 3 / 4) };
            long first = Math.Max(0, spike - before);
            _stretches.Add(new Stretch(first, Math.Min(Length, first + WaveStretch)));
        }
    }

    private void StretchBetweenGaps(Random random)
    {
        var gaps = new SortedDictionary<long, long>();
        for (int i = 0; i < Gaps; i++)
        {
            // From some readings to hours, as many short as long ones.
            long length = ((long)Math.Exp(random.NextDouble() * Math.Log(5 * 3600)) * Second / PeriodNanoseconds) + 3;
            long first = random.NextInt64(1, Length - length);
            bool meetsOther = gaps.Any(gap => first <= gap.Value + 1 && gap.Key <= first + length + 1);
            if (!meetsOther && !_spikes.Keys.Any(spike => spike >= first && spike < first + length))
            {
                gaps[first] = first + length;
            }
        }

        long from = 0;
        foreach ((long first, long end) in gaps)
        {
            _stretches.Add(new Stretch(from, first));
            from = end;
        }

        _stretches.Add(new Stretch(from, Length));
    }
}
