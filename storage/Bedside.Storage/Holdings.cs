using System.Collections.Immutable;
using Bedside.Model;
using Bedside.Storage.Files;
using Bedside.Storage.Index;
using Bedside.Storage.Journal;
using Bedside.Storage.Segments;

namespace Bedside.Storage;

/// <summary>One lane of one journal or segment, or of what is not durable yet, as a reader found it.</summary>
internal sealed record LaneSource(JournalFile? Journal, EntryRun Run, SegmentFile? Segment, SegmentLane? Lane)
{
    /// <summary>The blocks themselves, while they are not durable.</summary>
    public PendingRun? Pending { get; init; }

    public LaneKey Key => Lane?.Key ?? Run.Key;
}

/// <summary>
/// The files of a store, and its blocks that are in none yet. Writer, sealing task and readers meet here, so everything is behind one lock, held only to copy
/// references: no file is read or written inside it.
/// </summary>
internal sealed class Holdings
{
    private readonly Lock _lock = new();
    private ImmutableArray<SegmentFile> _segments = [];
    private readonly SortedDictionary<ulong, JournalFile> _journals = [];
    private readonly PendingBlocks _pending = new();

    public int Segments
    {
        get
        {
            lock (_lock)
            {
                return _segments.Length;
            }
        }
    }

    /// <summary>Journals that wait to be sealed.</summary>
    public int Waiting
    {
        get
        {
            lock (_lock)
            {
                return _journals.Values.Count(journal => journal is { IsClosed: true, IsUnreadable: false });
            }
        }
    }

    /// <summary>Bytes of segments, and bytes used in journals.</summary>
    public (long Segments, long Journals) Bytes
    {
        get
        {
            lock (_lock)
            {
                return (_segments.Sum(segment => segment.Bytes), _journals.Values.Sum(journal => journal.Position));
            }
        }
    }

    public void Add(SegmentFile segment)
    {
        lock (_lock)
        {
            Insert(segment);
        }
    }

    public void Add(JournalFile journal)
    {
        lock (_lock)
        {
            _journals[journal.Identity.Sequence] = journal;
        }
    }

    /// <summary>Makes blocks visible to readers that are not durable yet.</summary>
    public void Show(ReadOnlySpan<PendingBlock> blocks)
    {
        lock (_lock)
        {
            foreach (PendingBlock block in blocks)
            {
                _pending.Add(block);
            }
        }
    }

    /// <summary>Puts what a journal holds of them, joined, in the place of the pending blocks up to a number.</summary>
    public void Settle(JournalFile journal, ReadOnlySpan<BlockEntry> entries, ulong lastNumber, long position)
    {
        lock (_lock)
        {
            foreach (BlockEntry entry in entries)
            {
                journal.Index.Add(entry);
            }

            journal.Index.CoverTo(lastNumber);
            journal.Position = position;
            _pending.RemoveTo(lastNumber);
        }
    }

    public void Close(JournalFile journal)
    {
        lock (_lock)
        {
            journal.IsClosed = true;
        }
    }

    public IReadOnlyList<SegmentFile> NewestSegmentsFirst()
    {
        lock (_lock)
        {
            return [.. _segments.Reverse()];
        }
    }

    /// <summary>In the order of appending.</summary>
    public IReadOnlyList<SegmentFile> OldestSegmentsFirst()
    {
        lock (_lock)
        {
            return _segments;
        }
    }

    /// <summary>Puts a segment that was written anew in the place of the one it was made of.</summary>
    public void Exchange(SegmentFile old, SegmentFile written)
    {
        lock (_lock)
        {
            _segments = _segments.Replace(old, written);
        }
    }

    public void Remove(SegmentFile segment)
    {
        lock (_lock)
        {
            _segments = _segments.Remove(segment);
        }
    }

    /// <summary>The oldest journal that waits to be sealed.</summary>
    public JournalFile? NextToSeal()
    {
        lock (_lock)
        {
            return _journals.Values.FirstOrDefault(journal => journal is { IsClosed: true, IsUnreadable: false });
        }
    }

    /// <summary>Puts a segment (null = there was nothing in it) in the place of a journal; true when nobody reads the journal any more.</summary>
    public bool Replace(JournalFile journal, SegmentFile? segment)
    {
        lock (_lock)
        {
            _ = _journals.Remove(journal.Identity.Sequence);
            if (segment is not null)
            {
                Insert(segment);
            }

            journal.IsRetired = true;
            if (journal.Leases > 0)
            {
                return false;
            }

            journal.File.Dispose();
            return true;
        }
    }

    /// <summary>A file that is deleted: nobody finds it any more, and who reads it goes on while the kernel lets them.</summary>
    public void Forget(FileIdentity identity)
    {
        lock (_lock)
        {
            if (identity.Kind == FileKind.Segment)
            {
                _segments = _segments.RemoveAll(segment => segment.Identity == identity);
            }
            else if (identity.Kind == FileKind.Journal && _journals.Remove(identity.Sequence, out JournalFile? journal))
            {
                journal.IsRetired = true;
                if (journal.Leases == 0)
                {
                    journal.File.Dispose();
                }
            }
        }
    }

