using System.Buffers.Binary;

namespace Bedside.Extract.Arrow;

/// <summary>Where a buffer lies in the body of its message; bytes.</summary>
internal readonly record struct ArrowBuffer(long Offset, long Length);

/// <summary>How many values a column has in a batch, and how many of them are missing.</summary>
internal readonly record struct ArrowNode(long Length, long Nulls);

/// <summary>Where a batch lies in a file: where it begins, bytes before its body, bytes of its body.</summary>
internal readonly record struct ArrowBlock(long Offset, int MetadataBytes, long BodyBytes);

/// <summary>What a message says of a batch.</summary>
internal sealed record BatchLayout(long Rows, IReadOnlyList<ArrowNode> Nodes, IReadOnlyList<ArrowBuffer> Buffers);

/// <summary>A message without its body: exactly one of <paramref name="Schema"/> and <paramref name="Batch"/> is there.</summary>
internal sealed record ArrowMessage(ArrowSchema? Schema, BatchLayout? Batch, long BodyBytes);

/// <summary>Messages and footers as Message.fbs and File.fbs of the format specification lay them out: written and read here and nowhere else.</summary>
internal static class MessageMetadata
{
    private const short Version4 = 3;
    private const short Version5 = 4;

    // table Message

    private const int Version = 0;
    private const int HeaderKind = 1;
    private const int Header = 2;
    private const int BodyLength = 3;

    // union MessageHeader

    private const byte HeaderSchema = 1;
    private const byte HeaderBatch = 3;

    // table RecordBatch

    private const int Rows = 0;
    private const int Nodes = 1;
    private const int Buffers = 2;
    private const int Compression = 3;
    private const int PairBytes = 16;

    // table Footer

    private const int FooterSchema = 1;
    private const int FooterDictionaries = 2;
    private const int FooterBatches = 3;
    private const int BlockBytes = 24;

    public static byte[] Write(ArrowSchema schema) => Message(HeaderSchema, SchemaMetadata.Write(schema), 0);

    public static byte[] Write(BatchLayout batch, long bodyBytes) => Message(
        HeaderBatch,
        new FlatTable().Int64(Rows, batch.Rows)
            .Structs(Nodes, batch.Nodes.Count, Pairs(batch.Nodes.Select(node => (node.Length, node.Nulls))))
            .Structs(Buffers, batch.Buffers.Count, Pairs(batch.Buffers.Select(buffer => (buffer.Offset, buffer.Length)))),
        bodyBytes);

    public static ArrowMessage Read(ReadOnlyMemory<byte> bytes)
    {
        var message = FlatView.Root(bytes);
        CheckVersion(message.Int16(Version));
        FlatView header = message.Table(Header) ?? throw new ArrowException("a message has no header");
        long body = message.Int64(BodyLength);
        return message.Int8(HeaderKind) switch
        {
            HeaderSchema => new ArrowMessage(SchemaMetadata.Read(header), Batch: null, body),
            HeaderBatch => new ArrowMessage(Schema: null, ReadBatch(header), body),
            byte other => throw new ArrowException($"a message is of a kind outside of the subset (MessageHeader {other})"),
        };
    }

    public static byte[] WriteFooter(ArrowSchema schema, IReadOnlyList<ArrowBlock> batches)
    {
        byte[] blocks = new byte[BlockBytes * batches.Count];
        for (int i = 0; i < batches.Count; i++)
        {
            Span<byte> block = blocks.AsSpan(BlockBytes * i);
            BinaryPrimitives.WriteInt64LittleEndian(block, batches[i].Offset);
            BinaryPrimitives.WriteInt32LittleEndian(block[8..], batches[i].MetadataBytes);
            BinaryPrimitives.WriteInt64LittleEndian(block[16..], batches[i].BodyBytes);
        }

        return new FlatTable().Int16(Version, Version5).Table(FooterSchema, SchemaMetadata.Write(schema)).Structs(FooterDictionaries, 0, []).Structs(FooterBatches, batches.Count, blocks).ToBytes();
    }

    public static (ArrowSchema Schema, IReadOnlyList<ArrowBlock> Batches) ReadFooter(ReadOnlyMemory<byte> bytes)
    {
        var footer = FlatView.Root(bytes);
        CheckVersion(footer.Int16(Version));
        if (footer.Structs(FooterDictionaries, BlockBytes).Length > 0)
        {
            throw new ArrowException("the file has dictionaries, which are outside of the subset");
        }

        ReadOnlyMemory<byte> blocks = footer.Structs(FooterBatches, BlockBytes);
        var batches = new ArrowBlock[blocks.Length / BlockBytes];
        for (int i = 0; i < batches.Length; i++)
        {
            ReadOnlySpan<byte> block = blocks.Span[(BlockBytes * i)..];
            batches[i] = new ArrowBlock(BinaryPrimitives.ReadInt64LittleEndian(block), BinaryPrimitives.ReadInt32LittleEndian(block[8..]), BinaryPrimitives.ReadInt64LittleEndian(block[16..]));
        }

        return (SchemaMetadata.Read(footer.Table(FooterSchema) ?? throw new ArrowException("the footer has no schema")), batches);
    }

    private static byte[] Message(byte kind, FlatTable header, long bodyBytes) =>
        new FlatTable().Int16(Version, Version5).Int8(HeaderKind, kind).Table(Header, header).Int64(BodyLength, bodyBytes).ToBytes();

    private static BatchLayout ReadBatch(FlatView batch)
    {
        if (batch.Has(Compression))
        {
            throw new ArrowException("a batch is compressed, which is outside of the subset");
        }

        return new BatchLayout(
            batch.Int64(Rows),
            [.. ReadPairs(batch.Structs(Nodes, PairBytes)).Select(pair => new ArrowNode(pair.First, pair.Second))],
            [.. ReadPairs(batch.Structs(Buffers, PairBytes)).Select(pair => new ArrowBuffer(pair.First, pair.Second))]);
    }

    /// <summary>V4 and V5 differ in unions alone, and the subset has none.</summary>
    private static void CheckVersion(short version)
    {
        if (version is not (Version4 or Version5))
        {
            throw new ArrowException($"the metadata are of version V{version + 1}; V4 and V5 are read");
        }
    }

    private static byte[] Pairs(IEnumerable<(long First, long Second)> pairs)
    {
        (long First, long Second)[] all = [.. pairs];
        byte[] bytes = new byte[PairBytes * all.Length];
        for (int i = 0; i < all.Length; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(PairBytes * i), all[i].First);
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan((PairBytes * i) + 8), all[i].Second);
        }

        return bytes;
    }

    private static (long First, long Second)[] ReadPairs(ReadOnlyMemory<byte> bytes)
    {
        var pairs = new (long First, long Second)[bytes.Length / PairBytes];
        for (int i = 0; i < pairs.Length; i++)
        {
            ReadOnlySpan<byte> pair = bytes.Span[(PairBytes * i)..];
            pairs[i] = (BinaryPrimitives.ReadInt64LittleEndian(pair), BinaryPrimitives.ReadInt64LittleEndian(pair[8..]));
        }

        return pairs;
    }
}
