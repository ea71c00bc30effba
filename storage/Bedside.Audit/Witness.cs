using Bedside.Storage.Disk;
using Bedside.Storage.Retention;

namespace Bedside.Audit;

/// <summary>What a witness answers.</summary>
/// <param name="Cosigned">The checkpoint with this box's word on it; null = it was refused.</param>
/// <param name="Sentence">Why not, with what to do.</param>
internal sealed record WitnessAnswer(Checkpoint? Cosigned, string Sentence);

/// <summary>
/// What this box keeps of the journals of others: of each the newest checkpoint, that is origin, size, root and the signatures. It cosigns one only when it goes on from that. FORMAT.md, section 6.
/// </summary>
internal static class Witness
{
    /// <summary>Boxes that one is a witness of, at most.</summary>
    public const int MostBoxes = 64;

    private const string Separator = "\n----\n";

    /// <summary>Throws the disk's errors.</summary>
    public static IReadOnlyList<Checkpoint> Read(IDisk disk)
    {
        (string? text, _) = TwinFile.Read(disk, AuditNames.Witnessed);
        return [.. (text ?? string.Empty).Split(Separator, StringSplitOptions.RemoveEmptyEntries).Select(Checkpoint.Parse).OfType<Checkpoint>()];
    }

    /// <summary>What is known of it is on the disk before it is cosigned. Throws the disk's errors.</summary>
    public static WitnessAnswer Cosign(IDisk disk, CheckpointSigner witness, WitnessRequest request, Model.UtcInstant at)
    {
        Checkpoint asked = request.Checkpoint;
        if (!asked.IsSigned)
        {
            return Refuse("its signature is not right: it was changed after it was made; have it made anew.");
        }

        if (asked.Origin == witness.Name)
        {
            return Refuse("it is this box's own: a witness is another box.");
        }

        IReadOnlyList<Checkpoint> known = Read(disk);
        Checkpoint? former = known.FirstOrDefault(one => one.Origin == asked.Origin);
        if (former is null && known.Count >= MostBoxes)
        {
            return Refuse($"this box is a witness of {MostBoxes} boxes already.");
        }

        if (former is not null && Judge(former, request) is { } refusal)
        {
            return Refuse(refusal);
        }

        Checkpoint cosigned = asked.CosignedBy(witness, at);
        TwinFile.Write(disk, AuditNames.Witnessed, string.Join(Separator, known.Where(one => one.Origin != asked.Origin).Append(cosigned)));
        return new WitnessAnswer(cosigned, string.Empty);
    }

    private static string? Judge(Checkpoint former, WitnessRequest request)
    {
        Checkpoint asked = request.Checkpoint;
        if (asked.Size < former.Size)
        {
            return $"the journal was cut or rolled back: on {former.At} it had {former.Size} entries, and this checkpoint of {asked.At} has {asked.Size}; entries {asked.Size + 1} to {former.Size} are missing. Keep this witness's own checkpoint, and verify with it.";
        }

        if (asked.Size == former.Size)
        {
            return asked.Root.AsSpan().SequenceEqual(former.Root)
                ? null
                : $"another journal of the same length: what {former.Size} entries said on {former.At} is not what they say now.";
        }

        if (request.OldSize != former.Size)
        {
            return $"this witness saw {former.Size} entries; make the checkpoint again with --old {former.Size}.";
        }

        return MerkleTree.IsConsistent(former.Size, former.Root, asked.Size, asked.Root, request.Proof)
            ? null
            : $"it does not go on from what this witness saw: among the first {former.Size} entries something is not what it was on {former.At}.";
    }

    private static WitnessAnswer Refuse(string sentence) => new(Cosigned: null, $"the checkpoint is not cosigned: {sentence}");
}
