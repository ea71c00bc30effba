using Bedside.Ingest.Drivers;
using Bedside.Model;

namespace Bedside.Ingest.Links;

/// <summary>
/// A line of which every chunk, both ways, is also given to a recorder, with the settings of the line. A recorder that fails is left alone from then on:
/// a full disk must not look like a lost line.
/// </summary>
internal sealed class TeedLink(ILink inner, Action<Chunk, LineSettings?> tee, TimeProvider time, Action<string> failed) : ISerialLine
{
    private bool _broken;
    private LineSettings? _line;

    public LineErrors? Errors => (inner as ISerialLine)?.Errors;

    public bool? DeviceRaisesALine => (inner as ISerialLine)?.DeviceRaisesALine;

    public void Tune(LineSettings line)
    {
        (inner as ISerialLine)?.Tune(line);
        _line = line;
    }

    public Chunk Read()
    {
        Chunk chunk = inner.Read();
        Tee(chunk);
        return chunk;
    }

    public void Send(ReadOnlySpan<byte> bytes)
    {
        MonotonicInstant at = time.MonotonicNow();
        inner.Send(bytes);
        Tee(new Chunk(at, bytes.ToArray(), ChunkDirection.ToDevice));
    }

    public void Dispose() => inner.Dispose();

    private void Tee(Chunk chunk)
    {
        if (_broken)
        {
            return;
        }

        try
        {
            tee(chunk, _line);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            _broken = true;
            failed(failure.Message);
        }
    }
}
