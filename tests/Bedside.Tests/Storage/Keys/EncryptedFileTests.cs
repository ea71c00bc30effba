using Bedside.Model;
using Bedside.Storage;
using Bedside.Storage.Disk;
using Bedside.Storage.Files;
using Bedside.Storage.Keys;

namespace Bedside.Tests.Storage.Keys;

/// <summary>Pages, the files made of them, and what damage costs there.</summary>
public sealed class EncryptedFileTests
{
    private static readonly FileIdentity Identity = new(FileKind.Segment, 5);
    private static readonly EncryptedHead Head = new(Identity, new FileSeal(new StayId(7), 42), 3);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4011)]
    [InlineData(4012)]
    [InlineData(4013)]
    [InlineData(4012 + 4076)]
    [InlineData(4012 + 4076 + 1)]
    [InlineData(400_000)]
    public void WhatIsWrittenIsReadInAnyPieces(int length)
    {
        (FaultyDisk disk, byte[] content) = Write(length);
        using EncryptedFile file = Open(disk, []);
        Assert.Equal(content.Length, file.Length);
        var random = new Random(length);
        for (int i = 0; i < 200; i++)
        {
            int from = random.Next(length + 10);
            byte[] bytes = new byte[i % 3 == 0 ? random.Next(length + 10) : random.Next(Math.Min(length, 300) + 10)];
            int read = file.Read(from, bytes);
            Assert.Equal(Math.Clamp(length - from, 0, bytes.Length), read);
            Assert.True(bytes.AsSpan(0, read).SequenceEqual(content.AsSpan(Math.Min(from, length), read)));
        }

        Assert.Equal(EncryptedPages.End(length) + EncryptedHead.Bytes, disk.Content("f").Length);
        Assert.Equal(length, EncryptedPages.ContentBytes(EncryptedPages.End(length)));
    }

    [Fact]
    public void NothingOfTheContentStandsInTheFile()
    {
        (FaultyDisk disk, byte[] content) = Write(20_000);
        for (int at = 0; at + 8 <= content.Length; at += 101)
        {
            Assert.Equal(-1, disk.Content("f").AsSpan().IndexOf(content.AsSpan(at, 8)));
        }
    }

    [Fact]
    public void AnyDamagedByteOfAPageIsPutRightAndReported()
    {
        (FaultyDisk disk, byte[] content) = Write(6_000);
        byte[] stored = disk.Content("f");
        var random = new Random(3);
        for (int at = EncryptedHead.Bytes; at < stored.Length - EncryptedHead.Bytes; at += at % EncryptedPages.PageBytes is < 120 or > 4050 ? 1 : 13)
        {
            byte error = (byte)random.Next(1, 256);
            stored[at] ^= error;
            var damaged = new List<Damage>();
            using EncryptedFile file = Open(disk, damaged);
            byte[] bytes = new byte[content.Length];
            Assert.Equal(content.Length, file.Read(0, bytes));
            Assert.True(bytes.AsSpan().SequenceEqual(content), $"a byte at {at}");
            Assert.Equal(EncryptedPages.OffsetOf(at / EncryptedPages.PageBytes), Assert.Single(damaged).Offset);
            stored[at] ^= error;
        }
    }

    [Fact]
    public void TwoDamagedBytesCostTheirPageOnly()
    {
        (FaultyDisk disk, byte[] content) = Write(20_000);
        disk.Content("f")[5_000] ^= 1;
        disk.Content("f")[7_000] ^= 1;
        var damaged = new List<Damage>();
        using EncryptedFile file = Open(disk, damaged);
        byte[] bytes = new byte[content.Length];
        Assert.Equal(content.Length, file.Read(0, bytes));
        int first = EncryptedPages.RoomOf(0);
        content.AsSpan(first, EncryptedPages.Payload).Clear();
        Assert.True(bytes.AsSpan().SequenceEqual(content));
        Assert.Equal(EncryptedPages.PageBytes, Assert.Single(damaged).Offset);
    }

    [Fact]
    public void APageInAnotherPlaceIsNotTaken()
    {
        (FaultyDisk disk, byte[] content) = Write(20_000);
        byte[] stored = disk.Content("f");
        stored.AsSpan(2 * EncryptedPages.PageBytes, EncryptedPages.PageBytes).CopyTo(stored.AsSpan(EncryptedPages.PageBytes));
        using EncryptedFile file = Open(disk, []);
        byte[] bytes = new byte[EncryptedPages.Payload];
        Assert.Equal(bytes.Length, file.Read(EncryptedPages.RoomOf(0), bytes));
        Assert.False(bytes.AsSpan().ContainsAnyExcept((byte)0));
        Assert.True(content.AsSpan(EncryptedPages.RoomOf(0), 100).ContainsAnyExcept((byte)0));
    }

    [Fact]
    public void AnotherSaltOrSequenceIsAnotherKey()
    {
        byte[] plain = new byte[64];
        byte[] encrypted = new byte[64];
        byte[] tag = new byte[FileCipher.TagBytes];
        TestKeys.Cipher(Identity).Encrypt(9, [], plain, encrypted, tag);
        Assert.True(TestKeys.Cipher(Identity).TryDecrypt(9, [], encrypted, tag, plain));
        Assert.False(TestKeys.Cipher(Identity).TryDecrypt(10, [], encrypted, tag, plain));
        Assert.False(TestKeys.Cipher(Identity).TryDecrypt(9, "x"u8, encrypted, tag, plain));
        Assert.False(TestKeys.Cipher(Identity with { Sequence = 6 }).TryDecrypt(9, [], encrypted, tag, plain));
        Assert.False(TestKeys.Cipher(Identity with { Kind = FileKind.Journal }).TryDecrypt(9, [], encrypted, tag, plain));
    }

    [Fact]
    public void AWriterWritesNoPageTwice()
    {
        var disk = new FaultyDisk(new Random(1));
        using var writer = new EncryptedWriter(disk.Open("f", DiskAccess.Create), Head, TestKeys.Cipher(Identity));
        writer.Write(64, new byte[10_000]);
        writer.Write(0, new byte[64]);
        _ = Assert.Throws<InvalidOperationException>(() => writer.Write(9_000, new byte[10]));
        _ = Assert.Throws<InvalidOperationException>(() => writer.Write(10_065, new byte[10]));
        writer.Sync();
        _ = Assert.Throws<InvalidOperationException>(() => writer.Write(0, new byte[64]));
        _ = Assert.Throws<InvalidOperationException>(writer.Sync);
    }

    [Fact]
    public void ADestroyedKeyIsOfNoUseToThoseWhoHoldIt()
    {
        (FaultyDisk disk, _) = Write(100);
        FileCipher cipher = TestKeys.Cipher(Identity);
        using var file = new EncryptedFile(disk.Open("f", DiskAccess.Read), Identity, cipher, hasHeadAtEnd: true, _ => { });
        cipher.Destroy();
        _ = Assert.Throws<KeyMissingException>(() => file.Read(0, new byte[10]));
    }

    private static (FaultyDisk Disk, byte[] Content) Write(int length)
    {
        var disk = new FaultyDisk(new Random(1));
        byte[] content = new byte[length];
        new Random(length).NextBytes(content);
        using (var writer = new EncryptedWriter(disk.Open("f", DiskAccess.Create), Head, TestKeys.Cipher(Identity)))
        {
            int from = Math.Min(64, length);
            for (int at = from; at < length;)
            {
                int piece = Math.Min(length - at, 1 + (at * 7 % 9_000));
                writer.Write(at, content.AsSpan(at, piece));
                at += piece;
            }

            writer.Write(0, content.AsSpan(0, from));
            writer.Sync();
        }

        return (disk, content);
    }

    private static EncryptedFile Open(FaultyDisk disk, List<Damage> damaged) =>
        new(disk.Open("f", DiskAccess.Read), Identity, TestKeys.Cipher(Identity), hasHeadAtEnd: true, damaged.Add);
}
