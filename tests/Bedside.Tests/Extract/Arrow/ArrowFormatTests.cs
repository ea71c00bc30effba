using System.Buffers.Binary;
using Bedside.Extract.Arrow;

namespace Bedside.Tests.Extract.Arrow;

public sealed class ArrowFormatTests
{
    private const string GoldenFile = "tests/vectors/arrow/small.arrow";
    private const string GoldenStream = "tests/vectors/arrow/small.arrows";

    [Fact]
    public void Any_table_is_read_back_as_it_was_written_as_a_stream_and_as_a_file()
    {
        for (int seed = 0; seed < 300; seed++)
        {
            var table = RandomTable.Of(seed);
            int mostRows = new Random(seed).Next(1, 300);

            var stream = new ArrowStreamReader(new MemoryStream(table.ToBytes(ArrowForm.Stream, mostRows)));
            Assert.True(table.Schema.IsSame(stream.Schema), $"seed {seed}");
            var rows = new List<object?[]>();
            while (stream.Read() is { } batch)
            {
                Assert.InRange(batch.Rows, 1, mostRows);
                rows.AddRange(RandomTable.RowsOf(batch));
            }

            var file = new ArrowFileReader(new MemoryStream(table.ToBytes(ArrowForm.File, mostRows)));
            Assert.True(table.Schema.IsSame(file.Schema), $"seed {seed}");
            Assert.Equal((table.Rows.Length + mostRows - 1) / mostRows, file.Batches);
            object?[] cells = [.. table.Rows.SelectMany(row => row)];
            Assert.True(cells.SequenceEqual(rows.SelectMany(row => row)), $"seed {seed}, stream");
            Assert.True(cells.SequenceEqual(file.ReadAll().SelectMany(RandomTable.RowsOf).SelectMany(row => row)), $"seed {seed}, file");
        }
    }

    [Fact]
    public void The_same_rows_are_the_same_bytes()
    {
        for (int seed = 0; seed < 50; seed++)
        {
            Assert.Equal(RandomTable.Of(seed).ToBytes(ArrowForm.File, 100), RandomTable.Of(seed).ToBytes(ArrowForm.File, 100));
        }
    }

