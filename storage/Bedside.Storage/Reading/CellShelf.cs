using Bedside.Storage.Index;
using Bedside.Storage.Segments;

namespace Bedside.Storage.Reading;

/// <summary>Keeps the coarse cells that were read last, in bounded memory. For any number of threads.</summary>
internal sealed class CellShelf
{
    private const int MostBytes = 8 << 20;

    private readonly Lock _lock = new();
    private readonly Dictionary<SegmentLane, LinkedListNode<(SegmentLane Lane, LaneCells Cells)>> _byLane = new(ReferenceEqualityComparer.Instance);
    private readonly LinkedList<(SegmentLane Lane, LaneCells Cells)> _newestFirst = [];
    private int _bytes;

    public LaneCells? Find(SegmentLane lane)
    {
        lock (_lock)
        {
            if (!_byLane.TryGetValue(lane, out LinkedListNode<(SegmentLane Lane, LaneCells Cells)>? node))
            {
                return null;
            }

            _newestFirst.Remove(node);
            _newestFirst.AddFirst(node);
            return node.Value.Cells;
        }
    }

    public void Put(SegmentLane lane, LaneCells cells)
    {
        lock (_lock)
        {
            var node = new LinkedListNode<(SegmentLane Lane, LaneCells Cells)>((lane, cells));
            if (!_byLane.TryAdd(lane, node))
            {
                return;
            }

            _newestFirst.AddFirst(node);
            _bytes += cells.Weight;
            while (_bytes > MostBytes && _newestFirst.Last is { } oldest)
            {
                _newestFirst.RemoveLast();
                _ = _byLane.Remove(oldest.Value.Lane);
                _bytes -= oldest.Value.Cells.Weight;
            }
        }
    }
}
