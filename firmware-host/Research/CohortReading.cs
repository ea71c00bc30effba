using Bedside.Extract.Package;
using Bedside.Extract.Privacy;
using Bedside.Identity.Studies;
using Bedside.Model;
using Bedside.Model.Research;

namespace Bedside.Host.Research;

/// <summary>A stay that a request asks for, and the box that has it.</summary>
internal sealed record CohortStay(WardBox Box, StudySubject Subject)
{
    public SubjectStay Known() => new()
    {
        Patient = Subject.Patient,
        Stay = Subject.Stay,
        AgeYears = Subject.AgeYears,
        Sex = Subject.Sex,
        From = Subject.From,
        To = Subject.To,
        AdmissionHour = Subject.AdmissionHour,
        ShiftNanoseconds = Subject.ShiftNanoseconds,
        Subject = Subject.Subject,
        Source = Subject.Source,
    };
}

/// <summary>Which stays of the boxes of a ward a request asks for, and what of them goes into the package.</summary>
internal static class CohortReading
{
    private const double HourNanoseconds = 3.6e12;

    /// <summary>The stays of all these boxes that a study may know. What a patient refused at one bed is refused at all: they are known again by every number that the boxes have of them.</summary>
    public static IReadOnlyList<CohortStay> Roll(IReadOnlyList<WardBox> boxes, StudyNames names, SubjectKey subjects, TimeZoneInfo zone, RefusedElsewhere? elsewhere)
    {
        (WardBox Box, StudyRoll Roll)[] rolls = [.. boxes.Select(box => (box, box.Roll(names, subjects, zone, elsewhere)))];
        HashSet<UInt128> refusing = [.. rolls.SelectMany(one => one.Roll.Refusing)];
        return [.. rolls.SelectMany(one => one.Roll.Subjects.Where(subject => !subject.Marks.Any(refusing.Contains)).Select(subject => new CohortStay(one.Box, subject)))];
    }

    /// <summary>Whether a patient of one of these stays refuses by now, on whichever of the boxes, or of the unit. Throws <see cref="IOException"/>.</summary>
    public static bool IsRefused(IReadOnlyList<CohortStay> stays, IReadOnlyList<WardBox> boxes, SubjectKey subjects, RefusedElsewhere? elsewhere)
    {
        HashSet<UInt128> refusing = [.. boxes.SelectMany(box => box.Refusing(subjects))];
        return stays.Any(stay => stay.Subject.Marks.Any(refusing.Contains)) || stays.GroupBy(stay => stay.Box).Any(one => one.Key.Objected(one.Select(stay => stay.Subject.Source), elsewhere).Count > 0);
    }

    /// <summary>The days, the window and the signals of the request; ages, sexes and lengths are the generalisation's to look at. Objections of now are out.</summary>
    public static IReadOnlyList<CohortStay> Of(IReadOnlyList<WardBox> boxes, StudyRequest request, (StudyNames Names, SubjectKey Subjects, RefusedElsewhere? Elsewhere) known, TimeZoneInfo zone) =>
        [.. Roll(boxes, known.Names, known.Subjects, zone, known.Elsewhere).Where(stay => IsAsked(stay, request, zone))];

    public static PackageStay Packaged(CohortStay stay, PlannedStay planned, StudyRequest request)
    {
        (UtcInstant from, UtcInstant to) = Window(stay.Subject, request.Window);
        var asked = request.Signals.Select(signal => signal.Signal).ToHashSet(StringComparer.Ordinal);
        return new PackageStay(
            stay.Subject.Stay,
            stay.Subject.Patient,
            planned.Bands,
            stay.Subject.From,
            from,
            to,
            stay.Subject.ShiftNanoseconds,
            [.. stay.Box.Store.Signals.Where(signal => asked.Contains(signal.Metric.SignalId))],
            SpanSource.Within(Source(stay.Box), stay.Subject.Spans));
    }

    private static BlockSource Source(WardBox box) => (signal, from, to) => signal == SignalNumber.None ? box.Store.ReadBed(from, to) : box.Store.Read(signal, from, to);

    private static bool IsAsked(CohortStay stay, StudyRequest request, TimeZoneInfo zone)
    {
        var day = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(stay.Subject.From.ToDateTime(), zone).DateTime);
        (UtcInstant from, UtcInstant to) = Window(stay.Subject, request.Window);
        return day >= request.FirstDay && day <= request.LastDay && from < to && request.Cohort.Has.All(has => stay.Box.HoursOf(has.Signal, stay.Subject.From, stay.Subject.To) >= has.Hours);
    }

    private static (UtcInstant From, UtcInstant To) Window(StudySubject subject, StudyWindow window)
    {
        UtcInstant from = subject.From.Add((long)(window.FromHour * HourNanoseconds));
        UtcInstant to = window.ToHour is { } hour ? subject.From.Add((long)(hour * HourNanoseconds)) : subject.To;
        return (from, to < subject.To ? to : subject.To);
    }
}
