using System.Buffers.Binary;

namespace Bedside.Extract.Arrow;

/// <summary>Reads any batch of an Arrow IPC file through its footer (ARROW.md). Refuses like <see cref="ArrowStreamReader"/>.</summary>
public sealed class ArrowFileReader
{
    private readonly Stream _stream;
    private readonly IReadOnlyList<ArrowBlock> _blocks;
    private readonly long _bodiesEnd;

    /// <summary>Reads the footer. The stream must be able to seek and stays the caller's.</summary>
    public ArrowFileReader(Stream stream)
    {
        _stream = stream;
        int magic = ArrowBytes.Magic.Length;
        long tail = stream.Length - magic - sizeof(int);
        if (tail < ArrowBytes.Alignment || !At(0, magic).AsSpan().SequenceEqual(ArrowBytes.Magic) || !At(stream.Length - magic, magic).AsSpan().SequenceEqual(ArrowBytes.Magic))
        {
            throw new ArrowException("this is no Arrow file, or not a whole one: it does not begin and end with ARROW1");
        }

        int footer = BinaryPrimitives.ReadInt32LittleEndian(At(tail, sizeof(int)));
        _bodiesEnd = tail - footer;
        if (footer is <= 0 or > MessageSource.MostMetadataBytes || _bodiesEnd < ArrowBytes.Alignment)
        {
            throw new ArrowException($"a footer of {footer} bytes in a file of {stream.Length}");
        }

        (Schema, _blocks) = MessageMetadata.ReadFooter(At(_bodiesEnd, footer));
    }

    public ArrowSchema Schema { get; }

    public int Batches => _blocks.Count;

    public ArrowBatch Read(int batch)
    {
        ArrowBlock block = _blocks[batch];
        if (block.Offset < ArrowBytes.Alignment || block.MetadataBytes < ArrowBytes.Prefix || block.BodyBytes < 0
            || block.BodyBytes > _bodiesEnd || block.Offset > _bodiesEnd - block.MetadataBytes - block.BodyBytes)
        {
            throw new ArrowException($"batch {batch} lies outside of the file");
        }

        _stream.Position = block.Offset;
        return new MessageSource(_stream).Next() is { Message.Batch: { } layout, Body: var body } && body.Length == block.BodyBytes && _stream.Position == block.Offset + block.MetadataBytes + block.BodyBytes
            ? BatchBody.Read(Schema, layout, body)
            : throw new ArrowException($"batch {batch} is not where the footer says");
    }

    /// <summary>All batches in the order of the footer.</summary>
    public IEnumerable<ArrowBatch> ReadAll() => Enumerable.Range(0, Batches).Select(Read);

    private byte[] At(long position, int count)
    {
        byte[] bytes = new byte[count];
        _stream.Position = position;
        _stream.ReadExactly(bytes);
        return bytes;
    }
}
