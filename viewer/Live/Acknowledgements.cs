namespace Bedside.Viewer.Live;

/// <summary>Which DATA frames a client has not acknowledged. Not safe for threads: its client guards it.</summary>
internal sealed class Acknowledgements(TimeProvider time, int credit)
{
    private readonly Queue<uint> _owed = new();
    private long _waitingSince = time.GetTimestamp();

    /// <summary>True while another DATA frame may be sent.</summary>
    public bool HasCredit => _owed.Count < credit;

    public void Sent(uint sequence)
    {
        if (_owed.Count == 0)
        {
            _waitingSince = time.GetTimestamp();
        }

        _owed.Enqueue(sequence);
    }

    /// <summary>The client has this frame and all before it.</summary>
    public void Acknowledge(uint sequence)
    {
        while (_owed.TryPeek(out uint oldest) && oldest <= sequence)
        {
            _owed.Dequeue();
            _waitingSince = time.GetTimestamp();
        }
    }

    /// <summary>True when frames are out and none has been acknowledged for that long.</summary>
    public bool IsOverdue(TimeSpan limit) => _owed.Count > 0 && time.GetElapsedTime(_waitingSince) > limit;

    /// <summary>A client that begins anew owes nothing.</summary>
    public void Clear() => _owed.Clear();
}
