using System.Buffers.Binary;

namespace Bedside.Extract.Arrow;

/// <summary>The two ways in which batches follow each other.</summary>
public enum ArrowForm
{
    /// <summary>Read from the beginning to the end: schema, batches, end mark.</summary>
    Stream,

    /// <summary>A stream between two magic words, with a footer that says where each batch is.</summary>
    File,
}

/// <summary>
/// Writes a table as Arrow IPC (ARROW.md). Holds one batch of at most <see cref="MostRows"/> rows or <see cref="MostTextBytes"/>
/// bytes of a column's text; the same rows give the same bytes.
/// </summary>
public sealed class ArrowWriter
{
    /// <summary>Rows of a batch.</summary>
    public const int MostRows = 65_536;

    /// <summary>Bytes of one column's text after which a batch ends.</summary>
    public const int MostTextBytes = 16 * 1024 * 1024;

    private readonly Stream _stream;
    private readonly ArrowSchema _schema;
    private readonly ArrowForm _form;
    private readonly int _mostRows;
    private readonly ColumnBuilder[] _columns;
    private readonly List<ArrowBlock> _blocks = [];
    private long _position;

    /// <summary>Writes the schema. The stream stays the caller's to close.</summary>
    public ArrowWriter(Stream stream, ArrowSchema schema, ArrowForm form, int mostRows = MostRows)
    {
        _stream = stream;
        _schema = schema;
        _form = form;
        _mostRows = mostRows;
        _columns = [.. schema.Fields.Select(field => new ColumnBuilder(field))];
        if (form == ArrowForm.File)
        {
            Write(ArrowBytes.Magic);
            Write(new byte[ArrowBytes.Padding(_position, ArrowBytes.Alignment)]);
        }

        WriteMessage(MessageMetadata.Write(schema));
    }

    /// <summary>Where the values of the next row go, one into each.</summary>
    public IReadOnlyList<ColumnBuilder> Columns => _columns;

    /// <summary>Ends a row; every column must have got its value.</summary>
    public void EndRow()
    {
        if (_columns[0].Length >= _mostRows || _columns.Any(column => column.TextBytes >= MostTextBytes))
        {
            WriteBatch();
        }
    }

    /// <summary>Writes what is left, the end mark and, of a file, the footer: once, after the last row. Without it no reader takes a file for whole.</summary>
    public void Finish()
    {
        if (_columns.Length > 0 && _columns[0].Length > 0)
        {
            WriteBatch();
        }

        Span<byte> end = stackalloc byte[ArrowBytes.Prefix];
        BinaryPrimitives.WriteUInt32LittleEndian(end, ArrowBytes.Continuation);
        Write(end);
        if (_form == ArrowForm.File)
        {
            byte[] footer = MessageMetadata.WriteFooter(_schema, _blocks);
            Write(footer);
            Span<byte> length = stackalloc byte[sizeof(int)];
            BinaryPrimitives.WriteInt32LittleEndian(length, footer.Length);
            Write(length);
            Write(ArrowBytes.Magic);
        }
    }

    /// <summary>Writes a batch whose columns the caller has filled: nulls of each, and its buffers in the order of the format, an empty one of validity where nothing is missing.</summary>
    internal void WriteBatch(int rows, IReadOnlyList<int> nulls, IReadOnlyList<ReadOnlyMemory<byte>> buffers)
    {
        var places = new ArrowBuffer[buffers.Count];
        long body = 0;
        for (int i = 0; i < places.Length; i++)
        {
            places[i] = new ArrowBuffer(body, buffers[i].Length);
            body += buffers[i].Length + ArrowBytes.Padding(buffers[i].Length, ArrowBytes.BodyAlignment);
        }

        long start = _position;
        WriteMessage(MessageMetadata.Write(new BatchLayout(rows, [.. nulls.Select(count => new ArrowNode(rows, count))], places), body));
        _blocks.Add(new ArrowBlock(start, (int)(_position - start), body));
        foreach (ReadOnlyMemory<byte> buffer in buffers)
        {
            Write(buffer.Span);
            Write(new byte[ArrowBytes.Padding(buffer.Length, ArrowBytes.BodyAlignment)]);
        }
    }

    private void WriteBatch()
    {
        int rows = _columns[0].Length;
        if (_columns.Any(column => column.Length != rows))
        {
            throw new InvalidOperationException("a row has not one value for each column");
        }

        WriteBatch(rows, [.. _columns.Select(column => column.Nulls)], [.. _columns.SelectMany(column => column.Buffers())]);
        foreach (ColumnBuilder column in _columns)
        {
            column.Clear();
        }
    }

    private void WriteMessage(byte[] metadata)
    {
        int padding = ArrowBytes.Padding(metadata.Length, ArrowBytes.Alignment);
        Span<byte> prefix = stackalloc byte[ArrowBytes.Prefix];
        BinaryPrimitives.WriteUInt32LittleEndian(prefix, ArrowBytes.Continuation);
        BinaryPrimitives.WriteInt32LittleEndian(prefix[sizeof(uint)..], metadata.Length + padding);
        Write(prefix);
        Write(metadata);
        Write(new byte[padding]);
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        _stream.Write(bytes);
        _position += bytes.Length;
    }
}

/// <summary>The numbers of the encapsulation, for writer and readers.</summary>
internal static class ArrowBytes
{
    /// <summary>Before each message, and before the zero that ends a stream.</summary>
    public const uint Continuation = 0xFFFFFFFF;

    /// <summary>Continuation and length of the metadata.</summary>
    public const int Prefix = 8;

    /// <summary>Messages and bodies begin at multiples of this.</summary>
    public const int Alignment = 8;

    /// <summary>Buffers begin in their body at multiples of this, as the specification recommends.</summary>
    public const int BodyAlignment = 64;

    /// <summary>First and last bytes of a file.</summary>
    public static ReadOnlySpan<byte> Magic => "ARROW1"u8;

    public static int Padding(long length, int multiple) => (int)((multiple - (length % multiple)) % multiple);
}
