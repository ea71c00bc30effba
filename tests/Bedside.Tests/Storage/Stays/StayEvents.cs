using Bedside.Model;
using Bedside.Model.Stays;

namespace Bedside.Tests.Storage.Stays;

/// <summary>Events for tests of the book.</summary>
internal static class StayEvents
{
    public static readonly UtcInstant Start = Bed.Start;

    public static UtcInstant At(int minute) => Start.Add(minute * 60_000_000_000L);

    /// <summary>Visits come and go, half an hour each; every message has its own content.</summary>
    public static StayEvent Number(int i) => new()
    {
        Kind = i % 2 == 0 ? StayEventKind.Admit : StayEventKind.Discharge,
        Source = StaySource.Admissions,
        Arrived = At(30 * i),
        Happened = At(30 * i),
        Recorded = At(30 * i),
        Visit = new VisitToken((ulong)(100 + (i / 2))),
        Person = new PersonToken((ulong)(200 + (i / 2))),
        Place = Place.Here,
        PlaceMark = ulong.MaxValue - 3,
        Content = (UInt128)(1_000_000 + i),
        By = "é",
    };
}
