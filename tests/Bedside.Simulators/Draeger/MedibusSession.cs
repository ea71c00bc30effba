using System.Globalization;
using System.Text.RegularExpressions;

namespace Bedside.Simulators.Draeger;

/// <summary>Where the conversation stands, seen from the device.</summary>
public enum SessionState
{
    /// <summary>No answer to our ICC yet.</summary>
    Initialising,

    /// <summary>The host has not told who it is, or told it less than 200 ms ago.</summary>
    Identifying,
    Active,

    /// <summary>The host said STOP: nothing is sent until it begins again.</summary>
    Stopped,
}

/// <summary>
/// The device's half of a MEDIBUS conversation (sheet sections 3, 5 and 16): answers every command, asks who the host is, keeps the
/// timers, and forgets all configuration whenever a session begins. Times are nanoseconds of the simulation.
/// </summary>
public sealed partial class MedibusSession(VentilatorModel model, SessionOptions options, MedibusLine line, RealtimeStreams streams, VentilatorPages pages)
{
    public const byte Nop = 0x30;
    public const byte TimeChanged = 0x49;
    public const byte ConfigureData = 0x4A;
    public const byte Initialise = 0x51;
    public const byte Identify = 0x52;
    public const byte RealtimeConfiguration = 0x53;
    public const byte ConfigureRealtime = 0x54;
    public const byte Stop = 0x55;
    public const byte RealtimeChanged = 0x56;
    private const byte DeviceSpecific = 0x6A;

    private const long Second = 1_000_000_000;
    private const long RepeatWhenSilent = 3 * Second;
    private const long RepeatWhenNoise = 10 * Second;
    private const long SilenceTimeout = 3 * Second;
    private const long ResponseTimeout = 10 * Second;
    private const long NopAfter = 2 * Second;
    private const long ResumeTimeout = 3 * Second;
    private const long Digestion = Second / 5;
    private const int MostRepeats = 3;

    private long _nextInitialise;
    private bool _heardNoise;
    private long _lastHeard;
    private long _identifiedAt;
    private long _suspendedAt;
    private (byte Code, long SentAt, int Repeats)? _outstanding;
    private (long Due, HostMessage Command)? _pending;
    private int _embedAt;
    private int _responses;

    public SessionState State { get; private set; } = SessionState.Initialising;

    /// <summary>Sessions begun since the device was switched on.</summary>
    public int Sessions { get; private set; }

    /// <summary>What changed in the conversation, for the log; taken by the caller.</summary>
    public Queue<string> Events { get; } = new();

    /// <summary>Begins anew, with everything forgotten: after power-on, after silence, after a command that stays unanswered.</summary>
    public void Begin(long now, string reason)
    {
        Forget();
        line.CancelSlow();
        State = SessionState.Initialising;
        _nextInitialise = now;
        _heardNoise = false;
        Events.Enqueue(reason);
    }

    /// <summary>When <see cref="Advance"/> wants to be called at the latest.</summary>
    public long Due(long now)
    {
        long due = line.SendsResponse ? long.MaxValue : _pending?.Due ?? long.MaxValue;
        if (State == SessionState.Initialising)
        {
            return Math.Min(due, _nextInitialise);
        }

        if (State == SessionState.Stopped)
        {
            return due;
        }

        due = Math.Min(due, _lastHeard + (_outstanding is null ? NopAfter : SilenceTimeout));
        return State == SessionState.Identifying && _identifiedAt > now ? Math.Min(due, _identifiedAt) : due;
    }

    public void Take(HostMessage message, long now, SessionContext context)
    {
        if (message.Kind == HostSaid.Realtime)
        {
            streams.TakeHostByte(message.Code, now);
            return;
        }

        _lastHeard = now;
        switch (message.Kind)
        {
            case HostSaid.Command:
                TakeCommand(message, now, context);
                break;
            case HostSaid.CorruptCommand:
                line.Response(now, MedibusFrame.Response(MedibusFrame.NotAcknowledged));
                break;
            case HostSaid.Response:
                TakeResponse(message, now);
                break;
            case HostSaid.Suspend:
                line.Suspended = true;
                _suspendedAt = now;
                break;
            case HostSaid.Resume:
                line.Suspended = false;
                break;
            case HostSaid.Cancel:
                _pending = null;
                line.CancelSlow();
                break;
            default:
                _heardNoise = true;
                break;
        }
    }

