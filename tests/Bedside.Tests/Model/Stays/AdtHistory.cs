using Bedside.Model;
using Bedside.Model.Stays;

namespace Bedside.Tests.Model.Stays;

/// <summary>
/// Ten days of a small hospital from a seed, as its admissions tell them: visits and persons, moves in and out of this bed, cancels, merges, swaps, discharges that are taken
/// back, updates, some of them late. Every message is true, but for those that are cancelled, and states its times. With it, who really lay in this bed.
/// </summary>
internal sealed class AdtHistory
{
    private const int Here = 1;
    private const int Beds = 5;
    private const long Minute = 60_000_000_000;
    private static readonly UtcInstant Start = new(1_790_000_000_000_000_000);

    private readonly Random _random;
    private readonly List<StayEvent> _events = [];
    private readonly List<Visit> _visits = [];
    private readonly List<(UInt128 Visit, UtcInstant From, UtcInstant? To)> _truth = [];
    private UtcInstant _now = Start;
    private ulong _token = 1000;

    public AdtHistory(int seed)
    {
        _random = new Random(seed);
        for (int step = 0; step < 60; step++)
        {
            _now = _now.Add(_random.Next(5, 400) * Minute);
            Do(_random.Next(20));
        }

        End = _now.Add(60 * Minute);
        _events.Sort((left, right) => left.Recorded!.Value.CompareTo(right.Recorded!.Value));
    }

    /// <summary>In the order in which they were recorded, arriving then.</summary>
    public IReadOnlyList<StayEvent> Events => _events;

    public UtcInstant End { get; }

    /// <summary>Which visit lay in this bed; null = none.</summary>
    public UInt128? Truth(UtcInstant at) =>
        _truth.Where(stay => stay.From <= at && !(at >= stay.To)).Select(stay => (UInt128?)stay.Visit).SingleOrDefault();

    public IEnumerable<UtcInstant> Boundaries => _truth.SelectMany(stay => new[] { stay.From, stay.To ?? End });

    private Visit? InBed => _visits.Find(visit => visit.Bed == Here);

    private void Do(int what)
    {
        Visit? some = _visits.Count > 0 ? _visits[_random.Next(_visits.Count)] : null;
        if (what < 3 || some is null)
        {
            Admit();
            return;
        }

        Action action = what switch
        {
            < 8 => () => Transfer(some),
            8 => () => Discharge(some),
            9 => WrongAdmission,
            10 => () => WrongTransfer(some),
            11 => () => WrongDischarge(some),
            12 => Swap,
            13 or 14 => () => Update(some),
            15 => () => MergePersons(some),
            16 => () => MergeVisits(some),
            17 => () => Move(some),
            18 => () => Leave(some),
            _ => () => Delete(some),
        };
        action();
    }

    private void Admit()
    {
        Visit visit = NewVisit();
        Put(visit, FreeBed());
        Say(StayEventKind.Admit, visit, _now);
    }

    private void Transfer(Visit visit)
    {
        int before = visit.Bed;
        Put(visit, before == Here ? OtherBed() : FreeBed());
        if (visit.Bed == before)
        {
            return;
        }

        StayEvent said = Say(StayEventKind.Transfer, visit, _now, before);
        if (_random.Next(5) == 0 && said.Recorded!.Value.Since(_now) > 4 * Minute)
        {
            // An update from before the move was recorded, sent after it: it names the bed from before.
            Add(Of(StayEventKind.Update, visit, happened: null, before) with { Recorded = said.Recorded.Value.Add(-Minute), Sent = said.Recorded.Value.Add(2 * Minute) });
            _now = _now.Add(60 * Minute);
        }
    }

    private void Discharge(Visit visit)
    {
        Say(StayEventKind.Discharge, visit, _now);
        Put(visit, 0);
        _ = _visits.Remove(visit);
    }

    private void WrongAdmission()
    {
        Visit visit = NewVisit();
        visit.Bed = _random.Next(2) == 0 ? Here : OtherBed();
        Cancel(Say(StayEventKind.Admit, visit, _now), StayEventKind.CancelAdmit);
        _ = _visits.Remove(visit);
    }

    private void WrongTransfer(Visit visit)
    {
        int before = visit.Bed;
        visit.Bed = before == Here || _random.Next(2) == 0 ? OtherBed() : Here;
        Cancel(Say(StayEventKind.Transfer, visit, _now, before), StayEventKind.CancelTransfer);
        visit.Bed = before;
    }

    private void WrongDischarge(Visit visit) => Cancel(Say(StayEventKind.Discharge, visit, _now), StayEventKind.CancelDischarge);

    /// <summary>EVN-6 is that of what is cancelled; the places are not to be relied on.</summary>
    private void Cancel(StayEvent cancelled, StayEventKind kind)
    {
        _now = _now.Add(_random.Next(60, 300) * Minute);
        Add(cancelled with { Kind = kind, Recorded = _now, Sent = _now, Content = Token(), Place = (Place)_random.Next(3), Before = (Place)_random.Next(3) });
        _now = _now.Add(60 * Minute);
    }

