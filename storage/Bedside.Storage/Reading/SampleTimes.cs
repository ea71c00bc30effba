using Bedside.Model;

namespace Bedside.Storage.Reading;

/// <summary>Where in a block an instant lies.</summary>
internal static class SampleTimes
{
    /// <summary>Index of the first sample taken at this time or later; the number of samples when there is none.</summary>
    public static int FirstAtOrAfter(SampleBlock block, UtcInstant time)
    {
        if (time <= block.Start)
        {
            return 0;
        }

        if (time >= block.End)
        {
            return block.Samples.Length;
        }

        int index = (int)Math.Clamp(block.Period.SamplesIn(time.Since(block.Start)), 0, block.Samples.Length);
        while (index > 0 && block.TimeOf(index - 1) >= time)
        {
            index--;
        }

        while (index < block.Samples.Length && block.TimeOf(index) < time)
        {
            index++;
        }

        return index;
    }
}
