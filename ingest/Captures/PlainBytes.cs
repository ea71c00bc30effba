using Bedside.Ingest.Links;

namespace Bedside.Ingest.Captures;

/// <summary>A file that is nothing but the bytes a device sent, in pieces that bound memory; all at 0 ns.</summary>
internal sealed class RawBytes(Func<Stream> open) : IChunkSource
{
    public IEnumerable<Chunk> Stored(FaultTally faults)
    {
        using Stream file = open();
        while (true)
        {
            byte[] piece = new byte[CaptureReader.LargestChunk];
            int count = file.ReadAtLeast(piece, piece.Length, throwOnEndOfStream: false);
            if (count == 0)
            {
                yield break;
            }

            yield return new Chunk(default, piece.AsMemory(0, count));
        }
    }
}

/// <summary>A file of hex digits with comments from <c>#</c> or <c>;</c> to the end of the line; a line is a chunk, all at 0 ns.</summary>
internal sealed class HexLines(Func<Stream> open) : IChunkSource
{
    private const string OddDigit = "A lone hex digit at the end of a line was left out.";
    private const string TooLong = "A line holds more than 65536 bytes and was cut.";

    /// <summary>Whether the whole file is such text and has at least one byte.</summary>
    public static bool Is(Stream file)
    {
        bool some = false;
        foreach (TextLine line in TextLines.Of(file))
        {
            foreach (byte character in WithoutComment(line.Text).Span)
            {
                if (!HexDigits.IsDigit(character) && !HexDigits.IsBetween(character, isForeign: true) && character != (byte)'\r')
                {
                    return false;
                }

                some |= HexDigits.IsDigit(character);
            }
        }

        return some;
    }

    public IEnumerable<Chunk> Stored(FaultTally faults)
    {
        using Stream file = open();
        foreach (TextLine line in TextLines.Of(file))
        {
            ReadOnlyMemory<byte> text = WithoutComment(line.Text);
            byte[] bytes = HexDigits.Read(text.Span, CaptureReader.LargestChunk, out int used, isForeign: true);
            if (bytes.Length == CaptureReader.LargestChunk && (used < text.Length || line.Cut))
            {
                faults.Add(TooLong, line.Offset);
            }
            else if (used < text.Length)
            {
                faults.Add(OddDigit, line.Offset);
            }

            if (bytes.Length > 0)
            {
                yield return new Chunk(default, bytes);
            }
        }
    }

    private static ReadOnlyMemory<byte> WithoutComment(ReadOnlyMemory<byte> line)
    {
        int comment = line.Span.IndexOfAny((byte)'#', (byte)';');
        return comment < 0 ? line : line[..comment];
    }
}
