using Bedside.Model;
using Bedside.Storage.Disk;
using Bedside.Storage.Files;
using Bedside.Storage.Index;
using Bedside.Storage.Reading;
using Bedside.Storage.Segments;

namespace Bedside.Storage.Repair;

/// <summary>Blocks that were in a file and cannot be read any more. Signal 0 = of the bed, or nobody knows whose.</summary>
internal readonly record struct LostBlocks(uint Signal, UtcInstant From, UtcInstant Until, ulong Number, long Missing)
{
    /// <summary>All that is known of when is that a segment has no more of the record than its span.</summary>
    public bool IsWide { get; init; }

    public GapBlock ToGap() => new() { Signal = new SignalNumber(Signal), Start = From, Until = Until, Cause = GapCause.Storage, Missing = Missing };
}

/// <summary>
/// All of a segment read and decoded once, and compared with its index: what is whole, what is damaged, and what that
/// costs. The blocks themselves stay on the disk.
/// </summary>
internal sealed class SegmentCheck
{
    /// <summary>A segment has no more of the record.</summary>
    public static readonly long LongestNanoseconds = new StoreOptions().SegmentSpan.Ticks * 100;

    /// <summary>More than an entry of an index has in front of its summary.</summary>
    private const int BytesOfEntry = 64;

    private readonly Dictionary<long, Damage> _damaged = [];
    private readonly SortedDictionary<long, BlockEntry> _good = [];
    private readonly List<SignalBlock> _copies = [];
    private readonly List<LostBlocks> _lost = [];

    /// <summary>What the index names and the search did not find: offset and bytes of the frame.</summary>
    private readonly Dictionary<long, long> _missing = [];
    private readonly FileIdentity _identity;
    private long _tail;
    private readonly IDiskFile _file;

    private SegmentCheck(IDiskFile file, FileIdentity identity)
    {
        _file = file;
        _identity = identity;
    }

    /// <summary>Null when head, directory or trailer are not whole.</summary>
    public SegmentFile? Segment { get; private set; }

    /// <summary>By offset.</summary>
    public IEnumerable<Damage> Damaged => _damaged.Values.OrderBy(damage => damage.Offset);

    /// <summary>The disk could not read some of it: that may be different another time.</summary>
    public bool HasReadErrors { get; private set; }

    /// <summary>The descriptions in front that can be read.</summary>
    public IReadOnlyList<SignalBlock> Copies => _copies;

    /// <summary>Every block that can be read, also with one bit put right, in the order of the file.</summary>
    public IReadOnlyCollection<BlockEntry> Readable => _good.Values;

    public IReadOnlyList<LostBlocks> Lost => _lost;

    /// <summary>Throws the disk's errors only for what comes before the frames.</summary>
    public static SegmentCheck Read(IDiskFile file, FileIdentity identity, Action<Block>? onBlock, CancellationToken cancel)
    {
        var check = new SegmentCheck(file, identity) { Segment = SegmentFile.Open(file, identity) };
        List<Damage> regions = check.Scan(onBlock, cancel);
        if (check.Segment is { } segment)
        {
            check.CompareWithIndex(segment);
        }
        else
        {
            check._damaged[0] = new Damage(identity.Name, 0, SignalNumber.None, "head, directory or trailer is not what was written");
            check.LookBehindTheFrames();
        }

        foreach (Damage region in regions)
        {
            check.Explain(region);
        }

        return check;
    }

    /// <summary>Without directory and trailer nobody knows where the frames end. If an index of them begins there, it is behind the last one that is whole; else some may be lost.</summary>
    private void LookBehindTheFrames()
    {
        byte[] behind = new byte[BytesOfEntry];
        int length = Attempt(() => _file.Read(_tail, behind) is var read && read > 0 ? behind[..read] : null)?.Length ?? 0;
        if (_good.Count > 0 && !IndexCoding.BeginsWith(behind.AsSpan(0, length), _good.Values.First()))
        {
            LostBlocks lost = Around(before: null, after: null);
            _damaged[_tail] = new Damage(_identity.Name, _tail, SignalNumber.None, "what stands behind the last block is not its index; blocks may be lost") { From = lost.From, Until = lost.Until };
            _lost.Add(lost);
        }
    }

    /// <summary>The neighbours of the segment end before, and begin after, what it had: a loss whose time nobody knows lies between them.</summary>
    public void Clip(UtcInstant? before, UtcInstant? after)
    {
        for (int i = 0; i < _lost.Count; i++)
        {
            LostBlocks lost = _lost[i];
            if (lost.IsWide)
            {
                UtcInstant from = before is { } end && end > lost.From ? end : lost.From;
                UtcInstant until = after is { } begin && begin < lost.Until ? begin : lost.Until;
                _lost[i] = from <= until ? lost with { From = from, Until = until } : lost;
            }
        }
    }

    private List<Damage> Scan(Action<Block>? onBlock, CancellationToken cancel)
    {
        using var scanner = new FrameScanner(_file, _identity, Segment?.FramesEnd ?? _file.Length);
        while (scanner.MoveNext())
        {
            cancel.ThrowIfCancellationRequested();
            Take(scanner, onBlock);
        }

        _tail = scanner.Tail;
        HasReadErrors = scanner.HasReadErrors;
        var regions = new List<Damage>(scanner.Damaged);
        if (Segment is { } segment && scanner.Tail < segment.FramesEnd)
        {
            regions.Add(new Damage(_identity.Name, scanner.Tail, SignalNumber.None, $"{segment.FramesEnd - scanner.Tail} bytes are not what was written"));
        }

        return regions;
    }

