using Bedside.Model;

namespace Bedside.Viewer;

/// <summary>Which samples of a block begin within a range of time.</summary>
internal readonly record struct SampleRange(int First, int Count)
{
    public static SampleRange Of(SampleBlock block, TimeRange range)
    {
        int first = IndexAt(block, range.From);
        return new SampleRange(first, IndexAt(block, range.To) - first);
    }

    /// <summary>The first sample that begins at <paramref name="time"/> or later. The quotient is a guess within one sample: times are rounded to nanoseconds.</summary>
    private static int IndexAt(SampleBlock block, UtcInstant time)
    {
        int count = block.Samples.Length;
        int index = (int)Math.Clamp(block.Period.SamplesIn(time.Since(block.Start)), 0, count);
        while (index > 0 && block.TimeOf(index - 1) >= time)
        {
            index--;
        }

        while (index < count && block.TimeOf(index) < time)
        {
            index++;
        }

        return index;
    }
}
