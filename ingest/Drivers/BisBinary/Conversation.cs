using Bedside.Model;

namespace Bedside.Ingest.Drivers.BisBinary;

/// <summary>Our side of the talk: what does not come is asked for, one question at a time. Time is that of the chunks.</summary>
internal sealed class Conversation
{
    private const long Second = 1_000_000_000;
    private const long BetweenQuestions = Second / 5;
    private const long Patience = 3 * Second;

    /// <summary>A question that was refused is asked again when the monitor may have been set otherwise.</summary>
    private const long AfterRefusal = 60 * Second;

    private readonly Wanted _processed = new(Outgoing.AskProcessed);
    private readonly Wanted _raw = new(Outgoing.AskRaw);
    private Wanted? _asked;
    private MonotonicInstant _askedAt;
    private bool _stopped;

    /// <summary>Time passed.</summary>
    public void Advance(MonotonicInstant now, IDriverOutput output)
    {
        if (_stopped || (_asked is not null && now.Since(_askedAt) < BetweenQuestions))
        {
            return;
        }

        Wanted? due = IsDue(_processed, now) ? _processed : IsDue(_raw, now) ? _raw : null;
        if (due is not null)
        {
            (_asked, _askedAt, due.NotBefore) = (due, now, now.Add(Patience));
            output.Send(due.Question);
        }
    }

    /// <summary>Some of it came.</summary>
    public void Heard(uint code, MonotonicInstant now) => (code == MessageCode.RawEeg ? _raw : _processed).NotBefore = now.Add(Patience);

    /// <summary>The monitor refused the last question.</summary>
    public void Refused(MonotonicInstant now)
    {
        _asked?.NotBefore = now.Add(AfterRefusal);
    }

    public void Stop(IDriverOutput output)
    {
        if (!_stopped && _asked is not null)
        {
            output.Send(Outgoing.StopRaw);
            output.Send(Outgoing.StopProcessed);
        }

        _stopped = true;
    }

    private static bool IsDue(Wanted wanted, MonotonicInstant now) => wanted.NotBefore is not { } until || now.Since(until) >= 0;

    private sealed class Wanted(byte[] question)
    {
        public byte[] Question => question;

        public MonotonicInstant? NotBefore { get; set; }
    }
}
