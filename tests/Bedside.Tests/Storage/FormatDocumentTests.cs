using System.Globalization;
using Bedside.Storage;
using Bedside.Storage.Coding;
using Bedside.Storage.Evidence;
using Bedside.Storage.Files;
using Bedside.Storage.Index;
using Bedside.Storage.Journal;
using Bedside.Storage.Keys;
using Bedside.Storage.Segments;
using Bedside.Storage.Stays;

namespace Bedside.Tests.Storage;

/// <summary>Ties FORMAT.md to the code.</summary>
public sealed class FormatDocumentTests
{
    private static readonly string Document = File.ReadAllText(Repository.PathOf("storage/Bedside.Storage/FORMAT.md"));

    [Fact]
    public void TheNumbersOfTheDocumentAreThoseOfTheCode()
    {
        var expected = new Dictionary<string, long>
        {
            ["block version"] = BlockCodec.Version,
            ["block header bytes"] = BlockCodec.HeaderBytes,
            ["block bytes at most"] = BlockCodec.MaximumBytes,
            ["samples at most"] = SamplePayload.MaximumCount,
            ["samples fixed bytes"] = SamplePayload.FixedBytes,
            ["reading bytes"] = ReadingsPayload.ReadingBytes,
            ["readings at most"] = ReadingsPayload.MaximumCount,
            ["dense samples at most"] = DenseSamples.MaximumCount,
            ["dense values at most"] = DenseSamples.MaximumValues,
            ["dense symbols"] = RangeTables.Symbols,
            ["dense direct symbols"] = DenseSamples.DirectSymbols,
            ["dense frequency scale"] = RangeTables.Scale,
            ["dense order at most"] = Predictor.HighestOrder,
            ["journal version"] = FileHead.JournalVersion,
            ["segment version"] = FileHead.SegmentVersion,
            ["tail version"] = FileHead.TailVersion,
            ["evidence version"] = FileHead.EvidenceVersion,
            ["book of stays version"] = FileHead.StaysVersion,
            ["event of a stay bytes"] = StayCoding.EventBytes,
            ["text of an event bytes at most"] = StayCoding.MostTextBytes,
            ["number bits of a run of the book"] = StayLogWriter.NumberBitsOfRun,
            ["evidence window head bytes"] = EvidenceWindow.HeadBytes,
            ["tick of evidence ns"] = EvidenceCoding.TickNanoseconds,
            ["clock tolerance of evidence ns"] = EvidenceCoding.ClockToleranceNanoseconds,
            ["chunk of evidence bytes at most"] = EvidenceCoding.MostChunkBytes,
            ["ports of a window at most"] = EvidenceCoding.MostPorts,
            ["number bits of a run of evidence"] = EvidenceWriter.NumberBitsOfRun,
            ["file of evidence bytes at most"] = EvidenceOptions.MostFileBytes,
            ["frame header bytes"] = Frame.HeaderBytes,
            ["frame alignment"] = Frame.Alignment,
            ["journal head bytes"] = FileHead.JournalBytes,
            ["file of keys version"] = KeyFile.Version,
            ["file of keys head bytes"] = KeyFile.HeadBytes,
            ["stay bytes"] = KeyFile.StayBytes,
            ["stays at most"] = KeyFile.MostStays,
            ["encrypted segment version"] = EncryptedHead.Version,
            ["encrypted segment head bytes"] = EncryptedHead.Bytes,
            ["encrypted page bytes"] = EncryptedPages.PageBytes,
            ["content of a page bytes"] = EncryptedPages.Payload,
            ["tag bytes"] = FileCipher.TagBytes,
            ["nonce bytes"] = FileCipher.NonceBytes,
            ["salt bytes"] = FileCipher.SaltBytes,
            ["segment head bytes"] = FileHead.SegmentBytes,
            ["tail head bytes"] = FileHead.TailBytes,
            ["window head bytes"] = Window.HeadBytes,
            ["window bytes at most"] = Window.MaximumBytes,
            ["life bytes"] = LifeMark.Bytes,
            ["directory row bytes"] = SegmentDirectory.RowBytes,
            ["trailer bytes"] = SegmentTrailer.Bytes,
            ["number bits of a file"] = Recovery.NumberBitsOfFile,
            ["directory head bytes"] = SegmentDirectory.HeadBytes,
            ["fine cell of samples ns"] = LaneCells.SampleNanoseconds,
            ["fine cell of readings ns"] = LaneCells.ReadingNanoseconds,
            ["middle cell ns"] = LaneCells.MiddleNanoseconds,
            ["wide cell ns"] = LaneCells.WideNanoseconds,
            ["joining tolerance ns"] = BlockMerge.ToleranceNanoseconds,
            ["joined samples ns at most"] = BlockMerge.SampleSpanNanoseconds,
            ["joined samples of a slow signal ns at most"] = BlockMerge.SlowSpanNanoseconds,
            ["few samples"] = BlockMerge.FewSamples,
            ["joined readings ns at most"] = BlockMerge.ReadingSpanNanoseconds,
        };
        string table = Document[Document.IndexOf("| constant | value |", StringComparison.Ordinal)..];
        var found = table.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Skip(2)
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .ToDictionary(cells => cells[1], cells => long.Parse(cells[2], CultureInfo.InvariantCulture));
        Assert.Equal(expected.OrderBy(pair => pair.Key, StringComparer.Ordinal), found.OrderBy(pair => pair.Key, StringComparer.Ordinal));
    }

