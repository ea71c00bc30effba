using System.Numerics;

namespace Bedside.Storage.Coding;

/// <summary>Takes partitions of codec 2 out of a bit stream: many residuals for each load of 64 bits.</summary>
internal static class RiceReading
{
    public static void ReadPartition(ref BitReader reader, Span<int> residuals)
    {
        int parameter = (int)reader.Take(FixedPredictorRice.ParameterBits);
        if (parameter == FixedPredictorRice.Escape)
        {
            ReadEscape(ref reader, residuals);
            return;
        }

        int done = 0;
        while (done < residuals.Length)
        {
            int loaded = ReadLoaded(ref reader, parameter, residuals[done..]);
            done += loaded;
            if (loaded == 0)
            {
                residuals[done++] = ReadOne(ref reader, parameter);
            }
        }
    }

    /// <summary>As many residuals as one load of bits holds whole.</summary>
    private static int ReadLoaded(ref BitReader reader, int parameter, Span<int> residuals)
    {
        ulong low = (1UL << parameter) - 1;
        ulong window = reader.Load(out int available);
        int left = available;
        long wrong = 0;
        int i = 0;
        for (; i < residuals.Length; i++)
        {
            // Behind what is left stand zeros: a quotient that goes on there is longer than what is left.
            int quotient = BitOperations.TrailingZeroCount(~window);
            int length = quotient + 1 + parameter;
            if (length > left)
            {
                break;
            }

            ulong mapped = ((ulong)quotient << parameter) | ((window >> (quotient + 1)) & low);
            wrong |= (FixedPredictorRice.LongestQuotient - (long)quotient) | (uint.MaxValue - (long)mapped);
            residuals[i] = FixedPredictorRice.Unzigzag((uint)mapped);
            window >>= length;
            left -= length;
        }

        reader.Skip(available - left);
        return wrong >= 0 ? i : throw new BlockFormatException($"a quotient with {parameter} bits is not a residual");
    }

    /// <summary>A residual that a load does not hold whole, and those in the last bytes.</summary>
    private static int ReadOne(ref BitReader reader, int parameter)
    {
        ulong window = reader.Peek();
        int quotient = BitOperations.TrailingZeroCount(~window);
        reader.Skip(quotient + 1);
        ulong mapped = quotient <= FixedPredictorRice.LongestQuotient ? ((ulong)quotient << parameter) | reader.Take(parameter) : ulong.MaxValue;
        return mapped <= uint.MaxValue ? FixedPredictorRice.Unzigzag((uint)mapped) : throw new BlockFormatException($"a quotient of {quotient} with {parameter} bits is not a residual");
    }

    private static void ReadEscape(ref BitReader reader, Span<int> residuals)
    {
        int width = (int)reader.Take(FixedPredictorRice.WidthBits);
        if (width > FixedPredictorRice.HighestWidth)
        {
            throw new BlockFormatException($"a residual has no {width} bits");
        }

        int unused = FixedPredictorRice.HighestWidth - width;
        for (int i = 0; i < residuals.Length; i++)
        {
            residuals[i] = width == 0 ? 0 : (int)(reader.Take(width) << unused) >> unused;
        }
    }
}
