using Bedside.Model;
using Bedside.Storage;
using Bedside.Storage.Disk;
using Bedside.Storage.Files;
using Bedside.Storage.Index;
using Bedside.Storage.Keys;
using Bedside.Storage.Segments;

namespace Bedside.Host.Measuring;

/// <summary>Bytes of one signal in segments: blocks with their frames and checksums, index, overview.</summary>
internal sealed record SignalBytes(string Id, long Samples, long Blocks, long Index, long Overview)
{
    public long All => Blocks + Index + Overview;
}

/// <summary>What the bytes of the segments of a store are for, and how fast their blocks are coded.</summary>
internal sealed record StoreAnatomy
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(0.7);

    public required IReadOnlyList<SignalBytes> Signals { get; init; }

    /// <summary>Heads, descriptions, directories and trailers, and what encryption adds.</summary>
    public required long Other { get; init; }

    public double DecodeMegasamplesPerSecond { get; init; }

    public double EncodeMegasamplesPerSecond { get; init; }

    public static StoreAnatomy Of(EncryptedDisk disk, IReadOnlyList<Signal> signals, CancellationToken cancel)
    {
        var found = new SortedDictionary<uint, SignalBytes>();
        long other = 0;
        ulong[] sequences = [.. disk.Names().Select(FileNames.SequenceOfSegment).OfType<ulong>().Order()];
        foreach (ulong sequence in sequences)
        {
            cancel.ThrowIfCancellationRequested();
            var identity = new FileIdentity(FileKind.Segment, sequence);
            using IDiskFile file = disk.Open(identity.Name, DiskAccess.Read);
            SegmentFile segment = SegmentFile.Open(file, identity) ?? throw new InvalidDataException($"{identity.Name} is damaged");
            using (IDiskFile raw = disk.Raw.Open(identity.Name, DiskAccess.Read))
            {
                other += raw.Length;
            }

            foreach (SegmentLane lane in segment.Lanes.Where(lane => lane.Key.Lane == Lane.Data))
            {
                SignalBytes here = Of(file, segment, lane);
                other -= here.All;
                SignalBytes before = found.GetValueOrDefault(lane.Key.Signal) ?? here with { Samples = 0, Blocks = 0, Index = 0, Overview = 0 };
                found[lane.Key.Signal] = new SignalBytes(
                    signals.First(signal => signal.Number.Value == lane.Key.Signal).Id,
                    before.Samples + here.Samples,
                    before.Blocks + here.Blocks,
                    before.Index + here.Index,
                    before.Overview + here.Overview);
            }
        }

        (double decode, double encode) = sequences.Length == 0 ? (0, 0) : Speeds(disk, new FileIdentity(FileKind.Segment, sequences[sequences.Length / 2]));
        return new StoreAnatomy { Signals = [.. found.Values], Other = other, DecodeMegasamplesPerSecond = decode, EncodeMegasamplesPerSecond = encode };
    }

    /// <summary>The bytes of a block as they are sealed.</summary>
    public static byte[] BytesOf(IDiskFile file, FileIdentity identity, BlockEntry entry)
    {
        byte[] frame = new byte[Frame.TotalBytes(entry.Length)];
        return file.Read(entry.At, frame) == frame.Length && Frame.TryRead(frame, identity, entry.At, out _, out ReadOnlySpan<byte> block)
            ? block.ToArray()
            : throw new InvalidDataException($"{identity.Name} is damaged at {entry.At}");
    }

    private static SignalBytes Of(IDiskFile file, SegmentFile segment, SegmentLane lane)
    {
        BlockEntry[] slice = segment.ReadSlice(file, lane) ?? throw new InvalidDataException($"{segment.Identity.Name} is damaged");
        long overview = 0;
        if (lane.HasCells)
        {
            var cells = new List<Cell>();
            _ = LaneCells.TryDecode(lane.Wide.Span, cells);
            int[] chunks = new int[cells.Count];
            _ = LaneCells.TryDecodeMiddle(SegmentFile.ReadMiddle(file, lane), chunks, cells);
            overview = lane.Wide.Length + lane.MiddleBytes + chunks.Sum();
        }

        return new SignalBytes(string.Empty, slice.Sum(entry => entry.Count), slice.Sum(entry => (long)Frame.TotalBytes(entry.Length)), lane.SliceBytes, overview);
    }

    /// <summary>All data blocks of one segment, one after the other: millions of samples in a second of processor time.</summary>
    private static (double Decode, double Encode) Speeds(EncryptedDisk disk, FileIdentity identity)
    {
        using IDiskFile file = disk.Open(identity.Name, DiskAccess.Read);
        SegmentFile segment = SegmentFile.Open(file, identity) ?? throw new InvalidDataException($"{identity.Name} is damaged");
        BlockEntry[] entries = [.. segment.Lanes.Where(lane => lane.Key.Lane == Lane.Data).SelectMany(lane => segment.ReadSlice(file, lane) ?? []).OrderBy(entry => entry.Start)];
        byte[][] blocks = [.. entries.Select(entry => BytesOf(file, identity, entry))];
        Block[] decoded = [.. blocks.Take(Math.Max(1, blocks.Length / 8)).Select(block => BlockCodec.Decode(block))];
        return (Speed(entries, blocks, static block => BlockCodec.Decode(block)), Speed(entries, decoded, static block => BlockCodec.EncodeSealed(block)));
    }

    private static double Speed<T>(BlockEntry[] entries, T[] items, Func<T, object> act)
    {
        _ = act(items[0]);
        long samples = 0;
        TimeSpan start = Environment.CpuUsage.TotalTime;
        TimeSpan used = TimeSpan.Zero;
        for (int i = 0; used < Long; i++)
        {
            _ = act(items[i % items.Length]);
            samples += entries[i % items.Length].Count;
            used = Environment.CpuUsage.TotalTime - start;
        }

        return samples / 1e6 / used.TotalSeconds;
    }
}
