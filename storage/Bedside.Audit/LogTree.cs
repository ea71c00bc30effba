using Bedside.Model.Audit;
using Bedside.Storage.Disk;

namespace Bedside.Audit;

/// <summary>The tree over a journal's entries, as far as it was read.</summary>
/// <param name="Since">Entries since the newest checkpoint, those of the journal itself not counted.</param>
internal sealed record LogTree(MerkleFrontier Frontier, Checkpoint? Newest, int Since)
{
    /// <summary>
    /// Reads back to the newest checkpoint, which has the tree up to itself, and from there on: not the whole journal. A checkpoint whose tree does not make its root is passed over. Throws the disk's errors.
    /// </summary>
    public static LogTree Read(IDisk disk, LogEnd end, CheckpointSigner signer)
    {
        IReadOnlyList<LogPart> parts = [.. LogFiles.Parts(disk).Where(part => part.File <= end.File)];
        var later = new Stack<byte[]>();
        for (int i = parts.Count - 1; i >= 0; i--)
        {
            byte[] bytes = LogFiles.Read(disk, parts[i].File == end.File ? new LogPart(end.File, end.Bytes) : parts[i]);
            later.Push(bytes);
            if (NewestIn(bytes, signer) is var (checkpoint, frontier, from))
            {
                later.Pop();
                return Follow(frontier, checkpoint, later.Prepend(bytes[from..]));
            }
        }

        return Follow(new MerkleFrontier(), newest: null, later);
    }

    /// <summary>The hashes of all entries, in their order. Throws the disk's errors.</summary>
    public static byte[][] Leaves(IDisk disk, LogEnd end)
    {
        var leaves = new List<byte[]>((int)end.Number);
        foreach (LogPart part in LogFiles.Parts(disk).Where(part => part.File <= end.File))
        {
            byte[] bytes = LogFiles.Read(disk, part.File == end.File ? new LogPart(end.File, end.Bytes) : part);
            leaves.AddRange(LogFiles.Lines(bytes).Select(line => Json(bytes.AsSpan(line)) is { } json ? MerkleTree.Leaf(json) : MerkleTree.Leaf([])));
        }

        return [.. leaves];
    }

    /// <summary>A checkpoint as an entry tells it; null = it tells none.</summary>
    public static Checkpoint? CheckpointOf(KeptEntry entry, byte[] publicKey) =>
        entry.Is(AuditAct.Checkpoint) && entry.Amount(AuditFactKind.Size) is { } size
        && entry.Fact(AuditFactKind.Root) is { } root && Checkpoint.Base64(root) is { Length: MerkleTree.HashBytes } hash
        && entry.Fact(AuditFactKind.Signature) is { } signature && Checkpoint.Base64(signature) is { } signed
            ? new Checkpoint(size, hash, entry.At, publicKey, signed)
            : null;

    public static bool IsOfJournal(KeptEntry entry) => entry.Is(AuditAct.Checkpoint) || entry.Is(AuditAct.EpochEnd);

    private static (Checkpoint Checkpoint, MerkleFrontier Frontier, int From)? NewestIn(byte[] bytes, CheckpointSigner signer)
    {
        foreach (Range line in Enumerable.Reverse(LogFiles.Lines(bytes)))
        {
            if (Json(bytes.AsSpan(line)) is { } json && json.AsSpan().IndexOf("log.checkpoint"u8) >= 0 && EntryJson.Decode(json) is { } entry && CheckpointOf(entry, signer.PublicKey) is { } checkpoint
                && entry.Number == checkpoint.Size + 1
                && MerkleFrontier.Of(checkpoint.Size, [.. (entry.Fact(AuditFactKind.Tree) ?? string.Empty).Split(',').Select(text => Checkpoint.Base64(text) ?? [])]) is { } frontier
                && frontier.Root().AsSpan().SequenceEqual(checkpoint.Root))
            {
                return (checkpoint, frontier, line.Start.Value);
            }
        }

        return null;
    }

    private static LogTree Follow(MerkleFrontier frontier, Checkpoint? newest, IEnumerable<byte[]> parts)
    {
        int since = 0;
        foreach (byte[] bytes in parts)
        {
            foreach (Range line in LogFiles.Lines(bytes))
            {
                byte[] json = Json(bytes.AsSpan(line)) ?? [];
                frontier.Add(MerkleTree.Leaf(json));
                since += EntryJson.Decode(json) is { } entry && IsOfJournal(entry) ? 0 : 1;
            }
        }

        return new LogTree(frontier, newest, since);
    }

    private static byte[]? Json(ReadOnlySpan<byte> line) =>
        LogLine.TrySplit(line, out ReadOnlySpan<byte> json, stackalloc byte[LogLine.HashBytes], stackalloc byte[LogLine.SealBytes]) ? json.ToArray() : null;
}
