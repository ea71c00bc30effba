using Bedside.Model;
using Bedside.Storage.Disk;
using Bedside.Storage.Evidence;
using Bedside.Storage.Files;
using Bedside.Storage.Journal;
using Bedside.Storage.Keys;
using Bedside.Storage.Repair;
using Bedside.Storage.Replacing;
using Bedside.Storage.Retention;
using Bedside.Storage.Segments;
using Bedside.Storage.Stays;

namespace Bedside.Storage;

/// <summary>Reads a whole store, beside a process that may be writing it, and says what is damaged.</summary>
public static class Verification
{
    /// <summary>Throws <see cref="IOException"/> only when the folder itself cannot be listed.</summary>
    /// <remarks><paramref name="onFile"/> is told the name of each file before it is read, and how many of how many it is.</remarks>
    public static VerifyReport Run(string directory, CancellationToken cancel, BoxKey? key = null, Action<string, int, int>? onFile = null) =>
        Run(new PosixDisk(directory), cancel, key, onFile);

    /// <summary>Journals only.</summary>
    internal static VerifyReport RunJournals(IDisk disk, BoxKey? key, CancellationToken cancel) => Run(disk, cancel, key, onFile: null, withSegments: false);

    internal static VerifyReport Run(IDisk raw, CancellationToken cancel, BoxKey? key = null, Action<string, int, int>? onFile = null, bool withSegments = true)
    {
        var found = new List<Damage>();
        using var keys = StayKeys.Load(raw, new StoreOptions { BoxKey = key }, found.Add);
        var disk = new EncryptedDisk(raw, keys, () => 0, found.Add);

        // Journals first, the newest of them first: one that is sealed meanwhile is read as a segment.
        var journals = new SortedDictionary<ulong, IDiskFile>();
        foreach (ulong sequence in Enumerable.Reverse(Sequences(disk, FileNames.SequenceOfJournal)))
        {
            if (MemoryFile.CopyOf(disk.Raw, FileNames.Journal(sequence)) is { } copy)
            {
                journals[sequence] = copy;
            }
        }

        var reading = new Reading(disk, found, cancel);
        List<ulong> segments = Sequences(disk, FileNames.SequenceOfSegment);
        for (int i = 0; i < segments.Count; i++)
        {
            var identity = new FileIdentity(FileKind.Segment, segments[i]);
            _ = journals.Remove(segments[i]);
            onFile?.Invoke(identity.Name, i + 1, segments.Count + journals.Count);
            if (withSegments)
            {
                reading.ReadSegment(identity);
            }
            else
            {
                reading.NoteSegment(identity);
            }
        }

        if (withSegments)
        {
            reading.ReadSmallFiles();
            reading.ReadSetAside();
            reading.ReadEvidence();
            reading.ReadStays(key);
        }

        foreach (ulong sequence in journals.Keys.ToArray())
        {
            reading.Unlock(journals, sequence);
        }

        foreach ((ulong sequence, IDiskFile copy) in journals)
        {
            reading.NoteFirstNumber(copy, new FileIdentity(FileKind.Journal, sequence));
        }

        foreach ((ulong sequence, IDiskFile copy) in journals)
        {
            reading.ReadJournal(copy, new FileIdentity(FileKind.Journal, sequence));
        }

        return reading.Report();
    }

    private static List<ulong> Sequences(EncryptedDisk disk, Func<string, ulong?> sequenceOf) => [.. disk.Names().Select(sequenceOf).OfType<ulong>().Order()];

    private sealed class Reading(EncryptedDisk disk, List<Damage> onPages, CancellationToken cancel)
    {
        private readonly List<Damage> _damaged = [];
        private readonly List<Damage> _unfinished = [];
        private readonly List<string> _locked = [];
        private readonly List<GapBlock> _gaps = [];
        private readonly SignalTable _signals = new();
        private long _blocks;
        private long _samples;
        private long _evidence;
        private readonly SortedDictionary<ulong, ulong> _firstNumbers = [];

        public VerifyReport Report() => new()
        {
            Blocks = _blocks,
            Samples = _samples,
            EvidenceEntries = _evidence,
            Damaged = [.. _damaged.Union(onPages)],
            Locked = _locked,
            Unfinished = _unfinished,
            Gaps = [.. _gaps.OrderBy(gap => gap.Start)],
            Signals = _signals.Signals,
        };

