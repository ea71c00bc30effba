namespace Bedside.Model.Stays;

/// <summary>How sure it is that one occupancy was what the admissions say: grace times around its boundaries, doubts, and what devices say. Not for several threads.</summary>
internal sealed class OccupiedBed(StayAliases aliases, StayQuestions questions, MonitorNames monitor, SignalTimes signals, StaySettings settings, StayClock clock)
{
    private readonly long _grace = StaySettings.Nanoseconds(settings.Grace);
    private readonly long _conflictAfter = StaySettings.Nanoseconds(settings.ConflictAfter);

    /// <summary>An occupancy in pieces.</summary>
    /// <param name="heard">The last that the admissions said.</param>
    /// <param name="away">The visit is on leave in this time.</param>
    public IReadOnlyList<BedPiece> Paint(Occupancy occupied, UtcInstant? heard, Func<UtcInstant, UtcInstant, bool> away, Func<PersonToken, UtcInstant, VisitToken> visitOf)
    {
        PersonToken person = aliases.PersonOf(occupied.Key);
        var time = new BedTime([new BedPiece(occupied.From, occupied.To, occupied.Key.Visit, person, StayCertainty.Sure, occupied.Because)]);
        Grace(time, occupied, person);
        Stale(time, occupied, heard);
        foreach ((UtcInstant from, UtcInstant to, StayCertainty certainty, long because) in occupied.Doubts)
        {
            time.Doubt(from, to, certainty, because);
        }

        if (person.IsKnown)
        {
            Compare(time, occupied, person, visitOf);
        }

        Silence(time, occupied, person, away);
        return time.Pieces;
    }

    /// <summary>Between what the admissions say and what a device says of a boundary, or all of the grace time when none does.</summary>
    private void Grace(BedTime time, Occupancy occupied, PersonToken person)
    {
        if (occupied.Begins != Boundary.Person)
        {
            UtcInstant pin = Pin(occupied.From, person, begins: true) ?? BedTime.After(occupied.From, _grace);
            clock.Note(pin);
            time.Doubt(occupied.From, pin, StayCertainty.Uncertain);
        }

        if (occupied.To != BedTime.Open && occupied.Ends != Boundary.Person)
        {
            UtcInstant pin = Pin(occupied.To, person, begins: false) ?? occupied.To.Add(-_grace);
            time.Doubt(pin, occupied.To, StayCertainty.Uncertain);
        }
    }

    /// <summary>Where a device, or a pause of all signals, puts a boundary that the admissions put there; null = nowhere near.</summary>
    private UtcInstant? Pin(UtcInstant boundary, PersonToken person, bool begins)
    {
        IEnumerable<UtcInstant> pins = monitor.Changes(boundary, _grace, named => !person.IsKnown || named == person, begins);
        foreach ((UtcInstant from, UtcInstant to, _) in signals.IsKnown ? signals.Silences(boundary.Add(-_grace - _conflictAfter), BedTime.After(boundary, _grace + _conflictAfter)) : [])
        {
            UtcInstant now = BedTime.Earlier(to, clock.Now);
            if (now.Since(from) >= _conflictAfter)
            {
                pins = pins.Append(boundary < from ? from : boundary > to ? to : boundary);
            }
        }

        return pins.Where(pin => Math.Abs(pin.Since(boundary)) <= _grace).OrderBy(pin => Math.Abs(pin.Since(boundary))).Cast<UtcInstant?>().FirstOrDefault();
    }

    /// <summary>When the admissions are silent for long, nothing that they said is certain any more.</summary>
    private void Stale(BedTime time, Occupancy occupied, UtcInstant? heard)
    {
        if (occupied.To != BedTime.Open || heard is not { } last)
        {
            return;
        }

        UtcInstant known = occupied.Confirmed.Aggregate(last, (latest, confirmed) => BedTime.Later(latest, confirmed.Said));
        UtcInstant stale = BedTime.After(known, StaySettings.Nanoseconds(settings.StaleAfter));
        clock.Note(stale);
        time.Doubt(stale, BedTime.Open, StayCertainty.Uncertain);
    }

    private void Compare(BedTime time, Occupancy occupied, PersonToken person, Func<PersonToken, UtcInstant, VisitToken> visitOf)
    {
        foreach (NamedPatient named in monitor.Between(occupied.From, occupied.To).Where(named => named.Person != person))
        {
            UtcInstant from = BedTime.Later(named.From, occupied.From);
            UtcInstant to = BedTime.Earlier(named.To, occupied.To);
            foreach ((UtcInstant since, UtcInstant said) in occupied.Confirmed.Where(confirmed => named.Said.At <= confirmed.Said))
            {
                to = BedTime.Earlier(to, BedTime.Later(from, since));
            }

            bool isChanging = (from == occupied.From && to.UnixNanoseconds - from.UnixNanoseconds <= _grace && monitor.At(to)?.Person == person)
                || (to == occupied.To && to != BedTime.Open && to.Since(from) <= _grace && monitor.At(from.Add(-1))?.Person == person);
            UtcInstant counts = BedTime.After(from, _conflictAfter);
            clock.Note(counts);
            if (!isChanging && to > counts && clock.Now > counts)
            {
                Conflict(time, occupied, person, named with { From = from, To = to }, visitOf);
            }
        }
    }

    private void Conflict(BedTime time, Occupancy occupied, PersonToken person, NamedPatient named, Func<PersonToken, UtcInstant, VisitToken> visitOf)
    {
        string key = StayQuestions.Key(StayTaskKind.TwoPatients, named.Said.Number, occupied.OpenedBy);
        questions.Ask(StayTaskKind.TwoPatients, key, (named.From, named.To), person, named.Person);
        StayEvent? answer = questions.Answer(StayTaskKind.TwoPatients, key);
        time.Paint(named.From, named.To, piece => answer?.Choice switch
        {
            StayChoices.Admissions => piece with { Certainty = StayCertainty.Sure, Because = [.. piece.Because, answer.Number] },
            StayChoices.Monitor => new BedPiece(piece.From, piece.To, visitOf(named.Person, named.From), named.Person, StayCertainty.Sure, [named.Said.Number, answer.Number]),
            StayChoices.Nobody => new BedPiece(piece.From, piece.To, default, default, StayCertainty.NoPatientYet, [answer.Number]),
            _ => piece with { Certainty = StayCertainty.Conflict, Because = [.. piece.Because, named.Said.Number] },
        });
    }

    /// <summary>Somebody is admitted, and no signal comes.</summary>
    private void Silence(BedTime time, Occupancy occupied, PersonToken person, Func<UtcInstant, UtcInstant, bool> away)
    {
        if (!signals.IsKnown)
        {
            return;
        }

        foreach ((UtcInstant from, UtcInstant to, long ended) in signals.Silences(occupied.From, occupied.To))
        {
            UtcInstant counts = BedTime.After(from, StaySettings.Nanoseconds(settings.NoSignalsAfter));
            clock.Note(counts);
            string key = StayQuestions.Key(StayTaskKind.AdmittedWithoutSignals, occupied.OpenedBy, ended);
            StayEvent? answer = questions.Answer(StayTaskKind.AdmittedWithoutSignals, key);
            if (answer is not null || (to == BedTime.Open && clock.Now > counts && !away(from, to)))
            {
                questions.Ask(StayTaskKind.AdmittedWithoutSignals, key, (from, to), person, default);
            }

            if (answer?.Choice == StayChoices.NotHere)
            {
                time.Paint(from, to, _ => null);
            }
        }
    }
}
