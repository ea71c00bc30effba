using System.Buffers.Binary;
using System.IO.Compression;
using Bedside.Storage.Coding;

namespace Bedside.Storage.Journal;

/// <summary>A block on its way into a window: its entry in the index, and its bytes.</summary>
internal readonly record struct WindowPart(Index.BlockEntry Entry, byte[] Bytes);

/// <summary>
/// What one frame of a journal holds: the blocks of one sync. Their heads stand beside each other and are compressed, which
/// single readings and equal headers pay for; coded samples stand behind them as they are.
/// <code>
///  0  u8 packing (0 none, 1 Brotli)     1  u8 0     2  u16 parts      4  u32 block numbers covered
///  8  u64 number of the last block before it in this file (0 = none)
/// 16  u32 bytes of the heads as they stand here    20  u32 bytes of the heads unpacked
/// 24  heads: for each part  n number − the one before · n bytes of its head · n bytes of its body · its head
///     bodies, to the end
/// </code>
/// FORMAT.md, section 7.1.
/// </summary>
internal sealed class Window
{
    public const int HeadBytes = HeadsBytesAt + sizeof(uint);

    /// <summary>The blocks of a window together have no more bytes, unless it holds one only.</summary>
    public const int PreferredBytes = 256 << 10;

    /// <summary>No window is longer than its only block and this.</summary>
    public const int MostOverhead = 64;

    public const int MaximumBytes = BlockCodec.MaximumBytes + MostOverhead;

    public const int MaximumParts = ushort.MaxValue;

    private const byte Plain = 0;
    private const byte Brotli = 1;

    /// <summary>On a second of the reference bed, 5 takes 4 % less than 1 in a tenth of a millisecond; more than 5 takes longer for nothing.</summary>
    private const int BrotliQuality = 5;

    private const int BrotliWindowBits = 18;
    private const int LongestNumber = 10;

    private const int PackingAt = 0;
    private const int PartsAt = PackingAt + sizeof(ushort);
    private const int NumbersAt = PartsAt + sizeof(ushort);
    private const int FollowsAt = NumbersAt + sizeof(uint);
    private const int PackedBytesAt = FollowsAt + sizeof(ulong);
    private const int HeadsBytesAt = PackedBytesAt + sizeof(uint);

    private readonly Place[] _places;
    private readonly byte[] _heads;
    private readonly byte[] _bodies;

    private Window(ulong first, uint numbers, ulong follows, Place[] places, byte[] heads, byte[] bodies)
    {
        First = first;
        Next = first + numbers;
        Follows = follows;
        _places = places;
        _heads = heads;
        _bodies = bodies;
    }

    /// <summary>Number of the first block; 0 = copies of descriptions, which are no blocks of the record.</summary>
    public ulong First { get; }

    /// <summary>Number of the first block after it.</summary>
    public ulong Next { get; }

    /// <summary>Number of the last block before it in its file; 0 = there is none.</summary>
    public ulong Follows { get; }

    public int Count => _places.Length;

    public ulong NumberOf(int place) => _places[place].Number;

    public byte[] Part(int place)
    {
        Place one = _places[place];
        byte[] bytes = new byte[one.HeadBytes + one.BodyBytes];
        _heads.AsSpan(one.HeadAt, one.HeadBytes).CopyTo(bytes);
        _bodies.AsSpan(one.BodyAt, one.BodyBytes).CopyTo(bytes.AsSpan(one.HeadBytes));
        return bytes;
    }

