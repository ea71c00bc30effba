using Bedside.Model;
using Bedside.Storage.Disk;
using Bedside.Storage.Index;
using Bedside.Storage.Segments;

namespace Bedside.Storage.Reading;

/// <summary>
/// Adds one lane of one segment to an envelope: wide cells that lie inside a column as they are, middle ones where an edge of
/// a column cuts a wide one, fine ones where it cuts a middle one, and the samples themselves where it cuts a fine one.
/// </summary>
internal sealed class CellReading(IDisk disk, CellShelf shelf, CellBuffers cells, SegmentFile segment, SegmentLane lane, ColumnSums sums, Action<Damage> onDamage) : IDisposable
{
    private readonly LaneCursor _cursor = new(disk, new LaneSource(Journal: null, default, segment, lane), sums.Grid.From, sums.Grid.To, onDamage);
    private readonly UtcInstant _begin = sums.Grid.From;
    private readonly UtcInstant _end = sums.Grid.To;
    private int[]? _chunks;
    private bool _isMiddleDamaged;
    private int _fineOf = -1;
    private bool _isFineDamaged;
    private (long At, UtcInstant Until, Block? Block) _last = (-1, default, null);

    /// <summary>False when the lane has no overview; nothing was added then.</summary>
    public bool TryAdd()
    {
        if (!lane.HasCells || !LaneCells.TryDecode(lane.Wide.Span, cells.Wide))
        {
            return false;
        }

        for (int i = 0; i < cells.Wide.Count; i++)
        {
            if (!TryAdd(cells.Wide[i], LaneCells.WideNanoseconds, out UtcInstant begin, out UtcInstant last))
            {
                AddMiddle(i, begin, last);
            }
        }

        return true;
    }

    public void Dispose() => _cursor.Dispose();

    /// <summary>True when the cell is in its column, or in none. Its span is cut to what the lane holds.</summary>
    private bool TryAdd(in Cell cell, long width, out UtcInstant begin, out UtcInstant last)
    {
        long start = Math.Clamp(cell.Index, long.MinValue / width, (long.MaxValue / width) - 1) * width;
        begin = new UtcInstant(Math.Max(start, lane.Start.UnixNanoseconds));
        last = new UtcInstant(Math.Min(start + width - 1, lane.LastTaken.UnixNanoseconds));
        return begin >= _end || last < _begin || sums.TryAddWhole(begin, last, cell, lane.Unit);
    }

    private void AddMiddle(int wide, UtcInstant begin, UtcInstant last)
    {
        if (!HasMiddle())
        {
            AddIndexed(begin, last);
            return;
        }

        long index = cells.Wide[wide].Index;
        for (int i = FirstAtOrAfter(cells.Middle, index * LaneCells.MiddleOfWide); i < cells.Middle.Count && LaneCells.WideOf(cells.Middle[i].Index) == index; i++)
        {
            Cell cell = cells.Middle[i];
            if (!TryAdd(cell, LaneCells.MiddleNanoseconds, out begin, out last))
            {
                AddFine(wide, cell.Index, begin, last);
            }
        }
    }

