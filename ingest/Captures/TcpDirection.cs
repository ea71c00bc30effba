namespace Bedside.Ingest.Captures;

/// <summary>
/// One direction of one TCP connection: puts payloads in order. What arrives early waits, within bounds; when the bound is reached
/// what was waited for is lost, and said.
/// </summary>
internal sealed class TcpDirection
{
    private const int MostWaiting = 128;
    private const int MostBytesWaiting = 1 << 18;

    private const string Hole = "Bytes of a TCP connection are not in the file.";

    private readonly List<(uint Sequence, ReadOnlyMemory<byte> Bytes)> _waiting = [];
    private int _bytesWaiting;
    private uint? _next;

    /// <summary>Takes a packet and gives what is now in order.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Take(PacketPayload packet, long offset, FaultTally faults)
    {
        uint sequence = packet.Sequence;
        if (packet.Begins)
        {
            sequence++;
            if (_next is { } before && before != sequence)
            {
                foreach (ReadOnlyMemory<byte> bytes in Rest(offset, faults))
                {
                    yield return bytes;
                }
            }

            _next = _next == sequence ? _next : sequence;
        }

        if (!packet.Bytes.IsEmpty)
        {
            _next ??= sequence;
            _waiting.Add((sequence, packet.Bytes));
            _bytesWaiting += packet.Bytes.Length;
        }

        foreach (ReadOnlyMemory<byte> bytes in InOrder())
        {
            yield return bytes;
        }

        while (_waiting.Count > MostWaiting || _bytesWaiting > MostBytesWaiting)
        {
            SkipHole(offset, faults);
            foreach (ReadOnlyMemory<byte> bytes in InOrder())
            {
                yield return bytes;
            }
        }

        if (packet.Missing > 0 && _next == sequence + (uint)packet.Bytes.Length)
        {
            faults.Add(Hole, offset, packet.Missing);
            _next += (uint)packet.Missing;
        }
    }

    /// <summary>What still waits at the end.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Rest(long offset, FaultTally faults)
    {
        while (_waiting.Count > 0)
        {
            SkipHole(offset, faults);
            foreach (ReadOnlyMemory<byte> bytes in InOrder())
            {
                yield return bytes;
            }
        }
    }

    private IEnumerable<ReadOnlyMemory<byte>> InOrder()
    {
        int at;
        while (_next is { } next && (at = _waiting.FindIndex(held => Ahead(held.Sequence, next) <= 0)) >= 0)
        {
            (uint sequence, ReadOnlyMemory<byte> bytes) = _waiting[at];
            _waiting.RemoveAt(at);
            _bytesWaiting -= bytes.Length;
            int had = -Ahead(sequence, next);
            if (had < bytes.Length && had >= 0)
            {
                _next = next + (uint)(bytes.Length - had);
                yield return bytes[had..];
            }
        }
    }

    private void SkipHole(long offset, FaultTally faults)
    {
        if (_next is not { } next)
        {
            return;
        }

        uint nearest = _waiting.MinBy(held => Ahead(held.Sequence, next)).Sequence;
        faults.Add(Hole, offset, Ahead(nearest, next));
        _next = nearest;
    }

    /// <summary>How far a sequence number is ahead of another; they wrap at 2^32.</summary>
    private static int Ahead(uint sequence, uint of) => (int)(sequence - of);
}