    /// <summary>
    /// The bytes of a window. Parts ascend in number; each number lies in [first, next), or all are 0 where first is. One that takes no more than <paramref name="plainUpTo"/> bytes is not
    /// compressed.
    /// </summary>
    public static byte[] Pack(ulong first, ulong next, ulong follows, IReadOnlyList<WindowPart> parts, int plainUpTo = 0)
    {
        int most = parts.Sum(part => part.Bytes.Length + (3 * LongestNumber));
        byte[] heads = new byte[most];
        int headBytes = WriteHeads(first, parts, heads, out int bodyBytes);
        bool isPlain = HeadBytes + headBytes + bodyBytes <= plainUpTo;
        byte[] packed = isPlain ? [] : new byte[headBytes];
        int packedBytes = 0;
        bool pays = !isPlain && BrotliEncoder.TryCompress(heads.AsSpan(0, headBytes), packed, out packedBytes, BrotliQuality, BrotliWindowBits) && packedBytes < headBytes;
        ReadOnlySpan<byte> written = pays ? packed.AsSpan(0, packedBytes) : heads.AsSpan(0, headBytes);

        byte[] window = new byte[HeadBytes + written.Length + bodyBytes];
        window[PackingAt] = pays ? Brotli : Plain;
        BinaryPrimitives.WriteUInt16LittleEndian(window.AsSpan(PartsAt), (ushort)parts.Count);
        BinaryPrimitives.WriteUInt32LittleEndian(window.AsSpan(NumbersAt), (uint)(next - first));
        BinaryPrimitives.WriteUInt64LittleEndian(window.AsSpan(FollowsAt), follows);
        BinaryPrimitives.WriteUInt32LittleEndian(window.AsSpan(PackedBytesAt), (uint)written.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(window.AsSpan(HeadsBytesAt), (uint)headBytes);
        written.CopyTo(window.AsSpan(HeadBytes));
        int at = HeadBytes + written.Length;
        foreach (WindowPart part in parts)
        {
            ReadOnlySpan<byte> body = part.Bytes.AsSpan(HeadOf(part));
            body.CopyTo(window.AsSpan(at));
            at += body.Length;
        }

        return window;
    }

    /// <summary>The window that a frame of this number holds. Throws <see cref="BlockFormatException"/>, and nothing else, when it is none.</summary>
    public static Window Unpack(ulong first, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length is < HeadBytes or > MaximumBytes)
        {
            throw new BlockFormatException($"{bytes.Length} bytes are not a window");
        }

        byte packing = bytes[PackingAt];
        int parts = BinaryPrimitives.ReadUInt16LittleEndian(bytes[PartsAt..]);
        uint numbers = BinaryPrimitives.ReadUInt32LittleEndian(bytes[NumbersAt..]);
        ulong follows = BinaryPrimitives.ReadUInt64LittleEndian(bytes[FollowsAt..]);
        uint packedBytes = BinaryPrimitives.ReadUInt32LittleEndian(bytes[PackedBytesAt..]);
        uint headsBytes = BinaryPrimitives.ReadUInt32LittleEndian(bytes[HeadsBytesAt..]);
        if (packing > Brotli || bytes[PackingAt + 1] != 0 || packedBytes > bytes.Length - HeadBytes || headsBytes > MaximumBytes || (numbers == 0) != (first == 0))
        {
            throw new BlockFormatException($"a window of packing {packing} with {packedBytes} bytes for {headsBytes} in {bytes.Length} is not known");
        }

        ReadOnlySpan<byte> packed = bytes.Slice(HeadBytes, (int)packedBytes);
        byte[] heads = new byte[headsBytes];
        bool whole = packing == Plain
            ? packed.TryCopyTo(heads) && packedBytes == headsBytes
            : BrotliDecoder.TryDecompress(packed, heads, out int unpacked) && unpacked == heads.Length;
        byte[] bodies = bytes[(HeadBytes + packed.Length)..].ToArray();
        return whole
            ? new Window(first, numbers, follows, ReadPlaces(first, numbers, parts, heads, bodies.Length), heads, bodies)
            : throw new BlockFormatException($"the heads of a window do not unpack to {headsBytes} bytes");
    }

    private static int WriteHeads(ulong first, IReadOnlyList<WindowPart> parts, byte[] heads, out int bodyBytes)
    {
        bodyBytes = 0;
        int at = 0;
        ulong last = first;
        foreach (WindowPart part in parts)
        {
            int head = HeadOf(part);
            at += WriteNumber(heads.AsSpan(at), part.Entry.Number - last);
            at += WriteNumber(heads.AsSpan(at), (ulong)head);
            at += WriteNumber(heads.AsSpan(at), (ulong)(part.Bytes.Length - head));
            part.Bytes.AsSpan(0, head).CopyTo(heads.AsSpan(at));
            at += head;
            bodyBytes += part.Bytes.Length - head;
            last = part.Entry.Number;
        }

        return at;
    }

    private static Place[] ReadPlaces(ulong first, uint numbers, int parts, byte[] heads, int bodyBytes)
    {
        var places = new Place[parts];
        int at = 0;
        int bodyAt = 0;
        ulong number = first;
        for (int i = 0; i < places.Length; i++)
        {
            ulong step = ReadNumber(heads, ref at);
            ulong head = ReadNumber(heads, ref at);
            ulong body = ReadNumber(heads, ref at);
            bool isInside = first == 0 ? step == 0 : step < numbers - (number - first) && (step > 0 || i == 0);
            if (!isInside || head > (ulong)(heads.Length - at) || body > (ulong)(bodyBytes - bodyAt))
            {
                throw new BlockFormatException($"part {i} of a window lies outside of it");
            }

            number += step;
            places[i] = new Place(number, at, (int)head, bodyAt, (int)body);
            at += (int)head;
            bodyAt += (int)body;
        }

        return at == heads.Length && bodyAt == bodyBytes ? places : throw new BlockFormatException("there are bytes behind the parts of a window");
    }

    /// <summary>What is worth compressing: all but the coded samples of a wave.</summary>
    private static int HeadOf(WindowPart part) => part.Entry.Kind == BlockKind.Samples
        ? Math.Min(part.Bytes.Length, BlockCodec.HeaderBytes + SamplePayload.HeadBytes(part.Bytes.AsSpan(BlockCodec.HeaderBytes)))
        : part.Bytes.Length;

    private static int WriteNumber(Span<byte> destination, ulong value)
    {
        int at = 0;
        for (; value > 0x7F; value >>= 7)
        {
            destination[at++] = (byte)(value | 0x80);
        }

        destination[at] = (byte)value;
        return at + 1;
    }

    private static ulong ReadNumber(byte[] source, ref int at)
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            if (at == source.Length)
            {
                throw new BlockFormatException("a window ends in the middle of a part");
            }

            byte group = source[at++];
            value |= (ulong)(group & 0x7F) << shift;
            if (group < 0x80)
            {
                return value;
            }
        }

        throw new BlockFormatException("a number in a window is longer than 64 bits");
    }

    private readonly record struct Place(ulong Number, int HeadAt, int HeadBytes, int BodyAt, int BodyBytes);
}