        public void ReadSegment(FileIdentity identity)
        {
            try
            {
                using IDiskFile file = disk.Open(identity.Name, DiskAccess.Read);
                var check = SegmentCheck.Read(file, identity, Count, cancel);
                foreach (SignalBlock copy in check.Copies)
                {
                    _signals.Restore(copy, isOlder: false);
                }

                if (check.Segment is { } segment)
                {
                    _firstNumbers[identity.Sequence] = segment.Head.FirstNumber;
                }

                _damaged.AddRange(check.Damaged);
            }
            catch (KeyMissingException missing)
            {
                _locked.Add(missing.Message);
                _damaged.AddRange(disk.CheckWithoutKey(identity));
            }
            catch (Exception error) when (DiskErrors.Is(error))
            {
                _damaged.Add(new Damage(identity.Name, 0, SignalNumber.None, error.Message));
            }
        }

        /// <summary>Only which blocks it has.</summary>
        public void NoteSegment(FileIdentity identity)
        {
            try
            {
                using IDiskFile file = disk.Open(identity.Name, DiskAccess.Read);
                if (SegmentFile.Open(file, identity) is { } segment)
                {
                    _firstNumbers[identity.Sequence] = segment.Head.FirstNumber;
                }
            }
            catch (Exception error) when (DiskErrors.Is(error))
            {
                _damaged.Add(new Damage(identity.Name, 0, SignalNumber.None, error.Message));
            }
        }

        /// <summary>What persons said must stay, and what went.</summary>
        public void ReadSmallFiles()
        {
            try
            {
                _ = HoldList.Read(disk, out Damage? ofHolds);
                var ledger = RetentionLedger.Read(disk, out Damage? ofLedger);
                _ = ReplaceRecord.Read(disk, out Damage? ofReplaced);
                _damaged.AddRange(new[] { ofHolds, ofLedger, ofReplaced }.OfType<Damage>());
                _gaps.AddRange(ledger.Gone.Select(range => range.ToGap()));
            }
            catch (Exception error) when (DiskErrors.Is(error))
            {
                _damaged.Add(new Damage(FileNames.Retention, 0, SignalNumber.None, error.Message));
            }
        }

        /// <summary>Originals in whose place others are: their blocks are not counted, their damage is told.</summary>
        public void ReadSetAside()
        {
            foreach (string name in disk.Names().Where(name => FileNames.ReplacementOf(name) is not null).Order(StringComparer.Ordinal))
            {
                try
                {
                    using IDiskFile file = disk.Open(name, DiskAccess.Read);
                    var check = SegmentCheck.Read(file, new FileIdentity(FileKind.Segment, FileNames.SequenceOfSegment(FileNames.Plain(name)) ?? 0), onBlock: null, cancel);
                    _damaged.AddRange(check.Damaged.Select(damage => damage with { File = name }));
                }
                catch (KeyMissingException missing)
                {
                    _locked.Add(missing.Message);
                }
                catch (FileNotFoundException)
                {
                    // It went meanwhile.
                }
                catch (Exception error) when (DiskErrors.Is(error))
                {
                    _damaged.Add(new Damage(name, 0, SignalNumber.None, error.Message));
                }
            }
        }

        /// <summary>What went over the ports.</summary>
        public void ReadEvidence()
        {
            try
            {
                foreach (EvidenceFile file in new EvidenceShelf(disk).Files())
                {
                    ReadEvidence(file);
                }
            }
            catch (Exception error) when (DiskErrors.Is(error))
            {
                _damaged.Add(new Damage(FileNames.Evidence(0), 0, SignalNumber.None, error.Message));
            }
        }

        /// <summary>What was said of who lies in the bed.</summary>
        public void ReadStays(BoxKey? key)
        {
            try
            {
                if (StayLogReading.Read(disk.Raw, key) is not { } book)
                {
                    return;
                }

                _damaged.AddRange(book.Damaged);
                _unfinished.AddRange(book.Unfinished);
                if (book.Locked > 0)
                {
                    _locked.Add($"{FileNames.Stays} has {book.Locked} records that cannot be read without the box key they were written with");
                }
            }
            catch (Exception error) when (DiskErrors.Is(error))
            {
                _damaged.Add(new Damage(FileNames.Stays, 0, SignalNumber.None, error.Message));
            }
        }

