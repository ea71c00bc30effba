using Bedside.Model;
using Bedside.Storage.Disk;
using Bedside.Storage.Index;
using Bedside.Storage.Journal;
using Bedside.Storage.Segments;

namespace Bedside.Storage.Reading;

/// <summary>Goes through the blocks of one lane of one file that overlap a range, in the order of time.</summary>
internal sealed class LaneCursor(IDisk disk, LaneSource source, UtcInstant from, UtcInstant to, Action<Damage> onDamage) : IDisposable
{
    private readonly WindowLoader _windows = new();
    private BlockEntry[]? _entries;
    private IDiskFile? _opened;
    private int _next;

    /// <summary>Not later than any block still to come.</summary>
    public UtcInstant EarliestNext => _entries is null ? source.Lane?.Start ?? new UtcInstant(long.MinValue) : _entries[_next].Start;

    public bool IsOpen => _entries is not null;

    /// <summary>Number of the block to come.</summary>
    public ulong Number => _entries is null ? 0 : _entries[_next].Number;

    public bool IsAtEnd => _entries is not null && _next == _entries.Length;

    /// <summary>The segment's file, opened when it is first asked for. Throws the disk's errors.</summary>
    public IDiskFile OpenFile(SegmentFile segment) => _opened ??= disk.Open(segment.Identity.Name, DiskAccess.Read);

    /// <summary>All entries of the lane that overlap the range.</summary>
    public ReadOnlySpan<BlockEntry> Open()
    {
        if (_entries is null)
        {
            IEnumerable<BlockEntry> all = source.Segment is { } segment ? ReadSlice(segment) : source.Run.Entries();
            _entries = [.. all.Where(entry => entry.Kind != BlockKind.Signal && entry.Overlaps(from, to)).Order(Comparer<BlockEntry>.Create(BlockEntry.Compare))];
        }

        return _entries;
    }

    /// <summary>The next block; null when it is damaged, which is reported.</summary>
    public Block? TakeNext() => Load(_entries![_next++]); // only called after Open

    public Block? Load(BlockEntry entry) => Load(entry, entry.End);

    /// <summary>The same, perhaps without the samples from <paramref name="until"/> on.</summary>
    public Block? Load(BlockEntry entry, UtcInstant until)
    {
        Damage? damage = null;
        Block? block = source switch
        {
            { Pending: { } pending } => pending.Find(entry.Number),
            { Journal: { } journal } => _windows.TryLoad(journal, entry, out damage),
            { Segment: { } segment } when _opened is { } file => BlockLoader.TryLoad(file, segment.Identity, entry, until, out damage),
            _ => null,
        };
        if (damage is not null)
        {
            onDamage(damage);
        }

        return block;
    }

    public void Dispose()
    {
        _opened?.Dispose();
        _opened = null;
    }

    private BlockEntry[] ReadSlice(SegmentFile segment)
    {
        try
        {
            IDiskFile file = OpenFile(segment);
            SegmentLane lane = source.Lane!; // a source with a segment has its lane
            if ((!segment.IsRebuilt || segment.IsStill(file)) && segment.ReadSlice(file, lane) is { } slice)
            {
                return slice;
            }

            if (!segment.IsStill(file))
            {
                return SegmentFile.Open(file, segment.Identity) is { } now && now.Lane(lane.Key) is { } left ? now.ReadSlice(file, left) ?? [] : [];
            }

            onDamage(new Damage(segment.Identity.Name, lane.SliceAt, new SignalNumber(lane.Key.Signal), "the index of this signal is damaged and was made anew"));
            var rebuilt = SegmentFile.Rebuild(file, segment.Identity, []);
            return rebuilt?.Lanes.FirstOrDefault(other => other.Key == lane.Key) is { } found ? rebuilt.ReadSlice(file, found) ?? [] : [];
        }
        catch (FileNotFoundException) when (segment.IsGone)
        {
            return [];
        }
        catch (Exception error) when (DiskErrors.Is(error))
        {
            onDamage(new Damage(segment.Identity.Name, 0, SignalNumber.None, error.Message));
            return [];
        }
    }
}
