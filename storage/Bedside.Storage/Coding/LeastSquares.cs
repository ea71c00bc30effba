using System.Numerics;
using System.Runtime.InteropServices;

namespace Bedside.Storage.Coding;

/// <summary>Finds the coefficients that foresee samples best in the sense of least squares, for several orders at once.</summary>
internal static class LeastSquares
{
    private const int Order = Predictor.HighestOrder;
    private const int CoefficientBits = 15;

    /// <summary>Beyond this magnitude the sums are no longer exact in a double, and would depend on the order of adding.</summary>
    private const int MostMagnitude = 1 << 17;

    /// <summary>Predictors of the orders 4, 8, 16 and 32 as far as the samples are enough for them; none when they are too large.</summary>
    public static List<Predictor> Find(ReadOnlySpan<int> x)
    {
        var found = new List<Predictor>();
        if (x.Length < 4 * Order)
        {
            return found;
        }

        double[] values = new double[x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            if (x[i] is >= MostMagnitude or <= -MostMagnitude)
            {
                return found;
            }

            values[i] = x[i];
        }

        double[,] products = Products(values);
        double[,]? lower = Decompose(products, x.Length);
        if (lower is null)
        {
            return found;
        }

        for (int order = 4; order <= Order && order * 24 <= x.Length; order *= 2)
        {
            if (Quantise(Solve(lower, products, order)) is { } predictor)
            {
                found.Add(predictor);
            }
        }

        return found;
    }

    /// <summary>Sums of x[i-j] × x[i-k] over i from the highest order on.</summary>
    private static double[,] Products(double[] x)
    {
        double[,] products = new double[Order + 1, Order + 1];
        ReadOnlySpan<double> now = x.AsSpan(Order);
        for (int k = 0; k <= Order; k++)
        {
            products[0, k] = products[k, 0] = Dot(now, x.AsSpan(Order - k, now.Length));
        }

        for (int j = 0; j < Order; j++)
        {
            for (int k = j; k < Order; k++)
            {
                products[j + 1, k + 1] = products[j, k] + (x[Order - 1 - j] * x[Order - 1 - k]) - (x[^(j + 1)] * x[^(k + 1)]);
                products[k + 1, j + 1] = products[j + 1, k + 1];
            }
        }

        return products;
    }

    private static double Dot(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        Vector<double> lanes = Vector<double>.Zero;
        ReadOnlySpan<Vector<double>> lefts = MemoryMarshal.Cast<double, Vector<double>>(left);
        ReadOnlySpan<Vector<double>> rights = MemoryMarshal.Cast<double, Vector<double>>(right);
        for (int i = 0; i < lefts.Length; i++)
        {
            lanes += lefts[i] * rights[i];
        }

        double sum = Vector.Sum(lanes);
        for (int i = lefts.Length * Vector<double>.Count; i < left.Length; i++)
        {
            sum += left[i] * right[i];
        }

        return sum;
    }

    /// <summary>Cholesky's lower triangle; that of a smaller order is its beginning. Null when the samples do not allow it.</summary>
    private static double[,]? Decompose(double[,] products, int count)
    {
        double[,] lower = new double[Order, Order];
        for (int j = 0; j < Order; j++)
        {
            for (int k = 0; k <= j; k++)
            {
                double sum = products[j + 1, k + 1] + (j == k ? count * 1e-4 : 0);
                for (int m = 0; m < k; m++)
                {
                    sum -= lower[j, m] * lower[k, m];
                }

                if (j == k && sum <= 0)
                {
                    return null;
                }

                lower[j, k] = j == k ? Math.Sqrt(sum) : sum / lower[k, k];
            }
        }

        return lower;
    }

    private static double[] Solve(double[,] lower, double[,] products, int order)
    {
        double[] solution = new double[order];
        for (int j = 0; j < order; j++)
        {
            double sum = products[0, j + 1];
            for (int m = 0; m < j; m++)
            {
                sum -= lower[j, m] * solution[m];
            }

            solution[j] = sum / lower[j, j];
        }

        for (int j = order - 1; j >= 0; j--)
        {
            double sum = solution[j];
            for (int m = j + 1; m < order; m++)
            {
                sum -= lower[m, j] * solution[m];
            }

            solution[j] = sum / lower[j, j];
        }

        return solution;
    }

    private static Predictor? Quantise(double[] solution)
    {
        double largest = solution.Max(Math.Abs);
        if (double.IsNaN(largest) || largest <= 0 || largest >= 1 << (CoefficientBits - 1))
        {
            return null;
        }

        // 12 fractional bits, fewer only where a coefficient would not fit.
        int shift = Math.Min(12, CoefficientBits - 1 - (int)Math.Floor(Math.Log2(largest)));
        double scale = 1 << shift;
        return new Predictor(solution.Length, shift, [.. solution.Select(value => (int)Math.Round(value * scale))]);
    }
}
