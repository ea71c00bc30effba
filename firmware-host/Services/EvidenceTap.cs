using System.Collections.Concurrent;
using Bedside.Ingest;
using Bedside.Ingest.Drivers;
using Bedside.Ingest.Intake;
using Bedside.Ingest.Links;
using Bedside.Model;
using Bedside.Storage.Evidence;

namespace Bedside.Host.Services;

/// <summary>What goes over the ports goes into the store's ring of evidence, with what is known of the port and of the clock. Ports call on their own threads.</summary>
internal sealed class EvidenceTap(EvidenceRing ring, PortBoard board, KernelClock clock, TimeProvider time) : IEvidence
{
    /// <summary>Two clocks that are read farther apart than this were not read at the same time.</summary>
    private const long TogetherNanoseconds = 20_000;

    private const int Attempts = 4;

    private readonly ConcurrentDictionary<string, Known> _ports = new(StringComparer.Ordinal);

    public void OnOpened(PortIdentity port, Transport transport, MonotonicInstant at) =>
        ring.Take(Entry(EvidenceKind.Opened, Describe(port, transport, line: null), at));

    public void OnChunk(PortIdentity port, Transport transport, LineSettings? line, Chunk chunk)
    {
        EvidenceKind kind = chunk.Bytes.IsEmpty ? EvidenceKind.Silent
            : chunk.Direction == ChunkDirection.ToDevice ? EvidenceKind.ToDevice
            : EvidenceKind.FromDevice;
        ring.Take(Entry(kind, Describe(port, transport, line), chunk.ArrivedAt) with { Bytes = chunk.Bytes });
    }

    private EvidenceEntry Entry(EvidenceKind kind, EvidencePort port, MonotonicInstant at) =>
        new(kind, port, at, new UtcInstant(at.Nanoseconds + Offset())) { UncertaintyMicroseconds = clock.State.UncertaintyMicroseconds };

    /// <summary>How far UTC is ahead of the monotonic clock, nanoseconds. Whoever is interrupted between two readings reads again.</summary>
    private long Offset()
    {
        for (int attempt = 1; ; attempt++)
        {
            MonotonicInstant before = time.MonotonicNow();
            var utc = UtcInstant.FromDateTime(time.GetUtcNow());
            long took = time.MonotonicNow().Since(before);
            if (took <= TogetherNanoseconds || attempt == Attempts)
            {
                return utc.UnixNanoseconds - before.Nanoseconds - (took / 2);
            }
        }
    }

    /// <summary>The same object as long as nothing changes: a window says each of them once.</summary>
    private EvidencePort Describe(PortIdentity port, Transport transport, LineSettings? line)
    {
        if (_ports.TryGetValue(port.Name, out Known? known) && ReferenceEquals(known.Identity, port) && known.Line == line)
        {
            return known.Description;
        }

        string driver = port.Driver?.Name ?? string.Empty;
        string device = driver.Length > 0 && board.Memory.Of(port.Name) is { } remembered && remembered.Driver == driver ? remembered.Device : driver;
        var description = new EvidencePort(port.Name, transport.ToString().ToLowerInvariant(), line?.ToString() ?? string.Empty, driver, device);
        _ports[port.Name] = new Known(port, line, description);
        return description;
    }

    private sealed record Known(PortIdentity Identity, LineSettings? Line, EvidencePort Description);
}
