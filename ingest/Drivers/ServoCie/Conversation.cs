using System.Text;
using Bedside.Model;

namespace Bedside.Ingest.Drivers.ServoCie;

/// <summary>
/// Our side of the talk (sheet 8): abort what may flow, enter the extended mode, choose the newest version that both know, read the scales, choose the channels,
/// let the data flow. One command at a time; while data flow only ESC is heard. Time is that of the chunks.
/// </summary>
internal sealed class Conversation(Configuration configuration, Listening listening, CurveChoice curves)
{
    private const long Millisecond = 1_000_000;
    private const long Second = 1000 * Millisecond;

    /// <summary>After ESC, and without a byte (sheet 8).</summary>
    private const long Drain = 500 * Millisecond;
    private const long LongestDrain = 3 * Second;

    /// <summary>The first byte comes within half a second; a long answer pauses nowhere.</summary>
    private const long AnswerTimeout = 1500 * Millisecond;
    private const long SilentStream = 5 * Second;
    private const long StandbyPause = 5 * Second;
    private const long PollPause = 2 * Second;

    /// <summary>Twice within this time, without standby between, and the line is too slow for the curves.</summary>
    private const long OverflowWindow = 60 * Second;
    private const int MostTries = 3;
    private const int MostDamages = 3;
    private const int StandbyError = 17;
    private const int NothingConfigured = 16;

    /// <summary>What is asked to begin with, in order; those with a star must be answered.</summary>
    private static readonly string[] Opening = ["", "HO", "RCTY*", "RHVE", "SPVE", "RSEN", "RTIM", "RCCO*", "RSTI", "SDADC", "SDADB", "SDADS", "SDADE", "RADC*"];
    private static readonly string[] Standby = ["RADAE", "RADAB", "RADC*"];
    private static readonly string[] Polling = ["RADAE", "RADAB", "RADAS"];

    private string[] _plan = Opening;
    private int _place;
    private MonotonicInstant? _abortedAt;
    private MonotonicInstant? _restUntil;
    private MonotonicInstant _askedAt;
    private MonotonicInstant _heardAt;
    private bool _begun;
    private MonotonicInstant? _endedAt;
    private bool _open;
    private int _tries;
    private int _damages;

    /// <summary>The command whose answer is waited for; null = none, or data flow.</summary>
    public string? Asked { get; private set; }

    /// <summary>RADC was sent: what comes is binary.</summary>
    public bool IsStreaming { get; private set; }

    /// <summary>Nothing was answered for as long as it takes to know.</summary>
    public bool IsLost { get; private set; }

    public void Heard(MonotonicInstant now) => _heardAt = now;

    /// <summary>True while what comes is the rest of something aborted.</summary>
    public bool IsDraining => _abortedAt is not null;

    public void Advance(MonotonicInstant now, IDriverOutput output)
    {
        if (!_begun)
        {
            _begun = true;
            Abort(now, output);
        }
        else if (_abortedAt is { } aborted)
        {
            if (now.Since(aborted) >= Drain && (now.Since(_heardAt) >= Drain || now.Since(aborted) >= LongestDrain))
            {
                _abortedAt = null;
                Ask(now, output);
            }
        }
        else if (IsStreaming)
        {
            if (now.Since(_heardAt) >= SilentStream)
            {
                Lose(now, output);
            }
        }
        else if (_open)
        {
            if (now.Since(_heardAt) >= AnswerTimeout && now.Since(_askedAt) >= AnswerTimeout)
            {
                AskAgain(now, output);
            }
        }
        else if (_restUntil is not { } until || now.Since(until) >= 0)
        {
            _restUntil = null;
            Ask(now, output);
        }
    }

    /// <summary>An answer came; <paramref name="understood"/> is false when its content made no sense.</summary>
    public void Answered(int error, bool understood, MonotonicInstant now, IDriverOutput output)
    {
        if (!_open)
        {
            return;
        }

        IsLost = false;
        const int checksumError = 18;
        bool vital = _plan[_place].EndsWith('*');
        if (error == checksumError || (!understood && vital))
        {
            AskAgain(now, output);
        }
        else if (error != 0 && _plan[_place] == "SDADC" && curves.Fewer())
        {
            Ask(now, output);
        }
        else if (error != 0 && vital)
        {
            Rest(Opening, StandbyPause, now);
        }
        else
        {
            Next(now, output);
        }
    }

    /// <summary>The ventilator refused to let data flow.</summary>
    public void Refused(int error, MonotonicInstant now)
    {
        IsStreaming = false;
        _endedAt = null;
        switch (error)
        {
            case StandbyError:
                Rest(Standby, StandbyPause, now);
                break;
            case NothingConfigured when configuration.Curves.Count == 0:
                Rest(Polling, PollPause, now);
                break;
            default:
                Rest(Opening, PollPause, now);
                break;
        }
    }

