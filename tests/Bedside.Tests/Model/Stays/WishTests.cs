using System.Globalization;
using Bedside.Model;
using Bedside.Model.Stays;

namespace Bedside.Tests.Model.Stays;

/// <summary>What patients want of their data, whatever becomes known of who they were.</summary>
public class WishTests
{
    private static readonly UtcInstant Noon = new(1_700_000_000_000_000_000);
    private static readonly StayId First = new(1);
    private static readonly StayId Second = new(2);
    private static readonly StayId Third = new(3);

    [Fact]
    public void Nothing_said_is_no_word_and_the_last_word_counts()
    {
        StaySpan[] spans = [Span(First, person: 7)];

        Assert.Null(StayWishes.ResearchOf(First, spans, []));
        Assert.True(StayWishes.ResearchOf(First, spans, [Say(StayEventKind.ResearchRefused, First, 7)])!.IsRefused);
        Assert.False(StayWishes.ResearchOf(First, spans, [Say(StayEventKind.ResearchRefused, First, 7), Say(StayEventKind.ResearchAllowed, First, 7)])!.IsRefused);
    }

    [Fact]
    public void A_no_holds_for_every_stay_of_the_patient_and_for_nobody_else()
    {
        StaySpan[] spans = [Span(First, person: 7), Span(Second, person: 7), Span(Third, person: 8)];
        StayEvent[] wishes = [Say(StayEventKind.ResearchRefused, First, 7)];

        Assert.True(StayWishes.ResearchOf(Second, spans, wishes)!.IsRefused);
        Assert.Null(StayWishes.ResearchOf(Third, spans, wishes));
    }

    [Fact]
    public void A_no_that_was_said_before_anybody_knew_who_lay_there_is_of_whoever_it_turns_out_to_be()
    {
        StayEvent[] wishes = [Say(StayEventKind.ResearchRefused, First, person: 0)];

        Assert.True(StayWishes.ResearchOf(First, [Span(First, person: 0)], wishes)!.IsRefused);
        Assert.True(StayWishes.ResearchOf(Second, [Span(First, person: 7), Span(Second, person: 7)], wishes)!.IsRefused);
    }

    [Fact]
    public void Where_the_stay_turns_out_to_be_another_s_the_no_holds_for_both()
    {
        StaySpan[] spans = [Span(First, person: 8), Span(Second, person: 7), Span(Third, person: 8)];
        StayEvent[] wishes = [Say(StayEventKind.ResearchRefused, First, 7)];

        Assert.All([First, Second, Third], stay => Assert.True(StayWishes.ResearchOf(stay, spans, wishes)!.IsRefused));
    }

    [Fact]
    public void A_question_of_erasing_waits_for_fourteen_days_and_is_over_when_it_is_answered()
    {
        StayEvent asked = Say(StayEventKind.ErasureAsked, First, 0) with { Choice = "law", By = "12" };

        Assert.Equal(("12", "law"), StayWishes.ErasureOf(First, [asked], Noon) is { } wish ? (wish.By, wish.Reason) : default);
        Assert.Null(StayWishes.ErasureOf(Second, [asked], Noon));
        Assert.NotNull(StayWishes.ErasureOf(First, [asked], Noon.Add(TimeSpan.FromDays(13).Ticks * 100)));
        Assert.Null(StayWishes.ErasureOf(First, [asked], Noon.Add(TimeSpan.FromDays(14).Ticks * 100)));
        Assert.Null(StayWishes.ErasureOf(First, [asked, Say(StayEventKind.ErasureWithdrawn, First, 0)], Noon));
        Assert.Null(StayWishes.ErasureOf(First, [asked, Say(StayEventKind.ErasureAgreed, First, 0)], Noon));
        Assert.True(StayWishes.IsErasureAgreed(First, [asked, Say(StayEventKind.ErasureAgreed, First, 0)]));
        Assert.False(StayWishes.IsErasureAgreed(Second, [asked, Say(StayEventKind.ErasureAgreed, First, 0)]));
    }

    /// <summary>2000 stories: a wish moves no boundary, asks no question and names nobody.</summary>
    [Fact]
    public void Whatever_patients_want_who_lay_in_the_bed_stays_the_same()
    {
        for (int seed = 0; seed < 2000; seed++)
        {
            var random = new Random(seed);
            List<StayEvent> story = [];
            for (int i = 1; i <= random.Next(2, 12); i++)
            {
                StayEventKind kind = random.Next(4) switch
                {
                    0 => StayEventKind.Admit,
                    1 => StayEventKind.Discharge,
                    2 => StayEventKind.SignalsBegan,
                    _ => (StayEventKind)random.Next((int)StayEventKind.ResearchRefused, (int)StayEventKind.ErasureAgreed + 1),
                };
                UtcInstant at = Noon.Add(i * 60_000_000_000L);
                bool isWish = StayWishes.Is(kind);
                story.Add(new StayEvent
                {
                    Kind = kind,
                    Source = isWish ? StaySource.Person : kind == StayEventKind.SignalsBegan ? StaySource.Signals : StaySource.Admissions,
                    Arrived = at,
                    Happened = isWish ? null : at,
                    Place = isWish ? Place.Unstated : Place.Here,
                    Visit = isWish ? default : new VisitToken((UInt128)random.Next(1, 4)),
                    Person = new PersonToken((UInt128)random.Next(1, 4)),
                    Task = isWish ? First.ToString() : string.Empty,
                    Number = i,
                });
            }

            UtcInstant now = Noon.Add(TimeSpan.FromHours(2).Ticks * 100);
            StayPicture with = StayProjection.Of(story, new StaySettings(), now);
            StayPicture without = StayProjection.Of([.. story.Where(said => !StayWishes.Is(said.Kind))], new StaySettings(), now);

            Assert.Equal(Text(without), Text(with));
        }
    }

    private static string Text(StayPicture picture) => string.Join('\n', picture.Tasks.Select(task => string.Create(CultureInfo.InvariantCulture, $"{task.Key} {task.From} {task.To} {task.Settled}")))
        + string.Join('\n', picture.Intervals.Select(span => string.Create(CultureInfo.InvariantCulture, $"{span.Visit} {span.Person} {span.From} {span.To} {span.Certainty} {string.Join(',', span.Because)}")));

    private static StaySpan Span(StayId stay, int person) => new(stay, default, new PersonToken((UInt128)person), Noon, To: null, StayCertainty.Sure, []);

    private static StayEvent Say(StayEventKind kind, StayId stay, int person) =>
        new() { Kind = kind, Source = StaySource.Person, Arrived = Noon, Task = stay.ToString(), Person = new PersonToken((UInt128)person) };
}
