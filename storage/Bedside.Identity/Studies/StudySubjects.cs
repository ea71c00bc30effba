using Bedside.Model;
using Bedside.Model.Stays;

namespace Bedside.Identity.Studies;

/// <summary>A stay as a study may know it: names of the study, and what bands are made of. No number, no name, no date of birth.</summary>
/// <param name="Patient">Name of the patient in the study.</param>
/// <param name="Stay">Name of the stay in the study.</param>
/// <param name="AgeYears">At admission; null = not known well enough for a band.</param>
/// <param name="Sex"><c>F</c>, <c>M</c>, or empty.</param>
/// <param name="From">Of the first span.</param>
/// <param name="To">Of the last span.</param>
/// <param name="AdmissionHour">Of the ward's wall clock, 0 to 23.</param>
/// <param name="Subject">The same in every study of this box; never written into a package.</param>
/// <param name="Source">Where the data are.</param>
/// <param name="Spans">[From, To) in which the patient was in the bed, ascending. Between them it may have been another's: no sample from there belongs to this stay.</param>
/// <param name="IsLinkable">False = the patient has no number, and is somebody else on another box.</param>
public sealed record StudySubject(
    string Patient,
    string Stay,
    int? AgeYears,
    string Sex,
    UtcInstant From,
    UtcInstant To,
    int AdmissionHour,
    long ShiftNanoseconds,
    UInt128 Subject,
    StayId Source,
    IReadOnlyList<KeyValuePair<UtcInstant, UtcInstant>> Spans,
    bool IsLinkable)
{
    /// <summary>Of each number of the patient what <see cref="Subject"/> is of the first: by them a no that another box heard is known to be theirs. Never written into a package.</summary>
    public IReadOnlyList<UInt128> Marks { get; init; } = [];

    public override string ToString() => "a stay of a study";
}

/// <summary>Why a stay is in no study: the first reason that holds.</summary>
public enum NoStudyReason
{
    /// <summary>It goes on.</summary>
    Open,

    /// <summary>Two sources name two patients in a part of it, or nobody names one.</summary>
    NotSure,

    /// <summary>The patient said no, or the stay is to be erased.</summary>
    Refused,

    /// <summary>The vault does not know the patient, or forgot them.</summary>
    Unknown,
}

/// <summary>The stays of a box that studies may know.</summary>
/// <param name="Subjects">In the order of their names, which is no order of time.</param>
/// <param name="LeftOut">How many are not among them, and why. Not rounded: not for the public.</param>
public sealed record StudyRoll(IReadOnlyList<StudySubject> Subjects, IReadOnlyDictionary<NoStudyReason, int> LeftOut)
{
    /// <summary><see cref="StudySubject.Marks"/> of everybody who refuses on this box, whether they have a stay here that is over or not.</summary>
    public IReadOnlySet<UInt128> Refusing { get; init; } = new HashSet<UInt128>();
}

/// <summary>Makes of what the box knows of its patients what a study may know. The caller writes to the audit that it was asked for.</summary>
public static class StudySubjects
{
    /// <summary>The objections that hold at the moment of the call: it is called anew for each build.</summary>
    /// <param name="spans">Of the book of stays, as it is now.</param>
    /// <param name="wishes">What patients want of their data (<see cref="StayWishes"/>), in the order in which it was said.</param>
    /// <param name="zone">Of the ward.</param>
    /// <param name="elsewhere">What was said at the other beds of the unit; null = there are none.</param>
    public static StudyRoll Of(IdentityVault vault, IReadOnlyList<StaySpan> spans, IReadOnlyList<StayEvent> wishes, StudyNames names, SubjectKey subjects, TimeZoneInfo zone, RefusedElsewhere? elsewhere = null)
    {
        using var unit = UnitMarks.Of(elsewhere);
        // A no that was said under a number that was merged since is the same patient's.
        spans = [.. spans.Select(span => span with { Person = vault.SurvivorOf(span.Person) })];
        wishes = [.. wishes.Select(said => said with { Person = vault.SurvivorOf(said.Person) })];
        var found = new List<StudySubject>();
        var leftOut = new Dictionary<NoStudyReason, int>();
        foreach (IGrouping<StayId, StaySpan> stay in spans.Where(span => span.Stay != StayId.None).GroupBy(span => span.Stay))
        {
            StaySpan[] own = [.. stay.OrderBy(span => span.From)];
            if (NoStudy(own, spans, wishes) is { } reason)
            {
                leftOut[reason] = leftOut.GetValueOrDefault(reason) + 1;
            }
            else if (vault.Describe(own[0].Person) is not { } person)
            {
                leftOut[NoStudyReason.Unknown] = leftOut.GetValueOrDefault(NoStudyReason.Unknown) + 1;
            }
            else if (unit?.Has(person) == true)
            {
                leftOut[NoStudyReason.Refused] = leftOut.GetValueOrDefault(NoStudyReason.Refused) + 1;
            }
            else
            {
                found.Add(Subject(person, PatientIdentity.Of(person, number => vault.TokenOf(number) == person.Person), own, names, subjects, zone));
            }
        }

        return new StudyRoll([.. found.OrderBy(subject => subject.Stay, StringComparer.Ordinal)], leftOut) { Refusing = MarksOfRefusing(vault, spans, wishes, subjects) };
    }

