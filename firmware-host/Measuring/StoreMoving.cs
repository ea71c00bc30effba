using System.Buffers.Binary;
using Bedside.Model;
using Bedside.Storage;
using Bedside.Storage.Disk;
using Bedside.Storage.Files;
using Bedside.Storage.Index;
using Bedside.Storage.Segments;

namespace Bedside.Host.Measuring;

/// <summary>
/// Makes further days of a sealed day: its segments once more, each block's times moved and its number new, written as every
/// segment is. Samples are decoded for their overview but not coded again, which is what makes a month in minutes.
/// </summary>
internal sealed class StoreMoving(IDisk disk, TimeProvider time)
{
    private const int StartAt = 8;
    private const int EndAt = 16;
    private const int DeviceTimeAt = BlockCodec.HeaderBytes;
    private const int FirstIndexAt = DeviceTimeAt + sizeof(long);
    private const int PeriodAt = FirstIndexAt + sizeof(long);
    private const int FirstReadingAt = BlockCodec.HeaderBytes + sizeof(uint);
    private const int ReadingBytes = 28;
    private const ulong NumberMask = (1ul << 24) - 1;

    /// <summary>The segments that are there now, in order.</summary>
    public IReadOnlyList<ulong> Segments => [.. disk.Names().Select(FileNames.SequenceOfSegment).OfType<ulong>().Order()];

    /// <summary>Copies these segments, moved by so much. Every block of their data lanes; descriptions go along as copies.</summary>
    public void Copy(IReadOnlyList<ulong> segments, long nanoseconds)
    {
        ulong next = disk.Names().Max(name => FileNames.SequenceOfSegment(name) ?? FileNames.SequenceOfJournal(name) ?? 0) + 1;
        foreach (ulong sequence in segments)
        {
            Copy(new FileIdentity(FileKind.Segment, sequence), new FileIdentity(FileKind.Segment, next++), nanoseconds);
        }

        disk.Sync();
    }

    private void Copy(FileIdentity from, FileIdentity to, long nanoseconds)
    {
        using IDiskFile file = disk.Open(from.Name, DiskAccess.Read);
        SegmentFile segment = SegmentFile.Open(file, from) ?? throw new InvalidDataException($"{from.Name} is damaged");
        if (!segment.Lanes.Any(lane => lane.Key.Lane == Lane.Data))
        {
            return;
        }

        using (var writer = new SegmentWriter(disk.Open(FileNames.Unfinished(to.Name), DiskAccess.Create), to))
        {
            using (var scanner = new FrameScanner(file, from, segment.FramesEnd))
            {
                while (scanner.MoveNext() && scanner.Number == Frame.CopyNumber)
                {
                    writer.AddCopy((SignalBlock)BlockCodec.Decode(scanner.Block));
                }
            }

            (ulong first, ulong last) = (ulong.MaxValue, 0);
            foreach (SegmentLane lane in segment.Lanes.Where(lane => lane.Key.Lane == Lane.Data))
            {
                foreach (BlockEntry entry in segment.ReadSlice(file, lane) ?? throw new InvalidDataException($"{from.Name} is damaged"))
                {
                    byte[] bytes = StoreAnatomy.BytesOf(file, from, entry);
                    Move(bytes, nanoseconds);
                    ulong number = (to.Sequence << 24) | (entry.Number & NumberMask);
                    writer.Add(BlockCodec.Decode(bytes), bytes, number);
                    (first, last) = (Math.Min(first, number), Math.Max(last, number));
                }
            }

            _ = writer.Finish(UtcInstant.FromDateTime(time.GetUtcNow()), first, last);
        }

        disk.Rename(FileNames.Unfinished(to.Name), to.Name);
    }

    /// <summary>Where times stand in a block: FORMAT.md, sections 1 to 3. Columns of readings tell their times from the block's start.</summary>
    private static void Move(Span<byte> block, long nanoseconds)
    {
        Add(block[StartAt..], nanoseconds);
        Add(block[EndAt..], nanoseconds);
        BlockHeader header = BlockCodec.DecodeHeader(block);
        if (header.Kind == BlockKind.Samples)
        {
            Add(block[DeviceTimeAt..], nanoseconds);
            var period = new SamplePeriod(BinaryPrimitives.ReadUInt32LittleEndian(block[PeriodAt..]), BinaryPrimitives.ReadUInt32LittleEndian(block[(PeriodAt + sizeof(uint))..]));
            Add(block[FirstIndexAt..], period.SamplesIn(nanoseconds));
        }
        else if (header.Kind == BlockKind.Readings && block[BlockCodec.HeaderBytes] == 0)
        {
            for (int at = FirstReadingAt; at < block.Length; at += ReadingBytes)
            {
                Add(block[at..], nanoseconds);
                Add(block[(at + sizeof(long))..], nanoseconds);
            }
        }
    }

    private static void Add(Span<byte> place, long more) => BinaryPrimitives.WriteInt64LittleEndian(place, BinaryPrimitives.ReadInt64LittleEndian(place) + more);
}
