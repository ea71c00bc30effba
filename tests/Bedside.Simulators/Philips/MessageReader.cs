using System.Buffers.Binary;

namespace Bedside.Simulators.Philips;

/// <summary>Takes a message apart. Reading past the end gives zeros and sets <see cref="Failed"/>.</summary>
internal ref struct MessageReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public bool Failed { get; private set; }

    public readonly int Left => _rest.Length;

    public ushort U16() => BinaryPrimitives.ReadUInt16BigEndian(Take(2));

    public uint U32() => BinaryPrimitives.ReadUInt32BigEndian(Take(4));

    /// <summary>A list's entries: u16 count, which is left to the length, u16 length, then that many bytes.</summary>
    public MessageReader List()
    {
        _ = U16();
        return Sized();
    }

    /// <summary>A u16 length and that many bytes.</summary>
    public MessageReader Sized()
    {
        int length = U16();
        if (length <= _rest.Length)
        {
            return new MessageReader(Take(length));
        }

        Failed = true;
        return new MessageReader([]);
    }

    /// <summary>The next attribute of a list; false at its end.</summary>
    public bool TryAttribute(out ushort id, out MessageReader value)
    {
        id = 0;
        value = default;
        if (_rest.Length < 4)
        {
            return false;
        }

        id = U16();
        value = Sized();
        return !Failed;
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (_rest.Length < count)
        {
            Failed = true;
            _rest = [];
            return new byte[count];
        }

        ReadOnlySpan<byte> taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
