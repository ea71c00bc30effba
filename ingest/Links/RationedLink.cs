using Bedside.Ingest.Drivers;
using Bedside.Model;

namespace Bedside.Ingest.Links;

/// <summary>
/// A line that may say so much a second and no more. No device comes near it; whoever floods the port is read more slowly, so that it costs a bounded share of the
/// processor and memory, and what it loses is its own.
/// </summary>
internal sealed class RationedLink(ILink inner, int bytesPerSecond, TimeProvider time, CancellationToken cancel) : ISerialLine
{
    /// <summary>What may come at once: a second's worth of everything, four times over.</summary>
    private const int SecondsAtOnce = 4;

    private readonly long _most = (long)bytesPerSecond * SecondsAtOnce;
    private long _left = (long)bytesPerSecond * SecondsAtOnce;
    private MonotonicInstant _at = time.MonotonicNow();

    /// <summary>The last read had to wait because too much had come.</summary>
    public bool IsHeldUp { get; private set; }

    public LineErrors? Errors => (inner as ISerialLine)?.Errors;

    public bool? DeviceRaisesALine => (inner as ISerialLine)?.DeviceRaisesALine;

    public void Tune(LineSettings line) => (inner as ISerialLine)?.Tune(line);

    public Chunk Read()
    {
        MonotonicInstant now = time.MonotonicNow();
        _left = Math.Min(_most, _left + (now.Since(_at) / 1_000 * bytesPerSecond / 1_000_000));
        _at = now;
        IsHeldUp = _left <= 0;
        if (IsHeldUp)
        {
            time.Rest(TimeSpan.FromSeconds((double)-_left / bytesPerSecond) + TimeSpan.FromMilliseconds(1), cancel);
        }

        Chunk chunk = inner.Read();
        _left -= chunk.Bytes.Length;
        return chunk;
    }

    public void Send(ReadOnlySpan<byte> bytes) => inner.Send(bytes);

    public void Dispose() => inner.Dispose();
}
