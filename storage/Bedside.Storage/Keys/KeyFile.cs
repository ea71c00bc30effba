using System.Buffers.Binary;
using Bedside.Model;
using Bedside.Storage.Files;

namespace Bedside.Storage.Keys;

/// <summary>What became of a stay.</summary>
public enum StayState
{
    /// <summary>Files of it are there, its key is not.</summary>
    KeyLost = 0,

    /// <summary>The patient is in the bed.</summary>
    Current = 1,
    Ended = 2,

    /// <summary>Its key was destroyed; files of it may still have to be deleted.</summary>
    Erasing = 3,

    /// <summary>Its key was destroyed and its files are gone.</summary>
    Erased = 4,
}

/// <summary>
/// A stay in the file of keys. <paramref name="Ended"/> is the end, or when it was erased; <paramref name="Wrapped"/> is
/// nonce, ciphertext and tag of its key, all zeros once it is erased.
/// </summary>
internal sealed record StayEntry(StayId Id, StayState State, UtcInstant Begun, UtcInstant? Ended, ReadOnlyMemory<byte> Wrapped)
{
    public bool IsErased => State is StayState.Erasing or StayState.Erased;
}

/// <summary>What a file of keys holds. Lost = stays that stand in it, of which neither copy is whole.</summary>
internal sealed record KeyFileContent(ulong Revision, IReadOnlyList<StayEntry> Stays, bool IsDamaged, int Lost);

/// <summary>
/// The file of keys: the same twice, each copy beginning with a page of its own, so that a broken page costs nothing.
/// <code>
/// ┌──────────┬─────────┬─────────┬───┬───────────────┬──────────┬─────────┬───┬───────────────┐
/// │ head     │ stay    │ stay    │ … │ zeros to page │ head     │ stay    │ … │ zeros to page │
/// │ 32       │ 120     │ 120     │   │               │          │         │   │               │
/// └──────────┴─────────┴─────────┴───┴───────────────┴──────────┴─────────┴───┴───────────────┘
/// head:  0  8 bytes "BEDKEYS1"    8  u32 CRC-32C of bytes 12 to 31     12  u16 version = 1    14  u16 0
///       16  u64 revision         24  u32 stays                        28  u32 0
/// stay:  0  u32 CRC-32C of bytes 4 to 119    4  u32 number of the stay in the file, from 0
///        8  u32 state (1 current, 2 ended, 3 being erased, 4 erased)   12  u32 0
///       16  16 bytes id          32  i64 begun, ns       40  i64 ended or erased, ns; −2^63 = neither
///       48  12 bytes nonce       60  32 bytes wrapped key             92  16 bytes tag    108  zeros to 120
/// </code>
/// FORMAT.md, section 9.1.
/// </summary>
internal static class KeyFile
{
    public const ushort Version = 1;
    public const int HeadBytes = StaysAt + (2 * sizeof(uint));
    public const int StayBytes = 120;

    /// <summary>Erased ones are forgotten, the oldest first, when there are more.</summary>
    public const int MostStays = 16_384;

    private const int PageBytes = 4096;
    private const int CrcAt = sizeof(ulong);
    private const int VersionAt = CrcAt + sizeof(uint);
    private const int RevisionAt = VersionAt + sizeof(uint);
    private const int StaysAt = RevisionAt + sizeof(ulong);

    private const int NumberInStay = sizeof(uint);
    private const int StateInStay = NumberInStay + sizeof(uint);
    private const int IdInStay = StateInStay + (2 * sizeof(uint));
    private const int BegunInStay = IdInStay + StayId.Bytes;
    private const int EndedInStay = BegunInStay + sizeof(long);
    private const int WrappedInStay = EndedInStay + sizeof(long);

    private static ReadOnlySpan<byte> Magic => "BEDKEYS1"u8;

    /// <summary>No file is longer.</summary>
    public static int MostBytes => 2 * CopyBytes(MostStays);