    private static int FirstAtOrAfter(List<Cell> list, long index)
    {
        (int low, int high) = (0, list.Count);
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = list[middle].Index < index ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private void AddFine(int wide, long middle, UtcInstant begin, UtcInstant last)
    {
        if (!HasFine(wide))
        {
            AddIndexed(begin, last);
            return;
        }

        long end = (middle + 1) * lane.FineOfMiddle;
        for (int i = FirstAtOrAfter(cells.Fine, middle * lane.FineOfMiddle); i < cells.Fine.Count && cells.Fine[i].Index < end; i++)
        {
            if (!TryAdd(cells.Fine[i], LaneCells.MiddleNanoseconds / lane.FineOfMiddle, out begin, out last))
            {
                AddSamples(begin, last);
            }
        }
    }

    /// <summary>Reads the middle cells when they are first needed.</summary>
    private bool HasMiddle()
    {
        if (_chunks is not null || _isMiddleDamaged)
        {
            return !_isMiddleDamaged;
        }

        _chunks = new int[cells.Wide.Count];
        _isMiddleDamaged = FindMiddle() is not { } middle || !LaneCells.TryDecodeMiddle(middle, _chunks, cells.Middle);
        return !_isMiddleDamaged;
    }

    private byte[]? FindMiddle()
    {
        if (shelf.Find(segment, lane.Key) is { } known)
        {
            return known;
        }

        try
        {
            if (SegmentFile.ReadMiddle(_cursor.OpenFile(segment), lane) is { } middle)
            {
                shelf.Put(segment, lane.Key, middle);
                return middle;
            }

            if (!segment.IsGone && IsStill())
            {
                Report("the overview of this signal is damaged; its index is used");
            }
        }
        catch (FileNotFoundException) when (segment.IsGone)
        {
            return null;
        }
        catch (Exception error) when (DiskErrors.Is(error))
        {
            Report(error.Message);
        }

        return null;
    }

    private bool HasFine(int wide)
    {
        if (_fineOf == wide)
        {
            return !_isFineDamaged;
        }

        _fineOf = wide;
        _isFineDamaged = !TryReadChunk(wide);
        if (_isFineDamaged && !segment.IsGone && IsStill())
        {
            Report("the overview of this signal is damaged; its index is used");
        }

        return !_isFineDamaged;
    }

    /// <summary>False when the segment was written anew since: what its cells were is in another place, or not there any more.</summary>
    private bool IsStill()
    {
        try
        {
            return segment.IsStill(_cursor.OpenFile(segment));
        }
        catch (Exception error) when (DiskErrors.Is(error))
        {
            return true;
        }
    }

    private bool TryReadChunk(int wide)
    {
        int length = _chunks![wide]; // read with the middle cells
        if (length > BlockCodec.MaximumBytes)
        {
            return false;
        }

        long at = lane.CellsAt + lane.MiddleBytes;
        foreach (int before in _chunks.AsSpan(0, wide))
        {
            at += before;
        }

        try
        {
            Span<byte> chunk = cells.Bytes(length);
            return _cursor.OpenFile(segment).Read(at, chunk) == length && LaneCells.TryDecodeChunk(chunk, cells.Fine);
        }
        catch (Exception error) when (DiskErrors.Is(error))
        {
            return false;
        }
    }

    private void AddSamples(UtcInstant begin, UtcInstant last)
    {
        foreach (BlockEntry entry in _cursor.Open())
        {
            if (entry.Start > last)
            {
                break;
            }

            if (entry.LastInstant >= begin)
            {
                AddPart(entry, begin, last);
            }
        }
    }

    /// <summary>What is damaged is reported, and passed over, where single blocks are read.</summary>
    private void AddIndexed(UtcInstant begin, UtcInstant last)
    {
        foreach (BlockEntry entry in _cursor.Open())
        {
            bool isInside = entry.Start >= begin && entry.LastTaken <= last && entry.Summary is not null;
            if (entry.Overlaps(begin, last.Add(1)) && (!isInside || !sums.TryAddWhole(entry.Start, entry.LastTaken, entry.ToSum())))
            {
                AddPart(entry, begin, last);
            }
        }
    }

    private void AddPart(BlockEntry entry, UtcInstant begin, UtcInstant last)
    {
        if (entry.Kind is not (BlockKind.Samples or BlockKind.Readings))
        {
            return;
        }

        UtcInstant from = begin > _begin ? begin : _begin;
        UtcInstant to = last < _end ? last.Add(1) : _end;

        // The edge before may have lain in it too. Where there are several to a block all of it is decoded for the second.
        if (_last.At != entry.At)
        {
            _last = (entry.At, to, _cursor.Load(entry, to));
        }
        else if (_last.Until < to)
        {
            _last = (entry.At, new UtcInstant(long.MaxValue), _cursor.Load(entry));
        }

        sums.Add(_last.Block, from, to);
    }

    private void Report(string what) => onDamage(new Damage(segment.Identity.Name, lane.CellsAt, new SignalNumber(lane.Key.Signal), what));
}

/// <summary>Cells that were decoded last, used again from segment to segment.</summary>
internal sealed class CellBuffers
{
    private byte[] _bytes = [];

    public List<Cell> Wide { get; } = [];

    public List<Cell> Middle { get; } = [];

    public List<Cell> Fine { get; } = [];

    public Span<byte> Bytes(int length)
    {
        _bytes = _bytes.Length < length ? new byte[length] : _bytes;
        return _bytes.AsSpan(0, length);
    }
}
