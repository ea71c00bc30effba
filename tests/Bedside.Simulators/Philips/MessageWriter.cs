using System.Buffers.Binary;
using System.Text;

namespace Bedside.Simulators.Philips;

/// <summary>Puts a message together, big-endian; lengths are filled in when what they measure is there.</summary>
internal sealed class MessageWriter
{
    private byte[] _bytes = new byte[256];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public MessageWriter U8(int value)
    {
        Room(1)[0] = (byte)value;
        return this;
    }

    public MessageWriter U16(int value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(Room(2), (ushort)value);
        return this;
    }

    public MessageWriter U32(uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(Room(4), value);
        return this;
    }

    public MessageWriter Bytes(ReadOnlySpan<byte> value)
    {
        value.CopyTo(Room(value.Length));
        return this;
    }

    /// <summary>String: u16 length and UTF-16BE, as is; the caller pads and terminates.</summary>
    public MessageWriter Text(string text)
    {
        _ = U16(2 * text.Length);
        _ = Encoding.BigEndianUnicode.GetBytes(text, Room(2 * text.Length));
        return this;
    }

    /// <summary>VariableLabel: u16 length and ASCII, ended by NUL, to an even length.</summary>
    public MessageWriter VariableLabel(string text)
    {
        int length = (text.Length + 2) & ~1;
        _ = U16(length);
        Span<byte> room = Room(length);
        room.Clear();
        _ = Encoding.ASCII.GetBytes(text, room);
        return this;
    }

    /// <summary>Managed object id: class, context, handle.</summary>
    public MessageWriter Object(ObjectClass objectClass, int context = 0, int handle = 0) => U16((ushort)objectClass).U16(context).U16(handle);

    /// <summary>Leaves room for a u16 length; give what it returns to <see cref="Close"/>.</summary>
    public int Open()
    {
        _ = U16(0);
        return Length;
    }

    /// <summary>Fills in a length: that of all written since <see cref="Open"/>.</summary>
    public void Close(int opened) => BinaryPrimitives.WriteUInt16BigEndian(_bytes.AsSpan(opened - 2), checked((ushort)(Length - opened)));

    public byte[] ToArray() => Written.ToArray();

    private Span<byte> Room(int count)
    {
        if (Length + count > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, Length + count));
        }

        Length += count;
        return _bytes.AsSpan(Length - count, count);
    }
}

/// <summary>AttributeList: u16 count, u16 length, then id, length and value of each attribute.</summary>
internal sealed class AttributeList
{
    private readonly MessageWriter _entries = new();

    public int Count { get; private set; }

    /// <summary>Bytes with the count and the length in front.</summary>
    public int Size => 4 + _entries.Length;

    public AttributeList Add(ushort id, Action<MessageWriter> value)
    {
        int opened = _entries.U16(id).Open();
        value(_entries);
        _entries.Close(opened);
        Count++;
        return this;
    }

    public AttributeList U16(ushort id, int value) => Add(id, w => w.U16(value));

    public AttributeList U32(ushort id, uint value) => Add(id, w => w.U32(value));

    public AttributeList Text(ushort id, string text) => Add(id, w => w.Text(text));

    public void WriteTo(MessageWriter writer) => writer.U16(Count).U16(_entries.Length).Bytes(_entries.Written);
}
