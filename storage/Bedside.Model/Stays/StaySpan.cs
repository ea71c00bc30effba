namespace Bedside.Model.Stays;

/// <summary>How sure it is who lay in the bed.</summary>
public enum StayCertainty
{
    /// <summary>Said by a person at the bed, or by the admissions, and contradicted by nobody.</summary>
    Sure,

    /// <summary>Within the grace time of a boundary that nothing pins.</summary>
    Uncertain,

    /// <summary>Only a device says so, or the boundary is implied by another stay.</summary>
    Provisional,

    /// <summary>Two sources disagree: a task says so until a person settles it.</summary>
    Conflict,

    /// <summary>Nobody said who it is: data are kept under bed and time.</summary>
    NoPatientYet,
}

/// <summary>
/// Who lay in the bed, [From, To), as far as is known now: the link between time and a patient, which may change as more is said. The data are never touched by it. Spans of a bed
/// never overlap; where there is none, the bed was empty as far as anybody said.
/// </summary>
/// <param name="Stay">Opaque, and the same for all spans of one stay (a visit to this bed with short absences). It keeps its value when boundaries move.</param>
/// <param name="To">Null = now.</param>
/// <param name="Because">Numbers of the events that the span rests on, ascending.</param>
public sealed record StaySpan(StayId Stay, VisitToken Visit, PersonToken Person, UtcInstant From, UtcInstant? To, StayCertainty Certainty, IReadOnlyList<long> Because);

/// <summary>What the sources disagree on. The answers are words of <see cref="StayChoices"/>, the first being what holds meanwhile.</summary>
public enum StayTaskKind
{
    /// <summary>Admissions and the monitor name two patients. <c>admissions</c>, <c>monitor</c>: that one is right; <c>nobody</c>: neither is.</summary>
    TwoPatients,

    /// <summary>
    /// The monitor names a patient, the admissions none; or signals come and nobody names anyone. <c>unknown-patient</c>: somebody lay here; <c>empty-bed</c>: nobody did.
    /// </summary>
    NobodyAdmitted,

    /// <summary>Signals go on after the discharge. <c>left</c>: the patient had left; <c>still-here</c>: they stayed as long as signals came.</summary>
    SignalsAfterDischarge,

    /// <summary>A patient is admitted and no signal has come for long. <c>here</c>: they are; <c>not-here</c>: they were not while none came.</summary>
    AdmittedWithoutSignals,

    /// <summary>Two visits are in this bed; the newer one ended the older. <c>newer</c>: so it was; <c>older</c>: the newer one never took the bed.</summary>
    TwoVisits,

    /// <summary>An update named another bed: did the patient move? <c>stayed</c>: they did not; <c>moved</c>: they did, when the update was sent.</summary>
    PossibleMove,

    /// <summary>
    /// A merge goes in a circle, a cancel speaks of what never came, or a patient was here whose coming nobody told. Nothing is to be chosen: <c>seen</c>.
    /// </summary>
    NotUnderstood,
}

/// <summary>
/// A question that only a person can answer. It is open until an event <see cref="StayEventKind.Settled"/> names it, or until the sources agree again.
/// </summary>
/// <param name="Key">Stable: the same question has the same key after each recomputation.</param>
/// <param name="Choices">Answers that <see cref="StayEvent.Choice"/> may have, the first being what holds meanwhile.</param>
/// <param name="First">The patient whom the first choice stands for; unknown = nobody.</param>
/// <param name="Second">The other one.</param>
/// <param name="Settled">By which event; 0 = open.</param>
public sealed record StayTask(string Key, StayTaskKind Kind, UtcInstant From, UtcInstant? To, IReadOnlyList<string> Choices, PersonToken First, PersonToken Second, long Settled);
