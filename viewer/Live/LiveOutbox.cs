using System.Net.WebSockets;
using System.Text.Json;
using System.Threading.Channels;
using Bedside.Model;

namespace Bedside.Viewer.Live;

/// <summary>What a client gets first.</summary>
internal enum Beginning
{
    /// <summary>Snapshot and all of the history.</summary>
    Whole,

    /// <summary>Snapshot and history for a hidden tab.</summary>
    WithoutWaves,

    /// <summary>The waves of the history, for a tab that is shown again.</summary>
    WavesOnly,
}

/// <summary>Why a connection is closed.</summary>
internal readonly record struct Closing(WebSocketCloseStatus Code, string Reason);

/// <summary>
/// What is to be sent to one client. The hub's task, and the receiving and sending loop of the client, meet here; the lock
/// is held to move references and bytes, never over I/O. What it holds is bounded: a <see cref="Backlog"/>, one history,
/// one status, one pong. A client that may not see all has no last value from before <paramref name="notBefore"/>.
/// </summary>
internal sealed class LiveOutbox(LiveHub hub, LiveLimits limits, TimeProvider time, UtcInstant? notBefore = null)
{
    private readonly Lock _gate = new();
    private readonly Backlog _backlog = new(limits.WaitingBatches, limits.KeptBytes);
    private readonly Acknowledgements _acknowledgements = new(time, limits.Credit);
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly long _openedAt = time.GetTimestamp();
    private LiveBatch[]? _history;
    private Beginning _beginning;
    private bool _isSnapshotDue;
    private bool _isSynchronised;
    private ReadOnlyMemory<byte> _status;
    private double? _pong;
    private Closing? _closing;
    private uint _sequence;

    /// <summary>Set once, by whoever is first to close.</summary>
    public Closing? Closing
    {
        get
        {
            lock (_gate)
            {
                return _closing;
            }
        }
    }

    /// <summary>Takes a batch if the client has said hello.</summary>
    public void Offer(LiveBatch batch)
    {
        lock (_gate)
        {
            if (_isSynchronised && _closing is null)
            {
                _backlog.Add(batch);
            }
        }

        Wake();
    }

    /// <summary>The box itself could not follow between these times.</summary>
    public void OfferGap(UtcInstant from, UtcInstant to)
    {
        lock (_gate)
        {
            if (_isSynchronised)
            {
                _backlog.AddGap(from, to);
            }
        }

        Wake();
    }

    /// <summary>Sets the body of the next STATUS frame; true when the client owes so much that it must be closed.</summary>
    public bool OfferStatus(ReadOnlyMemory<byte> status)
    {
        bool owes;
        lock (_gate)
        {
            _status = status;
            owes = _acknowledgements.IsOverdue(limits.AckTimeout)
                || _backlog.IsOverflowing
                || (!_isSynchronised && time.GetElapsedTime(_openedAt) > limits.HelloTimeout);
        }

        Wake();
        return owes;
    }

    /// <summary>
    /// Called by the hub, which adds no batch meanwhile: from here on this client gets <paramref name="history"/> (retained
    /// for it), then all that follows.
    /// </summary>
    public void Begin(LiveBatch[] history, Beginning beginning)
    {
        lock (_gate)
        {
            ReleaseHistory();
            _history = history;
            _beginning = beginning;
            _backlog.Waves = beginning != Beginning.WithoutWaves;
            if (beginning != Beginning.WavesOnly)
            {
                _backlog.Clear();
                _acknowledgements.Clear();
                _isSnapshotDue = true;
                _isSynchronised = true;
            }
        }

        Wake();
    }

    /// <summary>True when waves were off and are wanted again, so that their history is due.</summary>
    public bool SetWaves(bool on)
    {
        lock (_gate)
        {
            bool turnedOn = on && !_backlog.Waves && _isSynchronised;
            _backlog.Waves = on;
            return turnedOn;
        }
    }

    public void Acknowledge(uint sequence)
    {
        lock (_gate)
        {
            _acknowledgements.Acknowledge(sequence);
        }

        Wake();
    }

    /// <summary>Only the newest ping is answered.</summary>
    public void Pong(double t)
    {
        lock (_gate)
        {
            _pong = t;
        }

        Wake();
    }

    /// <summary>False when it is closing already.</summary>
    public bool Close(WebSocketCloseStatus code, string reason)
    {
        lock (_gate)
        {
            if (_closing is not null)
            {
                return false;
            }

            _closing = new Closing(code, reason);
        }

        Wake();
        return true;
    }

