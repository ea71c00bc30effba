using Bedside.Model;

namespace Bedside.Ingest.Drivers.DraegerMedibus;

/// <summary>Where a conversation stands (sheet 5).</summary>
internal enum Stage
{
    /// <summary>We send ICC until the device answers or sends its own.</summary>
    Initialising,

    /// <summary>Each says who it is; then the device is given 200 ms.</summary>
    Identifying,
    Active,

    /// <summary>We took leave.</summary>
    Stopped,
}

/// <summary>
/// Our side of the conversation: what is sent and when, and what a missing or damaged answer leads to. It only ever
/// reads time from the chunks.
/// </summary>
internal sealed class Conversation(SessionOptions options, TraceStreams streams, LinkState link)
{
    private const long Millisecond = 1_000_000;
    private const long Second = 1000 * Millisecond;
    private const long SilenceTimeout = 3 * Second;
    private const long AnswerTimeout = 10 * Second;
    private const long IdleBeforeNoOperation = 2 * Second;
    private const long RepeatInitialiseInSilence = 3 * Second;
    private const long RepeatInitialise = 10 * Second;
    private const long DigestIdentification = 200 * Millisecond;

    /// <summary>A device that does not ask who we are within this time is taken not to want to know.</summary>
    private const long WaitForQuestion = 1500 * Millisecond;
    private const int MostRepeats = 3;
    private const int MostHeldBack = 64;

    private readonly Queue<byte[]> _heldBack = new();
    private readonly RealtimeSetup _setup = new(options, streams);
    private readonly Experience _experience = new();
    private PollPlan _plan = new(device: null, new Experience());
    private Identification? _device;
    private MonotonicInstant? _stageSince;
    private MonotonicInstant _heardAt;
    private MonotonicInstant _sentAt;
    private MonotonicInstant? _suspendedAt;
    private MonotonicInstant? _weSaidWho;
    private MonotonicInstant? _deviceSaidWho;
    private bool _heardSinceInitialise;
    private byte[]? _open;
    private MonotonicInstant _openSince;
    private int _repeats;

    public Stage Stage { get; private set; }

    /// <summary>Bytes that are not realtime came: only these keep the line alive (sheet 5).</summary>
    public void Heard(MonotonicInstant now)
    {
        _heardAt = now;
        _heardSinceInitialise = true;
    }

    /// <summary>Time passed, or something happened that may let the next message go.</summary>
    public void Advance(MonotonicInstant now, IDriverOutput output)
    {
        if (Stage == Stage.Stopped)
        {
            return;
        }

        if (_stageSince is null)
        {
            Initialise(now, reason: null, output);
        }
        else if (_suspendedAt is MonotonicInstant since && now.Since(since) > SilenceTimeout)
        {
            Initialise(now, "the device suspended us and did not let us go on", output);
        }
        else if (Stage == Stage.Initialising)
        {
            if (now.Since(_stageSince.Value) >= (_heardSinceInitialise ? RepeatInitialise : RepeatInitialiseInSilence))
            {
                Initialise(now, reason: null, output);
            }
        }
        else if (now.Since(_heardAt) > SilenceTimeout)
        {
            if (_open is not null)
            {
                _experience.FellSilent(_open[1], now);
                _setup.GiveUp(_open, now);
            }

            Initialise(now, "the device is silent", output);
        }
        else if (_open is not null)
        {
            if (now.Since(_openSince) >= AnswerTimeout)
            {
                Unanswered(now, output);
            }
        }
        else if (_suspendedAt is null)
        {
            Speak(now, output);
        }
    }

    /// <summary>The device answered with this echo; <paramref name="device"/> is set when the answer says who it is.</summary>
    public void Answered(byte echo, Identification? device, MonotonicInstant now, IDriverOutput output)
    {
        if (echo == MedibusCode.NotAcknowledged)
        {
            AskAgain(refused: true, now, output);
            return;
        }

        bool expected = _open is not null && _open[1] == echo;
        if (expected)
        {
            _experience.Answered(echo);
            _open = null;
            _repeats = 0;
        }

        switch (echo)
        {
            case MedibusCode.Initialise when Stage == Stage.Initialising:
                Identify(now, output);
                break;
            case MedibusCode.Identify:
                _deviceSaidWho = now;
                if (_device is not null && device is not null && _device.Number != device.Number)
                {
                    _experience.Clear();
                }

                _device = device;
                _plan = new PollPlan(device, _experience);
                _setup.Allow(device?.TakesArguments == true);
                break;
            case MedibusCode.RealtimeConfiguration when expected:
                _setup.Offered(now);
                break;
            case MedibusCode.ConfigureRealtime when expected:
                _setup.Chosen();
                break;
        }

        Advance(now, output);
    }

    /// <summary>The device asks something of us, or tells us that something changed: everything is answered.</summary>
    public void Asked(byte code, MonotonicInstant now, IDriverOutput output)
    {
        Send(code == MedibusCode.Identify ? Outgoing.OurIdentification : Frame.Response(code), now, output);
        switch (code)
        {
            case MedibusCode.Identify:
                _weSaidWho = now;
                break;
            case MedibusCode.Initialise:
                Drop(now, "the device began a new conversation", output);
                Identify(now, output);
                break;
            case MedibusCode.Stop:
                Drop(now, "the device ended the conversation", output);
                Enter(Stage.Initialising, now);
                _heardSinceInitialise = true;
                break;
            case MedibusCode.TimeChanged:
                _plan.Hurry(MedibusCode.DateTime);
                break;
            case MedibusCode.RealtimeConfigurationChanged:
                _setup.Changed();
                break;
        }

        Advance(now, output);
    }

