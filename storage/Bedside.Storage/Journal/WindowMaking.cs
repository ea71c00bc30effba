using Bedside.Model;
using Bedside.Storage.Index;
using Bedside.Storage.Segments;

namespace Bedside.Storage.Journal;

/// <summary>Makes windows of pending blocks: as many as follow each other in number and fit, those of one signal joined.</summary>
internal static class WindowMaking
{
    /// <summary>More than a window takes for each part beside its bytes.</summary>
    private const int OverheadOfPart = 16;

    private const int CopiesBytes = 64 << 10;

    /// <summary>How many blocks from the first on go into one window: at least one.</summary>
    public static int Reach(ReadOnlySpan<PendingBlock> blocks, int mostBytes)
    {
        int taken = 1;
        long bytes = blocks[0].Bytes.Length + OverheadOfPart;
        while (taken < blocks.Length && taken < Window.MaximumParts && blocks[taken].Number == blocks[taken - 1].Number + 1)
        {
            bytes += blocks[taken].Bytes.Length + OverheadOfPart;
            if (bytes > mostBytes)
            {
                break;
            }

            taken++;
        }

        return taken;
    }

    /// <summary>
    /// The parts of a window of these blocks, ascending in number; blocks are joined only where that takes fewer bytes.
    /// <paramref name="sealing"/> = in the codecs of segments, which take more time.
    /// </summary>
    public static List<WindowPart> Join(ReadOnlySpan<PendingBlock> blocks, bool sealing = false)
    {
        var lanes = new Dictionary<LaneKey, List<PendingBlock>>();
        foreach (PendingBlock block in blocks)
        {
            if (!lanes.TryGetValue(block.Entry.Key, out List<PendingBlock>? lane))
            {
                lanes[block.Entry.Key] = lane = [];
            }

            lane.Add(block);
        }

        var parts = new List<WindowPart>(lanes.Count);
        foreach (List<PendingBlock> lane in lanes.Values)
        {
            JoinLane(lane, parts, sealing);
        }

        parts.Sort(static (left, right) => left.Entry.Number.CompareTo(right.Entry.Number));
        return parts;
    }

    /// <summary>Copies of descriptions in as few windows as hold them.</summary>
    public static IEnumerable<WindowPart[]> Copies(IReadOnlyList<WindowPart> parts)
    {
        var some = new List<WindowPart>();
        int bytes = 0;
        foreach (WindowPart part in parts)
        {
            if (some.Count > 0 && bytes + part.Bytes.Length + OverheadOfPart > CopiesBytes)
            {
                yield return [.. some];
                some.Clear();
                bytes = 0;
            }

            some.Add(part);
            bytes += part.Bytes.Length + OverheadOfPart;
        }

        if (some.Count > 0)
        {
            yield return [.. some];
        }
    }

    private static void JoinLane(List<PendingBlock> lane, List<WindowPart> parts, bool sealing)
    {
        var appended = new Dictionary<ulong, int>(lane.Count);
        lane.ForEach(one => appended.Add(one.Number, appended.Count));
        lane.Sort(static (left, right) => BlockEntry.Compare(left.Entry, right.Entry));
        List<Block> blocks = lane.ConvertAll(one => one.Block);
        List<int> places = lane.ConvertAll(one => appended[one.Number]);
        for (int at = 0; at < lane.Count;)
        {
            (Block merged, int used) = BlockMerge.First(blocks, BlockMerge.Following(places));
            List<PendingBlock> joined = lane.GetRange(at, used);
            byte[] bytes = sealing ? BlockCodec.EncodeSealed(merged) : used == 1 ? joined[0].Bytes : BlockCodec.Encode(merged);
            if (bytes.Length < joined.Sum(one => one.Bytes.Length))
            {
                parts.Add(new WindowPart(BlockEntry.Of(merged, bytes, joined[0].Number, 0), bytes));
            }
            else
            {
                parts.AddRange(joined.Select(one => new WindowPart(one.Entry, one.Bytes)));
            }

            blocks.RemoveRange(0, used);
            places.RemoveRange(0, used);
            at += used;
        }
    }
}
