using Bedside.Model;

namespace Bedside.Ingest.Drivers.PuritanBennett840;

/// <summary>
/// Our side of the talk (sheet 2): one question at a time, none sooner than two seconds after the one before. MISCF has nearly everything, so it
/// is asked for each time; MISCA, which has a few fields of its own, now and then, and instead of MISCF where that stays without an answer.
/// Time is that of the chunks.
/// </summary>
internal sealed class Conversation
{
    public const long Second = 1_000_000_000;

    /// <summary>Silence in which an answer is given up. A slow line takes ten seconds for an answer, but is not silent meanwhile.</summary>
    public const long AnswerTimeout = 5 * Second;

    private const long Interval = 2 * Second;
    private const long BasicEvery = 30 * Second;
    private const long ExtendedAside = 300 * Second;

    /// <summary>The sheet does not say how long RSET takes.</summary>
    private const long AfterReset = Second / 2;
    private const long BetweenQuestions = Second / 5;
    private const int MissesUntilBasic = 2;
    private const int MissesUntilLost = 2;

    private byte[]? _open;
    private MonotonicInstant _askedAt;
    private MonotonicInstant _heardAt;
    private MonotonicInstant? _notBefore;
    private MonotonicInstant? _basicAt;
    private MonotonicInstant? _extendedAsideAt;
    private int _extendedMisses;
    private int _misses;
    private bool _extendedAnswered;
    private bool _stopped;

    /// <summary>Questions in a row have stayed without an answer.</summary>
    public bool IsLost => _misses >= MissesUntilLost;

    public void Heard(MonotonicInstant now) => _heardAt = now;

    /// <summary>Time passed. True when an answer was given up.</summary>
    public bool Advance(MonotonicInstant now, IDriverOutput output)
    {
        if (_stopped)
        {
            return false;
        }

        if (_open is not null)
        {
            bool silent = now.Since(_askedAt) >= AnswerTimeout && now.Since(_heardAt) >= AnswerTimeout;
            if (silent)
            {
                GiveUp(now, output);
            }

            return silent;
        }

        if (_notBefore is not { } until || now.Since(until) >= 0)
        {
            Ask(now, output);
        }

        return false;
    }

    public void Answered(ReplyKind kind, MonotonicInstant now)
    {
        _misses = 0;
        if (kind == ReplyKind.Extended)
        {
            _extendedAnswered = true;
            _extendedMisses = 0;
            _extendedAsideAt = null;
        }
        else
        {
            _basicAt = now;
            if (_extendedMisses >= MissesUntilBasic)
            {
                // One that has answered SNDF before knows it: it was silent for another reason.
                _extendedAsideAt = _extendedAnswered ? null : _extendedAsideAt ?? now;
                _extendedMisses = _extendedAnswered ? 0 : _extendedMisses;
            }
        }

        bool expected = _open is not null && ReferenceEquals(_open, Outgoing.AskBasic) == (kind == ReplyKind.Basic);
        if (expected)
        {
            _open = null;
            _notBefore = Later(_askedAt.Add(Interval), now.Add(BetweenQuestions));
        }
    }

    /// <summary>The answer came damaged, or only in part.</summary>
    public void Damaged(MonotonicInstant now, IDriverOutput output)
    {
        if (_open is not null && !_stopped)
        {
            Reset(now, output);
        }
    }

    /// <summary>Nothing has to be said to the ventilator when we leave, but nothing may be said after.</summary>
    public void Stop() => _stopped = true;

    private static MonotonicInstant Later(MonotonicInstant one, MonotonicInstant other) => one.Since(other) > 0 ? one : other;

    private void Ask(MonotonicInstant now, IDriverOutput output)
    {
        if (_extendedAsideAt is { } aside && now.Since(aside) >= ExtendedAside)
        {
            _extendedAsideAt = null;
            _extendedMisses = 0;
        }

        bool due = _basicAt is { } last ? now.Since(last) >= BasicEvery : _extendedAnswered;
        bool basic = _extendedAsideAt is not null || _extendedMisses >= MissesUntilBasic || due;
        _basicAt = basic ? now : _basicAt;
        _open = basic ? Outgoing.AskBasic : Outgoing.AskExtended;
        _askedAt = now;
        _heardAt = now;
        output.Send(_open);
    }

    private void GiveUp(MonotonicInstant now, IDriverOutput output)
    {
        _misses++;
        bool extended = ReferenceEquals(_open, Outgoing.AskExtended);
        _extendedMisses = extended ? _extendedMisses + 1 : _extendedAsideAt is null ? 0 : _extendedMisses;
        Reset(now, output);
    }

    private void Reset(MonotonicInstant now, IDriverOutput output)
    {
        _open = null;
        _notBefore = Later(_askedAt.Add(Interval), now.Add(AfterReset));
        output.Send(Outgoing.Reset);
    }
}
