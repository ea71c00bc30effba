using Bedside.Audit;
using Bedside.Model.Audit;
using Bedside.Tests.Storage;

namespace Bedside.Tests.Audit;

/// <summary>Somebody who may write every file of a journal: by hand, or with everything that is in the box, which is the key of this epoch and the key that signs.</summary>
internal sealed class Forger(FaultyDisk disk)
{
    /// <summary>Lines with the files they stand in.</summary>
    public List<(long File, byte[] Line)> Lines { get; } =
    [
        .. LogFiles.Parts(disk).SelectMany(part =>
        {
            byte[] bytes = LogFiles.Read(disk, part);
            return LogFiles.Lines(bytes).Select(line => (part.File, bytes[line]));
        }),
    ];

    public static KeptEntry EntryOf(byte[] line)
    {
        Assert.True(LogLine.TrySplit(line, out ReadOnlySpan<byte> json, new byte[LogLine.HashBytes], new byte[LogLine.SealBytes]));
        return EntryJson.Decode(json)!;
    }

    public void Save()
    {
        foreach (IGrouping<long, (long File, byte[] Line)> file in Lines.GroupBy(line => line.File))
        {
            disk.Replace(AuditNames.Log(file.Key), [.. file.SelectMany(line => (byte[])[.. line.Line, (byte)'\n'])]);
        }

        foreach (long gone in LogFiles.Files(disk).Except(Lines.Select(line => line.File)))
        {
            disk.Delete(AuditNames.Log(gone));
        }
    }

    /// <summary>
    /// Numbers, hashes, seals and signatures anew from a place on, as if it had always been so: seals under the only key there is, that of now.
    /// </summary>
    /// <param name="from">Index of the first line that is made anew.</param>
    /// <param name="relabel">Says of each that it is of the epoch of now, so that the key fits.</param>
    public void Reseal(int from, bool relabel)
    {
        SealingState now = SealingFile.Read(disk)!;
        using CheckpointSigner signer = CheckpointSigner.Read(disk)!;
        byte[] hash = LogLine.Beginning;
        var tree = new MerkleFrontier();
        for (int i = 0; i < Lines.Count; i++)
        {
            KeptEntry entry = EntryOf(Lines[i].Line);
            byte[] seal = new byte[LogLine.SealBytes];
            if (i >= from)
            {
                entry.Number = i + 1;
                entry.Epoch = relabel ? now.Epoch : entry.Epoch;
                entry.What = entry.Act == "log.checkpoint" ? Facts(entry, signer, tree) : entry.What;
                byte[] json = EntryJson.Encode(entry);
                byte[] next = LogLine.Hash(hash, json);
                now.Key.Seal(next, seal);
                Lines[i] = (Lines[i].File, LogLine.Write(json, next, seal)[..^1]);
            }

            byte[] own = new byte[LogLine.HashBytes];
            Assert.True(LogLine.TrySplit(Lines[i].Line, out ReadOnlySpan<byte> written, own, seal));
            tree.Add(MerkleTree.Leaf(written));
            hash = own;
        }
    }

    private static List<(string Kind, string Text)> Facts(KeptEntry entry, CheckpointSigner signer, MerkleFrontier tree)
    {
        var made = Checkpoint.Sign(signer, tree.Size, tree.Root(), entry.At);
        return
        [
            (EntryJson.Code(AuditFactKind.Size), made.Size.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            (EntryJson.Code(AuditFactKind.Root), Convert.ToBase64String(made.Root)),
            (EntryJson.Code(AuditFactKind.Tree), string.Join(',', tree.Whole.Select(Convert.ToBase64String))),
            (EntryJson.Code(AuditFactKind.Signature), Convert.ToBase64String(made.Signature)),
        ];
    }
}
