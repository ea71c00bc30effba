namespace Bedside.Viewer.Live;

/// <summary>The batches of the last seconds, for clients that come or come back. Bounded in time and in bytes.</summary>
internal sealed class LiveHistory(TimeProvider time, TimeSpan depth, int mostBytes)
{
    private readonly Queue<(LiveBatch Batch, long AddedAt)> _batches = new();
    private int _bytes;

    /// <summary>Keeps a reference of its own to the batch.</summary>
    public void Add(LiveBatch batch)
    {
        batch.Retain();
        _batches.Enqueue((batch, time.GetTimestamp()));
        _bytes += batch.Length;
        Trim();
    }

    /// <summary>Every batch that is still young enough, retained for the caller.</summary>
    public LiveBatch[] Retain()
    {
        Trim();
        var batches = new LiveBatch[_batches.Count];
        int next = 0;
        foreach ((LiveBatch batch, _) in _batches)
        {
            batch.Retain();
            batches[next++] = batch;
        }

        return batches;
    }

    public void Clear()
    {
        while (_batches.TryDequeue(out (LiveBatch Batch, long AddedAt) oldest))
        {
            oldest.Batch.Release();
        }

        _bytes = 0;
    }

    private void Trim()
    {
        while (_batches.TryPeek(out (LiveBatch Batch, long AddedAt) oldest)
            && (_bytes > mostBytes || time.GetElapsedTime(oldest.AddedAt) > depth))
        {
            _batches.Dequeue();
            _bytes -= oldest.Batch.Length;
            oldest.Batch.Release();
        }
    }
}
