using System.Collections.Immutable;
using Bedside.Model;

namespace Bedside.Ingest.Intake;

/// <summary>
/// Collects what several messages say, until it is handed to the store together: readings of one signal that follow each other become one block, for a block costs the store as much as the
/// readings in it. Nothing is refused here; whoever drains it waits for the store. For one thread at a time.
/// </summary>
/// <param name="store">Where signals are registered, and what is asked for what it has.</param>
public sealed class BlockLot(IBlockSink store) : IBlockSink
{
    /// <summary>Readings of one block; a longer run is several.</summary>
    private const int MostReadings = 512;

    private readonly List<Entry> _entries = [];
    private readonly Dictionary<SignalNumber, Entry> _open = [];

    /// <summary>Blocks so far.</summary>
    public int Count => _entries.Count;

    public Signal Register(string device, Metric metric) => store.Register(device, metric);

    public Block? Last(SignalNumber signal) => _entries.FindLast(entry => entry.Block.Signal == signal && entry.Block is SampleBlock or NumericBlock or TextBlock)?.Made() ?? store.Last(signal);

    public IEnumerable<Block> Stored(SignalNumber signal, UtcInstant from, UtcInstant to) => store.Stored(signal, from, to);

    public IEnumerable<AlertBlock> StoredAlerts(UtcInstant from, UtcInstant to) => store.StoredAlerts(from, to);

    public IEnumerable<AnnotationBlock> StoredMarks(UtcInstant from, UtcInstant to) => store.StoredMarks(from, to);

    /// <summary>Always true.</summary>
    public bool TryAppend(Block block)
    {
        if (block is NumericBlock { Readings: [var reading] } one)
        {
            if (_open.TryGetValue(one.Signal, out Entry? open) && open.TryAdd(one, reading))
            {
                return true;
            }

            var entry = new Entry(one);
            _entries.Add(entry);
            _open[one.Signal] = entry;
            return true;
        }

        // What follows it must not come before it.
        _ = _open.Remove(block.Signal);
        _entries.Add(new Entry(block));
        return true;
    }

    /// <summary>Everything, in its order; it is empty then.</summary>
    public IReadOnlyList<Block> Drain()
    {
        if (_entries.Count == 0)
        {
            return [];
        }

        var blocks = new List<Block>(_entries.Count);
        foreach (Entry entry in _entries)
        {
            blocks.Add(entry.Made());
        }

        _entries.Clear();
        _open.Clear();
        return blocks;
    }

    private sealed class Entry(Block first)
    {
        private ImmutableArray<NumericReading>.Builder? _readings;
        private uint _uncertainty = first.UncertaintyMicroseconds;
        private UtcInstant _last = first.End;

        public Block Block => first;

        /// <summary>Readings of one run of the clock, ascending; the block is as uncertain as the worst of them.</summary>
        public bool TryAdd(NumericBlock next, NumericReading reading)
        {
            if (next.ClockEpoch != first.ClockEpoch || reading.Time < _last || _readings?.Count >= MostReadings)
            {
                return false;
            }

            if (_readings is null)
            {
                _readings = ImmutableArray.CreateBuilder<NumericReading>();
                _readings.Add(((NumericBlock)first).Readings[0]);
            }

            _readings.Add(reading);
            _uncertainty = Math.Max(_uncertainty, next.UncertaintyMicroseconds);
            _last = reading.Time;
            return true;
        }

        public Block Made() => _readings is { } readings && first is NumericBlock numeric
            ? numeric with { Readings = readings.ToImmutable(), UncertaintyMicroseconds = _uncertainty }
            : first;
    }
}
