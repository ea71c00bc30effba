using Bedside.Model;
using Bedside.Storage.Disk;
using Bedside.Storage.Index;
using Bedside.Storage.Keys;
using Bedside.Storage.Reading;
using Bedside.Storage.Segments;

namespace Bedside.Storage.Replacing;

/// <summary>
/// Puts blocks in the place of what a store has of a device in an interval, and brings the originals back. A crash, or a disk that
/// fails, leaves the store wholly as it was or wholly as it will be (FORMAT.md, section 13). No other process may write it meanwhile.
/// </summary>
public static class StoreReplacement
{
    /// <summary>What was replaced, oldest first; also beside a process that writes. Throws the disk's errors, and <see cref="ReplaceRefusedException"/>.</summary>
    public static IReadOnlyList<Replacement> List(string directory) => Record(new PosixDisk(directory)).All;

    /// <summary>The number that the next replacement has. Throws as <see cref="List"/> does.</summary>
    public static int NextId(string directory) => Record(new PosixDisk(directory)).NextId;

    /// <summary>Throws <see cref="StoreLockedException"/> while another process writes the store, the disk's errors, and <see cref="ReplaceRefusedException"/>.</summary>
    public static async Task<Replacement> RunAsync(string directory, StoreOptions options, TimeProvider clock, ReplaceOrder order, CancellationToken cancel)
    {
        using var locked = StoreLock.Take(directory);
        return await RunAsync(new PosixDisk(directory), Tail(directory, options), options, clock, order, cancel);
    }

    /// <summary>Brings the originals back. Throws as <see cref="RunAsync(string, StoreOptions, TimeProvider, ReplaceOrder, CancellationToken)"/> does.</summary>
    public static async Task<Replacement> UndoAsync(string directory, StoreOptions options, TimeProvider clock, int id, CancellationToken cancel)
    {
        using var locked = StoreLock.Take(directory);
        return await UndoAsync(new PosixDisk(directory), Tail(directory, options), options, clock, id, cancel);
    }

    internal static async Task<Replacement> RunAsync(IDisk disk, IDisk? tail, StoreOptions options, TimeProvider clock, ReplaceOrder order, CancellationToken cancel)
    {
        using var engine = new StoreEngine(disk, options, clock, isReadOnly: false, sync: null, tail);
        await SealAsync(engine, cancel);
        if (engine.Holdings.Bytes.Journals > 0 || engine.Health.Damaged > 0)
        {
            // What could not be read just now would stay as it is among others that do not.
            throw new ReplaceRefusedException("not all of the store could be read; bedside verify names what is damaged, bedside repair puts it in order.");
        }

        ReplaceRecord record = Record(engine.Disk);
        SegmentFile[] segments = Segments(engine, order);
        CheckRoom(record, order, segments.Length);
        new ReplaceStays(engine).Check(order, segments);
        Replacement replacement = Prepare(engine, clock, order, segments, cancel);

        // From here on the new files stay until it is known what the record says.
        _ = record.Write(engine.Disk, replacement);
        ReplaceFinish.Run(engine.Disk, engine.Health.Found);
        return replacement with { State = ReplacementState.Replaced };
    }

    internal static async Task<Replacement> UndoAsync(IDisk disk, IDisk? tail, StoreOptions options, TimeProvider clock, int id, CancellationToken cancel)
    {
        using var engine = new StoreEngine(disk, options, clock, isReadOnly: false, sync: null, tail);
        ReplaceRecord record = Record(engine.Disk);
        Replacement one = record.Find(id) ?? throw new ReplaceRefusedException($"there is no replacement {id}; bedside import list says which there are.");
        if (one.State != ReplacementState.Undone)
        {
            CheckUndo(engine, record, one);
            _ = record.Write(engine.Disk, one with { State = ReplacementState.Undoing });
            ReplaceFinish.Run(engine.Disk, engine.Health.Found);
        }

        await TellAsync(engine, one);
        await SealAsync(engine, cancel);
        return one with { State = ReplacementState.Undone };
    }

    private static PosixDisk? Tail(string directory, StoreOptions options) =>
        Store.TailFolder(directory, options, make: true) is { } tail ? new PosixDisk(tail, isPrivate: true) : null;

    private static ReplaceRecord Record(IDisk disk) =>
        ReplaceRecord.Read(disk, out Damage? damage) ?? throw new ReplaceRefusedException($"nobody knows what was replaced before: {damage?.What}.");

    /// <summary>Everything of the interval is in segments then.</summary>
    private static async Task SealAsync(StoreEngine engine, CancellationToken cancel)
    {
        engine.TidyUp();
        await engine.Journal.RollAsync();
        await engine.Journal.CloseAsync();
        while (engine.SealNext(cancel))
        {
            cancel.ThrowIfCancellationRequested();
        }

        if (engine.Journal.HasUnsynced)
        {
            throw new IOException(engine.Health.LastError ?? "the disk does not take what is in memory");
        }
    }

    /// <summary>Those that have data of the device in the interval.</summary>
    private static SegmentFile[] Segments(StoreEngine engine, ReplaceOrder order)
    {
        if (order.Signals.Count == 0)
        {
            throw new ReplaceRefusedException($"nothing was decoded of {order.Port} in that interval; the originals stay.");
        }

        HashSet<uint> signals = [.. engine.Signals.Signals.Where(signal => signal.Device == order.Device).Select(signal => signal.Number.Value)];
        SegmentFile[] segments = [.. engine.Holdings.OldestSegmentsFirst().Where(segment => segment.LanesOf(Lane.Data).Any(lane => signals.Contains(lane.Key.Signal) && order.Spans.Any(span => lane.Start < span.To && lane.LastInstant >= span.From)))];
        return segments.Length > 0 ? segments : throw new ReplaceRefusedException($"the store has nothing of {order.Device} in that interval that could be replaced; --beside keeps what was decoded.");
    }

