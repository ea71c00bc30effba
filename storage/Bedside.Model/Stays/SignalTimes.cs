namespace Bedside.Model.Stays;

/// <summary>From when to when signals came, [From, To); To = <see cref="BedTime.Open"/> while they come.</summary>
internal readonly record struct SignalRun(UtcInstant From, UtcInstant To, long Began, long Ended);

/// <summary>When signals of a patient came.</summary>
internal sealed class SignalTimes
{
    private readonly List<SignalRun> _runs = [];

    private SignalTimes(bool isKnown) => IsKnown = isKnown;

    /// <summary>Somebody ever told whether signals come.</summary>
    public bool IsKnown { get; }

    public bool ComeNow => _runs.Count > 0 && _runs[^1].To == BedTime.Open;

    public static SignalTimes Of(IEnumerable<Said> all)
    {
        Said[] events = [.. all.Where(said => said.Event.Kind is StayEventKind.SignalsBegan or StayEventKind.SignalsEnded).Order(Comparer<Said>.Create(Said.ByTime))];
        var times = new SignalTimes(events.Length > 0);
        Said? began = null;
        foreach (Said said in events)
        {
            if (said.Event.Kind == StayEventKind.SignalsBegan)
            {
                began ??= said;
            }
            else if (began is not null)
            {
                times.Add(began, said.At, said.Number);
                began = null;
            }
        }

        if (began is not null)
        {
            times.Add(began, BedTime.Open, 0);
        }

        return times;
    }

    /// <summary>Those of which something lies in [from, to), ascending.</summary>
    public IEnumerable<SignalRun> Between(UtcInstant from, UtcInstant to)
    {
        for (int i = EndingAfter(from); i < _runs.Count && _runs[i].From < to; i++)
        {
            yield return _runs[i];
        }
    }

    /// <summary>The end of the signals that come at a time; the time itself when none does, <see cref="BedTime.Open"/> when nobody knows.</summary>
    public UtcInstant EndOfRunAt(UtcInstant at)
    {
        int next = EndingAfter(at);
        if (next < _runs.Count && _runs[next].From <= at)
        {
            return _runs[next].To;
        }

        return IsKnown ? at : BedTime.Open;
    }

    /// <summary>Times without signals in [from, to), with the number of the event that says so.</summary>
    public IEnumerable<(UtcInstant From, UtcInstant To, long Ended)> Silences(UtcInstant from, UtcInstant to)
    {
        UtcInstant at = from;
        long ended = 0;
        foreach (SignalRun run in Between(from, to))
        {
            if (run.From > at)
            {
                yield return (at, run.From, ended);
            }

            (at, ended) = (run.To, run.Ended);
        }

        if (at < to)
        {
            int next = EndingAfter(from);
            yield return (at, to, ended == 0 && next > 0 ? _runs[next - 1].Ended : ended);
        }
    }

    private int EndingAfter(UtcInstant at) => Ascending.First(_runs.Count, i => _runs[i].To > at);

    private void Add(Said began, UtcInstant to, long ended)
    {
        if (began.At < to)
        {
            _runs.Add(new SignalRun(began.At, to, began.Number, ended));
        }
    }
}
