using Bedside.Model;

namespace Bedside.Extract;

/// <summary>What the fields of a column are.</summary>
internal enum ColumnKind
{
    Text,

    /// <summary>A time of the box's clock; named *_utc.</summary>
    Instant,
    Whole,
    Number,

    /// <summary>True or false.</summary>
    Flag,

    /// <summary>A number with the decimals that the device showed.</summary>
    Decimal,

    /// <summary>A length of time or a counter, held in nanoseconds; named *_s, or <c>seconds</c>.</summary>
    Seconds,
}

/// <summary>A column of a table of an export.</summary>
internal readonly record struct ExportColumn(string Name, ColumnKind Kind)
{
    public static ExportColumn Text(string name) => new(name, ColumnKind.Text);

    public static ExportColumn Instant(string name) => new(name, ColumnKind.Instant);

    public static ExportColumn Whole(string name) => new(name, ColumnKind.Whole);

    public static ExportColumn Number(string name) => new(name, ColumnKind.Number);

    public static ExportColumn Flag(string name) => new(name, ColumnKind.Flag);

    public static ExportColumn Decimal(string name) => new(name, ColumnKind.Decimal);

    public static ExportColumn Seconds(string name) => new(name, ColumnKind.Seconds);
}

/// <summary>A field of a table of an export, before a format spells it. The default, an empty text and no value are one: nothing.</summary>
internal readonly record struct ExportCell
{
    private readonly string? _text;

    private ExportCell(ColumnKind kind, long whole, double number = 0, sbyte exponent = 0, string? text = null)
    {
        Kind = kind;
        Whole = whole;
        Number = number;
        Exponent = exponent;
        _text = text;
        IsThere = true;
    }

    public ColumnKind Kind { get; }

    /// <summary>False = an empty field.</summary>
    public bool IsThere { get; }

    /// <summary>The number, nanoseconds of an instant or of seconds, 1 for true, the mantissa of a decimal.</summary>
    public long Whole { get; }

    public double Number { get; }

    /// <summary>Of a decimal: its value is whole × 10^exponent.</summary>
    public sbyte Exponent { get; }

    public string Text => _text ?? string.Empty;

    public static ExportCell Seconds(long? nanoseconds) => nanoseconds is long there ? new ExportCell(ColumnKind.Seconds, there) : default;

    /// <summary>0, the word for none, is an empty field.</summary>
    public static ExportCell Code(uint code) => code == 0 ? default : new ExportCell(ColumnKind.Whole, code);

    /// <summary>uint.MaxValue, the word for unknown, is an empty field.</summary>
    public static ExportCell Uncertainty(uint microseconds) => microseconds == uint.MaxValue ? default : new ExportCell(ColumnKind.Whole, microseconds);

    public static implicit operator ExportCell(string text) => text.Length == 0 ? default : new ExportCell(ColumnKind.Text, 0, text: text);

    public static implicit operator ExportCell(UtcInstant instant) => new(ColumnKind.Instant, instant.UnixNanoseconds);

    public static implicit operator ExportCell(UtcInstant? instant) => instant is UtcInstant there ? there : default(ExportCell);

    public static implicit operator ExportCell(long number) => new(ColumnKind.Whole, number);

    public static implicit operator ExportCell(double? number) => number is double there ? new ExportCell(ColumnKind.Number, 0, there) : default;

    public static implicit operator ExportCell(bool flag) => new(ColumnKind.Flag, flag ? 1 : 0);

    public static implicit operator ExportCell(Fixed? number) =>
        number is Fixed there ? new ExportCell(ColumnKind.Decimal, there.Mantissa, there.ToDouble(), there.Exponent) : default;

    /// <summary>As it stands in a CSV file, and wherever else it must be a text.</summary>
    public override string ToString() => !IsThere ? string.Empty : Kind switch
    {
        ColumnKind.Text => Text,
        ColumnKind.Instant => new UtcInstant(Whole).ToString(),
        ColumnKind.Whole => Spelling.Of(Whole),
        ColumnKind.Number => Spelling.Of(Number),
        ColumnKind.Flag => Whole == 0 ? "false" : "true",
        ColumnKind.Decimal => new Fixed(Whole, Exponent).ToString(),
        ColumnKind.Seconds => Spelling.Seconds(Whole),
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}

/// <summary>A table of an export, in whatever format.</summary>
internal interface IExportTable : IDisposable
{
    /// <summary>Rows so far, without the names of the columns.</summary>
    long Rows { get; }

    /// <summary>One cell for each column.</summary>
    void Row(params ReadOnlySpan<ExportCell> cells);
}

/// <summary>Makes a new table under a name without an ending.</summary>
internal delegate IExportTable TableMaker(string name, IReadOnlyList<ExportColumn> columns);
