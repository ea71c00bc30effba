using System.Diagnostics;

namespace Bedside.Extract.Arrow;

/// <summary>A table of an export as an Arrow file. What is empty in CSV is null here.</summary>
internal sealed class ArrowTable : IExportTable
{
    private readonly FileStream _stream;
    private readonly IReadOnlyList<ExportColumn> _columns;
    private readonly ArrowWriter _writer;

    public ArrowTable(FileStream stream, IReadOnlyList<ExportColumn> columns, IReadOnlyList<KeyValuePair<string, string>> metadata)
    {
        _stream = stream;
        _columns = columns;
        _writer = new ArrowWriter(stream, new ArrowSchema([.. columns.SelectMany(Fields)], metadata), ArrowForm.File);
    }

    public long Rows { get; private set; }

    /// <summary>Tables of an export as Arrow files in its folder.</summary>
    public static TableMaker In(ExportFolder folder, ExportRequest request) =>
        (name, columns) => new ArrowTable(folder.Create($"{name}.arrow"), columns, ArrowDescription.Of(name, request));

    public void Row(params ReadOnlySpan<ExportCell> cells)
    {
        int at = 0;
        for (int i = 0; i < cells.Length; i++)
        {
            at = Append(at, _columns[i].Kind, cells[i]);
        }

        _writer.EndRow();
        Rows++;
    }

    public void Dispose()
    {
        _writer.Finish();
        _stream.Flush(flushToDisk: true);
        _stream.Dispose();
    }

    /// <summary>Seconds of CSV are whole nanoseconds here; a decimal stands beside the exact number that the device sent.</summary>
    private static IEnumerable<ArrowField> Fields(ExportColumn column) => column.Kind switch
    {
        ColumnKind.Text => [new ArrowField(column.Name, ArrowKind.Utf8)],
        ColumnKind.Instant => [new ArrowField(column.Name, ArrowType.Instant)],
        ColumnKind.Whole => [new ArrowField(column.Name, ArrowKind.Int64)],
        ColumnKind.Number => [new ArrowField(column.Name, ArrowKind.Float64)],
        ColumnKind.Flag => [new ArrowField(column.Name, ArrowKind.Bool)],
        ColumnKind.Decimal => [new ArrowField(column.Name, ArrowKind.Float64), new ArrowField($"{column.Name}_mantissa", ArrowKind.Int64), new ArrowField($"{column.Name}_exponent", ArrowKind.Int8)],
        ColumnKind.Seconds => [new ArrowField(column.Name == "seconds" ? "nanoseconds" : $"{column.Name[..^2]}_ns", ArrowKind.Int64)],
        _ => throw new UnreachableException(),
    };

    /// <summary>Says where the next column's fields begin.</summary>
    private int Append(int at, ColumnKind kind, ExportCell cell)
    {
        IReadOnlyList<ColumnBuilder> fields = _writer.Columns;
        int count = kind == ColumnKind.Decimal ? 3 : 1;
        if (!cell.IsThere)
        {
            for (int i = at; i < at + count; i++)
            {
                fields[i].AppendNull();
            }

            return at + count;
        }

        Debug.Assert(cell.Kind == kind, "a cell that is not of its column");
        switch (kind)
        {
            case ColumnKind.Text:
                fields[at].Append(cell.Text);
                break;
            case ColumnKind.Number:
                fields[at].Append(cell.Number);
                break;
            case ColumnKind.Decimal:
                fields[at].Append(cell.Number);
                fields[at + 1].Append(cell.Whole);
                fields[at + 2].Append(cell.Exponent);
                break;
            default:
                fields[at].Append(cell.Whole);
                break;
        }

        return at + count;
    }
}
