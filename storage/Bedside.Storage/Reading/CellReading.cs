using System.Buffers;
using Bedside.Model;
using Bedside.Storage.Disk;
using Bedside.Storage.Files;
using Bedside.Storage.Index;
using Bedside.Storage.Segments;

namespace Bedside.Storage.Reading;

/// <summary>
/// Adds one lane of one segment to an envelope: coarse cells that lie inside a column as they are, fine ones where an edge
/// of a column cuts a coarse one, and the samples themselves where it cuts a fine one.
/// </summary>
internal sealed class CellReading(IDisk disk, CellShelf shelf, LaneSource source, ColumnSums sums, Action<Damage> onDamage) : IDisposable
{
    private const int PieceBytes = 32 << 10;

    private readonly Cell[] _fine = new Cell[LaneCells.Factor];
    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(PieceBytes);
    private IDiskFile? _file;
    private long _bufferAt;
    private int _buffered;
    private (long At, Block Block)? _last;

    /// <summary>False when the lane has no overview that can be read; nothing was added then.</summary>
    public bool TryAdd()
    {
        if (source is not { Segment: { } segment, Lane: { HasCells: true } lane } || Cells(segment, lane) is not { } cells)
        {
            return false;
        }

        CoarseCell[] coarse = cells.Coarse;
        for (int i = FirstEndingAfter(cells, sums.Grid.From); i < coarse.Length; i++)
        {
            (UtcInstant begin, UtcInstant last) = Span(coarse[i].Cell.Index, cells.CoarseNanoseconds);
            if (begin >= sums.Grid.To)
            {
                break;
            }

            if (!sums.TryAddWhole(begin, last, coarse[i].Cell, cells.Unit))
            {
                AddFine(segment, lane, cells, coarse[i]);
            }
        }

        return true;
    }

    public void Dispose()
    {
        _file?.Dispose();
        _file = null;
        ArrayPool<byte>.Shared.Return(_buffer);
    }

    /// <summary>The first and the last instant of a cell.</summary>
    private static (UtcInstant Begin, UtcInstant Last) Span(long index, long width)
    {
        Int128 begin = (Int128)index * width;
        return (new UtcInstant((long)Int128.Max(begin, long.MinValue)), new UtcInstant((long)Int128.Min(begin + width - 1, long.MaxValue)));
    }

