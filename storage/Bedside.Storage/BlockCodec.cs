using System.Buffers;
using System.Buffers.Binary;
using Bedside.Model;
using Bedside.Storage.Coding;

namespace Bedside.Storage;

/// <summary>The first byte of a block: what its payload is (FORMAT.md, section 1).</summary>
public enum BlockKind : byte
{
    Samples = 1,
    Readings = 2,
    Alert = 3,
    Signal = 4,
    Device = 5,
    Clock = 6,
    Gap = 7,
    Annotation = 8,
    Text = 9,
}

/// <summary>The first 32 bytes of a block, which say whose it is and when, without its payload.</summary>
public readonly record struct BlockHeader(
    BlockKind Kind,
    SignalNumber Signal,
    UtcInstant Start,
    UtcInstant End,
    uint UncertaintyMicroseconds,
    uint ClockEpoch);

/// <summary>
/// Blocks to bytes and back: the encoding of disk, wire and screen.
/// <code>
/// ┌────────┬─────────┬────────┬──────────┬────────────┬──────────┬────────────────┬─────────────┬─────────┐
/// │ kind   │ version │ flags  │ signal   │ start      │ end      │ uncertainty µs │ clock epoch │ payload │
/// │ u8     │ u8 = 1  │ u16    │ u32      │ i64 ns     │ i64 ns   │ u32            │ u32         │ …       │
/// └────────┴─────────┴────────┴──────────┴────────────┴──────────┴────────────────┴─────────────┴─────────┘
///  0        1         2        4          8            16         24               28            32
/// </code>
/// FORMAT.md, sections 1 to 4.
/// </summary>
public static class BlockCodec
{
    /// <summary>Version of the encoding that is written, and the only one that is read.</summary>
    public const byte Version = 1;

    public const int HeaderBytes = EpochAt + sizeof(uint);

    /// <summary>No block is longer.</summary>
    public const int MaximumBytes = 1 << 20;

    private const int KindAt = 0;
    private const int VersionAt = KindAt + sizeof(byte);
    private const int FlagsAt = VersionAt + sizeof(byte);
    private const int SignalAt = FlagsAt + sizeof(ushort);
    private const int StartAt = SignalAt + sizeof(uint);
    private const int EndAt = StartAt + sizeof(long);
    private const int UncertaintyAt = EndAt + sizeof(long);
    private const int EpochAt = UncertaintyAt + sizeof(uint);

