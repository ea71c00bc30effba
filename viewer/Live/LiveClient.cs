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

/// <summary>
/// One screen. The hub offers it batches and never waits for it; its own two loops receive and send. What it may hold is
/// bounded: <see cref="Backlog"/>, one status, one pong, one history.
/// </summary>
internal sealed class LiveClient(WebSocket socket, LiveHub hub, LiveLimits limits, TimeProvider time)
{
    private const int LongestMessage = 4096;
    private const int NotAcknowledged = 4008;
    private static readonly TimeSpan CloseGrace = TimeSpan.FromSeconds(2);

    // The hub's task, the receiving and the sending loop meet in these fields; it is held to move references, never over I/O.
    private readonly Lock _gate = new();
    private readonly Backlog _backlog = new(limits.WaitingBatches, limits.KeptBytes);
    private readonly Acknowledgements _acknowledgements = new(time, limits.Credit);
    private readonly CancellationTokenSource _abort = new(Timeout.InfiniteTimeSpan, time);
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly long _cameAt = time.GetTimestamp();
    private LiveBatch[]? _history;
    private Beginning _beginning;
    private bool _snapshotDue;
    private bool _isSynchronised;
    private ReadOnlyMemory<byte> _status;
    private double? _pong;
    private (WebSocketCloseStatus Code, string Reason)? _close;
    private uint _sequence;

    /// <summary>Serves the client until it goes, is closed or <paramref name="stopping"/>.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        using CancellationTokenRegistration registration =
            stopping.Register(() => Close(WebSocketCloseStatus.EndpointUnavailable, "The box is stopping."));
        Task sending = EndQuietlyAsync(SendAllAsync(_abort.Token));
        await EndQuietlyAsync(ReceiveAllAsync(_abort.Token));
        Close(WebSocketCloseStatus.NormalClosure, string.Empty);
        await sending;
        lock (_gate)
        {
            _backlog.Clear();
            ReleaseHistory();
        }

