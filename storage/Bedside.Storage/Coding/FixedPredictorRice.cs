using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Bedside.Storage.Coding;

/// <summary>
/// Codec 2 of samples: residuals of a fixed polynomial predictor in partitions of 64, each with its own Rice parameter.
/// <code>
/// ┌──────────────────────┬─ partition ──────────────────────────────────────────┬─ …
/// │ order × i32          │ k: 5 bits │ k &lt; 31: 64 × { unary u &gt;&gt; k, k bits of u } │
/// │ (the first samples)  │           │ k = 31: w in 6 bits, 64 × w bits            │
/// └──────────────────────┴───────────┴─────────────────────────────────────────────┴─ …
/// </code>
/// FORMAT.md, section 2.1. All arithmetic wraps around in 32 bits, which makes it lossless for any input.
/// </summary>
internal static class FixedPredictorRice
{
    public const int HighestOrder = 3;

    private const int PartitionLength = 64;
    internal const int ParameterBits = 5;
    internal const int Escape = 31;
    internal const int WidthBits = 6;
    internal const int LongestQuotient = 40;
    internal const int HighestWidth = 32;

    /// <summary>The order whose residuals are smallest in sum.</summary>
    public static int BestOrder(ReadOnlySpan<int> samples)
    {
        long sum0 = 0;
        long sum1 = 0;
        long sum2 = 0;
        long sum3 = 0;
        for (int i = HighestOrder; i < samples.Length; i++)
        {
            int e0 = samples[i];
            int e1 = e0 - samples[i - 1];
            int e2 = e1 - (samples[i - 1] - samples[i - 2]);
            int e3 = e2 - (samples[i - 1] - (2 * samples[i - 2]) + samples[i - 3]);
            sum0 += Magnitude(e0);
            sum1 += Magnitude(e1);
            sum2 += Magnitude(e2);
            sum3 += Magnitude(e3);
        }

        int best = 0;
        long least = sum0;
        ReadOnlySpan<long> others = [sum1, sum2, sum3];
        for (int order = 1; order <= HighestOrder; order++)
        {
            if (others[order - 1] < least)
            {
                best = order;
                least = others[order - 1];
            }
        }

        return best;
    }

    /// <summary>
    /// Codes the samples with a predictor of <paramref name="order"/>; -1 when they would take more than
    /// <paramref name="destination"/> has.
    /// </summary>
    public static int Encode(ReadOnlySpan<int> samples, int order, Span<byte> destination)
    {
        int head = order * sizeof(int);
        int partitions = Partitions(samples.Length - order);
        uint[] mapped = ArrayPool<uint>.Shared.Rent(Math.Max(1, samples.Length));
        byte[] parameters = ArrayPool<byte>.Shared.Rent(Math.Max(1, 2 * partitions));
        try
        {
            Span<uint> residuals = mapped.AsSpan(0, samples.Length - order);
            MapResiduals(samples, order, residuals);
            long bits = 0;
            for (int p = 0; p < partitions; p++)
            {
                bits += Choose(Partition(residuals, p), out parameters[2 * p], out parameters[(2 * p) + 1]);
            }

            long bytes = head + ((bits + 7) / 8);
            if (bytes > destination.Length)
            {
                return -1;
            }

            for (int i = 0; i < order; i++)
            {
                BinaryPrimitives.WriteInt32LittleEndian(destination[(i * sizeof(int))..], samples[i]);
            }

            var writer = new BitWriter(destination[head..]);
            for (int p = 0; p < partitions; p++)
            {
                WritePartition(ref writer, Partition(residuals, p), parameters[2 * p], parameters[(2 * p) + 1]);
            }

            return head + writer.Finish();
        }
        finally
        {
            ArrayPool<uint>.Shared.Return(mapped);
            ArrayPool<byte>.Shared.Return(parameters);
        }
    }

    /// <summary>Reads as many samples as <paramref name="samples"/> holds. Throws <see cref="BlockFormatException"/>.</summary>
    public static void Decode(ReadOnlySpan<byte> source, int order, Span<int> samples)
    {
        int head = order * sizeof(int);
        if (order > HighestOrder || order > samples.Length || head > source.Length)
        {
            throw new BlockFormatException($"order {order} does not go with {samples.Length} samples in {source.Length} bytes");
        }

        for (int i = 0; i < order; i++)
        {
            samples[i] = BinaryPrimitives.ReadInt32LittleEndian(source[(i * sizeof(int))..]);
        }

        Span<int> residuals = samples[order..];
        var reader = new BitReader(source[head..]);
        for (int at = 0; at < residuals.Length; at += PartitionLength)
        {
            RiceReading.ReadPartition(ref reader, residuals.Slice(at, Math.Min(PartitionLength, residuals.Length - at)));
            if (reader.Past)
            {
                throw new BlockFormatException("the coded samples end too early");
            }
        }

        if (!reader.AtEnd)
        {
            throw new BlockFormatException("there are bits behind the coded samples");
        }

        Undo(samples, order);
    }

    private static int Partitions(int residuals) => (residuals + PartitionLength - 1) / PartitionLength;

    private static Span<uint> Partition(Span<uint> residuals, int index) =>
        residuals.Slice(index * PartitionLength, Math.Min(PartitionLength, residuals.Length - (index * PartitionLength)));

