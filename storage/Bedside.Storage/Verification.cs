using Bedside.Model;
using Bedside.Storage.Disk;
using Bedside.Storage.Files;
using Bedside.Storage.Index;
using Bedside.Storage.Journal;
using Bedside.Storage.Keys;
using Bedside.Storage.Segments;

namespace Bedside.Storage;

/// <summary>Reads a whole store, beside a process that may be writing it, and says what is damaged.</summary>
public static class Verification
{
    /// <summary>Throws <see cref="IOException"/> only when the folder itself cannot be listed.</summary>
    public static VerifyReport Run(string directory, CancellationToken cancel, BoxKey? key = null) => Run(new PosixDisk(directory), cancel, key);

    internal static VerifyReport Run(IDisk raw, CancellationToken cancel, BoxKey? key = null)
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
        foreach (ulong sequence in Sequences(disk, FileNames.SequenceOfSegment))
        {
            _ = journals.Remove(sequence);
            reading.ReadSegment(new FileIdentity(FileKind.Segment, sequence));
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
        private readonly SortedDictionary<ulong, ulong> _firstNumbers = [];

        public VerifyReport Report() => new()
        {
            Blocks = _blocks,
            Samples = _samples,
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
                var segment = SegmentFile.Open(file, identity);
                var good = new HashSet<long>();
                using var scanner = new FrameScanner(file, identity, segment?.FramesEnd ?? file.Length);
                while (scanner.MoveNext())
                {
                    _ = good.Add(scanner.Offset);
                    Take(scanner.Block, scanner.Number, identity, scanner.Offset);
                }

                var found = new Dictionary<long, Damage>();
                foreach (Damage damage in scanner.Damaged)
                {
                    found[damage.Offset] = damage;
                }

                if (segment is null)
                {
                    found[0] = new Damage(identity.Name, 0, SignalNumber.None, "head, directory or trailer is not what was written");
                }
                else
                {
                    CompareWithIndex(file, segment, scanner, good, found);
                    _firstNumbers[identity.Sequence] = segment.Head.FirstNumber;
                }

                _damaged.AddRange(found.Values.OrderBy(damage => damage.Offset));
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

        /// <summary>The index knows whose the blocks are that are not there any more.</summary>
        private static void CompareWithIndex(IDiskFile file, SegmentFile segment, FrameScanner scanner, HashSet<long> good, Dictionary<long, Damage> found)
        {
            string name = segment.Identity.Name;
            if (scanner.Tail < segment.FramesEnd)
            {
                found[scanner.Tail] = new Damage(name, scanner.Tail, SignalNumber.None, $"{segment.FramesEnd - scanner.Tail} bytes are not what was written");
            }

            foreach (SegmentLane lane in segment.Lanes)
            {
                var signal = new SignalNumber(lane.Key.Signal);
                if (segment.ReadSlice(file, lane) is not { } slice)
                {
                    found[lane.SliceAt] = new Damage(name, lane.SliceAt, signal, "the index of this signal is not what was written");
                    continue;
                }

                if (!SegmentFile.AreCellsWhole(file, lane))
                {
                    found[lane.CellsAt] = new Damage(name, lane.CellsAt, signal, "the overview of this signal is not what was written");
                }

                foreach (BlockEntry entry in slice.Where(entry => !good.Contains(entry.At)))
                {
                    found[entry.At] = new Damage(name, entry.At, signal, $"a block of {entry.Start} to {entry.End} is not what was written");
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
                }
            }
            catch (BlockFormatException error)
            {
                _damaged.Add(new Damage(identity.Name, offset, SignalNumber.None, error.Message));
            }
        }
    }
}
