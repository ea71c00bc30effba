using Bedside.Model;
using Bedside.Storage.Disk;
using Bedside.Storage.Files;
using Bedside.Storage.Index;

namespace Bedside.Storage.Journal;

/// <summary>A journal as it is found: the index of the blocks in its good windows, the descriptions in it and what is damaged.</summary>
internal static class JournalReading
{
    /// <summary>The version of a journal that this program does not read; null = it does, or the head is not whole. Throws the disk's errors.</summary>
    public static ushort? ForeignVersion(IDiskFile file, FileIdentity identity)
    {
        byte[] head = new byte[FileHead.JournalBytes];
        _ = file.Read(0, head);
        return FileHead.VersionIn(head, identity) is { } version && version != FileHead.JournalVersion ? version : null;
    }

    /// <summary>What is said of such a file.</summary>
    public static Damage Refusal(FileIdentity identity, ushort version) => new(
        identity.Name, 0, SignalNumber.None, $"it is a journal of version {version}, and this program reads version {FileHead.JournalVersion}: it is left as it is for the program that wrote it");

    /// <summary>Reads a file from front to back in bounded memory.</summary>
    public static JournalFile Read(IDiskFile file, FileIdentity identity, Action<SignalBlock> onDescription)
    {
        using var scanner = new JournalScanner(file, identity);
        var journal = new JournalFile(identity, file) { IsClosed = true };
        var broken = new List<Damage>();
        while (scanner.Next() is { } found)
        {
            try
            {
                Take(found, journal, onDescription);
            }
            catch (BlockFormatException error)
            {
                broken.Add(new Damage(identity.Name, found.Offset, SignalNumber.None, error.Message));
            }
        }

        journal.Damaged = [.. scanner.Damaged, .. broken];
        journal.Mended = scanner.Mended;
        journal.Position = scanner.Tail;
        journal.IsUnreadable = scanner.HasReadErrors;
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
        long end = journal.Index.Entries().Select(entry => entry.At + entry.FrameBytes).DefaultIfEmpty().Max();
        journal.Damaged = [.. journal.Damaged.Where(damage => damage.Offset < end)];
    }

    private static void Take(FoundWindow found, JournalFile journal, Action<SignalBlock> onDescription)
    {
        Window window = found.Window;
        for (int place = 0; place < window.Count; place++)
        {
            byte[] bytes = window.Part(place);
            BlockEntry entry = BlockEntry.FromHead(bytes, window.NumberOf(place), found.Offset) with { Place = place, FrameBytes = found.FrameBytes };
            if (entry.Kind == BlockKind.Signal && BlockCodec.Decode(bytes) is SignalBlock description)
            {
                onDescription(description);
            }

            if (entry.Number != Frame.CopyNumber)
            {
                journal.Index.Add(entry);
                journal.Index.CoverTo(window.Next - 1);
            }
        }
    }
}