    [Fact]
    public void TheNamesOfTheDocumentAreThoseOfTheCode()
    {
        string[] names = [FileNames.Lock, FileNames.SpareJournal, FileNames.Journal(42), FileNames.Segment(42), FileNames.Evidence(42), FileNames.Life, FileNames.Stays, FileNames.Keys, BoxKey.FileName, FileNames.Tail(0), FileNames.Tail(1), FileNames.Unfinished("*"), FileNames.Bad("*")];
        Assert.All(names, name => Assert.Contains($"| `{name}` |", Document, StringComparison.Ordinal));
        Assert.Equal(42ul, FileNames.SequenceOfJournal(FileNames.Journal(42)));
        Assert.Equal(42ul, FileNames.SequenceOfSegment(FileNames.Segment(42)));
        Assert.Equal(42ul, FileNames.SequenceOfBad(FileNames.Bad(FileNames.Segment(42))));
        Assert.Null(FileNames.SequenceOfSegment(FileNames.Bad(FileNames.Segment(42))));
    }

    [Fact]
    public void EveryKindHasItsNumberInTheDocument()
    {
        string row = Document.Split('\n').Single(line => line.StartsWith("| 3 alert", StringComparison.Ordinal));
        Assert.Equal(
            Enum.GetValues<BlockKind>().Where(kind => kind > BlockKind.Readings).Select(kind => $"{(int)kind} {kind.ToString().ToLowerInvariant()}"),
            row.Split('|', StringSplitOptions.TrimEntries)[1].Split('·', StringSplitOptions.TrimEntries));
    }

    [Fact]
    public void TheMagicsOfTheDocumentAreThoseOfTheFiles()
    {
        byte[] journal = new FileHead(new FileIdentity(FileKind.Journal, 1), default, 0, 0, 0).ToBytes();
        byte[] segment = new FileHead(new FileIdentity(FileKind.Segment, 1), default, 0, 0, 0).ToBytes();
        byte[] tail = new FileHead(new FileIdentity(FileKind.Tail, 1), default, 0, 0, 0).ToBytes();
        byte[] evidence = new FileHead(new FileIdentity(FileKind.Evidence, 1), default, 0, 0, 0).ToBytes();
        byte[] stays = new FileHead(new FileIdentity(FileKind.Stays, 1), default, 0, 0, 0).ToBytes();
        byte[] trailer = new SegmentTrailer(64, 64, 0).ToBytes(new FileIdentity(FileKind.Segment, 1), 104);
        byte[] encrypted = new byte[EncryptedHead.Bytes];
        new EncryptedHead(new FileIdentity(FileKind.Segment, 1), default, 0).Write(encrypted);
        byte[] keys = KeyFile.Encode(1, []);
        string[] magics = [.. new[] { journal[..8], segment[..8], tail[..8], evidence[..8], stays[..8], trailer[^8..], encrypted[..8], keys[..8] }.Select(System.Text.Encoding.ASCII.GetString)];
        Assert.All(magics, magic => Assert.Contains($"\"{magic}\"", Document, StringComparison.Ordinal));
    }

    [Fact]
    public void TheChecksumIsCastagnolis() => Assert.Equal(0xE306_9283u, Crc32C.Of("123456789"u8));

    [Fact]
    public void AFrameInAnotherPlaceOrFileIsNotTaken()
    {
        byte[] block = BlockCodec.Encode(SampleBlocks.Of(1, 2, 3));
        byte[] frame = new byte[Frame.TotalBytes(block.Length)];
        var file = new FileIdentity(FileKind.Journal, 7);
        _ = Frame.Write(frame, file, 4096, 9, block);
        Assert.True(Frame.TryRead(frame, file, 4096, out ulong number, out ReadOnlySpan<byte> read));
        Assert.Equal(9ul, number);
        Assert.True(read.SequenceEqual(block));
        Assert.False(Frame.TryRead(frame, file, 8192, out _, out _));
        Assert.False(Frame.TryRead(frame, file with { Sequence = 8 }, 4096, out _, out _));
        Assert.False(Frame.TryRead(frame, file with { Kind = FileKind.Segment }, 4096, out _, out _));
    }
}
