using Bedside.Model.Research;

namespace Bedside.Extract.Privacy;

/// <summary>
/// Draws the table of a cohort's stays together until every class of values that leaves is one of 11 patients or more. Of all ways to do so it takes the one that loses least; what is in a smaller
/// class then is left out, and more than 5 % of that refuses the cohort. The same stays give the same plan in whatever order they come. PRIVACY.md.
/// </summary>
public static class Generalisation
{
    /// <summary>Points that a stay costs that is left out; <see cref="QuasiColumn.Cost"/>.</summary>
    private const long CostOfStay = 1000;

    /// <summary>Zero is told where so many patients were asked for (<c>trust.md</c>, section 4.3: 5 k).</summary>
    private const int ZeroFrom = 55;

    private static readonly TwoTongues Nothing = new(string.Empty, string.Empty);

    /// <summary>Throws <see cref="ArgumentException"/> where two stays have one name, or an hour is none.</summary>
    /// <param name="stays">All that are known. Whether a stay has the signals of <see cref="CohortRules.Has"/> only who reads the store knows: the caller drops those that do not.</param>
    public static CohortPlan Of(IReadOnlyList<SubjectStay> stays, CohortRules rules)
    {
        if (stays.Select(stay => stay.Stay).ToHashSet(StringComparer.Ordinal).Count != stays.Count)
        {
            throw new ArgumentException("two stays of a cohort have the same name");
        }

        var left = stays.Select(stay => (Stay: stay, Reason: CohortSelection.LeftOut(stay, rules))).ToList();
        SubjectStay[] cohort = [.. left.Where(one => one.Reason is null).Select(one => one.Stay).OrderBy(stay => stay.Subject).ThenBy(stay => stay.Stay, StringComparer.Ordinal)];
        var counts = new ClassCounts(cohort);
        (LatticeNode? best, IReadOnlyList<TriedGeneralisation> tried) = Search(counts, cohort.Length);
        TwoTongues refusal = counts.AllPatients < DisclosureReport.LeastPatients ? TooFew : best is null ? TooRare : Nothing;
        best = refusal == Nothing ? best : null;
        PlannedStay[] planned = best is null ? [] : Plan(cohort, counts, best);
        int known = stays.Select(stay => stay.Subject).Distinct().Count();
        int patients = planned.Select(stay => stay.Stay.Subject).Distinct().Count();
        var report = new DisclosureReport
        {
            Patients = patients,
            Stays = planned.Length,
            Classes = Classes(planned),
            Suppressed = Told(best is null ? 0 : cohort.Length - planned.Length, best is null ? 0 : counts.AllPatients),
            LeftOut = [.. Enum.GetValues<LeftOutReason>().Select(reason => new LeftOutStays(reason, Told(left.Count(one => one.Reason == reason), known)))],
            Used = best is null ? [] : [.. QuasiColumn.All.Zip(best.Steps, (column, step) => new UsedGeneralisation(column.Name, step, column.Steps - 1, column.Texts(step)))],
            Tried = tried,
            Dominance = DominanceCheck.Of(planned, rules),
            PatientsWithSeveralStays = Told(planned.GroupBy(stay => stay.Stay.Subject).Count(one => one.Skip(1).Any()), patients),
            Refusal = refusal,
        };
        return new CohortPlan(planned, report, refusal.English);
    }

    /// <summary>The way that loses least, the finest of equals; null = none leaves 95 % of the stays.</summary>
    private static (LatticeNode? Best, IReadOnlyList<TriedGeneralisation> Tried) Search(ClassCounts counts, int stays)
    {
        (LatticeNode? best, long least) = (null, long.MaxValue);
        var tried = new List<TriedGeneralisation>(Lattice.All.Count);
        foreach (LatticeNode node in Lattice.All)
        {
            int under = counts.Count(node, DisclosureReport.LeastPatients);
            bool holds = stays > 0 && under * DisclosureReport.OneIn <= stays;
            long loss = ((long)node.Cost * stays) + (CostOfStay * under);
            if (holds && loss < least)
            {
                (best, least) = (node, loss);
            }

            tried.Add(new TriedGeneralisation(node.Steps, holds));
        }

        return (best, tried);
    }

    private static PlannedStay[] Plan(SubjectStay[] cohort, ClassCounts counts, LatticeNode node)
    {
        _ = counts.Count(node, DisclosureReport.LeastPatients);
        return
        [
            .. cohort.Where((_, i) => counts.Patients[counts.ClassOf(i)] >= DisclosureReport.LeastPatients)
                .OrderBy(stay => stay.Stay, StringComparer.Ordinal)
                .Select(stay => new PlannedStay(stay, [.. QuasiColumn.All.Zip(node.Steps, (column, step) => KeyValuePair.Create(column.Name, column.Text(step, column.Finest(stay))))])),
        ];
    }

    /// <summary>Counted from what leaves, and not from what was counted before.</summary>
    private static DisclosureClass[] Classes(PlannedStay[] planned) =>
    [
        .. planned.GroupBy(stay => string.Join('|', stay.Bands.Select(band => band.Value)), StringComparer.Ordinal)
            .OrderBy(one => one.Key, StringComparer.Ordinal)
            .Select(one => new DisclosureClass([.. one.First().Bands.Select(band => band.Value)], one.Select(stay => stay.Stay.Subject).Distinct().Count(), one.Count())),
    ];

    /// <summary>A count that nobody can make from the package.</summary>
    private static string Told(int count, int outOf) => count == 0 && outOf >= ZeroFrom ? "0" : RoundedCount.Of(count);

    private static TwoTongues TooFew { get; } = new(
        "La cohorte compte moins de 11 patients : rien n’en sort. Élargissez les conditions ou les jours.",
        "The cohort has fewer than 11 patients: nothing of it leaves. Ask for wider conditions or more days.");

    private static TwoTongues TooRare { get; } = new(
        "Même avec les tranches les plus larges, plus de 5 % des séjours resteraient dans une classe de moins de 11 patients : rien ne sort. Retirez de la demande le groupe trop rare, ou élargissez les jours.",
        "Even with the widest bands more than 5 % of the stays would be in a class of fewer than 11 patients: nothing leaves. Take the group that is too rare out of the request, or ask for more days.");
}
