using Bedside.Ingest.Drivers;
using Bedside.Model;

namespace Bedside.Ingest.Hl7;

/// <summary>Numbers, settings and states of one report (PCD-01 and what looks like it).</summary>
internal sealed class MetricReader(ReportContext context)
{
    private const int MostText = 400;

    /// <summary>Attributes of the patient that some devices send as rows: name, number, sex. They are nobody's measurement.</summary>
    private const string PatientAttribute = "MDC_ATTR_PT_";

    private readonly Dictionary<(string Id, string Place), string> _channels = [];

    public void Read(Report report, IDriverOutput output)
    {
        Dictionary<string, string> labels = LabelsOf(report, output);
        foreach (Observation row in report.Rows)
        {
            bool isMetric = !row.IsPart && !row.IsFacet && !row.IsDeleted && !row.IsBulk;
            if (isMetric && MetricNames.IsDevice(row.System) && row.System != "MDIL-ALERT")
            {
                ReadRow(report, row, labels, output);
            }
        }
    }

    private void ReadRow(Report report, Observation row, Dictionary<string, string> labels, IDriverOutput output)
    {
        MetricName name = MetricNames.Of(row.Identifier);
        if (name.Name.StartsWith(PatientAttribute, StringComparison.Ordinal))
        {
            return;
        }

        if (name.Conflict)
        {
            context.Tell(name.Id, new Hl7Fault(Hl7Fault.TableValue, "OBX", row.Sequence, 3, $"number {row.Identifier.Component(1).Text} and name {name.Name} are of two signals; kept as {name.Id}"), output);
        }

        string unit = Units.Resolve(row.Segment.Field(6), out bool conflict);
        if (conflict)
        {
            context.Tell($"unit {row.Segment.Field(6).Text}", new Hl7Fault(Hl7Fault.TableValue, "OBX", row.Sequence, 6, $"number and name of the unit of {name.Id} are of two units; none is taken"), output);
        }

        SenderClock.Stated? time = context.Clock.Choose(row.Time, report.Begin);
        Fixed? value = Observation.NumberOf(row.Type, row.Value, out bool isNumber, out bool beyond);
        bool wantsNumber = row.Type == "NM" || row.Type == "SN" || row.Type.Length == 0 || name.IsNumber;
        Validity validity = row.Validity | report.Marks | (beyond ? Validity.Saturated : Validity.Valid);
        if (wantsNumber && isNumber)
        {
            Metric metric = MetricOf(name, row, labels, unit);
            context.Readout.Number(metric, validity.HasFlag(Validity.NotAvailable) ? null : value, time?.Ticks, output, validity, time?.Within ?? default);
        }
        else if (row.Value.HasValue)
        {
            ReadText(row, name, labels, time, (validity, output));
        }
    }

    private void ReadText(Observation row, MetricName name, Dictionary<string, string> labels, SenderClock.Stated? time, (Validity Validity, IDriverOutput Output) to)
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
        MetricName own = (name.IsWave || name.IsNumber) && row.Type != "NM" ? MetricNames.AsRaw(name, row.Identifier.Component(1).Text) : name;
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

    private Metric MetricOf(MetricName name, Observation row, Dictionary<string, string> labels, string unit)
    {
        MetricName own = name.IsWave || name.Entry?.Kind == "event" ? MetricNames.AsRaw(name, row.Identifier.Component(1).Text) : name;
        bool isSetting = own.Entry?.Kind == "setting" || row.IsSetting;
        bool isPeriodic = context.Settings.Every is not null && !row.IsAperiodic && !isSetting && own.Entry is not { TypicalRate: null };
        return new Metric
        {
            SignalId = own.Id,
            Kind = isSetting ? SignalKind.Setting : SignalKind.Numeric,
            Code = own.Code,
            CodeName = own.Entry?.CodeName is { Length: > 0 } reference ? reference : own.Name,
            Unit = unit,
            Channel = ChannelOf(own.Id, row, labels),
            Label = own.Name,
            DeviceCode = own.DeviceCode,
            ExpectedEvery = isPeriodic ? context.Settings.Every : null,
        };
    }

    /// <summary>
    /// Empty for the first place of a signal; for a second one, as of two arterial lines, the label of its channel. Numbers of places hold within one message
    /// only, so a place is known by its labels and not by them.
    /// </summary>
    private string ChannelOf(string id, Observation row, Dictionary<string, string> labels)
    {
        if (row.Place.Length == 0)
        {
            return string.Empty;
        }

        string label = labels.GetValueOrDefault(row.Place) ?? row.Place;
        if (_channels.TryGetValue((id, label), out string? known))
        {
            return known;
        }

        bool isFirst = !_channels.Keys.Any(key => key.Id == id);
        string channel = isFirst ? string.Empty : label;
        if (_channels.Count < 1_024)
        {
            _channels[(id, label)] = channel;
        }

        return channel;
    }

    /// <summary>Labels of channels, with the devices' introductions told on the way.</summary>
    private static Dictionary<string, string> LabelsOf(Report report, IDriverOutput output)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        string device = string.Empty;
        foreach (Observation row in report.Rows.Where(row => row.IsPart && row.Levels.Count == 4))
        {
            string label = row.Identifier.Component(2).Text is { Length: > 0 } name ? name : row.Identifier.Component(1).Text;
            if (row.Levels[1] == 0)
            {
                device = row.Levels[0] == 1 ? string.Empty : $"{label}/";
                output.Report(new DeviceEvent.Identity(IdentityOf(row, label)));
            }
            else if (row.Levels[2] != 0)
            {
                labels[row.Place] = device + label;
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
}
