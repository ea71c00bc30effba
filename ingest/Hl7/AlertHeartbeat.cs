using System.Globalization;
using Bedside.Model;

namespace Bedside.Ingest.Hl7;

/// <summary>What a feed of alerts does.</summary>
public enum FeedState
{
    Alive,

    /// <summary>Its sender said that it ends.</summary>
    Ended,

    /// <summary>Its heartbeat stopped: that no alarm comes says nothing.</summary>
    Lost,
}

/// <summary>A feed of alerts, as staff are told of it.</summary>
/// <param name="State">What it does.</param>
/// <param name="Reason">One plain sentence for staff; empty while it is alive.</param>
public readonly record struct AlertFeed(FeedState State, string Reason);

/// <summary>The heartbeat of a feed of alerts (event 258047, sheet 6): when it stops, the feed is lost.</summary>
internal sealed class AlertHeartbeat
{
    public const uint Code = 258_047;

    /// <summary>What is said of the end of an alert that nobody saw.</summary>
    public const string UnknownEnd = "end not seen: the alert feed was lost";

    /// <summary>So many beats may be missed where the sender does not say how long it may stay away.</summary>
    private const int Missed = 3;

    private const long SecondNs = 1_000_000_000;
    private const long LeastNs = 15 * SecondNs;
    private const long MostNs = 600 * SecondNs;

    private UtcInstant _heardAt;
    private UtcInstant _beatAt;
    private UtcInstant _lostAt;
    private long _timeoutNs = LeastNs;
    private bool _isClosed;

    public AlertFeed? Feed { get; private set; }

    public void Beat(UtcInstant at, TimeSpan? timeout, bool hasEnded)
    {
        if (timeout is { } told)
        {
            _timeoutNs = told.Ticks * 100;
        }
        else if (Feed is { State: FeedState.Alive })
        {
            _timeoutNs = Math.Clamp(Math.Max(_timeoutNs, at.Since(_beatAt) * Missed), LeastNs, MostNs);
        }

        (_beatAt, _heardAt, _isClosed) = (at, at, false);
        Feed = hasEnded ? new AlertFeed(FeedState.Ended, "the sender ended its alert feed; alarms are not known here") : new AlertFeed(FeedState.Alive, string.Empty);
    }

    /// <summary>An alert came, which proves as much.</summary>
    public void Hear(UtcInstant at)
    {
        _heardAt = at;
        if (Feed is { State: FeedState.Lost })
        {
            (Feed, _isClosed) = (new AlertFeed(FeedState.Alive, string.Empty), false);
        }
    }

    /// <summary>True once, when what stood at the loss must be taken for ended: as long again after it was noticed.</summary>
    public bool Elapse(UtcInstant now)
    {
        if (Feed is { State: FeedState.Alive } && now.Since(_heardAt) > _timeoutNs)
        {
            _lostAt = now;
            Feed = new AlertFeed(FeedState.Lost, string.Create(CultureInfo.InvariantCulture, $"alert feed lost: no heartbeat for {_timeoutNs / SecondNs} s; alarms are not known here"));
        }

        if (Feed is not { State: FeedState.Lost } || _isClosed || now.Since(_lostAt) <= _timeoutNs)
        {
            return false;
        }

        _isClosed = true;
        return true;
    }
}
