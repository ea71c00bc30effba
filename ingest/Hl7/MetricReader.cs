using Bedside.Ingest.Drivers;
using Bedside.Model;

namespace Bedside.Ingest.Hl7;

/// <summary>Numbers, settings and states of one report (PCD-01 and what looks like it).</summary>
internal sealed class MetricReader(ReportContext context)
{
    private const int MostText = 400;

    /// <summary>Attributes of the patient that some devices send as rows: name, number, sex. They are nobody's measurement.</summary>
    private const string PatientAttribute = "MDC_ATTR_PT_";

    private const int MostKnown = 1_024;

    private readonly Dictionary<(string Id, string Place), string> _channels = [];
    private readonly HashSet<string> _placed = new(StringComparer.Ordinal);
    private readonly Dictionary<MetricKey, Metric> _metrics = [];
    private readonly Dictionary<RowShape, MetricName> _names = [];

    public void Read(Report report, IDriverOutput output)
    {
        Dictionary<string, string>? labels = LabelsOf(report, output);
        foreach (Observation row in report.Rows)
        {
            bool isMetric = row.Shape.IsDevice && !row.IsPart && !row.IsFacet && !row.IsDeleted && !row.IsBulk;
            if (isMetric && row.System != "MDIL-ALERT")
            {
                ReadRow(report, row, labels, output);
            }
        }
    }

    private void ReadRow(Report report, Observation row, Dictionary<string, string>? labels, IDriverOutput output)
    {
        RowShape shape = row.Shape;
        MetricName name = NameOf(shape);
        if (name.Name.StartsWith(PatientAttribute, StringComparison.Ordinal))
        {
            return;
        }

        if (name.Conflict)
        {
            context.Conflicts.Add(shape, output);
            context.Tell(name.Id, new Hl7Fault(Hl7Fault.TableValue, "OBX", row.Sequence, 3, $"number {shape.Code} and name {name.Name} are of two signals; kept as {name.Id}"), output);
        }

        string unit = context.Rules.UnitOf(shape);
        if (shape.UnitConflict && unit.Length == 0)
        {
            context.Tell($"unit {shape.UnitText}", new Hl7Fault(Hl7Fault.TableValue, "OBX", row.Sequence, 6, $"number and name of the unit of {name.Id} are of two units; none is taken"), output);
        }

        SenderClock.Stated? time = context.Clock.Choose(row.Time, report.Begin);
        Fixed? value = Observation.NumberOf(row.Type, row.Value, out bool isNumber, out bool beyond);
        bool wantsNumber = row.Type == "NM" || row.Type == "SN" || row.Type.Length == 0 || name.IsNumber;
        Validity validity = row.Validity | report.Marks | (beyond ? Validity.Saturated : Validity.Valid);
        if (wantsNumber && isNumber)
        {
            Metric metric = MetricOf(name, row, labels, unit);
            bool isNone = validity.HasFlag(Validity.NotAvailable) || IsNone(row, value);
            context.Readout.Number(metric, isNone ? null : value, time?.Ticks, output, validity, time?.Within ?? default);
        }
        else if (row.Value.HasValue)
        {
            ReadText(row, name, labels, time, (validity, output));
        }
    }

    /// <summary>The site says that this number is none, or that the sender means what it marks with X.</summary>
    private bool IsNone(Observation row, Fixed? value) =>
        (context.Rules.HonoursX && row.Status == 'X')
        || (value is { } number && context.Rules.SentinelsOf(row.Shape) is { Length: > 0 } none && none.Contains(number.ToDouble()));

    /// <summary>What the site says that the row is, else what number and name say.</summary>
    private MetricName NameOf(RowShape shape)
    {
        if (context.Rules.Codes.Count == 0)
        {
            return shape.Name;
        }

        if (!_names.TryGetValue(shape, out MetricName? name))
        {
            name = context.Rules.EntryOf(shape) is { } entry ? new MetricName(entry.Id, entry, entry.Code, shape.Name.Name, shape.Name.DeviceCode) : shape.Name;
            if (_names.Count < MostKnown)
            {
                _names[shape] = name;
            }
        }

        return name;
    }

