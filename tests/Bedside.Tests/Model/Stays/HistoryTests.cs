using System.Globalization;
using Bedside.Model;
using Bedside.Model.Stays;

namespace Bedside.Tests.Model.Stays;

/// <summary>
/// Random histories of admissions (<see cref="AdtHistory"/>): 200 and some hard ones, or as many as BEDSIDE_STAY_SEEDS says. In whatever order they come, and however often, they make the same
/// stays; what is lost is stated wherever the messages that are left show that something is missing (<see cref="SurvivingStory"/>).
/// </summary>
public sealed class HistoryTests
{
    private static readonly StaySettings Settings = new();

    /// <summary>Histories that once were told wrongly, or were asked for what nobody can know.</summary>
    private static readonly int[] Hard = [1582, 1638, 3780, 4442, 25964, 39792, 69989];

    private static int Seeds => int.Parse(Environment.GetEnvironmentVariable("BEDSIDE_STAY_SEEDS") ?? "200", CultureInfo.InvariantCulture);

    [Fact]
    public void What_came_in_order_is_what_was() => ForEachSeed(seed =>
    {
        var history = new AdtHistory(seed);
        StayPicture picture = Project(history.Events, history);
        foreach (UtcInstant at in Between(picture, picture, history.Boundaries))
        {
            Assert.Equal(history.Truth(at) ?? 0, At(picture, at)?.Visit.Value ?? 0);
        }

        Assert.DoesNotContain(picture.Tasks, task => task.Settled == 0 && task.Kind != StayTaskKind.PossibleMove);
        AssertWhole(picture);
    });

    [Fact]
    public void In_any_order_and_any_number_the_same_is_known() => ForEachSeed(seed =>
    {
        var history = new AdtHistory(seed);
        var random = new Random(seed);
        StayPicture ordered = Project(Local(history, history.Events), history);
        List<StayEvent> twice = [.. history.Events];
        foreach (StayEvent said in history.Events.Where(_ => random.Next(3) == 0))
        {
            // Sent again as it was, or anew: later, with another control id.
            twice.Insert(random.Next(twice.Count), random.Next(2) == 0 ? said : said with { Sent = said.Sent!.Value.Add(60_000_000_000), Content = said.Content + 1_000_000 });
        }

        Assert.Equal(Told(ordered), Told(Project(Local(history, Shuffled(history.Events, random)), history)));
        Assert.Equal(Told(ordered), Told(Project(Local(history, twice), history)));
        Assert.Equal(Told(ordered), Told(Project(Local(history, Shuffled(twice, random)), history)));
    });

    [Fact]
    public void What_is_lost_is_stated_where_the_rest_shows_it()
    {
        int differing = 0;
        int stated = 0;
        ForEachSeed(seed =>
        {
            var history = new AdtHistory(seed);
            var random = new Random(seed);
            StayPicture ordered = Project(history.Events, history);
            StayEvent[] left = [.. history.Events.Where(_ => random.Next(12) != 0)];
            StayEvent[] lost = [.. history.Events.Except(left)];
            StayPicture lossy = Project(left, history);
            AssertWhole(lossy);
            var story = new SurvivingStory(Numbered(left));
            foreach (UtcInstant at in Between(ordered, lossy, story.Boundaries))
            {
                VisitToken was = ordered.Survivors.Of(At(ordered, at)?.Visit ?? default);
                VisitToken told = ordered.Survivors.Of(At(lossy, at)?.Visit ?? default);
                if (was == told)
                {
                    continue;
                }

                differing++;
                bool isStated = At(lossy, at) is { Certainty: not StayCertainty.Sure } || lossy.Tasks.Any(task => task.Settled == 0 && task.From <= at && !(at >= task.To));
                stated += isStated ? 1 : 0;
                bool Concerns(VisitToken visit) => visit.IsKnown && ordered.Survivors.Of(visit) is var survivor && (survivor == was || survivor == told);
                // By what is left alone: that a number is the told visit's too may be what was lost.
                VisitToken known = At(lossy, at)?.Visit ?? default;
                bool IsKnown(VisitToken visit) => visit.IsKnown && (visit == known || ordered.Survivors.Of(visit) == was);
                bool isMissing = story.IsHeld(at, known) ? story.IsBroken(at, IsKnown) : story.IsBroken(at, Concerns);
                Assert.True(isStated || !isMissing, $"{at}: {was.Value} lay here and {told.Value} is told");
                Assert.True(isStated || lost.Any(said => Concerns(said.Visit) || Concerns(said.OtherVisit)), $"{at}: nothing that was lost explains it");
            }
        });

        Assert.True(stated > differing / 4, $"{stated} of {differing} are stated");
    }

