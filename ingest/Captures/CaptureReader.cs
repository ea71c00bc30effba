using System.Buffers;
using System.Buffers.Text;
using System.Text;
using Bedside.Ingest.Links;
using Bedside.Model;

namespace Bedside.Ingest.Captures;

/// <summary>Reads the <c>.cap</c> format of FORMAT.md; <see cref="CaptureWriter"/> is its mirror.</summary>
internal sealed class CaptureReader(Func<Stream> open) : IChunkSource
{
    /// <summary>The largest datagram there is, and far more than one read of a stream gives.</summary>
    public const int LargestChunk = 65_536;

    private static readonly SearchValues<char> KeyCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-");

    private const string NotAChunk = "A line is not a chunk and was left out: it should be nanoseconds, then '>' where bytes went to the device, then hex digits.";
    private const string OddDigit = "A lone hex digit at the end of a line was left out.";
    private const string TimeWentBack = "A chunk is earlier than the one before it and was taken as just as late.";
    private const string TooLong = "A line holds more than 65536 bytes and was cut.";
    private const string NoLineEnd = "The file ends in the middle of a line: it was probably cut.";

    /// <summary>The header of the file, from everything before the first chunk.</summary>
    public CaptureHeader ReadHeader()
    {
        using Stream file = open();
        var header = new CaptureHeader();
        foreach (TextLine line in TextLines.Of(file))
        {
            ReadOnlySpan<byte> text = line.Text.Span.TrimStart((byte)' ');
            if (text.IsEmpty)
            {
                continue;
            }

            if (text[0] != (byte)'#')
            {
                break;
            }

            if (HeaderLine(text) is { } found)
            {
                header = header.With(found.Key, found.Value);
            }
        }

        return header;
    }

    /// <summary>Key and value of <c># Key: value</c>; null for a comment.</summary>
    public static KeyValuePair<string, string>? HeaderLine(ReadOnlySpan<byte> line)
    {
        string text = Encoding.UTF8.GetString(line[1..]).Trim();
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        bool isKey = colon > 0 && !text.AsSpan(0, colon).ContainsAnyExcept(KeyCharacters);
        return isKey ? new KeyValuePair<string, string>(text[..colon], text[(colon + 1)..].Trim()) : null;
    }

    /// <summary>Chunks as stored; an empty one stands for a line that only ends a silence.</summary>
    public IEnumerable<Chunk> Stored(FaultTally faults)
    {
        using Stream file = open();
        long latest = 0;
        foreach (TextLine line in TextLines.Of(file))
        {
            ReadOnlyMemory<byte> text = line.Text.TrimStart((byte)' ');
            if (text.IsEmpty || text.Span[0] == (byte)'#')
            {
                continue;
            }

            if (ReadLine(text.Span, line, faults) is not { } chunk)
            {
                continue;
            }

            if (chunk.ArrivedAt.Nanoseconds < latest)
            {
                faults.Add(TimeWentBack, line.Offset);
                chunk = chunk with { ArrivedAt = new MonotonicInstant(latest) };
            }

            latest = chunk.ArrivedAt.Nanoseconds;
            yield return chunk;
        }
    }

    private static Chunk? ReadLine(ReadOnlySpan<byte> text, TextLine line, FaultTally faults)
    {
        if (!line.Ended)
        {
            faults.Add(NoLineEnd, line.Offset);
        }

        if (!Utf8Parser.TryParse(text, out long nanoseconds, out int used) || nanoseconds < 0 || text[0] is not (>= (byte)'0' and <= (byte)'9'))
        {
            faults.Add(NotAChunk, line.Offset);
            return null;
        }

        ReadOnlySpan<byte> rest = text[used..];
        if (!rest.IsEmpty && rest[0] is not ((byte)' ' or (byte)'\t'))
        {
            faults.Add(NotAChunk, line.Offset);
            return null;
        }

        rest = rest.Trim(" \t"u8);
        ChunkDirection direction = ChunkDirection.FromDevice;
        if (!rest.IsEmpty && rest[0] == (byte)'>')
        {
            direction = ChunkDirection.ToDevice;
            rest = rest[1..];
        }

        byte[] bytes = HexDigits.Read(rest, LargestChunk, out int read);
        ReadOnlySpan<byte> over = rest[read..];
        if (bytes.Length == LargestChunk && (!over.IsEmpty || line.Cut))
        {
            faults.Add(TooLong, line.Offset);
        }
        else if (over.Length == 1 && HexDigits.IsDigit(over[0]))
        {
            faults.Add(OddDigit, line.Offset);
        }
        else if (!over.IsEmpty)
        {
            faults.Add(NotAChunk, line.Offset);
            return null;
        }

        return bytes.Length == 0 && direction == ChunkDirection.ToDevice ? null : new Chunk(new MonotonicInstant(nanoseconds), bytes, direction);
    }
}
