using System.Security.Cryptography;
using System.Text;
using Bedside.Identity;
using Bedside.Model.Stays;
using Bedside.Tests.Storage;

namespace Bedside.Tests.Identity;

/// <summary>
/// A vault that was written with fixed keys, and a second reading of FORMAT.md that shares no code with it. BEDSIDE_WRITE_VECTORS=1 writes the vector anew; a commit that does so
/// explains why.
/// </summary>
public sealed class VaultFormatTests
{
    private static readonly byte[] Box = Convert.FromHexString("0102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F20");

    [Fact]
    public void TheVaultIsTheOneInTheRepositoryAndOpensByHand()
    {
        byte[] golden = Golden(Write(out PersonToken person));
        int copy = golden.AsSpan(64).IndexOf("BEDIDEN1"u8) + 64;
        Assert.Equal(0, copy % 4096);
        Assert.Equal(golden[..copy], golden[copy..(2 * copy)]);
        Assert.Equal((1, 0), (BitConverter.ToUInt16(golden, 12), BitConverter.ToUInt16(golden, 14)));
        byte[] headKey = HKDF.DeriveKey(HashAlgorithmName.SHA256, Box, 32, golden[32..48], [.. "bedside identities head"u8]);
        Assert.Equal(golden[48..64], HMACSHA256.HashData(headKey, golden[12..48])[..16]);
        int count = BitConverter.ToInt32(golden, 24);
        List<byte[]> records = [.. Records(golden, 64, 0, count), .. Records(golden, 2 * copy, count, int.MaxValue)];
        Assert.Equal(count + 1, records.Count);
        Assert.Equal([1, 2, 6, 4, 7], [.. records.Select(record => (int)record[0]).OrderBy(kind => Array.IndexOf([1, 2, 6, 4, 7], kind))]);
        Assert.All(records, record => Assert.Equal(0, record.Length % 64));
        byte[] tokenKey = records[0][1..33];
        byte[] known = records.Single(record => record[0] == 2);
        Assert.Equal(TokenByHand(tokenKey, "person", "0042", "HOSP", "MR"), known[1..17]);
        Assert.Equal(person.Value, new UInt128(BitConverter.ToUInt64(known, 9), BitConverter.ToUInt64(known, 1)));
        Assert.Equal("TEST-0042", Encoding.UTF8.GetString(known, 35, BitConverter.ToUInt16(known, 33)));
        byte[] waiting = records[^1];
        Assert.Equal((7, (byte)StayEventKind.Admit, (byte)Place.Elsewhere), (waiting[0], waiting[1], waiting[3]));
        Assert.Equal(TestVault.Now.UnixNanoseconds, BitConverter.ToInt64(waiting, 6));
        Assert.Equal(TokenByHand(tokenKey, "visit", "V77", "HOSP"), waiting[54..70]);
    }

    private static IEnumerable<byte[]> Records(byte[] file, int at, int number, int end)
    {
        byte[] key = HKDF.DeriveKey(HashAlgorithmName.SHA256, Box, 32, file[32..48], [.. "bedside identities"u8]);
        using var aes = new AesGcm(key, 16);
        for (; number < end && at < file.Length; number++)
        {
            int length = BitConverter.ToInt32(file, at);
            byte[] plain = new byte[length - 16];
            byte[] nonce = [.. BitConverter.GetBytes(number), 0, 0, 0, 0, 0, 0, 0, 0];
            aes.Decrypt(nonce, file[(at + 4)..(at + 4 + plain.Length)], file[(at + 4 + plain.Length)..(at + 4 + length)], plain, file[..64]);
            yield return plain;
            at += 4 + length;
        }
    }

    private static byte[] TokenByHand(byte[] key, params string[] parts)
    {
        byte[] all = [.. parts.SelectMany(part => BitConverter.GetBytes(part.Length).Concat(Encoding.ASCII.GetBytes(part)))];
        byte[] token = HMACSHA256.HashData(key, all)[..16];
        token[0] |= 1;
        return token;
    }

    private static byte[] Write(out PersonToken person)
    {
        var disk = new FaultyDisk(new Random(1));
        using IdentityVault vault = TestVault.Open(disk, seed: 11);
        person = TestVault.Admit(vault, "0042", "TEST-0042");
        vault.Wait(TestVault.Event(vault, "77", "V77"));
        vault.Save();
        return disk.Content(TestVault.File);
    }

    private static byte[] Golden(byte[] written)
    {
        string path = Repository.PathOf("tests/vectors/identities/identities.bin");
        if (Environment.GetEnvironmentVariable("BEDSIDE_WRITE_VECTORS") == "1")
        {
            File.WriteAllBytes(path, written);
        }

        byte[] golden = File.ReadAllBytes(path);
        Assert.Equal(golden, written);
        return golden;
    }
}
