using System.Net;

namespace Bedside.Simulators.Philips;

/// <summary>
/// The monitor's side of the protocol (sheet, section 4): one association at a time, from the request to its end, and the
/// cycle that drives all results.
/// </summary>
internal sealed class Monitor : IDevice
{
    private const long Second = 1_000_000_000;
    private const long ReleaseDelay = 80_000_000;
    private const long AnswerDelay = 75_000_000;
    private const long AnnounceAgain = 3_100_000_000;
    private const long AnnounceAtMost = 10 * Second;
    private const long IndicateEvery = 60 * Second;
    private const long RestartTakes = 4 * Second;
    private const long JitterNanoseconds = 40_000_000;
    private const int Announcements = 4;

    /// <summary>Cycles that were missed because the process did not run are not made up for beyond this.</summary>
    private const long MostCyclesLate = 4;

    private const uint SmallestMtu = 300;
    private const ushort NoSuchAttribute = 5;
    private const ushort Replace = 0;
    private const ushort SetToDefault = 3;

    private readonly Simulation _simulation;
    private readonly MonitorSettings _settings;
    private readonly Instrument _instrument;
    private readonly Conditions _conditions;
    private readonly IChannel _channel;
    private readonly Outbox _outbox;
    private readonly PriorityLists _lists;
    private readonly PollEngine _polls;
    private readonly Random _random;

    private Phase _phase = Phase.Free;
    private IPEndPoint? _peer;
    private PollProfile? _profile;
    private long _acceptAt;
    private long _announceNext;
    private int _announced;
    private long _lastRequest;
    private long _nextIndication;
    private long _silentUntil = long.MinValue;
    private long _cycle;
    private long _jitter;
    private bool _rebooting;

    public Monitor(Simulation simulation, MonitorSettings settings, Instrument instrument, IChannel channel)
    {
        _simulation = simulation;
        _settings = settings;
        _instrument = instrument;
        _channel = channel;
        _conditions = new Conditions(simulation.Faults, settings.Demo);
        _outbox = new Outbox(simulation, channel);
        _lists = new PriorityLists(instrument.Source);
        _polls = new PollEngine(instrument, _conditions, _lists, _outbox) { Patient = settings.Patient };
        _random = new Random((int)simulation.Arguments.Seed);
    }

    private enum Phase
    {
        Free,
        Accepting,
        Announcing,
        Operating,
    }

    private long Now => _simulation.Clock.Now;

    public void Receive(ReadOnlySpan<byte> bytes, IPEndPoint? from)
    {
        foreach (byte[] message in _channel.Receive(bytes))
        {
            if (message.Length > 0 && !_rebooting)
            {
                Take(message, from);
            }
        }
    }

    public long Advance()
    {
        Happen();
        long next = Time();
        while (_instrument.Clock.TimeOf(MonitorClock.CycleStart(_cycle)) + _jitter <= Now)
        {
            Cycle();
        }

        next = Math.Min(next, _instrument.Clock.TimeOf(MonitorClock.CycleStart(_cycle)) + _jitter);
        next = Math.Min(next, _outbox.Advance());
        return Math.Min(next, _channel.Advance());
    }

    /// <summary>Faults that happen at an instant.</summary>
    private void Happen()
    {
        FaultSchedule faults = _simulation.Faults;
        if (faults.Began(MonitorFaults.Reboot))
        {
            End();
            _outbox.Clear();
            _instrument.Clock.Restart();
            _cycle = 0;
            _silentUntil = Now + RestartTakes;
            _nextIndication = _silentUntil;
            _rebooting = true;
        }

        _rebooting = Now < _silentUntil;
        if (faults.Began(MonitorFaults.ClockJump))
        {
            _instrument.Clock.SetWall(TimeSpan.FromHours(1));
        }

        if (faults.Began(MonitorFaults.Abort) && _phase is not Phase.Free)
        {
            Abort();
        }

        if (faults.Began(MonitorFaults.PatientChange))
        {
            _polls.Patient = _settings.NextPatient;
        }

        if (faults.Began(MonitorFaults.Discharge))
        {
            _polls.Patient = _polls.Patient.Discharged();
        }
    }

