using Bedside.Model.People;

namespace Bedside.Model.Research;

/// <summary>Where a study is. The words are those of <c>trust.md</c>, section 5.1.</summary>
public enum StudyState
{
    Draft,
    Submitted,

    /// <summary>A steward agreed.</summary>
    ApprovedOnce,

    /// <summary>A second person of another role agreed: it is told to the public, and patients can say no before anything is built.</summary>
    Opposition,

    /// <summary>The time to say no is over: it may be built.</summary>
    Ready,

    /// <summary>Built, and looked at by nobody yet.</summary>
    Built,

    /// <summary>A third person looked at the disclosure report: the named people may fetch it.</summary>
    Released,

    /// <summary>Taken back: nobody may fetch it, and whoever has it must delete what the notice says.</summary>
    Recalled,

    /// <summary>Its day is over: the key of its names and the package are destroyed.</summary>
    Expired,

    /// <summary>The researcher attests that nothing of it is left.</summary>
    Destroyed,

    Refused,

    /// <summary>Somebody stopped it; it goes on where it was when that is taken back.</summary>
    Suspended,
}

/// <summary>What was done with a study. The numbers are on disk: they never change their meaning.</summary>
public enum StudyStepKind
{
    Draft = 1,
    Submit = 2,
    ApproveFirst = 3,
    ApproveSecond = 4,
    Refuse = 5,
    Suspend = 6,
    Resume = 7,
    Build = 8,
    Release = 9,
    Fetch = 10,
    Recall = 11,
    Expire = 12,
    AttestDestruction = 13,

    /// <summary>A patient said no after the build: the package is shut, and may be built again without them.</summary>
    Objection = 14,
}

/// <summary>One step, kept for ever.</summary>
/// <param name="Number">From 1, without holes.</param>
/// <param name="By">Badge of who did it; <c>box</c> = the box itself.</param>
/// <param name="As">The role in which they did it; null for the box.</param>
/// <param name="Why">What they said; the sentence of a refusal or of a recall.</param>
/// <param name="Facts">What belongs to it: digest of the request, digest of the package, number of patients (rounded).</param>
public sealed record StudyStep(int Number, UtcInstant At, StudyStepKind Kind, string By, Role? As, string Why, IReadOnlyDictionary<string, string> Facts);

/// <summary>A study: what is asked for, and what was done with it.</summary>
/// <param name="Id"><c>ST-2026-014</c>.</param>
/// <param name="RequestDigest">SHA-256 of the request as it was submitted, lower-case hexadecimal; what is approved is what was submitted.</param>
public sealed record Study(string Id, StudyRequest Request, string RequestDigest, IReadOnlyList<StudyStep> Steps);
