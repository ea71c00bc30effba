using Bedside.Model;
using Bedside.Storage.Disk;
using Bedside.Storage.Files;
using Bedside.Storage.Index;

namespace Bedside.Storage.Journal;

/// <summary>A journal as it is found: the index of its good frames, the descriptions in it and what is damaged.</summary>
internal static class JournalReading
{
    /// <summary>Reads a file from front to back in bounded memory.</summary>
    public static JournalFile Read(IDiskFile file, FileIdentity identity, Action<SignalBlock> onDescription)
    {
        using var scanner = new FrameScanner(file, identity, file.Length);
        var entries = new List<BlockEntry>();
        var broken = new List<Damage>();
        while (scanner.MoveNext())
        {
            try
            {
                Take(scanner, entries, onDescription);
            }
            catch (BlockFormatException error)
            {
                broken.Add(new Damage(identity.Name, scanner.Offset, SignalNumber.None, error.Message));
            }
        }

        var journal = new JournalFile(identity, file) { Damaged = [.. scanner.Damaged, .. broken], Position = scanner.Tail, IsClosed = true, IsUnreadable = scanner.HasReadErrors };
        entries.ForEach(journal.Index.Add);
        return journal;
    }

    /// <summary>
    /// Forgets what a later file holds too: after an error everything from the first block on that was not durable was
    /// written again there, so nothing that happened to the rest of this file matters.
    /// </summary>
    public static void CutFrom(JournalFile journal, ulong number)
    {
        if (journal.Index.LastNumber < number)
        {
            return;
        }

        journal.Index.RemoveFrom(number);
        long end = journal.Index.Entries().Select(entry => entry.At + Frame.TotalBytes(entry.Length)).DefaultIfEmpty().Max();
        journal.Damaged = [.. journal.Damaged.Where(damage => damage.Offset < end)];
    }

    private static void Take(FrameScanner scanner, List<BlockEntry> entries, Action<SignalBlock> onDescription)
    {
        if (scanner.Block.IsEmpty)
        {
            return;
        }

        var entry = BlockEntry.FromHead(scanner.Block, scanner.Number, scanner.Offset);
        if (entry.Kind == BlockKind.Signal && BlockCodec.Decode(scanner.Block) is SignalBlock description)
        {
            onDescription(description);
        }

        if (entry.Number != Frame.CopyNumber)
        {
            entries.Add(entry);
        }
    }
}
