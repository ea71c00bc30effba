using Bedside.Storage.Index;
using Bedside.Storage.Segments;

namespace Bedside.Storage.Reading;

/// <summary>Keeps the middle cells that were read last, as they stand in the file, in bounded memory. For any number of threads.</summary>
internal sealed class CellShelf
{
    private const int MostBytes = 8 << 20;

    /// <summary>What a piece costs beside its bytes, roughly.</summary>
    private const int Overhead = 200;

    private readonly Lock _lock = new();
    private readonly Dictionary<(SegmentFile Segment, LaneKey Lane), LinkedListNode<Piece>> _byLane = [];
    private readonly LinkedList<Piece> _newestFirst = [];
    private int _bytes;

    public byte[]? Find(SegmentFile segment, LaneKey lane)
    {
        lock (_lock)
        {
            if (!_byLane.TryGetValue((segment, lane), out LinkedListNode<Piece>? node))
            {
                return null;
            }

            _newestFirst.Remove(node);
            _newestFirst.AddFirst(node);
            return node.Value.Bytes;
        }
    }

    public void Put(SegmentFile segment, LaneKey lane, byte[] bytes)
    {
        lock (_lock)
        {
            var node = new LinkedListNode<Piece>(new Piece((segment, lane), bytes));
            if (!_byLane.TryAdd(node.Value.Key, node))
            {
                return;
            }

            _newestFirst.AddFirst(node);
            _bytes += bytes.Length + Overhead;
            while (_bytes > MostBytes && _newestFirst.Last is { } oldest)
            {
                _newestFirst.RemoveLast();
                _ = _byLane.Remove(oldest.Value.Key);
                _bytes -= oldest.Value.Bytes.Length + Overhead;
            }
        }
    }

    private readonly record struct Piece((SegmentFile Segment, LaneKey Lane) Key, byte[] Bytes);
}
