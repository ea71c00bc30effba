using Bedside.Storage.Index;

namespace Bedside.Storage.Journal;

/// <summary>What readers see of the blocks that are not durable yet, by lane. Not synchronised: <see cref="Holdings"/> guards it.</summary>
internal sealed class PendingBlocks
{
    private readonly Dictionary<LaneKey, List<PendingBlock>> _lanes = [];

    public IReadOnlyCollection<LaneKey> Keys => _lanes.Keys;

    public void Add(PendingBlock block)
    {
        if (!_lanes.TryGetValue(block.Entry.Key, out List<PendingBlock>? lane))
        {
            _lanes[block.Entry.Key] = lane = [];
        }

        lane.Add(block);
    }

    /// <summary>Forgets what is durable: the blocks up to this number.</summary>
    public void RemoveTo(ulong number)
    {
        foreach ((LaneKey key, List<PendingBlock> lane) in _lanes)
        {
            int durable = 0;
            while (durable < lane.Count && lane[durable].Number <= number)
            {
                durable++;
            }

            if (durable == lane.Count)
            {
                _ = _lanes.Remove(key);
            }
            else
            {
                lane.RemoveRange(0, durable);
            }
        }
    }

    public PendingRun? Run(LaneKey key) => _lanes.TryGetValue(key, out List<PendingBlock>? lane) ? new PendingRun([.. lane]) : null;
}
