using Bedside.Model;
using Bedside.Storage.Files;
using Bedside.Storage.Segments;

namespace Bedside.Storage;

/// <summary>What sealing makes of blocks, without a store: for measurements and for those who want to know what a recording will take.</summary>
public static class SealedForm
{
    /// <summary>The blocks of one signal, ascending in time, joined as a segment joins them (FORMAT.md, section 8.1).</summary>
    public static IReadOnlyList<Block> Join(IReadOnlyList<Block> blocks)
    {
        var joined = new List<Block>();
        var rest = new List<Block>(blocks);
        for (int at = 0; at < rest.Count;)
        {
            (Block merged, int used) = BlockMerge.First(rest.GetRange(at, Math.Min(Sealer.WindowBlocks, rest.Count - at)));
            joined.Add(merged);
            at += used;
        }

        return joined;
    }

    /// <summary>Bytes that a block of <paramref name="blockBytes"/> takes in a journal or segment: with its frame, checksum and padding, without its entry in the index.</summary>
    public static int BytesInFile(int blockBytes) => Frame.TotalBytes(blockBytes);
}
