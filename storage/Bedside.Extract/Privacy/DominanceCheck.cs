using Bedside.Model.Research;

namespace Bedside.Extract.Privacy;

/// <summary>What is told of a group though no class is too small.</summary>
public enum DominanceKind
{
    /// <summary>Two patients have more than 85 % of the hours of a class.</summary>
    TwoPatients,

    /// <summary>All but the two with the most hours of a class have less than 10 % of the first one's.</summary>
    FirstPatient,

    /// <summary>More than 90 % of the patients have the same value though others were asked for too: who is known to be in the package is known to have it.</summary>
    NearlyAll,
}

/// <summary>Something that a person should look at before a release.</summary>
/// <param name="Values">The values of a class, one for each column; of <see cref="DominanceKind.NearlyAll"/> the one value, the other columns empty.</param>
public sealed record DominanceNote(DominanceKind Kind, IReadOnlyList<string> Values);

/// <summary>The rules of dominance (<c>trust.md</c>, section 4.3), over the hours of the stays. They refuse nothing: they ask for a person's eye.</summary>
internal static class DominanceCheck
{
    private const int TopTwoPercent = 85;
    private const int RestPercent = 10;
    private const int GroupPercent = 90;

    public static IReadOnlyList<DominanceNote> Of(IReadOnlyList<PlannedStay> stays, CohortRules rules) =>
    [
        .. stays.GroupBy(stay => string.Join('|', stay.Bands.Select(band => band.Value)), StringComparer.Ordinal).OrderBy(one => one.Key, StringComparer.Ordinal).SelectMany(OfClass),
        .. Enumerable.Range(0, QuasiColumn.All.Count).Where(column => !IsAsked(QuasiColumn.All[column].Name, rules)).SelectMany(column => OfColumn(stays, column)),
    ];

    private static IEnumerable<DominanceNote> OfClass(IEnumerable<PlannedStay> stays)
    {
        PlannedStay[] all = [.. stays];
        Int128[] hours = [.. all.GroupBy(stay => stay.Stay.Subject).Select(one => one.Aggregate(Int128.Zero, (sum, stay) => sum + stay.Stay.To.Since(stay.Stay.From))).OrderDescending()];
        Int128 total = hours.Aggregate(Int128.Zero, (sum, one) => sum + one);
        Int128 top = hours.Take(2).Aggregate(Int128.Zero, (sum, one) => sum + one);
        string[] values = [.. all[0].Bands.Select(band => band.Value)];
        if (top * 100 > total * TopTwoPercent)
        {
            yield return new DominanceNote(DominanceKind.TwoPatients, values);
        }

        if ((total - top) * 100 < hours[0] * RestPercent)
        {
            yield return new DominanceNote(DominanceKind.FirstPatient, values);
        }
    }

    private static IEnumerable<DominanceNote> OfColumn(IReadOnlyList<PlannedStay> stays, int column)
    {
        int patients = stays.Select(stay => stay.Stay.Subject).Distinct().Count();
        return stays.GroupBy(stay => stay.Bands[column].Value, StringComparer.Ordinal)
            .Where(one => one.Key.Length > 0 && one.Select(stay => stay.Stay.Subject).Distinct().Count() * 100L > patients * (long)GroupPercent)
            .OrderBy(one => one.Key, StringComparer.Ordinal)
            .Select(one => new DominanceNote(DominanceKind.NearlyAll, [.. QuasiColumn.All.Select((_, i) => i == column ? one.Key : string.Empty)]));
    }

    /// <summary>The request itself says it of everybody.</summary>
    private static bool IsAsked(string column, CohortRules rules) => column switch
    {
        "age_band" => rules.AgeBands.Count == 1,
        "sex" => rules.Sexes.Count == 1,
        _ => false,
    };
}
