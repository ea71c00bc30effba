using System.Numerics;

namespace Bedside.Storage.Coding;

/// <summary>
/// How often each symbol comes in each context, in 1024ths, as the dense codec writes it (FORMAT.md, section 2.2). A context
/// is 6 bits of how many symbols are listed (0 = it does not occur), then for each a class of 4 bits: 0 = it does not occur,
/// 1 … 10 = as many bits, of which the 3 after the first follow, 15 = the symbol that takes what the others leave.
/// </summary>
internal sealed class RangeTables
{
    public const int Symbols = 46;

    public const int ScaleBits = 10;

    public const int Scale = 1 << ScaleBits;

    /// <summary>From one context's row to the next in <see cref="Entries"/>.</summary>
    public const int Stride = 64;

    private const int ListBits = 6;
    private const int ClassBits = 4;
    private const int Rest = 15;
    private const int KeptBits = 3;

    private RangeTables(int contexts) => Entries = new uint[contexts * Stride];

    /// <summary>Of each context and symbol: frequency in the high half, sum of the frequencies before it in the low half.</summary>
    public uint[] Entries { get; }

    /// <summary>From counts of <see cref="Stride"/> symbols a context.</summary>
    public static RangeTables FromCounts(ReadOnlySpan<int> counts, int contexts)
    {
        var tables = new RangeTables(contexts);
        Span<int> frequencies = stackalloc int[Symbols];
        for (int context = 0; context < contexts; context++)
        {
            ReadOnlySpan<int> row = counts.Slice(context * Stride, Symbols);
            if (row.ContainsAnyExcept(0))
            {
                Normalise(row, frequencies);
                tables.Fill(context, frequencies);
            }
        }

        return tables;
    }

    /// <summary>Throws <see cref="BlockFormatException"/>.</summary>
    public static RangeTables Read(ref BitReader reader, int contexts)
    {
        var tables = new RangeTables(contexts);
        Span<int> frequencies = stackalloc int[Symbols];
        for (int context = 0; context < contexts; context++)
        {
            int listed = (int)reader.Take(ListBits);
            if (listed > Symbols)
            {
                throw new BlockFormatException($"there are no {listed} symbols");
            }

            if (listed > 0)
            {
                ReadRow(ref reader, frequencies, listed);
                tables.Fill(context, frequencies);
            }
        }

        return reader.Past ? throw new BlockFormatException("the tables end too early") : tables;
    }

    public void Write(ref BitWriter writer)
    {
        for (int row = 0; row < Entries.Length; row += Stride)
        {
            int listed = Entries.AsSpan(row, Symbols).LastIndexOfAnyExcept(0u) + 1;
            writer.Put((uint)listed, ListBits);
            int rest = Largest(Entries.AsSpan(row, Symbols));
            for (int symbol = 0; symbol < listed; symbol++)
            {
                WriteFrequency(ref writer, Entries[row + symbol] >> 16, symbol == rest);
            }
        }
    }

    /// <summary>Which symbol owns each of the 1024 places of each context. Contexts that do not occur have none, and 255.</summary>
    public byte[] Slots()
    {
        byte[] slots = new byte[Entries.Length / Stride * Scale];
        slots.AsSpan().Fill(byte.MaxValue);
        for (int row = 0, at = 0; row < Entries.Length; row += Stride, at += Scale)
        {
            for (int symbol = 0; symbol < Symbols; symbol++)
            {
                uint entry = Entries[row + symbol];
                slots.AsSpan(at + (int)(entry & ushort.MaxValue), (int)(entry >> 16)).Fill((byte)symbol);
            }
        }

        return slots;
    }

    private static void WriteFrequency(ref BitWriter writer, uint frequency, bool isRest)
    {
        int length = frequency == 0 ? 0 : BitOperations.Log2(frequency) + 1;
        writer.Put(isRest ? Rest : (uint)length, ClassBits);
        int kept = Math.Clamp(length - 1, 0, KeptBits);
        if (!isRest)
        {
            writer.Put((frequency >> Math.Max(0, length - 1 - kept)) & ((1u << kept) - 1), kept);
        }
    }

    private static void ReadRow(ref BitReader reader, scoped Span<int> frequencies, int listed)
    {
        frequencies.Clear();
        int sum = 0;
        int rest = -1;
        for (int symbol = 0; symbol < listed; symbol++)
        {
            int length = (int)reader.Take(ClassBits);
            if (length == Rest && rest < 0)
            {
                rest = symbol;
            }
            else if (length > ScaleBits)
            {
                throw new BlockFormatException($"a frequency has no {length} bits");
            }
            else if (length > 0)
            {
                int kept = Math.Min(length - 1, KeptBits);
                frequencies[symbol] = ((1 << kept) | (int)reader.Take(kept)) << (length - 1 - kept);
                sum += frequencies[symbol];
            }
        }

        if (rest < 0 || sum >= Scale)
        {
            throw new BlockFormatException($"frequencies of {sum} leave no rest");
        }

        frequencies[rest] = Scale - sum;
    }

    /// <summary>The first of the most frequent, which takes what the others leave.</summary>
    private static int Largest(ReadOnlySpan<uint> row)
    {
        int largest = 0;
        for (int symbol = 1; symbol < row.Length; symbol++)
        {
            if (row[symbol] >> 16 > row[largest] >> 16)
            {
                largest = symbol;
            }
        }

        return largest;
    }

    private static void Normalise(ReadOnlySpan<int> counts, Span<int> frequencies)
    {
        long total = 0;
        int largest = 0;
        for (int symbol = 0; symbol < Symbols; symbol++)
        {
            total += counts[symbol];
            largest = counts[symbol] > counts[largest] ? symbol : largest;
        }

        int sum = 0;
        for (int symbol = 0; symbol < Symbols; symbol++)
        {
            long share = (((long)counts[symbol] * Scale) + (total / 2)) / total;
            frequencies[symbol] = counts[symbol] == 0 || symbol == largest ? 0 : Representable((int)Math.Clamp(share, 1, Scale - 1));
            sum += frequencies[symbol];
        }

        // The rest must be the largest, so that the reader of the table and its writer mean the same symbol.
        for (int other = LargestOf(frequencies); Scale - sum < frequencies[other]; other = LargestOf(frequencies))
        {
            int less = Representable(frequencies[other] - 1);
            sum -= frequencies[other] - less;
            frequencies[other] = less;
        }

        frequencies[largest] = Scale - sum;
    }

    private static int LargestOf(ReadOnlySpan<int> frequencies)
    {
        int largest = 0;
        for (int symbol = 1; symbol < frequencies.Length; symbol++)
        {
            largest = frequencies[symbol] > frequencies[largest] ? symbol : largest;
        }

        return largest;
    }

    /// <summary>The highest four bits.</summary>
    private static int Representable(int frequency)
    {
        int drop = Math.Max(0, BitOperations.Log2((uint)frequency) - KeptBits);
        return frequency >> drop << drop;
    }

    private void Fill(int context, ReadOnlySpan<int> frequencies)
    {
        uint before = 0;
        for (int symbol = 0; symbol < Symbols; symbol++)
        {
            uint frequency = (uint)frequencies[symbol];
            Entries[(context * Stride) + symbol] = frequency == 0 ? 0 : (frequency << 16) | before;
            before += frequency;
        }
    }
}