    [Fact]
    public void What_is_taken_back_leaves_no_trace() => ForEachSeed(seed =>
    {
        var history = new AdtHistory(seed);
        var random = new Random(seed);
        StayPicture before = Project(Local(history, history.Events), history);
        List<StayEvent> events = Local(history, history.Events);
        StayEvent wrong = new() { Kind = StayEventKind.Confirmed, Source = StaySource.Person, Arrived = history.End, Happened = history.Events[random.Next(history.Events.Count)].Recorded, Person = new PersonToken(7) };
        events.Add(wrong);
        Assert.NotEqual(Told(before), Told(Project(events, history)));
        events.Add(new() { Kind = StayEventKind.Undone, Source = StaySource.Person, Arrived = history.End, Task = events.Count.ToString(CultureInfo.InvariantCulture) });
        Assert.Equal(Told(before), Told(Project(events, history)));
        events.Add(new() { Kind = StayEventKind.Undone, Source = StaySource.Person, Arrived = history.End, Task = events.Count.ToString(CultureInfo.InvariantCulture) });
        Assert.NotEqual(Told(before), Told(Project(events, history)));
    });

    [Fact]
    public void Names_hold_while_one_event_after_the_other_comes() => ForEachSeed(seed =>
    {
        var history = new AdtHistory(seed);
        var names = new NamesOfTest();
        var known = new Dictionary<VisitToken, StayId>();
        for (int count = 1; count <= history.Events.Count; count++)
        {
            StayPicture picture = Project(history.Events.Take(count).ToArray(), history);
            IReadOnlyList<StaySpan> spans = names.Name(picture);
            Assert.Equal(picture.Intervals.Count, spans.Count);
            Assert.Equal(spans.Select(span => (span.Stay, span.From)), names.Name(picture).Select(span => (span.Stay, span.From)));
            foreach (IGrouping<StayId, StaySpan> stay in spans.GroupBy(span => span.Stay))
            {
                Assert.Single(stay.Where(span => span.Visit.IsKnown).Select(span => span.Visit).Distinct());
            }

            // A visit with one stay here keeps the name of it as long as it has one.
            foreach (IGrouping<VisitToken, StaySpan> visit in spans.GroupBy(span => span.Visit).Where(visit => visit.Select(span => span.Stay).Distinct().Count() == 1))
            {
                Assert.True(!known.TryGetValue(visit.Key, out StayId name) || spans.Any(span => span.Stay == name) || name == visit.First().Stay || names.IsElsewhere(name));
                known[visit.Key] = visit.First().Stay;
            }
        }
    });

    private static void ForEachSeed(Action<int> run) => Parallel.ForEach(Hard.Concat(Enumerable.Range(0, Seeds)), seed =>
    {
        try
        {
            run(seed);
        }
        catch (Exception error)
        {
            throw new InvalidOperationException($"seed {seed}: {error.Message}", error);
        }
    });

    /// <summary>Signals, a monitor that is sometimes wrong, and a person, who are at the bed and neither late nor twice; every third history has none.</summary>
    private static List<StayEvent> Local(AdtHistory history, IReadOnlyList<StayEvent> admissions)
    {
        List<StayEvent> all = [.. admissions];
        UtcInstant[] times = [.. history.Boundaries.Distinct().Order()];
        if (times.Length % 3 == 0)
        {
            return all;
        }

        static StayEvent At(StayEventKind kind, StaySource source, UtcInstant at, ulong person = 0) => new() { Kind = kind, Source = source, Arrived = at, Happened = at, Person = new PersonToken(person), By = "monitor" };
        for (int i = 0; i < times.Length; i++)
        {
            long shift = ((i % 5) - 2) * 240_000_000_000L;
            UtcInstant at = times[i].Add(shift);
            VisitToken visit = new(history.Truth(times[i]) ?? 0);
            ulong person = (ulong)(history.Events.LastOrDefault(said => said.Visit == visit && visit.IsKnown)?.Person.Value ?? 0);
            all.Add(At(i % 2 == 0 ? StayEventKind.SignalsBegan : StayEventKind.SignalsEnded, StaySource.Signals, at));
            all.Add(At(StayEventKind.MonitorPatient, StaySource.Monitor, at, i % 4 == 3 ? 4242 : person));
        }

        all.Add(At(StayEventKind.Confirmed, StaySource.Person, times[times.Length / 2].Add(1), 999_999));
        return all;
    }