    [Fact]
    public void A_file_holds_the_stream_of_the_same_rows_between_its_magic_and_its_footer()
    {
        var table = RandomTable.Of(7);
        byte[] stream = table.ToBytes(ArrowForm.Stream, 100);
        byte[] file = table.ToBytes(ArrowForm.File, 100);

        Assert.Equal("ARROW1\0\0"u8.ToArray(), file[..8]);
        Assert.Equal(stream, file[8..(8 + stream.Length)]);
        Assert.Equal("ARROW1"u8.ToArray(), file[^6..]);
        Assert.Equal(file.Length, 8 + stream.Length + BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(file.Length - 10)) + 10);
    }

    [Fact]
    public void Damage_is_refused_and_never_runs_out_of_the_bytes()
    {
        int refused = 0;
        for (int seed = 0; seed < 120; seed++)
        {
            var table = RandomTable.Of(seed);
            foreach (ArrowForm form in Enum.GetValues<ArrowForm>())
            {
                byte[] whole = table.ToBytes(form, 200);
                var random = new Random(seed);
                for (int round = 0; round < 50; round++)
                {
                    refused += Reads(form, Damaged(random, whole)) ? 0 : 1;
                }
            }
        }

        Assert.InRange(refused, 4000, 12_000);
    }

    [Fact]
    public void A_file_that_ends_early_is_no_file_and_a_stream_keeps_its_whole_batches()
    {
        var table = RandomTable.Of(5);
        byte[] file = table.ToBytes(ArrowForm.File, 50);
        byte[] stream = table.ToBytes(ArrowForm.Stream, 50);
        for (int length = 0; length < file.Length; length++)
        {
            Assert.Throws<ArrowException>(() => new ArrowFileReader(new MemoryStream(file[..length])));
        }

        for (int length = 0; length < stream.Length; length += 7)
        {
            _ = Reads(ArrowForm.Stream, stream[..length]);
        }
    }

    [Theory]
    [InlineData(0x7FFFFFFF)]
    [InlineData(-1)]
    [InlineData(-8)]
    [InlineData(1 << 24)]
    public void A_length_that_is_not_there_takes_no_memory(int length)
    {
        byte[] stream = RandomTable.Of(1).ToBytes(ArrowForm.Stream, 100);
        BinaryPrimitives.WriteInt32LittleEndian(stream.AsSpan(4), length);
        long before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Throws<ArrowException>(() => new ArrowStreamReader(new MemoryStream(stream)));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8 * 1024 * 1024);
    }

    [Fact]
    public void What_the_subset_has_not_is_named()
    {
        byte[] Message(FlatTable header, byte kind, short version = 4) => Encapsulated(new FlatTable().Int16(0, version).Int8(1, kind).Table(2, header).Int64(3, 0).ToBytes());
        FlatTable Field(byte type, FlatTable table) => new FlatTable().Text(0, "x").Int8(1, 1).Int8(2, type).Table(3, table);
        FlatTable Schema(FlatTable field) => new FlatTable().Int16(0, 0).Tables(1, [field]);

        Assert.Contains("Type 7", Refusal(Message(Schema(Field(7, new FlatTable().Int32(0, 38))), 1)), StringComparison.Ordinal);
        Assert.Contains("Type 10", Refusal(Message(Schema(Field(10, new FlatTable().Int16(0, 1))), 1)), StringComparison.Ordinal);
        Assert.Contains("dictionary", Refusal(Message(Schema(Field(5, new FlatTable()).Table(4, new FlatTable())), 1)), StringComparison.Ordinal);
        Assert.Contains("nested", Refusal(Message(Schema(Field(5, new FlatTable()).Tables(5, [Field(5, new FlatTable())])), 1)), StringComparison.Ordinal);
        Assert.Contains("big-endian", Refusal(Message(new FlatTable().Int16(0, 1).Tables(1, []), 1)), StringComparison.Ordinal);
        Assert.Contains("V3", Refusal(Message(Schema(Field(5, new FlatTable())), 1, version: 2)), StringComparison.Ordinal);
        Assert.Contains("MessageHeader 2", Refusal(Message(new FlatTable(), 2)), StringComparison.Ordinal);
        byte[] schema = Message(Schema(Field(5, new FlatTable())), 1);
        Assert.Contains("compressed", Refusal([.. schema, .. Message(new FlatTable().Int64(0, 0).Table(3, new FlatTable()), 3)]), StringComparison.Ordinal);
        Assert.Contains("second schema", Refusal([.. schema, .. schema]), StringComparison.Ordinal);
    }

    [Fact]
    public void Texts_and_bits_that_contradict_themselves_are_refused()
    {
        Assert.Contains("not UTF-8", Refusal(OneText([0, 2], [0xC3, 0x28])), StringComparison.Ordinal);
        Assert.Contains("outside of its buffer", Refusal(OneText([0, 3], [0x61, 0x62])), StringComparison.Ordinal);
        Assert.Contains("outside of its buffer", Refusal(OneText([2, 1], [0x61, 0x62])), StringComparison.Ordinal);
        Assert.Contains("its bits say 0", Refusal(OneText([0, 1], [0x61], nulls: 1, bits: [1])), StringComparison.Ordinal);
        Assert.Equal("", Refusal(OneText([0, 1], [0x61])));
    }

    /// <summary>BEDSIDE_GOLDEN=write writes them anew. They are also what programs of others are asked to read (ArrowInteropTests).</summary>
    [Theory]
    [InlineData(GoldenFile, ArrowForm.File)]
    [InlineData(GoldenStream, ArrowForm.Stream)]
    public void A_small_table_is_these_bytes(string path, ArrowForm form)
    {
        byte[] bytes = SmallTable.ToBytes(form);
        if (Environment.GetEnvironmentVariable("BEDSIDE_GOLDEN") == "write")
        {
            File.WriteAllBytes(Repository.PathOf(path), bytes);
        }

        Assert.Equal(File.ReadAllBytes(Repository.PathOf(path)), bytes);
        Assert.Equal(0, BitConverter.ToInt32(bytes, form == ArrowForm.File ? 12 : 4) % 8);
    }

    [Fact]
    public void A_value_that_does_not_fit_its_column_is_not_cut()
    {
        var builder = new ColumnBuilder(new ArrowField("x", ArrowKind.Int8));

        Assert.Throws<OverflowException>(() => builder.Append(128));
    }

    private static bool Reads(ArrowForm form, byte[] bytes)
    {
        try
        {
            if (form == ArrowForm.File)
            {
                foreach (ArrowBatch batch in new ArrowFileReader(new MemoryStream(bytes)).ReadAll())
                {
                    RandomTable.ReadAll(batch);
                }
            }
            else
            {
                var reader = new ArrowStreamReader(new MemoryStream(bytes));
                while (reader.Read() is { } batch)
                {
                    RandomTable.ReadAll(batch);
                }
            }

            return true;
        }
        catch (ArrowException)
        {
            return false;
        }
    }

    /// <summary>Flipped bits, extreme numbers, a piece gone, a piece twice, or the end gone.</summary>
    private static byte[] Damaged(Random random, byte[] whole)
    {
        byte[] bytes = [.. whole];
        int at = random.Next(3) == 0 ? random.Next(Math.Min(400, bytes.Length)) : random.Next(bytes.Length);
        switch (random.Next(5))
        {
            case 0:
                bytes[at] ^= (byte)(1 << random.Next(8));
                return bytes;
            case 1:
                int[] extremes = [int.MaxValue, int.MinValue, -1, 0, 1, 0x10000];
                BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(Math.Max(0, Math.Min(at & ~3, bytes.Length - 4))), extremes[random.Next(extremes.Length)]);
                return bytes;
            case 2:
                return [.. bytes[..at], .. bytes[Math.Min(bytes.Length, at + random.Next(1, 64))..]];
            case 3:
                return [.. bytes[..at], .. bytes[Math.Max(0, at - random.Next(1, 64))..]];
            default:
                return bytes[..at];
        }
    }

    private static string Refusal(byte[] stream)
    {
        try
        {
            var reader = new ArrowStreamReader(new MemoryStream(stream));
            while (reader.Read() is not null)
            {
            }

            return string.Empty;
        }
        catch (ArrowException refused)
        {
            return refused.Message;
        }
    }

    private static byte[] Encapsulated(byte[] metadata)
    {
        byte[] message = new byte[8 + ((metadata.Length + 7) / 8 * 8)];
        BinaryPrimitives.WriteUInt32LittleEndian(message, 0xFFFFFFFF);
        BinaryPrimitives.WriteInt32LittleEndian(message.AsSpan(4), message.Length - 8);
        metadata.CopyTo(message, 8);
        return message;
    }

    /// <summary>One row of text with these offsets, bytes and bits of validity.</summary>
    private static byte[] OneText(int[] offsets, byte[] text, int nulls = 0, byte[]? bits = null)
    {
        byte[] body = new byte[24];
        (bits ?? []).CopyTo(body, 0);
        BinaryPrimitives.WriteInt32LittleEndian(body.AsSpan(8), offsets[0]);
        BinaryPrimitives.WriteInt32LittleEndian(body.AsSpan(12), offsets[1]);
        text.CopyTo(body, 16);
        var layout = new BatchLayout(1, [new ArrowNode(1, nulls)], [new ArrowBuffer(0, bits?.Length ?? 0), new ArrowBuffer(8, 8), new ArrowBuffer(16, text.Length)]);
        return [.. Encapsulated(MessageMetadata.Write(new ArrowSchema([new ArrowField("x", ArrowKind.Utf8)], []))), .. Encapsulated(MessageMetadata.Write(layout, body.Length)), .. body];
    }
}
