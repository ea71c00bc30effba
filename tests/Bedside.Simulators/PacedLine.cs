namespace Bedside.Simulators;

/// <summary>
/// A serial line's speed: ten bits a byte, so that a device that says more than the line can carry is late, and beyond
/// the queue's limit loses whole messages, as on a real line.
/// </summary>
public sealed class PacedLine(IPort port, SimulationClock clock, int baud, int capacity)
{
    private const int BitsPerByte = 10;

    private readonly Queue<byte> _waiting = new();
    private long _free;

    /// <summary>Bytes not yet on the line.</summary>
    public int Waiting => _waiting.Count;

    /// <summary>How long one byte takes, ns.</summary>
    public long ByteTime => BitsPerByte * 1_000_000_000L / baud;

    /// <summary>Queues a message; false when it does not fit and is lost.</summary>
    public bool Send(ReadOnlySpan<byte> message)
    {
        if (_waiting.Count + message.Length > capacity)
        {
            return false;
        }

        if (_waiting.Count == 0)
        {
            _free = Math.Max(_free, clock.Now);
        }

        foreach (byte value in message)
        {
            _waiting.Enqueue(value);
        }

        return true;
    }

    /// <summary>Sends what the line had time for; returns when there is more to send, or the far future.</summary>
    public long Advance()
    {
        // A UART's FIFO hands over some bytes at once; sixteen make the wakings few and the timing fine enough.
        const int Fifo = 16;
        long now = clock.Now;
        int count = (int)Math.Min(_waiting.Count, (now - _free) / ByteTime);
        if (count > 0)
        {
            byte[] bytes = new byte[count];
            for (int at = 0; at < count; at++)
            {
                bytes[at] = _waiting.Dequeue();
            }

            _free += count * ByteTime;
            port.Send(bytes, to: null);
        }

        return _waiting.Count == 0 ? long.MaxValue : _free + (Math.Min(_waiting.Count, Fifo) * ByteTime);
    }
}