    /// <summary>Another order at the same instants of arrival.</summary>
    private static StayEvent[] Shuffled(IReadOnlyList<StayEvent> events, Random random)
    {
        StayEvent[] mixed = [.. events];
        random.Shuffle(mixed);
        return [.. mixed.Select((said, i) => said with { Arrived = events[i].Arrived })];
    }

    private static StayEvent[] Numbered(IReadOnlyList<StayEvent> events) => [.. events.Select((said, i) => said with { Number = i + 1 })];

    private static StayPicture Project(IReadOnlyList<StayEvent> events, AdtHistory history) => StayProjection.Of(Numbered(events), Settings, history.End);

    private static StayInterval? At(StayPicture picture, UtcInstant at) => picture.Intervals.FirstOrDefault(span => span.From <= at && !(at >= span.To));

    private static string[] Told(StayPicture picture) =>
    [
        .. picture.Intervals.Select(span => $"{span.Visit.Value} {span.Person.Value} {span.From} {span.To} {span.Certainty}"),
        .. picture.Tasks.Select(task => $"{task.Kind} {task.From} {task.To} {task.First.Value} {task.Second.Value}").Order(StringComparer.Ordinal),
    ];

    /// <summary>One instant in each stretch in which nothing changes.</summary>
    private static IEnumerable<UtcInstant> Between(StayPicture one, StayPicture other, IEnumerable<UtcInstant> more)
    {
        UtcInstant[] edges =
        [
            .. one.Intervals.Concat(other.Intervals).SelectMany(span => new[] { span.From, span.To ?? span.From }).Concat(more)
                .Concat(other.Tasks.SelectMany(task => new[] { task.From, task.To ?? task.From })).Where(at => at.UnixNanoseconds > 0).Distinct().Order(),
        ];
        return edges.Zip(edges.Skip(1), (left, right) => new UtcInstant(left.UnixNanoseconds + ((right.UnixNanoseconds - left.UnixNanoseconds) / 2)));
    }

    private static void AssertWhole(StayPicture picture)
    {
        Assert.All(picture.Intervals, span => Assert.True(span.To is not { } to || span.From < to));
        Assert.All(picture.Intervals.Zip(picture.Intervals.Skip(1)), pair => Assert.True(pair.First.To <= pair.Second.From));
        Assert.All(picture.Intervals, span => Assert.NotEmpty(span.Because));
    }

    /// <summary>Names as a book keeps them.</summary>
    private sealed class NamesOfTest
    {
        private readonly Dictionary<StayId, NamedStay> _known = [];
        private ulong _next = 1;

        public IReadOnlyList<StaySpan> Name(StayPicture picture)
        {
            IReadOnlyList<StaySpan> spans = StayNaming.Name([.. _known.Values], picture, Settings, () => new StayId(_next++));
            foreach (IGrouping<StayId, StaySpan> stay in spans.GroupBy(span => span.Stay))
            {
                (VisitToken, PersonToken)[] former = _known.TryGetValue(stay.Key, out NamedStay? known) ? [.. known.Identities] : [];
                (VisitToken, PersonToken) now = (stay.Last().Visit, stay.Last().Person);
                _known[stay.Key] = new NamedStay(stay.Key, former.LastOrDefault() == now && former.Length > 0 ? former : [.. former, now], [.. stay.Select(span => (span.From, span.To))]);
            }

            return spans;
        }

        /// <summary>The stay is no more.</summary>
        public bool IsElsewhere(StayId name) => _known.ContainsKey(name);
    }
}
