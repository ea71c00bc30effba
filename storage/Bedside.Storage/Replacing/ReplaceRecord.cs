using System.Text.Json;
using System.Text.Json.Serialization;
using Bedside.Model;
using Bedside.Storage.Coding;
using Bedside.Storage.Disk;
using Bedside.Storage.Retention;

namespace Bedside.Storage.Replacing;

/// <summary>
/// What was decoded again in the place of the originals: the file <c>replaced</c>. Its writing is the one moment at which a
/// replacement, or its end, is decided; the names of the files follow (<see cref="ReplaceFinish"/>). FORMAT.md, section 13.
/// </summary>
internal sealed record ReplaceRecord(IReadOnlyList<Replacement> All)
{
    public static readonly ReplaceRecord Empty = new([]);

    /// <summary>So that the record stays far below what its file may hold.</summary>
    public const int MostSegments = 4_000;

    /// <summary>Of what is undone or final the oldest is forgotten first.</summary>
    private const int MostEnded = 200;

    public int NextId => All.Select(one => one.Id).DefaultIfEmpty().Max() + 1;

    public Replacement? Find(int id) => All.FirstOrDefault(one => one.Id == id);

    /// <summary>Null when there is one and it cannot be understood. Throws the disk's errors.</summary>
    public static ReplaceRecord? Read(IDisk disk, out Damage? damage)
    {
        (string? text, damage) = TwinFile.Read(disk, FileNames.Replaced);
        if (text is null)
        {
            return damage is null ? Empty : null;
        }

        try
        {
            ReplaceWords words = JsonSerializer.Deserialize(text, ReplacingWords.Default.ReplaceWords) ?? throw new JsonException("it is empty");
            return new ReplaceRecord([.. (words.Replacements ?? []).Select(one => one.ToReplacement())]);
        }
        catch (Exception error) when (error is JsonException or BlockFormatException)
        {
            damage = new Damage(FileNames.Replaced, 0, SignalNumber.None, $"the record of what was replaced is not understood: {error.Message}");
            return null;
        }
    }

    /// <summary>
    /// For those who read beside a process that writes: throws <see cref="IOException"/> while files are being exchanged, and gives a
    /// word that is another one after an exchange.
    /// </summary>
    public static string Settled(IDisk disk)
    {
        (string? text, _) = TwinFile.Read(disk, FileNames.Replaced);
        return Read(disk, out _)?.All.Any(one => one.IsPending) == true
            ? throw new IOException("data are being replaced, or that was interrupted: ask again, or start the box, which finishes it")
            : text ?? string.Empty;
    }

    /// <summary>This one in the place of the one of its number, or as the last. Throws the disk's errors; what the file says is then known when it is read again.</summary>
    public ReplaceRecord Write(IDisk disk, Replacement changed)
    {
        Replacement[] all = Find(changed.Id) is null ? [.. All, changed] : [.. All.Select(one => one.Id == changed.Id ? changed : one)];
        int[] ended = [.. all.Where(one => one.State is ReplacementState.Undone or ReplacementState.Final).Select(one => one.Id).SkipLast(MostEnded)];
        var next = new ReplaceRecord([.. all.Where(one => !ended.Contains(one.Id))]);
        TwinFile.Write(disk, FileNames.Replaced, JsonSerializer.Serialize(new ReplaceWords([.. next.All.Select(ReplacementWords.Of)]), ReplacingWords.Default.ReplaceWords));
        return next;
    }
}

internal sealed record ReplaceWords(IReadOnlyList<ReplacementWords>? Replacements);

internal sealed record ReplacementWords(int Id, ReplacementState State, string? Device, string? Port, string? From, string? To, string? Made, IReadOnlyList<SegmentWords>? Segments)
{
    public static ReplacementWords Of(Replacement one) =>
        new(one.Id, one.State, one.Device, one.Port, one.From.ToString(), one.To.ToString(), one.Made.ToString(), [.. one.Segments.Select(SegmentWords.Of)]);

    public Replacement ToReplacement() => new(
        Id,
        Text.Named(State),
        Text.Need(Device, "device"),
        Text.Or(Port),
        Text.ToInstant(Text.Need(From, "start")),
        Text.ToInstant(Text.Need(To, "end")),
        Text.ToInstant(Text.Need(Made, "time")),
        [.. (Segments ?? []).Select(segment => segment.ToSegment())]);
}

internal sealed record SegmentWords(ulong Sequence, string? Made, string? From, string? Until, long Bytes)
{
    public static SegmentWords Of(ReplacedSegment one) => new(one.Sequence, one.Made.ToString(), one.From.ToString(), one.Until.ToString(), one.Bytes);

    public ReplacedSegment ToSegment() =>
        new(Sequence, Text.ToInstant(Text.Need(Made, "time")), Text.ToInstant(Text.Need(From, "start")), Text.ToInstant(Text.Need(Until, "end")), Bytes);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(KebabConverter<ReplacementState>)])]
[JsonSerializable(typeof(ReplaceWords))]
internal sealed partial class ReplacingWords : JsonSerializerContext;