    private static long Magnitude(int residual) => residual ^ (residual >> 31);

    private static uint Zigzag(int residual) => (uint)((residual << 1) ^ (residual >> 31));

    internal static int Unzigzag(uint mapped) => (int)(mapped >> 1) ^ -(int)(mapped & 1);

    private static void MapResiduals(ReadOnlySpan<int> x, int order, Span<uint> mapped)
    {
        switch (order)
        {
            case 0:
                for (int i = 0; i < mapped.Length; i++)
                {
                    mapped[i] = Zigzag(x[i]);
                }

                break;
            case 1:
                for (int i = 0; i < mapped.Length; i++)
                {
                    mapped[i] = Zigzag(x[i + 1] - x[i]);
                }

                break;
            case 2:
                for (int i = 0; i < mapped.Length; i++)
                {
                    mapped[i] = Zigzag(x[i + 2] - (2 * x[i + 1]) + x[i]);
                }

                break;
            default:
                for (int i = 0; i < mapped.Length; i++)
                {
                    mapped[i] = Zigzag(x[i + 3] - (3 * x[i + 2]) + (3 * x[i + 1]) - x[i]);
                }

                break;
        }
    }

    /// <summary>Adds up differences, level by level in registers.</summary>
    private static void Undo(Span<int> x, int order)
    {
        switch (order)
        {
            case 0:
                break;
            case 1:
                int sum = 0;
                foreach (ref int sample in x)
                {
                    sum += sample;
                    sample = sum;
                }

                break;
            case 2:
                int last = x[1];
                int step = x[1] - x[0];
                foreach (ref int sample in x[2..])
                {
                    step += sample;
                    last += step;
                    sample = last;
                }

                break;
            default:
                UndoThird(x);
                break;
        }
    }

    private static void UndoThird(Span<int> x)
    {
        int last = x[2];
        int step = x[2] - x[1];
        int bend = step - (x[1] - x[0]);
        foreach (ref int sample in x[3..])
        {
            bend += sample;
            step += bend;
            last += step;
            sample = last;
        }
    }

    /// <summary>The cheapest way to write a partition, in bits; parameter 31 = escape with that width.</summary>
    private static long Choose(ReadOnlySpan<uint> mapped, out byte parameter, out byte width)
    {
        uint all = 0;
        ulong sum = 0;
        foreach (uint u in mapped)
        {
            all |= u;
            sum += u;
        }

        // In two's complement a residual takes as many bits as its zigzag image, which has the sign in its lowest bit.
        width = (byte)(HighestWidth - BitOperations.LeadingZeroCount(all));
        parameter = Escape;
        long least = ParameterBits + WidthBits + ((long)width * mapped.Length);
        int guess = BitOperations.Log2((uint)Math.Min(uint.MaxValue, (sum / (ulong)mapped.Length) + 1));
        for (int k = Math.Max(0, guess - 1); k <= Math.Min(Escape - 1, guess + 1); k++)
        {
            if ((all >> k) > LongestQuotient && Largest(mapped) >> k > LongestQuotient)
            {
                continue;
            }

            long bits = ParameterBits + ((long)(k + 1) * mapped.Length) + SumOfQuotients(mapped, k);
            if (bits < least)
            {
                least = bits;
                parameter = (byte)k;
            }
        }

        return least;
    }

    private static uint Largest(ReadOnlySpan<uint> mapped)
    {
        uint largest = 0;
        foreach (uint u in mapped)
        {
            largest = Math.Max(largest, u);
        }

        return largest;
    }

    private static long SumOfQuotients(ReadOnlySpan<uint> mapped, int k)
    {
        // Quotients are at most 40 and a partition has 64 of them, so 32-bit lanes do not overflow.
        Vector<uint> lanes = Vector<uint>.Zero;
        ReadOnlySpan<Vector<uint>> vectors = MemoryMarshal.Cast<uint, Vector<uint>>(mapped);
        foreach (Vector<uint> vector in vectors)
        {
            lanes += Vector.ShiftRightLogical(vector, k);
        }

        long sum = Vector.Sum(lanes);
        foreach (uint u in mapped[(vectors.Length * Vector<uint>.Count)..])
        {
            sum += u >> k;
        }

        return sum;
    }

    private static void WritePartition(ref BitWriter writer, ReadOnlySpan<uint> mapped, int parameter, int width)
    {
        writer.Put((uint)parameter, ParameterBits);
        if (parameter == Escape)
        {
            writer.Put((uint)width, WidthBits);
            uint mask = (uint)((1UL << width) - 1);
            foreach (uint u in mapped)
            {
                writer.Put((uint)Unzigzag(u) & mask, width);
            }

            return;
        }

        uint low = (1u << parameter) - 1;
        foreach (uint u in mapped)
        {
            int quotient = (int)(u >> parameter);
            int length = quotient + 1 + parameter;
            if (length <= HighestWidth)
            {
                writer.Put(((u & low) << (quotient + 1)) | ((1u << quotient) - 1), length);
            }
            else
            {
                writer.PutUnary(quotient);
                writer.Put(u & low, parameter);
            }
        }
    }
}
