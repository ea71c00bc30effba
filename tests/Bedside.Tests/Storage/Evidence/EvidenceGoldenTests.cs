using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using Bedside.Model;
using Bedside.Storage;
using Bedside.Storage.Evidence;
using Bedside.Tests.Storage.Keys;

namespace Bedside.Tests.Storage.Evidence;

/// <summary>
/// A file of evidence that was written with fixed keys, and a second reading of FORMAT.md, section 12, that shares no code with
/// the store. BEDSIDE_WRITE_VECTORS=1 writes it anew; a commit that does so explains why.
/// </summary>
public sealed class EvidenceGoldenTests
{
    private const int HeadBytes = 8192;

    [Fact]
    public void TheFileIsTheOneInTheRepository_AndOpensByHand()
    {
        (byte[] written, byte[] stayKey) = Write();
        string path = Path.Combine(Repository.PathOf("tests/vectors"), "evidence", "file.bin");
        if (Environment.GetEnvironmentVariable("BEDSIDE_WRITE_VECTORS") == "1")
        {
            _ = Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, written);
        }

        byte[] golden = File.ReadAllBytes(path);
        Assert.Equal(golden, written);
        Assert.Equal(golden[..4096], golden[4096..HeadBytes]);
        Assert.Equal("BEDEVID1", System.Text.Encoding.ASCII.GetString(golden[..8]));
        Assert.Equal((1ul << 32) + 1, BinaryPrimitives.ReadUInt64LittleEndian(golden.AsSpan(32)));
        Assert.Equal("2 chunks and a silence", Read(Open(golden, stayKey)));

        int end = (HeadBytes + 20 + BinaryPrimitives.ReadInt32LittleEndian(golden.AsSpan(HeadBytes + 4)) + 4095) / 4096 * 4096;
        Assert.Equal(golden.Length, end + 20);
        Assert.Equal((0u, (1ul << 32) + 4), (BinaryPrimitives.ReadUInt32LittleEndian(golden.AsSpan(end + 4)), BinaryPrimitives.ReadUInt64LittleEndian(golden.AsSpan(end + 12))));
    }

    private static byte[] Open(byte[] file, byte[] stayKey)
    {
        byte[] key = HKDF.DeriveKey(HashAlgorithmName.SHA256, stayKey, 32, file[80..96], [.. "bedside file"u8, 4, .. BitConverter.GetBytes(1ul)]);
        int length = BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(HeadBytes + 4));
        byte[] number = file[(HeadBytes + 12)..(HeadBytes + 20)];
        byte[] encrypted = file[(HeadBytes + 20)..(HeadBytes + 20 + length)];
        byte[] window = new byte[length - 16];
        using var aes = new AesGcm(key, 16);
        byte[] nonce = [.. BitConverter.GetBytes((ulong)HeadBytes), 0, 0, 0, 0];
        aes.Decrypt(nonce, encrypted[..^16], encrypted[^16..], window, number);
        return window;
    }

    /// <summary>The columns of a window whose numbers are known.</summary>
    private static string Read(byte[] window)
    {
        Assert.Equal(3u, BinaryPrimitives.ReadUInt32LittleEndian(window.AsSpan(4)));
        Assert.Equal((ulong)HeadBytes, BinaryPrimitives.ReadUInt64LittleEndian(window.AsSpan(8)));
        int columns = BinaryPrimitives.ReadUInt16LittleEndian(window.AsSpan(32));
        int at = 40 + (8 * columns);
        byte[][] read = new byte[columns][];
        for (int i = 0; i < columns; i++)
        {
            int unpacked = BinaryPrimitives.ReadInt32LittleEndian(window.AsSpan(40 + (8 * i)));
            int packed = BinaryPrimitives.ReadInt32LittleEndian(window.AsSpan(44 + (8 * i)));
            read[i] = window[at..(at + packed)];
            if (packed < unpacked)
            {
                Assert.True(BrotliDecoder.TryDecompress(window.AsSpan(at, packed), read[i] = new byte[unpacked], out int length) && length == unpacked);
            }

            at += packed;
        }

        // One port; its description, the clock, then a chunk each way and a silence: kind + 8 × port.
        byte[] what = read[0];
        Assert.Equal(0, what[0]);
        Assert.Equal([1, 2, 3], what[^3..]);
        Assert.Contains("philips-intellivue", System.Text.Encoding.UTF8.GetString(what), StringComparison.Ordinal);

        // 1 s, 10 ms and 100 ms in ticks of 50 µs, zigzag-mapped.
        Assert.Equal([.. Leb128(40_000), .. Leb128(400), .. Leb128(4_000)], read[1]);
        Assert.Equal([4, 2], read[2]);
        Assert.Equal([0xE1, 1, 2, 3], read[3]);
        Assert.Equal([0xE2, 9], read[4]);
        return "2 chunks and a silence";
    }

    private static byte[] Leb128(int number) => number < 128 ? [(byte)number] : [(byte)(number | 0x80), .. Leb128(number >> 7)];

    private static (byte[] File, byte[] StayKey) Write()
    {
        var disk = new FaultyDisk(new Random(1));
        using StoreEngine engine = EvidenceBed.Open(disk, EvidenceBed.Options(12), new StepClock());
        var port = new EvidencePort("/dev/ttyUSB0", "serial", "115200 8N1", "philips-intellivue", "philips-intellivue");
        Take(EvidenceKind.FromDevice, 1_000_000_000, 0xE1, 1, 2, 3);
        Take(EvidenceKind.ToDevice, 1_010_000_000, 0xE2, 9);
        Take(EvidenceKind.Silent, 1_110_000_000);
        engine.Evidence!.Close();
        byte[] key = new byte[32];
        Assert.True(TestKeys.Box.TryUnwrap(engine.Keys.Current, engine.Keys.Stays[^1].Wrapped.Span, key));
        return (disk.Content(FileNames.Evidence(1)), key);

        void Take(EvidenceKind kind, long at, params byte[] bytes) =>
            engine.Evidence!.Take(new EvidenceEntry(kind, port, new MonotonicInstant(at), Bed.Start.Add(at)) { Bytes = bytes, UncertaintyMicroseconds = 1_000 });
    }
}
