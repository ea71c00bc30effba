using Bedside.Model;
using Bedside.Storage.Index;

namespace Bedside.Storage.Journal;

/// <summary>A block that is not durable yet. <paramref name="StagedAt"/> is a timestamp of the store's clock.</summary>
internal sealed record PendingBlock(BlockEntry Entry, Block Block, byte[] Bytes, long StagedAt)
{
    public ulong Number => Entry.Number;

    /// <summary>Whose block it is.</summary>
    public StayId Stay { get; init; }
}

/// <summary>The pending blocks of one lane, ascending by number, as they were when it was taken.</summary>
internal sealed class PendingRun(PendingBlock[] blocks)
{
    public EntryRun Run { get; } = new([Array.ConvertAll(blocks, block => block.Entry)], blocks.Length);

    public Block? Find(ulong number)
    {
        int at = Array.BinarySearch(Array.ConvertAll(blocks, block => block.Number), number);
        return at >= 0 ? blocks[at].Block : null;
    }
}
