using System.Globalization;
using Bedside.Model;
using Bedside.Model.Stays;

namespace Bedside.Tests.Model.Stays;

/// <summary>What was said of one bed on one day, in the order of arrival; times are <c>hh:mm</c> of that day, hours beyond 24 of the next ones.</summary>
internal sealed class BedStory
{
    private static readonly UtcInstant Midnight = new(1_795_219_200_000_000_000);
    private readonly List<StayEvent> _events = [];

    public StaySettings Settings { get; init; } = new() { StaleAfter = TimeSpan.FromDays(30) };

    public IReadOnlyList<StayEvent> Events => _events;

    public static UtcInstant At(string time)
    {
        int[] parts = [.. time.Split(':').Select(part => int.Parse(part, CultureInfo.InvariantCulture))];
        return Midnight.Add(((parts[0] * 60L) + parts[1]) * 60_000_000_000);
    }

    /// <summary>An event of the admissions of visit <paramref name="visit"/>, whose person has the same number unless it is said.</summary>
    public BedStory Adt(StayEventKind kind, ulong visit, string happened, Place place = Place.Unstated, Place before = Place.Unstated, ulong? person = null, string? recorded = null, Func<StayEvent, StayEvent>? more = null)
    {
        var said = new StayEvent
        {
            Kind = kind,
            Source = StaySource.Admissions,
            Arrived = At(recorded ?? happened),
            Happened = At(happened),
            Recorded = At(recorded ?? happened),
            Sent = At(recorded ?? happened),
            Visit = new VisitToken(visit),
            Person = new PersonToken(person ?? visit),
            Place = place,
            Before = before,
        };
        _events.Add((more ?? (same => same))(said) with { Number = _events.Count + 1 });
        return this;
    }

    public BedStory Admit(ulong visit, string happened, Place place = Place.Here) => Adt(StayEventKind.Admit, visit, happened, place);

    public BedStory In(ulong visit, string happened, Place before = Place.Elsewhere) => Adt(StayEventKind.Transfer, visit, happened, Place.Here, before);

    public BedStory Out(ulong visit, string happened) => Adt(StayEventKind.Transfer, visit, happened, Place.Elsewhere, Place.Here);

    public BedStory Discharge(ulong visit, string happened) => Adt(StayEventKind.Discharge, visit, happened, Place.Here);

    public BedStory Monitor(ulong person, string at) => Local(StayEventKind.MonitorPatient, StaySource.Monitor, at, person);

    public BedStory Signals(string from, string? to = null)
    {
        _ = Local(StayEventKind.SignalsBegan, StaySource.Signals, from);
        return to is null ? this : Local(StayEventKind.SignalsEnded, StaySource.Signals, to);
    }

    /// <summary>A person says at <paramref name="said"/> who lies here since <paramref name="from"/>; 0 = nobody.</summary>
    public BedStory Confirm(ulong person, string from, string? said = null) => Local(StayEventKind.Confirmed, StaySource.Person, from, person, said);

    public BedStory Settle(StayTask task, string choice)
    {
        _events.Add(new StayEvent { Kind = StayEventKind.Settled, Source = StaySource.Person, Arrived = At("30:00"), Task = task.Key, Choice = choice, Number = _events.Count + 1 });
        return this;
    }

    public BedStory Undo(long number)
    {
        _events.Add(new StayEvent { Kind = StayEventKind.Undone, Source = StaySource.Person, Arrived = At("30:00"), Task = number.ToString(CultureInfo.InvariantCulture), Number = _events.Count + 1 });
        return this;
    }

    public StayPicture Picture(string now = "48:00") => StayProjection.Of(_events, Settings, At(now));

    /// <summary><c>V1 08:00-14:00</c>, …: who lay here, whatever the certainty; person alone is <c>P1</c>, nobody is <c>?</c>.</summary>
    public string Who(string now = "48:00") => Text(Picture(now), certainty: false);

    /// <summary>The same with certainties: <c>V1 08:00-08:30 Uncertain</c>.</summary>
    public string Told(string now = "48:00") => Text(Picture(now), certainty: true);

    public StayTask Task(StayTaskKind kind, string now = "48:00") => Assert.Single(Picture(now).Tasks, task => task.Kind == kind);

    private static string Text(StayPicture picture, bool certainty)
    {
        var lines = new List<(string Who, UtcInstant From, UtcInstant? To)>();
        foreach (StayInterval span in picture.Intervals)
        {
            string who = (span.Visit.IsKnown ? $"V{span.Visit.Value}" : span.Person.IsKnown ? $"P{span.Person.Value}" : "?") + (certainty ? $"/{span.Certainty}" : string.Empty);
            if (lines.Count > 0 && lines[^1].Who == who && lines[^1].To == span.From)
            {
                lines[^1] = lines[^1] with { To = span.To };
            }
            else
            {
                lines.Add((who, span.From, span.To));
            }
        }

        return string.Join(", ", lines.Select(line => $"{line.Who} {Clock(line.From)}-{(line.To is { } to ? Clock(to) : "now")}"));
    }

    private static string Clock(UtcInstant at)
    {
        long minutes = at.Since(Midnight) / 60_000_000_000;
        return $"{minutes / 60:D2}:{minutes % 60:D2}";
    }

    private BedStory Local(StayEventKind kind, StaySource source, string at, ulong person = 0, string? arrived = null)
    {
        _events.Add(new StayEvent { Kind = kind, Source = source, Arrived = At(arrived ?? at), Happened = At(at), Person = new PersonToken(person), By = source == StaySource.Monitor ? "monitor" : string.Empty, Number = _events.Count + 1 });
        return this;
    }
}
