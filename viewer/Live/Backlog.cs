using Bedside.Model;

namespace Bedside.Viewer.Live;

/// <summary>
/// What waits for one client. While it keeps up, that is one batch. When it does not, the oldest batches give up their
/// waves (counted for the GAP frame), keep the newest reading of each numeric, and all alerts and events.
/// Not safe for threads: its client guards it.
/// </summary>
internal sealed class Backlog(int mostBatches, int mostKeptBytes)
{
    private readonly Queue<(LiveBatch Batch, bool Waves)> _batches = new();
    private readonly List<byte[]> _events = [];
    private readonly Dictionary<SignalNumber, byte[]> _numerics = [];
    private int _keptBytes;
    private UtcInstant _gapFrom;
    private UtcInstant _gapTo;
    private int _gapFrames;

    /// <summary>False for a hidden tab: the waves of what is added from then on are neither sent nor missed.</summary>
    public bool Waves { get; set; } = true;

    /// <summary>True when even what must be kept is more than the bound: the client has to begin anew.</summary>
    public bool IsOverflowing => _keptBytes > mostKeptBytes;

    public bool HasGap { get; private set; }

    /// <summary>Bytes that <see cref="Write"/> would write.</summary>
    public int Length
    {
        get
        {
            int length = _keptBytes;
            foreach ((LiveBatch batch, bool waves) in _batches)
            {
                length += waves ? batch.Length : batch.LengthWithoutWaves;
            }

            return length;
        }
    }

    /// <summary>Keeps a reference of its own to the batch.</summary>
    public void Add(LiveBatch batch)
    {
        batch.Retain();
        _batches.Enqueue((batch, Waves));
        while (_batches.Count > mostBatches)
        {
            (LiveBatch oldest, bool waves) = _batches.Dequeue();
            Condense(oldest, waves);
            oldest.Release();
        }
    }

    /// <summary>Something was lost before it came here: the client is told, with no frames counted.</summary>
    public void AddGap(UtcInstant from, UtcInstant to)
    {
        _gapFrom = !HasGap || from < _gapFrom ? from : _gapFrom;
        _gapTo = !HasGap || to > _gapTo ? to : _gapTo;
        HasGap = true;
    }

    /// <summary>What was dropped since this was last asked.</summary>
    public GapNotice TakeGap()
    {
        var gap = new GapNotice(_gapFrom, _gapTo, _gapFrames);
        _gapFrames = 0;
        HasGap = false;
        return gap;
    }

    /// <summary>
    /// Moves everything into messages: kept events, newest numerics, then the waiting batches. Waves that ended before
    /// <paramref name="oldBefore"/> go into <paramref name="old"/>, never among the live ones.
    /// </summary>
    public void Write(OutgoingMessage live, OutgoingMessage old, UtcInstant oldBefore)
    {
        foreach (byte[] bytes in _events)
        {
            live.Append(bytes);
        }

        foreach (byte[] bytes in _numerics.Values)
        {
            live.Append(bytes);
        }

        ForgetKept();
        while (_batches.TryDequeue(out (LiveBatch Batch, bool Waves) waiting))
        {
            WriteBatch(waiting.Batch, waiting.Waves, live, old, oldBefore);
            waiting.Batch.Release();
        }
    }

    /// <summary>Forgets everything, what is owed too: a snapshot follows.</summary>
    public void Clear()
    {
        while (_batches.TryDequeue(out (LiveBatch Batch, bool Waves) waiting))
        {
            waiting.Batch.Release();
        }

        ForgetKept();
        _gapFrames = 0;
        HasGap = false;
    }

    private static void WriteBatch(LiveBatch batch, bool waves, OutgoingMessage live, OutgoingMessage old, UtcInstant oldBefore)
    {
        foreach (LiveEntry entry in batch.Entries)
        {
            if (entry.Class != LiveClass.Wave)
            {
                live.Append(batch.BytesOf(entry));
            }
            else if (waves)
            {
                (entry.End < oldBefore ? old : live).Append(batch.BytesOf(entry));
            }
        }
    }

    private void Condense(LiveBatch batch, bool waves)
    {
        bool dropped = false;
        foreach (LiveEntry entry in batch.Entries)
        {
            switch (entry.Class)
            {
                case LiveClass.Wave when waves:
                    AddGap(entry.Start, entry.End);
                    dropped = true;
                    break;
                case LiveClass.Numeric:
                    _keptBytes += entry.Length - (_numerics.TryGetValue(entry.Signal, out byte[]? former) ? former.Length : 0);
                    _numerics[entry.Signal] = batch.BytesOf(entry).ToArray();
                    break;
                case LiveClass.Event:
                    _keptBytes += entry.Length;
                    _events.Add(batch.BytesOf(entry).ToArray());
                    break;
            }
        }

        _gapFrames += dropped ? 1 : 0;
    }

    private void ForgetKept()
    {
        _events.Clear();
        _numerics.Clear();
        _keptBytes = 0;
    }
}
