using Bedside.Model;
using Bedside.Storage.Evidence;
using Bedside.Storage.Index;

namespace Bedside.Storage.Replacing;

/// <summary>Blocks that wait to be put in the place of others: encoded, and not more than a bound.</summary>
public sealed class ReplacingBlocks
{
    /// <summary>About half a day of a bed with eight waves.</summary>
    public const long MostBytes = 256L << 20;

    /// <summary>The same sample, decoded twice, lies no farther apart.</summary>
    private const long CloseNanoseconds = 1_000_000;

    private readonly Dictionary<LaneKey, List<(UtcInstant Start, byte[] Encoded)>> _lanes = [];
    private long _bytes;

    /// <summary>False when there is no room for it. Of marks only gaps of a signal and clocks are kept: what a device was then, and what it said of the patient, stays as it was heard.</summary>
    public bool TryAdd(Block block)
    {
        if (block is not (SampleBlock or NumericBlock or TextBlock or ClockBlock or GapBlock { Signal.Value: > 0 }))
        {
            return true;
        }

        byte[] encoded = BlockCodec.Encode(block);
        _bytes += encoded.Length;
        if (_bytes > MostBytes)
        {
            return false;
        }

        var key = new LaneKey(LaneKey.LaneOf(BlockCodec.KindOf(block)), block.Signal.Value);
        if (!_lanes.TryGetValue(key, out List<(UtcInstant, byte[])>? lane))
        {
            _lanes[key] = lane = [];
        }

        lane.Add((block.Start, encoded));
        return true;
    }

    /// <summary>
    /// Of each signal with samples, readings or texts in these spans, the part of them from its first to its last: a driver that came into the middle
    /// of a conversation has nothing yet to put in the place of what was there.
    /// </summary>
    internal Dictionary<uint, IReadOnlyList<(UtcInstant From, UtcInstant To)>> Extents(IReadOnlyList<(UtcInstant From, UtcInstant To)> spans)
    {
        var extents = new Dictionary<uint, IReadOnlyList<(UtcInstant From, UtcInstant To)>>();
        foreach (LaneKey key in _lanes.Keys.Where(key => key.Lane == Lane.Data))
        {
            IReadOnlyList<Block> inside = Take(key, new UtcInstant(long.MinValue), new UtcInstant(long.MaxValue), spans);
            if (inside.Count > 0)
            {
                UtcInstant first = inside[0].Start.Add(-CloseNanoseconds);
                UtcInstant last = inside.Max(block => block.End).Add(CloseNanoseconds);
                extents[key.Signal] = [.. spans.Select(span => (From: first > span.From ? first : span.From, To: last < span.To ? last : span.To)).Where(span => span.From < span.To)];
            }
        }

        return extents;
    }

    /// <summary>Lanes that have something which begins in [from, to).</summary>
    internal IEnumerable<LaneKey> Lanes(UtcInstant from, UtcInstant to) => _lanes.Where(lane => lane.Value.Exists(one => one.Start >= from && one.Start < to)).Select(lane => lane.Key);

    /// <summary>What of a lane begins in [from, to) and lies in these spans, ascending, joined as a segment has it.</summary>
    internal IReadOnlyList<Block> Take(LaneKey key, UtcInstant from, UtcInstant to, IReadOnlyList<(UtcInstant From, UtcInstant To)> spans)
    {
        IEnumerable<Block> blocks = (_lanes.GetValueOrDefault(key) ?? [])
            .Where(one => one.Start >= from && one.Start < to)
            .Select(one => BlockCodec.Decode(one.Encoded))
            .SelectMany(block => spans.Select(span => BlockClip.Within(block, span.From, span.To)).OfType<Block>());
        Block[] inside = [.. blocks.OrderBy(block => block.Start)];
        return key.Lane == Lane.Data ? SealedForm.Join(inside) : inside;
    }
}
