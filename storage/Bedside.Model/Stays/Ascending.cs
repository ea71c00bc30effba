namespace Bedside.Model.Stays;

/// <summary>Looks into what ascends: three years of a bed are asked thousands of times where something began.</summary>
internal static class Ascending
{
    /// <summary>The first of <paramref name="count"/> places from which on it holds, by halving; <paramref name="count"/> when it holds nowhere.</summary>
    public static int First(int count, Func<int, bool> holds)
    {
        int low = 0;
        int high = count;
        while (low < high)
        {
            int middle = low + ((high - low) / 2);
            (low, high) = holds(middle) ? (low, middle) : (middle + 1, high);
        }

        return low;
    }
}
