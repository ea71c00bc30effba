namespace Bedside.Model.Stays;

/// <summary>
/// Goes through what was said of visits in the order of time, and finds who occupied this bed from when to when. Sheet, sections 10.2 (rules 4 to 6) and 10.3.
/// Not for several threads.
/// </summary>
internal sealed class BedWalk(StayAliases aliases, StayQuestions questions, SignalTimes signals, StaySettings settings)
{
    private readonly long _grace = StaySettings.Nanoseconds(settings.Grace);
    private readonly Dictionary<VisitKey, VisitState> _visits = [];
    private readonly List<Occupancy> _done = [];
    private readonly List<(UtcInstant From, UtcInstant Said)> _emptied = [];
    private readonly List<(VisitKey Key, UtcInstant From, UtcInstant To)> _leaves = [];
    private readonly WalkQuestions _open = new(aliases, questions, StaySettings.Nanoseconds(settings.Grace));
    private Occupancy? _current;
    private (UtcInstant Until, UtcInstant Said)? _guard;
    private UtcInstant _lastKnown = new(long.MinValue);

    /// <summary>Ascending, without overlap.</summary>
    public IReadOnlyList<Occupancy> Occupancies => _done;

    /// <summary>A person said that the bed is empty from then on, and at what time they said it.</summary>
    public IReadOnlyList<(UtcInstant From, UtcInstant Said)> Emptied => _emptied;

    /// <summary>Times of leave of absence.</summary>
    public IReadOnlyList<(VisitKey Key, UtcInstant From, UtcInstant To)> Leaves => _leaves;

    public IReadOnlyDictionary<VisitKey, VisitState> Visits => _visits;

    /// <summary>Takes the steps, ascending by time.</summary>
    public void Walk(IEnumerable<Step> steps)
    {
        foreach (Step step in steps)
        {
            EndHold(step.At);
            switch (step.Kind)
            {
                case StepKind.Arrive:
                    Arrive(step);
                    break;
                case StepKind.Depart:
                    Depart(step);
                    break;
                case StepKind.Update:
                    Update(step);
                    break;
                case StepKind.Confirm:
                    Confirm(step);
                    break;
                case StepKind.LeaveBegins:
                    _leaves.Add((step.Key, step.At, BedTime.Open));
                    break;
                case StepKind.LeaveEnds:
                    EndLeave(step);
                    break;
            }
        }

        EndHold(BedTime.Open);
        if (_current is not null)
        {
            Close(BedTime.Open, 0, Boundary.Admissions);
        }

        _open.Ask();
    }

    private VisitState Of(VisitKey key, UtcInstant at)
    {
        if (!_visits.TryGetValue(key, out VisitState? state))
        {
            _visits[key] = state = new VisitState { FirstAt = at };
        }

        return state;
    }

    private bool IsGuarded(UtcInstant at) => _guard is { } guard && at <= guard.Until;

    private void Arrive(Step step)
    {
        VisitState state = Of(step.Key, step.At);
        if (step.Before == Place.Here && state.Place != Place.Here && !IsGuarded(step.At))
        {
            NoteUnknown(step, state);
        }

        if (!IsGuarded(step.At))
        {
            Take(step);
        }

        _open.ExplainMoveIn(step);
        Note(step, state, Place.Here, isOver: false);
    }

    private void Take(Step step)
    {
        if (_current is { } here && here.Key == step.Key)
        {
            if (step.Before == Place.Elsewhere)
            {
                here.Doubts.Add((here.Evidence, step.At, StayCertainty.Provisional, step.Number));
            }

            here.Because.Add(step.Number);
            here.Evidence = step.At;
            EndDoubt(here, step.At);
            return;
        }

        if (_current is { } older)
        {
            string key = StayQuestions.Key(StayTaskKind.TwoVisits, step.Number, older.OpenedBy);
            if (questions.Answer(StayTaskKind.TwoVisits, key) is { } settled && settled.Choice == StayChoices.Older)
            {
                older.Because.Add(settled.Number);
                questions.Ask(StayTaskKind.TwoVisits, key, (older.Evidence, step.At), aliases.PersonOf(step.Key), aliases.PersonOf(older.Key));
                return;
            }

            UtcInstant evidence = older.Evidence;
            Close(step.At, step.Number, Boundary.Implied);
            _current = new Occupancy(step.Key, step.At, step.Number, Boundary.Admissions);
            _open.Overlaps.Add(new Overlap(older, _current, step.At, evidence));
            return;
        }

        _current = new Occupancy(step.Key, step.At, step.Number, Boundary.Admissions);
    }