    private static int FirstEndingAfter(LaneCells cells, UtcInstant time)
    {
        (int low, int high) = (0, cells.Coarse.Length);
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = Span(cells.Coarse[middle].Cell.Index, cells.CoarseNanoseconds).Last < time ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private LaneCells? Cells(SegmentFile segment, SegmentLane lane)
    {
        if (shelf.Find(lane) is { } known)
        {
            return known;
        }

        try
        {
            if (!segment.IsStill(Open(segment)))
            {
                return null;
            }

            if (SegmentFile.ReadCells(Open(segment), lane) is { } cells)
            {
                shelf.Put(lane, cells);
                return cells;
            }

            onDamage(new Damage(segment.Identity.Name, lane.CellsAt, new SignalNumber(lane.Key.Signal), "the overview of this signal is damaged; its index is used"));
        }
        catch (FileNotFoundException) when (segment.IsGone)
        {
            return null;
        }
        catch (Exception error) when (DiskErrors.Is(error))
        {
            onDamage(new Damage(segment.Identity.Name, lane.CellsAt, new SignalNumber(lane.Key.Signal), error.Message));
        }

        return null;
    }

    private IDiskFile Open(SegmentFile segment) => _file ??= disk.Open(segment.Identity.Name, DiskAccess.Read);

    private void AddFine(SegmentFile segment, SegmentLane lane, LaneCells cells, CoarseCell coarse)
    {
        (UtcInstant begin, UtcInstant last) = Span(coarse.Cell.Index, cells.CoarseNanoseconds);
        int count = ReadChunk(segment, lane, coarse);
        if (count < 0)
        {
            AddIndexed(begin, last);
            return;
        }

        for (int i = 0; i < count; i++)
        {
            (begin, last) = Span(_fine[i].Index, cells.FineNanoseconds);
            if (begin < sums.Grid.To && last >= sums.Grid.From
                && !sums.TryAddWhole(begin, last, _fine[i], cells.Unit)
                && !TryAddSamples(segment, lane, coarse.BlocksAt, (begin, last)))
            {
                AddIndexed(begin, last);
            }
        }
    }

    private int ReadChunk(SegmentFile segment, SegmentLane lane, CoarseCell coarse)
    {
        if (coarse.ChunkBytes is < 1 or > PieceBytes)
        {
            return -1;
        }

        Span<byte> chunk = stackalloc byte[coarse.ChunkBytes];
        try
        {
            return Open(segment).Read(lane.CellsAt + coarse.ChunkAt, chunk) == chunk.Length ? LaneCells.DecodeChunk(chunk, _fine) : -1;
        }
        catch (Exception error) when (DiskErrors.Is(error))
        {
            return -1;
        }
    }

    private bool TryAddSamples(SegmentFile segment, SegmentLane lane, long at, (UtcInstant Begin, UtcInstant Last) cell)
    {
        try
        {
            return TryAddBlocks(segment, lane, at, cell.Begin, cell.Last);
        }
        catch (BlockFormatException)
        {
            return false;
        }
    }

    /// <summary>The samples of a fine cell, out of the blocks themselves: those of a lane stand one behind the other. False = something there is damaged.</summary>
    private bool TryAddBlocks(SegmentFile segment, SegmentLane lane, long at, UtcInstant begin, UtcInstant end)
    {
        var found = new List<Block>(2);
        while (at + Frame.HeaderBytes <= segment.FramesEnd)
        {
            if (!TryReadFrame(segment, at, out ReadOnlySpan<byte> block, out int total))
            {
                return false;
            }

            BlockHeader header = BlockCodec.DecodeHeader(block);
            if (header.Signal.Value != lane.Key.Signal || LaneKey.LaneOf(header.Kind) != Lane.Data || header.Start > end)
            {
                break;
            }

            if (header.End >= begin && header.Kind != BlockKind.Text)
            {
                // The cell before may have ended in it.
                Block decoded = _last is { } last && last.At == at ? last.Block : BlockCodec.Decode(block);
                _last = (at, decoded);
                found.Add(decoded);
            }

            at += total;
        }

        foreach (Block block in found)
        {
            AddPart(block, begin, end);
        }

        return true;
    }

    private bool TryReadFrame(SegmentFile segment, long at, out ReadOnlySpan<byte> block, out int total)
    {
        block = default;
        total = 0;
        try
        {
            ReadOnlySpan<byte> head = Window(segment, at, Frame.HeaderBytes);
            total = head.Length == Frame.HeaderBytes ? Frame.ClaimedBytes(head, segment.Identity) : 0;
            if (total is 0 or > PieceBytes)
            {
                return false;
            }

            return Frame.TryRead(Window(segment, at, total), segment.Identity, at, out _, out block) && block.Length >= BlockCodec.HeaderBytes;
        }
        catch (Exception error) when (DiskErrors.Is(error))
        {
            return false;
        }
    }

    /// <summary>Bytes of the file, fewer only at its end.</summary>
    private ReadOnlySpan<byte> Window(SegmentFile segment, long at, int length)
    {
        if (at < _bufferAt || at + length > _bufferAt + _buffered)
        {
            _bufferAt = at;
            _buffered = Open(segment).Read(at, _buffer.AsSpan(0, PieceBytes));
        }

        int from = (int)(at - _bufferAt);
        return _buffer.AsSpan(from, Math.Min(length, _buffered - from));
    }

    /// <summary>What is damaged is reported, and passed over, where single blocks are read.</summary>
    private void AddIndexed(UtcInstant begin, UtcInstant last)
    {
        using var cursor = new LaneCursor(disk, source, begin, last.Add(last.UnixNanoseconds == long.MaxValue ? 0 : 1), onDamage);
        foreach (BlockEntry entry in cursor.Open())
        {
            if (entry.Kind is BlockKind.Samples or BlockKind.Readings && cursor.Load(entry) is { } block)
            {
                AddPart(block, begin, last);
            }
        }
    }

    private void AddPart(Block block, UtcInstant begin, UtcInstant last)
    {
        UtcInstant from = begin > sums.Grid.From ? begin : sums.Grid.From;
        UtcInstant to = last < sums.Grid.To ? last.Add(1) : sums.Grid.To;
        sums.Add(block, from, to);
    }
}
