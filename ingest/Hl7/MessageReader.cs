using Bedside.Model;

namespace Bedside.Ingest.Hl7;

/// <summary>What a message says of this box's bed, before anything is made of it.</summary>
public sealed class MessageReading
{
    internal MessageReading(Hl7Message message, List<Report> reports, bool otherBed)
    {
        (Message, Reports, OtherBed) = (message, reports, otherBed);
        IsOfDevice = reports.Exists(report => report.IsOfDevice);
    }

    public Hl7Message Message { get; }

    internal List<Report> Reports { get; }

    /// <summary>Something in it is of another bed.</summary>
    internal bool OtherBed { get; }

    /// <summary>Some row has a code of a device.</summary>
    internal bool IsOfDevice { get; }
}

/// <summary>
/// Messages to their reports. It knows nothing of senders and their clocks, so several connections read at once; what repeats in every message is made once. A reading holds ranges of its
/// message and lives no longer.
/// </summary>
/// <param name="settings">What the site says.</param>
public sealed class MessageReader(Hl7Settings settings)
{
    private readonly RowShapes _shapes = new();

    /// <summary>Everything begins anew at each PID and each OBR; a PV1 says where what follows is measured.</summary>
    public MessageReading Read(Hl7Message message)
    {
        var reports = new List<Report>();
        BedPlace? bed = settings.Bed;
        Validity marks = message.Header.Field(11).Component(1).Bytes.TrimStart((byte)' ') is [(byte)'T' or (byte)'D'] ? Validity.TestData : Validity.Valid;
        bool isOurs = bed is null;
        bool otherBed = false;
        int sequence = 0;
        Hl7Value request = default;
        List<Observation>? rows = null;
        for (int i = 0; i < message.Count; i++)
        {
            Hl7Value segment = message[i];
            ReadOnlySpan<byte> name = segment.Name;
            if (name.SequenceEqual("OBX"u8))
            {
                sequence++;
                otherBed |= !isOurs;
                if (isOurs)
                {
                    (rows ??= Open(reports, request, marks, message.Count)).Add(new Observation(segment, sequence, _shapes));
                }
            }
            else if (name.SequenceEqual("PID"u8))
            {
                (isOurs, request, rows) = (bed is null, default, null);
            }
            else if (name.SequenceEqual("PV1"u8))
            {
                isOurs = bed?.Is(segment.Field(3)) != false;
                rows = null;
            }
            else if (name.SequenceEqual("OBR"u8))
            {
                (request, rows) = (segment, null);
            }
        }

        return new MessageReading(message, reports, otherBed);
    }

    private static List<Observation> Open(List<Report> reports, Hl7Value request, Validity marks, int most)
    {
        var rows = new List<Observation>(Math.Min(most, 64));
        reports.Add(new Report(request, rows, marks));
        return rows;
    }
}
