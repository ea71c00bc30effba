using Bedside.Model;
using Bedside.Model.Stays;

namespace Bedside.Ingest.Hl7.Admissions;

/// <summary>
/// Messages of the admissions (ADT, A01 to A62) to what they say. Pure, and never throws: a message without a segment that its event cannot do without is refused with the
/// place; one that is well formed but of no use is accepted with a word, because a rejection would stop the sender's queue.
/// </summary>
/// <param name="zone">Of times that have none.</param>
public sealed class AdmissionReader(TimeZoneInfo zone)
{
    private const string Type = "ADT";
    private const string MergeOfPersonAndAccount = "A36";
    private const string DeletePerson = "A29";

    /// <summary>Whether a message is one of the admissions.</summary>
    public static bool IsAdmission(Hl7Message message) => message.Rejection is null && message.Kind.Type == Type;

    /// <summary>Reads a message for which <see cref="IsAdmission"/> is true.</summary>
    public AdmissionReading Read(Hl7Message message, UtcInstant arrival)
    {
        var words = new List<Hl7Fault>(message.Faults);
        Hl7Value evn = message.First("EVN"u8);
        string stated = message.Kind.Event;
        string recorded = evn.Field(1).Text;
        string name = (stated.Length > 0 ? stated : recorded).ToUpperInvariant();
        if (name.Length == 0)
        {
            return Refused(new Hl7Fault(Hl7Fault.RequiredField, "MSH", 1, 9, "the event is missing: MSH-9.2 and EVN-1 are empty"));
        }

        if (recorded.Length > 0 && !string.Equals(recorded, name, StringComparison.OrdinalIgnoreCase))
        {
            words.Add(new Hl7Fault(Hl7Fault.TableValue, "EVN", 1, 1, "EVN-1 names another event than MSH-9, which counts"));
        }

        if (message.Header.Field(11).Component(1).Text is ['T' or 'D'])
        {
            return Unused(words, new Hl7Fault(Hl7Fault.TableValue, "MSH", 1, 11, "marked as training or test: nothing of it is kept"));
        }

        List<PatientSegments> groups = PatientSegments.Of(message, words);
        if (RuleOf(name, groups) is not { } rule)
        {
            return Unused(words, new Hl7Fault(0, string.Empty, 0, 0, "received; this event says nothing of who lies in a bed"));
        }

        if (Missing(rule, groups) is { } missing)
        {
            return Refused(missing);
        }

        var admissions = new List<Admission>();
        foreach (PatientSegments group in groups.Take(rule.Needs.HasFlag(Needs.Former) ? groups.Count : 1))
        {
            PatientSaid patient = Patient(group, arrival, words);
            var one = new Admission
            {
                Event = name,
                Kind = rule.Needs.HasFlag(Needs.Place) && !patient.Place.HasValue ? rule.Otherwise ?? rule.Kind : rule.Kind,
                Patient = patient,
                Other = rule.Needs.HasFlag(Needs.Pair) ? Patient(groups[1], arrival, words) : null,
                Former = rule.Needs.HasFlag(Needs.Former) ? PersonReader.ReadFormer(group.Former) : null,
                Happened = Time(evn, "EVN", 6, arrival, words),
                Recorded = Time(evn, "EVN", 2, arrival, words),
                Sent = Time(message.Header, "MSH", 7, arrival, words),
            };
            admissions.AddRange(name == MergeOfPersonAndAccount ? [one with { Kind = StayEventKind.MergePersons }, one] : [one]);
        }

        if (groups.Count > (rule.Needs.HasFlag(Needs.Pair) ? 2 : 1) && !rule.Needs.HasFlag(Needs.Former))
        {
            words.Add(new Hl7Fault(Hl7Fault.SegmentSequence, "PID", groups.Count, 0, "more patients than the event has; the first counts"));
        }

        return new AdmissionReading(admissions, Refusal: null, words);
    }

    /// <summary>That a person is deleted (A29) concerns a bed only where it names the visit.</summary>
    private static AdmissionEvents.Rule? RuleOf(string name, List<PatientSegments> groups) =>
        name != DeletePerson ? AdmissionEvents.Of(name)
        : groups.Exists(group => group.Visit.Field(19).HasValue) ? new AdmissionEvents.Rule(StayEventKind.DeleteVisit, Needs.None)
        : null;

    private static Hl7Fault? Missing(AdmissionEvents.Rule rule, List<PatientSegments> groups)
    {
        int wanted = rule.Needs.HasFlag(Needs.Pair) ? 2 : 1;
        for (int i = 0; i < Math.Max(wanted, rule.Needs.HasFlag(Needs.Former) ? groups.Count : 0); i++)
        {
            string? segment = i >= groups.Count || groups[i].Person.Bytes.IsEmpty ? "PID"
                : rule.Needs.HasFlag(Needs.Visit) && groups[i].Visit.Bytes.IsEmpty ? "PV1"
                : rule.Needs.HasFlag(Needs.Former) && groups[i].Former.Bytes.IsEmpty ? "MRG"
                : null;
            if (segment is not null)
            {
                return new Hl7Fault(Hl7Fault.SegmentSequence, segment, i + 1, 0, $"the event cannot do without {segment}");
            }
        }

        return null;
    }

    private PatientSaid Patient(PatientSegments group, UtcInstant arrival, List<Hl7Fault> words)
    {
        PersonSaid person = PersonReader.Read(group.Person);
        if (person.Numbers.Count == 0)
        {
            words.Add(new Hl7Fault(Hl7Fault.RequiredField, "PID", group.Sequence, 3, "no number of the patient"));
        }

        return new PatientSaid
        {
            Person = person,
            Visit = NumberSaid.Of(group.Visit.Field(19)),
            Account = NumberSaid.Of(group.Person.Field(18)),
            Place = group.Visit.Field(3),
            Before = group.Visit.Field(6),
            Admitted = Time(group.Visit, "PV1", 44, arrival, words),
            Discharged = Time(group.Visit, "PV1", 45, arrival, words),
        };
    }

    private StatedTime? Time(Hl7Value segment, string name, int field, UtcInstant arrival, List<Hl7Fault> words)
    {
        Hl7Value value = segment.Field(field);
        StatedTime? time = value.HasValue ? PersonReader.Time(value, zone, arrival) : null;
        var fault = new Hl7Fault(Hl7Fault.DataType, name, 1, field, "no time that can be read");
        if (value.HasValue && time is null && value.Component(1).Text.Trim('0').Length > 0 && !words.Contains(fault))
        {
            words.Add(fault);
        }

        return time;
    }

    private static AdmissionReading Refused(Hl7Fault why) => new([], why, []);

    private static AdmissionReading Unused(List<Hl7Fault> words, Hl7Fault why) => new([], Refusal: null, [why, .. words]);
}
