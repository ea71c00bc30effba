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
    /// <summary>Files that one look goes through: an interval seldom lies in more than two.</summary>
    private const int MostFiles = 4;

    private const int MostWindows = 64;

    private readonly Dictionary<(ulong Sequence, uint Signal), (SegmentFile Segment, BlockEntry[] Entries)> _slices = [];
    private readonly Dictionary<ulong, IDiskFile?> _open = [];
    private readonly Dictionary<(ulong Sequence, long At), WindowLoader> _windows = [];
    private ReadView? _view;

    /// <summary>The first file that was not looked at; null = all were.</summary>
    public ulong? Next { get; private set; }

    /// <summary>What was appended durably to the first of these files, which ascend, by signal, each in the order of the files. Valid until the next call.</summary>
    public ILookup<uint, FeedSource> Look(IReadOnlyList<ulong> files, Func<uint, bool> isWanted)
    {
        Dispose();
        ulong from = files.Count > 0 ? files[0] : 0;
        ulong to = files.Count > MostFiles ? files[MostFiles - 1] : ulong.MaxValue;
        Next = files.Count > MostFiles ? files[MostFiles] : null;
        foreach ((ulong Sequence, uint Signal) key in _slices.Keys.Where(key => key.Sequence < from).ToArray())
        {
            _ = _slices.Remove(key);
        }

        _view = engine.Holdings.ViewOfAppended(from, to);
        return _view.Sources.Where(source => isWanted(source.Key.Signal)).Select(Source).OrderBy(source => source.Sequence).ToLookup(source => source.Source.Key.Signal);
    }

    /// <summary>What the disk fails to read is passed over instead of tried again: it was tried often enough.</summary>
    public bool IsTolerant { get; set; }

    /// <summary>The block of an entry, or null when it is damaged, which is told. Throws the disk's errors unless it is tolerant.</summary>
    public Block? Load(FeedSource source, BlockEntry entry)
    {
        Damage? damage = null;
        Block? block = null;
        try
        {
            block = source.Source switch
            {
                { Journal: { } journal } => WindowOf(source.Sequence, entry.At).Load(journal, entry, out damage),
                { Segment: { } segment } when Open(segment) is { } file => BlockLoader.Load(file, segment.Identity, entry, out damage),
                _ => null,
            };
        }
        catch (Exception error) when (DiskErrors.Is(error) && IsTolerant)
        {
            damage = new Damage((source.Source.Segment?.Identity ?? source.Source.Journal!.Identity).Name, entry.At, new SignalNumber(entry.Signal), error.Message); // it has one of them
        }

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

        BlockEntry[] entries = Slice(segment, source.Lane!); // a source with a segment has its lane
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

    private BlockEntry[] Slice(SegmentFile segment, SegmentLane lane)
    {
        if (Open(segment) is not { } file)
        {
            return [];
        }

        if ((!segment.IsRebuilt || segment.IsStill(file)) && segment.ReadSlice(file, lane) is { } slice)
        {
            return slice;
        }

        // It was written anew a moment ago, or its index is damaged.
        SegmentFile? now = segment.IsStill(file) ? SegmentFile.Rebuild(file, segment.Identity, []) : SegmentFile.Open(file, segment.Identity);
        return now?.Lanes.FirstOrDefault(other => other.Key == lane.Key) is { } found ? now.ReadSlice(file, found) ?? [] : [];
    }

    /// <summary>Null when retention took it.</summary>
    private IDiskFile? Open(SegmentFile segment)
    {
        if (!_open.TryGetValue(segment.Identity.Sequence, out IDiskFile? file))
        {
            try
            {
                file = engine.Disk.Open(segment.Identity.Name, DiskAccess.Read);
            }
            catch (FileNotFoundException) when (segment.IsGone)
            {
                file = null;
            }

            _open[segment.Identity.Sequence] = file;
        }

        return file;
    }
}