    private void Take(FrameScanner scanner, Action<Block>? onBlock)
    {
        if (scanner.Block.IsEmpty)
        {
            return;
        }

        try
        {
            Block block = BlockCodec.Decode(scanner.Block);
            if (scanner.Number != Frame.CopyNumber)
            {
                _good[scanner.Offset] = BlockEntry.FromHead(scanner.Block, scanner.Number, scanner.Offset);
                onBlock?.Invoke(block);
            }
            else if (block is SignalBlock description)
            {
                _copies.Add(description);
            }
        }
        catch (BlockFormatException error)
        {
            _damaged[scanner.Offset] = new Damage(_identity.Name, scanner.Offset, SignalNumber.None, error.Message);
        }
    }

    /// <summary>The index knows whose the blocks are that are not there any more, and of when.</summary>
    private void CompareWithIndex(SegmentFile segment)
    {
        foreach (SegmentLane lane in segment.Lanes)
        {
            var signal = new SignalNumber(lane.Key.Signal);
            if (Attempt(() => segment.ReadSlice(_file, lane)) is not { } slice)
            {
                _damaged[lane.SliceAt] = new Damage(_identity.Name, lane.SliceAt, signal, "the index of this signal is not what was written") { From = lane.Start, Until = lane.LastInstant };
                continue;
            }

            if (Attempt(() => SegmentFile.AreCellsWhole(_file, lane) ? lane : null) is null)
            {
                _damaged[lane.CellsAt] = new Damage(_identity.Name, lane.CellsAt, signal, "the overview of this signal is not what was written") { From = lane.Start, Until = lane.LastInstant };
            }

            foreach (BlockEntry entry in slice.Where(entry => !_good.ContainsKey(entry.At)))
            {
                Miss(entry);
            }
        }
    }

    private void Miss(BlockEntry entry)
    {
        _missing[entry.At] = Frame.TotalBytes(entry.Length);
        bool isRepaired = BlockLoader.TryLoad(_file, _identity, entry, entry.End, out Damage? damage) is not null;
        string what = isRepaired
            ? $"one bit of a block of {entry.Start} to {entry.End} was flipped, and is put right by its checksum"
            : $"a block of {entry.Start} to {entry.End} is not what was written";
        _damaged[entry.At] = new Damage(_identity.Name, entry.At, new SignalNumber(entry.Signal), damage is null ? "a block is not where a search finds it" : what) { From = entry.Start, Until = entry.End };
        if (isRepaired)
        {
            _good[entry.At] = entry;
        }
        else
        {
            _lost.Add(new LostBlocks(entry.Signal, entry.Start, entry.End, entry.Number, entry.Count));
        }
    }

    /// <summary>Bytes that are no frame: the index said whose they were; where it is damaged too, what stands around says of when they may have been.</summary>
    private void Explain(Damage region)
    {
        BlockEntry? before = Neighbour(_good.Values.LastOrDefault(entry => entry.At < region.Offset));
        BlockEntry? after = Neighbour(_good.Values.FirstOrDefault(entry => entry.At >= region.Offset && !_missing.ContainsKey(entry.At)));
        long end = after?.At ?? Segment?.FramesEnd ?? long.MaxValue;
        long known = _missing.Where(pair => pair.Key >= region.Offset && pair.Key < end).Sum(pair => pair.Value);
        bool isIndexed = Segment is { } segment && segment.Lanes.All(lane => !_damaged.ContainsKey(lane.SliceAt));
        if (known > 0 && (isIndexed || known >= end - region.Offset))
        {
            return;
        }

        if (isIndexed || (before is null && Segment is { } head && _copies.Count < head.Head.Copies))
        {
            _damaged[region.Offset] = region with { What = "the copy of a signal's description is not what was written" };
            return;
        }

        LostBlocks lost = Around(before, after);
        _damaged[region.Offset] = region with { Signal = new SignalNumber(lost.Signal), From = lost.From, Until = lost.Until };
        if (lost.From <= lost.Until && _good.Count > 0)
        {
            _lost.Add(lost);
        }
    }

    private static BlockEntry? Neighbour(BlockEntry found) => found.Length > 0 ? found : null;

    private LostBlocks Around(BlockEntry? before, BlockEntry? after)
    {
        if (before is { } left && after is { } right && left.Key == right.Key)
        {
            return new LostBlocks(left.Signal, left.End, right.Start, left.Number, 0);
        }

        UtcInstant first = _good.Count == 0 ? default : _good.Values.Max(entry => entry.LastInstant).Add(-LongestNanoseconds);
        UtcInstant last = _good.Count == 0 ? default : _good.Values.Min(entry => entry.Start).Add(LongestNanoseconds);

        // Not 0, which is the number of copies.
        ulong number = before?.Number ?? after?.Number ?? _good.Values.Select(entry => entry.Number).DefaultIfEmpty().Min();
        return new LostBlocks(0, first, last, number, 0) { IsWide = true };
    }

    /// <summary>Null also when the disk cannot read it.</summary>
    private T? Attempt<T>(Func<T?> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (Exception error) when (DiskErrors.Is(error))
        {
            HasReadErrors = true;
            return null;
        }
    }
}
