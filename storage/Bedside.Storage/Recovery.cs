using Bedside.Model;
using Bedside.Storage.Disk;
using Bedside.Storage.Files;
using Bedside.Storage.Journal;
using Bedside.Storage.Keys;
using Bedside.Storage.Replacing;
using Bedside.Storage.Segments;

namespace Bedside.Storage;

/// <summary>
/// Finds out what a folder holds. Nothing in it keeps a store from opening: a file with damage costs its damaged blocks,
/// one without a readable block is set aside. Memory is bounded by the largest journal's index.
/// </summary>
internal sealed class Recovery(EncryptedDisk disk, StayKeys keys, Holdings holdings, SignalTable signals, HealthLog health)
{
    /// <summary>
    /// More blocks than one file can hold. A process begins to count at the next sequence times this, so that no two
    /// blocks ever get one number, whatever could not be read at start.
    /// </summary>
    public const int NumberBitsOfFile = 24;

    /// <summary>More signals than a journal describes that cannot be read.</summary>
    private const uint SignalsOfLockedJournal = 4_096;

    /// <summary>Block numbers of each file that was found, by sequence.</summary>
    private readonly SortedDictionary<ulong, (ulong First, ulong Last)> _numbers = [];
    private readonly List<JournalFile> _journals = [];
    private readonly List<FileIdentity> _idle = [];
    private bool _unopened;

    /// <summary>Greatest sequence of a segment whose numbers are not known for sure.</summary>
    private ulong _unsure;

    /// <summary>Greatest sequence that any file has or had.</summary>
    public ulong LastSequence { get; private set; }

    /// <summary>Greater than the number of any block.</summary>
    public ulong NextNumber => (LastSequence + 1) << NumberBitsOfFile;

    /// <summary>Journals that are not needed: their segment is there, or nothing is in them.</summary>
    public IReadOnlyList<FileIdentity> Idle => _idle;

    /// <summary>What the last process left in its tail and no file has: it comes before anything new.</summary>
    public IReadOnlyList<PendingBlock> Restored { get; private set; } = [];

    /// <summary>
    /// For the one process that writes: leftovers go, unreadable files are set aside, journals found are made durable.
    /// <paramref name="tail"/> is where a tail may be, beside the folder itself.
    /// </summary>
    public void Run(IDisk? tail)
    {
        // Names that a killed process left in the cache only are made durable before anything is built on them.
        IReadOnlyList<string> names = disk.Names();
        Attempt(disk.Sync);
        if (ReplaceFinish.IsNeeded(names))
        {
            // Thrown: half of an exchange is the one thing that must not be read.
            ReplaceFinish.Run(disk, health.Found);
            names = disk.Names();
        }

        foreach (string name in names.Where(FileNames.IsUnfinished))
        {
            Attempt(() => disk.Delete(name));
        }

        LastSequence = FileNames.GreatestSequence(names);
        foreach (ulong sequence in Sequences(names, FileNames.SequenceOfSegment))
        {
            bool hasJournal = names.Contains(FileNames.Journal(sequence));
            if (!TryAddSegment(new FileIdentity(FileKind.Segment, sequence), hasJournal) && !hasJournal)
            {
                Attempt(() => disk.Rename(FileNames.Segment(sequence), FileNames.Bad(FileNames.Segment(sequence))));
            }
        }

        RestoreDescriptions();
        foreach (ulong sequence in Sequences(names, FileNames.SequenceOfJournal))
        {
            OpenJournal(new FileIdentity(FileKind.Journal, sequence));
        }

        SettleJournals();
        TakeTail(ReadTail(tail));
    }

    /// <summary>Beside a process that writes: changes nothing, and copies the journals, because they are used again.</summary>
    public void RunReadOnly(IDisk? tail)
    {
        string replaced = ReplaceRecord.Settled(disk);

        // The tail before all: what leaves it meanwhile is found in a journal.
        TailContent found = ReadTail(tail);

        // Journals first: one that is sealed meanwhile is found again as a segment. The newest of them first: the one before
        // it was full when it was begun.
        var copies = new SortedDictionary<ulong, IDiskFile>();
        foreach (ulong sequence in Enumerable.Reverse(Sequences(disk.Names(), FileNames.SequenceOfJournal)))
        {
            if (MemoryFile.CopyOf(disk.Raw, FileNames.Journal(sequence)) is { } copy)
            {
                copies[sequence] = copy;
            }
        }

        foreach (ulong sequence in Sequences(disk.Names(), FileNames.SequenceOfSegment))
        {
            _ = TryAddSegment(new FileIdentity(FileKind.Segment, sequence), copies.ContainsKey(sequence));
        }

        RestoreDescriptions();
        foreach ((ulong sequence, IDiskFile copy) in copies)
        {
            if (!_numbers.ContainsKey(sequence))
            {
                AddCopy(copy, new FileIdentity(FileKind.Journal, sequence));
            }
        }

        SettleJournals();
        TakeTail(found);
        if (ReplaceRecord.Settled(disk) != replaced)
        {
            throw new IOException("data were replaced meanwhile: ask again");
        }
    }

    private static List<ulong> Sequences(IReadOnlyList<string> names, Func<string, ulong?> sequenceOf)
    {
        ulong greatest = FileNames.GreatestSequence(names);
        return [.. names.Select(sequenceOf).OfType<ulong>().Where(sequence => sequence <= greatest).Order()];
    }

    private void Attempt(Action action)
    {
        try
        {
            action();
        }
        catch (Exception error) when (DiskErrors.Is(error))
        {
            health.Failed($"the store could not be tidied up: {error.Message}");
        }
    }

