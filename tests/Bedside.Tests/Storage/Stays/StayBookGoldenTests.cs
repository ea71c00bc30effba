using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Bedside.Model;
using Bedside.Model.Stays;
using Bedside.Storage;
using Bedside.Storage.Stays;
using Bedside.Tests.Storage.Keys;
using static Bedside.Tests.Storage.Stays.StayEvents;

namespace Bedside.Tests.Storage.Stays;

/// <summary>
/// A book of stays that was written with fixed keys, and a second reading of FORMAT.md, section 15, that shares no code with the store. BEDSIDE_WRITE_VECTORS=1 writes it anew; a
/// commit that does so explains why.
/// </summary>
public sealed class StayBookGoldenTests
{
    private const int HeadBytes = 8192;
    private const string Box = "0102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F20";

    [Fact]
    public void The_book_is_the_one_in_the_repository_and_opens_by_hand()
    {
        byte[] written = Write();
        string path = Path.Combine(Repository.PathOf("tests/vectors"), "encrypted", "stays.bin");
        if (Environment.GetEnvironmentVariable("BEDSIDE_WRITE_VECTORS") == "1")
        {
            File.WriteAllBytes(path, written);
        }

        byte[] golden = File.ReadAllBytes(path);
        Assert.Equal(golden, written);
        Assert.Equal(golden[..4096], golden[4096..HeadBytes]);
        Assert.Equal("BEDSTAY1", Encoding.ASCII.GetString(golden[..8]));
        byte[] book = HKDF.DeriveKey(HashAlgorithmName.SHA256, Convert.FromHexString(Box), 32, [], [.. "bedside stay book"u8]);
        byte[] key = HKDF.DeriveKey(HashAlgorithmName.SHA256, book, 32, golden[80..96], [.. "bedside file"u8, 5, .. BitConverter.GetBytes(0x5941_5453ul)]);

        Assert.Equal((0u, 1ul << 32), (BinaryPrimitives.ReadUInt32LittleEndian(golden.AsSpan(HeadBytes + 4)), BinaryPrimitives.ReadUInt64LittleEndian(golden.AsSpan(HeadBytes + 12))));
        int at = HeadBytes + 20;
        byte[] said = Open(golden, key, ref at, number: (1ul << 32) + 1, durable: HeadBytes + 20, said: 1);
        Assert.Equal((1, 152 + 6 + 2), (said[0], BinaryPrimitives.ReadUInt16LittleEndian(said.AsSpan(2))));
        Assert.Equal(((byte)StayEventKind.Admit, (byte)Place.Here), (said[4], said[4 + 2]));
        Assert.Equal((1L, At(0).UnixNanoseconds, long.MinValue), (Long(said, 4 + 8), Long(said, 4 + 16), Long(said, 4 + 48)));
        Assert.Equal((100L, 200L, 1_000_000L), (Long(said, 4 + 64), Long(said, 4 + 80), Long(said, 4 + 128)));
        Assert.Equal("é", Encoding.UTF8.GetString(said[^2..]));

        byte[] others = Open(golden, key, ref at, number: (1ul << 32) + 2, durable: HeadBytes + 20, said: 0);
        Assert.Equal((2, 0, 1, At(0).UnixNanoseconds), (others[0], others[4 + 40], others[4 + 41], Long(others, 4 + 42 + 32)));
        int keyAt = 4 + BinaryPrimitives.ReadUInt16LittleEndian(others.AsSpan(2));
        Assert.Equal((3, 40, 77L, At(-5).UnixNanoseconds), (others[keyAt], BinaryPrimitives.ReadUInt16LittleEndian(others.AsSpan(keyAt + 2)), Long(others, keyAt + 4), Long(others, keyAt + 4 + 32)));
        Assert.Equal(golden.Length, at);
    }

    private static byte[] Open(byte[] file, byte[] key, ref int at, ulong number, long durable, long said)
    {
        int length = BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(at + 4));
        Assert.Equal(number, BinaryPrimitives.ReadUInt64LittleEndian(file.AsSpan(at + 12)));
        byte[] block = file[(at + 20)..(at + 20 + length)];
        Assert.Equal((durable, said), (Long(block, 0), Long(block, 8)));
        byte[] records = new byte[length - 16 - 16];
        byte[] nonce = [.. BitConverter.GetBytes(number), 0, 0, 0, 0];
        using var aes = new AesGcm(key, 16);
        byte[] associated = [.. BitConverter.GetBytes(number), .. block[..16]];
        aes.Decrypt(nonce, block[16..^16], block[^16..], records, associated);
        at += (20 + length + 3) / 4 * 4;
        return records;
    }

    private static long Long(byte[] bytes, int at) => BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(at));

    /// <summary>One event, and one change and one key because of it. Names of stays are random: the change has one of its own.</summary>
    private static byte[] Write()
    {
        var disk = new FaultyDisk(new Random(1));
        using var log = new StayLogWriter(disk, TestKeys.Options(13), new StepClock(), content: null);
        StayEvent said = Number(0) with { Number = 1 };
        log.Append([said], [new StayChange(new StayId(9), Before: null, new StayPiece(said.Visit, said.Person, At(0), To: null), 1, 1, At(1))], [new StayKey(new StayId(77), At(-5), new StayId(9))]);
        return disk.Content(FileNames.Stays);
    }
}
