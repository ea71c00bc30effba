using Bedside.Extract.Arrow;

namespace Bedside.Tests.Extract.Arrow;

/// <summary>Five rows with a column of every type of the subset, extremes and nulls, in batches of two: golden bytes, and what programs of others read.</summary>
internal static class SmallTable
{
    private static readonly (ArrowType Type, object?[] Values)[] Columns =
    [
        (ArrowKind.Int8, [(long)sbyte.MinValue, 0L, null, 1L, (long)sbyte.MaxValue]),
        (ArrowKind.Int16, [(long)short.MinValue, 0L, null, 1L, (long)short.MaxValue]),
        (ArrowKind.Int32, [(long)int.MinValue, 0L, null, 1L, (long)int.MaxValue]),
        (ArrowKind.Int64, [long.MinValue, 0L, null, 1L, long.MaxValue]),
        (ArrowKind.UInt8, [0L, 1L, null, 2L, (long)byte.MaxValue]),
        (ArrowKind.UInt16, [0L, 1L, null, 2L, (long)ushort.MaxValue]),
        (ArrowKind.UInt32, [0L, 1L, null, 2L, (long)uint.MaxValue]),
        (ArrowKind.UInt64, [0L, 1L, null, 2L, 1L << 62]),
        (ArrowKind.Float32, [0.5, -1.25, null, 0.0, 3e38]),
        (ArrowKind.Float64, [0.1, -1e300, null, 0.0, 5e-324]),
        (ArrowKind.Bool, [1L, 0L, null, 1L, 1L]),
        (ArrowKind.Utf8, ["épais", "", null, "心拍", "a,\"b\"\n"]),
        (new ArrowType(ArrowKind.Nanoseconds, "UTC"), [1_772_366_400_123_456_789L, -1L, null, 0L, 1L]),
        (ArrowKind.Nanoseconds, [1_772_366_400_123_456_789L, -1L, null, 0L, 1L]),
        (new ArrowType(ArrowKind.Microseconds, "UTC"), [1_772_366_400_123_456L, -1L, null, 0L, 1L]),
        (ArrowKind.Microseconds, [1_772_366_400_123_456L, -1L, null, 0L, 1L]),
    ];

    public static byte[] ToBytes(ArrowForm form)
    {
        ArrowField[] fields =
        [
            new("row", ArrowKind.Int32, IsNullable: false, []),
            .. Columns.Select(column => new ArrowField(Name(column.Type), column.Type, IsNullable: true, [new("unit", "mm[Hg]"), new("nom", "pression artérielle")])),
        ];
        IEnumerable<object?[]> rows = Enumerable.Range(0, Columns[0].Values.Length).Select(row => (object?[])[(long)row, .. Columns.Select(column => column.Values[row])]);
        return RandomTable.Write(new ArrowSchema(fields, [new("table", "small"), new("empty", string.Empty)]), rows, form, mostRows: 2);
    }

    private static string Name(ArrowType type) => $"{type.Kind}{type.Zone}".ToLowerInvariant();
}
