namespace Bedside.Model.Stays;

/// <summary>A device named a patient over [From, To); unknown = none.</summary>
internal readonly record struct NamedPatient(UtcInstant From, UtcInstant To, PersonToken Person, Said Said);

/// <summary>Whom the devices name: of several that name one, the one that said so last. What a device names counts while signals come.</summary>
internal sealed class MonitorNames
{
    private readonly List<NamedPatient> _names = [];

    public static MonitorNames Of(IEnumerable<Said> all, StayAliases aliases, SignalTimes signals)
    {
        var names = new MonitorNames();
        var byDevice = new Dictionary<string, (PersonToken Person, Said Said)>(StringComparer.Ordinal);
        Said[] events = [.. all.Where(said => said.Event.Kind == StayEventKind.MonitorPatient).Order(Comparer<Said>.Create(Said.ByTime))];
        for (int i = 0; i < events.Length; i++)
        {
            byDevice[events[i].Event.By] = (aliases.Survivor(events[i].Event.Person), events[i]);
            (PersonToken person, Said said) = byDevice.Values.Where(named => named.Person.IsKnown).OrderBy(named => named.Said.At).ThenBy(named => named.Said.Number).LastOrDefault((default, events[i]));
            UtcInstant to = i + 1 < events.Length ? events[i + 1].At : BedTime.Open;
            names.Add(new NamedPatient(events[i].At, to, person, said), signals);
        }

        return names;
    }

    /// <summary>Whom a device names at a time, and since which statement; null = nobody.</summary>
    public NamedPatient? At(UtcInstant time)
    {
        int next = BeginningAfter(time);
        return next > 0 && time < _names[next - 1].To ? _names[next - 1] : null;
    }

    /// <summary>When a device names somebody next, later than a time; <see cref="BedTime.Open"/> = never.</summary>
    public UtcInstant NextAfter(UtcInstant time) => BeginningAfter(time) is var next && next < _names.Count ? _names[next].From : BedTime.Open;

    /// <summary>Those of which something lies in [from, to), ascending.</summary>
    public IEnumerable<NamedPatient> Between(UtcInstant from, UtcInstant to)
    {
        for (int i = Ascending.First(_names.Count, at => _names[at].To > from); i < _names.Count && _names[i].From < to; i++)
        {
            yield return _names[i];
        }
    }

    /// <summary>Instants near a time at which the name became, or ceased to be, one.</summary>
    public IEnumerable<UtcInstant> Changes(UtcInstant near, long within, Func<PersonToken, bool> concerns, bool begins)
    {
        foreach (NamedPatient name in Between(near.Add(-within - 1), BedTime.After(near, within + 1)).Where(name => concerns(name.Person)))
        {
            UtcInstant at = begins ? name.From : name.To;
            if (at != BedTime.Open && Math.Abs(at.Since(near)) <= within)
            {
                yield return at;
            }
        }
    }

    private void Add(NamedPatient name, SignalTimes signals)
    {
        if (!name.Person.IsKnown || name.From >= name.To)
        {
            return;
        }

        if (!signals.IsKnown)
        {
            Join(name);
            return;
        }

        foreach (SignalRun run in signals.Between(name.From, name.To))
        {
            Join(name with { From = BedTime.Later(run.From, name.From), To = BedTime.Earlier(run.To, name.To) });
        }
    }

    private int BeginningAfter(UtcInstant time) => Ascending.First(_names.Count, i => _names[i].From > time);

    private void Join(NamedPatient name)
    {
        if (_names.Count > 0 && _names[^1].To == name.From && _names[^1].Person == name.Person)
        {
            _names[^1] = _names[^1] with { To = name.To };
        }
        else
        {
            _names.Add(name);
        }
    }
}
