using System.Net.WebSockets;
using System.Text.Json;
using Bedside.Viewer.Live;

namespace Bedside.Viewer.Ward;

/// <summary>
/// One browser that looks at the ward. Ten times a second it is given what is new, by reference from what the hub keeps anyway: a browser that is slow costs nothing, loses waves with a word, and gets the newest state
/// of the beds when it reads again.
/// </summary>
internal sealed class WardScreen(WebSocket socket, WardHub hub, LiveHub box, LiveLimits limits, TimeProvider time) : IDisposable
{
    private const int LongestMessage = 4_096;

    /// <summary>Frames that may be on their way unacknowledged: two seconds of them.</summary>
    private const int Credit = 40;

    private const WebSocketCloseStatus NotAcknowledged = (WebSocketCloseStatus)4008;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan CloseGrace = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _abort = new(Timeout.InfiniteTimeSpan, time);
    private readonly Acknowledgements _acknowledgements = new(time, Credit);
    private readonly Dictionary<int, long> _seen = [];
    private readonly long _openedAt = time.GetTimestamp();
    private bool _helloDue;
    private bool _isBegun;
    private bool _waves = true;
    private double? _pong;
    private Closing? _closing;
    private uint _sequence;
    private long _cursor;
    private int _ticks;

    public void Dispose() => _abort.Dispose();

    public async Task RunAsync(CancellationToken stopping)
    {
        await using CancellationTokenRegistration registration = stopping.Register(() => Close(WebSocketCloseStatus.EndpointUnavailable, "The box is stopping."));
        Task sending = EndQuietlyAsync(SendAllAsync());
        await EndQuietlyAsync(ReceiveAllAsync());
        Close(WebSocketCloseStatus.NormalClosure, string.Empty);
        await sending;
    }

    private void Close(WebSocketCloseStatus code, string reason)
    {
        lock (_gate)
        {
            if (_closing is not null)
            {
                return;
            }

            _closing = new Closing(code, reason);
        }

        _abort.CancelAfter(CloseGrace);
    }

