using Bedside.Model.Research;

namespace Bedside.Extract.Privacy;

/// <summary>Why a stay is not in a cohort: the first reason that holds.</summary>
public enum LeftOutReason
{
    /// <summary>Nobody can say that the patient is no child.</summary>
    AgeUnknown,

    /// <summary>Children are in no cohort that does not name them.</summary>
    UnderAge,

    /// <summary>Another age was asked for.</summary>
    Age,

    /// <summary>Another sex was asked for, or it is not known.</summary>
    Sex,

    /// <summary>Shorter than was asked for.</summary>
    Length,
}

/// <summary>Which stays the rules of a cohort ask for.</summary>
internal static class CohortSelection
{
    private const double NanosecondsOfHour = 3.6e12;

    /// <summary>Null = it is in. What signals a stay has is not known here: the caller drops those without before.</summary>
    public static LeftOutReason? LeftOut(SubjectStay stay, CohortRules rules)
    {
        if (stay.AgeYears is not { } years || years < 0)
        {
            return LeftOutReason.AgeUnknown;
        }

        string band = AgeBand.Of(years);
        if (band == AgeBand.Minor && !rules.AgeBands.Contains(band))
        {
            return LeftOutReason.UnderAge;
        }

        if (rules.AgeBands.Count > 0 && !rules.AgeBands.Contains(band))
        {
            return LeftOutReason.Age;
        }

        if (rules.Sexes.Count > 0 && !rules.Sexes.Contains(stay.Sex))
        {
            return LeftOutReason.Sex;
        }

        long length = stay.To.Since(stay.From);
        return length <= 0 || length < rules.LeastHours * NanosecondsOfHour ? LeftOutReason.Length : null;
    }
}
