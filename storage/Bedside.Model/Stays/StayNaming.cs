namespace Bedside.Model.Stays;

/// <summary>A stay that was told of before, also one that is no more.</summary>
/// <param name="Identities">Whose it was thought to be, the last being what is or was thought last; both unknown = nobody's.</param>
/// <param name="Times">From when to when, as told last; To null = now.</param>
public sealed record NamedStay(StayId Id, IReadOnlyList<(VisitToken Visit, PersonToken Person)> Identities, IReadOnlyList<(UtcInstant From, UtcInstant? To)> Times);

/// <summary>
/// Gives stays the names they had: by visit, by person, and by overlap, so that a name keeps its value when boundaries move, when an unknown patient becomes known, and
/// when what was merged is taken apart again. Pure.
/// </summary>
public static class StayNaming
{
    /// <summary><paramref name="fresh"/> makes a name that was never given.</summary>
    public static IReadOnlyList<StaySpan> Name(IReadOnlyList<NamedStay> known, StayPicture picture, StaySettings settings, Func<StayId> fresh)
    {
        long gap = StaySettings.Nanoseconds(settings.RunGap);
        List<Run> runs = Runs(picture.Intervals, gap);
        var pairs = new List<(Run Run, NamedStay Stay, int Likeness, Int128 Overlap)>();
        foreach (Run run in runs)
        {
            foreach (NamedStay stay in known.Where(stay => stay.Times.Count > 0))
            {
                int likeness = Apart(run, stay) < gap ? Likeness(run, stay, picture.Survivors) : 0;
                Int128 overlap = likeness == 0 ? 0 : Overlap(run, stay);
                if (overlap > 0 || (likeness > Loose && overlap > -gap))
                {
                    pairs.Add((run, stay, likeness, overlap));
                }
            }
        }

        var taken = new HashSet<StayId>();
        foreach ((Run run, NamedStay stay, _, _) in pairs.OrderByDescending(pair => pair.Likeness).ThenByDescending(pair => pair.Overlap).ThenBy(pair => pair.Run.From).ThenBy(pair => pair.Stay.Id.Value))
        {
            if (run.Id == StayId.None && taken.Add(stay.Id))
            {
                run.Id = stay.Id;
            }
        }

        runs.ForEach(run => run.Id = run.Id == StayId.None ? fresh() : run.Id);
        return
        [
            .. runs.SelectMany(run => run.Intervals.Select(interval => new StaySpan(run.Id, interval.Visit, interval.Person, interval.From, interval.To, interval.Certainty, interval.Because)))
                .OrderBy(span => span.From),
        ];
    }

    private const int Loose = 1;
    private const int ByPerson = 2;
    private const int ByMerge = 3;
    private const int ByFormerVisit = 4;
    private const int ByVisit = 5;

    /// <summary>Intervals of one visit, or where none is known of one person, with short absences; of nobody: one that nothing interrupts.</summary>
    private static List<Run> Runs(IReadOnlyList<StayInterval> intervals, long gap)
    {
        var runs = new List<Run>();
        foreach (StayInterval interval in intervals)
        {
            Run? run = runs.FindLast(run => run.Takes(interval, gap));
            if (run is null)
            {
                runs.Add(run = new Run());
            }

            run.Add(interval);
        }

        return runs;
    }

    private static int Likeness(Run run, NamedStay stay, StaySurvivors survivors)
    {
        if (!run.IsKnown)
        {
            return stay.Identities.Contains(default) ? Loose : 0;
        }

        if (run.Visit.IsKnown && stay.Identities[^1].Visit == run.Visit)
        {
            return ByVisit;
        }

        if (run.Visit.IsKnown && stay.Identities.Any(identity => identity.Visit == run.Visit))
        {
            return ByFormerVisit;
        }

        if (run.Visit.IsKnown && stay.Identities.Any(identity => identity.Visit.IsKnown && survivors.Of(identity.Visit) == run.Visit))
        {
            return ByMerge;
        }

        (VisitToken visit, PersonToken person) = stay.Identities[^1];
        bool isSamePerson = run.Person.IsKnown && person.IsKnown && survivors.Of(person) == run.Person;
        return isSamePerson && !(run.Visit.IsKnown && visit.IsKnown) ? ByPerson : !visit.IsKnown && !person.IsKnown ? Loose : 0;
    }

    /// <summary>Nanoseconds that both have; negative = how far they are apart.</summary>
    private static Int128 Overlap(Run run, NamedStay stay)
    {
        Int128 shared = 0;
        Int128 apart = Int128.MaxValue;
        foreach ((UtcInstant from, UtcInstant? to) in stay.Times)
        {
            foreach (StayInterval interval in run.Intervals)
            {
                Int128 both = (Int128)Math.Min(End(to), End(interval.To)) - Math.Max(from.UnixNanoseconds, interval.From.UnixNanoseconds);
                shared += Int128.Max(both, 0);
                apart = Int128.Min(apart, Int128.Max(-both, 0));
            }
        }

        return shared > 0 ? shared : -apart;
    }

    /// <summary>Nanoseconds from the end of the one to the beginning of the other, whatever lies between; negative = none.</summary>
    private static Int128 Apart(Run run, NamedStay stay) => Int128.Max(
        (Int128)stay.Times[0].From.UnixNanoseconds - End(run.Intervals[^1].To),
        (Int128)run.From.UnixNanoseconds - End(stay.Times[^1].To));

    private static long End(UtcInstant? to) => to?.UnixNanoseconds ?? long.MaxValue;

    private sealed class Run
    {
        public StayId Id { get; set; }

        public List<StayInterval> Intervals { get; } = [];

        public VisitToken Visit { get; private set; }

        public PersonToken Person { get; private set; }

        public bool IsKnown => Visit.IsKnown || Person.IsKnown;

        public UtcInstant From => Intervals[0].From;

        public bool Takes(StayInterval interval, long gap)
        {
            Int128 apart = (Int128)interval.From.UnixNanoseconds - End(Intervals[^1].To);
            if (!IsKnown || !(interval.Visit.IsKnown || interval.Person.IsKnown))
            {
                return !IsKnown && !(interval.Visit.IsKnown || interval.Person.IsKnown) && apart == 0;
            }

            bool isSame = Visit.IsKnown && interval.Visit.IsKnown ? Visit == interval.Visit : Person.IsKnown && Person == interval.Person;
            return isSame && apart < gap;
        }

        public void Add(StayInterval interval)
        {
            Intervals.Add(interval);
            Visit = Visit.IsKnown ? Visit : interval.Visit;
            Person = interval.Person.IsKnown ? interval.Person : Person;
        }
    }
}
