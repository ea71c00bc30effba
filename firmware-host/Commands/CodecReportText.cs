using System.Globalization;
using System.Text.Json;
using Bedside.Host.Measuring;

namespace Bedside.Host.Commands;

/// <summary>Prints what <c>bench codec</c> found, as JSON or as a table.</summary>
internal static class CodecReportText
{
    public static void WriteJson(CodecReport report)
    {
        using Stream output = Console.OpenStandardOutput();
        using (var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            Write(json, report.Sealed);
            json.WriteStartObject("journal");
            Write(json, report.Journal);
            json.WriteEndObject();
            if (report is { Bed: { } bed, BedJournal: { } journal })
            {
                json.WriteStartObject("reference_bed");
                json.WriteNumber("bytes_per_sample", Math.Round(bed.BedBytesPerSample, 4));
                json.WriteNumber("journal_bytes_per_sample", Math.Round(journal.BedBytesPerSample, 4));
                json.WriteNumber("decode_msamples_per_cpu_s", Math.Round(bed.DecodeMsamples, 1));
                Records(json, bed);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        output.Write("\n"u8);
    }

    public static void WriteTable(CodecReport report)
    {
        Table("Sealed", report.Sealed);
        Table("Journal, blocks of 1 s", report.Journal);
        if (report is { Bed: { } bed, BedJournal: { } journal })
        {
            Table("Reference bed, sealed", bed);
            Line($"reference bed: {bed.BedBytesPerSample:F3} B/sample sealed, {journal.BedBytesPerSample:F3} in the journal");
        }
    }

    private static void Write(Utf8JsonWriter json, CodecTotals totals)
    {
        Records(json, totals);
        json.WriteStartObject("total");
        json.WriteNumber("samples", totals.Samples);
        json.WriteNumber("bytes", totals.Bytes);
        json.WriteNumber("bytes_per_sample", Math.Round(totals.BytesPerSample, 4));
        json.WriteNumber("encode_msamples_per_cpu_s", Math.Round(totals.EncodeMsamples, 1));
        json.WriteNumber("decode_msamples_per_cpu_s", Math.Round(totals.DecodeMsamples, 1));
        json.WriteEndObject();
    }

    private static void Records(Utf8JsonWriter json, CodecTotals totals)
    {
        json.WriteStartArray("records");
        foreach (CodecFigures record in totals.Records)
        {
            json.WriteStartObject();
            json.WriteString("name", record.Name);
            json.WriteNumber("samples", record.Samples);
            json.WriteNumber("bytes", record.Bytes);
            json.WriteNumber("bytes_per_sample", Math.Round(record.BytesPerSample, 4));
            if (record.FlacBytes is { } flac)
            {
                json.WriteNumber("flac_8_bytes_per_sample", Math.Round((double)flac / record.Samples, 4));
            }

            json.WriteStartObject("codec");
            foreach ((string codec, double share) in record.Shares)
            {
                json.WriteNumber(codec, Math.Round(share, 4));
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Table(string title, CodecTotals totals)
    {
        Line($"{title}: bytes a sample (flac -8, ratio to it), codecs");
        foreach (CodecFigures record in totals.Records)
        {
            string flac = record.FlacBytes is { } bytes ? string.Create(CultureInfo.InvariantCulture, $"{(double)bytes / record.Samples,6:F3} {(double)record.Bytes / bytes,5:F2}") : "            ";
            string codecs = string.Join(", ", record.Shares.Select(share => string.Create(CultureInfo.InvariantCulture, $"{share.Key} {share.Value:P0}")));
            Line($"  {record.Name,-32} {record.BytesPerSample,6:F3}  {flac}  {codecs}");
        }

        Line($"  {"all",-32} {totals.BytesPerSample,6:F3}  encode {totals.EncodeMsamples:F1}, decode {totals.DecodeMsamples:F1} million samples per CPU second");
    }

    private static void Line(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
