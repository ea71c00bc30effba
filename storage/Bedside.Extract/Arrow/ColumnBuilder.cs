using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;

namespace Bedside.Extract.Arrow;

/// <summary>Takes the values of one column of one batch, and is used again for the next.</summary>
public sealed class ColumnBuilder
{
    private const int FirstRows = 256;
    private readonly ArrowType _type;
    private readonly bool _nullable;
    private byte[] _valid;
    private byte[] _values;
    private byte[] _text = [];

    public ColumnBuilder(ArrowField field)
    {
        _type = field.Type;
        _nullable = field.IsNullable;
        _valid = new byte[FirstRows / 8];
        _values = new byte[Bytes(FirstRows)];
    }

    /// <summary>Values so far, missing ones counted.</summary>
    public int Length { get; private set; }

    /// <summary>Missing values so far.</summary>
    public int Nulls { get; private set; }

    /// <summary>Bytes of text so far.</summary>
    public int TextBytes { get; private set; }

    /// <summary>An integer, a time stamp, or a truth (0, 1). One that does not fit the type is an <see cref="OverflowException"/>; of UInt64 the bits count.</summary>
    public void Append(long value)
    {
        Span<byte> place = Next(isThere: true);
        switch (_type.Kind)
        {
            case ArrowKind.Int8:
                place[0] = (byte)checked((sbyte)value);
                break;
            case ArrowKind.UInt8:
                place[0] = checked((byte)value);
                break;
            case ArrowKind.Int16:
                BinaryPrimitives.WriteInt16LittleEndian(place, checked((short)value));
                break;
            case ArrowKind.UInt16:
                BinaryPrimitives.WriteUInt16LittleEndian(place, checked((ushort)value));
                break;
            case ArrowKind.Int32:
                BinaryPrimitives.WriteInt32LittleEndian(place, checked((int)value));
                break;
            case ArrowKind.UInt32:
                BinaryPrimitives.WriteUInt32LittleEndian(place, checked((uint)value));
                break;
            case ArrowKind.Int64 or ArrowKind.UInt64 or ArrowKind.Microseconds or ArrowKind.Nanoseconds:
                BinaryPrimitives.WriteInt64LittleEndian(place, value);
                break;
            case ArrowKind.Bool:
                SetBit(_values, Length - 1, value != 0);
                break;
            default:
                throw new UnreachableException($"a whole number for a column of {_type.Kind}");
        }
    }

    public void Append(double value)
    {
        Span<byte> place = Next(isThere: true);
        if (_type.Kind == ArrowKind.Float32)
        {
            BinaryPrimitives.WriteSingleLittleEndian(place, (float)value);
        }
        else if (_type.Kind == ArrowKind.Float64)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(place, value);
        }
        else
        {
            throw new UnreachableException($"a broken number for a column of {_type.Kind}");
        }
    }

    public void Append(string value)
    {
        Debug.Assert(_type.Kind == ArrowKind.Utf8, "a text for a column of numbers");
        int bytes = Encoding.UTF8.GetByteCount(value);
        if (TextBytes + bytes > _text.Length)
        {
            Array.Resize(ref _text, Math.Max(checked(TextBytes + bytes), Math.Min(2 * Math.Max(_text.Length, 1024), Array.MaxLength)));
        }

        TextBytes += Encoding.UTF8.GetBytes(value, _text.AsSpan(TextBytes));
        BinaryPrimitives.WriteInt32LittleEndian(Next(isThere: true), TextBytes);
    }

    public void AppendNull()
    {
        if (!_nullable)
        {
            throw new UnreachableException("a missing value in a column that has none");
        }

        Span<byte> place = Next(isThere: false);
        Nulls++;
        if (_type.Kind == ArrowKind.Utf8)
        {
            BinaryPrimitives.WriteInt32LittleEndian(place, TextBytes);
        }
        else if (_type.Kind == ArrowKind.Bool)
        {
            SetBit(_values, Length - 1, on: false);
        }
        else
        {
            place.Clear();
        }
    }

    /// <summary>Begins a new batch.</summary>
    public void Clear()
    {
        Length = 0;
        Nulls = 0;
        TextBytes = 0;
    }

    /// <summary>The buffers in the order of the format: validity (none where nothing is missing), offsets of text, values.</summary>
    internal IEnumerable<ReadOnlyMemory<byte>> Buffers()
    {
        yield return Nulls == 0 ? default : Bits(_valid);
        yield return _type.Kind == ArrowKind.Bool ? Bits(_values) : _values.AsMemory(0, Bytes(Length));
        if (_type.Kind == ArrowKind.Utf8)
        {
            yield return _text.AsMemory(0, TextBytes);
        }
    }

    private static void SetBit(byte[] bits, int index, bool on) =>
        bits[index / 8] = (byte)((bits[index / 8] & ~(1 << (index % 8))) | ((on ? 1 : 0) << (index % 8)));

    /// <summary>Whole bytes; bits behind the last value are zero.</summary>
    private ReadOnlyMemory<byte> Bits(byte[] bits)
    {
        int bytes = (Length + 7) / 8;
        if (Length % 8 != 0)
        {
            bits[bytes - 1] &= (byte)((1 << (Length % 8)) - 1);
        }

        return bits.AsMemory(0, bytes);
    }

    /// <summary>Text has one offset more than values: the first is 0 and never written.</summary>
    private int Bytes(int rows) => _type.Kind == ArrowKind.Utf8 ? 4 * (rows + 1) : ((rows * _type.Bits) + 7) / 8;

    /// <summary>Place of the next value.</summary>
    private Span<byte> Next(bool isThere)
    {
        int index = Length++;
        if (index / 8 == _valid.Length)
        {
            int rows = checked(16 * _valid.Length);
            Array.Resize(ref _valid, rows / 8);
            Array.Resize(ref _values, Bytes(rows));
        }

        SetBit(_valid, index, isThere);
        return _type.Kind == ArrowKind.Utf8 ? _values.AsSpan(4 * (index + 1), 4) : _values.AsSpan(index * _type.Bits / 8, _type.Bits / 8);
    }
}
