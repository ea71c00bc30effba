using Bedside.Model;
using Bedside.Storage.Index;

namespace Bedside.Storage.Feeding;

/// <summary>Goes through one lane in the order of appending and hands out what was not taken yet, in pieces of blocks. Keeps the block that it looked at last. For one task.</summary>
internal sealed class FeedLane(uint signal, FeedPosition position)
{
    private readonly List<FeedSource> _sources = [];
    private Func<FeedSource, BlockEntry, Block?> _load = (_, _) => null;
    private Block? _block;
    private (ulong Sequence, ulong Number, uint Count) _loaded;
    private int _at;
    private long _unreadable;

    public uint Signal => signal;

    public FeedPosition Position { get; private set; } = position;

    /// <summary>Time of the next sample, reading or text; null = there is none in the files that were given.</summary>
    public UtcInstant? Next => _block is { } block ? TimeOf(block, _at) : null;

    /// <summary>In which file that lies.</summary>
    public ulong? NextSequence => _block is null ? null : _loaded.Sequence;

    /// <summary>What could not be read and was passed by what was taken behind it; whoever counted it sets it to 0.</summary>
    public long Unreadable { get; set; }

    /// <summary>Gives it the files of now, in their order, and looks for what comes next.</summary>
    public void Look(IEnumerable<FeedSource> sources, Func<FeedSource, BlockEntry, Block?> load)
    {
        _sources.Clear();
        _sources.AddRange(sources);
        _load = load;
        Find();
    }

    /// <summary>From here on, whatever was taken.</summary>
    public void MoveTo(FeedPosition place) => (Position, _block, _loaded) = (place, null, default);

    /// <summary>Nothing of files before this one is taken any more.</summary>
    public void Leave(ulong sequence)
    {
        if (Position.Sequence < sequence)
        {
            MoveTo(new FeedPosition(sequence, 0, 0, 0));
        }
    }

    /// <summary>Takes up to <paramref name="most"/> that lie before <paramref name="until"/>, or not before <paramref name="ahead"/>, up to the first that does neither. How many.</summary>
    public int Take(UtcInstant until, UtcInstant ahead, int most, Action<ulong, Block> onPiece)
    {
        int taken = 0;
        while (taken < most && _block is { } block)
        {
            int count = Math.Min(CountBefore(block, _at, until, ahead), most - taken);
            if (count == 0)
            {
                break;
            }

            (Unreadable, _unreadable) = (Unreadable + _unreadable, 0);
            onPiece(_loaded.Sequence, Piece(block, _at, count));
            Advance(block, count);
            taken += count;
        }

        return taken;
    }

    /// <summary>How many samples, readings or texts a block holds.</summary>
    public static int CountOf(Block block) => block switch
    {
        SampleBlock samples => samples.Samples.Length,
        NumericBlock numeric => numeric.Readings.Length,
        _ => 1,
    };

    private static UtcInstant TimeOf(Block block, int at) => block switch
    {
        SampleBlock samples => samples.TimeOf(at),
        NumericBlock numeric => numeric.Readings[at].Time,
        _ => block.Start,
    };

    private static int CountBefore(Block block, int from, UtcInstant until, UtcInstant ahead)
    {
        int all = CountOf(block);
        if (block is SampleBlock { Samples.Length: > 1 } samples && samples.TimeOf(all - 1) < until)
        {
            return all - from;
        }

        int at = from;
        while (at < all && TimeOf(block, at) is var time && (time < until || time >= ahead))
        {
            at++;
        }

        return at - from;
    }

    private static Block Piece(Block block, int from, int count) => block switch
    {
        SampleBlock samples => samples with
        {
            Start = samples.TimeOf(from),
            Samples = samples.Samples.Slice(from, count),
            FirstIndex = samples.FirstIndex + from,
            DeviceNanoseconds = samples.DeviceNanoseconds + samples.Period.NanosecondsOf(from),
            Validity = [.. samples.Validity.Where(run => run.Start < from + count && run.Start + run.Length > from).Select(run => Within(run, from, count))],
        },
        NumericBlock numeric => numeric with { Start = numeric.Readings[from].Time, Readings = [.. numeric.Readings.AsSpan(from, count)] },
        _ => block,
    };

    private static ValidityRun Within(ValidityRun run, int from, int count)
    {
        int start = Math.Max(run.Start, from);
        return new ValidityRun(start - from, Math.Min(run.Start + run.Length, from + count) - start, run.Validity);
    }

    private void Advance(Block block, int count)
    {
        _at += count;
        Position = FeedPosition.Behind(_loaded.Sequence, _loaded.Number, block, _at);
        if (_at == CountOf(block))
        {
            Find();
        }
    }

    private void Find()
    {
        _unreadable = 0;
        foreach (FeedSource source in _sources)
        {
            if (source.Sequence < Position.Sequence)
            {
                continue;
            }

            int at = source.Sequence == Position.Sequence ? source.LastTo(Position.Number) : -1;
            if (at >= 0 && Load(source, source[at]) is { } begun && Position.TakenOf(begun) is var taken && taken < CountOf(begun))
            {
                _at = taken;
                return;
            }

            for (at++; at < source.Count; at++)
            {
                if (Load(source, source[at]) is not null)
                {
                    _at = 0;
                    return;
                }

                _unreadable += Math.Max(1, source[at].Count);
            }
        }

        // What is known to be taken is kept, so that it need not be read again to know that.
        _block = null;
    }

    /// <summary>Null when it cannot be read, or is known to be taken.</summary>
    private Block? Load(FeedSource source, BlockEntry entry)
    {
        if (_loaded == (source.Sequence, entry.Number, entry.Count))
        {
            return _block;
        }

        (_block, _loaded) = (null, default);
        Block? block = _load(source, entry);
        _loaded = (source.Sequence, entry.Number, entry.Count);
        return _block = block;
    }
}
