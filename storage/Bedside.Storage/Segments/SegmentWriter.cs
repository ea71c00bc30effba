using System.Buffers;
using Bedside.Model;
using Bedside.Storage.Disk;
using Bedside.Storage.Files;
using Bedside.Storage.Index;

namespace Bedside.Storage.Segments;

/// <summary>Writes one segment from front to back through a buffer. <see cref="Finish"/> makes it durable.</summary>
internal sealed class SegmentWriter(IDiskFile file, FileIdentity identity) : IDisposable
{
    private const int BufferBytes = 256 << 10;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferBytes + Frame.HeaderBytes + BlockCodec.MaximumBytes + Frame.Alignment);
    private readonly List<(LaneKey Key, List<BlockEntry> Entries)> _lanes = [];
    private readonly Dictionary<LaneKey, LaneCells> _cells = [];
    private CellBuilder _building = new();
    private long _flushed = FileHead.SegmentBytes;
    private int _buffered;
    private uint _copies;

    private long Position => _flushed + _buffered;

    /// <summary>Repeats a signal's description, so that the file can be understood without any other.</summary>
    public void AddCopy(SignalBlock description)
    {
        _ = WriteFrame(Frame.CopyNumber, BlockCodec.Encode(description));
        _copies++;
    }

    /// <summary>Lanes come in ascending order, and the blocks of a lane in the order of time.</summary>
    public void Add(Block block, ulong number)
    {
        Add(block, BlockCodec.EncodeSealed(block), number);
    }

    /// <summary>The same of a block that is sealed already.</summary>
    public void Add(Block block, byte[] encoded, ulong number)
    {
        var entry = BlockEntry.Of(block, encoded, number, Position);
        if (_lanes.Count == 0 || _lanes[^1].Key != entry.Key)
        {
            FinishCells();
            _lanes.Add((entry.Key, []));
        }

        _building.Add(block);
        _ = WriteFrame(number, encoded);
        _lanes[^1].Entries.Add(entry);
    }

    /// <summary>Writes index, trailer and head, and returns when all of it is on the disk.</summary>
    public SegmentFile Finish(UtcInstant made, ulong firstNumber, ulong lastNumber)
    {
        FinishCells();
        long framesEnd = Position;
        var lanes = new List<SegmentLane>(_lanes.Count);
        foreach ((LaneKey key, List<BlockEntry> entries) in _lanes)
        {
            BlockEntry[] sorted = [.. entries.Order(Comparer<BlockEntry>.Create(BlockEntry.Compare))];
            byte[] slice = IndexCoding.Encode(sorted);
            SegmentLane lane = SegmentDirectory.Describe(key, sorted) with { SliceAt = Position, SliceBytes = slice.Length, SliceCrc = Crc32C.Of(slice) };
            Write(slice);
            if (_cells.GetValueOrDefault(key) is { } cells)
            {
                lane = lane with { Unit = cells.Unit, FineOfMiddle = cells.FineOfMiddle, Wide = cells.Wide, MiddleBytes = cells.Middle.Length, MiddleCrc = Crc32C.Of(cells.Middle) };
                Write(cells.Middle);
                Write(cells.Chunks);
            }

            lanes.Add(lane);
        }

        byte[] directory = SegmentDirectory.Encode(lanes);
        var trailer = new SegmentTrailer(framesEnd, Position, Crc32C.Of(directory));
        Write(directory);
        long length = Position + SegmentTrailer.Bytes;
        Write(trailer.ToBytes(identity, length));
        Flush();
        var head = new FileHead(identity, made, firstNumber, lastNumber, _copies);
        file.Write(0, head.ToBytes());
        file.Sync();
        return SegmentFile.Of(head, length, framesEnd, directory);
    }

    public void Dispose()
    {
        file.Dispose();
        ArrayPool<byte>.Shared.Return(Interlocked.Exchange(ref _buffer, []));
    }

    /// <summary>Only the bytes of a lane that is done stay in memory.</summary>
    private void FinishCells()
    {
        if (_lanes.Count > 0 && _lanes[^1].Key.Lane == Lane.Data && _building.Build() is { } cells)
        {
            _cells[_lanes[^1].Key] = cells;
        }

        _building = new CellBuilder();
    }

    private int WriteFrame(ulong number, ReadOnlySpan<byte> block)
    {
        int length = Frame.Write(_buffer.AsSpan(_buffered), identity, Position, number, block);
        _buffered += length;
        FlushIfFull();
        return length;
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int piece = Math.Min(bytes.Length, BufferBytes);
            bytes[..piece].CopyTo(_buffer.AsSpan(_buffered));
            _buffered += piece;
            bytes = bytes[piece..];
            FlushIfFull();
        }
    }

    private void FlushIfFull()
    {
        if (_buffered >= BufferBytes)
        {
            Flush();
        }
    }

    private void Flush()
    {
        file.Write(_flushed, _buffer.AsSpan(0, _buffered));
        _flushed += _buffered;
        _buffered = 0;
    }
}
