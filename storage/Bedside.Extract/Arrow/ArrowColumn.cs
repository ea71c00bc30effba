using System.Buffers.Binary;
using System.Diagnostics;
using System.Numerics;
using System.Text;
using System.Text.Unicode;

namespace Bedside.Extract.Arrow;

/// <summary>A column of a batch that was read: its bytes as they came, checked before anything is taken from them.</summary>
public sealed class ArrowColumn
{
    private readonly ReadOnlyMemory<byte> _valid;
    private readonly ReadOnlyMemory<byte> _values;
    private readonly ReadOnlyMemory<byte> _text;

    internal ArrowColumn(ArrowField field, int length, int nulls, IReadOnlyList<ReadOnlyMemory<byte>> buffers)
    {
        Field = field;
        Length = length;
        Nulls = nulls;
        _valid = nulls == 0 ? default : Part(buffers[0], (length + 7L) / 8);
        _values = field.Type.Kind == ArrowKind.Utf8
            ? Part(buffers[1], length == 0 ? 0 : 4L * (length + 1L))
            : Part(buffers[1], (((long)length * field.Type.Bits) + 7) / 8);
        _text = field.Type.Kind == ArrowKind.Utf8 ? buffers[2] : default;
        CheckNulls();
        CheckText();
    }

    public ArrowField Field { get; }

    /// <summary>Values, missing ones counted.</summary>
    public int Length { get; }

    /// <summary>Missing values.</summary>
    public int Nulls { get; }

    public bool IsNull(int row) => Nulls > 0 && !Bit(_valid, row);

    /// <summary>An integer, a time stamp, or a truth (0, 1); of UInt64 the bits.</summary>
    public long Whole(int row)
    {
        ReadOnlySpan<byte> values = _values.Span;
        return Field.Type.Kind switch
        {
            ArrowKind.Bool => Bit(_values, row) ? 1 : 0,
            ArrowKind.Int8 => (sbyte)values[row],
            ArrowKind.UInt8 => values[row],
            ArrowKind.Int16 => BinaryPrimitives.ReadInt16LittleEndian(values[(2 * row)..]),
            ArrowKind.UInt16 => BinaryPrimitives.ReadUInt16LittleEndian(values[(2 * row)..]),
            ArrowKind.Int32 => BinaryPrimitives.ReadInt32LittleEndian(values[(4 * row)..]),
            ArrowKind.UInt32 => BinaryPrimitives.ReadUInt32LittleEndian(values[(4 * row)..]),
            ArrowKind.Int64 or ArrowKind.UInt64 or ArrowKind.Microseconds or ArrowKind.Nanoseconds => BinaryPrimitives.ReadInt64LittleEndian(values[(8 * row)..]),
            _ => throw new UnreachableException($"a whole number of a column of {Field.Type.Kind}"),
        };
    }

    public double Number(int row) => Field.Type.Kind switch
    {
        ArrowKind.Float32 => BinaryPrimitives.ReadSingleLittleEndian(_values.Span[(4 * row)..]),
        ArrowKind.Float64 => BinaryPrimitives.ReadDoubleLittleEndian(_values.Span[(8 * row)..]),
        _ => throw new UnreachableException($"a broken number of a column of {Field.Type.Kind}"),
    };

    public string Text(int row) => Encoding.UTF8.GetString(_text.Span[Offset(row)..Offset(row + 1)]);

    private static bool Bit(ReadOnlyMemory<byte> bits, int index) => (bits.Span[index / 8] & (1 << (index % 8))) != 0;

    private int Offset(int row) => BinaryPrimitives.ReadInt32LittleEndian(_values.Span[(4 * row)..]);

    private ReadOnlyMemory<byte> Part(ReadOnlyMemory<byte> buffer, long bytes) =>
        buffer.Length >= bytes ? buffer[..(int)bytes] : throw new ArrowException($"column {Field.Name} has {buffer.Length} bytes where {Length} values take {bytes}");

    private void CheckNulls()
    {
        if (Nulls == 0)
        {
            return;
        }

        if (!Field.IsNullable)
        {
            throw new ArrowException($"column {Field.Name} must not have missing values and has {Nulls}");
        }

        int there = 0;
        for (int i = 0; i < _valid.Length; i++)
        {
            int bits = Math.Min(8, Length - (8 * i));
            there += BitOperations.PopCount((uint)(_valid.Span[i] & ((1 << bits) - 1)));
        }

        if (Length - there != Nulls)
        {
            throw new ArrowException($"column {Field.Name} says {Nulls} missing values, its bits say {Length - there}");
        }
    }

    private void CheckText()
    {
        if (Field.Type.Kind != ArrowKind.Utf8 || Length == 0)
        {
            return;
        }

        for (int row = 0; row < Length; row++)
        {
            int from = Offset(row);
            int to = Offset(row + 1);
            if (from < 0 || to < from || to > _text.Length)
            {
                throw new ArrowException($"column {Field.Name}: the text of row {row} lies outside of its buffer");
            }

            if (!IsNull(row) && !Utf8.IsValid(_text.Span[from..to]))
            {
                throw new ArrowException($"column {Field.Name}: the text of row {row} is not UTF-8");
            }
        }
    }
}

/// <summary>Rows of a table, column by column.</summary>
public sealed record ArrowBatch(int Rows, IReadOnlyList<ArrowColumn> Columns);
