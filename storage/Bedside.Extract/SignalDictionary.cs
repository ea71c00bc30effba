using System.Text.Encodings.Web;
using System.Text.Json;
using Bedside.Model;
using static Bedside.Extract.ExportColumn;

namespace Bedside.Extract;

/// <summary>What each signal is: the same for the table <c>signals</c> of every export and for what Arrow files say of themselves.</summary>
internal static class SignalDictionary
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly ExportColumn[] Columns =
    [
        Text("signal"), Text("kind"), Text("name_en"), Text("name_fr"), Text("unit_ucum"), Whole("code_11073"), Text("code_name"), Text("loinc"), Text("device"), Text("channel"), Text("device_code"), Text("device_label"),
        Number("plausible_min"), Number("plausible_max"), Number("expected_every_s"), Flag("experimental"),
    ];

    public static void Write(TableMaker make, ExportRequest request)
    {
        using IExportTable table = make("signals", Columns);
        foreach (Signal signal in request.Signals)
        {
            table.Row(Row(signal, request));
        }
    }

    /// <summary>What is known of a signal: name of the column and its text.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Of(Signal signal, ExportRequest request) =>
        Columns.Zip(Row(signal, request)).Where(pair => pair.Second.IsThere).Select(pair => KeyValuePair.Create(pair.First.Name, pair.Second.ToString()));

    /// <summary>A JSON list with an object for each signal.</summary>
    public static string Json(IEnumerable<Signal> signals, ExportRequest request)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Plain))
        {
            json.WriteStartArray();
            foreach (Signal signal in signals)
            {
                json.WriteStartObject();
                foreach ((ExportColumn column, ExportCell cell) in Columns.Zip(Row(signal, request)).Where(pair => pair.Second.IsThere))
                {
                    Write(json, column.Name, cell);
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        return System.Text.Encoding.UTF8.GetString(bytes.ToArray());
    }

    private static void Write(Utf8JsonWriter json, string name, ExportCell cell)
    {
        switch (cell.Kind)
        {
            case ColumnKind.Whole:
                json.WriteNumber(name, cell.Whole);
                break;
            case ColumnKind.Number:
                json.WriteNumber(name, cell.Number);
                break;
            case ColumnKind.Flag:
                json.WriteBoolean(name, cell.Whole != 0);
                break;
            default:
                json.WriteString(name, cell.ToString());
                break;
        }
    }

    private static ExportCell[] Row(Signal signal, ExportRequest request)
    {
        Metric metric = signal.Metric;
        NomenclatureEntry? entry = Nomenclature.Shipped.Of(signal);
        return
        [
            signal.Id, Spelling.Of(metric.Kind), entry?.English ?? string.Empty, entry?.French ?? string.Empty, metric.Unit, ExportCell.Code(metric.Code), metric.CodeName, entry?.Loinc ?? string.Empty, signal.Device,
            metric.Channel, metric.DeviceCode, metric.Label, Plausible(metric, entry, entry?.PlausibleMin), Plausible(metric, entry, entry?.PlausibleMax), metric.ExpectedEvery?.TotalSeconds,
            request.Experimental.Contains(signal.Device),
        ];
    }

    /// <summary>The nomenclature's range is in its own unit; it says nothing of values in another.</summary>
    private static ExportCell Plausible(Metric metric, NomenclatureEntry? entry, double? limit) => entry?.Unit == metric.Unit ? limit : default(ExportCell);
}
