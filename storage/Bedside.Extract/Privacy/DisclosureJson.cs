using System.Text.Encodings.Web;
using System.Text.Json;
using Bedside.Model.Research;

namespace Bedside.Extract.Privacy;

/// <summary>A report as the package has it: <c>disclosure-report.json</c>, UTF-8, the same bytes from the same report. PRIVACY.md, section 5.</summary>
public static class DisclosureJson
{
    private const int RiskDigits = 6;

    private static readonly JsonWriterOptions Plain = new() { Indented = true, IndentSize = 2, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Ends with a line feed.</summary>
    public static byte[] Write(DisclosureReport report)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Plain))
        {
            json.WriteStartObject();
            json.WriteString("study"u8, report.Study);
            json.WriteNumber("version"u8, report.Version);
            WriteTongues(json, "refusal", report.Refusal);
            json.WriteNumber("patients"u8, report.Patients);
            json.WriteNumber("stays"u8, report.Stays);
            json.WriteString("patients_with_several_stays"u8, report.PatientsWithSeveralStays);
            WriteRisk(json, report);
            WriteCut(json, report);
            WriteGeneralisations(json, report);
            WriteClasses(json, report);
            WriteNotes(json, report);
            json.WriteEndObject();
        }

        bytes.WriteByte((byte)'\n');
        return bytes.ToArray();
    }

    private static void WriteRisk(Utf8JsonWriter json, DisclosureReport report)
    {
        json.WriteStartObject("risk"u8);
        json.WriteNumber("least_patients"u8, DisclosureReport.LeastPatients);
        json.WriteNumber("smallest_class"u8, report.SmallestClass);
        json.WriteNumber("maximum"u8, Math.Round(report.MaximumRisk, RiskDigits));
        json.WriteNumber("mean"u8, Math.Round(report.MeanRisk, RiskDigits));
        json.WriteNumber("goal"u8, Math.Round(DisclosureReport.RiskGoal, RiskDigits));
        json.WriteEndObject();
    }

    private static void WriteCut(Utf8JsonWriter json, DisclosureReport report)
    {
        json.WriteStartObject("suppressed"u8);
        json.WriteString("reason"u8, "class_too_small");
        json.WriteString("stays"u8, report.Suppressed);
        json.WriteString("most"u8, $"1/{DisclosureReport.OneIn}");
        json.WriteEndObject();
        json.WriteStartArray("not_asked_for"u8);
        foreach (LeftOutStays left in report.LeftOut)
        {
            json.WriteStartObject();
            json.WriteString("reason"u8, Word(left.Reason));
            json.WriteString("stays"u8, left.Stays);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteGeneralisations(Utf8JsonWriter json, DisclosureReport report)
    {
        json.WriteStartArray("generalisations"u8);
        foreach (UsedGeneralisation used in report.Used)
        {
            json.WriteStartObject();
            json.WriteString("column"u8, used.Column);
            json.WriteNumber("step"u8, used.Step);
            json.WriteNumber("last"u8, used.Last);
            WriteTexts(json, "values", used.Values);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("tried"u8);
        foreach (TriedGeneralisation tried in report.Tried)
        {
            json.WriteStartObject();
            foreach ((QuasiColumn column, int step) in QuasiColumn.All.Zip(tried.Steps))
            {
                json.WriteNumber(column.Name, step);
            }

            json.WriteBoolean("holds"u8, tried.Holds);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteClasses(Utf8JsonWriter json, DisclosureReport report)
    {
        json.WriteStartArray("classes"u8);
        foreach (DisclosureClass one in report.Classes)
        {
            json.WriteStartObject();
            WriteValues(json, one.Values);
            json.WriteNumber("patients"u8, one.Patients);
            json.WriteNumber("stays"u8, one.Stays);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteNotes(Utf8JsonWriter json, DisclosureReport report)
    {
        json.WriteStartArray("dominance"u8);
        foreach (DominanceNote note in report.Dominance)
        {
            json.WriteStartObject();
            json.WriteString("rule"u8, Word(note.Kind));
            WriteValues(json, note.Values);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        WriteTexts(json, "identifying_signals", report.Identifying);
        json.WriteStartArray("limits"u8);
        foreach (TwoTongues limit in report.Limits)
        {
            WriteTongues(json, name: null, limit);
        }

        json.WriteEndArray();
    }

    private static void WriteValues(Utf8JsonWriter json, IReadOnlyList<string> values)
    {
        foreach ((QuasiColumn column, string value) in QuasiColumn.All.Zip(values))
        {
            json.WriteString(column.Name, value);
        }
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, IReadOnlyList<string> texts)
    {
        json.WriteStartArray(name);
        foreach (string text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }

    private static void WriteTongues(Utf8JsonWriter json, string? name, TwoTongues text)
    {
        if (name is null)
        {
            json.WriteStartObject();
        }
        else
        {
            json.WriteStartObject(name);
        }

        json.WriteString("fr"u8, text.French);
        json.WriteString("en"u8, text.English);
        json.WriteEndObject();
    }

    private static string Word(LeftOutReason reason) => reason switch
    {
        LeftOutReason.AgeUnknown => "age_unknown",
        LeftOutReason.UnderAge => "under_18",
        LeftOutReason.Age => "other_age",
        LeftOutReason.Sex => "other_sex",
        _ => "too_short",
    };

    private static string Word(DominanceKind kind) => kind switch
    {
        DominanceKind.TwoPatients => "two_patients_over_85_percent_of_hours",
        DominanceKind.FirstPatient => "rest_under_10_percent_of_first_patient",
        _ => "value_of_over_90_percent_of_patients",
    };
}
