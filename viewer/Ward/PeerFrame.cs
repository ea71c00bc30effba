using System.Buffers.Binary;
using Bedside.Model;
using Bedside.Storage;
using Bedside.Viewer.Live;

namespace Bedside.Viewer.Ward;

/// <summary>A frame of another box (PROTOCOL.md, section 2): its header read, its body as it came.</summary>
internal readonly record struct PeerFrame(FrameType Type, bool IsHistory, uint Epoch, uint Sequence, UtcInstant Sent, ReadOnlyMemory<byte> Body)
{
    private const uint Magic = 0x31534442;
    private const int VersionAt = 4;
    private const int TypeAt = 5;
    private const int FlagsAt = 6;
    private const int EpochAt = 8;
    private const int SequenceAt = 12;
    private const int SentAt = 16;

    /// <summary>Throws <see cref="PeerFaultException"/> for what is no frame.</summary>
    public static PeerFrame Read(ReadOnlyMemory<byte> message)
    {
        ReadOnlySpan<byte> bytes = message.Span;
        if (bytes.Length < FrameHeader.Length || BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Magic || bytes[VersionAt] != 1)
        {
            throw new PeerFaultException("what it sends is no frame of this protocol");
        }

        var type = (FrameType)bytes[TypeAt];
        return Enum.IsDefined(type)
            ? new PeerFrame(
                type,
                (BinaryPrimitives.ReadUInt16LittleEndian(bytes[FlagsAt..]) & FrameHeader.History) != 0,
                BinaryPrimitives.ReadUInt32LittleEndian(bytes[EpochAt..]),
                BinaryPrimitives.ReadUInt32LittleEndian(bytes[SequenceAt..]),
                new UtcInstant(BinaryPrimitives.ReadInt64LittleEndian(bytes[SentAt..])),
                message[FrameHeader.Length..])
            : throw new PeerFaultException($"frame type {bytes[TypeAt]} is not known");
    }

    /// <summary>The blocks of a DATA frame, still coded. Throws <see cref="PeerFaultException"/> where a length passes the end.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Blocks()
    {
        for (int at = 0; at < Body.Length;)
        {
            uint length = at + sizeof(uint) <= Body.Length ? BinaryPrimitives.ReadUInt32LittleEndian(Body.Span[at..]) : uint.MaxValue;
            if (length > BlockCodec.MaximumBytes || at + sizeof(uint) + length > Body.Length)
            {
                throw new PeerFaultException("a block passes the end of its frame");
            }

            yield return Body.Slice(at + sizeof(uint), (int)length);
            at += sizeof(uint) + (int)length;
        }
    }
}
