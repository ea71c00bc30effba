using System.Globalization;
using System.Text;
using Bedside.Model;
using Bedside.Storage.Feeding;

namespace Bedside.Extract.Hl7;

/// <summary>
/// A part of what was stored to one message ORU^R01 of HL7 2.6 by the profile IHE PCD-01. Pure: the same part, signals and settings give the same bytes. Nothing of a patient is in it: no PID, and of PV1 the bed
/// alone. HL7-OUT.md says what each field holds, and what is left out.
/// </summary>
public sealed class Pcd01Writer(Pcd01Settings settings)
{
    internal const string MonitorCode = "69965^MDC_DEV_MON_PHYSIO_MULTI_PARAM_MDS^MDC";

    private const string Private = "99BEDSIDE";
    private const string Profile = "IHE_PCD_001^IHE PCD^1.3.6.1.4.1.19376.1.6.1.1.1^ISO";
    private const int ControlLetters = 20;

    /// <summary>Validity to OBX-8; what is not here HL7 has no flag for.</summary>
    private static readonly (Validity Bit, string Flag)[] Flags =
    [
        (Validity.Invalid, "INV"), (Validity.Questionable, "QUES"), (Validity.NotAvailable, "NAV"), (Validity.CalibrationOngoing, "CAL"), (Validity.TestData, "TEST"), (Validity.DemoData, "DEMO"),
        (Validity.ValidatedData, "VAL"), (Validity.EarlyIndication, "EARLY"), (Validity.MeasurementOngoing, "BUSY"), (Validity.InAlarm, "ALACT"), (Validity.AlarmInhibited, "ALINH"),
    ];

    /// <summary>MSH-10: the same for the same part, whenever it is sent.</summary>
    public static string ControlOf(FeedPart part) => part.Key[..ControlLetters];

    /// <summary>The message, UTF-8, without the frame of MLLP; null when there is nothing to tell in the part. <paramref name="signals"/>: those of the store.</summary>
    public byte[]? Write(FeedPart part, IReadOnlyList<Signal> signals)
    {
        var known = signals.ToDictionary(signal => signal.Number);
        var containment = new Containment(signals);
        string box = Hl7Words.Escape(settings.Box);
        var message = new StringBuilder(16_384);
        Hl7Words.Append(message, "MSH", "^~\\&", $"BEDSIDE^{box}^{settings.UniversalType}", "", "", "", Hl7Words.Time(part.MadeAt), "", "ORU^R01^ORU_R01", ControlOf(part), "P", "2.6", "", "", "AL", "NE", "", "UNICODE UTF-8", "", "", Profile);
        Hl7Words.Append(message, "PV1", "", "I", Place());
        Block[] blocks = [.. part.Blocks.Where(block => known.ContainsKey(block.Signal))];
        Value[] values = [.. blocks.SelectMany(block => ValuesOf(block, known[block.Signal])).OrderBy(value => value.Time.UnixNanoseconds).ThenBy(value => value.Signal.Number.Value)];
        int request = 0;
        int row = 0;
        IEnumerable<SignalNumber> told = blocks.Select(block => block.Signal).Distinct();
        if (values.Length > 0)
        {
            AppendRequest(message, ++request, part, MonitorCode, (part.From, part.To));
            row = containment.Append(message, told, box, row);
            foreach (Value value in values)
            {
                AppendValue(message, ++row, value, (containment.Of(value.Signal.Number), box));
            }
        }

        foreach (WaveRun run in WaveRun.Of(blocks.OfType<SampleBlock>()))
        {
            AppendRequest(message, ++request, part, "69121^MDC_OBS_WAVE_CTS^MDC", (run.Start, run.End));
            row = values.Length == 0 && request == 1 ? containment.Append(message, told, box, row) : row;
            Signal signal = known[run.Signal];
            row = run.Append(message, signal, (CodeOf(signal), containment.Of(run.Signal), EquipmentOf(signal, box), FlagsOf(run.Validity)), row);
        }

        return request == 0 ? null : Encoding.UTF8.GetBytes(message.ToString());
    }

