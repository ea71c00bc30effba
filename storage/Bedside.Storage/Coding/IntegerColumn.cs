using System.Numerics;

namespace Bedside.Storage.Coding;

/// <summary>
/// A column of 64-bit numbers of which most are 0: how many zeros come first, in Elias's gamma code of that count + 1, then
/// the number that ends them, Rice-coded with one parameter for the whole column, and so on.
/// <code>
/// 6 bits k │ gamma(zeros + 1) │ u = zigzag − 1: quotient u >> k in unary, k low bits │ gamma(zeros + 1) │ …
/// </code>
/// A quotient of 24 or more stands as 24 one bits, a 0, and u in 64 bits. FORMAT.md, section 3.1.
/// </summary>
internal static class IntegerColumn
{
    /// <summary>Bytes that a number takes at most, its run of zeros included.</summary>
    public const int MostBytesOfOne = 18;

    private const int ParameterBits = 6;
    private const int HighestParameter = 40;
    private const int LongestQuotient = 24;
    private const int WordBits = 32;
    private const int LongestGamma = 20;

    public static void Write(ref BitWriter writer, ReadOnlySpan<long> values)
    {
        int parameter = BestParameter(values);
        writer.Put((uint)parameter, ParameterBits);
        int at = 0;
        while (at < values.Length)
        {
            int zeros = values[at..].IndexOfAnyExcept(0L);
            zeros = zeros < 0 ? values.Length - at : zeros;
            WriteGamma(ref writer, (uint)zeros + 1);
            at += zeros;
            if (at < values.Length)
            {
                WriteNumber(ref writer, Zigzag(values[at++]) - 1, parameter);
            }
        }
    }

    /// <summary>Fills <paramref name="values"/>. Throws <see cref="BlockFormatException"/>.</summary>
    public static void Read(ref BitReader reader, Span<long> values)
    {
        int parameter = (int)reader.Take(ParameterBits);
        if (parameter > HighestParameter)
        {
            throw new BlockFormatException($"a column has no parameter {parameter}");
        }

        int at = 0;
        while (at < values.Length)
        {
            uint zeros = ReadGamma(ref reader) - 1;
            if (zeros > values.Length - at || reader.Past)
            {
                throw new BlockFormatException("a column ends too early, or its zeros too late");
            }

            values.Slice(at, (int)zeros).Clear();
            at += (int)zeros;
            if (at < values.Length)
            {
                ulong mapped = ReadNumber(ref reader, parameter);
                values[at++] = mapped == ulong.MaxValue ? throw new BlockFormatException("a number of a column passes 64 bits") : Unzigzag(mapped + 1);
            }
        }

        if (reader.Past)
        {
            throw new BlockFormatException("a column ends too early");
        }
    }

    private static ulong Zigzag(long value) => (ulong)((value << 1) ^ (value >> 63));

    private static long Unzigzag(ulong mapped) => (long)(mapped >> 1) ^ -(long)(mapped & 1);

    private static int BestParameter(ReadOnlySpan<long> values)
    {
        int best = 0;
        long least = long.MaxValue;
        for (int k = 0; k <= HighestParameter; k++)
        {
            long bits = 0;
            foreach (long value in values)
            {
                ulong quotient = value == 0 ? 0 : (Zigzag(value) - 1) >> k;
                bits += quotient < LongestQuotient ? (long)quotient + k : LongestQuotient + (2 * WordBits);
            }

            if (bits < least)
            {
                (best, least) = (k, bits);
            }
        }

        return best;
    }

    private static void WriteGamma(ref BitWriter writer, uint value)
    {
        int length = BitOperations.Log2(value);
        writer.PutUnary(length);
        writer.Put(value & ((1u << length) - 1), length);
    }

    private static uint ReadGamma(ref BitReader reader)
    {
        int length = BitOperations.TrailingZeroCount(~reader.Peek());
        if (length > LongestGamma)
        {
            throw new BlockFormatException($"a run of zeros has no {length} bits");
        }

        reader.Skip(length + 1);
        return (1u << length) | reader.Take(length);
    }

    private static void WriteNumber(ref BitWriter writer, ulong mapped, int parameter)
    {
        ulong quotient = mapped >> parameter;
        writer.PutUnary((int)Math.Min(quotient, LongestQuotient));
        PutLong(ref writer, mapped, quotient < LongestQuotient ? parameter : 2 * WordBits);
    }

    private static ulong ReadNumber(ref BitReader reader, int parameter)
    {
        int quotient = BitOperations.TrailingZeroCount(~reader.Peek());
        if (quotient > LongestQuotient)
        {
            throw new BlockFormatException($"a quotient of {quotient} is not a number of a column");
        }

        reader.Skip(quotient + 1);
        return quotient < LongestQuotient ? ((ulong)quotient << parameter) | TakeLong(ref reader, parameter) : TakeLong(ref reader, 2 * WordBits);
    }

    /// <summary>The <paramref name="count"/> (0 … 64) low bits, the low word first.</summary>
    private static void PutLong(ref BitWriter writer, ulong bits, int count)
    {
        int low = Math.Min(count, WordBits);
        writer.Put((uint)(bits & ((1UL << low) - 1)), low);
        int high = count - low;
        writer.Put((uint)((bits >> WordBits) & ((1UL << high) - 1)), high);
    }

    private static ulong TakeLong(ref BitReader reader, int count)
    {
        int low = Math.Min(count, WordBits);
        ulong bits = reader.Take(low);
        return bits | ((ulong)reader.Take(count - low) << WordBits);
    }
}
