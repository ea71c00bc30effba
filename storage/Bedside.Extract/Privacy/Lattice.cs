namespace Bedside.Extract.Privacy;

/// <summary>One way to draw a cohort's columns together.</summary>
/// <param name="Steps">One for each of <see cref="QuasiColumn.All"/>; 0 = the finest.</param>
/// <param name="Cost">Sum of the steps' costs, points.</param>
/// <param name="ClassOf">For each combination of finest values the first one that cannot be told from it.</param>
internal sealed record LatticeNode(IReadOnlyList<int> Steps, int Cost, int[] ClassOf)
{
    /// <summary>The combinations that stand for a class.</summary>
    public int[] Classes { get; } = [.. ClassOf.Distinct()];
}

/// <summary>All ways to draw the columns together, the finest first.</summary>
internal static class Lattice
{
    /// <summary>Combinations of finest values.</summary>
    public static int Cells { get; } = QuasiColumn.All.Aggregate(1, (product, column) => product * column.Values);

    /// <summary>Ascending by the steps of the first column, then of the second, ….</summary>
    public static IReadOnlyList<LatticeNode> All { get; } = [.. Steps(0).Select(Node)];

    /// <summary>Number of a stay's combination of finest values.</summary>
    public static int CellOf(SubjectStay stay)
    {
        int cell = 0;
        foreach (QuasiColumn column in QuasiColumn.All)
        {
            cell = (cell * column.Values) + column.Finest(stay);
        }

        return cell;
    }

    /// <summary>The finest value of a column in a combination.</summary>
    public static int FinestOf(int cell, int column)
    {
        for (int i = QuasiColumn.All.Count - 1; i > column; i--)
        {
            cell /= QuasiColumn.All[i].Values;
        }

        return cell % QuasiColumn.All[column].Values;
    }

    private static IEnumerable<IReadOnlyList<int>> Steps(int column) => column == QuasiColumn.All.Count
        ? [[]]
        : Enumerable.Range(0, QuasiColumn.All[column].Steps).SelectMany(step => Steps(column + 1).Select(rest => (IReadOnlyList<int>)[step, .. rest]));

    private static LatticeNode Node(IReadOnlyList<int> steps) =>
        new(steps, QuasiColumn.All.Zip(steps, (column, step) => column.Cost * step).Sum(), [.. Enumerable.Range(0, Cells).Select(cell => Drawn(cell, steps))]);

    private static int Drawn(int cell, IReadOnlyList<int> steps)
    {
        int drawn = 0;
        for (int i = 0; i < steps.Count; i++)
        {
            drawn = (drawn * QuasiColumn.All[i].Values) + QuasiColumn.All[i].Groups[steps[i]][FinestOf(cell, i)];
        }

        return drawn;
    }
}
