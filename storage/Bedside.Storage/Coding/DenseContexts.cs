namespace Bedside.Storage.Coding;

/// <summary>
/// What the dense codec knows before a symbol: the two symbols before it, in classes. FORMAT.md, section 2.2, has the table.
/// </summary>
internal sealed class DenseContexts
{
    public const int Modes = 5;

    private DenseContexts(int lastClasses, int formerClasses, Func<int, int> last, Func<int, int> former)
    {
        Count = lastClasses * formerClasses;
        for (int symbol = 0; symbol < RangeTables.Symbols; symbol++)
        {
            int value = ValueOf(symbol);
            Last[symbol] = (byte)(last(value) * formerClasses);
            Former[symbol] = (byte)former(value);
        }
    }

    public int Count { get; }

    /// <summary>What the last symbol adds to the number of the context.</summary>
    public byte[] Last { get; } = new byte[RangeTables.Stride];

    /// <summary>What the symbol before the last adds.</summary>
    public byte[] Former { get; } = new byte[RangeTables.Stride];

    public static DenseContexts Of(int mode) => mode switch
    {
        0 => new DenseContexts(1, 1, static _ => 0, static _ => 0),
        1 => new DenseContexts(6, 1, Magnitude, static _ => 0),
        2 => new DenseContexts(6, 3, Magnitude, static value => Math.Abs(value) switch { < 2 => 0, < 6 => 1, _ => 2 }),
        3 => new DenseContexts(5, 3, static value => Math.Clamp(value, -2, 2) + 2, static value => Math.Clamp(value, -1, 1) + 1),
        4 => new DenseContexts(9, 5, static value => Math.Clamp(value, -4, 4) + 4, static value => Math.Clamp(value, -2, 2) + 2),
        _ => throw new BlockFormatException($"contexts of mode {mode} are not known"),
    };

    private static int Magnitude(int value) => Math.Abs(value) switch
    {
        0 => 0,
        1 => 1,
        < 4 => 2,
        < 8 => 3,
        < 16 => 4,
        _ => 5,
    };

    /// <summary>The number a symbol stands for; of those that stand for many, the least mapped one.</summary>
    private static int ValueOf(int symbol)
    {
        uint mapped = symbol < DenseSamples.DirectSymbols ? (uint)symbol : (1u << (symbol - DenseSamples.DirectSymbols)) - 1 + DenseSamples.DirectSymbols;
        return (int)(mapped >> 1) ^ -(int)(mapped & 1);
    }
}
