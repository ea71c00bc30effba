namespace Bedside.Host.Kiosk;

/// <summary>What the box says of the screens, asked twice a second.</summary>
/// <param name="UpSeconds">How long the box has been listening.</param>
/// <param name="WavesLive">Waves come in: what shows them has to move.</param>
/// <param name="Beat">The last heartbeat of this start of the browser; null = the box has none.</param>
internal sealed record ScreenSight(double UpSeconds, bool WavesLive, ScreenBeat? Beat);

/// <summary>A heartbeat of the page, as the box heard it.</summary>
/// <param name="AgeSeconds">Since it came.</param>
/// <param name="Number">Counts heartbeats.</param>
/// <param name="Frames">Frames begun by the drawer of waves.</param>
/// <param name="PageFrames">Frames begun by the page.</param>
/// <param name="Checksum">Of the waves as drawn; null = none are.</param>
/// <param name="Lanes">Waves on the page.</param>
/// <param name="Held">Frozen by a person, or hidden: nothing has to move.</param>
internal sealed record ScreenBeat(double AgeSeconds, long Number, long Frames, long PageFrames, long? Checksum, int Lanes, bool Held);

internal enum ScreenVerdict
{
    Well = 0,

    /// <summary>The page says nothing any more.</summary>
    Silent = 1,

    /// <summary>It speaks, but its picture stands still while data move.</summary>
    Frozen = 2,
}

/// <summary>
/// Whether one start of the browser still lives. Silence counts only while the box could have heard the page, and stillness only while waves come in and
/// the page has to show them: a box that was restarted, a bed without data and a picture that a person froze are no reason to begin anew.
/// </summary>
internal sealed class ScreenJudge
{
    /// <summary>Three heartbeats of five seconds, and a little for the way.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(15.3);

    /// <summary>A browser needs longer for its first word.</summary>
    private static readonly TimeSpan FirstWord = TimeSpan.FromSeconds(45);

    /// <summary>Looks further apart than this: the watcher itself was held up, and what it did not see it does not judge.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private const int StillBeats = 2;

    private readonly TimeSpan _startedAt;
    private TimeSpan? _reachableSince;
    private TimeSpan _looked;
    private ScreenBeat? _last;
    private bool _wavesWereLive;
    private int _still;

    /// <summary>The browser was started then.</summary>
    public ScreenJudge(TimeSpan startedAt) => _startedAt = _looked = startedAt;

    /// <summary><paramref name="sight"/> null = the box did not answer; <paramref name="now"/> by the same clock as the start.</summary>
    public ScreenVerdict Judge(ScreenSight? sight, TimeSpan now)
    {
        bool paused = now - _looked > LongestPause;
        _looked = now;
        if (sight is null)
        {
            _reachableSince = null;
            _still = 0;
            return ScreenVerdict.Well;
        }

        if (paused || _reachableSince is null)
        {
            _reachableSince = now;
            _still = 0;
        }

        if (sight.Beat is { } beat && beat.Number != _last?.Number)
        {
            bool stands = _last is { } last && _wavesWereLive && sight.WavesLive && StandsStill(last, beat);
            _still = stands ? _still + 1 : 0;
            _last = beat;
            _wavesWereLive = sight.WavesLive;
        }

        return IsSilent(sight, now) ? ScreenVerdict.Silent : _still >= StillBeats ? ScreenVerdict.Frozen : ScreenVerdict.Well;
    }

    private bool IsSilent(ScreenSight sight, TimeSpan now)
    {
        TimeSpan heardable = Least(TimeSpan.FromSeconds(sight.UpSeconds), Least(now - _reachableSince!.Value, now - _startedAt));
        TimeSpan silence = sight.Beat is { } beat ? Least(heardable, TimeSpan.FromSeconds(beat.AgeSeconds)) : heardable;
        return silence > (_last is null ? FirstWord : Silence);
    }

    /// <summary>The page's own frames stop with the picture; those of the waves, and what is drawn, have to change where waves are shown.</summary>
    private static bool StandsStill(ScreenBeat former, ScreenBeat beat)
    {
        if (former.Held || beat.Held)
        {
            return false;
        }

        bool page = beat.PageFrames == former.PageFrames;
        bool waves = former.Lanes > 0 && beat.Lanes > 0 && (beat.Frames == former.Frames || (beat.Checksum is not null && beat.Checksum == former.Checksum));
        return page || waves;
    }

    private static TimeSpan Least(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
