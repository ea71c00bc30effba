using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Bedside.Storage.Coding;

/// <summary>
/// How the dense codec foresees a sample (FORMAT.md, section 2.2): by the differences of order 0 … 3, or by a sum of up to
/// 32 samples before it, each with its coefficient. All arithmetic wraps around in 32 bits, which makes it lossless for any
/// input and any coefficients. The first samples, as many as the order, are foreseen to equal the one before.
/// </summary>
internal readonly record struct Predictor(int Order, int Shift, int[] Coefficients)
{
    public const int HighestFixed = 3;

    public const int HighestOrder = 32;

    public const int HighestShift = 15;

    private const int OrderBits = 6;
    private const int ShiftBits = 4;
    private const int WidthBits = 5;
    private const int HighestWidth = 16;
    private const int IntBits = 32;

    /// <summary>No coefficients: differences.</summary>
    public bool IsFixed => Coefficients.Length == 0;

    public static Predictor Differences(int order) => new(order, 0, []);

    /// <summary>Throws <see cref="BlockFormatException"/>.</summary>
    public static Predictor Read(ref BitReader reader)
    {
        int order = (int)reader.Take(OrderBits);
        if (order <= HighestFixed)
        {
            return Differences(order);
        }

        order -= HighestFixed;
        int shift = (int)reader.Take(ShiftBits);
        int width = (int)reader.Take(WidthBits);
        if (order > HighestOrder || width is 0 or > HighestWidth)
        {
            throw new BlockFormatException($"there is no predictor of order {order} with {width} bits");
        }

        int[] coefficients = new int[order];
        for (int i = 0; i < order; i++)
        {
            coefficients[i] = (int)(reader.Take(width) << (IntBits - width)) >> (IntBits - width);
        }

        return new Predictor(order, shift, coefficients);
    }

    public void Write(ref BitWriter writer)
    {
        if (IsFixed)
        {
            writer.Put((uint)Order, OrderBits);
            return;
        }

        int width = 1;
        foreach (int coefficient in Coefficients)
        {
            width = Math.Max(width, IntBits + 1 - BitOperations.LeadingZeroCount((uint)(coefficient ^ (coefficient >> (IntBits - 1)))));
        }

        writer.Put((uint)(Order + HighestFixed), OrderBits);
        writer.Put((uint)Shift, ShiftBits);
        writer.Put((uint)width, WidthBits);
        foreach (int coefficient in Coefficients)
        {
            writer.Put((uint)coefficient & ((1u << width) - 1), width);
        }
    }

    /// <summary>What is not foreseen of <paramref name="x"/>.</summary>
    public void Residuals(ReadOnlySpan<int> x, Span<int> residuals)
    {
        int first = Math.Min(Math.Max(1, Order), x.Length);
        residuals[0] = x[0];
        for (int i = 1; i < first; i++)
        {
            residuals[i] = x[i] - x[i - 1];
        }

        if (!IsFixed)
        {
            SumResiduals(x, residuals, first);
            return;
        }

        for (int i = first; i < x.Length; i++)
        {
            residuals[i] = Order switch
            {
                0 => x[i],
                1 => x[i] - x[i - 1],
                2 => x[i] - (2 * x[i - 1]) + x[i - 2],
                _ => x[i] - (3 * x[i - 1]) + (3 * x[i - 2]) - x[i - 3],
            };
        }
    }

    /// <summary>Turns residuals into samples, in place.</summary>
    public void Undo(Span<int> x)
    {
        int first = Math.Min(Math.Max(1, Order), x.Length);
        for (int i = 1; i < first; i++)
        {
            x[i] += x[i - 1];
        }

        if (!IsFixed)
        {
            UndoSum(x, first);
            return;
        }

        for (int i = first; i < x.Length; i++)
        {
            x[i] += Order switch
            {
                0 => 0,
                1 => x[i - 1],
                2 => (2 * x[i - 1]) - x[i - 2],
                _ => (3 * x[i - 1]) - (3 * x[i - 2]) + x[i - 3],
            };
        }
    }

    private void SumResiduals(ReadOnlySpan<int> x, Span<int> residuals, int first)
    {
        int half = Half();
        x.CopyTo(residuals);
        int[] sums = new int[x.Length];
        sums.AsSpan().Fill(half);

        // Coefficient by coefficient over all samples, which goes by vectors.
        for (int j = 0; j < Order; j++)
        {
            var coefficient = new Vector<int>(Coefficients[j]);
            Span<int> target = sums.AsSpan(first);
            ReadOnlySpan<int> source = x.Slice(first - 1 - j, target.Length);
            Span<Vector<int>> vectors = MemoryMarshal.Cast<int, Vector<int>>(target);
            ReadOnlySpan<Vector<int>> sources = MemoryMarshal.Cast<int, Vector<int>>(source);
            for (int i = 0; i < vectors.Length; i++)
            {
                vectors[i] += sources[i] * coefficient;
            }

            for (int i = vectors.Length * Vector<int>.Count; i < target.Length; i++)
            {
                target[i] += source[i] * Coefficients[j];
            }
        }

        residuals[0] = x[0];
        for (int i = 1; i < x.Length; i++)
        {
            residuals[i] = i < first ? x[i] - x[i - 1] : x[i] - (sums[i] >> Shift);
        }
    }

    private int Half() => Shift == 0 ? 0 : 1 << (Shift - 1);

    private void UndoSum(Span<int> x, int first)
    {
        if (x.Length <= first)
        {
            return;
        }

        switch (Order)
        {
            case <= 8:
                Undo8(x, first);
                break;
            case <= 16:
                UndoLong<One>(x, first);
                break;
            default:
                UndoLong<Three>(x, first);
                break;
        }
    }

    /// <summary>The last eight samples stay in registers.</summary>
    private void Undo8(Span<int> x, int first)
    {
        Span<int> c = stackalloc int[8];
        Coefficients.CopyTo(c);
        int half = Half();
        int shift = Shift;
        Span<int> last = stackalloc int[8];
        for (int j = 0; j < 8; j++)
        {
            last[j] = first > j ? x[first - 1 - j] : 0;
        }

        (int c0, int c1, int c2, int c3, int c4, int c5, int c6, int c7) = (c[0], c[1], c[2], c[3], c[4], c[5], c[6], c[7]);
        (int h0, int h1, int h2, int h3, int h4, int h5, int h6, int h7) = (last[0], last[1], last[2], last[3], last[4], last[5], last[6], last[7]);
        for (int i = first; i < x.Length; i++)
        {
            int older = half + (c1 * h1) + (c2 * h2) + (c3 * h3) + (c4 * h4) + (c5 * h5) + (c6 * h6) + (c7 * h7);
            int now = x[i] + ((older + (c0 * h0)) >> shift);
            x[i] = now;
            (h7, h6, h5, h4, h3, h2, h1, h0) = (h6, h5, h4, h3, h2, h1, h0, now);
        }
    }

    /// <summary>The last eight samples stay in registers, those before them are summed by vectors of eight: as many as <typeparamref name="T"/> says.</summary>
    private void UndoLong<T>(Span<int> x, int first)
        where T : struct
    {
        Span<int> c = stackalloc int[HighestOrder];
        Coefficients.CopyTo(c);
        Span<int> backwards = stackalloc int[HighestOrder];
        for (int j = 0; j < HighestOrder; j++)
        {
            backwards[j] = c[HighestOrder - 1 - j];
        }

        // backwards: coefficients of the samples i-32 … i-1.
        var far = Vector256.Create(backwards);
        var middle = Vector256.Create(backwards[8..]);
        var near = Vector256.Create(backwards[16..]);
        (int c0, int c1, int c2, int c3, int c4, int c5, int c6, int c7) = (c[0], c[1], c[2], c[3], c[4], c[5], c[6], c[7]);
        int half = Half();
        int shift = Shift;
        Span<int> window = new int[x.Length + HighestOrder];
        x.CopyTo(window[HighestOrder..]);
        ref int w = ref MemoryMarshal.GetReference(window);
        int start = first + HighestOrder;
        (int h0, int h1, int h2, int h3) = (window[start - 1], window[start - 2], window[start - 3], window[start - 4]);
        (int h4, int h5, int h6, int h7) = (window[start - 5], window[start - 6], window[start - 7], window[start - 8]);
        for (int i = start; i < window.Length; i++)
        {
            Vector256<int> sum = near * Vector256.LoadUnsafe(ref w, (nuint)(i - 16));
            if (typeof(T) == typeof(Three))
            {
                sum += (middle * Vector256.LoadUnsafe(ref w, (nuint)(i - 24))) + (far * Vector256.LoadUnsafe(ref w, (nuint)(i - 32)));
            }

            int older = half + Vector256.Sum(sum) + (c1 * h1) + (c2 * h2) + (c3 * h3) + (c4 * h4) + (c5 * h5) + (c6 * h6) + (c7 * h7);
            int now = window[i] + ((older + (c0 * h0)) >> shift);
            window[i] = now;
            (h7, h6, h5, h4, h3, h2, h1, h0) = (h6, h5, h4, h3, h2, h1, h0, now);
        }

        window[HighestOrder..].CopyTo(x);
    }

    private readonly struct One;

    private readonly struct Three;
}
