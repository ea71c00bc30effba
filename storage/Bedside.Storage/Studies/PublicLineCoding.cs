using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Bedside.Model;
using Bedside.Model.Research;

namespace Bedside.Storage.Studies;

/// <summary>
/// A line of the public log: one JSON object in UTF-8 that people can read as it stands, members in one order, no blanks between them, control characters escaped. FORMAT.md, section 2.
/// </summary>
internal static class PublicLineCoding
{
    /// <summary>Letters as they are; quotes, controls and what shows nothing are escaped.</summary>
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(PublicLine line)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, Readable))
        {
            json.WriteStartObject();
            json.WriteNumber("n", line.Number);
            json.WriteString("at", line.At.ToString());
            json.WriteString("study", line.Study);
            json.WriteString("kind", Word(line.Kind));
            json.WriteString("state", Word(line.State));
            json.WriteString("fr", line.Says.French);
            json.WriteString("en", line.Says.English);
            json.WriteString("whatFr", line.What.French);
            json.WriteString("whatEn", line.What.English);
            json.WriteString("body", line.Body);
            json.WriteString("basis", Word(line.Basis));
            json.WriteString("basisReference", line.BasisReference);
            json.WriteString("patients", line.Patients);
            json.WriteString("why", line.Why);
            json.WriteString("previous", line.Previous);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    /// <summary>Null for what is no line. Never throws for what stands in a file.</summary>
    public static PublicLine? Read(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 2 });
            JsonElement json = document.RootElement;
            return json.ValueKind == JsonValueKind.Object
                && json.GetProperty("n").TryGetInt32(out int number)
                && UtcInstant.TryParse(Text(json, "at"), out UtcInstant at)
                && Find(Text(json, "kind"), out StudyStepKind kind)
                && Find(Text(json, "state"), out StudyState state)
                && Find(Text(json, "basis"), out LegalBasis basis)
                ? new PublicLine(
                    number,
                    at,
                    Text(json, "study"),
                    kind,
                    state,
                    new TwoTongues(Text(json, "whatFr"), Text(json, "whatEn")),
                    Text(json, "body"),
                    basis,
                    Text(json, "basisReference"),
                    Text(json, "patients"),
                    Text(json, "why"),
                    Text(json, "previous"))
                { Says = new TwoTongues(Text(json, "fr"), Text(json, "en")) }
                : null;
        }
        catch (Exception other) when (other is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>SHA-256 of a line as it stands in the file, without its end; lower-case hexadecimal.</summary>
    public static string HashOf(ReadOnlySpan<byte> line) => Convert.ToHexStringLower(SHA256.HashData(line));

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString() ?? throw new JsonException(name);

    private static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());

    private static bool Find<T>(string word, out T value)
        where T : struct, Enum
    {
        value = Array.Find(Enum.GetValues<T>(), one => Word(one) == word);
        return Word(value) == word;
    }
}
