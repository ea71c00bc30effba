namespace Bedside.Model.Stays;

/// <summary>
/// From all that was said of who lies in the bed to who lay in it, and what is asked: a pure function, made wholly anew each time, so that what comes late, twice, or is
/// cancelled needs no code of its own. Sheet, sections 10.2 and 10.3. Messages whose times are all the same are taken in the order of arrival.
/// </summary>
public static class StayProjection
{
    /// <summary>
    /// <paramref name="events"/>: ascending by number. <paramref name="heard"/>: when the admissions said anything at all, where that is known to be later than the last event.
    /// What states a later time than <paramref name="now"/>, and than any arrival, waits for it.
    /// </summary>
    public static StayPicture Of(IReadOnlyList<StayEvent> events, StaySettings settings, UtcInstant now, UtcInstant? heard = null)
    {
        var aliases = StayAliases.Of(events);
        var said = SaidEvents.Of(events, aliases);
        UtcInstant horizon = events.Aggregate(now, (latest, e) => BedTime.Later(latest, e.Arrived));
        var clock = new StayClock(horizon);
        foreach (Said later in said.All.Where(one => one.At > horizon))
        {
            clock.Note(later.At);
        }

        Said[] known = [.. said.All.Where(one => one.At <= horizon)];
        UtcInstant? lastHeard = events.Where(e => e.Source == StaySource.Admissions).Aggregate(heard, (latest, e) => latest is { } at ? BedTime.Later(at, e.Arrived) : e.Arrived);
        var questions = new StayQuestions(said.Answers);
        var signals = SignalTimes.Of(known);
        var monitor = MonitorNames.Of(known, aliases, signals);
        var walk = new BedWalk(aliases, questions, signals, settings);
        walk.Walk(Step.Of(known, aliases, horizon));

        VisitToken VisitOf(PersonToken person, UtcInstant at) => Expected(walk, aliases, person, at, StaySettings.Nanoseconds(settings.ExpectedWithin));
        var occupied = new OccupiedBed(aliases, questions, monitor, signals, settings, clock);
        var free = new FreeBed(aliases, questions, monitor, signals, settings, clock);
        var pieces = new List<BedPiece>();
        Occupancy? before = null;
        UtcInstant at = new(long.MinValue);
        foreach (Occupancy occupancy in walk.Occupancies)
        {
            pieces.AddRange(free.Paint(at, occupancy.From, before, walk.Emptied, lastHeard is not null, VisitOf));
            pieces.AddRange(occupied.Paint(occupancy, lastHeard, (from, to) => walk.Leaves.Any(leave => leave.Key == occupancy.Key && leave.From < to && leave.To > from), VisitOf));
            (before, at) = (occupancy, occupancy.To);
        }

        if (at < BedTime.Open)
        {
            pieces.AddRange(free.Paint(at, BedTime.Open, before, walk.Emptied, lastHeard is not null, VisitOf));
        }

        AskMisunderstood(questions, aliases, said);
        long shown = StaySettings.Nanoseconds(settings.SettledShownFor);
        return new StayPicture(StayPieces.Join(pieces, horizon), questions.Tasks(horizon.Add(-shown)), lastHeard, signals.ComeNow, clock.Next, aliases.Survivors);
    }

    /// <summary>The visit of a patient whom the admissions know, and who is in the hospital then or was not long before.</summary>
    private static VisitToken Expected(BedWalk walk, StayAliases aliases, PersonToken person, UtcInstant at, long within) =>
        walk.Visits
            .Where(pair => pair.Key.Visit.IsKnown && aliases.PersonOf(pair.Key) == person && (!pair.Value.IsOver || pair.Value.LastAt is not { } over || at <= BedTime.After(over, within)))
            .OrderBy(pair => pair.Value.FirstAt).ThenBy(pair => pair.Key.Visit.Value)
            .Select(pair => pair.Key.Visit).LastOrDefault();

    /// <summary>Circles of merges, and cancels that took something else than they named.</summary>
    private static void AskMisunderstood(StayQuestions questions, StayAliases aliases, SaidEvents said)
    {
        foreach (Said circle in aliases.Refused)
        {
            questions.Ask(StayTaskKind.NotUnderstood, StayQuestions.Key(StayTaskKind.NotUnderstood, circle.Number), (circle.At, BedTime.After(circle.At, 1)), circle.Event.Person, circle.Event.OtherPerson);
        }

        foreach (CancelGuess guess in said.Guesses)
        {
            VisitKey key = aliases.KeyOf(guess.Cancel.Event);
            UtcInstant from = BedTime.Earlier(guess.Cancelled.At, guess.Cancel.At);
            UtcInstant to = said.All.Where(one => IsMove(one.Event.Kind) && one.Stated > guess.Cancel.Stated && one.At > from && aliases.KeyOf(one.Event) == key)
                .Select(one => one.At).DefaultIfEmpty(BedTime.Open).Min();
            questions.Ask(StayTaskKind.NotUnderstood, StayQuestions.Key(StayTaskKind.NotUnderstood, guess.Cancel.Number), (from, to), aliases.PersonOf(key), default);
        }
    }

    private static bool IsMove(StayEventKind kind) => kind is StayEventKind.Admit or StayEventKind.Transfer or StayEventKind.Discharge or StayEventKind.Swap;
}