    /// <summary>
    /// The block's bytes, in the codecs that every reader has (FORMAT.md, section 1.1). Throws <see cref="ArgumentException"/>
    /// for a block that the format cannot hold.
    /// </summary>
    public static byte[] Encode(Block block)
    {
        var bytes = new ArrayBufferWriter<byte>(256);
        Encode(block, bytes);
        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>
    /// Appends the block's bytes and returns how many they are. Throws <see cref="ArgumentException"/> for a block that
    /// the format cannot hold; nothing is appended then.
    /// </summary>
    public static int Encode(Block block, IBufferWriter<byte> output) => Encode(block, output, sealing: false);

    /// <summary>
    /// The block's bytes as they are sealed: whichever codec takes the fewest. For segments only: the screen does not read
    /// all of these codecs. Throws <see cref="ArgumentException"/> for a block that the format cannot hold.
    /// </summary>
    public static byte[] EncodeSealed(Block block)
    {
        var bytes = new ArrayBufferWriter<byte>(256);
        Encode(block, bytes, sealing: true);
        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>The block these bytes are, all of them. Throws <see cref="BlockFormatException"/>, and nothing else, when they are none.</summary>
    public static Block Decode(ReadOnlySpan<byte> bytes)
    {
        BlockHeader header = DecodeHeader(bytes);
        Block block = DecodeBefore(bytes, header.End);
        return block.End == header.End ? block : throw new BlockFormatException($"the block ends at {block.End}, its header says {header.End}");
    }

    /// <summary>
    /// The same, but of samples perhaps only those before <paramref name="until"/>, and one or two more: the block then ends
    /// earlier than its bytes say. For sums up to the edge of a column. Throws <see cref="BlockFormatException"/>.
    /// </summary>
    internal static Block DecodeBefore(ReadOnlySpan<byte> bytes, UtcInstant until)
    {
        BlockHeader header = DecodeHeader(bytes);
        ReadOnlySpan<byte> payload = bytes[HeaderBytes..];
        return header.Kind switch
        {
            BlockKind.Samples => SamplePayload.Decode(header, payload, until),
            BlockKind.Readings => ReadingsPayload.Decode(header, payload),
            _ => JsonPayload.Decode(header, payload),
        };
    }

    /// <summary>Only the first 32 bytes. Throws <see cref="BlockFormatException"/> when they are not the head of a block.</summary>
    public static BlockHeader DecodeHeader(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length is < HeaderBytes or > MaximumBytes)
        {
            throw new BlockFormatException($"{bytes.Length} bytes are not a block");
        }

        var kind = (BlockKind)bytes[KindAt];
        if (kind is < BlockKind.Samples or > BlockKind.Text)
        {
            throw new BlockFormatException($"kind {bytes[KindAt]} is not known");
        }

        ushort flags = BinaryPrimitives.ReadUInt16LittleEndian(bytes[FlagsAt..]);
        if (bytes[VersionAt] != Version || flags != 0)
        {
            throw new BlockFormatException($"version {bytes[VersionAt]} with flags {flags} is not known");
        }

        return new BlockHeader(
            kind,
            new SignalNumber(BinaryPrimitives.ReadUInt32LittleEndian(bytes[SignalAt..])),
            new UtcInstant(BinaryPrimitives.ReadInt64LittleEndian(bytes[StartAt..])),
            new UtcInstant(BinaryPrimitives.ReadInt64LittleEndian(bytes[EndAt..])),
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[UncertaintyAt..]),
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[EpochAt..]));
    }

    /// <summary>Which kind the block is on disk.</summary>
    public static BlockKind KindOf(Block block) => block switch
    {
        SampleBlock => BlockKind.Samples,
        NumericBlock => BlockKind.Readings,
        AlertBlock => BlockKind.Alert,
        SignalBlock => BlockKind.Signal,
        DeviceBlock => BlockKind.Device,
        ClockBlock => BlockKind.Clock,
        GapBlock => BlockKind.Gap,
        AnnotationBlock => BlockKind.Annotation,
        TextBlock => BlockKind.Text,
        _ => throw new ArgumentException($"{block.GetType().Name} has no encoding"),
    };

    private static int Encode(Block block, IBufferWriter<byte> output, bool sealing)
    {
        BlockKind kind = KindOf(block);
        byte[]? json = kind is BlockKind.Samples or BlockKind.Readings ? null : JsonPayload.Encode(block);
        int bound = HeaderBytes + block switch
        {
            SampleBlock samples => SamplePayload.Bound(samples),
            NumericBlock readings => ReadingsPayload.Bytes(readings),
            _ => json!.Length, // every other kind was put into JSON above
        };
        Span<byte> bytes = output.GetSpan(bound);
        int length = HeaderBytes + block switch
        {
            SampleBlock samples => sealing ? SamplePayload.EncodeSealed(samples, bytes[HeaderBytes..]) : SamplePayload.Encode(samples, bytes[HeaderBytes..]),
            NumericBlock readings => sealing ? ReadingsPayload.EncodeSealed(readings, bytes[HeaderBytes..]) : ReadingsPayload.Encode(readings, bytes[HeaderBytes..]),
            _ => Copy(json!, bytes[HeaderBytes..]),
        };
        if (length > MaximumBytes)
        {
            throw new ArgumentException($"a block of {length} bytes is longer than the {MaximumBytes} the format allows");
        }

        bytes[KindAt] = (byte)kind;
        bytes[VersionAt] = Version;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[FlagsAt..], 0);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[SignalAt..], block.Signal.Value);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[StartAt..], block.Start.UnixNanoseconds);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[EndAt..], block.End.UnixNanoseconds);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[UncertaintyAt..], block.UncertaintyMicroseconds);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[EpochAt..], block.ClockEpoch);
        output.Advance(length);
        return length;
    }

    private static int Copy(byte[] json, Span<byte> destination)
    {
        json.CopyTo(destination);
        return json.Length;
    }
}
