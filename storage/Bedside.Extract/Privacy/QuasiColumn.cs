using Bedside.Model.Research;

namespace Bedside.Extract.Privacy;

/// <summary>
/// A column of <c>stays.csv</c> by which somebody who knows a patient could look for them: its finest values, and the steps by which they are drawn together. Each step draws together whole values
/// of the one before. PRIVACY.md, section 2.
/// </summary>
internal sealed class QuasiColumn
{
    private const long Hour = 3_600_000_000_000;
    private const int HoursOfPart = 6;

    private readonly Func<SubjectStay, int> _finest;
    private readonly string[][] _steps;

    private QuasiColumn(string name, int cost, Func<SubjectStay, int> finest, params string[][] steps)
    {
        (Name, Cost, _finest, _steps) = (name, cost, finest, steps);
        Groups = [.. steps.Select(step => step.Select(value => Array.IndexOf(step, value)).ToArray())];
    }

    /// <summary>In the order in which they are written.</summary>
    public static IReadOnlyList<QuasiColumn> All { get; } =
    [
        new(
            "age_band",
            cost: 12,
            stay => AgeBand.IndexOf(stay.AgeYears ?? throw new ArgumentException("a stay without an age is in no cohort")),
            [.. AgeBand.All],
            [AgeBand.Minor, "18-39", "18-39", "40-59", "40-59", "60-79", "60-79", "80+", "80+"],
            [AgeBand.Minor, "18-59", "18-59", "18-59", "18-59", "60+", "60+", "60+", "60+"],
            [AgeBand.Minor, "18+", "18+", "18+", "18+", "18+", "18+", "18+", "18+"]),
        new("sex", cost: 20, stay => stay.Sex switch { "F" => 0, "M" => 1, _ => 2 }, ["F", "M", "unknown"], ["", "", ""]),
        new(
            "length_band",
            cost: 10,
            stay => LengthOf(stay.To.Since(stay.From)),
            ["<=2d", "3-7d", "8-21d", ">21d"],
            ["<=2d", "3-7d", ">7d", ">7d"],
            ["<=7d", "<=7d", ">7d", ">7d"],
            ["", "", "", ""]),
        new("admission_hour", cost: 6, PartOfDay, ["00-05", "06-11", "12-17", "18-23"], ["18-05", "06-17", "06-17", "18-05"], ["", "", "", ""]),
    ];

    public string Name { get; }

    /// <summary>What a step costs, in points; a stay in a hundred that is left out costs ten.</summary>
    public int Cost { get; }

    public int Steps => _steps.Length;

    public int Values => _steps[0].Length;

    /// <summary>For each step and each finest value the first finest value that it is drawn together with.</summary>
    public int[][] Groups { get; }

    public int Finest(SubjectStay stay) => _finest(stay);

    /// <summary>A finest value as it is written at a step; empty = all are one.</summary>
    public string Text(int step, int finest) => _steps[step][finest];

    /// <summary>What can be written at a step, ascending.</summary>
    public IReadOnlyList<string> Texts(int step) => [.. _steps[step].Distinct()];

    /// <summary>Days that were begun: 48 hours are two, one second more is three.</summary>
    private static int LengthOf(long nanoseconds) => nanoseconds switch
    {
        <= 2 * 24 * Hour => 0,
        <= 7 * 24 * Hour => 1,
        <= 21 * 24 * Hour => 2,
        _ => 3,
    };

    private static int PartOfDay(SubjectStay stay) =>
        stay.AdmissionHour is >= 0 and <= 23 ? stay.AdmissionHour / HoursOfPart : throw new ArgumentException("an hour of admission is 0 to 23");
}
