using Bedside.Model;
using Bedside.Storage.Index;

namespace Bedside.Storage.Feeding;

/// <summary>
/// How far a lane was taken, in the order of its appending. It means the same before and after sealing, because blocks are joined only where they were appended one behind
/// the other (FORMAT.md, section 8.1): what lies behind it was appended later, whatever its time.
/// </summary>
/// <param name="Sequence">Of the journal, or of the segment that it became.</param>
/// <param name="Number">Of the last block of which something was taken; the block that it was joined to has the greatest number that is not beyond it.</param>
/// <param name="Mark">Of samples the index of the next one, of readings the time of the last one; of texts 0.</param>
/// <param name="Same">Readings taken with just that time.</param>
internal readonly record struct FeedPosition(ulong Sequence, ulong Number, long Mark, int Same)
{
    /// <summary>How many samples or readings of a block with no greater number were taken.</summary>
    public int TakenOf(Block block)
    {
        switch (block)
        {
            case SampleBlock samples:
                return (int)Int128.Clamp((Int128)Mark - samples.FirstIndex, 0, samples.Samples.Length);
            case NumericBlock numeric:
                int taken = 0;
                int same = 0;
                foreach (NumericReading reading in numeric.Readings)
                {
                    same += reading.Time.UnixNanoseconds == Mark ? 1 : 0;
                    if (reading.Time.UnixNanoseconds > Mark || same > Same)
                    {
                        break;
                    }

                    taken++;
                }

                return taken;
            default:
                return 1;
        }
    }

    /// <summary>The place behind the first <paramref name="taken"/> samples or readings of a block.</summary>
    public static FeedPosition Behind(ulong sequence, ulong number, Block block, int taken) => block switch
    {
        SampleBlock samples => new FeedPosition(sequence, number, samples.FirstIndex + taken, 0),
        NumericBlock numeric when taken > 0 && numeric.Readings[taken - 1].Time is var last =>
            new FeedPosition(sequence, number, last.UnixNanoseconds, numeric.Readings.Take(taken).Count(reading => reading.Time == last)),
        NumericBlock => new FeedPosition(sequence, number, long.MinValue, 0),
        _ => new FeedPosition(sequence, number, 0, 0),
    };
}

/// <summary>What was appended to one lane of one file, ascending by number.</summary>
/// <param name="Source">The file.</param>
/// <param name="Sequence">Its number.</param>
/// <param name="Entries">Of a segment, sorted once; null = those of the journal's run.</param>
internal sealed record FeedSource(LaneSource Source, ulong Sequence, BlockEntry[]? Entries)
{
    public int Count => Entries?.Length ?? Source.Run.Count;

    /// <summary>Pieces of a run are full but for the last.</summary>
    public BlockEntry this[int index] => Entries is { } sorted ? sorted[index] : Source.Run.Pieces[index / Source.Run.Pieces[0].Length][index % Source.Run.Pieces[0].Length];

    /// <summary>The last block whose number is not greater; -1 = there is none.</summary>
    public int LastTo(ulong number)
    {
        int low = 0;
        int high = Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = this[middle].Number <= number ? (middle + 1, high) : (low, middle);
        }

        return low - 1;
    }
}