    private void Depart(Step step)
    {
        VisitState state = Of(step.Key, step.At);
        bool wasHere = step.Before == Place.Here;
        if (IsGuarded(step.At))
        {
            Note(step, state, Place.Elsewhere, step.EndsVisit);
            return;
        }

        if (_current is { } here && here.Key == step.Key)
        {
            if (step.Before == Place.Elsewhere)
            {
                here.Doubts.Add((here.Evidence, step.At, StayCertainty.Provisional, step.Number));
            }

            LeaveBed(here, step);
        }
        else if (state.Place == Place.Here)
        {
            _open.NoteLeft(step);
        }
        else if (wasHere && !(state.LastAt is { } last && step.At.Since(last) <= _grace))
        {
            NoteUnknown(step, state);
        }

        _open.EndMovesIn(step);
        Note(step, state, Place.Elsewhere, step.EndsVisit);
    }

    private void LeaveBed(Occupancy here, Step step)
    {
        if (here.Doubted is { } doubted && step.At.Since(doubted.At) <= _grace && step.Before != Place.Elsewhere)
        {
            // The update was right, and a little early.
            here.Doubted = null;
            _open.Withdraw(doubted);
        }

        EndDoubt(here, step.At);
        string key = StayQuestions.Key(StayTaskKind.SignalsAfterDischarge, step.Number);
        UtcInstant signalsEnd = signals.EndOfRunAt(step.At);
        if (questions.Answer(StayTaskKind.SignalsAfterDischarge, key) is { } settled && settled.Choice == StayChoices.StillHere && signalsEnd > step.At)
        {
            here.Until = signalsEnd;
            here.Because.Add(settled.Number);
            here.Confirmed.Add((step.At, settled.Arrived));
            questions.Ask(StayTaskKind.SignalsAfterDischarge, key, (step.At, signalsEnd), default, aliases.PersonOf(here.Key));
            return;
        }

        Close(step.At, step.Number, Boundary.Admissions);
    }

    private void Update(Step step)
    {
        VisitState state = Of(step.Key, step.At);
        if (step.Said.Stated < state.MovedStated || (state.IsOver && !step.Said.IsWithdrawn))
        {
            return; // Older than the last move; or after the end, where the last place is repeated. A withdrawn end says that the visit goes on.
        }

        bool isCurrent = _current?.Key == step.Key;
        if (step.Place == Place.Elsewhere && isCurrent)
        {
            DoubtMoveOut(_current!, step);
        }
        else if (step.Place == Place.Elsewhere && (state.Place == Place.Unstated || state.IsOver))
        {
            Note(step, state, Place.Elsewhere, isOver: false);
        }
        else if (step.Place == Place.Here && isCurrent)
        {
            _current!.Evidence = step.At;
            EndDoubt(_current, step.At);
        }
        else if (step.Place == Place.Here && !IsGuarded(step.At))
        {
            MoveIn(step, state);
        }
    }

    private void DoubtMoveOut(Occupancy here, Step step)
    {
        if (here.Doubted is not null || here.Confirmed.Exists(confirmed => confirmed.Said >= step.At))
        {
            return;
        }

        string key = StayQuestions.Key(StayTaskKind.PossibleMove, step.Number);
        var move = new PossibleMove(step.Said, here.Key, key, here.Evidence);
        _open.Moves.Add(move);
        switch (questions.Answer(StayTaskKind.PossibleMove, key))
        {
            case { Choice: StayChoices.Moved } moved:
                here.Because.Add(moved.Number);
                move.To = step.At;
                Close(step.At, step.Number, Boundary.Person);
                Note(step, Of(step.Key, step.At), Place.Elsewhere, isOver: false);
                break;
            case { } stayed:
                here.Because.Add(stayed.Number);
                move.To = step.At;
                break;
            default:
                here.Doubted = step.Said;
                break;
        }
    }

    /// <summary>An update says that a visit is here which was not: whoever was never heard of is taken into an empty bed, any other is asked about.</summary>
    private void MoveIn(Step step, VisitState state)
    {
        if (state.Place == Place.Unstated && _current is null)
        {
            NoteUnknown(step, state);
            _current = new Occupancy(step.Key, step.At, step.Number, Boundary.Admissions);
            Note(step, state, Place.Here, isOver: false);
            return;
        }

        if (_open.IsAskedIn(step.Key) || (state.Place == Place.Here && _current is not null))
        {
            return;
        }

        string key = StayQuestions.Key(StayTaskKind.PossibleMove, step.Number);
        var possible = new PossibleMove(step.Said, step.Key, key, state.LastAt ?? step.Said.Event.Admitted ?? step.At) { IsIn = true };
        _open.Moves.Add(possible);
        if (questions.Answer(StayTaskKind.PossibleMove, key) is { } answer)
        {
            possible.To = step.At;
            if (answer.Choice == StayChoices.Moved)
            {
                Take(step);
                _current!.Because.Add(answer.Number);
                Note(step, state, Place.Here, isOver: false);
            }
        }
    }

