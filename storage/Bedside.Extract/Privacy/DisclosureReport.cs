using Bedside.Model.Research;

namespace Bedside.Extract.Privacy;

/// <summary>Stays of a package that cannot be told apart by its table.</summary>
/// <param name="Values">One for each column of the table; empty = drawn together with all others.</param>
/// <param name="Patients">k: each patient once, however many stays they have in the class.</param>
public sealed record DisclosureClass(IReadOnlyList<string> Values, int Patients, int Stays);

/// <summary>How a column was drawn together.</summary>
/// <param name="Step">0 = the finest.</param>
/// <param name="Last">The coarsest step there is.</param>
/// <param name="Values">What can stand in the column at this step; a single empty one = it says nothing.</param>
public sealed record UsedGeneralisation(string Column, int Step, int Last, IReadOnlyList<string> Values);

/// <summary>A way to draw the columns together that was looked at.</summary>
/// <param name="Steps">One for each column.</param>
/// <param name="Holds">At most 5 % of the stays would have to be left out.</param>
public sealed record TriedGeneralisation(IReadOnlyList<int> Steps, bool Holds);

/// <summary>Stays that the rules of the cohort did not ask for.</summary>
/// <param name="Stays">Rounded; <c>&lt;11</c> for few.</param>
public sealed record LeftOutStays(LeftOutReason Reason, string Stays);

/// <summary>What a machine found of a package before anybody may release it. It names no patient, and tells exactly only what can be counted in the package itself.</summary>
public sealed record DisclosureReport
{
    /// <summary>Stays of a cohort that may be left out because their class is too small: one in so many.</summary>
    public const int OneIn = 20;

    /// <summary>k: no class of fewer patients leaves.</summary>
    public static int LeastPatients => RoundedCount.Least;

    /// <summary>The largest risk of being told that is taken: one in eleven, which the anchors write as 0.09 (EMA policy 0070, Health Canada).</summary>
    public static double RiskGoal => 1.0 / LeastPatients;

    /// <summary>Empty until <see cref="For"/>.</summary>
    public string Study { get; init; } = string.Empty;

    /// <summary>Of the package.</summary>
    public int Version { get; init; }

    /// <summary>That leave.</summary>
    public required int Patients { get; init; }

    /// <summary>That leave.</summary>
    public required int Stays { get; init; }

    /// <summary>Ascending by their values.</summary>
    public required IReadOnlyList<DisclosureClass> Classes { get; init; }

    /// <summary>Stays that were left out because their class was too small, rounded; <c>&lt;11</c> for few, 0 only where 55 patients or more were asked for.</summary>
    public required string Suppressed { get; init; }

    public required IReadOnlyList<LeftOutStays> LeftOut { get; init; }

    /// <summary>In the order of the columns.</summary>
    public required IReadOnlyList<UsedGeneralisation> Used { get; init; }

    /// <summary>All there are, the finest first.</summary>
    public required IReadOnlyList<TriedGeneralisation> Tried { get; init; }

    public required IReadOnlyList<DominanceNote> Dominance { get; init; }

    /// <summary>Patients with more than one stay in the package, rounded: their stays together are rarer than each class says.</summary>
    public required string PatientsWithSeveralStays { get; init; }

    /// <summary>Signals by which a person can be told that were asked for, by id.</summary>
    public IReadOnlyList<string> Identifying { get; init; } = [];

    /// <summary>What the figures do not say.</summary>
    public IReadOnlyList<TwoTongues> Limits { get; init; } = DisclosureLimits.Of(request: null);

    /// <summary>Why nothing may leave; empty = it may be built.</summary>
    public required TwoTongues Refusal { get; init; }

    /// <summary>The smallest k; 0 when nothing leaves.</summary>
    public int SmallestClass => Classes.Count == 0 ? 0 : Classes.Min(one => one.Patients);

    /// <summary>1/k of the smallest class; 0 when nothing leaves.</summary>
    public double MaximumRisk => Classes.Count == 0 ? 0 : 1.0 / SmallestClass;

    /// <summary>Mean of 1/k over the stays.</summary>
    public double MeanRisk => Stays == 0 ? 0 : Classes.Sum(one => (double)one.Stays / one.Patients) / Stays;

    /// <summary>The same of a package: what the request adds to it.</summary>
    public DisclosureReport For(string study, int version, StudyRequest request) => this with
    {
        Study = study,
        Version = version,
        Identifying = [.. request.Signals.Where(signal => !string.IsNullOrWhiteSpace(signal.IdentifyingReason)).Select(signal => signal.Signal).Order(StringComparer.Ordinal)],
        Limits = DisclosureLimits.Of(request),
    };
}
