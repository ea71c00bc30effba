using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Bedside.Model.Research;

/// <summary>A request as JSON. What is written is canonical: the same request has the same bytes, and its digest is over them. What is read may have comments, as the template has.</summary>
public static class RequestText
{
    /// <summary>Bytes of a request, at most.</summary>
    public const int MostBytes = 64 * 1024;

    /// <summary>One line; fields in the order of <see cref="StudyRequest"/>, names in camel case, choices as words (<c>mr004</c>), days as <c>2027-01-31</c>.</summary>
    public static string Write(StudyRequest request) => JsonSerializer.Serialize(request, RequestJson.Default.StudyRequest);

    /// <summary>SHA-256 of <see cref="Write"/>, lower-case hexadecimal.</summary>
    public static string DigestOf(StudyRequest request) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Write(request))));

    /// <summary>Throws <see cref="StudyRefusedException"/> that says what is missing or cannot be understood. What is allowed is <see cref="RequestCheck"/>'s to say.</summary>
    public static StudyRequest Read(string text)
    {
        if (Encoding.UTF8.GetByteCount(text) > MostBytes)
        {
            throw new StudyRefusedException(new TwoTongues("La demande dépasse 64 Kio ; raccourcissez ses textes.", "The request is longer than 64 KiB; shorten its texts."));
        }

        try
        {
            StudyRequest? request = JsonSerializer.Deserialize(text, RequestJson.Default.StudyRequest);
            return request is not null && HasNoHoles(request) ? request : throw new JsonException("a list of it has an empty place");
        }
        catch (JsonException wrong)
        {
            throw new StudyRefusedException(new TwoTongues(
                $"La demande n’est pas lisible : {wrong.Message} bedside extract template en imprime une à remplir.",
                $"The request cannot be read: {wrong.Message} bedside extract template prints one to fill in."));
        }
    }

    private static bool HasNoHoles(StudyRequest request) =>
        request.People.All(one => one is not null)
        && request.Signals.All(one => one is not null)
        && request.Cohort.Has.All(one => one is not null)
        && request.Cohort.AgeBands.All(one => one is not null)
        && request.Cohort.Sexes.All(one => one is not null);
}

/// <summary>Choices as words: <c>shiftedWeeks</c>.</summary>
internal sealed class ChoiceWordConverter<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase, allowIntegerValues: false)
    where T : struct, Enum;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    Converters = [typeof(ChoiceWordConverter<LegalBasis>), typeof(ChoiceWordConverter<TimeForm>)],
    RespectNullableAnnotations = true,
    ReadCommentHandling = JsonCommentHandling.Skip,
    AllowTrailingCommas = true,
    AllowDuplicateProperties = false,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(StudyRequest))]
internal sealed partial class RequestJson : JsonSerializerContext;
