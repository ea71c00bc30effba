namespace Bedside.Model.Stays;

/// <summary>A span before it has a name: [From, To), To null = now.</summary>
/// <param name="Visit">The surviving one of those that were merged; unknown = none was named.</param>
/// <param name="Because">Numbers of events, ascending.</param>
public sealed record StayInterval(VisitToken Visit, PersonToken Person, UtcInstant From, UtcInstant? To, StayCertainty Certainty, IReadOnlyList<long> Because);

/// <summary>What a projection makes of all that was said.</summary>
/// <param name="Intervals">Ascending, without overlap; neighbours differ.</param>
/// <param name="Tasks">Open ones first, then those settled lately; each ascending by time.</param>
/// <param name="AdmissionsHeard">The last event of the admissions; null = none ever came.</param>
/// <param name="SignalsCome">Signals of a patient come now.</param>
/// <param name="ChangesAt">When the picture will be another though nothing more is said; null = never.</param>
/// <param name="Survivors">Which visits and persons are the same.</param>
public sealed record StayPicture(
    IReadOnlyList<StayInterval> Intervals,
    IReadOnlyList<StayTask> Tasks,
    UtcInstant? AdmissionsHeard,
    bool SignalsCome,
    UtcInstant? ChangesAt,
    StaySurvivors Survivors);

/// <summary>Who survived the merges: it follows chains, and says the same of what was never merged.</summary>
public sealed class StaySurvivors
{
    private readonly MergeTable _visits;
    private readonly MergeTable _persons;

    internal StaySurvivors(MergeTable visits, MergeTable persons)
    {
        _visits = visits;
        _persons = persons;
    }

    public VisitToken Of(VisitToken visit) => new(_visits.Find(visit.Value));

    public PersonToken Of(PersonToken person) => new(_persons.Find(person.Value));
}
