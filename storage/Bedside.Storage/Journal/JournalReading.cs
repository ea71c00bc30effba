using Bedside.Model;
using Bedside.Storage.Disk;
using Bedside.Storage.Files;
using Bedside.Storage.Index;

namespace Bedside.Storage.Journal;

/// <summary>A journal as it is found: the index of its good frames, the descriptions in it and what is damaged.</summary>
internal static class JournalReading
{
    /// <summary>
    /// Reads a file from front to back in bounded memory. Blocks up to <paramref name="known"/> are left out: they stand
    /// in an earlier file, from which they were written again after an error.
    /// </summary>
    public static JournalFile Read(IDiskFile file, FileIdentity identity, ulong known, Action<SignalBlock> onDescription)
    {
        using var scanner = new FrameScanner(file, identity, file.Length);
        var entries = new List<BlockEntry>();
        var broken = new List<Damage>();
        ulong last = known;
        while (scanner.MoveNext())
        {
            try
            {
                Take(scanner, entries, ref last, onDescription);
            }
            catch (BlockFormatException error)
            {
                broken.Add(new Damage(identity.Name, scanner.Offset, SignalNumber.None, error.Message));
            }
        }

        var journal = new JournalFile(identity, file) { Damaged = [.. scanner.Damaged, .. broken], Position = scanner.Tail, IsClosed = true };
        entries.ForEach(journal.Index.Add);
        return journal;
    }

    private static void Take(FrameScanner scanner, List<BlockEntry> entries, ref ulong last, Action<SignalBlock> onDescription)
    {
        if (scanner.Block.IsEmpty)
        {
            return;
        }

        BlockEntry entry = BlockEntry.FromHead(scanner.Block, scanner.Number, scanner.Offset);
        if (entry.Kind == BlockKind.Signal && BlockCodec.Decode(scanner.Block) is SignalBlock description)
        {
            onDescription(description);
        }

        if (entry.Number > last)
        {
            entries.Add(entry);
            last = entry.Number;
        }
    }
}
