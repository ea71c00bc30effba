namespace Bedside.Viewer.Screens;

/// <summary>Why the watcher of a screen started its browser anew.</summary>
internal enum RestartReason
{
    None = 0,

    /// <summary>The page said nothing any more.</summary>
    Silent = 1,

    /// <summary>The page spoke, but its picture stood still while data moved.</summary>
    Frozen = 2,

    /// <summary>The browser ended by itself.</summary>
    Ended = 3,
}

/// <summary>What a watched page says of itself every five seconds. No patient data.</summary>
/// <param name="Screen">Name of this start of the browser: 1 to 32 of a-z 0-9 -.</param>
/// <param name="Beat">Heartbeats of this page, this one counted.</param>
/// <param name="Frames">Frames that the drawer of waves has begun.</param>
/// <param name="PageFrames">Frames that the page itself has begun.</param>
/// <param name="Checksum">Of the waves as they are drawn; null = none are.</param>
/// <param name="Lanes">Waves on the page now.</param>
/// <param name="Held">A person froze the waves, or the page is hidden: nothing has to move.</param>
/// <param name="Fps">Frames a second of the drawer of waves.</param>
/// <param name="Heap">Bytes of the page's heap; null = the browser does not tell.</param>
/// <param name="Build">Which build of the page it is.</param>
/// <param name="Restarts">How often its watcher started the browser anew.</param>
/// <param name="Reason">Why it did so last.</param>
internal sealed record Heartbeat(
    string? Screen,
    long? Beat,
    long? Frames,
    long? PageFrames,
    long? Checksum,
    int? Lanes,
    bool? Held,
    int? Fps,
    long? Heap,
    string? Build,
    int? Restarts,
    RestartReason? Reason);

/// <summary>A watched screen as the box last heard it.</summary>
/// <param name="AgeSeconds">Since its last heartbeat, by a clock that nobody sets.</param>
internal sealed record ScreenAnswer(
    string Screen,
    double AgeSeconds,
    long Beat,
    long Frames,
    long PageFrames,
    long? Checksum,
    int Lanes,
    bool Held,
    int Fps,
    long? Heap,
    string Build,
    int Restarts,
    RestartReason Reason,
    Sentence Sentence);

/// <summary>Everything that the watcher of a screen needs to judge it.</summary>
/// <param name="UpSeconds">How long the box has been listening.</param>
/// <param name="WavesLive">Waves come in now: what shows them has to move.</param>
internal sealed record ScreensAnswer(double UpSeconds, bool WavesLive, IReadOnlyList<ScreenAnswer> Screens);
