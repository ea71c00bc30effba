using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Bedside.Model;

namespace Bedside.Extract.Fhir;

/// <summary>Writes Observations (R4). Not for two threads.</summary>
public sealed class ObservationWriter(FhirRecord record)
{
    private const int MicrosecondDigits = 6;

    private readonly FhirTime _time = new(record.Rules.Zone);
    private readonly Dictionary<uint, byte[]> _codes = [];

    /// <summary>Added to every time that is written.</summary>
    public long ShiftNanoseconds { get; set; }

    /// <summary>One resource, as an object; <paramref name="patient"/> is the id of its Patient.</summary>
    public void Write(Utf8JsonWriter json, FhirItem item, string patient)
    {
        // Where a whole box plays made-up data, so does a device that does not say so.
        Validity validity = ValidityOf(item) | (record.Rules.IncludesDemo ? Validity.DemoData : Validity.Valid);
        FhirSeries series = item.Series;
        json.WriteStartObject();
        json.WriteString("resourceType"u8, "Observation"u8);
        json.WriteString("id"u8, record.IdOf(item));
        json.WriteStartObject("meta"u8);
        WriteTime(json, "lastUpdated"u8, item.Updated);
        QualityWords.WriteSecurity(json, validity);
        json.WriteEndObject();
        json.WriteString("status"u8, QualityWords.StatusOf(validity));
        if (series.IsVitalSign)
        {
            WriteVitalSign(json);
        }

        json.WritePropertyName("code"u8);
        json.WriteRawValue(CodeOf(series), skipInputValidation: true);
        json.WriteStartObject("subject"u8);
        json.WriteString("reference"u8, $"Patient/{patient}");
        json.WriteEndObject();
        WriteEffective(json, item);
        WriteValue(json, item);
        QualityWords.WriteInterpretation(json, item is CompoundItem ? validity & ~Validity.Invalid : validity);
        json.WriteStartObject("device"u8);
        json.WriteString("reference"u8, $"DeviceMetric/{record.Devices.MetricOf(series)}");
        json.WriteEndObject();
        if (item is CompoundItem compound)
        {
            WriteComponents(json, compound);
        }

        json.WriteEndObject();
    }

    private static Validity ValidityOf(FhirItem item) => item switch
    {
        ReadingItem one => one.Reading.Validity,
        StateItem state => state.State.Validity,

        // What is wrong with one component is told there; the whole is unusable when all are.
        CompoundItem compound => compound.Readings.Aggregate(Validity.Valid, (all, one) => all | (one?.Validity ?? Validity.Valid))
            & (compound.Readings.Any(one => one is { } told && told.Validity.IsUsable()) ? ~Validity.Invalid : (Validity)ushort.MaxValue),
        WaveItem wave => wave.Chunk.Marks & (wave.Chunk.HasValues ? ~(Validity.Invalid | Validity.NotAvailable) : (Validity)ushort.MaxValue),
        _ => Validity.Valid,
    };

    private static void WriteVitalSign(Utf8JsonWriter json)
    {
        json.WriteStartArray("category"u8);
        json.WriteStartObject();
        json.WriteStartArray("coding"u8);
        QualityWords.WriteCoding(json, FhirCoding.Category, "vital-signs");
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static void WriteQuantity(Utf8JsonWriter json, Fixed value, string unit)
    {
        json.WriteStartObject("valueQuantity"u8);
        json.WritePropertyName("value"u8);
        json.WriteRawValue(value.ToString(), skipInputValidation: true);
        SampledDataText.WriteUnit(json, unit);
        json.WriteEndObject();
    }

    /// <summary>A value or why there is none; never both.</summary>
    private static void WriteReading(Utf8JsonWriter json, NumericReading? reading, string unit)
    {
        string? absence = QualityWords.AbsenceOf(reading?.Validity ?? Validity.Valid, reading?.Value is not null);
        if (absence is not null)
        {
            QualityWords.WriteAbsence(json, absence);
        }
        else if (reading?.Value is { } value)
        {
            WriteQuantity(json, value, unit);
        }
    }

    private static void WriteComponents(Utf8JsonWriter json, CompoundItem item)
    {
        json.WriteStartArray("component"u8);
        for (int i = 0; i < item.Readings.Count; i++)
        {
            SeriesPart part = item.Series.Parts[i];
            json.WriteStartObject();
            json.WritePropertyName("code"u8);
            DeviceWriter.WriteConcept(json, part.Codes, text: string.Empty);
            WriteReading(json, item.Readings[i], part.Signal.Metric.Unit);
            if (item.Readings[i] is { } reading)
            {
                QualityWords.WriteInterpretation(json, reading.Validity);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteValue(Utf8JsonWriter json, FhirItem item)
    {
        switch (item)
        {
            case ReadingItem one:
                WriteReading(json, one.Reading, item.Series.Unit);
                break;
            case WaveItem { Chunk.HasValues: true } wave:
                json.WritePropertyName("valueSampledData"u8);
                SampledDataText.Write(json, wave.Chunk, item.Series.Unit);
                break;
            case WaveItem wave:
                QualityWords.WriteAbsence(json, wave.Chunk.Marks.HasFlag(Validity.Invalid) ? "error" : "temp-unknown");
                break;
            case StateItem state when QualityWords.AbsenceOf(state.State.Validity, hasValue: true) is { } absence:
                QualityWords.WriteAbsence(json, absence);
                break;
            case StateItem state:
                json.WriteStartObject("valueCodeableConcept"u8);
                json.WriteStartArray("coding"u8);
                QualityWords.WriteCoding(json, FhirCoding.State + state.Series.StateScheme, state.State.Code.ToString(CultureInfo.InvariantCulture));
                json.WriteEndArray();
                json.WriteEndObject();
                break;
        }
    }

    private void WriteEffective(Utf8JsonWriter json, FhirItem item)
    {
        if (item is not WaveItem)
        {
            WriteTime(json, "effectiveDateTime"u8, item.Start);
            return;
        }

        // A sample of 500 Hz lasts 2 ms: to the millisecond would be half of that.
        json.WriteStartObject("effectivePeriod"u8);
        WriteTime(json, "start"u8, item.Start, MicrosecondDigits);
        WriteTime(json, "end"u8, item.Last, MicrosecondDigits);
        json.WriteEndObject();
    }

    private void WriteTime(Utf8JsonWriter json, ReadOnlySpan<byte> name, long time, int digits = 3)
    {
        Span<byte> text = stackalloc byte[FhirTime.MostBytes];
        json.WriteString(name, text[.._time.Write(time + ShiftNanoseconds, text, digits)]);
    }

    private byte[] CodeOf(FhirSeries series)
    {
        if (!_codes.TryGetValue(series.Number, out byte[]? code))
        {
            var buffer = new ArrayBufferWriter<byte>();
            using var json = new Utf8JsonWriter(buffer);
            DeviceWriter.WriteConcept(json, series.Codes, series.Text);
            json.Flush();
            _codes[series.Number] = code = buffer.WrittenSpan.ToArray();
        }

        return code;
    }
}
