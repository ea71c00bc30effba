using System.Buffers.Binary;
using System.Numerics;

namespace Bedside.Storage.Coding;

/// <summary>
/// Codec 3 of kind 1: a predictor fitted to the block, and residuals by asymmetric numeral systems, with frequencies by what
/// the two residuals before were. Signals that use only some of the values between their least and greatest are numbered first.
/// <code>
///  0  u16 bytes of the head   2  head, a bit stream   then  u32 number of words · words of 16 bits · a bit stream to the end
/// </code>
/// FORMAT.md, section 2.2. All arithmetic on samples wraps around in 32 bits.
/// </summary>
internal static class DenseSamples
{
    public const byte Codec = 3;

    /// <summary>No block of this codec has more.</summary>
    public const int MaximumCount = 1 << 16;

    /// <summary>Most values that are numbered.</summary>
    public const int MaximumValues = 4096;

    /// <summary>Symbols that stand for one number; a later one for 2^(symbol - 14) of them.</summary>
    public const int DirectSymbols = 14;

    public const int ModeBits = 3;
    public const int LowBits = 4;
    public const int CentreBits = 32;
    public const int ValuesBits = 13;
    public const uint InitialState = 1u << WordBits;
    public const int WordBits = 16;

    private const int HeadAt = sizeof(ushort);

    public static uint Zigzag(int value) => (uint)((value << 1) ^ (value >> 31));

    /// <summary>The symbol of a mapped number.</summary>
    public static int SymbolOf(uint mapped) =>
        mapped < DirectSymbols ? (int)mapped : DirectSymbols + BitOperations.Log2(mapped - (DirectSymbols - 1));

    /// <summary>
    /// Reads as many samples as <paramref name="samples"/> holds; <paramref name="isWhole"/> = those are all, and the bytes must
    /// end with them. Throws <see cref="BlockFormatException"/>.
    /// </summary>
    public static void Decode(ReadOnlySpan<byte> source, Span<int> samples, bool isWhole)
    {
        int headBytes = source.Length < HeadAt ? int.MaxValue : BinaryPrimitives.ReadUInt16LittleEndian(source);
        if (headBytes > source.Length - HeadAt - sizeof(uint))
        {
            throw new BlockFormatException($"a head of {headBytes} bytes is not in {source.Length}");
        }

        var head = new BitReader(source.Slice(HeadAt, headBytes));
        int mode = (int)head.Take(ModeBits);
        int low = (int)head.Take(LowBits);
        var contexts = DenseContexts.Of(mode);
        var predictor = Predictor.Read(ref head);
        int centre = (int)head.Take(CentreBits);
        int[] values = ReadValues(ref head);
        var tables = RangeTables.Read(ref head, contexts.Count);
        if (!head.AtEnd)
        {
            throw new BlockFormatException("there are bits behind the head");
        }

        ReadOnlySpan<byte> rest = source[(HeadAt + headBytes)..];
        uint words = BinaryPrimitives.ReadUInt32LittleEndian(rest);
        rest = rest[sizeof(uint)..];
        if (words < 2 || words > rest.Length / sizeof(ushort))
        {
            throw new BlockFormatException($"{words} words are not in {rest.Length} bytes");
        }

        int wordBytes = (int)words * sizeof(ushort);
        DecodeSymbols(rest[..wordBytes], contexts, tables, samples, isWhole);
        AddLowBits(rest[wordBytes..], low, samples, isWhole);
        predictor.Undo(samples);
        if (values.Length > 0)
        {
            Replace(samples, values, centre);
        }
        else if (centre != 0)
        {
            foreach (ref int sample in samples)
            {
                sample += centre;
            }
        }
    }

    private static void Replace(Span<int> samples, int[] values, int centre)
    {
        foreach (ref int sample in samples)
        {
            int number = sample + centre;
            sample = (uint)number < (uint)values.Length ? values[number] : throw new BlockFormatException($"there is no value {number}");
        }
    }

    private static int[] ReadValues(ref BitReader head)
    {
        int count = (int)head.Take(ValuesBits);
        if (count > MaximumValues)
        {
            throw new BlockFormatException($"{count} values are more than are numbered");
        }

        if (count == 0)
        {
            return [];
        }

        long[] column = new long[count];
        IntegerColumn.Read(ref head, column);
        int[] values = new int[count];
        int step = 0;
        int value = 0;
        for (int i = 0; i < count; i++)
        {
            step = unchecked(step + (int)column[i]);
            value = unchecked(value + step);
            values[i] = value;
        }

        return values;
    }

    private static void DecodeSymbols(ReadOnlySpan<byte> words, DenseContexts contexts, RangeTables tables, Span<int> symbols, bool isWhole)
    {
        ReadOnlySpan<byte> slots = tables.Slots();
        ReadOnlySpan<uint> entries = tables.Entries;
        ReadOnlySpan<byte> lastClasses = contexts.Last;
        ReadOnlySpan<byte> formerClasses = contexts.Former;
        uint state = ((uint)BinaryPrimitives.ReadUInt16LittleEndian(words) << WordBits) | BinaryPrimitives.ReadUInt16LittleEndian(words[sizeof(ushort)..]);
        int at = 2 * sizeof(ushort);
        int last = lastClasses[0];
        int former = formerClasses[0];
        int previous = 0;
        for (int i = 0; i < symbols.Length; i++)
        {
            int context = last + former;
            uint slot = state & (RangeTables.Scale - 1);
            int symbol = slots[(context << RangeTables.ScaleBits) + (int)slot];
            if (symbol >= RangeTables.Symbols)
            {
                throw new BlockFormatException($"there are no symbols in context {context}");
            }

            uint entry = entries[(context * RangeTables.Stride) + symbol];
            state = ((entry >> 16) * (state >> RangeTables.ScaleBits)) + slot - (entry & ushort.MaxValue);
            if (state < InitialState)
            {
                if (at + sizeof(ushort) > words.Length)
                {
                    throw new BlockFormatException("the words end too early");
                }

                state = (state << WordBits) | BinaryPrimitives.ReadUInt16LittleEndian(words[at..]);
                at += sizeof(ushort);
            }

            symbols[i] = symbol;
            former = formerClasses[previous];
            last = lastClasses[symbol];
            previous = symbol;
        }

        if (isWhole && (state != InitialState || at != words.Length))
        {
            throw new BlockFormatException("the words do not end where the samples do");
        }
    }

    /// <summary>Turns symbols into residuals, in place.</summary>
    private static void AddLowBits(ReadOnlySpan<byte> source, int low, Span<int> residuals, bool isWhole)
    {
        var reader = new BitReader(source);
        foreach (ref int residual in residuals)
        {
            uint mapped = (uint)residual;
            if (mapped >= DirectSymbols)
            {
                int more = residual - DirectSymbols;
                mapped = unchecked((1u << more) + reader.Take(more) + (DirectSymbols - 1));
            }

            int high = (int)(mapped >> 1) ^ -(int)(mapped & 1);
            residual = low == 0 ? high : (high << low) | (int)reader.Take(low);
        }

        if (reader.Past || (isWhole && !reader.AtEnd))
        {
            throw new BlockFormatException("the low bits do not end where the samples do");
        }
    }
}
