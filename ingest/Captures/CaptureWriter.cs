using System.Buffers;
using System.Globalization;
using System.Text;
using Bedside.Ingest.Links;
using Bedside.Model;

namespace Bedside.Ingest.Captures;

/// <summary>
/// Writes the <c>.cap</c> format of FORMAT.md; <see cref="CaptureReader"/> is its mirror. It can be hung on a port as a tee:
/// <c>tee: writer.Write</c>. What it wrote is given to the operating system at every silence and at least once a second.
/// </summary>
public sealed class CaptureWriter : IDisposable
{
    private const long FlushEveryNanoseconds = 1_000_000_000;

    private readonly Stream _output;
    private MonotonicInstant? _start;
    private MonotonicInstant? _silentUntil;
    private long _latest;
    private MonotonicInstant _flushedAt;

    /// <summary>Begins a capture.</summary>
    /// <param name="output">Owned by the writer from here on.</param>
    /// <param name="header">Written at once.</param>
    /// <param name="start">0 ns of the capture; null = the first chunk that is written, a tick or not.</param>
    public CaptureWriter(Stream output, CaptureHeader header, MonotonicInstant? start = null)
    {
        _output = output;
        _start = start;
        _flushedAt = start ?? default;
        foreach (KeyValuePair<string, string> line in header.Lines())
        {
            WriteText($"# {line.Key}: {OneLine(line.Value)}\n");
        }
    }

    /// <summary>Bytes written so far, for whoever bounds the file.</summary>
    public long Length { get; private set; }

    public static CaptureWriter Create(string path, CaptureHeader header, MonotonicInstant? start = null) =>
        new(new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read), header, start);

    /// <summary>Writes one chunk. A tick is only remembered, to say at the end how long the silence was. Throws what the file throws.</summary>
    public void Write(Chunk chunk)
    {
        MonotonicInstant start = _start ??= chunk.ArrivedAt;
        if (chunk.Bytes.IsEmpty)
        {
            _silentUntil = chunk.ArrivedAt;
            Flush(chunk.ArrivedAt);
            return;
        }

        _silentUntil = null;
        _latest = Math.Max(_latest, chunk.ArrivedAt.Since(start));
        WriteText(_latest.ToString(CultureInfo.InvariantCulture));
        WriteText(chunk.Direction == ChunkDirection.ToDevice ? " > " : " ");
        WriteHex(chunk.Bytes.Span);
        WriteText("\n");
        if (chunk.ArrivedAt.Since(_flushedAt) >= FlushEveryNanoseconds)
        {
            Flush(chunk.ArrivedAt);
        }
    }

    public void Dispose()
    {
        if (_silentUntil is { } until && _start is { } start && until.Since(start) > _latest)
        {
            WriteText(string.Create(CultureInfo.InvariantCulture, $"{until.Since(start)}\n"));
        }

        _output.Dispose();
    }

    private static string OneLine(string value) => value.ReplaceLineEndings(" ").Trim();

    private void Flush(MonotonicInstant now)
    {
        _flushedAt = now;
        _output.Flush();
    }

    private void WriteHex(ReadOnlySpan<byte> bytes)
    {
        byte[] text = ArrayPool<byte>.Shared.Rent(bytes.Length * 2);
        for (int i = 0; i < bytes.Length; i++)
        {
            text[2 * i] = "0123456789abcdef"u8[bytes[i] >> 4];
            text[(2 * i) + 1] = "0123456789abcdef"u8[bytes[i] & 0xF];
        }

        WriteBytes(text.AsSpan(0, bytes.Length * 2));
        ArrayPool<byte>.Shared.Return(text);
    }

    private void WriteText(string text) => WriteBytes(Encoding.UTF8.GetBytes(text));

    private void WriteBytes(ReadOnlySpan<byte> bytes)
    {
        _output.Write(bytes);
        Length += bytes.Length;
    }
}