    private void ReadText(Observation row, MetricName name, Dictionary<string, string>? labels, SenderClock.Stated? time, (Validity Validity, IDriverOutput Output) to)
    {
        Hl7Value first = row.Value.Repetition(0);
        bool coded = row.IsCoded;
        string text = coded ? TextOf(first) : first.Text;
        _ = uint.TryParse(coded ? first.Component(1).Text : string.Empty, out uint code);
        if (text.Length > MostText)
        {
            context.Tell($"text {name.Id}", new Hl7Fault(Hl7Fault.DataType, "OBX", row.Sequence, 5, $"a text of {name.Id} is longer than {MostText} characters and was left out"), to.Output);
            return;
        }

        // A text where the nomenclature has a number is another signal.
        MetricName own = (name.IsWave || name.IsNumber) && row.Type != "NM" ? MetricNames.AsRaw(name, row.Shape.Code) : name;
        Metric metric = MetricOf(own, row, labels, string.Empty) with { Kind = SignalKind.Text };
        context.Readout.Text(metric, row.Type == "NM" ? string.Empty : text, time?.Ticks, to.Output, code, to.Validity, time?.Within ?? default);
        if (row.Type == "NM")
        {
            context.Tell($"number {name.Id}", new Hl7Fault(Hl7Fault.DataType, "OBX", row.Sequence, 5, $"a value of {name.Id} is no number and was left out"), to.Output);
        }
    }

    /// <summary>The label of a coded value, else its original text, else its code.</summary>
    private static string TextOf(Hl7Value coded) =>
        coded.Component(2).HasValue ? coded.Component(2).Text : coded.Component(9).HasValue ? coded.Component(9).Text : coded.Component(1).Text;

    private Metric MetricOf(MetricName name, Observation row, Dictionary<string, string>? labels, string unit)
    {
        MetricName own = name.IsWave || name.Entry?.Kind == "event" ? MetricNames.AsRaw(name, row.Shape.Code) : name;
        var key = new MetricKey(row.Shape, own.Id, ChannelOf(own.Id, row, labels), unit, row.IsSetting, row.IsAperiodic);
        if (!_metrics.TryGetValue(key, out Metric? metric))
        {
            metric = MakeMetric(own, key);
            if (_metrics.Count < MostKnown)
            {
                _metrics[key] = metric;
            }
        }

        return metric;
    }

    private Metric MakeMetric(MetricName own, MetricKey of)
    {
        bool isSetting = own.Entry?.Kind == "setting" || of.IsSetting;
        bool isPeriodic = context.Settings.Every is not null && !of.IsAperiodic && !isSetting && own.Entry is not { TypicalRate: null };
        return new Metric
        {
            SignalId = own.Id,
            Kind = isSetting ? SignalKind.Setting : SignalKind.Numeric,
            Code = own.Code,
            CodeName = own.Entry?.CodeName is { Length: > 0 } reference ? reference : own.Name,
            Unit = of.Unit,
            Channel = of.Channel,
            Label = own.Name,
            DeviceCode = own.DeviceCode,
            ExpectedEvery = isPeriodic ? context.Settings.Every : null,
        };
    }

    /// <summary>
    /// Empty for the first place of a signal; for a second one, as of two arterial lines, the label of its channel. Numbers of places hold within one message
    /// only, so a place is known by its labels and not by them.
    /// </summary>
    private string ChannelOf(string id, Observation row, Dictionary<string, string>? labels)
    {
        if (row.Place.Length == 0)
        {
            return string.Empty;
        }

        string label = labels?.GetValueOrDefault(row.Place) ?? row.Place;
        if (_channels.TryGetValue((id, label), out string? known))
        {
            return known;
        }

        string channel = _placed.Contains(id) ? label : string.Empty;
        if (_channels.Count < MostKnown)
        {
            _channels[(id, label)] = channel;
            _ = _placed.Add(id);
        }

        return channel;
    }

    /// <summary>Labels of channels, with the devices' introductions told on the way; null = there is none.</summary>
    private Dictionary<string, string>? LabelsOf(Report report, IDriverOutput output)
    {
        Dictionary<string, string>? labels = null;
        string device = string.Empty;
        foreach (Observation row in report.Rows)
        {
            if (!row.IsPart || row.Levels.Count != 4)
            {
                continue;
            }

            string label = row.Shape.Label.Length > 0 ? row.Shape.Label : row.Shape.Code;
            if (row.Levels[1] == 0)
            {
                device = row.Levels[0] == 1 ? string.Empty : $"{label}/";
                context.Conflicts.Introduce(IdentityOf(row, label), output);
            }
            else if (row.Levels[2] != 0)
            {
                (labels ??= new Dictionary<string, string>(StringComparer.Ordinal))[row.Place] = device + label;
            }
        }

        return labels;
    }

    private static DeviceIdentity IdentityOf(Observation row, string model) => new()
    {
        Manufacturer = string.Empty,
        Model = model,
        SerialNumber = row.Segment.Field(18).Component(1).Text is { Length: > 0 } serial ? serial : row.Segment.Field(18).Component(2).Text,
        Protocol = "HL7 2.x, PCD-01",
    };

    /// <summary>What a metric is made from.</summary>
    private readonly record struct MetricKey(RowShape Shape, string Id, string Channel, string Unit, bool IsSetting, bool IsAperiodic);
}