    private async Task ReceiveAllAsync()
    {
        byte[] buffer = new byte[LongestMessage];
        while (true)
        {
            int length = 0;
            ValueWebSocketReceiveResult part;
            do
            {
                part = await socket.ReceiveAsync(buffer.AsMemory(length), _abort.Token);
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
        ClientMessage? message;
        try
        {
            message = JsonSerializer.Deserialize(text, ViewerJson.Default.ClientMessage);
        }
        catch (JsonException)
        {
            return false;
        }

        lock (_gate)
        {
            switch (message)
            {
                case { Type: "hello" } hello:
                    (_helloDue, _waves) = (true, hello.Waves != false);
                    return true;
                case { Type: "ack", Seq: uint sequence }:
                    _acknowledgements.Acknowledge(sequence);
                    return true;
                case { Type: "waves", On: bool on }:
                    _waves = on;
                    return true;
                case { Type: "ping", T: double t } when double.IsFinite(t):
                    _pong = t;
                    return true;
                default:
                    return false;
            }
        }
    }

    private async Task SendAllAsync()
    {
        using var timer = new PeriodicTimer(Tick, time);
        do
        {
            Closing? closing;
            List<OutgoingMessage> messages = [];
            lock (_gate)
            {
                closing = _closing;
                if (closing is null)
                {
                    Gather(messages);
                }
            }

            foreach (OutgoingMessage message in messages)
            {
                using (message)
                {
                    await socket.SendAsync(message.Bytes, message.IsText ? WebSocketMessageType.Text : WebSocketMessageType.Binary, endOfMessage: true, _abort.Token);
                }
            }

            if (closing is { } end)
            {
                await socket.CloseOutputAsync(end.Code, end.Reason, _abort.Token);
                return;
            }
        }
        while (await timer.WaitForNextTickAsync(_abort.Token));
    }

    private void Gather(List<OutgoingMessage> messages)
    {
        if (_acknowledgements.IsOverdue(limits.AckTimeout) || (!_isBegun && !_helloDue && time.GetElapsedTime(_openedAt) > limits.HelloTimeout))
        {
            _closing = new Closing(NotAcknowledged, "Nothing was acknowledged in time.");
            _abort.CancelAfter(CloseGrace);
            return;
        }

        if (_pong is double t)
        {
            _pong = null;
            messages.Add(OutgoingMessage.Text(JsonSerializer.SerializeToUtf8Bytes(new Pong("pong", t, time.Instant()), ViewerJson.Default.Pong)));
        }

        if (_helloDue)
        {
            (_helloDue, _isBegun, _ticks) = (false, true, 0);
            _acknowledgements.Clear();
            _seen.Clear();
            messages.Add(Json(FrameType.Snapshot, JsonSerializer.SerializeToUtf8Bytes(hub.Read(_seen), ViewerJson.Default.WardAnswer)));
            IReadOnlyList<WaveBatch> kept = hub.Batches;
            _cursor = kept.Count == 0 ? 0 : kept[^1].Number;
            if (_waves && kept.Count > 0)
            {
                messages.Add(Waves(kept, FrameHeader.History));
            }
        }
        else if (_isBegun && _acknowledgements.HasCredit)
        {
            GatherNew(messages);
        }
    }

    /// <summary>Every second tick the beds that changed; once a second even when none did.</summary>
    private void GatherNew(List<OutgoingMessage> messages)
    {
        const int TicksOfState = 2;
        const int TicksOfBeat = 10;
        IReadOnlyList<WaveBatch> kept = hub.Batches;
        if (kept.Count > 0 && kept[^1].Number > _cursor)
        {
            List<WaveBatch> due = [.. kept.Where(batch => batch.Number > _cursor && time.Instant().Since(batch.At) < limits.AckTimeout.Nanoseconds() / 4)];
            long missed = kept[^1].Number - _cursor - due.Count;
            if (missed > 0 && _waves)
            {
                messages.Add(Json(FrameType.Gap, JsonSerializer.SerializeToUtf8Bytes(new GapNotice(time.Instant().Add(-missed * Tick.Nanoseconds()), time.Instant(), (int)missed), ViewerJson.Default.GapNotice)));
            }

            _cursor = kept[^1].Number;
            if (due.Count > 0 && _waves)
            {
                messages.Add(Waves(due, flags: 0));
            }
        }

        if (++_ticks % TicksOfState != 0)
        {
            return;
        }

        WardAnswer changed = hub.Read(_seen);
        if (changed.Beds.Count > 0 || _ticks % TicksOfBeat == 0)
        {
            messages.Add(Json(FrameType.Status, JsonSerializer.SerializeToUtf8Bytes(changed, ViewerJson.Default.WardAnswer)));
        }
    }

    private OutgoingMessage Waves(IReadOnlyList<WaveBatch> batches, ushort flags)
    {
        var message = OutgoingMessage.Frame(batches.Sum(batch => batch.Body.Length));
        foreach (WaveBatch batch in batches)
        {
            message.Append(batch.Body);
        }

        return Seal(message, FrameType.Blocks, flags);
    }

    private OutgoingMessage Json(FrameType type, ReadOnlySpan<byte> json)
    {
        var message = OutgoingMessage.Frame(json.Length);
        message.Append(json);
        return Seal(message, type, flags: 0);
    }

    private OutgoingMessage Seal(OutgoingMessage message, FrameType type, ushort flags)
    {
        _acknowledgements.Sent(++_sequence);
        return message.Seal(box.Stamp(), type, flags, _sequence);
    }

    private static async Task EndQuietlyAsync(Task work)
    {
        try
        {
            await work;
        }
        catch (Exception error) when (error is OperationCanceledException or WebSocketException or IOException or ObjectDisposedException)
        {
            // A browser that vanishes is no error of the box.
        }
    }
}