    /// <summary>OBX-3: the number and name of MDC, else the driver's own code; and the box's own name of the signal.</summary>
    internal static string CodeOf(Signal signal)
    {
        Metric metric = signal.Metric;
        string own = $"{Hl7Words.Escape(signal.Id)}^^{Private}-ID";
        if (metric.Code == 0)
        {
            string code = metric.DeviceCode.Length > 0 ? metric.DeviceCode : metric.SignalId;
            string name = metric.CodeName.Length > 0 ? metric.CodeName : metric.SignalId;
            return $"{Hl7Words.Escape(code)}^{Hl7Words.Escape(name)}^{Private}^{own}";
        }

        // The name that goes with the number, not what a device may have called it.
        string reference = Nomenclature.Shipped.ByCode(metric.Code) is { } entry ? entry.CodeName : metric.CodeName;
        return string.Create(CultureInfo.InvariantCulture, $"{metric.Code}^{Hl7Words.Escape(reference)}^MDC^{own}");
    }

    private static string FlagsOf(Validity validity) => string.Join('~', Flags.Where(flag => (validity & flag.Bit) != 0).Select(flag => flag.Flag));

    private static string EquipmentOf(Signal signal, string box) => $"{Hl7Words.Escape(signal.Device)}^{box}";

    private static IEnumerable<Value> ValuesOf(Block block, Signal signal) => block switch
    {
        NumericBlock numeric => numeric.Readings.Select(reading => new Value(reading.Time, signal, "NM", reading.Value is { } number ? number.ToString() : string.Empty, reading.Validity)),
        TextBlock { Code: not 0 } coded => [new Value(coded.Start, signal, "CWE", string.Create(CultureInfo.InvariantCulture, $"{coded.Code}^{Hl7Words.Escape(coded.Text)}^{Private}"), coded.Validity)],
        TextBlock text => [new Value(text.Start, signal, "ST", Hl7Words.Escape(text.Text), text.Validity)],
        _ => [],
    };

    private static void AppendValue(StringBuilder message, int row, Value value, (string Place, string Box) of)
    {
        Signal signal = value.Signal;
        bool isResult = value.Text.Length > 0 && value.Validity.IsUsable();
        string flags = FlagsOf(value.Text.Length > 0 ? value.Validity : value.Validity | Validity.NotAvailable);
        Hl7Words.Append(
            message,
            "OBX",
            row.ToString(CultureInfo.InvariantCulture),
            value.Type,
            CodeOf(signal),
            of.Place,
            value.Text,
            value.Type == "NM" ? MdcUnits.Of(signal.Metric) : string.Empty,
            "",
            flags,
            "",
            "",
            isResult ? "R" : "X",
            "",
            signal.Metric.Kind == SignalKind.Setting ? "SETTING" : string.Empty,
            Hl7Words.Time(value.Time),
            "",
            "",
            "",
            EquipmentOf(signal, of.Box));
    }

    /// <summary>One bed, or the components that a site gave.</summary>
    private string Place() => settings.Bed.Contains('^', StringComparison.Ordinal)
        ? string.Join('^', settings.Bed.Split('^').Select(Hl7Words.Escape))
        : $"^^{Hl7Words.Escape(settings.Bed)}";

    private static void AppendRequest(StringBuilder message, int number, FeedPart part, string code, (UtcInstant From, UtcInstant To) time)
    {
        string id = string.Create(CultureInfo.InvariantCulture, $"{ControlOf(part)}.{number}^BEDSIDE");
        Hl7Words.Append(message, "OBR", number.ToString(CultureInfo.InvariantCulture), id, id, code, "", "", Hl7Words.Time(time.From), Hl7Words.Time(time.To));
    }

    /// <summary>One row; the text as it stands in OBX-5.</summary>
    private sealed record Value(UtcInstant Time, Signal Signal, string Type, string Text, Validity Validity);
}
