using System.Globalization;

namespace Bedside.Viewer.Screens;

/// <summary>The last heartbeat of each watched screen, in memory only. Its ages come from a clock that nobody sets.</summary>
internal sealed class ScreenBook(TimeProvider time)
{
    /// <summary>Screens that are remembered; the one that was silent longest makes room.</summary>
    public const int MostScreens = 4;

    /// <summary>Heartbeats in any minute, of all screens together; one screen sends 12.</summary>
    public const int MostAMinute = 60;

    /// <summary>Silence after which a screen is told as missing: its watcher has had time to start it anew.</summary>
    private const double MissingSeconds = 40;

    private static readonly TimeSpan Forgotten = TimeSpan.FromHours(24);

    private readonly long _began = time.GetTimestamp();
    private readonly Dictionary<string, (Heartbeat Beat, long At)> _screens = new(StringComparer.Ordinal);
    private readonly Queue<long> _heard = new(MostAMinute);
    private readonly Lock _gate = new();

    public double UpSeconds => time.GetElapsedTime(_began).TotalSeconds;

    /// <summary>Keeps a heartbeat whose fields were checked; false = too many came in this minute.</summary>
    public bool TryHear(Heartbeat beat)
    {
        long now = time.GetTimestamp();
        lock (_gate)
        {
            while (_heard.TryPeek(out long oldest) && time.GetElapsedTime(oldest, now) >= TimeSpan.FromMinutes(1))
            {
                _heard.Dequeue();
            }

            if (_heard.Count >= MostAMinute)
            {
                return false;
            }

            _heard.Enqueue(now);
            string screen = beat.Screen!;
            if (!_screens.ContainsKey(screen) && _screens.Count >= MostScreens)
            {
                _screens.Remove(_screens.MinBy(one => one.Value.At).Key);
            }

            _screens[screen] = (beat, now);
            return true;
        }
    }

    /// <summary>The screens of the last day, the one heard last first.</summary>
    public IReadOnlyList<ScreenAnswer> Read()
    {
        long now = time.GetTimestamp();
        lock (_gate)
        {
            return
            [
                .. _screens.Values.Where(one => time.GetElapsedTime(one.At, now) < Forgotten).OrderByDescending(one => one.At)
                    .Select(one => AnswerOf(one.Beat, time.GetElapsedTime(one.At, now).TotalSeconds)),
            ];
        }
    }

    /// <summary>True where somebody has to look: the screen at the bed says nothing.</summary>
    public static bool IsMissing(ScreenAnswer screen) => screen.AgeSeconds > MissingSeconds;

    private static ScreenAnswer AnswerOf(Heartbeat beat, double age)
    {
        int restarts = beat.Restarts ?? 0;
        RestartReason reason = beat.Reason ?? RestartReason.None;
        var screen = new ScreenAnswer(
            beat.Screen!, Math.Round(age, 1), beat.Beat!.Value, beat.Frames!.Value, beat.PageFrames!.Value, beat.Checksum, beat.Lanes ?? 0, beat.Held ?? false,
            beat.Fps ?? 0, beat.Heap, beat.Build ?? string.Empty, restarts, reason, new Sentence(string.Empty, string.Empty));
        return screen with { Sentence = Say(screen) };
    }

    private static Sentence Say(ScreenAnswer screen)
    {
        string age = Math.Floor(screen.AgeSeconds).ToString(CultureInfo.InvariantCulture);
        if (IsMissing(screen))
        {
            return new Sentence(
                $"L’écran du lit ne donne plus signe de vie depuis {age} s : regardez le moniteur, prévenez le service biomédical.",
                $"The screen at the bed has given no sign of life for {age} s: look at the monitor, tell the biomedical department.");
        }

        (string french, string english) = screen.Restarts == 0 ? (string.Empty, string.Empty) : (
            $" ; relancé {screen.Restarts} fois, la dernière {Why(screen.Reason, french: true)}",
            $"; started anew {screen.Restarts} times, last {Why(screen.Reason, french: false)}");
        return new Sentence(
            $"Écran du lit vu il y a {age} s, {screen.Fps} images/s{french}.",
            $"Screen at the bed seen {age} s ago, {screen.Fps} frames/s{english}.");
    }

    private static string Why(RestartReason reason, bool french) => reason switch
    {
        RestartReason.Silent => french ? "parce que la page ne répondait plus" : "because the page answered no more",
        RestartReason.Frozen => french ? "parce que l’image était figée" : "because the picture stood still",
        RestartReason.Ended => french ? "parce que le navigateur s’était arrêté" : "because the browser had ended",
        _ => french ? "sans raison connue" : "for no known reason",
    };
}