        private void ReadEvidence(EvidenceFile file)
        {
            var scan = new EvidenceScan(disk, file);
            try
            {
                foreach (FoundEvidence found in scan.Windows())
                {
                    cancel.ThrowIfCancellationRequested();
                    _evidence += found.Entries().Length;
                }
            }
            catch (KeyMissingException missing)
            {
                _locked.Add(missing.Message);
                scan.CheckFrames(cancel);
            }
            catch (BlockFormatException error)
            {
                _damaged.Add(new Damage(file.Identity.Name, 0, SignalNumber.None, error.Message));
            }
            catch (FileNotFoundException)
            {
                // It went meanwhile, which is what happens to the oldest.
            }

            _damaged.AddRange(scan.Damaged);
            _unfinished.AddRange(scan.Unfinished);
        }

        /// <summary>Gives a journal its cipher; one without key is only looked at for damage, and taken out.</summary>
        public void Unlock(SortedDictionary<ulong, IDiskFile> journals, ulong sequence)
        {
            var identity = new FileIdentity(FileKind.Journal, sequence);
            try
            {
                journals[sequence] = disk.WithCipher(journals[sequence], identity);
            }
            catch (KeyMissingException missing)
            {
                _locked.Add(missing.Message);
                using var scanner = new FrameScanner(journals[sequence], identity, journals[sequence].Length);
                while (scanner.MoveNext())
                {
                    cancel.ThrowIfCancellationRequested();
                }

                _damaged.AddRange(scanner.Damaged);
                _ = journals.Remove(sequence);
            }
        }

        public void ReadJournal(IDiskFile file, FileIdentity identity)
        {
            if (JournalReading.ForeignVersion(file, identity) is { } version)
            {
                _damaged.Add(JournalReading.Refusal(identity, version));
                return;
            }

            if (!FileHead.IsWhole(file, identity))
            {
                _damaged.Add(new Damage(identity.Name, 0, SignalNumber.None, "the head is not what was written"));
            }

            // From that number on everything was written again to a later file, after an error.
            ulong later = _firstNumbers.Where(pair => pair.Key > identity.Sequence).Select(pair => pair.Value).DefaultIfEmpty(ulong.MaxValue).Min();
            long end = 0;
            using var scanner = new JournalScanner(file, identity);
            while (scanner.Next() is { } found)
            {
                if (found.Window.First < later)
                {
                    Take(found, identity);
                    end = found.Offset + found.FrameBytes;
                }
            }

            _damaged.AddRange(scanner.Damaged.Concat(scanner.Mended).Where(damage => later == ulong.MaxValue || damage.Offset < end).OrderBy(damage => damage.Offset));
            if (scanner.TailIsDirty)
            {
                _unfinished.Add(new Damage(identity.Name, scanner.Tail, SignalNumber.None, "a window was begun and not finished"));
            }
        }

        /// <summary>Which blocks a journal has, before the journals are read in their order.</summary>
        public void NoteFirstNumber(IDiskFile file, FileIdentity identity)
        {
            using var scanner = new JournalScanner(file, identity);
            while (scanner.Next() is { } found)
            {
                if (found.Window.First != Frame.CopyNumber)
                {
                    _firstNumbers[identity.Sequence] = found.Window.First;
                    return;
                }
            }
        }

        private void Take(FoundWindow found, FileIdentity identity)
        {
            for (int place = 0; place < found.Window.Count; place++)
            {
                Take(found.Window.Part(place), found.Window.NumberOf(place), identity, found.Offset);
            }
        }

        private void Take(ReadOnlySpan<byte> bytes, ulong number, FileIdentity identity, long offset)
        {
            cancel.ThrowIfCancellationRequested();
            try
            {
                Block block = BlockCodec.Decode(bytes);
                if (block is SignalBlock description)
                {
                    _signals.Restore(description, isOlder: false);
                }

                if (number == Frame.CopyNumber)
                {
                    return;
                }

                Count(block);
            }
            catch (BlockFormatException error)
            {
                _damaged.Add(new Damage(identity.Name, offset, SignalNumber.None, error.Message));
            }
        }

        private void Count(Block block)
        {
            _blocks++;
            switch (block)
            {
                case SampleBlock samples:
                    _samples += samples.Samples.Length;
                    break;
                case NumericBlock readings:
                    _samples += readings.Readings.Length;
                    break;
                case GapBlock gap:
                    _gaps.Add(gap);
                    break;
                case SignalBlock description:
                    _signals.Restore(description, isOlder: false);
                    break;
            }
        }
    }
}