    /// <summary>Timers and the answer that is due.</summary>
    public void Advance(long now, SessionContext context)
    {
        if (line.Suspended && now - _suspendedAt >= ResumeTimeout)
        {
            line.Suspended = false;
            Begin(now, "the host suspended us and did not resume within 3 s: new session");
        }

        if (_pending is (long due, HostMessage command) && due <= now && !line.SendsResponse)
        {
            _pending = null;
            Answer(command, now, context);
        }

        switch (State)
        {
            case SessionState.Initialising when _nextInitialise <= now && !line.SendsCommand:
                line.Command(now, MedibusFrame.Command(Initialise));
                _nextInitialise = now + (_heardNoise ? RepeatWhenNoise : RepeatWhenSilent);
                _heardNoise = false;
                break;
            case SessionState.Identifying or SessionState.Active:
                AdvanceConnected(now);
                break;
        }
    }

    /// <summary>Sends a command of the device's own, unless one is outstanding already.</summary>
    public bool TrySend(byte code, long now)
    {
        if (_outstanding is not null || State is SessionState.Initialising or SessionState.Stopped || line.SendsCommand)
        {
            return false;
        }

        line.Command(now, MedibusFrame.Command(code));
        _outstanding = (code, now, 0);
        return true;
    }

    [GeneratedRegex(@"^[0-9A-F]{4}'[^']{1,32}'\d\d\.\d\d:\d\d\.\d\d$", RegexOptions.CultureInvariant)]
    private static partial Regex FullIdentification { get; }

    private void Forget()
    {
        streams.Restart();
        pages.Restart();
        line.CancelRealtime();
        _outstanding = null;
        _pending = null;
        _identifiedAt = long.MaxValue;
    }

    private void AdvanceConnected(long now)
    {
        if (now - _lastHeard >= SilenceTimeout)
        {
            Begin(now, "nothing heard from the host for 3 s: new session");
            return;
        }

        if (State == SessionState.Identifying && _identifiedAt <= now)
        {
            State = SessionState.Active;
            Events.Enqueue("active");
        }

        if (_outstanding is (byte code, long sentAt, int repeats))
        {
            if (now - sentAt < ResponseTimeout)
            {
                return;
            }

            if (repeats >= MostRepeats)
            {
                Begin(now, string.Create(CultureInfo.InvariantCulture, $"the host did not answer {code:X2}H: new session"));
                return;
            }

            line.Command(now, MedibusFrame.Command(code));
            _outstanding = (code, now, repeats + 1);
        }
        else if (State == SessionState.Identifying && _identifiedAt == long.MaxValue)
        {
            AskWhoTheHostIs(now);
        }
        else if (now - _lastHeard >= NopAfter)
        {
            _ = TrySend(Nop, now);
        }
    }

    /// <summary>After the answer to the host's ICC is out, unless the question stood inside it.</summary>
    private void AskWhoTheHostIs(long now)
    {
        if (_pending is null && !line.SendsResponse)
        {
            _ = TrySend(Identify, now);
        }
    }

    private void TakeCommand(HostMessage command, long now, SessionContext context)
    {
        if (State == SessionState.Stopped && command.Code != Initialise)
        {
            return;
        }

        if (context.Deaf)
        {
            return;
        }

        if (command.Code == Initialise)
        {
            Forget();
            State = SessionState.Identifying;
            Sessions++;
            Events.Enqueue("the host began a session");
        }

        // A second command replaces one that was not answered yet.
        _pending = (now + context.Delay, command);
    }

    private void TakeResponse(HostMessage response, long now)
    {
        if (response.Code == Initialise && State == SessionState.Initialising)
        {
            State = SessionState.Identifying;
            Sessions++;
            Events.Enqueue("the host answered our ICC");
            return;
        }

        if (_outstanding?.Code != response.Code)
        {
            return;
        }

        _outstanding = null;
        if (response.Code != Identify)
        {
            return;
        }

        string said = System.Text.Encoding.Latin1.GetString(response.Rest);
        if (FullIdentification.IsMatch(said) || (said.Length == 0 && !model.RequiresHostIdentification))
        {
            _identifiedAt = now + Digestion;
            Events.Enqueue($"the host is {said}");
        }
        else
        {
            // Not accepted: it counts as unanswered and is asked again after the usual time.
            _outstanding = (Identify, now, 0);
            Events.Enqueue($"the host's identification “{said}” is not one");
        }
    }