    /// <summary>Waits until something may have changed.</summary>
    public ValueTask<bool> WaitAsync(CancellationToken cancel) => _wake.Reader.ReadAsync(cancel);

    /// <summary>The body of a SNAPSHOT when one is due. It is made by the hub outside the lock, because it asks the store.</summary>
    public OutgoingMessage? TakeSnapshot()
    {
        lock (_gate)
        {
            if (!_isSnapshotDue || _closing is not null)
            {
                return null;
            }

            _isSnapshotDue = false;
        }

        ReadOnlyMemory<byte> snapshot = hub.Snapshot(notBefore);
        lock (_gate)
        {
            return JsonFrame(FrameType.Snapshot, snapshot.Span);
        }
    }

    /// <summary>The next message or two in the order of sending; nothing while a snapshot must go first.</summary>
    public (OutgoingMessage? First, OutgoingMessage? Second) Take()
    {
        lock (_gate)
        {
            return _closing is null && !_isSnapshotDue ? TakeNext() : default;
        }
    }

    /// <summary>Gives back what it still holds; nothing is offered any more because it is closing.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _backlog.Clear();
            ReleaseHistory();
        }
    }

    private void Wake() => _wake.Writer.TryWrite(item: true);

    private (OutgoingMessage? First, OutgoingMessage? Second) TakeNext()
    {
        if (_history is not null && TakeHistory(_history) is OutgoingMessage history)
        {
            return (history, null);
        }

        if (_pong is double t)
        {
            _pong = null;
            return (OutgoingMessage.Text(JsonSerializer.SerializeToUtf8Bytes(new Pong("pong", t, time.Instant()), ViewerJson.Default.Pong)), null);
        }

        if (!_status.IsEmpty && _isSynchronised)
        {
            ReadOnlyMemory<byte> status = _status;
            _status = default;
            return (JsonFrame(FrameType.Status, status.Span), null);
        }

        if (!_acknowledgements.HasCredit)
        {
            return default;
        }

        if (_backlog.HasGap)
        {
            return (JsonFrame(FrameType.Gap, JsonSerializer.SerializeToUtf8Bytes(_backlog.TakeGap(), ViewerJson.Default.GapNotice)), null);
        }

        return TakeBacklog();
    }

    private OutgoingMessage? TakeHistory(LiveBatch[] batches)
    {
        var message = OutgoingMessage.Frame(batches.Sum(batch => batch.Length));
        foreach (LiveBatch batch in batches)
        {
            foreach (LiveEntry entry in batch.Entries)
            {
                bool isWave = entry.Class == LiveClass.Wave;
                if (isWave ? _beginning != Beginning.WithoutWaves : _beginning != Beginning.WavesOnly)
                {
                    message.Append(batch.BytesOf(entry));
                }
            }
        }

        ReleaseHistory();
        return SealBlocks(message, FrameHeader.History);
    }

    private (OutgoingMessage? Old, OutgoingMessage? Live) TakeBacklog()
    {
        int length = _backlog.Length;
        if (length == 0)
        {
            return default;
        }

        var old = OutgoingMessage.Frame(length);
        var live = OutgoingMessage.Frame(length);
        _backlog.Write(live, old, time.Instant().Add(-FreshnessRules.LateAtMost.Nanoseconds()));
        return (SealBlocks(old, FrameHeader.History), SealBlocks(live, flags: 0));
    }

    /// <summary>Numbers the frame, and counts it against the credit; null when there is nothing in it.</summary>
    private OutgoingMessage? SealBlocks(OutgoingMessage message, ushort flags)
    {
        if (message.HasNoBody)
        {
            message.Dispose();
            return null;
        }

        _acknowledgements.Sent(++_sequence);
        return message.Seal(hub.Stamp(), FrameType.Blocks, flags, _sequence);
    }

    private OutgoingMessage JsonFrame(FrameType type, ReadOnlySpan<byte> json)
    {
        var message = OutgoingMessage.Frame(json.Length);
        message.Append(json);
        return message.Seal(hub.Stamp(), type, flags: 0, ++_sequence);
    }

    private void ReleaseHistory()
    {
        foreach (LiveBatch batch in _history ?? [])
        {
            batch.Release();
        }

        _history = null;
    }
}
