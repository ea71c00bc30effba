using System.Buffers.Binary;

namespace Bedside.Extract.Arrow;

/// <summary>
/// Reads a table from Arrow IPC in the form of a stream (ARROW.md), from the beginning to the end. Whatever is not of the
/// subset, not whole or not consistent is an <see cref="ArrowException"/>; bytes are taken into memory as they come, never
/// because a length says so.
/// </summary>
public sealed class ArrowStreamReader
{
    private readonly MessageSource _messages;

    public ArrowStreamReader(Stream stream)
    {
        _messages = new MessageSource(stream);
        Schema = _messages.Next() switch
        {
            { Message.Schema: { } schema } => schema,
            _ => throw new ArrowException("the stream does not begin with a schema"),
        };
    }

    public ArrowSchema Schema { get; }

    /// <summary>The next batch; null = the stream has ended, by its mark or between two messages.</summary>
    public ArrowBatch? Read() => _messages.Next() switch
    {
        null => null,
        { Message.Batch: { } layout, Body: var body } => BatchBody.Read(Schema, layout, body),
        _ => throw new ArrowException("the stream has a second schema"),
    };
}

/// <summary>A message with its body.</summary>
internal sealed record WholeMessage(ArrowMessage Message, ReadOnlyMemory<byte> Body);

/// <summary>Takes messages off a stream of bytes.</summary>
internal sealed class MessageSource(Stream stream)
{
    /// <summary>Longer metadata are refused.</summary>
    public const int MostMetadataBytes = 16 * 1024 * 1024;

    /// <summary>Longer bodies are refused.</summary>
    public const long MostBodyBytes = 1024 * 1024 * 1024;

    private const int ChunkBytes = 1024 * 1024;

    /// <summary>Null = the end.</summary>
    public WholeMessage? Next()
    {
        byte[] prefix = new byte[ArrowBytes.Prefix];
        int got = stream.ReadAtLeast(prefix, prefix.Length, throwOnEndOfStream: false);
        if (got == 0)
        {
            return null;
        }

        if (got < prefix.Length || BinaryPrimitives.ReadUInt32LittleEndian(prefix) != ArrowBytes.Continuation)
        {
            throw new ArrowException("there is no message where one should begin");
        }

        int length = BinaryPrimitives.ReadInt32LittleEndian(prefix.AsSpan(sizeof(uint)));
        if (length == 0)
        {
            return null;
        }

        if (length is < 0 or > MostMetadataBytes)
        {
            throw new ArrowException($"metadata of {length} bytes; {MostMetadataBytes} is the most");
        }

        ArrowMessage message = MessageMetadata.Read(Take(length));
        return message.BodyBytes is >= 0 and <= MostBodyBytes
            ? new WholeMessage(message, Take((int)message.BodyBytes))
            : throw new ArrowException($"a body of {message.BodyBytes} bytes; {MostBodyBytes} is the most");
    }

    private byte[] Take(int length)
    {
        byte[] bytes = new byte[Math.Min(length, ChunkBytes)];
        int got = 0;
        while (got < length)
        {
            if (got == bytes.Length)
            {
                Array.Resize(ref bytes, (int)Math.Min(length, 2L * bytes.Length));
            }

            int now = stream.Read(bytes.AsSpan(got));
            if (now == 0)
            {
                throw new ArrowException($"the bytes end {length - got} before their message does");
            }

            got += now;
        }

        return bytes;
    }
}

/// <summary>Cuts the body of a batch into columns.</summary>
internal static class BatchBody
{
    public static ArrowBatch Read(ArrowSchema schema, BatchLayout layout, ReadOnlyMemory<byte> body)
    {
        if (layout.Nodes.Count != schema.Fields.Count || layout.Buffers.Count != schema.Fields.Sum(field => field.Type.Buffers))
        {
            throw new ArrowException("a batch has not the columns of the schema");
        }

        if (layout.Rows is < 0 or > int.MaxValue)
        {
            throw new ArrowException($"a batch of {layout.Rows} rows");
        }

        var columns = new ArrowColumn[schema.Fields.Count];
        int buffer = 0;
        for (int i = 0; i < columns.Length; i++)
        {
            ArrowField field = schema.Fields[i];
            ArrowNode node = layout.Nodes[i];
            if (node.Length != layout.Rows || node.Nulls < 0 || node.Nulls > node.Length)
            {
                throw new ArrowException($"column {field.Name} has {node.Length} values, {node.Nulls} of them missing, in a batch of {layout.Rows} rows");
            }

            columns[i] = new ArrowColumn(field, (int)node.Length, (int)node.Nulls, [.. layout.Buffers.Skip(buffer).Take(field.Type.Buffers).Select(place => Cut(body, place))]);
            buffer += field.Type.Buffers;
        }

        return new ArrowBatch((int)layout.Rows, columns);
    }

    private static ReadOnlyMemory<byte> Cut(ReadOnlyMemory<byte> body, ArrowBuffer place) =>
        place.Offset >= 0 && place.Length >= 0 && place.Length <= body.Length && place.Offset <= body.Length - place.Length
            ? body.Slice((int)place.Offset, (int)place.Length)
            : throw new ArrowException("a buffer lies outside of the body of its batch");
}