    private void Answer(HostMessage command, long now, SessionContext context)
    {
        bool digested = State == SessionState.Active;
        if (!digested && command.Code is ConfigureData or RealtimeConfiguration or ConfigureRealtime && State == SessionState.Identifying)
        {
            return;
        }

        byte[] response = Response(command, now, context);
        _responses++;
        if (context.CorruptChecksum && _responses % 3 == 0)
        {
            // One digit of the checksum stands before the CR.
            response[^2] = response[^2] == (byte)'0' ? (byte)'1' : (byte)'0';
        }

        line.Response(now, Embed(response, command.Code, now, context));
        if (command.Code == Stop)
        {
            Forget();
            State = SessionState.Stopped;
            Events.Enqueue("the host said STOP");
        }
    }

    private byte[] Embed(byte[] response, byte code, long now, SessionContext context)
    {
        if (code == Initialise && options.EmbedsIdentification)
        {
            _outstanding = (Identify, now, 0);
            return MedibusFrame.Embed(response, MedibusFrame.Command(Identify), 2);
        }

        if (context.EmbeddedNop && _outstanding is null && State == SessionState.Active)
        {
            _outstanding = (Nop, now, 0);
            _embedAt++;
            return MedibusFrame.Embed(response, MedibusFrame.Command(Nop), 1 + (_embedAt % (response.Length - 1)));
        }

        return response;
    }

    private byte[] Response(HostMessage command, long now, SessionContext context)
    {
        byte code = command.Code;
        switch (code)
        {
            case Identify:
                return MedibusFrame.Response(code, model.Identification);
            case ConfigureData:
                pages.Choose(command.Rest);
                return MedibusFrame.Response(code);
            case RealtimeConfiguration:
                return MedibusFrame.Response(code, streams.Describe(context.Traces));
            case ConfigureRealtime:
                line.CancelRealtime();
                streams.Select(command.Rest, context.Traces);
                return MedibusFrame.Response(code);
            case 0x28 when model.Answers.Contains(code):
                return MedibusFrame.Response(code, MedibusText.Time(context.Clock, options.EnglishMonths, options.Seconds));
            case DeviceSpecific when model.Answers.Contains(code):
                return MedibusFrame.Response(code, Specific(command.Rest));
            default:
                string payload = model.Answers.Contains(code) ? pages.Payload(code, context.Readings, context.Limits, now) ?? string.Empty : string.Empty;
                return MedibusFrame.Response(code, payload);
        }
    }

    /// <summary>The Evita family's own command 6AH: no key pressed, version, adult, COM1.</summary>
    private static string Specific(ReadOnlySpan<byte> argument) => argument.Length != 1 ? string.Empty : (char)argument[0] switch
    {
        '2' => "2",
        '3' => "302.00",
        '4' => "4Adult",
        '5' => "50",
        _ => string.Empty,
    };
}

/// <summary>How a specimen behaves for good.</summary>
/// <param name="EmbedsIdentification">True = the request for the host's identification stands inside the response to ICC.</param>
/// <param name="EnglishMonths">False = MAI, OKT, DEZ.</param>
/// <param name="Seconds">False = the clock is sent without them.</param>
/// <param name="Delay">From the end of a command to the answer, ns.</param>
public sealed record SessionOptions(bool EmbedsIdentification, bool EnglishMonths, bool Seconds, long Delay);

/// <summary>The device at the moment something is answered.</summary>
public sealed record SessionContext(VentilatorReadings Readings, AlarmLimits Limits, IReadOnlyList<RealtimeTrace> Traces, DateTime Clock)
{
    public long Delay { get; init; }

    public bool CorruptChecksum { get; init; }

    public bool EmbeddedNop { get; init; }

    public bool Deaf { get; init; }
}
