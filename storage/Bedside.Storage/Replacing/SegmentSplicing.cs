using Bedside.Model;
using Bedside.Storage.Disk;
using Bedside.Storage.Evidence;
using Bedside.Storage.Files;
using Bedside.Storage.Index;
using Bedside.Storage.Keys;
using Bedside.Storage.Reading;
using Bedside.Storage.Repair;
using Bedside.Storage.Segments;

namespace Bedside.Storage.Replacing;

/// <summary>
/// Writes what is to take the place of a segment, beside it: everything that it has but for what an order replaces, and of the new blocks those
/// that begin in [<paramref name="from"/>, <paramref name="to"/>). Same name, numbers and stay.
/// </summary>
internal sealed class SegmentSplicing(EncryptedDisk disk, SignalTable signals, TimeProvider clock, ReplaceOrder order, UtcInstant from, UtcInstant to)
{
    private static readonly UtcInstant Ever = new(long.MinValue);
    private static readonly UtcInstant Never = new(long.MaxValue);

    /// <summary>Throws the disk's errors, and <see cref="ReplaceRefusedException"/> when the segment has damage.</summary>
    public ReplacedSegment Write(SegmentFile segment, AnnotationBlock? note, CancellationToken cancel)
    {
        string next = FileNames.Next(segment.Identity.Name);
        using IDiskFile file = disk.Open(segment.Identity.Name, DiskAccess.Read);
        var check = SegmentCheck.Read(file, segment.Identity, onBlock: null, cancel);
        if (check.HasReadErrors)
        {
            throw new IOException($"{segment.Identity.Name} cannot be read completely");
        }

        if (check.Segment is null || check.Damaged.Any())
        {
            throw new ReplaceRefusedException($"{segment.Identity.Name} has damage; run bedside repair first.");
        }

        SegmentFile written;
        using (var writer = new SegmentWriter(disk.Open(next, DiskAccess.Create), segment.Identity))
        {
            written = Write(writer, file, check, note, cancel);
        }

        if (disk.StayOf(next) != disk.StayOf(segment.Identity.Name))
        {
            throw new IOException($"{next} is not of the stay of {segment.Identity.Name}; ask again");
        }

        SegmentRewriting.ReadBack(disk, next, written);
        return new ReplacedSegment(segment.Identity.Sequence, written.Head.Made, Retention.NumericClass.From(segment), Retention.NumericClass.Until(segment), file.Length);
    }

    private SegmentFile Write(SegmentWriter writer, IDiskFile file, SegmentCheck check, AnnotationBlock? note, CancellationToken cancel)
    {
        FileHead head = check.Segment!.Head; // the caller saw it
        ILookup<LaneKey, BlockEntry> lanes = check.Readable.ToLookup(entry => entry.Key);
        LaneKey[] added = [.. order.Blocks.Lanes(from, to).Where(key => Spans(key.Signal).Count > 0)];
        LaneKey[] ofNote = note is null ? [] : [new LaneKey(Lane.Marks, 0)];
        foreach (SignalBlock description in Descriptions(check, added))
        {
            writer.AddCopy(description);
        }

        foreach (LaneKey key in lanes.Select(lane => lane.Key).Union(added).Union(ofNote).Order(LaneKey.Ascending).ToArray())
        {
            cancel.ThrowIfCancellationRequested();
            IEnumerable<Block> more = order.Blocks.Take(key, from, to, Spans(key.Signal));
            more = note is not null && ofNote.Contains(key) ? more.Append(note) : more;
            WriteLane(writer, lanes[key].SelectMany(entry => Kept(file, head.File, entry)), more, head);
        }

        var now = UtcInstant.FromDateTime(clock.GetUtcNow());
        return writer.Finish(now > head.Made ? now : head.Made.Add(1), head.FirstNumber, head.LastNumber);
    }

    /// <summary>New blocks have the numbers behind those of the block before them: the last of a lane stays the one with the greatest.</summary>
    private static void WriteLane(SegmentWriter writer, IEnumerable<Part> kept, IEnumerable<Block> added, FileHead head)
    {
        ulong last = Math.Max(head.FirstNumber, 1);
        foreach (Part part in kept.Concat(added.Select(block => new Part(block.Start, Number: null, () => block))).OrderBy(part => part.Start).ThenBy(part => part.Number ?? ulong.MaxValue))
        {
            ulong number = part.Number ?? Math.Min(last + 1, Math.Max(head.LastNumber, 1));
            writer.Add(part.Load(), number);
            last = Math.Max(last, number);
        }
    }

    /// <summary>Where something new comes in the place of what there is of a signal; signal 0 has the clocks of the device.</summary>
    private IReadOnlyList<(UtcInstant From, UtcInstant To)> Spans(uint signal) => signal == 0 ? order.Spans : order.Signals.GetValueOrDefault(signal) ?? [];

    /// <summary>What is left of a block: all of it, or what lies outside of what is replaced.</summary>
    private IEnumerable<Part> Kept(IDiskFile file, FileIdentity identity, BlockEntry entry)
    {
        IReadOnlyList<(UtcInstant From, UtcInstant To)> spans = entry.Signal > 0 && (entry.Key.Lane == Lane.Data || entry.Kind == BlockKind.Gap) ? Spans(entry.Signal) : [];
        return spans.Any(span => entry.Overlaps(span.From, span.To))
            ? [.. Outside(spans).Select(span => BlockClip.Within(Load(file, identity, entry), span.From, span.To)).OfType<Block>().Select(piece => new Part(piece.Start, entry.Number, () => piece))]
            : [new Part(entry.Start, entry.Number, () => Load(file, identity, entry))];
    }

    /// <summary>It was read a moment ago: that it cannot be now is the disk's failing.</summary>
    private static Block Load(IDiskFile file, FileIdentity identity, BlockEntry entry) =>
        BlockLoader.Load(file, identity, entry, out Damage? damage) ?? throw new IOException(damage?.What ?? "a block cannot be read any more");

    /// <summary>Those in the file, and those of signals that are new in it.</summary>
    private List<SignalBlock> Descriptions(SegmentCheck check, LaneKey[] added)
    {
        var known = new HashSet<uint>(check.Copies.Select(copy => copy.Signal.Value));
        var needed = new HashSet<uint>(added.Select(key => key.Signal));
        return [.. check.Copies, .. signals.Descriptions.Where(one => needed.Contains(one.Signal.Value) && !known.Contains(one.Signal.Value))];
    }

    private static List<(UtcInstant From, UtcInstant To)> Outside(IReadOnlyList<(UtcInstant From, UtcInstant To)> spans)
    {
        var outside = new List<(UtcInstant From, UtcInstant To)>();
        UtcInstant begin = Ever;
        foreach ((UtcInstant first, UtcInstant last) in spans)
        {
            outside.Add((begin, first));
            begin = last;
        }

        outside.Add((begin, Never));
        return outside;
    }

    /// <summary>A block to be written. Without a number it is new.</summary>
    private sealed record Part(UtcInstant Start, ulong? Number, Func<Block> Load);
}
