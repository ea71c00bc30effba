using System.Text.Json;
using System.Text.Json.Serialization;
using Bedside.Model.People;
using Bedside.Model.Research;
using Bedside.Storage.People;

namespace Bedside.Storage.Studies;

/// <summary>The text of the file of studies (FORMAT.md beside this file).</summary>
internal static class StudyCoding
{
    public const int Version = 1;

    public static string Write(StudyList list) => JsonSerializer.Serialize(
        new StudyListWords { Version = Version, Studies = [.. list.All.Select(StudyWordsOnDisk.Of)], Head = list.Head, Pending = list.Pending is { } pending ? PendingWords.Of(pending) : null },
        StudyJson.Default.StudyListWords);

    /// <summary>Null when it is no list of this version, or makes no sense.</summary>
    public static StudyList? Read(string text)
    {
        try
        {
            if (JsonSerializer.Deserialize(text, StudyJson.Default.StudyListWords) is not { Version: Version, Studies: { } written, Head: { Hash.Length: 64 } head } words)
            {
                return null;
            }

            Study[] studies = [.. written.Select(study => study.ToStudy())];
            PendingStep? pending = words.Pending is { Line: { } line, After: { } after } one ? new PendingStep(one.At, line, after.ToStudy()) : null;
            bool makesSense = studies.Select(study => study.Id).ToHashSet(StringComparer.Ordinal).Count == studies.Length && studies.All(study => study.Steps.Select((step, i) => step.Number == i + 1).All(isNext => isNext));
            return makesSense ? new StudyList(studies, head, pending) : null;
        }
        catch (Exception other) when (other is JsonException or StudyRefusedException)
        {
            return null;
        }
    }
}

/// <summary>The whole file, once it is opened.</summary>
internal sealed class StudyListWords
{
    public int Version { get; set; }

    public IReadOnlyList<StudyWordsOnDisk>? Studies { get; set; }

    public LogHead? Head { get; set; }

    public PendingWords? Pending { get; set; }
}

/// <summary>One study: its request as <see cref="RequestText"/> writes it, so that its digest is over the same bytes.</summary>
internal sealed class StudyWordsOnDisk
{
    public required string Id { get; set; }

    public required string Request { get; set; }

    public required string Digest { get; set; }

    public required IReadOnlyList<StudyStep> Steps { get; set; }

    public static StudyWordsOnDisk Of(Study study) => new() { Id = study.Id, Request = RequestText.Write(study.Request), Digest = study.RequestDigest, Steps = study.Steps };

    /// <summary>Throws <see cref="StudyRefusedException"/> for a request that is none.</summary>
    public Study ToStudy() => new(Id, RequestText.Read(Request), Digest, Steps);
}

internal sealed class PendingWords
{
    public long At { get; set; }

    public string? Line { get; set; }

    public StudyWordsOnDisk? After { get; set; }

    public static PendingWords Of(PendingStep pending) => new() { At = pending.At, Line = pending.Line, After = StudyWordsOnDisk.Of(pending.After) };
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, Converters = [typeof(InstantNumberConverter), typeof(RoleWordConverter<Role>)])]
[JsonSerializable(typeof(StudyListWords))]
internal sealed partial class StudyJson : JsonSerializerContext;
