using Bedside.Model;
using Bedside.Storage.Disk;
using Bedside.Storage.Index;
using Bedside.Storage.Repair;
using Bedside.Storage.Segments;

namespace Bedside.Storage.Retention;

/// <summary>Something that can go by itself. Both instants belong to it.</summary>
internal readonly record struct KeptPiece(ulong Sequence, UtcInstant From, UtcInstant Until);

/// <summary>One class of data, which goes before the next one does.</summary>
internal interface IKeptClass
{
    /// <summary><c>set-aside</c>, <c>captures</c>, <c>waveforms</c>, <c>numerics</c>.</summary>
    string Name { get; }

    /// <summary>Pieces older than this go; null = only the budget decides.</summary>
    TimeSpan? MostAge { get; }

    /// <summary>Its newest pieces go after the older ones of the other classes.</summary>
    bool HasFloor => true;

    /// <summary>What there is, in the order of appending, whatever the times in it say.</summary>
    IEnumerable<KeptPiece> Pieces();

    /// <summary>
    /// Drops one, so that a crash leaves it whole or gone and explained. <paramref name="isAllowed"/> is asked last; false =
    /// nothing was done. Throws the disk's errors.
    /// </summary>
    bool Drop(KeptPiece piece, Func<bool> isAllowed, CancellationToken cancel);
}

/// <summary>Which piece goes next.</summary>
internal static class RetentionPlan
{
    /// <summary>
    /// Over the budget: the first that is not held, class by class, what is older than <paramref name="floor"/> before the
    /// rest. Else the first that is older than its class allows at <paramref name="now"/>; null = the time is not known for sure.
    /// </summary>
    public static (IKeptClass Class, KeptPiece Piece)? Next(IReadOnlyList<IKeptClass> classes, HoldList holds, bool isOverBudget, UtcInstant floor, UtcInstant? now)
    {
        if (isOverBudget)
        {
            return First(classes, (kept, piece) => (!kept.HasFloor || piece.Until < floor) && !IsHeld(piece)) ?? First(classes, (_, piece) => !IsHeld(piece));
        }

        return now is { } time ? First(classes, (kept, piece) => kept.MostAge is { } age && IsOlder(piece, time, age) && !IsHeld(piece)) : null;

        bool IsHeld(KeptPiece piece) => holds.Covers(piece.From, piece.Until);
    }

    private static bool IsOlder(KeptPiece piece, UtcInstant now, TimeSpan age) => (Int128)now.UnixNanoseconds - piece.Until.UnixNanoseconds > (Int128)age.Ticks * 100;

    private static (IKeptClass, KeptPiece)? First(IReadOnlyList<IKeptClass> classes, Func<IKeptClass, KeptPiece, bool> fits)
    {
        foreach (IKeptClass kept in classes)
        {
            foreach (KeptPiece piece in kept.Pieces())
            {
                if (fits(kept, piece))
                {
                    return (kept, piece);
                }
            }
        }

        return null;
    }
}

/// <summary>The waves of a segment go by writing it anew without them; each leaves a gap that says how many samples went.</summary>
internal sealed class WaveformClass(IDisk disk, Holdings holdings, SignalTable signals, RetentionOptions options, TimeProvider clock) : IKeptClass
{
    /// <summary>Data farther apart were not one stretch: between them other gaps say why.</summary>
    private const long ContiguousNanoseconds = 50_000_000;

    /// <summary>More stretches of one signal in one segment become one gap.</summary>
    private const int MostStretches = 64;

    public string Name => "waveforms";

    public TimeSpan? MostAge => options.WaveformAge;

    public IEnumerable<KeptPiece> Pieces()
    {
        var waves = new HashSet<uint>(signals.Signals.Where(signal => signal.Metric.Kind == SignalKind.Waveform).Select(signal => signal.Number.Value));
        foreach (SegmentFile segment in holdings.OldestSegmentsFirst())
        {
            SegmentLane[] lanes = [.. segment.Lanes.Where(lane => lane.Key.Lane == Lane.Data && waves.Contains(lane.Key.Signal))];
            if (lanes.Length > 0)
            {
                yield return new KeptPiece(segment.Identity.Sequence, lanes.Min(lane => lane.Start), lanes.Max(lane => lane.LastInstant));
            }
        }
    }

