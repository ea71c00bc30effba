using System.Text;
using Bedside.Extract.Sealing;

namespace Bedside.Tests.Extract.Sealing;

public sealed class AgeFileTests : IDisposable
{
    private const int Chunk = 1 << 16;
    private const int SealedChunk = Chunk + 16;

    private readonly AgeIdentity _ann = AgeIdentity.Generate();
    private readonly AgeIdentity _bob = AgeIdentity.Generate();

    public void Dispose()
    {
        _ann.Dispose();
        _bob.Dispose();
    }

    [Fact]
    public void What_is_encrypted_is_what_is_decrypted_whatever_its_size_and_however_it_is_cut_into_writes_and_reads()
    {
        var random = new Random(8);
        int[] borders = [.. new[] { 0, 1, 2, 3 }.SelectMany(n => Enumerable.Range(-2, 5).Select(d => (n * Chunk) + d)).Where(size => size >= 0)];
        foreach (int size in borders.Concat(Enumerable.Range(0, 100).Select(_ => random.Next(4 * Chunk))))
        {
            byte[] plain = new byte[size];
            random.NextBytes(plain);
            var file = new MemoryStream();
            using (Stream stream = AgeFile.Encrypt(file, [_ann.Recipient, _bob.Recipient]))
            {
                for (int at = 0; at < size;)
                {
                    int part = Math.Min(size - at, random.Next(1, 3 * Chunk));
                    stream.Write(plain.AsSpan(at, part));
                    at += part;
                }
            }

            Assert.Equal(size + (16 * Math.Max(1, (size + Chunk - 1) / Chunk)), file.Length - Sealed.PayloadAt(file.ToArray()));
            foreach (AgeIdentity one in new[] { _ann, _bob })
            {
                using Stream open = AgeFile.Decrypt(new Trickle(file.ToArray(), random), one);
                byte[] read = new byte[size + 1];
                int length = 0;
                for (int got = 1; got > 0; length += got)
                {
                    got = open.Read(read.AsSpan(length, Math.Min(read.Length - length, random.Next(1, 2 * Chunk))));
                }

                Assert.True(read.AsSpan(0, length).SequenceEqual(plain), $"{size} bytes");
            }
        }
    }

    [Fact]
    public void Every_byte_that_is_turned_is_refused()
    {
        byte[] file = Sealed.Seal("Numbers of a stay"u8, _ann);
        for (int at = 0; at < file.Length; at++)
        {
            foreach (byte change in new byte[] { 1, 0x20, 0x80, 0xFF })
            {
                byte[] altered = [.. file];
                altered[at] ^= change;
                _ = Sealed.Refusal(altered, _ann);
            }
        }
    }

    [Fact]
    public void A_file_that_was_cut_anywhere_is_refused()
    {
        byte[] file = Sealed.Seal(new byte[100], _ann, _bob);
        for (int length = 0; length < file.Length; length++)
        {
            _ = Sealed.Refusal(file[..length], _ann);
        }
    }

