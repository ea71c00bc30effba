using Bedside.Model;
using Bedside.Model.Audit;

namespace Bedside.Viewer.Patient;

/// <summary>What the patient of a stay said of research.</summary>
/// <param name="Refused">Nothing goes to research.</param>
/// <param name="At">When that was said; null = nothing ever was.</param>
/// <param name="By">Badge of who took it down; empty = somebody at the bed.</param>
internal sealed record ResearchAnswer(string Stay, bool Refused, UtcInstant? At, string By);

/// <summary>Who had to do with the data of a stay: one page.</summary>
/// <param name="From">When the stay began; null = not known.</param>
/// <param name="To">Null = it goes on.</param>
/// <param name="MadeAt">By the box's clock.</param>
/// <param name="Entries">Entries of the journal that the lines tell of.</param>
/// <param name="Research">What the patient said of research.</param>
internal sealed record AccessesAnswer(
    string Stay, UtcInstant? From, UtcInstant? To, UtcInstant MadeAt, AccessDetail Detail, IReadOnlyList<AccessAnswer> Lines, int Entries, ResearchAnswer Research);

/// <summary>Some accesses in one line.</summary>
/// <param name="Who">Name of the account, or its badge where there is none any more; <c>box</c>, <c>console</c>, <c>screen</c>; empty = several people of one role.</param>
/// <param name="Act">Code of the journal's catalogue.</param>
/// <param name="French">The act in words.</param>
/// <param name="English">The same.</param>
/// <param name="What">What was read: live, alarms, trends, waves, events, marks, sheet, stays, ward, fhir.</param>
/// <param name="Refused">How many were turned down.</param>
internal sealed record AccessAnswer(
    UtcInstant First, UtcInstant Last, string Who, string Role, string Act, string French, string English, IReadOnlyList<string> What, int Count, int Refused, IReadOnlyList<string> Reasons);

/// <summary>How far the erasing of a stay is.</summary>
/// <param name="Possible">There are data that can be erased.</param>
/// <param name="Bytes">Of them.</param>
/// <param name="OthersSeconds">So much of other stays lies under the same keys, and goes with them.</param>
/// <param name="LeftSeconds">So much of the stay lies under keys that are nearly all of another stay's, and goes with that.</param>
/// <param name="AskedAt">When somebody asked; null = nobody did, or it is over.</param>
/// <param name="AskedBy">Badge.</param>
/// <param name="Until">Somebody else must agree before.</param>
internal sealed record ErasureAnswer(string Stay, bool Possible, long Bytes, double OthersSeconds, double LeftSeconds, UtcInstant? AskedAt, string AskedBy, string Reason, UtcInstant? Until);

/// <summary>Why a stay is to be erased.</summary>
/// <param name="Reason">One of <see cref="Model.Stays.StayWishes.ErasureReasons"/>.</param>
internal sealed record AskedErasure(string? Reason);

/// <summary>A stay that ended, and whether somebody asked that it be erased.</summary>
/// <param name="OthersSeconds">Once somebody asked: so much of other stays lies under the same keys, and goes with them.</param>
internal sealed record ErasableAnswer(string Stay, UtcInstant From, UtcInstant? To, UtcInstant? AskedAt, string AskedBy, string Reason, double OthersSeconds, UtcInstant? Until);
