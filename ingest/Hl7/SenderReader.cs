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

    private readonly MessageReader _reader;

    /// <summary>Of a sender of which the site says nothing special.</summary>
    public SenderReader(Hl7Settings settings)
        : this(settings, SenderRules.None)
    {
    }

    public SenderReader(Hl7Settings settings, SenderRules rules)
    {
        _context = new ReportContext(settings, rules);
        _reader = new MessageReader(settings);
        _metrics = new MetricReader(_context);
        _alerts = new AlertReader(_context);
        _waves = new WaveReader(_context);
    }

    /// <summary>What the feed of alerts does; null = it has no heartbeat that could stop.</summary>
    public AlertFeed? Feed => _alerts.Feed;

    /// <summary>Whether a message is of a kind that events are made of.</summary>
    public static bool IsObservation(Hl7Message message) => message.Header.Field(9).Component(1).Bytes.Trim((byte)' ').SequenceEqual("ORU"u8);

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
    public Use Take(Hl7Message message, UtcInstant arrival, IDriverOutput output) =>
        message.Rejection is not null || !IsObservation(message) ? Use.NotUsed : Take(_reader.Read(message), arrival, output);

    /// <summary>The same of an observation that was read already.</summary>
    public Use Take(MessageReading reading, UtcInstant arrival, IDriverOutput output)
    {
        if (reading.Reports.Count == 0)
        {
            return reading.OtherBed ? Use.OtherBed : Use.NotOfDevice;
        }

        if (!reading.IsOfDevice)
        {
            return Use.NotOfDevice;
        }

        Hl7Message message = reading.Message;
        _context.Clock.Begin(message, arrival, output);
        foreach (Hl7Fault fault in message.Faults)
        {
            _context.Tell(fault.Reason, fault, output);
        }

        bool isAlert = message.Kind.Event == "R40";
        foreach (Report report in reading.Reports)
        {
            if (isAlert)
            {
                _alerts.Read(report, arrival, output);
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

    /// <summary>Time passes: a feed of alerts whose heartbeat stops is lost.</summary>
    public void Elapse(UtcInstant now, IDriverOutput output) => _alerts.Elapse(now, output);
}