    /// <summary>What the association's timers bring; returns when the next one is due.</summary>
    private long Time()
    {
        switch (_phase)
        {
            case Phase.Free:
                return Indicate();
            case Phase.Accepting:
                if (Now >= _acceptAt)
                {
                    Accept();
                }

                return _phase is Phase.Accepting ? _acceptAt : _announceNext;
            case Phase.Announcing:
                if (Now >= _acceptAt + AnnounceAtMost)
                {
                    Abort();
                    return Now;
                }

                if (Now >= _announceNext && _announced < Announcements)
                {
                    Announce(Now);
                }

                return _announced < Announcements ? _announceNext : _acceptAt + AnnounceAtMost;
            default:
                long expires = _lastRequest + Timeout(_profile?.MinimumPollPeriod ?? 0);
                if (Now < expires)
                {
                    return expires;
                }

                _simulation.Log.WriteLine("no request from the client for too long: association aborted");
                Abort();
                return Now;
        }
    }

    /// <summary>How long the monitor waits for a request, from the negotiated poll period (sheet, section 4.7). Ticks to nanoseconds.</summary>
    internal static long Timeout(uint pollPeriod)
    {
        const uint Short = 33 * 800;
        const uint Long = 43 * 8000;
        return pollPeriod switch
        {
            < Short => 10 * Second,
            <= Long => 3 * pollPeriod * MonitorClock.TickNanoseconds,
            _ => 130 * Second,
        };
    }

    private void Cycle()
    {
        MonitorClock clock = _instrument.Clock;
        long late = (clock.Ticks - MonitorClock.CycleStart(_cycle)) / MonitorClock.CycleTicks;
        _cycle += late > MostCyclesLate ? late : 0;
        long tick = MonitorClock.CycleStart(_cycle);
        if (_instrument.Source.IsOver(WaveStream.NextAfter(tick - MonitorClock.CycleTicks)) && !_outbox.Silent)
        {
            _simulation.Log.WriteLine("the record is over: silent from here");
            _outbox.Silent = true;
        }

        if (_phase is Phase.Operating)
        {
            _polls.Cycle(tick, Math.Max(Now, clock.TimeOf(tick) + _jitter));
        }

        _cycle++;
        bool jitters = _simulation.Faults.Active(MonitorFaults.CycleJitter);
        _jitter = jitters ? _random.NextInt64(-JitterNanoseconds, JitterNanoseconds) : 0;
    }

    private long Indicate()
    {
        if (_settings.Indicate is not { } destination || _simulation.Address is not { } address)
        {
            return long.MaxValue;
        }

        if (Now >= _nextIndication)
        {
            _outbox.Post(_instrument.System.ConnectIndication(address.Address, (ushort)address.Port), destination, Now);
            _nextIndication = Now + IndicateEvery;
        }

        return _nextIndication;
    }

    private void Take(byte[] message, IPEndPoint? from)
    {
        bool ours = _phase is not Phase.Free && Equals(from, _peer);
        switch (message[0])
        {
            case Association.Request:
                TakeRequest(message, from);
                break;
            case Association.ReleaseRequest when ours && _phase is Phase.Operating:
                _outbox.Clear();
                _outbox.Post(Association.ReleaseResponse.ToArray(), _peer, Now + ReleaseDelay);
                End();
                break;
            case Association.AbortType when ours:
                _outbox.Clear();
                End();
                break;
            case Association.DataMessage when ours && ClientMessage.Read(message) is { } said:
                Obey(said);
                break;
        }
    }