    /// <summary>A person at the bed is believed from when they say on, whatever others say of the time until they said it.</summary>
    private void Confirm(Step step)
    {
        UtcInstant said = BedTime.Later(step.At, step.Said.Event.Arrived);
        if (_guard is { } guard && step.At <= guard.Until && step.Said.Event.Arrived < guard.Said)
        {
            return;
        }

        _guard = (said, step.Said.Event.Arrived);
        StayEvent e = step.Said.Event;
        VisitKey? who = e.Visit.IsKnown || e.Person.IsKnown ? Find(e) : null;
        if (who is null)
        {
            if (_current is not null)
            {
                Close(step.At, step.Number, Boundary.Person);
            }

            _emptied.Add((step.At, said));
            return;
        }

        if (_current is null || _current.Key != who)
        {
            if (_current is not null)
            {
                Close(step.At, step.Number, Boundary.Person);
            }

            _current = new Occupancy(who.Value, step.At, step.Number, Boundary.Person);
        }
        else
        {
            _current.Because.Add(step.Number);
            EndDoubt(_current, step.At);
        }

        _current.Confirmed.Add((step.At, said));
        _current.Evidence = said;
        _current.Until = null;
    }

    /// <summary>The visit that a person means: the one they name, else the one in the bed, else the last one of the patient they name.</summary>
    private VisitKey Find(StayEvent e)
    {
        if (e.Visit.IsKnown)
        {
            return aliases.KeyOf(e);
        }

        PersonToken person = aliases.Survivor(e.Person);
        if (_current is not null && aliases.PersonOf(_current.Key) == person)
        {
            return _current.Key;
        }

        VisitKey[] known = [.. _visits.Where(pair => !pair.Value.IsOver && aliases.PersonOf(pair.Key) == person).OrderBy(pair => pair.Value.LastAt ?? pair.Value.FirstAt).Select(pair => pair.Key)];
        return known.Length > 0 ? known[^1] : new VisitKey(default, person);
    }

    private void Close(UtcInstant at, long number, Boundary by)
    {
        Occupancy closed = _current!;
        UtcInstant known = at == BedTime.Open ? _lastKnown : by == Boundary.Implied ? LastCertain() : at;
        EndDoubt(closed, at);
        closed.To = at;
        closed.ClosedBy = number;
        closed.Ends = by;
        _current = null;
        _lastKnown = known;
        if (closed.From < closed.To)
        {
            _done.Add(closed);
        }
    }

    private void EndHold(UtcInstant now)
    {
        if (_current?.Until is { } until && until <= now && until != BedTime.Open)
        {
            Close(until, 0, Boundary.Person);
        }
    }

    private void EndDoubt(Occupancy here, UtcInstant at)
    {
        if (here.Doubted is { } doubted)
        {
            here.Doubts.Add((doubted.At, at, StayCertainty.Conflict, doubted.Number));
            here.Doubted = null;
            _open.End(doubted, at);
        }
    }

    private void EndLeave(Step step)
    {
        int at = _leaves.FindLastIndex(leave => leave.Key == step.Key && leave.To == BedTime.Open);
        if (at >= 0)
        {
            _leaves[at] = _leaves[at] with { To = step.At };
        }
    }

    /// <summary>It was here, and nobody had said that it came: since some time after what is known last.</summary>
    private void NoteUnknown(Step step, VisitState state)
    {
        // PV1-44 is the first patient's of a swap.
        UtcInstant? admitted = aliases.KeyOf(step.Said.Event) == step.Key ? step.Said.Event.Admitted : null;
        UtcInstant from = state.LastAt ?? admitted ?? BedTime.Earlier(LastCertain(), step.At);
        _open.Unknown.Add(new UnknownComing(step, from, _current));
    }

    /// <summary>Until then another was here for certain: one message alone that brought it may be the wrong one.</summary>
    private UtcInstant LastCertain() => _current is { } other && (other.Evidence > other.From || other.Begins == Boundary.Person) ? other.Evidence : _lastKnown;

    private static void Note(Step step, VisitState state, Place place, bool isOver)
    {
        state.Place = place;
        state.IsOver = isOver;
        state.LastAt = step.At;
        state.MovedStated = BedTime.Later(state.MovedStated, step.Said.Stated);
    }
}
