using Bedside.Ingest.Drivers;
using Bedside.Ingest.Links;

namespace Bedside.Tests.Ingest;

/// <summary>
/// A serial line with an invented device at the other end, on a manual clock: each read without bytes lets 100 ms pass. The device
/// hears and speaks only while the line has its settings; at others its bytes come as noise with framing errors.
/// </summary>
internal sealed class ScriptedLine(ManualTime time, LineSettings? spoken = null) : ISerialLine
{
    private readonly Queue<byte[]> _incoming = [];
    private readonly LineSettings? _spoken = spoken;
    private LineSettings? _line = spoken;
    private int _framing;

    public List<byte[]> Sent { get; } = [];

    public List<LineSettings> Tuned { get; } = [];

    public LineErrors? Errors => new LineErrors(_framing, 0, 0, 0);

    /// <summary>What the device does with a message; null = nothing.</summary>
    public Func<byte[], byte[]?>? Answer { get; init; }

    /// <summary>What the device says unasked each 100 ms; null = nothing.</summary>
    public Func<byte[]?>? Chatter { get; init; }

    /// <summary>Once it returns a reason, the line is lost.</summary>
    public Func<string?>? Fate { get; init; }

    /// <summary>The other end does not care for settings: a loop of wire.</summary>
    public bool AnySpeed { get; init; }

    public bool Disposed { get; private set; }

    private bool IsHeard => AnySpeed || _line == _spoken;

    public void Tune(LineSettings line)
    {
        Tuned.Add(line);
        _line = line;
        _incoming.Clear();
    }

    public Chunk Read()
    {
        if (Fate?.Invoke() is { } reason)
        {
            throw new IOException(reason);
        }

        if (_incoming.TryDequeue(out byte[]? bytes))
        {
            return new Chunk(time.MonotonicNow(), bytes);
        }

        time.Advance(TimeSpan.FromMilliseconds(100));
        if (Chatter?.Invoke() is { } said)
        {
            if (IsHeard)
            {
                return new Chunk(time.MonotonicNow(), said);
            }

            _framing += said.Length;
            return new Chunk(time.MonotonicNow(), said.Select(value => (byte)(value ^ 0x55)).ToArray());
        }

        return new Chunk(time.MonotonicNow(), default);
    }

    public void Send(ReadOnlySpan<byte> bytes)
    {
        Sent.Add(bytes.ToArray());
        if (IsHeard && Answer?.Invoke(bytes.ToArray()) is { } answer)
        {
            _incoming.Enqueue(answer);
        }
    }

    public void Dispose() => Disposed = true;
}