    private void Swap()
    {
        Visit? other = _visits.Find(visit => visit.Bed != Here);
        if (InBed is not { } one || other is null)
        {
            return;
        }

        int bed = other.Bed;
        Put(one, bed);
        Put(other, Here);
        (Visit first, Visit second) = _random.Next(2) == 0 ? (one, other) : (other, one);
        Add(Of(StayEventKind.Swap, first, _now, first.Bed) with { Recorded = Late(), OtherVisit = second.Token, OtherPerson = second.Person, OtherPlace = PlaceOf(second.Bed) });
    }

    private void Update(Visit visit) => Add(Of(StayEventKind.Update, visit, _now, visit.Bed) with { Recorded = _now, Sent = _now });

    private void MergePersons(Visit visit)
    {
        var survivor = new PersonToken(Token());
        StayEvent said = Of(StayEventKind.MergePersons, visit, _now, visit.Bed) with { Person = survivor, OtherPerson = visit.Person, Visit = default, Recorded = Late(), Place = Place.Unstated };
        foreach (Visit same in _visits.Where(known => known.Person == said.OtherPerson))
        {
            same.Person = survivor;
        }

        Add(said);
        _now = _now.Add(60 * Minute);
    }

    private void MergeVisits(Visit visit)
    {
        var survivor = new VisitToken(Token());
        Add(Of(StayEventKind.MergeVisits, visit, _now, visit.Bed) with { Visit = survivor, OtherVisit = visit.Token, Recorded = Late() });
        for (int i = 0; i < _truth.Count; i++)
        {
            _truth[i] = _truth[i].Visit == visit.Token.Value ? _truth[i] with { Visit = survivor.Value } : _truth[i];
        }

        visit.Token = survivor;
    }

    private void Move(Visit visit)
    {
        var person = new PersonToken(Token());
        Add(Of(StayEventKind.MoveVisit, visit, _now, visit.Bed) with { Person = person, OtherPerson = visit.Person, OtherVisit = visit.Token, Recorded = Late() });
        visit.Person = person;
        _now = _now.Add(60 * Minute);
    }

    private void Leave(Visit visit)
    {
        Say(StayEventKind.LeaveBegins, visit, _now);
        _now = _now.Add(_random.Next(10, 200) * Minute);
        Say(StayEventKind.LeaveEnds, visit, _now);
        Say(StayEventKind.Planned, visit, _now.Add(Minute));
    }

    private void Delete(Visit visit)
    {
        _now = _now.Add(60 * Minute);
        Say(StayEventKind.DeleteVisit, visit, _now);
        Put(visit, 0);
        _ = _visits.Remove(visit);
        _ = _truth.RemoveAll(stay => stay.Visit == visit.Token.Value);
        _now = _now.Add(60 * Minute);
    }

    private Visit NewVisit()
    {
        PersonToken person = _visits.Count > 0 && _random.Next(6) == 0 ? _visits[0].Person : new PersonToken(Token());
        var visit = new Visit { Token = new VisitToken(Token()), Person = person, Admitted = _now };
        _visits.Add(visit);
        return visit;
    }

    private int OtherBed() => _random.Next(Here + 1, Here + Beds);

    private int FreeBed() => InBed is null && _random.Next(3) > 0 ? Here : OtherBed();

    private void Put(Visit visit, int bed)
    {
        int open = _truth.FindIndex(stay => stay.Visit == visit.Token.Value && stay.To is null);
        if (visit.Bed == Here && bed != Here && open >= 0)
        {
            _truth[open] = _truth[open] with { To = _now };
        }
        else if (visit.Bed != Here && bed == Here)
        {
            _truth.Add((visit.Token.Value, _now, null));
        }

        visit.Bed = bed;
    }

    private StayEvent Say(StayEventKind kind, Visit visit, UtcInstant happened, int? before = null)
    {
        StayEvent said = Of(kind, visit, happened, visit.Bed) with { Recorded = Late(), Before = before is { } bed ? PlaceOf(bed) : Place.Unstated };
        said = kind == StayEventKind.Discharge && _random.Next(2) == 0 ? said with { Discharged = happened } : said;
        Add(said);
        return said;
    }

    private StayEvent Of(StayEventKind kind, Visit visit, UtcInstant? happened, int bed) => new()
    {
        Kind = kind,
        Source = StaySource.Admissions,
        Arrived = default,
        Happened = happened,
        Admitted = visit.Admitted,
        Visit = visit.Token,
        Person = visit.Person,
        Place = PlaceOf(bed),
        PlaceMark = (ulong)bed,
        Content = Token(),
    };

    /// <summary>No two messages are recorded at the same instant.</summary>
    private void Add(StayEvent said)
    {
        UtcInstant recorded = said.Recorded!.Value;
        while (_events.Exists(other => other.Recorded == recorded))
        {
            recorded = recorded.Add(1_000_000_000);
        }

        _events.Add(said with { Recorded = recorded, Sent = said.Sent ?? recorded.Add(1_000_000_000), Arrived = recorded.Add(2_000_000_000) });
    }

    private UtcInstant Late() => _now.Add(_random.Next(50) * Minute);

    private UInt128 Token() => _token++;

    private static Place PlaceOf(int bed) => bed == Here ? Place.Here : Place.Elsewhere;

    private sealed class Visit
    {
        public VisitToken Token { get; set; }

        public PersonToken Person { get; set; }

        public int Bed { get; set; }

        public UtcInstant Admitted { get; init; }
    }
}
