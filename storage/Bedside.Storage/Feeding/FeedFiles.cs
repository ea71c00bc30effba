using Bedside.Model;
using Bedside.Storage.Disk;
using Bedside.Storage.Index;
using Bedside.Storage.Journal;
using Bedside.Storage.Reading;
using Bedside.Storage.Segments;

namespace Bedside.Storage.Feeding;

/// <summary>Finds and fetches appended blocks for a feed. Open files are of one look; the indexes of a few segments are kept. For one task.</summary>
internal sealed class FeedFiles(StoreEngine engine) : IDisposable
{
    /// <summary>Segments that one look goes through: an interval seldom lies in more than two.</summary>
    private const int MostSegments = 4;

    private const int MostWindows = 64;

    private static readonly UtcInstant Ever = new(long.MinValue);
    private static readonly UtcInstant Never = new(long.MaxValue);

    private readonly Dictionary<(ulong Sequence, uint Signal), (SegmentFile Segment, BlockEntry[] Entries)> _slices = [];
    private readonly Dictionary<ulong, IDiskFile?> _open = [];
    private readonly Dictionary<(ulong Sequence, long At), WindowLoader> _windows = [];
    private ReadView? _view;

    /// <summary>What was appended durably from a file on, by signal, each in the order of the files. Valid until the next call.</summary>
    public ILookup<uint, FeedSource> Look(ulong from, Func<uint, bool> isWanted)
    {
        Dispose();
        foreach ((ulong Sequence, uint Signal) key in _slices.Keys.Where(key => key.Sequence < from).ToArray())
        {
            _ = _slices.Remove(key);
        }

        _view = engine.Holdings.ViewOfAppended(from, MostSegments);
        return _view.Sources.Where(source => isWanted(source.Key.Signal)).Select(Source).OrderBy(source => source.Sequence).ToLookup(source => source.Source.Key.Signal);
    }

    /// <summary>The block of an entry, or null when it cannot be read, which is told.</summary>
    public Block? Load(FeedSource source, BlockEntry entry)
    {
        Damage? damage = null;
        Block? block = source.Source switch
        {
            { Journal: { } journal } => WindowOf(source.Sequence, entry.At).TryLoad(journal, entry, out damage),
            { Segment: { } segment } when Open(segment) is { } file => BlockLoader.TryLoad(file, segment.Identity, entry, entry.End, out damage),
            _ => null,
        };
        if (damage is not null && source.Source.Segment is not { IsGone: true })
        {
            engine.Health.Found(damage);
        }

        return block;
    }

    /// <summary>Samples, readings and texts in a segment behind these positions; what was begun counts as taken.</summary>
    public long CountBehind(SegmentFile segment, Func<uint, bool> isWanted, Func<uint, FeedPosition> positionOf)
    {
        long count = 0;
        foreach (SegmentLane lane in segment.LanesOf(Lane.Data).Where(lane => isWanted(lane.Key.Signal)))
        {
            FeedPosition position = positionOf(lane.Key.Signal);
            FeedSource source = Source(new LaneSource(Journal: null, default, segment, lane));
            int from = position.Sequence < source.Sequence ? 0 : position.Sequence > source.Sequence ? source.Count : source.LastTo(position.Number) + 1;
            for (int i = from; i < source.Count; i++)
            {
                count += Math.Max(1, source[i].Count);
            }
        }

        return count;
    }

    public void Dispose()
    {
        foreach (IDiskFile? file in _open.Values)
        {
            file?.Dispose();
        }

        _open.Clear();
        _windows.Clear();
        _view?.Dispose();
        _view = null;
    }

    private FeedSource Source(LaneSource source)
    {
        if (source.Segment is not { } segment)
        {
            return new FeedSource(source, source.Journal!.Identity.Sequence, Entries: null); // the view has no others
        }

        ulong sequence = segment.Identity.Sequence;
        if (_slices.TryGetValue((sequence, source.Key.Signal), out (SegmentFile Segment, BlockEntry[] Entries) known) && known.Segment == segment)
        {
            return new FeedSource(source, sequence, known.Entries);
        }

        using var cursor = new LaneCursor(engine.Disk, source, Ever, Never, engine.Health.Found);
        BlockEntry[] entries = [.. cursor.Open()];
        Array.Sort(entries, static (left, right) => left.Number != right.Number ? left.Number.CompareTo(right.Number) : left.Start.CompareTo(right.Start));
        _slices[(sequence, source.Key.Signal)] = (segment, entries);
        return new FeedSource(source, sequence, entries);
    }

    private WindowLoader WindowOf(ulong sequence, long at)
    {
        if (!_windows.TryGetValue((sequence, at), out WindowLoader? loader))
        {
            if (_windows.Count >= MostWindows)
            {
                _windows.Clear();
            }

            _windows[(sequence, at)] = loader = new WindowLoader();
        }

        return loader;
    }

    private IDiskFile? Open(SegmentFile segment)
    {
        if (!_open.TryGetValue(segment.Identity.Sequence, out IDiskFile? file))
        {
            try
            {
                file = engine.Disk.Open(segment.Identity.Name, DiskAccess.Read);
            }
            catch (Exception error) when (DiskErrors.Is(error))
            {
                if (!segment.IsGone)
                {
                    engine.Health.Found(new Damage(segment.Identity.Name, 0, SignalNumber.None, error.Message));
                }
            }

            _open[segment.Identity.Sequence] = file;
        }

        return file;
    }
}
