using Bedside.Model;
using Bedside.Storage.Disk;
using Bedside.Storage.Index;
using Bedside.Storage.Segments;

namespace Bedside.Storage.Reading;

/// <summary>Blocks out of segments and journals, merged by time.</summary>
internal static class BlockReading
{
    /// <summary>The blocks of these lanes (null = the marks of all signals) that overlap [from, to), ascending by start, lazily. Files are opened when their time comes.</summary>
    public static IEnumerable<Block> Read(IDisk disk, Holdings holdings, IReadOnlyList<LaneKey>? lanes, (UtcInstant From, UtcInstant To) range, Action<Damage> onDamage)
    {
        using ReadView view = lanes is null ? holdings.ViewOfMarks() : holdings.View(lanes, range.From, range.To);
        var cursors = new PriorityQueue<LaneCursor, (UtcInstant Start, ulong Number)>();
        foreach (LaneSource source in view.Sources)
        {
            if (source.Lane is not { } lane || (lane.Start < range.To && lane.LastInstant >= range.From))
            {
                var cursor = new LaneCursor(disk, source, range.From, range.To, onDamage);
                cursors.Enqueue(cursor, (cursor.EarliestNext, cursor.Number));
            }
        }

        try
        {
            while (cursors.TryDequeue(out LaneCursor? cursor, out _))
            {
                if (!cursor.IsOpen)
                {
                    _ = cursor.Open();
                }
                else if (cursor.TakeNext() is { } block)
                {
                    yield return block;
                }

                if (cursor.IsAtEnd)
                {
                    cursor.Dispose();
                }
                else
                {
                    cursors.Enqueue(cursor, (cursor.EarliestNext, cursor.Number));
                }
            }
        }
        finally
        {
            foreach ((LaneCursor cursor, _) in cursors.UnorderedItems)
            {
                cursor.Dispose();
            }
        }
    }

    /// <summary>The block of a lane that was appended last.</summary>
    public static Block? Last(IDisk disk, Holdings holdings, LaneKey key, Action<Damage> onDamage)
    {
        using ReadView journals = holdings.ViewOfJournals(key);
        foreach (LaneSource source in journals.Sources.Reverse())
        {
            if (LastOf(disk, source, onDamage) is { } block)
            {
                return block;
            }
        }

        // A journal that was sealed meanwhile is found again here.
        foreach (SegmentFile segment in holdings.NewestSegmentsFirst())
        {
            if (segment.Lane(key) is { } lane && LastOf(disk, new LaneSource(Journal: null, default, segment, lane), onDamage) is { } block)
            {
                return block;
            }
        }

        return null;
    }

    private static Block? LastOf(IDisk disk, LaneSource source, Action<Damage> onDamage)
    {
        using var cursor = new LaneCursor(disk, source, new UtcInstant(long.MinValue), new UtcInstant(long.MaxValue), onDamage);
        foreach (BlockEntry entry in cursor.Open().ToArray().OrderByDescending(entry => entry.Number))
        {
            if (cursor.Load(entry) is { } block)
            {
                return block;
            }
        }

        return null;
    }
}
