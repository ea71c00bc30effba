using System.Text;
using Bedside.Ingest.Captures;
using Bedside.Ingest.Drivers;
using Bedside.Ingest.Links;
using Bedside.Model;
using FsCheck;
using FsCheck.Fluent;

namespace Bedside.Tests.Ingest.Captures;

public sealed class CaptureTextTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void TheExampleOfTheFormatReadsAsItSays()
    {
        string format = File.ReadAllText(Repository.PathOf("ingest/Captures/FORMAT.md"));
        int begin = format.IndexOf("    # Device: Example 1", StringComparison.Ordinal);
        string example = string.Join('\n', format[begin..format.IndexOf("\n\n", begin, StringComparison.Ordinal)].Split('\n').Select(line => line[4..])) + "\n";

        Recording recording = CaptureFile.Open(_folder.Write("example.cap", example));

        Assert.Equal(CaptureKind.Text, recording.Kind);
        Assert.Equal("Example 1", recording.Header.Device);
        Assert.Equal(CaptureOrigin.Synthetic, recording.Header.Origin);
        Assert.Equal(Transport.Serial, recording.Transport);
        Assert.Equal(new LineSettings(19200, 8, LineParity.Even, 1), recording.Header.Line);
        Assert.Empty(recording.Faults);
        List<Chunk> chunks = [.. recording.Chunks()];
        Assert.Equal(ChunkDirection.ToDevice, chunks[0].Direction);
        Assert.Equal("1B5136430D", Convert.ToHexString(chunks[0].Bytes.Span));
        Assert.Equal(14_250_000, chunks[1].ArrivedAt.Nanoseconds);
        Assert.Equal(30, chunks.Count(chunk => chunk.Bytes.IsEmpty));
        Assert.Equal(3_014_250_000, chunks[^1].ArrivedAt.Nanoseconds);
    }

    [Fact]
    public void WhatIsWrittenIsRead() => Prop.ForAll(
        ChunkSteps().ListOf().ToArbitrary(),
        steps =>
        {
            List<Chunk> written = Laid(steps);
            string path = _folder.PathOf("round.cap");
            var header = new CaptureHeader
            {
                Device = "Invented 7",
                Firmware = "1.0 (b)",
                Recorded = "2026-01-02T03:04:05.123456700Z",
                Origin = CaptureOrigin.Synthetic,
                Transport = Transport.Udp,
                Line = new LineSettings(115200, 7, LineParity.Odd, 2),
                Notes = "two\nlines: of notes",
                Others = [new("Site", "bench")],
            };
            using (var writer = CaptureWriter.Create(path, header, new MonotonicInstant(1_000)))
            {
                written.ForEach(chunk => writer.Write(chunk with { ArrivedAt = chunk.ArrivedAt.Add(1_000) }));
            }

            Recording recording = CaptureFile.Open(path);
            Assert.Empty(recording.Faults);
            Assert.Equal(header with { Others = [] }, recording.Header with { Others = [] });
            Assert.Equal(header.Others.AsEnumerable(), recording.Header.Others);
            Assert.Equal(1_767_323_045_123_456_700, recording.Header.Start?.UnixNanoseconds);
            Assert.Equal(written.Select(Said), recording.Main.Recorded().Select(Said));
            Assert.Equal(written.Select(Said), recording.Chunks().Where(chunk => !chunk.Bytes.IsEmpty).Select(Said));
            AssertTicks(recording);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void AFileCutAnywhereGivesWhatIsThere()
    {
        byte[] whole = Encoding.ASCII.GetBytes("# Origin: synthetic\n# Line: 9600 7O2\n0 01 02\n5 > 0a0b\n150000000 ff\n150000000\n");
        for (int length = 1; length < whole.Length; length++)
        {
            string path = _folder.Write("cut.cap", whole.AsSpan(0, length));
            try
            {
                Recording recording = CaptureFile.Open(path);
                Assert.Empty(recording.Chunks().Skip(4));
                Assert.Equal(whole[length - 1] != '\n' && length > 37, recording.Faults.Count > 0);
            }
            catch (CaptureFormatException refused)
            {
                Assert.Contains(path, refused.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void RandomBytesNeverThrowAnythingElse()
    {
        var random = new Random(7);
        foreach (string name in new[] { "a.cap", "b.bin", "c.hex" })
        {
            for (int i = 0; i < 200; i++)
            {
                byte[] bytes = new byte[random.Next(1, 600)];
                random.NextBytes(bytes);
                for (int j = 0; j < bytes.Length && i % 2 == 0; j++)
                {
                    bytes[j] = (byte)"0123456789abcdef >#:\n\r;\t-x"[bytes[j] % 26];
                }

                try
                {
                    Assert.All(CaptureFile.Open(_folder.Write(name, bytes)).Chunks().Take(10_000), chunk => Assert.True(chunk.ArrivedAt.Nanoseconds >= 0));
                }
                catch (CaptureFormatException refused)
                {
                    Assert.NotEmpty(refused.Remedy);
                }
            }
        }
    }

    [Fact]
    public void DamageIsSaidOncePerKindWithItsPlace()
    {
        Recording recording = CaptureFile.Open(_folder.Write("damaged.cap", "# Origin: real\n5 01\nxx\n4 02\n6 030\n7 0z\n8 04\n"));

        Assert.Equal(["01", "02", "03", "04"], recording.Main.Recorded().Select(chunk => Convert.ToHexString(chunk.Bytes.Span)));
        Assert.Equal([5L, 5L, 6L, 8L], recording.Main.Recorded().Select(chunk => chunk.ArrivedAt.Nanoseconds));
        Assert.Equal([(20L, 2L), (23L, 1L), (28L, 1L)], recording.Faults.Select(fault => (fault.Offset, fault.Count)));
    }

    [Fact]
    public void AnEndlessSilenceGivesTenMinutesOfTicks() =>
        Assert.Equal(6_001, CaptureFile.Open(_folder.Write("long.cap", "9000000000000000000 01\n")).Chunks().Count());

    [Fact]
    public void HexTextIsAChunkALine()
    {
        Recording recording = CaptureFile.Open(_folder.Write("a.hex", "# comment: 12\n\ne1 00 0A\n  ; more\nff01 # tail\r\n"));

        Assert.Equal(CaptureKind.Hex, recording.Kind);
        Assert.Null(recording.Transport);
        Assert.Equal(["E1000A", "FF01"], recording.Chunks().Select(chunk => Convert.ToHexString(chunk.Bytes.Span)));
    }

    [Theory]
    [InlineData("E1-00-0A-FF\n")]
    [InlineData("e1:00:0a:ff\r\n")]
    public void DigitsAsOtherProgramsPrintThemAreRead(string text)
    {
        Recording recording = CaptureFile.Open(_folder.Write("printed.txt", text));
        Assert.Equal(CaptureKind.Hex, recording.Kind);
        Assert.Equal("E1000AFF", Convert.ToHexString(Assert.Single(recording.Chunks()).Bytes.Span));
    }

    [Theory]
    [InlineData("intellivue", "philips-intellivue/connect_indication_m8003a.bin", CaptureKind.Raw, 1, 418)]
    [InlineData("dri", "ge-datex-dri/S5Rawoutput.raw", CaptureKind.Raw, 1, 24256)]
    [InlineData("pb840", "puritan-bennett/pb840_waveform_0282_first400k.txt", CaptureKind.Raw, 7, 400_000)]
    [InlineData("replies", "philips-intellivue/enumeration_replies.hex", CaptureKind.Hex, 9, 5354)]
    [InlineData("demographics", "philips-intellivue/ptdemog_reply.hex", CaptureKind.Hex, 1, 240)]
    public void RealFilesAreReadByTheirContent(string what, string relative, CaptureKind kind, int chunks, int bytes)
    {
        if (Repository.Shared($"data/captures/{relative}") is not { } path)
        {
            return;
        }

        Recording recording = CaptureFile.Open(path);
        Assert.True(recording.Kind == kind, what);
        Assert.Empty(recording.Faults);
        Assert.Equal(chunks, recording.Main.ChunkCount);
        Assert.Equal(bytes, recording.Main.BytesFromDevice);
    }

    [Theory]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { 0x1F, 0x8B, 8, 0, 0 })]
    public void AnEmptyOrCompressedFileIsRefusedWithARemedy(byte[] content)
    {
        CaptureFormatException refused = Assert.Throws<CaptureFormatException>(() => CaptureFile.Open(_folder.Write("a.cap", content)));
        Assert.NotEmpty(refused.Remedy);
        Assert.EndsWith("a.cap", refused.File, StringComparison.Ordinal);
    }

    private static Gen<(long Step, bool ToDevice, byte[] Bytes)> ChunkSteps() =>
        from step in Gen.OneOf(Gen.Choose(0, 1_000), Gen.Choose(0, 900_000_000))
        from toDevice in Gen.Elements(true, false)
        from bytes in Gen.Choose(0, 255).NonEmptyListOf()
        select ((long)step, toDevice, bytes.Select(value => (byte)value).ToArray());

    private static List<Chunk> Laid(IEnumerable<(long Step, bool ToDevice, byte[] Bytes)> steps)
    {
        long now = 0;
        return [.. steps.Select(step => new Chunk(new MonotonicInstant(now += step.Step), step.Bytes, step.ToDevice ? ChunkDirection.ToDevice : ChunkDirection.FromDevice))];
    }

    private static string Said(Chunk chunk) => $"{chunk.ArrivedAt.Nanoseconds} {chunk.Direction} {Convert.ToHexString(chunk.Bytes.Span)}";

    private static void AssertTicks(Recording recording)
    {
        long before = 0;
        foreach (Chunk chunk in recording.Chunks())
        {
            long step = chunk.ArrivedAt.Nanoseconds - before;
            Assert.InRange(step, chunk.Bytes.IsEmpty ? 100_000_000 : 0, 100_000_000);
            before = chunk.ArrivedAt.Nanoseconds;
        }
    }
}
