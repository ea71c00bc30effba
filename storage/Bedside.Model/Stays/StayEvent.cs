namespace Bedside.Model.Stays;

/// <summary>A person under a keyed hash of their number: it says nothing without the box's identity vault. Zero = nobody was named.</summary>
public readonly record struct PersonToken(UInt128 Value)
{
    public bool IsKnown => Value != 0;
}

/// <summary>One visit of a person to the hospital under a keyed hash of its number. Zero = none was named.</summary>
public readonly record struct VisitToken(UInt128 Value)
{
    public bool IsKnown => Value != 0;
}

/// <summary>Whether a place that was named is this box's bed.</summary>
public enum Place
{
    /// <summary>Nothing was said of it.</summary>
    Unstated,

    /// <summary>This bed.</summary>
    Here,

    /// <summary>Another.</summary>
    Elsewhere,
}

/// <summary>Who said it.</summary>
public enum StaySource
{
    /// <summary>The hospital's admissions (HL7 ADT).</summary>
    Admissions,

    /// <summary>A device that names its patient.</summary>
    Monitor,

    /// <summary>That signals of a patient come, or stopped coming.</summary>
    Signals,

    /// <summary>A person at the bed.</summary>
    Person,
}

/// <summary>What was said of who lies in the bed. The numbers are on disk: they never change their meaning.</summary>
public enum StayEventKind
{
    /// <summary>A01, A04, A06, A07, A10 with a bed: the visit is in <see cref="StayEvent.Place"/>.</summary>
    Admit = 1,

    /// <summary>A02: it left <see cref="StayEvent.Before"/> for <see cref="StayEvent.Place"/>.</summary>
    Transfer = 2,

    /// <summary>A03: the visit is over.</summary>
    Discharge = 3,

    /// <summary>A08, A31: something of the visit changed; another bed in it is a possible move.</summary>
    Update = 4,

    /// <summary>A05, A14 to A16, A25 to A27, A09: nothing happened yet.</summary>
    Planned = 5,

    /// <summary>A11: the admission of <see cref="StayEvent.Happened"/> never was.</summary>
    CancelAdmit = 6,

    /// <summary>A12.</summary>
    CancelTransfer = 7,

    /// <summary>A13: the visit goes on.</summary>
    CancelDischarge = 8,

    /// <summary>A17: the visit and <see cref="StayEvent.OtherVisit"/> exchanged their beds; the places are those after it.</summary>
    Swap = 9,

    /// <summary>A18, A34, A40, A47: <see cref="StayEvent.OtherPerson"/> is the same as <see cref="StayEvent.Person"/>, who stays.</summary>
    MergePersons = 10,

    /// <summary>A35, A36, A41, A42: <see cref="StayEvent.OtherVisit"/> is the same as <see cref="StayEvent.Visit"/>, which stays.</summary>
    MergeVisits = 11,

    /// <summary>A43, A44, A45, A50, A51: the visit is of <see cref="StayEvent.Person"/>, and no more of <see cref="StayEvent.OtherPerson"/>.</summary>
    MoveVisit = 12,

    /// <summary>A23: the visit never was. Nothing that was captured is deleted.</summary>
    DeleteVisit = 13,

    /// <summary>A21: away for a while; the stay goes on.</summary>
    LeaveBegins = 14,

    /// <summary>A22.</summary>
    LeaveEnds = 15,

    /// <summary>A device names this patient from now on; nobody = it names none, or its patient was discharged on it.</summary>
    MonitorPatient = 16,

    /// <summary>Signals of a patient come.</summary>
    SignalsBegan = 17,

    /// <summary>None has come since <see cref="StayEvent.Happened"/>.</summary>
    SignalsEnded = 18,

    /// <summary>A person at the bed says that the visit or person lies here from <see cref="StayEvent.Happened"/> on; nobody = the bed is empty.</summary>
    Confirmed = 19,

    /// <summary>A person settles the task <see cref="StayEvent.Task"/> with <see cref="StayEvent.Choice"/>.</summary>
    Settled = 20,

    /// <summary>A person takes the event with the number <see cref="StayEvent.Number"/> of <see cref="StayEvent.Task"/> back: undo.</summary>
    Undone = 21,

    /// <summary>The patient of the stay <see cref="StayEvent.Task"/> says no to research. It moves no boundary, as all that follow.</summary>
    ResearchRefused = 22,

    /// <summary>The patient takes that no back.</summary>
    ResearchAllowed = 23,

    /// <summary>The person <see cref="StayEvent.By"/> asks, for the reason <see cref="StayEvent.Choice"/>, that the stay <see cref="StayEvent.Task"/> be erased.</summary>
    ErasureAsked = 24,

    /// <summary>That question is taken back.</summary>
    ErasureWithdrawn = 25,

    /// <summary>Another person agreed: the keys of the stay are destroyed.</summary>
    ErasureAgreed = 26,
}

/// <summary>
/// One thing that was said of who lies in this bed, and when: never who they are. Kept for ever in the order of arrival; stays are made from all of them anew
/// whenever one is added. Source: HL7 v2 inbound sheet, section 10.
/// </summary>
public sealed record StayEvent
{
    public required StayEventKind Kind { get; init; }

    public required StaySource Source { get; init; }

    /// <summary>By the box's clock.</summary>
    public required UtcInstant Arrived { get; init; }

    /// <summary>EVN-6: when it happened; for a cancel, when what is cancelled happened.</summary>
    public UtcInstant? Happened { get; init; }

    /// <summary>EVN-2: when it was recorded.</summary>
    public UtcInstant? Recorded { get; init; }

    /// <summary>MSH-7: when it was sent.</summary>
    public UtcInstant? Sent { get; init; }

    /// <summary>PV1-44.</summary>
    public UtcInstant? Admitted { get; init; }

    /// <summary>PV1-45.</summary>
    public UtcInstant? Discharged { get; init; }

    public VisitToken Visit { get; init; }

    public PersonToken Person { get; init; }

    /// <summary>PV1-3.</summary>
    public Place Place { get; init; }

    /// <summary>A keyed hash of PV1-3, which tells other beds apart; 0 = unstated.</summary>
    public ulong PlaceMark { get; init; }

    /// <summary>PV1-6.</summary>
    public Place Before { get; init; }

    /// <summary>The second patient of a swap; the old visit of a merge or a move (MRG-3, MRG-5).</summary>
    public VisitToken OtherVisit { get; init; }

    /// <summary>The second patient of a swap; the old person of a merge or a move (MRG-1).</summary>
    public PersonToken OtherPerson { get; init; }

    /// <summary>Where the second patient of a swap is now.</summary>
    public Place OtherPlace { get; init; }

    /// <summary>A keyed hash of the message: the same again says nothing new. 0 = never the same.</summary>
    public UInt128 Content { get; init; }

    /// <summary>Its place in the record, from 1; 0 = not kept yet.</summary>
    public long Number { get; init; }

    /// <summary>Which task a person settled, which event they took back (its <see cref="Number"/> in decimal digits), or of which stay they speak.</summary>
    public string Task { get; init; } = string.Empty;

    /// <summary>How.</summary>
    public string Choice { get; init; } = string.Empty;

    /// <summary>The account of the person, or the name of the device; empty = not known.</summary>
    public string By { get; init; } = string.Empty;
}
