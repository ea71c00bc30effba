using System.Buffers.Binary;

namespace Bedside.Storage.Coding;

/// <summary>Chooses how <see cref="DenseSamples"/> writes a block, by what each way would take, and writes it.</summary>
internal static class DenseEncoder
{
    private const int LeastCount = 64;
    private const int HighestLow = 15;

    /// <summary>Numbering pays only where less than half of the values between the least and the greatest are used.</summary>
    private const int Sparseness = 2;

    /// <summary>The coded samples; empty when they are too few or too many for this codec, or would not be shorter than <paramref name="limit"/>.</summary>
    public static ReadOnlySpan<byte> Encode(ReadOnlySpan<int> samples, int limit)
    {
        if (samples.Length is < LeastCount or > DenseSamples.MaximumCount)
        {
            return [];
        }

        Plan best = Best(Centred(samples), [], best: null);
        if (Numbered(samples) is { } numbered)
        {
            best = Best(numbered.Numbers, numbered.Values, best);
        }

        return best.Bits / 8 > limit ? [] : Write(WithContexts(best), limit);
    }

    private static Work Centred(ReadOnlySpan<int> samples)
    {
        long sum = 0;
        foreach (int sample in samples)
        {
            sum += sample;
        }

        int centre = (int)(sum / samples.Length);
        int[] centred = new int[samples.Length];
        for (int i = 0; i < centred.Length; i++)
        {
            centred[i] = samples[i] - centre;
        }

        return new Work(centred, centre);
    }

