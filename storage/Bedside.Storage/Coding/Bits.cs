using System.Buffers.Binary;

namespace Bedside.Storage.Coding;

/// <summary>Puts bits into bytes, from the least significant of each byte up. The destination must be long enough.</summary>
internal ref struct BitWriter(Span<byte> destination)
{
    private const int BitsOfByte = 8;
    private const int FlushAt = 32;

    private readonly Span<byte> _destination = destination;
    private ulong _waiting;
    private int _waitingBits;
    private int _position;

    /// <summary>Puts the <paramref name="count"/> (0 … 32) low bits; those above must be 0.</summary>
    public void Put(uint bits, int count)
    {
        _waiting |= (ulong)bits << _waitingBits;
        _waitingBits += count;
        if (_waitingBits >= FlushAt)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(_destination[_position..], (uint)_waiting);
            _position += sizeof(uint);
            _waiting >>= FlushAt;
            _waitingBits -= FlushAt;
        }
    }

    /// <summary>Puts <paramref name="ones"/> (0 … 40) 1 bits and a 0.</summary>
    public void PutUnary(int ones)
    {
        if (ones > 31)
        {
            Put(uint.MaxValue, 32);
            ones -= 32;
        }

        Put((1u << ones) - 1, ones + 1);
    }

    /// <summary>Fills the last byte with zero bits and returns how many bytes there are.</summary>
    public int Finish()
    {
        while (_waitingBits > 0)
        {
            _destination[_position++] = (byte)_waiting;
            _waiting >>= BitsOfByte;
            _waitingBits -= BitsOfByte;
        }

        return _position;
    }
}

/// <summary>
/// Takes bits out of bytes in the order of <see cref="BitWriter"/>. Beyond the end it gives zero bits, so that the
/// caller may ask once per partition whether it ran <see cref="Past"/> the end.
/// </summary>
internal ref struct BitReader(ReadOnlySpan<byte> source)
{
    /// <summary>As many bits of <see cref="Peek"/> are always real.</summary>
    public const int PeekBits = 57;

    private const int BitsOfByte = 8;

    private readonly ReadOnlySpan<byte> _source = source;
    private long _position;

    public readonly bool Past => _position > (long)_source.Length * BitsOfByte;

    /// <summary>Nothing is left but zero bits in the last byte.</summary>
    public readonly bool AtEnd => (_position + BitsOfByte - 1) / BitsOfByte == _source.Length && Peek() == 0;

    public readonly ulong Peek()
    {
        long at = _position / BitsOfByte;
        int shift = (int)(_position % BitsOfByte);
        return at + sizeof(ulong) <= _source.Length
            ? BinaryPrimitives.ReadUInt64LittleEndian(_source[(int)at..]) >> shift
            : PeekAtTail(at) >> shift;
    }

    /// <summary>The bits from here on that one load gives, and how many of them are real; 0 where fewer than eight bytes are left.</summary>
    public readonly ulong Load(out int available)
    {
        long at = _position / BitsOfByte;
        int shift = (int)(_position % BitsOfByte);
        bool isWhole = at + sizeof(ulong) <= _source.Length;
        available = isWhole ? (sizeof(ulong) * BitsOfByte) - shift : 0;
        return isWhole ? BinaryPrimitives.ReadUInt64LittleEndian(_source[(int)at..]) >> shift : 0;
    }

    public void Skip(int bits) => _position += bits;

    /// <summary>The next <paramref name="count"/> (0 … 32) bits.</summary>
    public uint Take(int count)
    {
        ulong bits = Peek() & ((1UL << count) - 1);
        _position += count;
        return (uint)bits;
    }

    private readonly ulong PeekAtTail(long at)
    {
        ulong bits = 0;
        for (int i = 0; i < sizeof(ulong) && at + i < _source.Length; i++)
        {
            bits |= (ulong)_source[(int)(at + i)] << (i * BitsOfByte);
        }

        return bits;
    }
}
