namespace Bedside.Viewer.Ward;

/// <summary>
/// What another box's clock reads, on this one's clock that never jumps. A frame proves that it read at least what the frame says; an answer proves that it read at most that when the question
/// left. Ages are measured against the upper bound, so that nothing looks younger than it is, however long a link held it back. Nanoseconds. Not safe for threads: its bed guards it.
/// </summary>
internal sealed class PeerClock
{
    private const long FrameWindow = 60_000_000_000;
    private const long AnswerWindow = 16_000_000_000;
    private const long Contradiction = 50_000_000;

    private readonly List<Sighting> _frames = [];
    private readonly List<Sighting> _answers = [];

    /// <summary>The box sent <paramref name="peer"/> before <paramref name="now"/>. Above what an answer allows: its clock was set forward, and nothing is known until it is asked again.</summary>
    public void Frame(long peer, long now)
    {
        long offset = peer - now;
        _frames.RemoveAll(one => one.At <= now - FrameWindow || one.Offset <= offset);
        _frames.Add(new Sighting(now, offset));
        if (offset > Upper(now) + Contradiction)
        {
            _answers.Clear();
        }
    }

    /// <summary>The box read <paramref name="peer"/> after <paramref name="sent"/>. Below what frames prove: its clock was set back.</summary>
    public void Answer(long peer, long sent, long now)
    {
        long offset = peer - sent;
        if (offset < Lower(now) - Contradiction)
        {
            _frames.Clear();
        }

        _answers.RemoveAll(one => one.At <= now - AnswerWindow || one.Offset >= offset || one.Offset < Lower(now) - Contradiction);
        _answers.Add(new Sighting(now, offset));
    }

    /// <summary>The most that the box's clock can read now; null = it was not measured lately.</summary>
    public long? Now(long now) => now + Upper(now);

    public void Reset()
    {
        _frames.Clear();
        _answers.Clear();
    }

    private long? Lower(long now)
    {
        long? most = null;
        foreach (Sighting one in _frames)
        {
            most = one.At > now - FrameWindow && !(one.Offset <= most) ? one.Offset : most;
        }

        return most;
    }

    private long? Upper(long now)
    {
        long? least = null;
        foreach (Sighting one in _answers)
        {
            least = one.At > now - AnswerWindow && !(one.Offset >= least) ? one.Offset : least;
        }

        return least;
    }

    private readonly record struct Sighting(long At, long Offset);
}

/// <summary>The clock that never jumps, in nanoseconds.</summary>
internal static class SteadyClock
{
    public static long Steady(this TimeProvider time) => time.GetElapsedTime(0, time.GetTimestamp()).Nanoseconds();
}