    private void TakeRequest(byte[] message, IPEndPoint? from)
    {
        bool again = Equals(from, _peer) && (_phase is Phase.Accepting or Phase.Announcing || (_phase is Phase.Operating && Now < _acceptAt + (3 * Second)));
        if (again)
        {
            return;
        }

        AssociationRequest? request = Association.Read(message);
        bool fits = request is { ProtocolVersion: Association.Version1, NomenclatureVersion: Association.Nomenclature, SystemType: Association.ClientSystem, Profile: not null };
        if (_phase is not Phase.Free || !fits || _simulation.Faults.Active(MonitorFaults.Refuse))
        {
            _outbox.Post(Association.Refuse.ToArray(), from, Now);
            return;
        }

        PollProfile asked = request!.Profile!; // the pattern above has looked
        uint most = (uint)_channel.Mtu;
        _profile = asked with
        {
            ReceiveMtu = Math.Max(SmallestMtu, Math.Min(most, asked.ReceiveMtu)),
            TransmitMtu = Math.Max(SmallestMtu, Math.Min(most, asked.TransmitMtu)),
            Extended = asked.Extended & _settings.Grant,
        };
        _peer = from;
        _phase = Phase.Accepting;
        _acceptAt = Now + (_settings.AcceptDelay ?? (long)(Second * (1.0 + (1.2 * _random.NextDouble()))));
    }

    private void Accept()
    {
        _phase = Phase.Announcing;
        _acceptAt = Now;
        _announced = 0;
        _polls.Peer = _peer;
        _polls.Profile = _profile;
        _polls.AssociationNumber++;
        _outbox.Post(Association.Accept(_profile!), _peer, Now); // set with the phase
        Announce(Now + 1_000_000);
    }

    private void Announce(long due)
    {
        _announced++;
        _announceNext = due + AnnounceAgain;
        MonitorClock clock = _instrument.Clock;
        long tick = clock.Ticks;
        _outbox.Post(_instrument.System.Created(1, _polls.AssociationNumber, clock.Relative(tick), clock.Wall(tick)), _peer, due);
    }

    private void Obey(ClientMessage said)
    {
        if (_phase is Phase.Announcing && said is ClientMessage.Confirmation { EventType: Notice.SystemCreated })
        {
            _phase = Phase.Operating;
            _lastRequest = Now;
        }

        if (_phase is not Phase.Operating || said is ClientMessage.Confirmation)
        {
            return;
        }

        _lastRequest = Now;
        byte[]? answer = said switch
        {
            ClientMessage.Poll poll => _polls.Take(poll),
            ClientMessage.Get get => Answer(get),
            ClientMessage.Set set => Answer(set),
            ClientMessage.UnknownAction unknown => PollEngine.Error(unknown.InvokeId, ErrorCode.NoSuchAction, w => w.U16(unknown.ObjectClass).U16(unknown.ActionType)),
            _ => null,
        };
        if (answer is not null)
        {
            _outbox.Post(answer, _peer, Now + AnswerDelay);
        }
    }

    private byte[] Answer(ClientMessage.Get get)
    {
        ushort[] unknown = [.. get.Attributes.Where(a => a is not (AttributeId.WaveList or AttributeId.NumericList))];
        if (unknown.Length == 0)
        {
            return ListReply.Encode(get.InvokeId, Command.Get, get.Attributes, _lists.Labels);
        }

        return PollEngine.Error(get.InvokeId, ErrorCode.GetListError, w =>
        {
            int opened = w.Object(ObjectClass.System).U16(unknown.Length).Open();
            foreach (ushort attribute in unknown)
            {
                _ = w.U16(NoSuchAttribute).U16(attribute);
            }

            w.Close(opened);
        });
    }

    /// <summary>Sets the lists; a SET that wants no confirmation gets none.</summary>
    private byte[]? Answer(ClientMessage.Set set)
    {
        foreach (ClientMessage.Modification modification in set.Modifications.Where(m => m.Attribute is AttributeId.WaveList or AttributeId.NumericList))
        {
            if (modification.Operator == Replace)
            {
                _lists.Replace(modification.Attribute, modification.Labels);
            }
            else if (modification.Operator == SetToDefault)
            {
                _lists.Reset(modification.Attribute);
            }
        }

        return set.Confirmed ? ListReply.Encode(set.InvokeId, Command.ConfirmedSet, [.. set.Modifications.Select(m => m.Attribute)], _lists.Labels) : null;
    }

    private void Abort()
    {
        _outbox.Clear();
        _outbox.Post(Association.Abort.ToArray(), _peer, Now);
        End();
    }

    private void End()
    {
        _phase = Phase.Free;
        _polls.Clear();
        _nextIndication = Math.Max(_nextIndication, Now + Second);
    }
}