    [Fact]
    public void A_file_that_was_cut_between_two_chunks_is_refused()
    {
        byte[] file = Sealed.Seal(new byte[3 * Chunk], _ann);
        int begin = Sealed.PayloadAt(file);
        for (int chunks = 0; chunks < 3; chunks++)
        {
            Assert.Contains("it was cut", Sealed.Refusal(file[..(begin + (chunks * SealedChunk))], _ann), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Chunks_in_another_order_twice_or_from_elsewhere_are_refused()
    {
        byte[] file = Sealed.Seal(new byte[3 * Chunk], _ann);
        int begin = Sealed.PayloadAt(file);
        byte[] head = file[..begin];
        byte[][] chunks = [.. file[begin..].Chunk(SealedChunk)];

        Assert.Contains("part 1 ", Sealed.Refusal([.. head, .. chunks[1], .. chunks[0], .. chunks[2]], _ann), StringComparison.Ordinal);
        Assert.Contains("part 2 ", Sealed.Refusal([.. head, .. chunks[0], .. chunks[0], .. chunks[1], .. chunks[2]], _ann), StringComparison.Ordinal);
        Assert.Contains("part 2 ", Sealed.Refusal([.. head, .. chunks[0], .. chunks[2]], _ann), StringComparison.Ordinal);
        Assert.Contains("part 1 ", Sealed.Refusal([.. Sealed.Seal([], _ann)[..begin], .. file[begin..]], _ann), StringComparison.Ordinal);
    }

    [Fact]
    public void What_stands_behind_the_end_is_refused_before_the_last_chunk_is_given()
    {
        byte[] file = [.. Sealed.Seal("short"u8, _ann), 0];
        using Stream open = AgeFile.Decrypt(new MemoryStream(file), _ann);

        Assert.Throws<SealingException>(() => open.ReadByte());
        byte[] whole = [.. Sealed.Seal(new byte[Chunk], _ann), 0];
        Assert.Contains("added behind", Sealed.Refusal(whole, _ann), StringComparison.Ordinal);
    }

    [Fact]
    public void No_byte_of_a_chunk_that_was_altered_is_given_and_nothing_after_it()
    {
        byte[] file = Sealed.Seal(Enumerable.Repeat((byte)7, 3 * Chunk).ToArray(), _ann);
        file[Sealed.PayloadAt(file) + SealedChunk + 5] ^= 1;
        using Stream open = AgeFile.Decrypt(new MemoryStream(file), _ann);
        byte[] read = new byte[Chunk];
        open.ReadExactly(read);
        byte[] next = new byte[Chunk];

        string first = Assert.Throws<SealingException>(() => open.Read(next)).Message;

        Assert.All(read, one => Assert.Equal(7, one));
        Assert.All(next, one => Assert.Equal(0, one));
        Assert.Equal(first, Assert.Throws<SealingException>(() => open.Read(next)).Message);
    }

    [Fact]
    public void Who_is_no_recipient_is_told_so()
    {
        using var eve = AgeIdentity.Generate();

        Assert.Contains($"is not for {eve.Recipient}", Sealed.Refusal(Sealed.Seal([], _ann, _bob), eve), StringComparison.Ordinal);
        Assert.Throws<SealingException>(() => AgeFile.Encrypt(new MemoryStream(), []));
    }

    [Fact]
    public void A_head_with_kinds_of_recipients_that_are_not_known_opens_by_the_one_that_is()
    {
        byte[] key = new byte[16];
        byte[] head = AgeHeader.Write(key, [new AgeStanza(["other", "a", "!"], new byte[96]), AgeWrap.Seal(key, _ann.Recipient), new AgeStanza(["empty"], [])]);
        byte[] nonce = new byte[16];
        var file = new MemoryStream();
        file.Write([.. head, .. nonce]);
        using (var stream = new AgeWriteStream(file, AgeWrap.PayloadCipher(key, nonce)))
        {
            stream.Write("mixed"u8);
        }

        Assert.Equal("mixed", Encoding.ASCII.GetString(Sealed.Open(file.ToArray(), _ann)));
    }

    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("-----BEGIN AGE ENCRYPTED FILE-----\n", "ASCII armour")]
    [InlineData("age-encryption.org/v2\n", "does not begin with age-encryption.org/v1")]
    [InlineData("age-encryption.org/v1\n--- AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n", "damaged")]
    [InlineData("age-encryption.org/v1\r\n", "does not begin")]
    [InlineData("age-encryption.org/v1\n-> X25519 AAAA\nAAAA=\n", "damaged")]
    [InlineData("age-encryption.org/v1\n-> X25519  AAAA\n", "damaged")]
    [InlineData("age-encryption.org/v1\n-> X25519 AAAA\nAAB\n", "damaged")]
    public void A_head_that_is_none_is_told_why(string head, string why) =>
        Assert.Contains(why, Sealed.Refusal(Encoding.Latin1.GetBytes(head), _ann), StringComparison.Ordinal);

    [Fact]
    public void A_head_without_end_is_not_read_for_ever() =>
        Assert.Contains("longer than", Sealed.Refusal([.. "age-encryption.org/v1\n"u8, .. new byte[1 << 17]], _ann), StringComparison.Ordinal);

    /// <summary>Gives fewer bytes than it is asked for, as a network does.</summary>
    private sealed class Trickle(byte[] bytes, Random random) : MemoryStream(bytes)
    {
        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, random.Next(1, Chunk))]);
    }
}
