using System.Text;
using Bedside.Ingest.Hl7;

namespace Bedside.Tests.Ingest.Hl7;

/// <summary>Frames, however they are cut and whatever their senders leave out (sheet 1.1).</summary>
public class MllpTests
{
    private const string Message = Said.Header + "NTE|1||é\r";

    [Fact]
    public void EveryCutOfEveryFormGivesTheSameFrames()
    {
        foreach ((string stream, string[] expected) in Streams())
        {
            byte[] bytes = Encoding.UTF8.GetBytes(stream);
            string[] whole = Frames([bytes]);
            Assert.Equal(expected, whole);
            for (int cut = 0; cut <= bytes.Length; cut++)
            {
                Assert.Equal(whole, Frames([bytes[..cut], bytes[cut..]]));
            }

            Assert.Equal(whole, Frames([.. bytes.Select(one => new[] { one })]));
        }
    }

    [Fact]
    public void AFrameThatIsTooLongIsSaidOnceAndTheNextOneIsRead()
    {
        var reader = new MllpReader(new Hl7Limits { MessageBytes = 1_000 });
        ReadOnlySpan<byte> rest = (byte[])[.. Mllp.Frame(new byte[5_000]), .. Mllp.Frame("MSH|x"u8)];
        Assert.Equal(MllpPart.TooLong, reader.Take(ref rest));
        Assert.Equal(1_000, reader.Content.Length);
        Assert.Equal(MllpPart.Frame, reader.Take(ref rest));
        Assert.Equal("MSH|x", Encoding.ASCII.GetString(reader.Content.Span));
    }

    [Fact]
    public void MoreNoiseThanMayBeIsNotThisProtocol()
    {
        var reader = new MllpReader(Hl7Limits.Default);
        ReadOnlySpan<byte> noise = Encoding.ASCII.GetBytes("GET / HTTP/1.1 " + new string('x', 4_096));
        Assert.Equal(MllpPart.NotMllp, reader.Take(ref noise));
    }

    [Fact]
    public void RandomBytesNeverThrowAndAFrameAfterThemIsFound()
    {
        var random = new Random(73);
        for (int round = 0; round < 200; round++)
        {
            var reader = new MllpReader(new Hl7Limits { Junk = int.MaxValue });
            byte[] noise = new byte[random.Next(1, 3_000)];
            random.NextBytes(noise);
            ReadOnlySpan<byte> rest = (byte[])[.. noise, Mllp.End, .. Mllp.Frame(Encoding.UTF8.GetBytes(Message))];
            string last = string.Empty;
            while (reader.Take(ref rest) is not MllpPart.Nothing)
            {
                last = Encoding.UTF8.GetString(reader.Content.Span);
            }

            Assert.Equal(Message, last);
        }
    }

    private static IEnumerable<(string Stream, string[] Frames)> Streams()
    {
        string whole = $"\v{Message}\x1C\r";
        yield return (whole, [Message]);
        yield return (whole + whole + whole, [Message, Message, Message]);
        yield return ($"\v{Message}\x1C{whole}", [Message, Message]);
        yield return ($"\v{Message}\x1C\n{whole}", [Message, Message]);
        yield return ($"\v{Message}\x1C\r\n{whole}", [Message, Message]);
        yield return ($"\v{Message}{whole}", [Message, Message]);
        yield return ($"{Message}\x1C\r{whole}", [Message, Message]);
        yield return ($"\r\n{Message}\x1C\r", [Message]);
        yield return ($"\0 \r\n junk MSH {whole} more {whole}", [Message, Message]);
        yield return ($"\v\v{Message}\x1C\r", [Message]);
        yield return ($"\v\x06\x1C\r{whole}", ["\x06", Message]);
        yield return ($"{whole}\v{Message}", [Message, Message]);
    }

    private static string[] Frames(IEnumerable<byte[]> pieces)
    {
        var reader = new MllpReader(Hl7Limits.Default);
        var frames = new List<string>();
        foreach (byte[] piece in pieces)
        {
            ReadOnlySpan<byte> rest = piece;
            while (reader.Take(ref rest) is not MllpPart.Nothing)
            {
                frames.Add(Encoding.UTF8.GetString(reader.Content.Span));
            }
        }

        if (reader.Finish() != MllpPart.Nothing)
        {
            frames.Add(Encoding.UTF8.GetString(reader.Content.Span));
        }

        return [.. frames];
    }
}
