using Bedside.Model.Research;

namespace Bedside.Storage.Studies;

/// <summary>The last line of the public log that counts.</summary>
/// <param name="Hash">SHA-256 of the line, lower-case hexadecimal; zeros before the first.</param>
internal sealed record LogHead(int Number, string Hash)
{
    public static LogHead None { get; } = new(0, new string('0', 64));
}

/// <summary>A step that is on its way into the public log: it counts when its line is there.</summary>
/// <param name="At">Bytes of the log before the line.</param>
/// <param name="Line">Without its end.</param>
/// <param name="After">The study with the step.</param>
internal sealed record PendingStep(long At, string Line, Study After);

/// <summary>What the file of studies holds.</summary>
internal sealed record StudyList(IReadOnlyList<Study> All, LogHead Head, PendingStep? Pending)
{
    public static StudyList Empty { get; } = new([], LogHead.None, Pending: null);

    public Study? Find(string id) => All.FirstOrDefault(study => study.Id == id);

    public StudyList With(Study changed) => this with { All = Find(changed.Id) is null ? [.. All, changed] : [.. All.Select(study => study.Id == changed.Id ? changed : study)] };
}
