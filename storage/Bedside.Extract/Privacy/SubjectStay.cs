using Bedside.Model;

namespace Bedside.Extract.Privacy;

/// <summary>One stay of a study before anything of it is banded: it never leaves the box as it stands here.</summary>
public sealed record SubjectStay
{
    /// <summary>Name of the patient in this study: 26 letters and digits.</summary>
    public required string Patient { get; init; }

    /// <summary>Name of the stay in this study; no two stays have the same.</summary>
    public required string Stay { get; init; }

    /// <summary>In whole years at admission; null = not known well enough for a band.</summary>
    public required int? AgeYears { get; init; }

    /// <summary><c>F</c>, <c>M</c>, or empty = not known.</summary>
    public required string Sex { get; init; }

    public required UtcInstant From { get; init; }

    public required UtcInstant To { get; init; }

    /// <summary>Hour of the ward's wall clock at admission, 0 to 23.</summary>
    public required int AdmissionHour { get; init; }

    /// <summary>A multiple of a week.</summary>
    public required long ShiftNanoseconds { get; init; }

    /// <summary>The same for a patient in every study of this box: for counting and for <see cref="DifferenceCheck"/>, never written into a package.</summary>
    public required UInt128 Subject { get; init; }

    /// <summary>Where its data are.</summary>
    public required StayId Source { get; init; }

    public override string ToString() => "a stay of a study";
}

/// <summary>A stay as it goes into a package.</summary>
/// <param name="Bands">Column and value of <c>stays.csv</c>, in this order: <c>age_band</c>, <c>sex</c>, <c>length_band</c>, <c>admission_hour</c>; empty = drawn together with all others.</param>
public sealed record PlannedStay(SubjectStay Stay, IReadOnlyList<KeyValuePair<string, string>> Bands);

/// <summary>What of a cohort may leave.</summary>
/// <param name="Stays">In the order of their names, which is no order of time; none when it is refused.</param>
/// <param name="Refusal">Why nothing may leave, in English; empty = it may be built. <see cref="DisclosureReport.Refusal"/> says it in French too.</param>
public sealed record CohortPlan(IReadOnlyList<PlannedStay> Stays, DisclosureReport Report, string Refusal)
{
    /// <summary>Whose data leave: what <see cref="DifferenceCheck"/> compares, and what is kept of a release.</summary>
    public IReadOnlySet<UInt128> Subjects { get; } = Stays.Select(stay => stay.Stay.Subject).ToHashSet();
}
