namespace Bedside.Ingest.Hl7.Admissions;

/// <summary>The segments of one patient of a message: PID, and the first PV1 and MRG before the next PID.</summary>
/// <param name="Sequence">Which patient of the message, from 1.</param>
internal sealed record PatientSegments(Hl7Value Person, int Sequence)
{
    public Hl7Value Visit { get; private set; }

    public Hl7Value Former { get; private set; }

    /// <summary>All patients in their order; PV1 before the first PID belongs to it.</summary>
    public static List<PatientSegments> Of(Hl7Message message, List<Hl7Fault> words)
    {
        var groups = new List<PatientSegments>();
        for (int i = 0; i < message.Count; i++)
        {
            Hl7Value segment = message[i];
            if (segment.Name.SequenceEqual("PID"u8))
            {
                bool isLate = groups.Count == 1 && groups[0].Person.Bytes.IsEmpty;
                var group = new PatientSegments(segment, isLate ? 1 : groups.Count + 1);
                if (isLate)
                {
                    (group.Visit, group.Former) = (groups[0].Visit, groups[0].Former);
                    groups.Clear();
                }

                groups.Add(group);
            }
            else if (segment.Name.SequenceEqual("PV1"u8) || segment.Name.SequenceEqual("MRG"u8))
            {
                if (groups.Count == 0)
                {
                    groups.Add(new PatientSegments(default, 1));
                }

                groups[^1].Take(segment, words);
            }
        }

        return groups;
    }

    private void Take(Hl7Value segment, List<Hl7Fault> words)
    {
        bool isVisit = segment.Name.SequenceEqual("PV1"u8);
        if (!(isVisit ? Visit : Former).Bytes.IsEmpty)
        {
            words.Add(new Hl7Fault(Hl7Fault.SegmentSequence, isVisit ? "PV1" : "MRG", Sequence, 0, "twice for one patient; the first counts"));
        }
        else if (isVisit)
        {
            Visit = segment;
        }
        else
        {
            Former = segment;
        }
    }
}
