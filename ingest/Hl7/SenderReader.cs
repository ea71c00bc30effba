using Bedside.Ingest.Drivers;
using Bedside.Model;

namespace Bedside.Ingest.Hl7;

/// <summary>What a message was good for.</summary>
public enum Use
{
    /// <summary>Values, waves or alerts of this box's bed.</summary>
    Taken,

    /// <summary>Of other beds only, or of none.</summary>
    OtherBed,

    /// <summary>Results that no device measured: of a laboratory, say.</summary>
    NotOfDevice,

    /// <summary>Of a kind that nothing is made of: orders, documents; admissions where nobody makes stays.</summary>
    NotUsed,

    /// <summary>Of the admissions (ADT).</summary>
    Admission,
}

/// <summary>
/// The messages of one sender to events of its device, in order. Pure: no I/O and no clock. Nothing of a patient is read: PID is known only as the border between two,
/// PV1 only by its place.
/// </summary>
public sealed class SenderReader
{
    private readonly ReportContext _context;
    private readonly MetricReader _metrics;
    private readonly AlertReader _alerts;
    private readonly WaveReader _waves;

    public SenderReader(Hl7Settings settings)
    {
        _context = new ReportContext(settings);
        _metrics = new MetricReader(_context);
        _alerts = new AlertReader(_context);
        _waves = new WaveReader(_context);
    }

    /// <summary>Whether a message is of a kind that events are made of.</summary>
    public static bool IsObservation(Hl7Message message) => message.Kind.Type == "ORU";

    /// <summary>Every different PV1-3 of a message as text without escapes resolved, to be compared only; a message without PV1 has one empty.</summary>
    public static IReadOnlyList<string> PlacesOf(Hl7Message message)
    {
        var places = new List<string>();
        for (int i = 0; i < message.Count; i++)
        {
            if (message[i].Name.SequenceEqual("PV1"u8) && message[i].Field(3).HasValue)
            {
                string place = message[i].Field(3).Text;
                if (!places.Contains(place))
                {
                    places.Add(place);
                }
            }
        }

        return places;
    }

    /// <summary>Tells what a message that is not rejected says of this box's bed.</summary>
    public Use Take(Hl7Message message, UtcInstant arrival, IDriverOutput output)
    {
        if (message.Rejection is not null || !IsObservation(message))
        {
            return Use.NotUsed;
        }

        List<Report> reports = ReportsOf(message, out bool otherBed);
        if (reports.Count == 0)
        {
            return otherBed ? Use.OtherBed : Use.NotOfDevice;
        }

        if (!reports.Exists(report => report.Rows.Any(row => MetricNames.IsDevice(row.System))))
        {
            return Use.NotOfDevice;
        }

        _context.Clock.Begin(message, arrival, output);
        foreach (Hl7Fault fault in message.Faults)
        {
            _context.Tell(fault.Reason, fault, output);
        }

        bool isAlert = message.Kind.Event == "R40";
        foreach (Report report in reports)
        {
            if (isAlert)
            {
                _alerts.Read(report, output);
            }
            else
            {
                _metrics.Read(report, output);
                _waves.Read(report, output);
                _alerts.ReadStanding(report, output);
            }
        }

        return Use.Taken;
    }

    /// <summary>Everything begins anew at each PID and each OBR; a PV1 says where what follows is measured.</summary>
    private List<Report> ReportsOf(Hl7Message message, out bool otherBed)
    {
        var reports = new List<Report>();
        BedPlace? bed = _context.Settings.Bed;
        Validity marks = message.Header.Field(11).Component(1).Text is ['T' or 'D'] ? Validity.TestData : Validity.Valid;
        bool isOurs = bed is null;
        otherBed = false;
        int sequence = 0;
        Hl7Value request = default;
        List<Observation>? rows = null;
        for (int i = 0; i < message.Count; i++)
        {
            Hl7Value segment = message[i];
            if (segment.Name.SequenceEqual("PID"u8))
            {
                (isOurs, request, rows) = (bed is null, default, null);
            }
            else if (segment.Name.SequenceEqual("PV1"u8))
            {
                isOurs = bed?.Is(segment.Field(3)) != false;
                rows = null;
            }
            else if (segment.Name.SequenceEqual("OBR"u8))
            {
                (request, rows) = (segment, null);
            }
            else if (segment.Name.SequenceEqual("OBX"u8))
            {
                sequence++;
                otherBed |= !isOurs;
                if (isOurs)
                {
                    (rows ??= Open(reports, request, marks)).Add(new Observation(segment, sequence));
                }
            }
        }

        return reports;
    }

    private static List<Observation> Open(List<Report> reports, Hl7Value request, Validity marks)
    {
        var rows = new List<Observation>();
        reports.Add(new Report(request, rows, marks));
        return rows;
    }
}
