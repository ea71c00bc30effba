namespace Bedside.Extract.Arrow;

/// <summary>A schema as Schema.fbs of the format specification lays it out: written and read here and nowhere else. Numbers are those of its fields.</summary>
internal static class SchemaMetadata
{
    /// <summary>More columns than this are refused.</summary>
    public const int MostFields = 4096;

    private const int MostPairs = 65_536;

    // table Schema

    private const int Endianness = 0;
    private const int Fields = 1;
    private const int SchemaPairs = 2;

    // table Field

    private const int Name = 0;
    private const int Nullable = 1;
    private const int TypeKind = 2;
    private const int TypeTable = 3;
    private const int Dictionary = 4;
    private const int Children = 5;
    private const int FieldPairs = 6;

    // union Type

    private const byte TypeInt = 2;
    private const byte TypeFloatingPoint = 3;
    private const byte TypeUtf8 = 5;
    private const byte TypeBool = 6;
    private const byte TypeTimestamp = 10;

    // enum Precision, enum TimeUnit

    private const short Single = 1;
    private const short Double = 2;
    private const short Microsecond = 2;
    private const short Nanosecond = 3;

    public static FlatTable Write(ArrowSchema schema)
    {
        FlatTable table = new FlatTable().Int16(Endianness, 0).Tables(Fields, [.. schema.Fields.Select(Write)]);
        return schema.Metadata.Count == 0 ? table : table.Tables(SchemaPairs, Write(schema.Metadata));
    }

    public static ArrowSchema Read(FlatView schema)
    {
        if (schema.Int16(Endianness) != 0)
        {
            throw new ArrowException("the data are big-endian, which is outside of the subset");
        }

        return new ArrowSchema([.. schema.Tables(Fields, MostFields).Select(ReadField)], ReadPairs(schema.Tables(SchemaPairs, MostPairs)));
    }

    private static FlatTable Write(ArrowField field)
    {
        (byte kind, FlatTable type) = Write(field.Type);
        FlatTable table = new FlatTable().Text(Name, field.Name).Int8(Nullable, field.IsNullable ? (byte)1 : (byte)0).Int8(TypeKind, kind).Table(TypeTable, type).Tables(Children, []);
        return field.Metadata.Count == 0 ? table : table.Tables(FieldPairs, Write(field.Metadata));
    }

    private static ArrowField ReadField(FlatView field)
    {
        string name = field.Text(Name) ?? string.Empty;
        if (field.Has(Dictionary) || field.Tables(Children, MostFields).Count > 0)
        {
            throw new ArrowException($"column {name} is nested or has a dictionary, which is outside of the subset");
        }

        FlatView type = field.Table(TypeTable) ?? throw new ArrowException($"column {name} has no type");
        return new ArrowField(name, ReadType(name, field.Int8(TypeKind), type), field.Int8(Nullable) != 0, ReadPairs(field.Tables(FieldPairs, MostPairs)));
    }

    private static (byte Kind, FlatTable Table) Write(ArrowType type)
    {
        FlatTable table = new();
        return type.Kind switch
        {
            ArrowKind.Utf8 => (TypeUtf8, table),
            ArrowKind.Bool => (TypeBool, table),
            ArrowKind.Float32 => (TypeFloatingPoint, table.Int16(0, Single)),
            ArrowKind.Float64 => (TypeFloatingPoint, table.Int16(0, Double)),
            ArrowKind.Microseconds or ArrowKind.Nanoseconds => (TypeTimestamp, Zoned(table.Int16(0, type.Kind == ArrowKind.Microseconds ? Microsecond : Nanosecond), type.Zone)),
            _ => (TypeInt, table.Int32(0, type.Bits).Int8(1, type.Kind <= ArrowKind.Int64 ? (byte)1 : (byte)0)),
        };
    }

    private static FlatTable Zoned(FlatTable table, string? zone) => zone is null ? table : table.Text(1, zone);

    private static ArrowType ReadType(string name, byte kind, FlatView type) => (kind, kind == TypeInt ? type.Int32(0) : type.Int16(0)) switch
    {
        (TypeUtf8, _) => ArrowKind.Utf8,
        (TypeBool, _) => ArrowKind.Bool,
        (TypeFloatingPoint, Single) => ArrowKind.Float32,
        (TypeFloatingPoint, Double) => ArrowKind.Float64,
        (TypeTimestamp, Microsecond) => new ArrowType(ArrowKind.Microseconds, type.Text(1)),
        (TypeTimestamp, Nanosecond) => new ArrowType(ArrowKind.Nanoseconds, type.Text(1)),
        (TypeInt, 8) => type.Int8(1) != 0 ? ArrowKind.Int8 : ArrowKind.UInt8,
        (TypeInt, 16) => type.Int8(1) != 0 ? ArrowKind.Int16 : ArrowKind.UInt16,
        (TypeInt, 32) => type.Int8(1) != 0 ? ArrowKind.Int32 : ArrowKind.UInt32,
        (TypeInt, 64) => type.Int8(1) != 0 ? ArrowKind.Int64 : ArrowKind.UInt64,
        _ => throw new ArrowException($"column {name} is of a type outside of the subset (Type {kind})"),
    };

    private static FlatTable[] Write(IReadOnlyList<KeyValuePair<string, string>> pairs) =>
        [.. pairs.Select(pair => new FlatTable().Text(0, pair.Key).Text(1, pair.Value))];

    private static KeyValuePair<string, string>[] ReadPairs(IReadOnlyList<FlatView> pairs) =>
        [.. pairs.Select(pair => new KeyValuePair<string, string>(pair.Text(0) ?? string.Empty, pair.Text(1) ?? string.Empty))];
}
