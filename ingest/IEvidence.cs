using Bedside.Ingest.Drivers;
using Bedside.Ingest.Links;
using Bedside.Model;

namespace Bedside.Ingest;

/// <summary>
/// Keeps what goes over the ports, byte by byte, so that a better driver can decode it again. Each call comes on the port's own
/// thread and returns at once: what cannot be kept is accounted for and does not hold up the port.
/// </summary>
public interface IEvidence
{
    /// <summary>The line was opened: what follows has nothing to do with what was before.</summary>
    void OnOpened(PortIdentity port, Transport transport, MonotonicInstant at);

    /// <summary>A chunk went either way; empty = 100 ms passed.</summary>
    /// <param name="port">With the driver, as far as it is recognised.</param>
    /// <param name="transport">What carries the bytes.</param>
    /// <param name="line">Settings of a serial line at that moment; null = not a serial line, or not tuned yet.</param>
    /// <param name="chunk">Its bytes do not change any more.</param>
    void OnChunk(PortIdentity port, Transport transport, LineSettings? line, Chunk chunk);
}