    private static void CheckRoom(ReplaceRecord record, ReplaceOrder order, int segments)
    {
        if (record.NextId != order.Id)
        {
            throw new ReplaceRefusedException("something else was replaced meanwhile; ask again.");
        }

        if (record.All.Sum(one => one.Segments.Count) + segments > ReplaceRecord.MostSegments)
        {
            throw new ReplaceRefusedException($"more than {ReplaceRecord.MostSegments} files would be set aside; give a shorter interval.");
        }
    }

    /// <summary>Writes the new files beside the old ones; they are worthless until the record names them.</summary>
    private static Replacement Prepare(StoreEngine engine, TimeProvider clock, ReplaceOrder order, SegmentFile[] segments, CancellationToken cancel)
    {
        SegmentFile[] byTime = [.. segments.OrderBy(Retention.NumericClass.From)];
        var written = new List<ReplacedSegment>();
        var replacement = new Replacement(order.Id, ReplacementState.Replacing, order.Device, order.Port, order.Spans[0].From, order.Spans[^1].To, engine.Now, []);
        try
        {
            for (int i = 0; i < byTime.Length; i++)
            {
                UtcInstant from = i == 0 ? new UtcInstant(long.MinValue) : Retention.NumericClass.From(byTime[i]);
                UtcInstant to = i == byTime.Length - 1 ? new UtcInstant(long.MaxValue) : Retention.NumericClass.From(byTime[i + 1]);
                var splicing = new SegmentSplicing(engine.Disk, engine.Signals, clock, order, from, to);
                written.Add(splicing.Write(byTime[i], i == 0 ? Note(replacement, order) : null, cancel));
            }

            engine.Disk.Sync();
            return replacement with { Segments = written };
        }
        catch
        {
            Discard(engine.Disk, byTime);
            throw;
        }
    }

    private static void Discard(EncryptedDisk disk, SegmentFile[] segments)
    {
        try
        {
            foreach (string name in disk.Names().Intersect(segments.Select(segment => FileNames.Next(segment.Identity.Name))).ToArray())
            {
                disk.Delete(name);
            }
        }
        catch (Exception error) when (DiskErrors.Is(error))
        {
            // They go at the next start.
        }
    }

    /// <summary>It stands in a new file: it is there exactly when the new data are.</summary>
    private static AnnotationBlock Note(Replacement replacement, ReplaceOrder order) => new()
    {
        Signal = SignalNumber.None,
        Start = replacement.From,
        Until = replacement.To,
        Key = replacement.Key,
        Kind = "decoded-again",
        Source = order.Device,
        Text = order.Text,
    };

    private static void CheckUndo(StoreEngine engine, ReplaceRecord record, Replacement one)
    {
        if (one.State == ReplacementState.Final)
        {
            throw new ReplaceRefusedException($"the originals of replacement {one.Id} went for their age or the disk's budget; bedside hold keeps such an interval.");
        }

        HashSet<ulong> sequences = [.. one.Segments.Select(segment => segment.Sequence)];
        if (record.All.FirstOrDefault(other => other.Id > one.Id && other.Segments.Any(segment => sequences.Contains(segment.Sequence))) is { } later)
        {
            throw new ReplaceRefusedException($"replacement {later.Id} was made on top of it; undo that one first.");
        }

        IReadOnlyList<string> names = engine.Disk.Names();
        foreach (ReplacedSegment segment in one.Segments)
        {
            string name = FileNames.Segment(segment.Sequence);
            if (!names.Contains(FileNames.SetAside(name, one.Id)))
            {
                throw new ReplaceRefusedException($"the original of {name} is not there any more: its stay was erased, or somebody removed it.");
            }

            SegmentFile? now = engine.Holdings.OldestSegmentsFirst().FirstOrDefault(other => other.Identity.Sequence == segment.Sequence);
            if (now?.Head.Made != segment.Made)
            {
                throw new ReplaceRefusedException(now is null ? $"{name} cannot be read, or is gone." : $"{name} was written anew since, by retention or repair: the original would bring back what went.");
            }
        }
    }

    /// <summary>Once, also when a crash came before it.</summary>
    private static async Task TellAsync(StoreEngine engine, Replacement one)
    {
        string key = $"{one.Key}/undone";
        (UtcInstant From, UtcInstant To) ever = (new UtcInstant(long.MinValue), new UtcInstant(long.MaxValue));
        bool isTold = BlockReading.Read(engine.Disk, engine.Holdings, lanes: null, ever, engine.Health.Found).OfType<AnnotationBlock>().Any(mark => mark.Key == key);
        if (isTold)
        {
            return;
        }

        var mark = new AnnotationBlock
        {
            Signal = SignalNumber.None,
            Start = engine.Now,
            Key = key,
            Kind = "decoded-again",
            Source = one.Device,
            Text = $"undone: the originals of {one.Device} are back in the place of replacement {one.Id}.",
        };
        if (!engine.Journal.Stage(mark))
        {
            throw new IOException("the originals are back, and the mark that says so was not taken; ask again");
        }

        await engine.Journal.WriteAsync();
    }
}
