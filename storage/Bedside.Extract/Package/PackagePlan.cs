using Bedside.Model;
using Bedside.Model.Research;

namespace Bedside.Extract.Package;

/// <summary>Blocks of a signal of one box within [from, to), ascending; number 0 = those of the whole bed.</summary>
public delegate IEnumerable<Block> BlockSource(SignalNumber signal, UtcInstant from, UtcInstant to);

/// <summary>One stay as it goes into a package: names of this study, bands, and where its data are. No clock time, bed or number of the hospital leaves with it.</summary>
/// <param name="Stay">26 letters and digits (RFC 4648 base32, lower case).</param>
/// <param name="Patient">The same of the patient: several stays may have it.</param>
/// <param name="Bands">Column and value of <c>stays.csv</c> beside the two names, in this order: <c>age_band</c>, <c>sex</c>, <c>length_band</c>, <c>admission_hour</c>, …; empty = suppressed.</param>
/// <param name="Admitted">Instant 0 of the relative time.</param>
/// <param name="From">First instant that is given: the window of the request within the spans of the stay.</param>
/// <param name="To">First instant that is not given any more.</param>
/// <param name="ShiftNanoseconds">What is added to local wall time for <see cref="TimeForm.ShiftedWeeks"/>: a multiple of a week.</param>
public sealed record PackageStay(
    string Stay,
    string Patient,
    IReadOnlyList<KeyValuePair<string, string>> Bands,
    UtcInstant Admitted,
    UtcInstant From,
    UtcInstant To,
    long ShiftNanoseconds,
    IReadOnlyList<Signal> Signals,
    BlockSource Source);

/// <summary>Everything that a build puts into a package, decided before.</summary>
/// <param name="Study"><c>ST-2026-014</c>.</param>
/// <param name="Version">1, 2, … of the same study.</param>
/// <param name="Stays">In the order of their names, which is no order of time.</param>
/// <param name="Zone">Of the ward, for <see cref="TimeForm.ShiftedWeeks"/>; it is not written.</param>
public sealed record PackagePlan(string Study, int Version, StudyRequest Request, IReadOnlyList<PackageStay> Stays, TimeZoneInfo Zone);

/// <summary>How far a build is.</summary>
/// <param name="Stage">Which part is under way, a plain word.</param>
/// <param name="Done">0 to 1.</param>
public readonly record struct BuildProgress(string Stage, double Done);
