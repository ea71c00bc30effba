using Bedside.Extract.Arrow;

namespace Bedside.Tests.Extract.Arrow;

/// <summary>A table made of a seed: any columns of the subset, any values, nulls, texts of any script.</summary>
internal sealed class RandomTable
{
    private static readonly ArrowKind[] Kinds = Enum.GetValues<ArrowKind>();
    private static readonly string[] Words = ["", "a", "épais", "心拍", "𝄞 clef", "PC-BIPAP, \"adult\"\nASB", "null", new string('x', 300)];

    private RandomTable(ArrowSchema schema, object?[][] rows)
    {
        Schema = schema;
        Rows = rows;
    }

    public ArrowSchema Schema { get; }

    /// <summary>long, double or string; null = missing.</summary>
    public object?[][] Rows { get; }

    public static RandomTable Of(int seed)
    {
        var random = new Random(seed);
        ArrowField[] fields = [.. Enumerable.Range(0, random.Next(1, 9)).Select(i => Field(random, i))];
        var schema = new ArrowSchema(fields, Pairs(random));
        object?[][] rows = [.. Enumerable.Range(0, random.Next(4) == 0 ? 0 : random.Next(1, 700)).Select(_ => (object?[])[.. fields.Select(field => Value(random, field))])];
        return new RandomTable(schema, rows);
    }

    public byte[] ToBytes(ArrowForm form, int mostRows) => Write(Schema, Rows, form, mostRows);

    /// <summary>A table of these rows; of a number <see cref="long"/> or <see cref="double"/>, null = missing.</summary>
    public static byte[] Write(ArrowSchema schema, IEnumerable<object?[]> rows, ArrowForm form, int mostRows)
    {
        using var stream = new MemoryStream();
        var writer = new ArrowWriter(stream, schema, form, mostRows);
        foreach (object?[] row in rows)
        {
            for (int i = 0; i < row.Length; i++)
            {
                Append(writer.Columns[i], row[i]);
            }

            writer.EndRow();
        }

        writer.Finish();
        return stream.ToArray();
    }

    public static IEnumerable<object?[]> RowsOf(ArrowBatch batch) =>
        Enumerable.Range(0, batch.Rows).Select(row => (object?[])[.. batch.Columns.Select(column => Cell(column, row))]);

    /// <summary>Every value of a batch, for readers that must not stumble over any.</summary>
    public static void ReadAll(ArrowBatch batch)
    {
        foreach (ArrowColumn column in batch.Columns)
        {
            for (int row = 0; row < batch.Rows; row++)
            {
                _ = Cell(column, row);
            }
        }
    }

    public static object? Cell(ArrowColumn column, int row) => column.IsNull(row) ? null : column.Field.Type.Kind switch
    {
        ArrowKind.Utf8 => column.Text(row),
        ArrowKind.Float32 or ArrowKind.Float64 => column.Number(row),
        _ => column.Whole(row),
    };

    private static void Append(ColumnBuilder column, object? value)
    {
        switch (value)
        {
            case null:
                column.AppendNull();
                break;
            case string text:
                column.Append(text);
                break;
            case double number:
                column.Append(number);
                break;
            default:
                column.Append((long)value);
                break;
        }
    }

    private static ArrowField Field(Random random, int index)
    {
        ArrowKind kind = Kinds[random.Next(Kinds.Length)];
        var type = new ArrowType(kind, kind is ArrowKind.Microseconds or ArrowKind.Nanoseconds && random.Next(2) == 0 ? "UTC" : null);
        return new ArrowField($"{Words[random.Next(Words.Length - 1)]}{index}", type, random.Next(3) > 0, Pairs(random));
    }

    private static KeyValuePair<string, string>[] Pairs(Random random) =>
        [.. Enumerable.Range(0, random.Next(4)).Select(i => KeyValuePair.Create($"key {i}", Words[random.Next(Words.Length)]))];

    private static object? Value(Random random, ArrowField field)
    {
        if (field.IsNullable && random.Next(3) == 0)
        {
            return null;
        }

        long bits = random.NextInt64(long.MinValue, long.MaxValue);
        return field.Type.Kind switch
        {
            ArrowKind.Utf8 => Words[random.Next(Words.Length)],
            ArrowKind.Float32 => (double)BitConverter.Int32BitsToSingle(random.Next() & 0x7F7FFFFF),
            ArrowKind.Float64 => random.Next(8) == 0 ? double.NaN : BitConverter.Int64BitsToDouble(bits & 0x7FEFFFFFFFFFFFFF),
            ArrowKind.Bool => bits & 1,
            ArrowKind.Int8 => (long)(sbyte)bits,
            ArrowKind.Int16 => (long)(short)bits,
            ArrowKind.Int32 => (long)(int)bits,
            ArrowKind.UInt8 => (long)(byte)bits,
            ArrowKind.UInt16 => (long)(ushort)bits,
            ArrowKind.UInt32 => (long)(uint)bits,
            _ => bits,
        };
    }
}
