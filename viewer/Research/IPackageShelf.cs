using Bedside.Model;
using Bedside.Model.Research;

namespace Bedside.Viewer.Research;

/// <summary>A package that was built and lies encrypted on the box.</summary>
/// <param name="FileName">Under which it is saved by whoever fetches it: <c>ST-2026-014_v1.tar.age</c>.</param>
/// <param name="Digest">SHA-256 of the package before it is encrypted, lower-case hexadecimal.</param>
public sealed record ShelvedPackage(string Study, int Version, string FileName, string Digest, UtcInstant BuiltAt);

/// <summary>One class of a package: the bands that its patients share, and how many they are.</summary>
/// <param name="Patients">A <see cref="RoundedCount"/>.</param>
public sealed record ReportClass(IReadOnlyList<KeyValuePair<string, string>> Bands, string Patients);

/// <summary>What the disclosure report says, for the people who approve (<c>trust.md</c>, section 5.3).</summary>
/// <param name="Patients">A <see cref="RoundedCount"/>.</param>
/// <param name="LeastClass">The smallest class that leaves; never under 11.</param>
/// <param name="Suppressed">Stays that were left out because their class was too small, a <see cref="RoundedCount"/>.</param>
/// <param name="Risk">Estimated, 0 to 1: the highest of any patient.</param>
/// <param name="Generalisations">What was made coarser, a sentence each.</param>
/// <param name="Warnings">What else the approver is to know: overlap with other studies, waves by which a person can be told.</param>
public sealed record ReportView(string Patients, int LeastClass, string Suppressed, double Risk, IReadOnlyList<TwoTongues> Generalisations, IReadOnlyList<TwoTongues> Warnings, IReadOnlyList<ReportClass> Classes);

/// <summary>Where the built packages lie. Every member may be called from any thread.</summary>
public interface IPackageShelf
{
    /// <summary>Null = there is none, or it was erased.</summary>
    ShelvedPackage? Newest(string study);

    /// <summary>Null = no report lies beside it.</summary>
    ReportView? Report(ShelvedPackage package);

    /// <summary>Null = it may be fetched now; else why not. Asks the objections of the patients anew each time.</summary>
    Task<TwoTongues?> IsOpenAsync(ShelvedPackage package, CancellationToken cancel);

    /// <summary>
    /// The file as it is encrypted to that person, which can be sought in; null = there is none for them. The same bytes each time, so that a transfer can go on. Throws <see cref="IOException"/>.
    /// </summary>
    Stream? Open(ShelvedPackage package, string badge);

    /// <summary>Reads the objections anew and shuts every package that has a patient who said no since; each is a step of its study. Throws <see cref="IOException"/>.</summary>
    Task ShutObjectedAsync(CancellationToken cancel);

    /// <summary>
    /// Ends every study whose day is over, with the key of its names and everything of its packages, and erases encrypted packages that lay here for 30 days. Nothing of it while the box does not believe its
    /// own clock. Throws <see cref="IOException"/>.
    /// </summary>
    Task EndOverAsync(CancellationToken cancel);
}

/// <summary>The one who builds packages, in the background and below everything that captures.</summary>
public interface IResearchBuilds
{
    /// <summary>Null = nothing was built since the box started.</summary>
    BuildState? StateOf(string study);

    /// <summary>Begins, and returns at once. Throws <see cref="StudyRefusedException"/>.</summary>
    void Begin(string study, string by, IReadOnlyList<Model.People.Role> roles);

    /// <summary>Ends a build that runs; nothing of it is left.</summary>
    void Cancel(string study);

    /// <summary>Reads the objections anew and ends every build with a patient who said no since.</summary>
    Task StopObjectedAsync(CancellationToken cancel);
}

/// <summary>How far a build is.</summary>
/// <param name="Stage">Which part is under way.</param>
/// <param name="Done">0 to 1.</param>
/// <param name="Failure">Why it ended without a package; null = it did not.</param>
public sealed record BuildState(bool IsRunning, TwoTongues Stage, double Done, TwoTongues? Failure);

/// <summary>What there is to ask for, before anybody asks. Rounded by the page, so that no patient is told by it.</summary>
public interface IAvailability
{
    Task<AvailableData> ReadAsync(CancellationToken cancel);

    /// <summary>A package of made-up data, as an open tar; null = none was made.</summary>
    Stream? Sample();
}

/// <summary>What a box, or a unit, has.</summary>
/// <param name="Patients">With a stay that may be asked for; objections are out already.</param>
/// <param name="FirstDay">Of admission; null = nothing yet.</param>
public sealed record AvailableData(int Patients, int Stays, DateOnly? FirstDay, DateOnly? LastDay, IReadOnlyList<AvailableSignal> Signals);

/// <summary>One signal.</summary>
/// <param name="Stays">That have any of it.</param>
/// <param name="Complete">Of the time of those stays, 0 to 1.</param>
/// <param name="Hertz">As it is taken most often; null = when something happens.</param>
public sealed record AvailableSignal(string Signal, int Patients, int Stays, double Complete, double? Hertz);

/// <summary>The public log as it lies on the disk, for whoever checks its chain.</summary>
public interface IPublicLogFile
{
    /// <summary>A line of JSON each, the oldest first; null = nothing was told yet. Throws <see cref="IOException"/>.</summary>
    Stream? Open();
}
