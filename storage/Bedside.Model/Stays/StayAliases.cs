namespace Bedside.Model.Stays;

/// <summary>A visit, or where none was named the person it is of.</summary>
internal readonly record struct VisitKey(VisitToken Visit, PersonToken Person);

/// <summary>Which visits and persons are the same, and whose each visit is. A circle of merges is refused and told.</summary>
internal sealed class StayAliases
{
    private readonly MergeTable _visits = new();
    private readonly MergeTable _persons = new();
    private readonly Dictionary<VisitToken, PersonToken> _personOf = [];
    private readonly List<Said> _refused = [];

    private StayAliases()
    {
    }

    /// <summary>Merges that go in a circle.</summary>
    public IReadOnlyList<Said> Refused => _refused;

    public StaySurvivors Survivors => new(_visits, _persons);

    /// <summary>Reads merges, moves and the persons of visits from all events that stand, in the order of their statements.</summary>
    public static StayAliases Of(IReadOnlyList<StayEvent> events)
    {
        HashSet<long> takenBack = SaidEvents.TakenBack(events);
        List<Said> said = [.. events.Where(e => e.Source == StaySource.Admissions && !takenBack.Contains(e.Number)).Select(Said.Of)];
        said.Sort(Said.ByStatement);
        var aliases = new StayAliases();
        said.ForEach(aliases.Merge);
        said.ForEach(aliases.Attribute);
        return aliases;
    }

    public PersonToken Survivor(PersonToken person) => new(_persons.Find(person.Value));

    public VisitKey KeyOf(StayEvent said) => KeyOf(said.Visit, said.Person);

    public VisitKey KeyOf(VisitToken visit, PersonToken person) =>
        visit.IsKnown ? new VisitKey(new VisitToken(_visits.Find(visit.Value)), default) : new VisitKey(default, Survivor(person));

    /// <summary>Unknown when nobody said whose visit it is.</summary>
    public PersonToken PersonOf(VisitKey key) => key.Visit.IsKnown ? Survivor(_personOf.GetValueOrDefault(key.Visit)) : Survivor(key.Person);

    private void Merge(Said said)
    {
        StayEvent e = said.Event;
        bool isFine = e.Kind switch
        {
            StayEventKind.MergePersons => _persons.TryMerge(e.OtherPerson.Value, e.Person.Value),
            StayEventKind.MergeVisits => _visits.TryMerge(e.OtherVisit.Value, e.Visit.Value),
            _ => true,
        };
        if (!isFine)
        {
            _refused.Add(said);
        }
    }

    /// <summary>The last statement of whose a visit is counts.</summary>
    private void Attribute(Said said)
    {
        StayEvent e = said.Event;
        bool isMove = e.Kind == StayEventKind.MoveVisit;
        VisitToken visit = e.Visit.IsKnown || !isMove ? e.Visit : e.OtherVisit;
        if (isMove && !visit.IsKnown && e.Person.IsKnown && e.OtherPerson.IsKnown)
        {
            MoveAll(Survivor(e.OtherPerson), e.Person);
        }

        Put(visit, e.Person);
        if (e.Kind == StayEventKind.Swap)
        {
            Put(e.OtherVisit, e.OtherPerson);
        }
    }

    private void Put(VisitToken visit, PersonToken person)
    {
        if (visit.IsKnown && person.IsKnown)
        {
            _personOf[new VisitToken(_visits.Find(visit.Value))] = person;
        }
    }

    /// <summary>A number that now stands for another person takes its visits along.</summary>
    private void MoveAll(PersonToken from, PersonToken to)
    {
        foreach (VisitToken visit in _personOf.Where(pair => Survivor(pair.Value) == from).Select(pair => pair.Key).ToArray())
        {
            _personOf[visit] = to;
        }
    }
}