    public static byte[] Encode(ulong revision, IReadOnlyList<StayEntry> stays)
    {
        int copy = CopyBytes(stays.Count);
        byte[] bytes = new byte[2 * copy];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(VersionAt), Version);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(RevisionAt), revision);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(StaysAt), stays.Count);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(CrcAt), Crc32C.Of(bytes.AsSpan(VersionAt, HeadBytes - VersionAt)));
        for (int i = 0; i < stays.Count; i++)
        {
            EncodeStay(stays[i], i, bytes.AsSpan(HeadBytes + (i * StayBytes), StayBytes));
        }

        bytes.AsSpan(0, copy).CopyTo(bytes.AsSpan(copy));
        return bytes;
    }

    /// <summary>Null when nothing in it can be read.</summary>
    public static KeyFileContent? Decode(ReadOnlySpan<byte> bytes)
    {
        int half = bytes.Length / 2;
        (ulong Revision, int Stays)? first = DecodeHead(bytes);
        int copy = first is { } known ? Math.Min(CopyBytes(known.Stays), bytes.Length) : half;
        (ulong Revision, int Stays)? second = DecodeHead(bytes[copy..]);
        (ulong revision, int stays) = first ?? second ?? (0, (half - HeadBytes) / StayBytes);
        bool hasHead = first is not null || second is not null;
        bool isDamaged = first is null || second is null;
        var entries = new List<StayEntry>();
        int lost = 0;
        for (int i = 0; i < stays; i++)
        {
            int at = HeadBytes + (i * StayBytes);
            StayEntry? left = DecodeStay(bytes, at, i);
            StayEntry? right = DecodeStay(bytes, copy + at, i);
            isDamaged |= hasHead && (left is null || right is null);
            lost += hasHead && left is null && right is null ? 1 : 0;
            if ((left ?? right) is { } stay)
            {
                entries.Add(stay);
            }
        }

        return hasHead || entries.Count > 0 ? new KeyFileContent(revision, entries, isDamaged, lost) : null;
    }

    private static int CopyBytes(int stays) => (HeadBytes + (stays * StayBytes) + PageBytes - 1) / PageBytes * PageBytes;

    private static (ulong Revision, int Stays)? DecodeHead(ReadOnlySpan<byte> bytes)
    {
        bool whole = bytes.Length >= HeadBytes && bytes.StartsWith(Magic)
            && Crc32C.Of(bytes[VersionAt..HeadBytes]) == BinaryPrimitives.ReadUInt32LittleEndian(bytes[CrcAt..])
            && BinaryPrimitives.ReadUInt16LittleEndian(bytes[VersionAt..]) == Version;
        int stays = whole ? BinaryPrimitives.ReadInt32LittleEndian(bytes[StaysAt..]) : -1;
        return stays is >= 0 and <= MostStays ? (BinaryPrimitives.ReadUInt64LittleEndian(bytes[RevisionAt..]), stays) : null;
    }

    private static void EncodeStay(StayEntry stay, int number, Span<byte> bytes)
    {
        BinaryPrimitives.WriteInt32LittleEndian(bytes[NumberInStay..], number);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[StateInStay..], (int)stay.State);
        stay.Id.Write(bytes[IdInStay..]);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[BegunInStay..], stay.Begun.UnixNanoseconds);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[EndedInStay..], stay.Ended?.UnixNanoseconds ?? long.MinValue);
        stay.Wrapped.Span.CopyTo(bytes[WrappedInStay..]);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Crc32C.Of(bytes[NumberInStay..]));
    }

    private static StayEntry? DecodeStay(ReadOnlySpan<byte> file, int at, int number)
    {
        if (at + StayBytes > file.Length)
        {
            return null;
        }

        ReadOnlySpan<byte> bytes = file.Slice(at, StayBytes);
        if (Crc32C.Of(bytes[NumberInStay..]) != BinaryPrimitives.ReadUInt32LittleEndian(bytes) || BinaryPrimitives.ReadInt32LittleEndian(bytes[NumberInStay..]) != number)
        {
            return null;
        }

        long ended = BinaryPrimitives.ReadInt64LittleEndian(bytes[EndedInStay..]);
        var state = (StayState)BinaryPrimitives.ReadInt32LittleEndian(bytes[StateInStay..]);
        return Enum.IsDefined(state) && state != StayState.KeyLost
            ? new StayEntry(
                StayId.Read(bytes[IdInStay..]),
                state,
                new UtcInstant(BinaryPrimitives.ReadInt64LittleEndian(bytes[BegunInStay..])),
                ended == long.MinValue ? null : new UtcInstant(ended),
                bytes.Slice(WrappedInStay, BoxKey.WrappedBytes).ToArray())
            : null;
    }
}
