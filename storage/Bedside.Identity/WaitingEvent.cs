using Bedside.Model.Stays;

namespace Bedside.Identity;

/// <summary>A <see cref="StayEvent"/> in a record of the vault: tokens and times only. FORMAT.md, section 3.</summary>
internal static class WaitingEvent
{
    public static void Write(FieldWriter fields, StayEvent said) => fields
        .Byte((byte)said.Kind).Byte((byte)said.Source).Byte((byte)said.Place).Byte((byte)said.Before).Byte((byte)said.OtherPlace)
        .Time(said.Arrived).Time(said.Happened).Time(said.Recorded).Time(said.Sent).Time(said.Admitted).Time(said.Discharged)
        .Wide(said.Visit.Value).Wide(said.Person.Value).Wide(said.OtherVisit.Value).Wide(said.OtherPerson.Value).Wide(said.Content)
        .Long((long)said.PlaceMark).Text(said.By);

    public static StayEvent Read(ref FieldReader fields)
    {
        (byte kind, byte source, byte place, byte before, byte otherPlace) = (fields.Byte(), fields.Byte(), fields.Byte(), fields.Byte(), fields.Byte());
        return new StayEvent
        {
            Kind = (StayEventKind)kind,
            Source = (StaySource)source,
            Place = (Place)place,
            Before = (Place)before,
            OtherPlace = (Place)otherPlace,
            Arrived = fields.Time() ?? default,
            Happened = fields.Time(),
            Recorded = fields.Time(),
            Sent = fields.Time(),
            Admitted = fields.Time(),
            Discharged = fields.Time(),
            Visit = new VisitToken(fields.Wide()),
            Person = new PersonToken(fields.Wide()),
            OtherVisit = new VisitToken(fields.Wide()),
            OtherPerson = new PersonToken(fields.Wide()),
            Content = fields.Wide(),
            PlaceMark = (ulong)fields.Long(),
            By = fields.Text(),
        };
    }
}
