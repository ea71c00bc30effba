namespace Bedside.Ingest.Hl7.Admissions;

/// <summary>Whom a message of devices (ORU) names as the patient of this box's bed. Gateways leave PID out when nobody is admitted, and alerts often have none.</summary>
/// <param name="IsOfBed">The message speaks of this bed at all.</param>
/// <param name="HasPerson">There is a PID for it.</param>
/// <param name="Person">Null without one.</param>
public readonly record struct NamedByDevice(bool IsOfBed, bool HasPerson, PersonSaid? Person)
{
    public static NamedByDevice Of(Hl7Message message, BedPlace bed)
    {
        Hl7Value person = default;
        for (int i = 0; i < message.Count; i++)
        {
            Hl7Value segment = message[i];
            if (segment.Name.SequenceEqual("PID"u8))
            {
                person = segment;
            }
            else if (segment.Name.SequenceEqual("PV1"u8) && bed.Is(segment.Field(3)))
            {
                return new NamedByDevice(IsOfBed: true, !person.Bytes.IsEmpty, person.Bytes.IsEmpty ? null : PersonReader.Read(person));
            }
        }

        return default;
    }

    /// <summary>Never who.</summary>
    public override string ToString() => IsOfBed ? "a word of this bed" : "a word of another";
}
