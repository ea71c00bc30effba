namespace Bedside.Model.Stays;

/// <summary>
/// What counts of all that was said: without what was taken back, said twice, or cancelled. In an order that does not depend on arrival as long as the messages
/// state their times. Sheet, section 10.2, rules 1 to 3.
/// </summary>
internal sealed class SaidEvents
{
    private SaidEvents(IReadOnlyList<Said> all, IReadOnlyList<CancelGuess> guesses, IReadOnlyDictionary<string, StayEvent> answers)
    {
        All = all;
        Guesses = guesses;
        Answers = answers;
    }

    /// <summary>By <see cref="Said.Stated"/>.</summary>
    public IReadOnlyList<Said> All { get; }

    /// <summary>Cancels of what never came, which took the latest of its kind instead.</summary>
    public IReadOnlyList<CancelGuess> Guesses { get; }

    /// <summary>The last answer to each question.</summary>
    public IReadOnlyDictionary<string, StayEvent> Answers { get; }

    public static SaidEvents Of(IReadOnlyList<StayEvent> events, StayAliases aliases)
    {
        HashSet<long> takenBack = TakenBack(events);
        var answers = new Dictionary<string, StayEvent>(StringComparer.Ordinal);
        var contents = new HashSet<UInt128>();
        var standing = new List<Said>();
        foreach (StayEvent said in events)
        {
            if (takenBack.Contains(said.Number) || said.Kind == StayEventKind.Undone || StayWishes.Is(said.Kind) || (said.Content != 0 && !contents.Add(said.Content)))
            {
                continue;
            }

            if (said.Kind == StayEventKind.Settled)
            {
                answers[said.Task] = said;
                continue;
            }

            standing.Add(Said.Of(said));
        }

        standing.Sort(Said.ByStatement);
        var cancels = new CancelMatching(aliases);
        List<Said> left = cancels.Apply(standing);
        left.AddRange(cancels.Cancelled.Select(WhereItWas).OfType<Said>());
        left.Sort(Said.ByStatement);
        return new SaidEvents(WithoutRepetitions(left), cancels.Guesses, answers);
    }

    /// <summary>Numbers of events that were taken back; taking back may itself be taken back.</summary>
    public static HashSet<long> TakenBack(IReadOnlyList<StayEvent> events)
    {
        var taken = new HashSet<long>();
        for (int i = events.Count - 1; i >= 0; i--)
        {
            StayEvent said = events[i];
            if (said.Kind == StayEventKind.Undone && !taken.Contains(said.Number)
                && long.TryParse(said.Task, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out long number) && number < said.Number)
            {
                taken.Add(number);
            }
        }

        return taken;
    }

    /// <summary>A move or a discharge that was cancelled says where the visit was, and stayed.</summary>
    private static Said? WhereItWas(Said cancelled)
    {
        StayEvent e = cancelled.Event;
        Place was = e.Kind switch { StayEventKind.Transfer => e.Before, StayEventKind.Discharge => e.Place, _ => Place.Unstated };
        return was == Place.Unstated ? null : cancelled with { IsWithdrawn = true, Event = e with { Kind = StayEventKind.Update, Place = was, PlaceMark = 0, Before = Place.Unstated } };
    }

    /// <summary>The same of the same visit at the same time and place, sent anew, is said once: as the first statement has it, under the first number.</summary>
    private static List<Said> WithoutRepetitions(List<Said> all)
    {
        var places = new Dictionary<Repetition, int>();
        var once = new List<Said>(all.Count);
        foreach (Said said in all)
        {
            StayEvent e = said.Event;
            if (e.Source != StaySource.Admissions || e.Happened is not { } happened || !(e.Visit.IsKnown || e.Person.IsKnown))
            {
                once.Add(said);
                continue;
            }

            var key = new Repetition(e.Kind, e.Visit, e.Visit.IsKnown ? default : e.Person, happened, (e.Place, e.PlaceMark), e.OtherVisit, e.OtherPerson);
            if (places.TryGetValue(key, out int at))
            {
                once[at] = once[at] with { Number = Math.Min(once[at].Number, said.Number), At = said.At < once[at].At ? said.At : once[at].At };
            }
            else
            {
                places[key] = once.Count;
                once.Add(said);
            }
        }

        return once;
    }

    private readonly record struct Repetition(StayEventKind Kind, VisitToken Visit, PersonToken Person, UtcInstant Happened, (Place Place, ulong Mark) Place, VisitToken OtherVisit, PersonToken OtherPerson);
}

/// <summary>An event with the times that count.</summary>
/// <param name="At">When it happened, as well as it is known.</param>
/// <param name="Stated">When it was said: what was said later is newer, whatever it speaks of.</param>
/// <param name="Number">The first one under which it was said.</param>
internal sealed record Said(StayEvent Event, UtcInstant At, UtcInstant Stated, long Number)
{
    /// <summary>It was cancelled; what is left of it is where the visit was.</summary>
    public bool IsWithdrawn { get; init; }

    /// <summary>EVN-6, then PV1-44/45, EVN-2, MSH-7, arrival; a discharge takes PV1-45 first, an update MSH-7.</summary>
    public static Said Of(StayEvent said)
    {
        UtcInstant stated = said.Recorded ?? said.Sent ?? said.Happened ?? said.Arrived;
        UtcInstant at = said.Kind switch
        {
            StayEventKind.Discharge => said.Discharged ?? said.Happened ?? stated,
            StayEventKind.Update => said.Sent ?? stated,
            StayEventKind.Admit => said.Happened ?? said.Admitted ?? stated,
            _ => said.Happened ?? stated,
        };
        bool isOfBox = said.Source is StaySource.Person or StaySource.Monitor or StaySource.Signals;
        return new Said(said, at, isOfBox ? said.Arrived : stated, said.Number);
    }

    public static int ByStatement(Said left, Said right) => Compare(left.Stated, right.Stated, left.At, right.At, left, right);

    public static int ByTime(Said left, Said right) => Compare(left.At, right.At, left.Stated, right.Stated, left, right);

    private static int Compare(UtcInstant first, UtcInstant otherFirst, UtcInstant second, UtcInstant otherSecond, Said left, Said right)
    {
        int order = first.CompareTo(otherFirst);
        order = order != 0 ? order : second.CompareTo(otherSecond);
        return order != 0 ? order : left.Number.CompareTo(right.Number);
    }
}