    /// <summary>The sources that hold something of these lanes, in the order of appending. The reader disposes of the view.</summary>
    public ReadView View(IReadOnlyList<LaneKey> lanes) =>
        View(_ => lanes, segment => lanes.Select(segment.Lane).OfType<SegmentLane>());

    /// <summary>The same without segments that hold nothing of [from, to).</summary>
    public ReadView View(IReadOnlyList<LaneKey> lanes, UtcInstant from, UtcInstant to) =>
        View(_ => lanes, segment => segment.MayHold(from, to) ? lanes.Select(segment.Lane).OfType<SegmentLane>() : []);

    /// <summary>The same of what is not in a segment.</summary>
    public ReadView ViewOfJournals(LaneKey lane) => View(_ => [lane], _ => []);

    /// <summary>The same for the marks of the bed and of all signals.</summary>
    public ReadView ViewOfMarks() => View(
        keys => [.. keys.Where(key => key.Lane == Lane.Marks)],
        segment => segment.LanesOf(Lane.Marks));

    /// <summary>The data of signals in these files, both ends included, without what is not durable yet.</summary>
    public ReadView ViewOfAppended(ulong from, ulong to)
    {
        ReadView view = View(
            keys => [.. keys.Where(key => key.Lane == Lane.Data)],
            segment => segment.Identity.Sequence >= from && segment.Identity.Sequence <= to ? segment.LanesOf(Lane.Data) : []);
        return view.Where(source => source.Pending is null && (source.Journal is not { } journal || (journal.Identity.Sequence >= from && journal.Identity.Sequence <= to)));
    }

    /// <summary>The sequences of all files from one on, ascending, and whether that one takes no more blocks.</summary>
    public IReadOnlyList<(ulong Sequence, bool IsEnded)> SequencesFrom(ulong from)
    {
        lock (_lock)
        {
            IEnumerable<(ulong Sequence, bool IsEnded)> segments = _segments.Select(segment => (segment.Identity.Sequence, true));
            IEnumerable<(ulong Sequence, bool IsEnded)> journals = _journals.Select(pair => (pair.Key, pair.Value.IsClosed));
            return [.. segments.Concat(journals).Where(file => file.Sequence >= from).OrderBy(file => file.Sequence)];
        }
    }

    private ReadView View(Func<IReadOnlyCollection<LaneKey>, IReadOnlyList<LaneKey>> ofIndex, Func<SegmentFile, IEnumerable<SegmentLane>> ofSegment)
    {
        ImmutableArray<SegmentFile> segments;
        var inJournals = new List<LaneSource>();
        var leased = new List<JournalFile>();
        lock (_lock)
        {
            segments = _segments;
            foreach (JournalFile journal in _journals.Values)
            {
                int before = inJournals.Count;
                foreach (LaneKey key in ofIndex(journal.Index.Keys))
                {
                    EntryRun run = journal.Index.Run(key);
                    if (run.Count > 0)
                    {
                        inJournals.Add(new LaneSource(journal, run, Segment: null, Lane: null));
                    }
                }

                if (inJournals.Count > before)
                {
                    journal.Leases++;
                    leased.Add(journal);
                }
            }

            inJournals.AddRange(ofIndex(_pending.Keys).Select(_pending.Run).OfType<PendingRun>().Select(pending => new LaneSource(Journal: null, pending.Run, Segment: null, Lane: null) { Pending = pending }));
        }

        var sources = new List<LaneSource>();
        foreach (SegmentFile segment in segments)
        {
            foreach (SegmentLane lane in ofSegment(segment))
            {
                sources.Add(new LaneSource(Journal: null, default, segment, lane));
            }
        }

        sources.AddRange(inJournals);
        return new ReadView(this, sources, leased);
    }

    public void Release(IReadOnlyList<JournalFile> journals)
    {
        lock (_lock)
        {
            foreach (JournalFile journal in journals)
            {
                if (--journal.Leases == 0 && journal.IsRetired)
                {
                    journal.File.Dispose();
                }
            }
        }
    }

    public void CloseFiles()
    {
        lock (_lock)
        {
            foreach (JournalFile journal in _journals.Values)
            {
                journal.IsRetired = true;
                if (journal.Leases == 0)
                {
                    journal.File.Dispose();
                }
            }

            _journals.Clear();
        }
    }

    /// <summary>Segments stand in the order of their sequence, which is that of appending.</summary>
    private void Insert(SegmentFile segment)
    {
        int at = _segments.Length;
        while (at > 0 && _segments[at - 1].Identity.Sequence > segment.Identity.Sequence)
        {
            at--;
        }

        _segments = _segments.Insert(at, segment);
    }
}

/// <summary>What a reader looks at; journals in it stay readable until it is disposed of.</summary>
internal sealed class ReadView(Holdings holdings, IReadOnlyList<LaneSource> sources, IReadOnlyList<JournalFile> leased) : IDisposable
{
    private bool _released;

    public IReadOnlyList<LaneSource> Sources => sources;

    /// <summary>The same with some of the sources; this one need not be disposed of then.</summary>
    public ReadView Where(Func<LaneSource, bool> wanted) => new(holdings, [.. sources.Where(wanted)], leased);

    public void Dispose()
    {
        if (!_released)
        {
            _released = true;
            holdings.Release(leased);
        }
    }
}