    /// <summary>The stream ended by itself: standby, or more was to be sent than the line carries.</summary>
    public void Ended(MonotonicInstant now)
    {
        IsStreaming = false;
        bool again = _endedAt is { } before && now.Since(before) < OverflowWindow;
        _endedAt = now;
        bool fewer = again && curves.Fewer();
        Rest(fewer ? Opening : ["", "RADAE", "RADC*"], Drain, now);
    }

    /// <summary>The answer came with a wrong checksum.</summary>
    public void AnsweredDamaged(MonotonicInstant now, IDriverOutput output)
    {
        if (_open)
        {
            AskAgain(now, output);
        }
    }

    /// <summary>A block came damaged.</summary>
    public void Damaged(MonotonicInstant now, IDriverOutput output)
    {
        if (!IsStreaming)
        {
            return;
        }

        // The choices hold in the ventilator; it is enough to stop and begin again, unless that does not help.
        _damages++;
        bool anew = _damages >= MostDamages;
        _damages = anew ? 0 : _damages;
        IsStreaming = false;
        (_plan, _place) = (anew ? Opening : ["", "RADC*"], 0);
        Abort(now, output);
    }

    public void Sound() => (_damages, IsLost) = (0, false);

    /// <summary>Leaves nothing flowing behind.</summary>
    public void Leave(IDriverOutput output)
    {
        if (_begun)
        {
            output.Send(Outgoing.Abort);
        }
    }

    private void Abort(MonotonicInstant now, IDriverOutput output)
    {
        IsStreaming = false;
        _open = false;
        _abortedAt = now;
        _heardAt = now;
        _tries = 0;
        output.Send(Outgoing.Abort);
    }

    private void Lose(MonotonicInstant now, IDriverOutput output)
    {
        IsLost = true;
        (_plan, _place) = (Opening, 0);
        Abort(now, output);
    }

    private void Rest(string[] plan, long pause, MonotonicInstant now)
    {
        (_plan, _place) = (plan, 0);
        _open = false;
        _tries = 0;
        _restUntil = now.Add(pause);
    }

    private void Next(MonotonicInstant now, IDriverOutput output)
    {
        _open = false;
        _tries = 0;
        if (++_place < _plan.Length)
        {
            Ask(now, output);
        }
        else
        {
            Rest(Polling, PollPause, now);
        }
    }

    private void AskAgain(MonotonicInstant now, IDriverOutput output)
    {
        if (++_tries < MostTries)
        {
            Ask(now, output);
        }
        else if (_plan[_place].EndsWith('*') || _place == 0)
        {
            Lose(now, output);
        }
        else
        {
            Next(now, output);
        }
    }

    private void Ask(MonotonicInstant now, IDriverOutput output)
    {
        string step = _plan[_place].TrimEnd('*');
        byte[]? command = step switch
        {
            "" => Outgoing.Ping,
            "HO" => Outgoing.Basic,
            "SPVE" => listening.BestVersion > 1 ? Outgoing.Version(listening.BestVersion) : null,
            "SDADC" => Choice('C', curves.Of(configuration)),
            "SDADB" => Choice('B', Known(ServoNomenclature.BreathChannels).Take(Outgoing.MostBreathValues)),
            "SDADS" => Choice('S', Known(ServoNomenclature.SettingChannels).Take(listening.MostSettings)),
            "SDADE" => Choice('E', Known(ServoNomenclature.AlarmChannels).Take(Outgoing.MostAlarms)),
            "RADAB" when configuration.Breath.Count == 0 => null,
            "RADAS" when configuration.Settings.Count == 0 => null,
            "RADAE" when configuration.Alarms.Count == 0 => null,
            "RADC" when configuration.Curves.Count == 0 => null,
            _ => Frame.Extended(step),
        };
        if (command is null)
        {
            Next(now, output);
            return;
        }

        _open = step != "RADC";
        IsStreaming = step == "RADC";
        _askedAt = now;
        _heardAt = now;
        Asked = Messages.CommandOf(Encoding.ASCII.GetString(command, 0, command.Length - 1));
        output.Send(command);
    }

    private static byte[]? Choice(char kind, IEnumerable<int> channels)
    {
        int[] chosen = [.. channels];
        return chosen.Length > 0 ? Outgoing.Choice(kind, chosen) : null;
    }

    /// <summary>Of these, what the ventilator says it has.</summary>
    private IEnumerable<int> Known(IEnumerable<int> channels) => channels.Where(configuration.Scales.ContainsKey);
}
