using System.Buffers;
using System.Buffers.Binary;
using Bedside.Model;

namespace Bedside.Viewer.Live;

/// <summary>Type of a frame from the box (PROTOCOL.md, section 2).</summary>
internal enum FrameType : byte
{
    Blocks = 1,
    Status = 2,
    Gap = 3,
    Snapshot = 4,
}

/// <summary>
/// The header of a frame, little-endian:
/// <code>
/// ┌─────────────┬────────────┬─────────┬───────────┬───────────┬─────────┬────────────────────┬───────────────────────┐
/// │ magic "BDS1"│ version u8 │ type u8 │ flags u16 │ epoch u32 │ seq u32 │ server time i64 ns │ uncertainty u32 µs    │
/// └─────────────┴────────────┴─────────┴───────────┴───────────┴─────────┴────────────────────┴───────────────────────┘
///  0             4            5         6           8           12        16                   24                    28
/// </code>
/// </summary>
internal static class FrameHeader
{
    public const int Length = UncertaintyAt + sizeof(uint);
    public const ushort History = 1;

    private const uint Magic = 0x31534442;
    private const byte Version = 1;
    private const int VersionAt = sizeof(uint);
    private const int TypeAt = VersionAt + sizeof(byte);
    private const int FlagsAt = TypeAt + sizeof(byte);
    private const int EpochAt = FlagsAt + sizeof(ushort);
    private const int SequenceAt = EpochAt + sizeof(uint);
    private const int TimeAt = SequenceAt + sizeof(uint);
    private const int UncertaintyAt = TimeAt + sizeof(long);

    public static void Write(Span<byte> header, FrameStamp stamp, FrameType type, ushort flags, uint sequence)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(header, Magic);
        header[VersionAt] = Version;
        header[TypeAt] = (byte)type;
        BinaryPrimitives.WriteUInt16LittleEndian(header[FlagsAt..], flags);
        BinaryPrimitives.WriteUInt32LittleEndian(header[EpochAt..], stamp.Epoch);
        BinaryPrimitives.WriteUInt32LittleEndian(header[SequenceAt..], sequence);
        BinaryPrimitives.WriteInt64LittleEndian(header[TimeAt..], stamp.Time.UnixNanoseconds);
        BinaryPrimitives.WriteUInt32LittleEndian(header[UncertaintyAt..], stamp.UncertaintyMicroseconds);
    }
}

/// <summary>What every frame says of the box's run and clock.</summary>
internal readonly record struct FrameStamp(uint Epoch, UtcInstant Time, uint UncertaintyMicroseconds);

/// <summary>A message under way to one client, in a pooled buffer that <see cref="Dispose"/> gives back.</summary>
internal sealed class OutgoingMessage : IDisposable
{
    private byte[] _bytes;
    private int _length;

    private OutgoingMessage(int capacity, bool isText)
    {
        _bytes = ArrayPool<byte>.Shared.Rent(capacity);
        IsText = isText;
    }

    public bool IsText { get; }

    /// <summary>True for a frame of which only the header is there.</summary>
    public bool HasNoBody => _length <= FrameHeader.Length;

    public ReadOnlyMemory<byte> Bytes => _bytes.AsMemory(0, _length);

    /// <summary>A frame with room for its body; <see cref="Seal"/> writes the header when the body is complete.</summary>
    public static OutgoingMessage Frame(int bodyCapacity) => new(FrameHeader.Length + bodyCapacity, isText: false) { _length = FrameHeader.Length };

    public static OutgoingMessage Text(ReadOnlySpan<byte> text)
    {
        var message = new OutgoingMessage(text.Length, isText: true);
        message.Append(text);
        return message;
    }

    /// <summary>Adds bytes that there is room for.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_bytes.AsSpan(_length));
        _length += bytes.Length;
    }

    public OutgoingMessage Seal(FrameStamp stamp, FrameType type, ushort flags, uint sequence)
    {
        FrameHeader.Write(_bytes, stamp, type, flags, sequence);
        return this;
    }

    public void Dispose()
    {
        byte[] bytes = Interlocked.Exchange(ref _bytes, []);
        _length = 0;
        if (bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }
}
