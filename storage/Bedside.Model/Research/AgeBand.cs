namespace Bedside.Model.Research;

/// <summary>Ages as they leave a box at the finest: ten years each, everybody from 90 on together, children in a band of their own that has to be asked for (<c>trust.md</c>, section 5.6).</summary>
public static class AgeBand
{
    /// <summary>Under 18: never in a cohort that does not name it.</summary>
    public const string Minor = "0-17";

    private const int Adult = 18;
    private const int Oldest = 90;
    private const int Decade = 10;

    /// <summary>Ascending.</summary>
    public static IReadOnlyList<string> All { get; } = [Minor, "18-29", "30-39", "40-49", "50-59", "60-69", "70-79", "80-89", "90+"];

    /// <summary>The band of an age in whole years.</summary>
    public static string Of(int years) => All[IndexOf(years)];

    /// <summary>Its place in <see cref="All"/>.</summary>
    public static int IndexOf(int years) => years < Adult ? 0 : years >= Oldest ? All.Count - 1 : Math.Max(1, (years / Decade) - 1);
}
