using Bedside.Model;

namespace Bedside.Ingest.Drivers.DraegerMedibus;

/// <summary>
/// Gets the realtime streams going and keeps them going: 53H, 54H, then the enabling bytes again and again, for lost ones
/// would be lost for good (sheet 7.2, 7.3, 7.5).
/// </summary>
internal sealed class RealtimeSetup(SessionOptions options, TraceStreams streams)
{
    private const long Second = 1_000_000_000;
    private const long RepeatEnable = 3 * Second;
    private const long AskAgain = 60 * Second;
    private const long AskAgainAfterDamage = 5 * Second;
    private const int MostDamagedInARow = 8;

    /// <summary>One choice of traces may go unanswered for other reasons than the choice.</summary>
    private const int RefusalsUntilFewer = 2;

    private Step _step;
    private MonotonicInstant? _notBefore;
    private MonotonicInstant _enabledAt;
    private bool _allowed;
    private int _most = Outgoing.MostTraces;
    private int _complaints;
    private int _refusals;
    private bool _confirmed;

    private enum Step
    {
        AskOffers,
        Choose,
        Enable,
        Flow,
    }

    /// <summary>Whether the device may be sent arguments, without which there are no streams.</summary>
    public void Allow(bool allowed) => _allowed = allowed;

    /// <summary>From the beginning: the device forgot.</summary>
    public void Again()
    {
        _step = Step.AskOffers;
        _most = _confirmed ? Outgoing.MostTraces : _most;
        _confirmed = false;
    }

    /// <summary>From the beginning, and now: the device said that its scaling changed.</summary>
    public void Changed()
    {
        _step = Step.AskOffers;
        _notBefore = null;
    }

    /// <summary>The question to ask now, if any.</summary>
    public byte[]? Next(MonotonicInstant now, IDriverOutput output)
    {
        if (!_allowed)
        {
            return null;
        }

        if (_step == Step.Flow && streams.DamagedInARow >= MostDamagedInARow)
        {
            _step = Step.AskOffers;
        }

        switch (_step)
        {
            case Step.AskOffers when _notBefore is MonotonicInstant until && now.Since(until) < 0:
                return null;
            case Step.AskOffers:
                if (streams.Count > 0)
                {
                    streams.End(output, "the traces are configured anew");
                    output.Send(Outgoing.Enable(0));
                }

                return QuestionOffers;
            case Step.Choose:
                IReadOnlyList<TraceChoice> choices = TraceSelection.Choose(streams.Offers, options.Line, _most);
                streams.Choose(choices);
                return Messages.WriteChoices(choices);
            default:
                return null;
        }
    }

    /// <summary>The answer to 53H is in.</summary>
    public void Offered(MonotonicInstant now)
    {
        if (streams.Offers.Count > 0)
        {
            _step = Step.Choose;
        }
        else
        {
            Wait(now, AskAgain);
        }
    }

    /// <summary>The device confirmed 54H.</summary>
    public void Chosen()
    {
        _step = Step.Enable;
        _refusals = 0;
        _confirmed = true;
    }

    /// <summary>Sends the enabling bytes where they are due. They get no answer and do not keep the line alive.</summary>
    public void LetFlow(MonotonicInstant now, IDriverOutput output)
    {
        bool due = _step == Step.Enable
            || (_step == Step.Flow && (now.Since(_enabledAt) >= RepeatEnable || streams.Complaints != _complaints));
        if (due)
        {
            _step = Step.Flow;
            _enabledAt = now;
            _complaints = streams.Complaints;
            output.Send(Outgoing.Enable(streams.Count));
        }
    }

    /// <summary>
    /// True when the question whose answers all came damaged was one of ours: the line is bad, which says nothing of the
    /// device.
    /// </summary>
    public bool Postpone(byte[] question, MonotonicInstant now)
    {
        bool ours = question[1] is MedibusCode.ConfigureRealtime or MedibusCode.RealtimeConfiguration;
        if (ours)
        {
            Wait(now, AskAgainAfterDamage);
        }

        return ours;
    }

    /// <summary>
    /// True when the question that was refused or stayed without an answer was one of ours. How many traces a device takes is not
    /// published: one that refuses the choice is asked for half as many.
    /// </summary>
    public bool GiveUp(byte[] question, MonotonicInstant now)
    {
        switch (question[1])
        {
            case MedibusCode.ConfigureRealtime when _most > 1:
                if (++_refusals >= RefusalsUntilFewer)
                {
                    _refusals = 0;
                    _most = Math.Max(1, Math.Min(_most, streams.Offers.Count) / 2);
                }

                _step = Step.Choose;
                return true;
            case MedibusCode.ConfigureRealtime:
            case MedibusCode.RealtimeConfiguration:
                Wait(now, AskAgain);
                return true;
            default:
                return false;
        }
    }

    private static byte[] QuestionOffers => Frame.Command(MedibusCode.RealtimeConfiguration);

    private void Wait(MonotonicInstant now, long nanoseconds)
    {
        _step = Step.AskOffers;
        _notBefore = now.Add(nanoseconds);
    }
}
