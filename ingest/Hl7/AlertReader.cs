using System.Globalization;
using Bedside.Ingest.Drivers;
using Bedside.Model;

namespace Bedside.Ingest.Hl7;

/// <summary>Alerts: ORU^R40 (PCD-04), and the rows of the older Philips dialect. They are recorded, never passed on.</summary>
internal sealed class AlertReader(ReportContext context)
{
    private const int MostText = 200;

    private const int MostOpen = 256;

    private readonly StandingAlerts _standing = new();
    private readonly Dictionary<string, Alert> _open = new(StringComparer.Ordinal);
    private readonly AlertHeartbeat _heartbeat = new();

    /// <summary>Null = the sender has no heartbeat that could stop.</summary>
    public AlertFeed? Feed => _heartbeat.Feed;

    /// <summary>A feed whose heartbeat stopped is lost; what stood when it was, and does not come again, ended nobody knows when.</summary>
    public void Elapse(UtcInstant now, IDriverOutput output)
    {
        if (!_heartbeat.Elapse(now))
        {
            return;
        }

        foreach (Alert alert in _open.Values)
        {
            output.Report(new DeviceEvent.AlertSaid(alert with { Phase = AlertPhase.End, Text = Cut($"{alert.Text} ({AlertHeartbeat.UnknownEnd})") }));
        }

        _open.Clear();
    }

    /// <summary>One report of ORU^R40 is one alert; its facets are told by the last number of OBX-4 and not by their codes, which shift.</summary>
    public void Read(Report report, UtcInstant arrival, IDriverOutput output)
    {
        Observation? first = Facet(report, 1) ?? (report.Rows.Count > 0 ? report.Rows[0] : null);
        if (first is null)
        {
            return;
        }

        if (CodeOf(first) == AlertHeartbeat.Code)
        {
            _heartbeat.Beat(arrival, TimeoutOf(report), hasEnded: Word(report, 4) == "inactive");
            return;
        }

        _heartbeat.Hear(arrival);

        string key = KeyOf(report, first);
        if (key.Length == 0)
        {
            context.Tell("alert key", new Hl7Fault(Hl7Fault.RequiredField, "OBR", 1, 3, "an alert has no identity and was left out"), output);
            return;
        }

        string state = Word(report, 4);
        string inactivation = Word(report, 5);
        SenderClock.Stated? time = context.Clock.Choose(first.Time, report.Begin);
        var alert = new Alert
        {
            Key = key,
            Phase = PhaseOf(Word(report, 3), state),
            Priority = PriorityOf(Word(report, 6), first),
            Technical = (Word(report, 7) is { Length: > 0 } kind ? kind : Flag(first, "SP", "ST", "SA")) == "ST",
            Text = Cut(TextOf(report, first)),
            Code = CodeOf(first),
            CodeName = Cut(NameOf(first)),
            Source = SourceOf(report),
            Silenced = inactivation == "audio-paused" || inactivation == "audio-off" || inactivation == "alarm-paused",
            Inhibited = inactivation == "alarm-off",
            Latched = state == "latched",
        };
        if (alert.Phase == AlertPhase.End)
        {
            _ = _open.Remove(key);
        }
        else if (_open.Count < MostOpen || _open.ContainsKey(key))
        {
            _open[key] = alert;
        }

        output.Report(new DeviceEvent.AlertSaid(alert) { At = time?.Ticks, Within = time?.Within ?? default });
    }

    /// <summary>How long the sender says that its heartbeat may stay away; null = it does not say.</summary>
    private static TimeSpan? TimeoutOf(Report report) =>
        report.Rows.FirstOrDefault(row => row.Shape.Code == "67860") is { } row && Observation.NumberOf("NM", row.Value, out _, out _) is { } number
            ? TimeSpan.FromSeconds(Math.Clamp(row.Shape.Unit == "ms" ? number.ToDouble() / 1_000 : number.ToDouble(), 1, 86_400))
            : null;

    /// <summary>Rows that say which alerts stand; messages without any such row say nothing of alerts.</summary>
    public void ReadStanding(Report report, IDriverOutput output)
    {
        Observation[] rows = [.. report.Rows.Where(row => row.System == "MDIL-ALERT")];
        if (rows.Length == 0)
        {
            return;
        }

        SenderClock.Stated? time = context.Clock.Choose(rows[0].Time, report.Begin);
        _standing.Take(rows.Where(row => row.Value.HasValue).Select(Standing), time?.Ticks, output);
    }

