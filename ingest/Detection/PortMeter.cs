using Bedside.Ingest.Drivers;
using Bedside.Ingest.Links;
using Bedside.Model;

namespace Bedside.Ingest.Detection;

/// <summary>What a hunt tries now.</summary>
/// <param name="Line">Settings of a serial line, as engineers write them; empty on a network.</param>
/// <param name="Asked">Names of the drivers whose questions are sent; empty = it only listens.</param>
/// <param name="Stop">Which of the settings, from 1; a round goes through all of them, some twice.</param>
/// <param name="Stops">How many there are.</param>
public sealed record Attempt(string Line, IReadOnlyList<string> Asked, int Stop, int Stops);

/// <summary>What a port's meter read at one moment.</summary>
/// <param name="BytesIn">Since the program began, as are the next ones.</param>
/// <param name="Faults">Bytes that were not what the protocol says, and messages that the link refused.</param>
/// <param name="LastFault">Empty = none.</param>
/// <param name="LineErrors">Characters with a wrong stop bit or parity, and breaks; null = the port does not count.</param>
/// <param name="Trying">Null = no hunt is running.</param>
public sealed record PortReading(long BytesIn, long BytesOut, long Faults, string LastFault, long? LineErrors, Attempt? Trying)
{
    /// <summary>What the driver read out of the bytes: runs of samples, values, states.</summary>
    public long Read { get; init; }
}

/// <summary>Counts what goes through one port, over all the times it is opened, and says what is tried on it. The port writes, any thread reads.</summary>
public sealed class PortMeter
{
    private readonly Lock _gate = new();
    private PortReading _now = new(0, 0, 0, "", LineErrors: null, Trying: null);

    public PortReading Read()
    {
        lock (_gate)
        {
            return _now;
        }
    }

    /// <summary>Null = the hunt is over.</summary>
    internal void Try(Attempt? attempt)
    {
        lock (_gate)
        {
            _now = _now with { Trying = attempt };
        }
    }

    internal void Hear(DeviceEvent said)
    {
        lock (_gate)
        {
            _now = said is DeviceEvent.Fault fault
                ? _now with { Faults = _now.Faults + 1, LastFault = fault.Reason }
                : _now with { Read = _now.Read + 1 };
        }
    }

    internal void Pass(long bytesIn, long bytesOut, long? lineErrors)
    {
        lock (_gate)
        {
            _now = _now with
            {
                BytesIn = _now.BytesIn + bytesIn,
                BytesOut = _now.BytesOut + bytesOut,
                LineErrors = lineErrors is { } more ? (_now.LineErrors ?? 0) + more : _now.LineErrors,
            };
        }
    }
}

/// <summary>A line whose bytes and errors are counted; errors are looked at once a second.</summary>
internal sealed class MeteredLink(ILink inner, PortMeter meter) : ISerialLine
{
    private const long ErrorsEveryNs = 1_000_000_000;

    private LineErrors? _errorsBefore = (inner as ISerialLine)?.Errors;
    private MonotonicInstant? _looked;

    public LineErrors? Errors => (inner as ISerialLine)?.Errors;

    public bool? DeviceRaisesALine => (inner as ISerialLine)?.DeviceRaisesALine;

    public void Tune(LineSettings line) => (inner as ISerialLine)?.Tune(line);

    public Chunk Read()
    {
        Chunk chunk = inner.Read();
        bool look = _looked is not { } before || chunk.ArrivedAt.Since(before) >= ErrorsEveryNs;
        if (look || !chunk.Bytes.IsEmpty)
        {
            meter.Pass(chunk.Direction == ChunkDirection.FromDevice ? chunk.Bytes.Length : 0, 0, look ? NewErrors() : null);
            _looked = look ? chunk.ArrivedAt : _looked;
        }

        return chunk;
    }

    public void Send(ReadOnlySpan<byte> bytes)
    {
        inner.Send(bytes);
        meter.Pass(0, bytes.Length, lineErrors: null);
    }

    public void Dispose() => inner.Dispose();

    private long? NewErrors()
    {
        LineErrors? now = Errors;
        long? more = (now - _errorsBefore)?.Wrong;
        _errorsBefore = now;
        return more;
    }
}