        _abort.Dispose();
    }

    /// <summary>Takes a batch of the hub's if the client has said hello. Never waits.</summary>
    public void Offer(LiveBatch batch)
    {
        lock (_gate)
        {
            if (_isSynchronised && _close is null)
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

    /// <summary>Sets the body of the next STATUS frame, and closes the connection if the client owes too much.</summary>
    public void OfferStatus(ReadOnlyMemory<byte> status)
    {
        bool isOverdue;
        lock (_gate)
        {
            _status = status;
            isOverdue = _acknowledgements.IsOverdue(limits.AckTimeout)
                || _backlog.IsOverflowing
                || (!_isSynchronised && time.GetElapsedTime(_cameAt) > limits.AckTimeout);
        }

        if (isOverdue)
        {
            Close((WebSocketCloseStatus)NotAcknowledged, "Nothing was acknowledged in time.");
        }

        Wake();
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
                _snapshotDue = true;
                _isSynchronised = true;
            }
        }

        Wake();
    }

    private void Close(WebSocketCloseStatus code, string reason)
    {
        lock (_gate)
        {
            if (_close is not null)
            {
                return;
            }

            _close = (code, reason);
            _abort.CancelAfter(CloseGrace);
        }

        Wake();
    }

    private void Wake() => _wake.Writer.TryWrite(true);

    private async Task ReceiveAllAsync(CancellationToken cancel)
    {
        byte[] buffer = new byte[LongestMessage];
        while (true)
        {
            int length = 0;
            ValueWebSocketReceiveResult part;
            do
            {
                part = await socket.ReceiveAsync(buffer.AsMemory(length), cancel);
                length += part.Count;
            }
            while (!part.EndOfMessage && length < buffer.Length && part.MessageType != WebSocketMessageType.Close);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                return;
            }

            if (!part.EndOfMessage || part.MessageType != WebSocketMessageType.Text || !Handle(buffer.AsSpan(0, length)))
            {
                Close(WebSocketCloseStatus.PolicyViolation, "That message is not of this protocol.");
            }
        }
    }

    private bool Handle(ReadOnlySpan<byte> text)
    {
        if (!TryParse(text, out ClientMessage? message))
        {
            return false;
        }

        switch (message)
        {
            case { Type: "hello" }:
                hub.Synchronise(this, message.Waves == false ? Beginning.WithoutWaves : Beginning.Whole);
                return true;
            case { Type: "ack", Seq: uint sequence }:
                Acknowledge(sequence);
                return true;
            case { Type: "waves", On: bool on }:
                TurnWaves(on);
                return true;
            case { Type: "ping", T: double t }:
                lock (_gate)
                {
                    _pong = t;
                }

                Wake();
                return true;
            default:
                return false;
        }
    }

    private static bool TryParse(ReadOnlySpan<byte> text, out ClientMessage? message)
    {
        try
        {
            message = JsonSerializer.Deserialize(text, ViewerJson.Default.ClientMessage);
            return message is not null;
        }
        catch (JsonException)
        {
            message = null;
            return false;
        }
    }

    private void Acknowledge(uint sequence)
    {
        bool hadCredit;
        lock (_gate)
        {
            hadCredit = _acknowledgements.HasCredit;
            _acknowledgements.Acknowledge(sequence);
        }

        if (!hadCredit)
        {
            Wake();
        }
    }

    private void TurnWaves(bool on)
    {
        bool turnedOn;
        lock (_gate)
        {
            turnedOn = on && !_backlog.Waves && _isSynchronised;
            _backlog.Waves = on;
        }

        if (turnedOn)
        {
            hub.Synchronise(this, Beginning.WavesOnly);
        }
    }

    private async Task SendAllAsync(CancellationToken cancel)
    {
        while (true)
        {
            if (TakeSnapshotDue())
            {
                ReadOnlyMemory<byte> snapshot = hub.Snapshot();
                await SendAsync(JsonFrame(FrameType.Snapshot, snapshot.Span), cancel);
            }

            (WebSocketCloseStatus Code, string Reason)? close;
            OutgoingMessage? first = null;
            OutgoingMessage? second = null;
            lock (_gate)
            {
                close = _close;
                if (close is null && !_snapshotDue)
                {
                    (first, second) = TakeNext();
                }
            }

            if (close is not null)
            {
                await socket.CloseOutputAsync(close.Value.Code, close.Value.Reason, cancel);
                return;
            }

            if (first is null && second is null)
            {
                await _wake.Reader.ReadAsync(cancel);
                continue;
            }

            await SendAsync(first, cancel);
            await SendAsync(second, cancel);
        }
    }

    private bool TakeSnapshotDue()
    {
        lock (_gate)
        {
            bool due = _snapshotDue && _close is null;
            _snapshotDue = false;
            return due;
        }
    }

    private OutgoingMessage? TakeHistory(LiveBatch[] batches)
    {
        int most = batches.Sum(batch => batch.Length);
        var body = new OutgoingMessage(most, isText: false);
        foreach (LiveBatch batch in batches)
        {
            foreach (LiveEntry entry in batch.Entries)
            {
                bool isWave = entry.Class == LiveClass.Wave;
                if (isWave ? _beginning != Beginning.WithoutWaves : _beginning != Beginning.WavesOnly)
                {
                    body.Append(batch.BytesOf(entry));
                }
            }
        }

        return Framed(body, FrameHeader.History);
    }

    /// <summary>The next message or two, most urgent first; nothing of the backlog while the client has no credit.</summary>
    private (OutgoingMessage? First, OutgoingMessage? Second) TakeNext()
    {
        if (_history is not null)
        {
            OutgoingMessage? history = TakeHistory(_history);
            ReleaseHistory();
            if (history is not null)
            {
                return (history, null);
            }
        }

        if (_pong is double t)
        {
            _pong = null;
            return (TextMessage(JsonSerializer.SerializeToUtf8Bytes(new Pong("pong", t, time.Instant()), ViewerJson.Default.Pong)), null);
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

        int length = _backlog.Length;
        return length == 0 ? default : TakeBacklog(length);
    }

    private (OutgoingMessage? Old, OutgoingMessage? Live) TakeBacklog(int length)
    {
        // Sequence numbers are given in the order of sending, and only to what is sent.
        var old = new OutgoingMessage(length, isText: false);
        var live = new OutgoingMessage(length, isText: false);
        _backlog.Write(live, old, time.Instant().Add(-FreshnessRules.Lost.Nanoseconds()));
        return (Framed(old, FrameHeader.History), Framed(live, 0));
    }

    private OutgoingMessage? Framed(OutgoingMessage body, ushort flags)
    {
        using (body)
        {
            if (body.Length == 0)
            {
                return null;
            }

            OutgoingMessage frame = DataFrame(flags, body.Length);
            frame.Append(body.Bytes.Span);
            return frame;
        }
    }

    private OutgoingMessage DataFrame(ushort flags, int length)
    {
        OutgoingMessage message = OutgoingMessage.Frame(hub.Stamp(), FrameType.Blocks, flags, ++_sequence, length);
        _acknowledgements.Sent(_sequence);
        return message;
    }

    private OutgoingMessage JsonFrame(FrameType type, ReadOnlySpan<byte> json)
    {
        OutgoingMessage message = OutgoingMessage.Frame(hub.Stamp(), type, 0, ++_sequence, json.Length);
        message.Append(json);
        return message;
    }

    private static OutgoingMessage TextMessage(ReadOnlySpan<byte> text)
    {
        var message = new OutgoingMessage(text.Length, isText: true);
        message.Append(text);
        return message;
    }

    private async Task SendAsync(OutgoingMessage? message, CancellationToken cancel)
    {
        if (message is null)
        {
            return;
        }

        using (message)
        {
            await socket.SendAsync(message.Bytes, message.IsText ? WebSocketMessageType.Text : WebSocketMessageType.Binary, endOfMessage: true, cancel);
        }
    }

    private void ReleaseHistory()
    {
        foreach (LiveBatch batch in _history ?? [])
        {
            batch.Release();
        }

        _history = null;
    }

    /// <summary>A client that vanishes, or is cut off after its grace, is no error of the box.</summary>
    private static async Task EndQuietlyAsync(Task work)
    {
        try
        {
            await work;
        }
        catch (Exception error) when (error is OperationCanceledException or WebSocketException or IOException or ObjectDisposedException)
        {
        }
    }
}
