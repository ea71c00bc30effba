namespace Bedside.Host.Kiosk;

/// <summary>How long the next start of the browser has to wait: not at all after a calm time, then longer and longer, a minute at most. It never gives up.</summary>
internal sealed class RestartPacer
{
    private const int LongestSeconds = 60;
    private const int MostDoublings = 6;

    private static readonly TimeSpan Calm = TimeSpan.FromMinutes(10);

    private readonly Queue<TimeSpan> _starts = new();

    /// <summary>Counts a restart at <paramref name="now"/> and says how long it waits: 0, 1, 2, 4 … 60 s for those within ten minutes.</summary>
    public TimeSpan Next(TimeSpan now)
    {
        while (_starts.TryPeek(out TimeSpan oldest) && now - oldest > Calm)
        {
            _starts.Dequeue();
        }

        int recent = _starts.Count;
        if (recent > MostDoublings)
        {
            _starts.Dequeue();
        }

        _starts.Enqueue(now);
        return recent == 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(Math.Min(LongestSeconds, 1 << Math.Min(recent - 1, MostDoublings)));
    }
}
