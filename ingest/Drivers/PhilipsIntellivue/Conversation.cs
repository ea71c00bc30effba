using Bedside.Model;

namespace Bedside.Ingest.Drivers.PhilipsIntellivue;

/// <summary>
/// The client's side of the conversation (DEI sheet, section 14): ask for an association until there is one, confirm every
/// introduction, poll and renew, notice silence, start again after a while.
/// </summary>
internal sealed class Conversation(bool serial, bool slow)
{
    private const long Second = 1_000_000_000;
    private const long ReleaseSettles = Second / 10;
    private const long AskEvery = Second;
    private const long AskFor = 10 * Second;
    private const long WaitForIntroduction = 10 * Second;
    private const long SilentAfter = 5 * Second;
    private static readonly long[] BackOffs = [5 * Second, 10 * Second, 20 * Second, 40 * Second, 60 * Second];

    private readonly PollSchedule _schedule = new(serial, slow);
    private State _state;
    private MonotonicInstant _since;
    private MonotonicInstant _askAt;
    private MonotonicInstant _heardAt;
    private PollOptions _granted = Requests.Wished;
    private uint _mtu = Requests.MtuSerial;
    private int _failures;

    private enum State
    {
        Starting,
        Associating,
        AwaitingIntroduction,
        Operating,
        BackingOff,
    }

    /// <summary>True while nothing but frames of another kind can be told from a monitor that does not answer.</summary>
    public bool IsAsking => _state == State.Associating;

    public void Hear(MonotonicInstant now) => _heardAt = now;

    public void Accepted(Association? association, MonotonicInstant now, ISessionVoice voice)
    {
        if (_state is State.Operating or State.AwaitingIntroduction)
        {
            return;
        }

        _granted = association?.Options ?? Requests.Wished;
        _mtu = association?.MaxReceive ?? Requests.MtuSerial;
        Enter(State.AwaitingIntroduction, now);
        voice.SayLink(receiving: false, "the monitor accepted the association");
    }

    public void Refused(MonotonicInstant now, ISessionVoice voice)
    {
        if (_state is State.Starting or State.Associating)
        {
            BackOff("the monitor refused: another client may be connected, or data export is off", now, voice);
        }
    }

    public void Ended(string reason, MonotonicInstant now, ISessionVoice voice)
    {
        if (_state is State.AwaitingIntroduction or State.Operating)
        {
            BackOff(reason, now, voice);
        }
    }

    /// <summary>The box stops: the monitor need not wait for its time-out to serve the next client.</summary>
    public void Leave(ISessionVoice voice)
    {
        if (_state is State.AwaitingIntroduction or State.Operating)
        {
            voice.Send(Requests.Release);
            _state = State.Starting;
        }
    }

    /// <summary>The monitor announced itself on the network, which it only does while it has no association.</summary>
    public void Announced(MonotonicInstant now)
    {
        bool lost = _state == State.Operating && now.Since(_heardAt) > SilentAfter / 2;
        if (_state == State.BackingOff || lost)
        {
            _failures = 0;
            Enter(State.Associating, now);
        }
    }

    /// <summary>Every repetition is confirmed: the monitor answers nothing before it got the confirmation (trap 5).</summary>
    public void Introduced(ushort invokeId, MonotonicInstant now, ISessionVoice voice)
    {
        voice.Send(Requests.MdsCreateResult(invokeId));
        if (_state == State.Operating)
        {
            return;
        }

        Enter(State.Operating, now);
        _heardAt = now;
        _schedule.Start(_granted, _mtu, now);
        voice.SayLink(receiving: false, "the monitor introduced itself");
    }

    public void Answered(DataMessage message, MonotonicInstant now)
    {
        if (message.Command == Command.ConfirmedAction)
        {
            _failures = 0;
        }

        _schedule.Answered(message, now);
    }

    public void Failed(ushort invokeId, MonotonicInstant now) => _schedule.Failed(invokeId, now);

    /// <summary>Sends what is due; one message at most.</summary>
    public void Advance(MonotonicInstant now, ISessionVoice voice)
    {
        switch (_state)
        {
            case State.Starting:
                // A monitor still holds an association of before for 10 s and more; releasing none is harmless.
                voice.Send(Requests.Release);
                Enter(State.Associating, now.Add(ReleaseSettles));
                break;
            case State.Associating when now.Since(_since) >= AskFor:
                BackOff("the monitor does not answer", now, voice);
                break;
            case State.Associating when now.Since(_askAt) >= 0:
                _askAt = now.Add(AskEvery);
                voice.Send(serial ? Outgoing.AssociationSerial : Outgoing.AssociationLan);
                break;
            case State.AwaitingIntroduction when now.Since(_since) >= WaitForIntroduction:
                voice.Send(Requests.Abort);
                BackOff("the monitor did not introduce itself", now, voice);
                break;
            case State.Operating when now.Since(_heardAt) >= SilentAfter:
                voice.Send(Requests.Abort);
                BackOff("the monitor fell silent", now, voice);
                break;
            case State.Operating when _schedule.Next(now) is { } due:
                voice.Send(due);
                break;
            case State.BackingOff when now.Since(_since) >= BackOffs[Math.Clamp(_failures - 1, 0, BackOffs.Length - 1)]:
                Enter(State.Associating, now);
                break;
        }
    }

    private void BackOff(string reason, MonotonicInstant now, ISessionVoice voice)
    {
        _failures++;
        Enter(State.BackingOff, now);
        voice.SayLink(receiving: false, reason);
    }

    private void Enter(State state, MonotonicInstant at)
    {
        _state = state;
        _since = at;
        _askAt = at;
    }
}

/// <summary>What the conversation may do to the outside.</summary>
internal interface ISessionVoice
{
    void Send(ReadOnlySpan<byte> message);

    void SayLink(bool receiving, string reason);
}