    /// <summary>
    /// <see cref="StudySubject.Marks"/> of everybody who refuses research on a box, by the key of the box that asks: the data of the same patients on other boxes are refused too (STUDIES.md, section 3).
    /// </summary>
    public static IReadOnlySet<UInt128> Refusing(IdentityVault vault, IReadOnlyList<StaySpan> spans, IReadOnlyList<StayEvent> wishes, SubjectKey subjects)
    {
        spans = [.. spans.Select(span => span with { Person = vault.SurvivorOf(span.Person) })];
        wishes = [.. wishes.Select(said => said with { Person = vault.SurvivorOf(said.Person) })];
        return MarksOfRefusing(vault, spans, wishes, subjects);
    }

    /// <summary>Of these stays those in which somebody may have lain who says no at another bed of the unit.</summary>
    public static IReadOnlySet<StayId> Refused(IdentityVault vault, IReadOnlyList<StaySpan> spans, IEnumerable<StayId> stays, RefusedElsewhere elsewhere)
    {
        using var unit = UnitMarks.Of(elsewhere);
        HashSet<StayId> asked = [.. stays];
        return spans.Where(span => asked.Contains(span.Stay) && span.Person.IsKnown && vault.Describe(vault.SurvivorOf(span.Person)) is { } person && unit!.Has(person))
            .Select(span => span.Stay)
            .ToHashSet();
    }

    /// <summary>Persons are survivors already.</summary>
    private static HashSet<UInt128> MarksOfRefusing(IdentityVault vault, IReadOnlyList<StaySpan> spans, IReadOnlyList<StayEvent> wishes, SubjectKey subjects) =>
        [.. StayWishes.Refusing(spans, wishes).Select(vault.Describe).OfType<PersonDescription>().SelectMany(person => Marks(person, subjects))];

    private static IEnumerable<UInt128> Marks(PersonDescription person, SubjectKey subjects) => PatientIdentity.AllOf(person).Select(subjects.Of);

    private static NoStudyReason? NoStudy(StaySpan[] own, IReadOnlyList<StaySpan> spans, IReadOnlyList<StayEvent> wishes)
    {
        if (own.Any(span => span.To is null))
        {
            return NoStudyReason.Open;
        }

        if (own.Any(span => span.Certainty is StayCertainty.Conflict or StayCertainty.NoPatientYet || !span.Person.IsKnown) || own.Select(span => span.Person).Distinct().Skip(1).Any())
        {
            return NoStudyReason.NotSure;
        }

        StayId stay = own[0].Stay;
        bool isRefused = StayWishes.ResearchOf(stay, spans, wishes) is { IsRefused: true } || StayWishes.IsErasureAgreed(stay, wishes);
        return isRefused ? NoStudyReason.Refused : null;
    }

    private static string SexOf(string told) => told.Trim().ToUpperInvariant() switch
    {
        "F" => "F",
        "M" => "M",
        _ => string.Empty,
    };

    private static StudySubject Subject(PersonDescription person, PatientIdentity patient, StaySpan[] own, StudyNames names, SubjectKey subjects, TimeZoneInfo zone)
    {
        UtcInstant from = own[0].From;
        DateTimeOffset wall = TimeZoneInfo.ConvertTime(from.ToDateTime(), zone);
        return new StudySubject(
            names.Patient(patient),
            names.Stay(own[0].Stay),
            AgeAtAdmission.Of(person.BirthDate, DateOnly.FromDateTime(wall.DateTime)),
            SexOf(person.Sex),
            from,
            own.Max(span => span.To!.Value), // none is open
            wall.Hour,
            names.ShiftNanoseconds(patient),
            subjects.Of(patient),
            own[0].Stay,
            [.. own.Select(span => KeyValuePair.Create(span.From, span.To!.Value))], // none is open
            patient.IsLinkable)
        {
            Marks = [.. Marks(person, subjects)],
        };
    }

    /// <summary>Refusals of the unit, ready to be compared with persons of this box.</summary>
    private sealed class UnitMarks(RefusedElsewhere elsewhere) : IDisposable
    {
        private readonly SubjectKey _key = new(elsewhere.Key.Span);

        public static UnitMarks? Of(RefusedElsewhere? elsewhere) => elsewhere is null ? null : new UnitMarks(elsewhere);

        public bool Has(PersonDescription person) => Marks(person, _key).Any(elsewhere.Marks.Contains);

        public void Dispose() => _key.Dispose();
    }
}