    private static Alert Standing(Observation row)
    {
        string level = row.Shape.Code;
        string text = Cut(row.Value.Text);
        return new Alert
        {
            Key = $"mdil/{level}/{text}",
            Phase = AlertPhase.Start,
            Priority = level switch { "1" => AlertPriority.High, "2" => AlertPriority.Medium, _ => AlertPriority.Low },
            Technical = level == "5" || level == "6",
            Text = text,
            CodeName = Cut(row.Shape.Label),
        };
    }

    private static Observation? Facet(Report report, ulong number) => report.Rows.FirstOrDefault(row => row.Levels.Count == 5 && row.Levels[^1] == number);

    private static string Word(Report report, ulong facet) => Facet(report, facet) is { } row
        ? (row.Value.Component(2).HasValue && !row.Value.Component(1).HasValue ? row.Value.Component(2) : row.Value.Component(1)).Text
        : string.Empty;

    /// <summary>The alert that this one continues or ends (OBR-29), else its own number (OBR-3).</summary>
    private static string KeyOf(Report report, Observation first)
    {
        Hl7Value parent = report.Request.Field(29);
        foreach (Hl7Value one in (Hl7Value[])[parent.Component(2), parent.Component(1)])
        {
            if (one.HasValue)
            {
                return one.Sub(1).HasValue ? one.Sub(1).Text : one.Text;
            }
        }

        if (report.Request.Field(3).Component(1).HasValue)
        {
            return report.Request.Field(3).Component(1).Text;
        }

        uint code = CodeOf(first);
        return code == 0 ? string.Empty : string.Create(CultureInfo.InvariantCulture, $"{SourceOf(report)}/{code}");
    }

    private static AlertPhase PhaseOf(string phase, string state) => phase switch
    {
        "start" => AlertPhase.Start,
        "end" => AlertPhase.End,
        "" when state == "inactive" => AlertPhase.End,
        "" => AlertPhase.Start,
        _ => AlertPhase.Update,
    };

    private static AlertPriority PriorityOf(string word, Observation first) => (word.Length > 0 ? word : Flag(first, "PL", "PM", "PH")) switch
    {
        "PH" => AlertPriority.High,
        "PM" => AlertPriority.Medium,
        "PL" => AlertPriority.Low,
        _ => AlertPriority.None,
    };

    private static string Flag(Observation row, params ReadOnlySpan<string> words)
    {
        Hl7Value flags = row.Segment.Field(8);
        for (int i = 0; i < flags.Repetitions && i < 16; i++)
        {
            if (words.Contains(flags.Repetition(i).Component(1).Text))
            {
                return flags.Repetition(i).Component(1).Text;
            }
        }

        return string.Empty;
    }

    /// <summary>The event is the value of the first facet, or its OBX-3 itself.</summary>
    private static uint CodeOf(Observation first)
    {
        bool inValue = uint.TryParse(first.Value.Component(1).Text, NumberStyles.None, CultureInfo.InvariantCulture, out uint code) && first.Value.Component(3).Text == "MDC";
        return inValue || (first.System == "MDC" && uint.TryParse(first.Shape.Code, NumberStyles.None, CultureInfo.InvariantCulture, out code)) ? code : 0;
    }

    private static string NameOf(Observation first) => first.Value.Component(3).Text == "MDC" ? first.Value.Component(2).Text : first.Shape.Label;

    private static string TextOf(Report report, Observation first)
    {
        Observation? text = report.Rows.FirstOrDefault(row => row.Shape.Code == "68546" && row.Value.HasValue);
        if (text is not null)
        {
            return text.Value.Text;
        }

        bool coded = first.IsCoded;
        return coded && first.Value.Component(9).HasValue ? first.Value.Component(9).Text
            : coded && first.Value.Component(2).HasValue ? first.Value.Component(2).Text
            : !coded && first.Value.HasValue ? first.Value.Text
            : first.Shape.Label;
    }

    private static string SourceOf(Report report)
    {
        if (Facet(report, 2) is not { } source || source.System != "MDC")
        {
            return string.Empty;
        }

        MetricName name = source.Shape.Name;
        return name.Entry?.Id ?? string.Empty;
    }

    private static string Cut(string text) => text.Length <= MostText ? text : text[..MostText];
}
