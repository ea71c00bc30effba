using Bedside.Model;
using Bedside.Storage;
using Bedside.Storage.Disk;
using Bedside.Storage.Files;
using Bedside.Storage.Index;
using Bedside.Storage.Journal;

namespace Bedside.Tests.Storage;

/// <summary>
/// What journals of this version are, by a golden file, by hand, and by what is refused. BEDSIDE_WRITE_VECTORS=1 writes the golden
/// file anew; a commit that does so explains why.
/// </summary>
public sealed class JournalFormatTests
{
    private const ulong First = 0x2A_00_0001;
    private const int FirstVersionHeadBytes = 4096;

    private static readonly string Golden = Repository.PathOf("tests/vectors/journal/window.bin");

    [Fact]
    public void TheGoldenWindowHoldsOneBlockOfEachKind()
    {
        PendingBlock[] blocks = [.. VectorBlocks.All.Values.Select((block, i) => Pending(block, First + (ulong)i))];
        if (Environment.GetEnvironmentVariable("BEDSIDE_WRITE_VECTORS") == "1")
        {
            File.WriteAllBytes(Golden, Window.Pack(First, First + (ulong)blocks.Length, First - 1, [.. blocks.Select(one => new WindowPart(one.Entry, one.Bytes))]));
        }

        // The bytes may be others where the compressor is another: what they hold may not.
        var window = Window.Unpack(First, File.ReadAllBytes(Golden));
        Assert.Equal((First + (ulong)blocks.Length, First - 1), (window.Next, window.Follows));
        Assert.Equal(blocks.Select(one => one.Number), Enumerable.Range(0, window.Count).Select(window.NumberOf));
        Assert.All(blocks, (one, place) => Assert.Equal(one.Bytes, window.Part(place)));
    }

    /// <summary>Hand-assembled from FORMAT.md, so that a slip in writer and reader alike is seen.</summary>
    [Fact]
    public void AWindowAssembledByHandFromTheDocumentUnpacks()
    {
        byte[] bytes = Convert.FromHexString(string.Concat(
            "00", "00", "0200", "03000000", // not packed, 2 parts, numbers 42 to 44
            "2900000000000000", "0C000000", "0C000000", // behind number 41; 12 bytes of heads
            "00", "02", "03", "A1A2", // number 42: 2 bytes of head, 3 of body
            "02", "04", "01", "B1B2B3B4", // number 44: 4 of head, 1 of body
            "C1C2C3", "D1"));
        var window = Window.Unpack(42, bytes);
        Assert.Equal((42ul, 45ul, 41ul, 2), (window.First, window.Next, window.Follows, window.Count));
        Assert.Equal((42ul, 44ul), (window.NumberOf(0), window.NumberOf(1)));
        Assert.Equal("A1A2C1C2C3", Convert.ToHexString(window.Part(0)));
        Assert.Equal("B1B2B3B4D1", Convert.ToHexString(window.Part(1)));
    }

    [Fact]
    public void AJournalOfAnotherVersionIsNamedAndLeftAsItIs()
    {
        var disk = new FaultyDisk(new Random(1));
        var identity = new FileIdentity(FileKind.Journal, 1);
        byte[] content = new byte[32 << 10];
        byte[] head = new FileHead(identity, Bed.Start, 0, 0, 0).ToBytes();
        BitConverter.TryWriteBytes(head.AsSpan(12), (ushort)1);
        BitConverter.TryWriteBytes(head.AsSpan(8), Crc32C.Of(identity, 0, head.AsSpan(12..FirstVersionHeadBytes)));

        // The head of that version was one page; the frames followed it.
        head.AsSpan(0, FirstVersionHeadBytes).CopyTo(content);
        byte[] block = BlockCodec.Encode(SampleBlocks.Of(1, 2, 3));
        _ = Frame.Write(content.AsSpan(FirstVersionHeadBytes), identity, FirstVersionHeadBytes, 1 << 24, block);
        disk.Replace(identity.Name, [.. content]);

        using (var engine = new StoreEngine(disk, new StoreOptions { JournalBytes = 32 << 10 }, new StepClock(), isReadOnly: false))
        {
            Assert.Equal(1, engine.Health.Damaged);
            Assert.Contains("of version 1, and this program reads version 2", engine.Health.LastError, StringComparison.Ordinal);
            Assert.False(engine.SealNext(CancellationToken.None));
            engine.TidyUp();
            Assert.True(engine.Journal.NextNumber >= 2 << 24);
        }

        Assert.Equal(content, disk.Content(identity.Name));
        Assert.Contains("version 1", Assert.Single(Verification.Run(disk, CancellationToken.None).Damaged).What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EverySecondOfASmallBedIsOnePage_AndNothingIsWrittenTwiceToOnePlace()
    {
        var disk = new CountingDisk();
        using var engine = new StoreEngine(disk, new StoreOptions { JournalBytes = 1 << 20 }, new StepClock(), isReadOnly: false, sync: null, new FaultyDisk(new Random(1)));
        var bed = new Bed(1);
        for (int turn = 1; turn <= 200; turn++)
        {
            Assert.All(bed.Next(), block => Assert.True(engine.Journal.Stage(block)));
            await engine.Journal.WriteAsync();
            if (turn % 4 == 0)
            {
                int before = disk.Pages.Count;
                Assert.True(engine.Journal.BeginSync(Bed.Start));
                await engine.Journal.SettleAsync();
                Assert.Equal(1, disk.Pages.Count - before);
            }
        }

        Assert.Equal(disk.Pages.Count, disk.Pages.Distinct().Count());
    }

    private static PendingBlock Pending(Block block, ulong number)
    {
        byte[] bytes = BlockCodec.Encode(block);
        return new PendingBlock(BlockEntry.Of(block, bytes, number, 0), block, bytes, 0);
    }

    /// <summary>A disk that notes which pages of journals are written once they have their name.</summary>
    private sealed class CountingDisk : IDisk
    {
        private readonly FaultyDisk _disk = new(new Random(1));

        public List<(string Name, long Page)> Pages { get; } = [];

        public IReadOnlyList<string> Names() => _disk.Names();

        public IDiskFile Open(string name, DiskAccess access) => new CountingFile(this, name, _disk.Open(name, access));

        public void Rename(string from, string to) => _disk.Rename(from, to);

        public void Delete(string name) => _disk.Delete(name);

        public void Sync() => _disk.Sync();

        private sealed class CountingFile(CountingDisk disk, string name, IDiskFile file) : IDiskFile
        {
            public long Length => file.Length;

            public int Read(long offset, Span<byte> bytes) => file.Read(offset, bytes);

            public void Write(long offset, ReadOnlySpan<byte> bytes)
            {
                if (offset >= FileHead.JournalBytes && bytes.Length < 1 << 16 && name.StartsWith("journal", StringComparison.Ordinal))
                {
                    Assert.Equal(0, (offset | (long)bytes.Length) % PageBuffer.PageBytes);
                    disk.Pages.AddRange(Enumerable.Range(0, bytes.Length / PageBuffer.PageBytes).Select(page => (name, (offset / PageBuffer.PageBytes) + page)));
                }

                file.Write(offset, bytes);
            }

            public void Sync() => file.Sync();

            public void Dispose() => file.Dispose();
        }
    }
}
