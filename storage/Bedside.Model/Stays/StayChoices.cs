namespace Bedside.Model.Stays;

/// <summary>The words that <see cref="StayEvent.Choice"/> may be, by the kind of the task. The first is what holds meanwhile.</summary>
public static class StayChoices
{
    /// <summary>The admissions are right.</summary>
    public const string Admissions = "admissions";

    /// <summary>The device is right.</summary>
    public const string Monitor = "monitor";

    /// <summary>Neither is: nobody knows who it was.</summary>
    public const string Nobody = "nobody";

    public const string UnknownPatient = "unknown-patient";
    public const string EmptyBed = "empty-bed";
    public const string Left = "left";
    public const string StillHere = "still-here";
    public const string Here = "here";
    public const string NotHere = "not-here";
    public const string Newer = "newer";
    public const string Older = "older";
    public const string Stayed = "stayed";
    public const string Moved = "moved";
    public const string Seen = "seen";

    public static IReadOnlyList<string> Of(StayTaskKind kind) => kind switch
    {
        StayTaskKind.TwoPatients => [Admissions, Monitor, Nobody],
        StayTaskKind.NobodyAdmitted => [UnknownPatient, EmptyBed],
        StayTaskKind.SignalsAfterDischarge => [Left, StillHere],
        StayTaskKind.AdmittedWithoutSignals => [Here, NotHere],
        StayTaskKind.TwoVisits => [Newer, Older],
        StayTaskKind.PossibleMove => [Stayed, Moved],
        _ => [Seen],
    };
}
