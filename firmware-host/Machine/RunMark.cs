using System.Text.Json;
using System.Text.Json.Serialization;
using Bedside.Model;
using Bedside.Viewer;

namespace Bedside.Host.Machine;

/// <summary>
/// A mark in the data folder of how this run goes, so that the next one can say why it began. It is a hint and is not synced: after a power cut it may be missing, and then
/// the cause is the one that leaves no mark.
/// </summary>
internal sealed class RunMark
{
    public const string FileName = "run.json";

    private readonly string _path;
    private readonly string _bootId;
    private readonly TimeProvider _time;

    private RunMark(string path, string bootId, TimeProvider time) => (_path, _bootId, _time) = (path, bootId, time);

    /// <summary>Why this run began.</summary>
    public StartCause Cause { get; private init; }

    /// <summary>When the one before ended; null = it did not say.</summary>
    public UtcInstant? FormerUntil { get; private init; }

    /// <summary>Reads the mark of the run before and leaves one of this.</summary>
    public static RunMark Begin(string directory, string bootId, TimeProvider time)
    {
        string path = Path.Combine(directory, FileName);
        RunWords? former = Read(path);
        var mark = new RunMark(path, bootId, time)
        {
            Cause = CauseOf(former, bootId),
            FormerUntil = former?.EndedNs is { } ended ? new UtcInstant(ended) : null,
        };
        mark.Write(ended: false);
        return mark;
    }

    /// <summary>The run ends in order.</summary>
    public void End() => Write(ended: true);

    private static StartCause CauseOf(RunWords? former, string bootId)
    {
        if (former is null)
        {
            return StartCause.First;
        }

        bool sameBoot = bootId.Length > 0 && former.BootId == bootId;
        return former.EndedNs is not null ? (sameBoot ? StartCause.Restarted : StartCause.MachineRestarted) : sameBoot ? StartCause.ProgramDied : StartCause.PowerLost;
    }

    private static RunWords? Read(string path)
    {
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize(File.ReadAllText(path), RunJson.Default.RunWords) : null;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or JsonException)
        {
            return new RunWords();
        }
    }

    private void Write(bool ended)
    {
        try
        {
            long? at = ended ? UtcInstant.FromDateTime(_time.GetUtcNow()).UnixNanoseconds : null;
            string beside = $"{_path}.tmp";
            File.WriteAllText(beside, JsonSerializer.Serialize(new RunWords { BootId = _bootId, EndedNs = at }, RunJson.Default.RunWords));
            File.Move(beside, _path, overwrite: true);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            // The next run will say less of this one; nothing else is lost.
        }
    }
}

/// <summary>The whole file.</summary>
internal sealed class RunWords
{
    public string BootId { get; set; } = string.Empty;

    /// <summary>Nanoseconds since 1970; null = it goes on, or ended without a word.</summary>
    public long? EndedNs { get; set; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(RunWords))]
internal sealed partial class RunJson : JsonSerializerContext;
