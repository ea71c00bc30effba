namespace Bedside.Simulators.Draeger;

/// <summary>
/// The device's transmitter: one byte at a time at the line's speed. A realtime record goes before anything else, a command
/// before the rest of a response, so that records and commands come to stand in the middle of responses as on a real line.
/// </summary>
/// <param name="byteTime">How long one byte takes, ns.</param>
public sealed class MedibusLine(long byteTime)
{
    /// <summary>Realtime bytes that wait at most; a record that does not fit is lost, as when the line is too slow for the selection.</summary>
    public const int RealtimeCapacity = 96;

    private readonly Queue<byte> _realtime = new();
    private readonly Queue<byte> _command = new();
    private readonly Queue<byte> _response = new();
    private readonly Queue<byte> _control = new();
    private long _free;

    /// <summary>Set by DC1, cleared by DC3.</summary>
    public bool Suspended { get; set; }

    public bool SendsResponse => _response.Count > 0;

    public bool SendsCommand => _command.Count > 0;

    /// <summary>When the next byte can go, ns; the far future when there is none.</summary>
    public long Due => Next() is null ? long.MaxValue : _free;

    public void Command(long now, ReadOnlySpan<byte> frame) => Put(_command, now, frame);

    public void Response(long now, ReadOnlySpan<byte> frame) => Put(_response, now, frame);

    /// <summary>Flow-control bytes: before everything, and not held back by a suspension.</summary>
    public void Control(long now, byte one) => Put(_control, now, [one]);

    /// <summary>False when the record was lost because the line is too slow.</summary>
    public bool Realtime(long now, ReadOnlySpan<byte> record)
    {
        if (_realtime.Count + record.Length > RealtimeCapacity)
        {
            return false;
        }

        Put(_realtime, now, record);
        return true;
    }

    /// <summary>Takes the byte that is due.</summary>
    public byte Take()
    {
        Queue<byte> queue = Next() ?? throw new InvalidOperationException("no byte waits");
        _free += byteTime;
        return queue.Dequeue();
    }

    /// <summary>Stops in the middle of whatever is being sent.</summary>
    public void Clear()
    {
        _control.Clear();
        _realtime.Clear();
        CancelSlow();
        Suspended = false;
    }

    /// <summary>The host sent CAN: what is being sent of commands and responses ends here.</summary>
    public void CancelSlow()
    {
        _command.Clear();
        _response.Clear();
    }

    public void CancelRealtime() => _realtime.Clear();

    private Queue<byte>? Next()
    {
        if (_control.Count > 0)
        {
            return _control;
        }

        if (Suspended)
        {
            return null;
        }

        return _realtime.Count > 0 ? _realtime : _command.Count > 0 ? _command : _response.Count > 0 ? _response : null;
    }

    private void Put(Queue<byte> queue, long now, ReadOnlySpan<byte> bytes)
    {
        _free = Math.Max(_free, now);
        foreach (byte one in bytes)
        {
            queue.Enqueue(one);
        }
    }
}