    /// <summary>The samples as numbers of their values; null where most values are used or there are too many.</summary>
    private static (Work Numbers, int[] Values)? Numbered(ReadOnlySpan<int> samples)
    {
        int[] sorted = samples.ToArray();
        Array.Sort(sorted);
        int distinct = 1;
        for (int i = 1; i < sorted.Length; i++)
        {
            if (sorted[i] != sorted[distinct - 1])
            {
                sorted[distinct++] = sorted[i];
            }
        }

        if (distinct > DenseSamples.MaximumValues || (long)distinct * Sparseness > (long)sorted[distinct - 1] - sorted[0])
        {
            return null;
        }

        int[] values = sorted[..distinct];
        int[] numbers = new int[samples.Length];
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] = Array.BinarySearch(values, samples[i]);
        }

        return (Centred(numbers), values);
    }

    private static Plan Best(Work work, int[] values, Plan? best)
    {
        double fixedBits = ValueBits(values);
        int[] residuals = new int[work.Samples.Length];
        int[] counts = new int[RangeTables.Stride];
        foreach (Predictor predictor in Candidates(work.Samples))
        {
            predictor.Residuals(work.Samples, residuals);
            int low = LikelyLow(residuals);
            counts.AsSpan().Clear();
            foreach (int residual in residuals)
            {
                counts[DenseSamples.SymbolOf(DenseSamples.Zigzag(residual >> low))]++;
            }

            double bits = fixedBits + Entropy(counts) + ((double)low * residuals.Length) + (predictor.IsFixed ? 0 : 9 + (predictor.Order * 13));
            if (best is null || bits < best.Bits)
            {
                best = new Plan(work, values, predictor, low, 0, bits);
            }
        }

        return best!; // there is at least one predictor
    }

    private static List<Predictor> Candidates(int[] samples) =>
        [Predictor.Differences(0), Predictor.Differences(1), Predictor.Differences(2), Predictor.Differences(3), .. LeastSquares.Find(samples)];

    /// <summary>About the fifth of the mean magnitude, so that most residuals have a symbol of their own.</summary>
    private static int LikelyLow(ReadOnlySpan<int> residuals)
    {
        ulong sum = 0;
        foreach (int residual in residuals)
        {
            sum += DenseSamples.Zigzag(residual);
        }

        ulong mean = sum / (ulong)residuals.Length;
        int low = 0;
        while (low < HighestLow && mean >> low > 9)
        {
            low++;
        }

        return low;
    }

    private static double ValueBits(int[] values)
    {
        if (values.Length == 0)
        {
            return 0;
        }

        byte[] bytes = new byte[(values.Length + 1) * IntegerColumn.MostBytesOfOne];
        var writer = new BitWriter(bytes);
        WriteValues(ref writer, values);
        return writer.Finish() * 8.0;
    }

    private static void WriteValues(ref BitWriter writer, int[] values)
    {
        writer.Put((uint)values.Length, DenseSamples.ValuesBits);
        if (values.Length == 0)
        {
            return;
        }

        long[] column = new long[values.Length];
        int step = 0;
        int value = 0;
        for (int i = 0; i < values.Length; i++)
        {
            int next = values[i] - value;
            column[i] = next - step;
            (step, value) = (next, values[i]);
        }

        IntegerColumn.Write(ref writer, column);
    }

    private static double Entropy(ReadOnlySpan<int> counts)
    {
        double bits = 0;
        int total = 0;
        for (int symbol = 0; symbol < counts.Length; symbol++)
        {
            int count = counts[symbol];
            if (count > 0)
            {
                // A symbol takes about six bits in the table, and what lies behind it in the bits.
                bits += 6 - (count * Math.Log2(count)) + ((double)count * Math.Max(0, symbol - DenseSamples.DirectSymbols));
                total += count;
            }
        }

        return total == 0 ? 6 : bits + 6 + (total * Math.Log2(total));
    }

    /// <summary>The best contexts for the plan, and how many low bits stand apart.</summary>
    private static Plan WithContexts(Plan plan)
    {
        int[] residuals = new int[plan.Work.Samples.Length];
        plan.Predictor.Residuals(plan.Work.Samples, residuals);
        byte[] symbols = new byte[residuals.Length];
        Plan best = plan with { Bits = double.MaxValue };
        for (int low = Math.Max(0, plan.Low - 1); low <= Math.Min(HighestLow, plan.Low + 1); low++)
        {
            for (int i = 0; i < symbols.Length; i++)
            {
                symbols[i] = (byte)DenseSamples.SymbolOf(DenseSamples.Zigzag(residuals[i] >> low));
            }

            for (int mode = 0; mode < DenseContexts.Modes; mode++)
            {
                var contexts = DenseContexts.Of(mode);
                int[] counts = Counts(symbols, contexts);
                double bits = (double)low * symbols.Length;
                for (int context = 0; context < contexts.Count; context++)
                {
                    bits += Entropy(counts.AsSpan(context * RangeTables.Stride, RangeTables.Stride));
                }

                best = bits < best.Bits ? plan with { Low = low, Mode = mode, Bits = bits } : best;
            }
        }

        return best;
    }

    private static int[] Counts(ReadOnlySpan<byte> symbols, DenseContexts contexts)
    {
        int[] counts = new int[contexts.Count * RangeTables.Stride];
        int last = 0;
        int former = 0;
        foreach (byte symbol in symbols)
        {
            counts[((contexts.Last[last] + contexts.Former[former]) * RangeTables.Stride) + symbol]++;
            (former, last) = (last, symbol);
        }

        return counts;
    }

    private static ReadOnlySpan<byte> Write(Plan plan, int limit)
    {
        int count = plan.Work.Samples.Length;
        int[] residuals = new int[count];
        plan.Predictor.Residuals(plan.Work.Samples, residuals);
        byte[] symbols = new byte[count];
        byte[] lowBytes = new byte[(count * 2 * sizeof(int)) + sizeof(long)];
        var lows = new BitWriter(lowBytes);
        for (int i = 0; i < count; i++)
        {
            uint mapped = DenseSamples.Zigzag(residuals[i] >> plan.Low);
            int symbol = DenseSamples.SymbolOf(mapped);
            symbols[i] = (byte)symbol;
            if (symbol > DenseSamples.DirectSymbols)
            {
                int more = symbol - DenseSamples.DirectSymbols;
                lows.Put((mapped - (DenseSamples.DirectSymbols - 1)) & ((1u << more) - 1), more);
            }

            lows.Put((uint)residuals[i] & ((1u << plan.Low) - 1), plan.Low);
        }

        int lowLength = lows.Finish();
        var contexts = DenseContexts.Of(plan.Mode);
        var tables = RangeTables.FromCounts(Counts(symbols, contexts), contexts.Count);
        ReadOnlySpan<byte> head = Head(plan, tables);
        ReadOnlySpan<byte> words = Words(symbols, contexts, tables);
        int total = sizeof(ushort) + head.Length + sizeof(uint) + words.Length + lowLength;
        if (total >= limit || head.Length > ushort.MaxValue)
        {
            return [];
        }

        byte[] bytes = new byte[total];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)head.Length);
        head.CopyTo(bytes.AsSpan(sizeof(ushort)));
        int at = sizeof(ushort) + head.Length;
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at), (uint)(words.Length / sizeof(ushort)));
        words.CopyTo(bytes.AsSpan(at + sizeof(uint)));
        lowBytes.AsSpan(0, lowLength).CopyTo(bytes.AsSpan(at + sizeof(uint) + words.Length));
        return bytes;
    }

    private static ReadOnlySpan<byte> Head(Plan plan, RangeTables tables)
    {
        byte[] bytes = new byte[1024 + ((plan.Values.Length + 1) * IntegerColumn.MostBytesOfOne) + tables.Entries.Length];
        var writer = new BitWriter(bytes);
        writer.Put((uint)plan.Mode, DenseSamples.ModeBits);
        writer.Put((uint)plan.Low, DenseSamples.LowBits);
        plan.Predictor.Write(ref writer);
        writer.Put((uint)plan.Work.Centre, DenseSamples.CentreBits);
        WriteValues(ref writer, plan.Values);
        tables.Write(ref writer);
        return bytes.AsSpan(0, writer.Finish());
    }

    /// <summary>The state takes the symbols from the last to the first, so that the reader gives them in order.</summary>
    private static ReadOnlySpan<byte> Words(ReadOnlySpan<byte> symbols, DenseContexts contexts, RangeTables tables)
    {
        byte[] bytes = new byte[(symbols.Length * sizeof(ushort)) + (2 * sizeof(ushort))];
        int at = bytes.Length;
        uint state = DenseSamples.InitialState;
        for (int i = symbols.Length - 1; i >= 0; i--)
        {
            int context = contexts.Last[i > 0 ? symbols[i - 1] : 0] + contexts.Former[i > 1 ? symbols[i - 2] : 0];
            uint entry = tables.Entries[(context * RangeTables.Stride) + symbols[i]];
            uint frequency = entry >> 16;
            if (state >= (ulong)frequency << (32 - RangeTables.ScaleBits))
            {
                at -= sizeof(ushort);
                BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(at), (ushort)state);
                state >>= DenseSamples.WordBits;
            }

            state = ((state / frequency) << RangeTables.ScaleBits) + (state % frequency) + (entry & ushort.MaxValue);
        }

        at -= 2 * sizeof(ushort);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(at), (ushort)(state >> DenseSamples.WordBits));
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(at + sizeof(ushort)), (ushort)state);
        return bytes.AsSpan(at);
    }

    /// <summary>What is predicted: samples less their mean, or the numbers of their values less theirs.</summary>
    private sealed record Work(int[] Samples, int Centre);

    private sealed record Plan(Work Work, int[] Values, Predictor Predictor, int Low, int Mode, double Bits);
}
