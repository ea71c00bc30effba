using Bedside.Storage.Disk;
using Bedside.Storage.Retention;

namespace Bedside.Audit;

/// <summary>What a witness answers.</summary>
/// <param name="Cosigned">The checkpoint with this box's word on it; null = it was refused.</param>
/// <param name="Sentence">Why not, with what to do.</param>
internal sealed record WitnessAnswer(Checkpoint? Cosigned, string Sentence)
{
    /// <summary>Nothing is wrong: the proof must begin at what this witness saw, which is so many entries.</summary>
    public long? From { get; init; }

    /// <summary>The witness saw it for the first time.</summary>
    public bool IsFirst { get; init; }
}

/// <summary>The newest that is known of the journal of another box.</summary>
/// <param name="Box">Name of the box in the unit, to which this journal belongs; empty = it was brought as a file.</param>
internal sealed record WitnessedJournal(Checkpoint Checkpoint, string Box);

/// <summary>
/// What this box keeps of the journals of others: of each the newest checkpoint, that is origin, size, root and the signatures. It cosigns one only when it goes on from that. FORMAT.md, section 6.
/// </summary>
internal static class Witness
{
    /// <summary>Boxes that one is a witness of, at most.</summary>
    public const int MostBoxes = 64;

    private const string Separator = "\n----\n";
    private const string BoxMark = "\nbox ";

    /// <summary>Throws the disk's errors.</summary>
    public static IReadOnlyList<Checkpoint> Read(IDisk disk) => [.. ReadAll(disk).Select(one => one.Checkpoint)];

    /// <inheritdoc cref="Read"/>
    public static IReadOnlyList<WitnessedJournal> ReadAll(IDisk disk)
    {
        (string? text, _) = TwinFile.Read(disk, AuditNames.Witnessed);
        return [.. (text ?? string.Empty).Split(Separator, StringSplitOptions.RemoveEmptyEntries).Select(Parse).OfType<WitnessedJournal>()];
    }

    /// <summary>What is known of it is on the disk before it is cosigned. Throws the disk's errors.</summary>
    /// <param name="box">Name in the unit of the box that brought it, as its certificate has it; empty = a person brought it as a file.</param>
    public static WitnessAnswer Cosign(IDisk disk, CheckpointSigner witness, WitnessRequest request, Model.UtcInstant at, string box = "")
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

        IReadOnlyList<WitnessedJournal> known = ReadAll(disk);
        WitnessedJournal? former = known.FirstOrDefault(one => one.Checkpoint.Origin == asked.Origin);
        if ((box.Length == 0 ? null : Stranger(known, former, asked, box)) is { } stranger)
        {
            return Refuse(stranger);
        }

        if (former is null && known.Count >= MostBoxes)
        {
            return Refuse($"this box is a witness of {MostBoxes} boxes already.");
        }

        if (former is not null && Judge(former.Checkpoint, request) is { } refusal)
        {
            return refusal;
        }

        // It was cosigned, and is on the disk: a box whose journal rests costs no write.
        if (former is not null && former.Checkpoint.Size == asked.Size && (former.Box == box || box.Length == 0) && former.Checkpoint.Cosigned.Any(one => one.Name == witness.Name))
        {
            return new WitnessAnswer(former.Checkpoint, string.Empty);
        }

        var kept = new WitnessedJournal(asked.CosignedBy(witness, at), box.Length > 0 ? box : former?.Box ?? string.Empty);
        TwinFile.Write(disk, AuditNames.Witnessed, string.Join(Separator, known.Where(one => one != former).Append(kept).Select(Write)));
        return new WitnessAnswer(kept.Checkpoint, string.Empty) { IsFirst = former is null };
    }

    /// <summary>A box of the unit has one journal as long as it has its certificate: whoever cuts it cannot begin another and have that witnessed in its place.</summary>
    private static string? Stranger(IReadOnlyList<WitnessedJournal> known, WitnessedJournal? former, Checkpoint asked, string box)
    {
        if (former is { Box.Length: > 0 } && former.Box != box)
        {
            return $"{asked.Origin} is the journal of another box of the unit.";
        }

        return known.FirstOrDefault(one => one.Box == box && one.Checkpoint.Origin != asked.Origin) is { } other
            ? $"the journal was begun anew: on {other.Checkpoint.At} this box had another, {other.Checkpoint.Origin} with {other.Checkpoint.Size} entries. Where its disk was replaced on purpose, withdraw the box with bedside unit remove and let it join again."
            : null;
    }

    private static WitnessAnswer? Judge(Checkpoint former, WitnessRequest request)
    {
        Checkpoint asked = request.Checkpoint;
        if (asked.Size < former.Size)
        {
            return Refuse($"the journal was cut or rolled back: on {former.At} it had {former.Size} entries, and this checkpoint of {asked.At} has {asked.Size}; entries {asked.Size + 1} to {former.Size} are missing. Keep this witness's own checkpoint, and verify with it.");
        }

        if (asked.Size == former.Size)
        {
            return asked.Root.AsSpan().SequenceEqual(former.Root)
                ? null
                : Refuse($"another journal of the same length: what {former.Size} entries said on {former.At} is not what they say now.");
        }

        if (request.OldSize != former.Size)
        {
            return Refuse($"this witness saw {former.Size} entries; make the checkpoint again with --old {former.Size}.") with { From = former.Size };
        }

        return MerkleTree.IsConsistent(former.Size, former.Root, asked.Size, asked.Root, request.Proof)
            ? null
            : Refuse($"it does not go on from what this witness saw: among the first {former.Size} entries something is not what it was on {former.At}.");
    }

    private static WitnessAnswer Refuse(string sentence) => new(Cosigned: null, $"the checkpoint is not cosigned: {sentence}");

    /// <summary>The line with the box stands behind the signatures, where a checkpoint has lines that other programs add.</summary>
    private static string Write(WitnessedJournal one) => one.Box.Length == 0 ? one.Checkpoint.ToString() : $"{one.Checkpoint.ToString().TrimEnd('\n')}{BoxMark}{one.Box}\n";

    private static WitnessedJournal? Parse(string text)
    {
        int at = text.LastIndexOf(BoxMark, StringComparison.Ordinal);
        return Checkpoint.Parse(text) is { } checkpoint ? new WitnessedJournal(checkpoint, at < 0 ? string.Empty : text[(at + BoxMark.Length)..].TrimEnd('\n')) : null;
    }
}