    /// <summary>
    /// False when there is not one readable block in it, or when it is not whole and its journal is still there, of which
    /// it is made again.
    /// </summary>
    private bool TryAddSegment(FileIdentity identity, bool hasJournal)
    {
        try
        {
            using IDiskFile file = disk.Open(identity.Name, DiskAccess.Read);
            var segment = SegmentFile.Open(file, identity);
            if (segment is null && hasJournal)
            {
                return false;
            }

            if (segment is null)
            {
                var damage = new Damage(identity.Name, 0, SignalNumber.None, "head, directory or trailer is damaged; the index was made anew from the blocks");
                health.Found(damage);
                segment = SegmentFile.Rebuild(file, identity, [damage]);
            }

            if (segment is null)
            {
                return false;
            }

            _unsure = segment.Damaged.Count > 0 ? Math.Max(_unsure, identity.Sequence) : _unsure;
            holdings.Add(segment);
            _numbers[identity.Sequence] = (segment.Head.FirstNumber, segment.Head.LastNumber);
            return true;
        }
        catch (KeyMissingException missing)
        {
            health.Lock(missing.Message);
            signals.Reserve(disk.SignalsOf(identity));
            return true;
        }
        catch (Exception error) when (DiskErrors.Is(error))
        {
            // It may be readable another time: it stays.
            _unsure = Math.Max(_unsure, identity.Sequence);
            health.Found(new Damage(identity.Name, 0, SignalNumber.None, error.Message));
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
                health.Found(new Damage(segment.Identity.Name, 0, SignalNumber.None, error.Message));
            }
        }
    }

    private void OpenJournal(FileIdentity identity)
    {
        if (_numbers.ContainsKey(identity.Sequence))
        {
            _idle.Add(identity);
            return;
        }

        try
        {
            IDiskFile file = disk.Open(identity.Name, DiskAccess.Write);
            Attempt(file.Sync);
            if (JournalReading.ForeignVersion(file, identity) is { } version)
            {
                file.Dispose();
                health.Found(JournalReading.Refusal(identity, version));
                return;
            }

            AddJournal(WithCipher(file, identity), identity);
        }
        catch (KeyMissingException missing)
        {
            LockJournal(missing);
        }
        catch (Exception error) when (DiskErrors.Is(error))
        {
            _unopened = true;
            health.Found(new Damage(identity.Name, 0, SignalNumber.None, error.Message));
        }
    }

    private void AddCopy(IDiskFile copy, FileIdentity identity)
    {
        try
        {
            AddJournal(disk.WithCipher(copy, identity), identity);
        }
        catch (KeyMissingException missing)
        {
            LockJournal(missing);
        }
    }

    private IDiskFile WithCipher(IDiskFile file, FileIdentity identity)
    {
        try
        {
            return disk.WithCipher(file, identity);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>It stays as it is, with whatever signals it may describe.</summary>
    private void LockJournal(KeyMissingException missing)
    {
        health.Lock(missing.Message);
        signals.Reserve(SignalsOfLockedJournal);
    }

    private void AddJournal(IDiskFile file, FileIdentity identity)
    {
        JournalFile journal = JournalReading.Read(file, identity, description => signals.Restore(description, isOlder: false));
        _journals.Add(journal);
        if (journal.Index.Blocks > 0)
        {
            _numbers[identity.Sequence] = (journal.Index.FirstNumber, journal.Index.LastNumber);
        }
    }

    /// <summary>From the last file to the first: each keeps what no later one has.</summary>
    private void SettleJournals()
    {
        bool isLaterUnreadable = _unopened;
        foreach (JournalFile journal in _journals.OrderByDescending(journal => journal.Identity.Sequence))
        {
            ulong later = _numbers.Where(pair => pair.Key > journal.Identity.Sequence).Select(pair => pair.Value.First).DefaultIfEmpty(ulong.MaxValue).Min();
            JournalReading.CutFrom(journal, later);

            // What an unreadable one holds is not known, so an earlier one must wait with it.
            isLaterUnreadable |= journal.IsUnreadable;
            journal.IsUnreadable = isLaterUnreadable;
            foreach (Damage damage in journal.Damaged.Concat(journal.Mended))
            {
                health.Found(damage);
            }

            if (journal.Index.Blocks > 0)
            {
                holdings.Add(journal);
                continue;
            }

            journal.File.Dispose();
            if (!journal.IsUnreadable)
            {
                _idle.Add(journal.Identity);
            }
        }
    }

    /// <summary>The blocks behind the last durable one. Where the greatest number on the disk is not known for sure there are none: a block must not be there twice.</summary>
    private void TakeTail(TailContent content)
    {
        ulong greatest = _numbers.Keys.DefaultIfEmpty().Max();
        if (_unopened || _journals.Exists(journal => journal.IsUnreadable) || (_unsure > 0 && _unsure >= greatest))
        {
            return;
        }

        IEnumerable<ulong> inSegments = holdings.NewestSegmentsFirst().Select(segment => segment.Head.LastNumber);
        Restored = content.Behind(inSegments.Concat(_journals.Select(journal => journal.Index.LastNumber)).DefaultIfEmpty().Max());
        foreach (PendingBlock block in Restored)
        {
            if (block.Block is SignalBlock description)
            {
                signals.Restore(description, isOlder: false);
            }
        }

        // Its numbers are those of a process that may have made no file.
        LastSequence = Restored.Count == 0 ? LastSequence : Math.Max(LastSequence, Restored[^1].Number >> NumberBitsOfFile);
    }

    private TailContent ReadTail(IDisk? tail) =>
        LifeMark.Read(disk) is { } mark ? TailContent.Read(tail is null ? [disk.Raw] : [disk.Raw, tail], mark, keys) : TailContent.None;
}
