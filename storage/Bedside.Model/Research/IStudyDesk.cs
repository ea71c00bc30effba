namespace Bedside.Model.Research;

/// <summary>A step somebody wants to take.</summary>
/// <param name="Roles">All roles of the person's account.</param>
public sealed record AskedStep(string Study, StudyStepKind Kind, string By, IReadOnlyList<People.Role> Roles, string Why)
{
    public IReadOnlyDictionary<string, string> Facts { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}

/// <summary>
/// The studies of a box. Every member may be called from any thread, and beside a console command that changes the same studies. A step is in the journal of access and in the public log
/// before it counts.
/// </summary>
public interface IStudyDesk
{
    IReadOnlyList<Study> Studies { get; }

    /// <summary>Where a study is now; the passing of days counts (<see cref="StudyState.Ready"/>, <see cref="StudyState.Expired"/>).</summary>
    StudyState StateOf(Study study);

    /// <summary>A new draft. Returns its id; throws <see cref="StudyRefusedException"/>.</summary>
    string Draft(StudyRequest request, string by, IReadOnlyList<People.Role> roles);

    /// <summary>Another text for a draft that was not submitted. Throws <see cref="StudyRefusedException"/>.</summary>
    void Change(string study, StudyRequest request, string by);

    /// <summary>Takes a step. Throws <see cref="StudyRefusedException"/> with the rule that stands against it, <see cref="IOException"/> when the disk did not take it.</summary>
    void Take(AskedStep step);

    /// <summary>The public log, the oldest line first.</summary>
    IReadOnlyList<PublicLine> Log { get; }
}

/// <summary>A line of the public log: readable by everybody, and never with a patient in it.</summary>
/// <param name="Patients">Rounded to 5; empty = not known yet, <c>&lt;11</c> for few.</param>
/// <param name="Previous">SHA-256 of the line before it as it stands in the file, lower-case hexadecimal; zeros for the first.</param>
public sealed record PublicLine(int Number, UtcInstant At, string Study, StudyStepKind Kind, StudyState State, TwoTongues What, string Body, LegalBasis Basis, string BasisReference, string Patients, string Why, string Previous)
{
    /// <summary>The line as sentences, as they stand in the file.</summary>
    public TwoTongues Says { get; init; } = new(string.Empty, string.Empty);
}

/// <summary>Why a step of a study is not taken, as a plain sentence that names the remedy.</summary>
public sealed class StudyRefusedException : Exception
{
    public StudyRefusedException(string sentence)
        : base(sentence) => Sentence = new TwoTongues(sentence, sentence);

    public StudyRefusedException(TwoTongues sentence)
        : base(sentence.English) => Sentence = sentence;

    public TwoTongues Sentence { get; }
}
