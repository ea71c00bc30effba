using Bedside.Model.Research;

namespace Bedside.Extract.Privacy;

/// <summary>Whose data left in an earlier package.</summary>
/// <param name="Study"><c>ST-2026-014</c>.</param>
/// <param name="Version">Of its package.</param>
/// <param name="Subjects">Of <see cref="CohortPlan.Subjects"/>.</param>
public sealed record ReleasedCohort(string Study, int Version, IReadOnlySet<UInt128> Subjects)
{
    public override string ToString() => $"{Study}, version {Version}";
}

/// <summary>
/// A cohort is the same as each earlier one of any study, or differs by 11 patients or more: the difference of two packages is else a package of a few (<c>trust.md</c>, section 4.3). A box whose
/// stays are not there this time makes a difference too, and is counted as one: the caller compares what would leave, from whichever boxes it comes.
/// </summary>
public static class DifferenceCheck
{
    /// <summary>Empty = it may leave; else one sentence that names the package and the rule, and neither who nor how many.</summary>
    /// <param name="cohort">Whose data would leave: <see cref="CohortPlan.Subjects"/>.</param>
    /// <param name="earlier">Every package of any study that was released, those recalled or expired too: whoever had it may have it.</param>
    public static string Refusal(IReadOnlySet<UInt128> cohort, IEnumerable<ReleasedCohort> earlier) => Sentence(cohort, earlier)?.English ?? string.Empty;

    /// <summary>The same in both languages; null = it may leave.</summary>
    public static TwoTongues? Sentence(IReadOnlySet<UInt128> cohort, IEnumerable<ReleasedCohort> earlier)
    {
        ReleasedCohort? near = earlier.Where(one => IsNear(cohort, one.Subjects)).OrderBy(one => one.Study, StringComparer.Ordinal).ThenBy(one => one.Version).FirstOrDefault();
        return near is null ? null : new TwoTongues(
            $"La cohorte diffère de 1 à 10 patients de celle de {near.Study}, version {near.Version} : la différence les désignerait (règle : aucun patient, ou au moins 11). Demandez les mêmes patients, ou d’autres jours ou conditions.",
            $"The cohort differs from that of {near.Study}, version {near.Version}, by 1 to 10 patients: the difference would single them out (rule: none, or at least 11). Ask for the same patients, or for other days or conditions.");
    }

    private static bool IsNear(IReadOnlySet<UInt128> cohort, IReadOnlySet<UInt128> earlier)
    {
        int shared = cohort.Count(earlier.Contains);
        int difference = cohort.Count + earlier.Count - (2 * shared);
        return difference is > 0 and < RoundedCount.Least;
    }
}
