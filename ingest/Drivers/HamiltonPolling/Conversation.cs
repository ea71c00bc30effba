using Bedside.Model;

namespace Bedside.Ingest.Drivers.HamiltonPolling;

/// <summary>
/// Our side of the talk (sheet 2): one question at a time, none sooner than 40 ms after the one before. A question without an answer is asked three times. Time
/// is that of the chunks.
/// </summary>
internal sealed class Conversation
{
    private const long Millisecond = 1_000_000;
    private const long Spacing = 40 * Millisecond;
    private const long AnswerTimeout = 250 * Millisecond;
    private const long SpacingWhenLost = 1_000 * Millisecond;
    private const int MostTries = 3;
    private const int MissesUntilLost = 2 * MostTries;

    private readonly PollPlan _plan = new();
    private readonly List<byte> _unanswered = [];
    private MonotonicInstant? _askedAt;
    private int _tries;
    private int _misses;
    private bool _stopped;

    /// <summary>The parameter that was asked for and is not answered; null = none.</summary>
    public byte? Open { get; private set; }

    /// <summary>Questions in a row have stayed without an answer.</summary>
    public bool IsLost => _misses >= MissesUntilLost;

    /// <summary>Time passed.</summary>
    public void Advance(MonotonicInstant now, IDriverOutput output)
    {
        if (_stopped || (_askedAt is { } asked && now.Since(asked) < WaitAfterQuestion))
        {
            return;
        }

        if (Open is { } id)
        {
            Miss(id);
        }

        byte next = Open ?? (IsLost ? ParameterTable.Mode : _plan.Next(now));
        _tries = Open is null ? 1 : _tries + 1;
        (Open, _askedAt) = (next, now);
        output.Send(Frame.Request(next));
    }

    /// <summary>The open question was answered.</summary>
    public void Answered(MonotonicInstant now, bool withError)
    {
        if (IsLost)
        {
            _plan.BeginAnew();
        }

        if (Open is { } id && withError)
        {
            _plan.LeaveOut(id, now);
        }

        // Who answers others but not this knows it not.
        _unanswered.ForEach(one => _plan.LeaveOut(one, now));
        _unanswered.Clear();
        (Open, _misses) = (null, 0);
    }

    /// <summary>Nothing has to be said to the ventilator when we leave, but nothing may be said after.</summary>
    public void Stop() => _stopped = true;

    private long WaitAfterQuestion => Open is null ? (IsLost ? SpacingWhenLost : Spacing) : AnswerTimeout;

    private void Miss(byte id)
    {
        _misses++;
        if (IsLost)
        {
            _unanswered.Clear();
            Open = null;
        }
        else if (_tries >= MostTries)
        {
            _unanswered.Add(id);
            Open = null;
        }
    }
}
