using System.Text;
using System.Text.Json;
using Bedside.Model.Research;
using Bedside.Storage.Studies;

namespace Bedside.Host.Research;

/// <summary>Studies as JSON for programs.</summary>
internal static class StudyJsonText
{
    public static string Of(IReadOnlyList<Study> studies, StudyBook book) => Write(json =>
    {
        json.WriteStartArray();
        foreach (Study study in studies)
        {
            Write(json, study, book);
        }

        json.WriteEndArray();
    });

    public static string Of(Study study, StudyBook book) => Write(json => Write(json, study, book));

    private static void Write(Utf8JsonWriter json, Study study, StudyBook book)
    {
        StudyCourse course = book.CourseOf(study);
        json.WriteStartObject();
        json.WriteString("study", study.Id);
        json.WriteString("state", Word(course.State));
        json.WriteString("digest", study.RequestDigest);
        json.WriteString("oppositionEnds", course.OppositionEnds?.ToString());
        json.WriteNumber("version", course.Version);
        json.WriteString("package", course.Package);
        json.WriteString("patients", course.Patients);
        json.WritePropertyName("request");
        json.WriteRawValue(RequestText.Write(study.Request));
        json.WriteStartArray("steps");
        foreach (StudyStep step in study.Steps)
        {
            json.WriteStartObject();
            json.WriteNumber("number", step.Number);
            json.WriteString("at", step.At.ToString());
            json.WriteString("kind", Word(step.Kind));
            json.WriteString("by", step.By);
            json.WriteString("as", step.As is { } role ? Word(role) : null);
            json.WriteString("why", step.Why);
            json.WriteStartObject("facts");
            foreach ((string name, string value) in step.Facts.OrderBy(fact => fact.Key, StringComparer.Ordinal))
            {
                json.WriteString(name, value);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());

    private static string Write(Action<Utf8JsonWriter> write)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            write(json);
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }
}
