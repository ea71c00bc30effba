using Bedside.Model;

namespace Bedside.Extract.Fhir;

/// <summary>The readings of a signal one by one, ascending in time, each time once: of two readings at one instant the later that came.</summary>
internal static class ReadingFlow
{
    /// <summary>Those in [from, to), nanoseconds; <paramref name="blocks"/> ascend by start and may overlap, because what came late lies in blocks of its own.</summary>
    public static IEnumerable<NumericReading> Of(IEnumerable<Block> blocks, long from, long to)
    {
        NumericReading? waiting = null;
        foreach (NumericReading reading in Merged(blocks.OfType<NumericBlock>(), from, to))
        {
            if (waiting is { } former && former.Time != reading.Time)
            {
                yield return former;
            }

            waiting = reading;
        }

        if (waiting is { } last)
        {
            yield return last;
        }
    }

    private static IEnumerable<NumericReading> Merged(IEnumerable<NumericBlock> blocks, long from, long to)
    {
        using IEnumerator<NumericBlock> source = blocks.GetEnumerator();
        var open = new PriorityQueue<(NumericBlock Block, int At), (long Time, int Order)>();
        bool more = source.MoveNext();
        int order = 0;
        while (more || open.Count > 0)
        {
            while (more && (!open.TryPeek(out _, out (long Time, int Order) first) || source.Current.Start.UnixNanoseconds <= first.Time))
            {
                NumericBlock block = source.Current;
                int at = FirstFrom(block, from);
                if (at < block.Readings.Length)
                {
                    open.Enqueue((block, at), (block.Readings[at].Time.UnixNanoseconds, order++));
                }

                more = source.MoveNext();
            }

            if (!open.TryDequeue(out (NumericBlock Block, int At) next, out (long Time, int Order) place))
            {
                continue;
            }

            long until = Math.Min(open.TryPeek(out _, out (long Time, int Order) other) ? other.Time : to, more ? source.Current.Start.UnixNanoseconds : to);
            int index = next.At;
            do
            {
                if (next.Block.Readings[index].Time.UnixNanoseconds >= to)
                {
                    index = next.Block.Readings.Length;
                    break;
                }

                yield return next.Block.Readings[index++];
            }
            while (index < next.Block.Readings.Length && next.Block.Readings[index].Time.UnixNanoseconds < until);

            if (index < next.Block.Readings.Length)
            {
                open.Enqueue((next.Block, index), (next.Block.Readings[index].Time.UnixNanoseconds, place.Order));
            }
        }
    }

    private static int FirstFrom(NumericBlock block, long from)
    {
        (int low, int high) = (0, block.Readings.Length);
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = block.Readings[middle].Time.UnixNanoseconds < from ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