    /// <summary>A command of the device came with a wrong checksum.</summary>
    public void AskedDamaged(MonotonicInstant now, IDriverOutput output) => Send(Outgoing.NotAcknowledged, now, output);

    /// <summary>The answer to our question was damaged, or the device wants none of it (CAN).</summary>
    public void Damaged(MonotonicInstant now, IDriverOutput output) => AskAgain(refused: false, now, output);

    public void Suspended(MonotonicInstant now) => _suspendedAt ??= now;

    public void Resumed(MonotonicInstant now, IDriverOutput output)
    {
        _suspendedAt = null;
        while (_heldBack.TryDequeue(out byte[]? message))
        {
            Send(message, now, output);
        }

        Advance(now, output);
    }

    /// <summary>Tells the device that we leave.</summary>
    public void Leave(IDriverOutput output)
    {
        if (Stage != Stage.Stopped && _stageSince is not null)
        {
            output.Send(Outgoing.Stop);
        }

        Stage = Stage.Stopped;
    }

    /// <summary>Three times at most (sheet 5).</summary>
    private void AskAgain(bool refused, MonotonicInstant now, IDriverOutput output)
    {
        if (_open is null || Stage is Stage.Stopped)
        {
            return;
        }

        if (_repeats < MostRepeats)
        {
            _repeats++;
            Ask(_open, now, output);
        }
        else if (!SetAside(refused, now, output))
        {
            Initialise(now, "a question was asked four times without a good answer", output);
        }
    }

    private void Speak(MonotonicInstant now, IDriverOutput output)
    {
        if (Stage == Stage.Identifying)
        {
            if (_deviceSaidWho is not MonotonicInstant deviceSaid)
            {
                Ask(Outgoing.Identify, now, output);
                return;
            }

            bool digested = _weSaidWho is MonotonicInstant weSaid
                ? now.Since(weSaid) >= DigestIdentification && now.Since(deviceSaid) >= DigestIdentification
                : now.Since(_stageSince.GetValueOrDefault()) >= WaitForQuestion;
            if (!digested)
            {
                return;
            }

            Enter(Stage.Active, now);
        }

        _setup.LetFlow(now, output);
        byte[]? question = _setup.Next(now, output) ?? _plan.Next(now);
        if (question is not null)
        {
            Ask(question, now, output);
        }
        else if (now.Since(_sentAt) >= IdleBeforeNoOperation)
        {
            Ask(Outgoing.NoOperation, now, output);
        }
    }

    private void Initialise(MonotonicInstant now, string? reason, IDriverOutput output)
    {
        Drop(now, reason, output);
        Enter(Stage.Initialising, now);
        _heardSinceInitialise = false;
        Send(Outgoing.Initialise, now, output);
    }

    private void Identify(MonotonicInstant now, IDriverOutput output)
    {
        Enter(Stage.Identifying, now);
        _deviceSaidWho = null;
        Advance(now, output);
    }

    /// <summary>Every initialisation erases what was configured in the device (sheet 5).</summary>
    private void Drop(MonotonicInstant now, string? reason, IDriverOutput output)
    {
        link.Lost(reason ?? "the conversation began anew", output);
        streams.End(output, reason ?? "the conversation began anew");
        _setup.Again();
        _open = null;
        _repeats = 0;
        _suspendedAt = null;
        _heldBack.Clear();
        _weSaidWho = null;
        _deviceSaidWho = null;
        _heardAt = now;
    }

    private void Enter(Stage stage, MonotonicInstant now)
    {
        Stage = stage;
        _stageSince = now;
    }

    /// <summary>A question that the device may not know is set aside without asking again: each try costs ten seconds.</summary>
    private void Unanswered(MonotonicInstant now, IDriverOutput output)
    {
        if (!SetAside(refused: true, now, output))
        {
            AskAgain(refused: true, now, output);
        }
    }

    private bool SetAside(bool refused, MonotonicInstant now, IDriverOutput output)
    {
        bool aside = _open is not null
            && (_plan.SetAside(_open, now) || (refused ? _setup.GiveUp(_open, now) : _setup.Postpone(_open, now)));
        if (aside)
        {
            _open = null;
            _repeats = 0;
            Advance(now, output);
        }

        return aside;
    }

    private void Ask(byte[] command, MonotonicInstant now, IDriverOutput output)
    {
        _open = command;
        _openSince = now;
        Send(command, now, output);
    }

    private void Send(byte[] message, MonotonicInstant now, IDriverOutput output)
    {
        if (Stage == Stage.Stopped)
        {
            return;
        }

        if (_suspendedAt is not null)
        {
            if (_heldBack.Count < MostHeldBack)
            {
                _heldBack.Enqueue(message);
            }

            return;
        }

        _sentAt = now;
        output.Send(message);
    }
}
