using System.Security.Cryptography;
using Bedside.Model;
using Bedside.Storage;
using Bedside.Storage.Disk;
using Bedside.Storage.Files;
using Bedside.Storage.Keys;

namespace Bedside.Tests.Storage.Keys;

/// <summary>
/// Files that were written with fixed keys, and a second reading of FORMAT.md, section 9, that shares no code with the store.
/// BEDSIDE_WRITE_VECTORS=1 writes them anew; a commit that does so explains why.
/// </summary>
public sealed class GoldenTests
{
    private const string Box = "0102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F20";

    /// <summary>0x22, little-endian.</summary>
    private const string Stay = "22000000000000000000000000000000";

    [Fact]
    public void TheFileOfKeysIsTheOneInTheRepository_AndOpensByHand()
    {
        byte[] golden = Golden("keys", Write().Content(FileNames.Keys));
        Assert.Equal(8192, golden.Length);
        Assert.Equal(golden[..4096], golden[4096..]);
        _ = StayKey(golden);
    }

    [Fact]
    public void TheSegmentIsTheOneInTheRepository_AndOpensByHand()
    {
        FaultyDisk disk = Write();
        byte[] stayKey = StayKey(disk.Content(FileNames.Keys));
        byte[] golden = Golden("segment", disk.Content(FileNames.Segment(7)));
        Assert.Equal(Stay, Convert.ToHexString(golden[24..40]));
        Assert.Equal(golden[..64], golden[^64..]);
        byte[] key = FileKey(stayKey, golden[40..56], kind: 2, sequence: 7);
        byte[] content = [.. Open(key, 0, golden[64..4096]), .. Open(key, 1, golden[4096..8192]), .. Open(key, 2, golden[8192..^64])];
        Assert.Equal(Content, content);
    }

    [Fact]
    public void TheJournalIsTheOneInTheRepository_AndOpensByHand()
    {
        FaultyDisk disk = Write();
        byte[] stayKey = StayKey(disk.Content(FileNames.Keys));
        byte[] golden = Golden("journal", Journal(disk));
        Assert.Equal(golden[..4096], golden[4096..8192]);
        Assert.Equal((ushort)1, BitConverter.ToUInt16(golden, 14));
        Assert.Equal(Stay, Convert.ToHexString(golden[64..80]));
        byte[] key = FileKey(stayKey, golden[80..96], kind: 1, sequence: 8);
        int length = BitConverter.ToInt32(golden, 8192 + 4);
        byte[] number = golden[(8192 + 12)..(8192 + 20)];
        byte[] encrypted = golden[(8192 + 20)..(8192 + 20 + length)];
        byte[] content = new byte[length - 16];
        byte[] nonce = [.. BitConverter.GetBytes(8192ul), 0, 0, 0, 0];
        using var aes = new AesGcm(key, 16);
        aes.Decrypt(nonce, encrypted[..^16], encrypted[^16..], content, number);
        Assert.Equal(Content[..500], content);
    }

    /// <summary>A head and a frame whose content is no window: what a window looks like stands elsewhere.</summary>
    private static byte[] Journal(FaultyDisk disk)
    {
        using var keys = StayKeys.Load(disk, TestKeys.Options(12), _ => { });
        var identity = new FileIdentity(FileKind.Journal, 8);
        var seal = new FileSeal(keys.Current, keys.NewSalt());
        FileCipher cipher = keys.Cipher(identity, seal);
        byte[] file = new byte[3 * 4096];
        new FileHead(identity, Bed.Start, 0, 0, 0) { Seal = seal }.ToBytes().CopyTo(file, 0);
        _ = Frame.Write(file.AsSpan(FileHead.JournalBytes), identity, FileHead.JournalBytes, 9, cipher.Encrypt(FileHead.JournalBytes, 9, Content.AsSpan(0, 500)));
        cipher.LetGo();
        return file;
    }

    private static byte[] Content => [.. Enumerable.Range(0, 10_000).Select(number => (byte)(number * 7 / 5))];

    private static FaultyDisk Write()
    {
        var disk = new FaultyDisk(new Random(1));
        using var keys = StayKeys.Load(disk, TestKeys.Options(11), _ => { });
        keys.Begin(new StayId(0x11), Bed.Start);
        keys.Begin(new StayId(0x22), Bed.Start.Add(1_000_000_000));
        keys.Save();
        using IDiskFile file = new EncryptedDisk(disk, keys, () => 5, _ => { }).Open(FileNames.Segment(7), DiskAccess.Create);
        file.Write(0, Content);
        file.Sync();
        return disk;
    }

    private static byte[] Golden(string name, byte[] written)
    {
        string path = Path.Combine(Repository.PathOf("tests/vectors"), "encrypted", name + ".bin");
        if (Environment.GetEnvironmentVariable("BEDSIDE_WRITE_VECTORS") == "1")
        {
            _ = Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, written);
        }

        byte[] golden = File.ReadAllBytes(path);
        Assert.Equal(golden, written);
        return golden;
    }

    /// <summary>Of the second stay in the first copy.</summary>
    private static byte[] StayKey(byte[] keys)
    {
        byte[] row = keys[(32 + 120)..(32 + 240)];
        byte[] id = row[16..32];
        Assert.Equal(Stay, Convert.ToHexString(id));
        byte[] key = new byte[32];
        using var aes = new AesGcm(Convert.FromHexString(Box), 16);
        byte[] about = [.. "bedside stay key"u8, .. id];
        aes.Decrypt(row[48..60], row[60..92], row[92..108], key, about);
        return key;
    }

    private static byte[] FileKey(byte[] stayKey, byte[] salt, byte kind, ulong sequence) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, stayKey, 32, salt, [.. "bedside file"u8, kind, .. BitConverter.GetBytes(sequence)]);

    private static byte[] Open(byte[] key, ulong place, byte[] page)
    {
        byte[] content = new byte[page.Length - 20];
        using var aes = new AesGcm(key, 16);
        byte[] nonce = [.. BitConverter.GetBytes(place), 0, 0, 0, 0];
        aes.Decrypt(nonce, page[4..^16], page[^16..], content);
        return content;
    }
}