    public bool Drop(KeptPiece piece, Func<bool> isAllowed, CancellationToken cancel)
    {
        if (holdings.OldestSegmentsFirst().FirstOrDefault(one => one.Identity.Sequence == piece.Sequence) is not { } segment)
        {
            return false;
        }

        using IDiskFile file = disk.Open(segment.Identity.Name, DiskAccess.Read);
        var check = SegmentCheck.Read(file, segment.Identity, onBlock: null, cancel);
        if (check.HasReadErrors)
        {
            throw new IOException($"{segment.Identity.Name} cannot be read completely");
        }

        LaneKey[] waves = [.. check.Readable.Where(entry => entry.Kind == BlockKind.Samples).Select(entry => entry.Key).Distinct()];
        IReadOnlyList<(GapBlock, ulong)> gaps = [.. waves.SelectMany(key => Gaps([.. check.Readable.Where(entry => entry.Key == key).Order(Comparer<BlockEntry>.Create(BlockEntry.Compare))]))];
        IReadOnlyList<SignalBlock> descriptions = Descriptions(check);
        SegmentFile? written = new SegmentRewriting(disk, clock).Rewrite(file, check, segment.Head, descriptions, (key => !waves.Contains(key), gaps), isAllowed, cancel);
        if (written is null)
        {
            return false;
        }

        holdings.Exchange(segment, written);
        return true;
    }

    /// <summary>Those in the file, and for what is damaged there the newest that are known.</summary>
    private List<SignalBlock> Descriptions(SegmentCheck check)
    {
        var known = new HashSet<uint>(check.Copies.Select(copy => copy.Signal.Value));
        var needed = new HashSet<uint>(check.Readable.Select(entry => entry.Signal));
        return [.. check.Copies, .. signals.Descriptions.Where(one => needed.Contains(one.Signal.Value) && !known.Contains(one.Signal.Value))];
    }

    private static List<(GapBlock Gap, ulong Number)> Gaps(BlockEntry[] entries)
    {
        var stretches = new List<(GapBlock Gap, ulong Number)>();
        foreach (BlockEntry entry in entries)
        {
            if (stretches.Count > 0 && (stretches.Count == MostStretches || entry.Start.Since(stretches[^1].Gap.Until) <= ContiguousNanoseconds))
            {
                GapBlock last = stretches[^1].Gap;
                UtcInstant until = entry.End > last.Until ? entry.End : last.Until;
                stretches[^1] = (last with { Until = until, Missing = last.Missing + entry.Count }, stretches[^1].Number);
            }
            else
            {
                var gap = new GapBlock { Signal = new SignalNumber(entry.Signal), Start = entry.Start, Until = entry.End, Cause = GapCause.Retention, Missing = entry.Count };
                stretches.Add((gap, entry.Number));
            }
        }

        return stretches;
    }
}

/// <summary>Numerics, marks and all else of a segment go with the file; the ledger says so before it does. The newest one stays.</summary>
internal sealed class NumericClass(Holdings holdings, RetentionOptions options, Func<SegmentFile, GapCause, bool> delete) : IKeptClass
{
    public string Name => "numerics";

    public TimeSpan? MostAge => options.NumericAge;

    public IEnumerable<KeptPiece> Pieces() => holdings.OldestSegmentsFirst().SkipLast(1).Select(segment => new KeptPiece(segment.Identity.Sequence, From(segment), Until(segment)));

    public bool Drop(KeptPiece piece, Func<bool> isAllowed, CancellationToken cancel) =>
        holdings.OldestSegmentsFirst().FirstOrDefault(one => one.Identity.Sequence == piece.Sequence) is { } segment && isAllowed() && delete(segment, GapCause.Retention);

    /// <summary>The first instant of anything in it.</summary>
    public static UtcInstant From(SegmentFile segment) => segment.Lanes.Where(IsOfTheRecord).Select(lane => lane.Start).DefaultIfEmpty(segment.Head.Made).Min();

    /// <summary>The last instant of anything in it.</summary>
    public static UtcInstant Until(SegmentFile segment) => segment.Lanes.Where(IsOfTheRecord).Select(lane => lane.LastInstant).DefaultIfEmpty(segment.Head.Made).Max();

    private static bool IsOfTheRecord(SegmentLane lane) => lane.Key.Lane != Lane.Descriptions;
}
