using Bedside.Model;
using Bedside.Storage.Disk;
using Bedside.Storage.Files;
using Bedside.Storage.Index;
using Bedside.Storage.Journal;
using Bedside.Storage.Segments;

namespace Bedside.Storage;

/// <summary>
/// Finds out what a folder holds. Nothing in it keeps a store from opening: a file with damage costs its damaged blocks,
/// one without a readable block is set aside. Memory is bounded by the largest journal's index.
/// </summary>
internal sealed class Recovery(IDisk disk, Holdings holdings, SignalTable signals, Action<Damage> onDamage)
{
    /// <summary>
    /// Numbers that are left out after a restart. More than were ever unsynced at once, so that a block that a crash took
    /// back and a new one never have one number.
    /// </summary>
    public const ulong NumbersLeftOut = 1 << 20;

    private readonly SortedDictionary<ulong, ulong> _lastNumbers = [];
    private readonly List<FileIdentity> _idle = [];

    /// <summary>Greatest sequence that any file has or had.</summary>
    public ulong LastSequence { get; private set; }

    public ulong LastNumber => _lastNumbers.Count == 0 ? 0 : _lastNumbers.Values.Max();

    /// <summary>Journals that are not needed: their segment is there, or nothing is in them.</summary>
    public IReadOnlyList<FileIdentity> Idle => _idle;

    /// <summary>For the one process that writes: leftovers go, unreadable files are set aside, journals found are made durable.</summary>
    public void Run()
    {
        IReadOnlyList<string> names = disk.Names();
        foreach (string name in names.Where(FileNames.IsUnfinished))
        {
            disk.Delete(name);
        }

        foreach (string name in names)
        {
            ulong sequence = FileNames.SequenceOfSegment(name) ?? FileNames.SequenceOfJournal(name) ?? FileNames.SequenceOfBad(name) ?? 0;
            LastSequence = Math.Max(LastSequence, sequence);
        }

        foreach (ulong sequence in Sequences(names, FileNames.SequenceOfSegment))
        {
            if (!TryAddSegment(new FileIdentity(FileKind.Segment, sequence)))
            {
                disk.Rename(FileNames.Segment(sequence), FileNames.Bad(FileNames.Segment(sequence)));
            }
        }

        RestoreDescriptions();
        foreach (ulong sequence in Sequences(names, FileNames.SequenceOfJournal))
        {
            OpenJournal(new FileIdentity(FileKind.Journal, sequence));
        }
    }

    /// <summary>Beside a process that writes: changes nothing, and copies the journals, because they are used again.</summary>
    public void RunReadOnly()
    {
        // Journals first: one that is sealed meanwhile is found again as a segment.
        var copies = new SortedDictionary<ulong, IDiskFile>();
        foreach (ulong sequence in Sequences(disk.Names(), FileNames.SequenceOfJournal))
        {
            if (MemoryFile.CopyOf(disk, FileNames.Journal(sequence)) is { } copy)
            {
                copies[sequence] = copy;
            }
        }

        foreach (ulong sequence in Sequences(disk.Names(), FileNames.SequenceOfSegment))
        {
            _ = TryAddSegment(new FileIdentity(FileKind.Segment, sequence));
        }

        RestoreDescriptions();
        foreach ((ulong sequence, IDiskFile copy) in copies)
        {
            if (!_lastNumbers.ContainsKey(sequence))
            {
                AddJournal(copy, new FileIdentity(FileKind.Journal, sequence));
            }
        }
    }

    private static List<ulong> Sequences(IReadOnlyList<string> names, Func<string, ulong?> sequenceOf) =>
        [.. names.Select(sequenceOf).OfType<ulong>().Order()];

    /// <summary>False when there is not one readable block in it.</summary>
    private bool TryAddSegment(FileIdentity identity)
    {
        try
        {
            using IDiskFile file = disk.Open(identity.Name, DiskAccess.Read);
            SegmentFile? segment = SegmentFile.Open(file, identity);
            if (segment is null)
            {
                var damage = new Damage(identity.Name, 0, SignalNumber.None, "head, directory or trailer is damaged; the index was made anew from the blocks");
                onDamage(damage);
                segment = SegmentFile.Rebuild(file, identity, [damage]);
            }

            if (segment is null)
            {
                return false;
            }

            holdings.Add(segment);
            _lastNumbers[identity.Sequence] = segment.Head.LastNumber;
            return true;
        }
        catch (Exception error) when (DiskErrors.Is(error))
        {
            // It may be readable another time: it stays, and its sequence stays taken.
            onDamage(new Damage(identity.Name, 0, SignalNumber.None, error.Message));
            _lastNumbers[identity.Sequence] = 0;
            return true;
        }
    }

    /// <summary>The newest segment repeats all descriptions; older ones are asked only for what is damaged there.</summary>
    private void RestoreDescriptions()
    {
        foreach (SegmentFile segment in holdings.NewestSegmentsFirst())
        {
            try
            {
                using IDiskFile file = disk.Open(segment.Identity.Name, DiskAccess.Read);
                using var scanner = new FrameScanner(file, segment.Identity, segment.FramesEnd);
                uint read = 0;
                while (scanner.MoveNext() && scanner.Number == Frame.CopyNumber)
                {
                    if (BlockCodec.Decode(scanner.Block) is SignalBlock description)
                    {
                        signals.Restore(description, isOlder: true);
                        read++;
                    }
                }

                if (read == segment.Head.Copies && scanner.Damaged.Count == 0 && segment.Damaged.Count == 0)
                {
                    return;
                }
            }
            catch (Exception error) when (error is BlockFormatException || DiskErrors.Is(error))
            {
                onDamage(new Damage(segment.Identity.Name, 0, SignalNumber.None, error.Message));
            }
        }
    }

    private void OpenJournal(FileIdentity identity)
    {
        if (_lastNumbers.ContainsKey(identity.Sequence))
        {
            _idle.Add(identity);
            return;
        }

        try
        {
            IDiskFile file = disk.Open(identity.Name, DiskAccess.Write);
            file.Sync();
            AddJournal(file, identity);
        }
        catch (Exception error) when (DiskErrors.Is(error))
        {
            onDamage(new Damage(identity.Name, 0, SignalNumber.None, error.Message));
        }
    }

    private void AddJournal(IDiskFile file, FileIdentity identity)
    {
        ulong known = _lastNumbers.Where(pair => pair.Key < identity.Sequence).Select(pair => pair.Value).DefaultIfEmpty().Max();
        JournalFile journal = JournalReading.Read(file, identity, known, description => signals.Restore(description, isOlder: false));
        foreach (Damage damage in journal.Damaged)
        {
            onDamage(damage);
        }

        if (journal.Index.Blocks == 0)
        {
            file.Dispose();
            _idle.Add(identity);
            return;
        }

        _lastNumbers[identity.Sequence] = journal.Index.LastNumber;
        holdings.Add(journal);
    }
}
