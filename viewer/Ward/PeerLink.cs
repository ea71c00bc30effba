using System.Net;
using System.Net.WebSockets;
using System.Text;
using Bedside.Model;
using Bedside.Storage;
using Bedside.Viewer.Live;
using Microsoft.Extensions.Logging;

namespace Bedside.Viewer.Ward;

/// <summary>
/// The conversation with one other box, over and over: dial, hello, acknowledge, ask its clock, hang up on what is silent or no box, wait longer each time. Nothing it sends stops this box; what it may send at once
/// is bounded.
/// </summary>
/// <param name="live">Where its live protocol is; null = not known yet.</param>
/// <param name="wave">Takes samples of the bed's wave, ready to be sent on.</param>
internal sealed partial class PeerLink(PeerBed bed, Func<Uri?> live, PeerRequests requests, Action<SampleBlock> wave, PeerPace pace, TimeProvider time, ILogger log)
{
    private const int FirstBuffer = 64 * 1024;
    private const int MostMessageBytes = 16 << 20;
    private const int AcknowledgeAfter = 10;
    private const double MillisecondsToNanoseconds = 1e6;

    private byte[] _buffer = new byte[FirstBuffer];
    private uint _sequence;
    private uint _acknowledged;
    private string _dictionary = string.Empty;
    private long _helloAt;
    private int _attempt;

    public async Task RunAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            PeerLinkState ended = PeerLinkState.Unreachable;
            string said = string.Empty;
            try
            {
                if (live() is { } address)
                {
                    (ended, said) = await TalkAsync(address, stopping);
                }
            }
            catch (Exception failed) when (!stopping.IsCancellationRequested)
            {
                said = failed is PeerFaultException ? failed.Message : string.Empty;
                if (bed.Link != PeerLinkState.Unreachable)
                {
                    LogEnded(bed.Bed, failed.Message);
                }
            }

            if (bed.Link != PeerLinkState.OtherBed)
            {
                bed.Stands(ended, said);
            }

            await Task.Delay(pace.WaitOf(_attempt++, bed.Place), time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<(PeerLinkState State, string Said)> TalkAsync(Uri address, CancellationToken stopping)
    {
        using var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol(LiveEndpoint.SubProtocol);
        socket.Options.Proxy = null;
        socket.Options.CollectHttpResponseDetails = true;
        using (CancellationTokenSource patience = Within(pace.Dialling, stopping))
        {
            try
            {
                await requests.OpenAsync(socket, address, patience.Token);
            }
            catch (WebSocketException) when (socket.HttpStatusCode == HttpStatusCode.Forbidden)
            {
                return (PeerLinkState.Refused, string.Empty);
            }
        }

        (_sequence, _acknowledged, _dictionary) = (0, 0, string.Empty);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var sending = new SemaphoreSlim(1, 1);
        await SayHelloAsync(socket, sending, end.Token);
        Task asking = AskAsync(socket, sending, end.Token);
        try
        {
            await ListenAsync(socket, sending, end.Token);
        }
        finally
        {
            await end.CancelAsync();
            await asking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            sending.Dispose();
        }

        return (bed.Link == PeerLinkState.OtherBed ? PeerLinkState.OtherBed : PeerLinkState.Unreachable, string.Empty);
    }

    /// <summary>Returns when the box hangs up, or stands at another bed.</summary>
    private async Task ListenAsync(ClientWebSocket socket, SemaphoreSlim sending, CancellationToken cancel)
    {
        while (true)
        {
            (WebSocketMessageType type, ReadOnlyMemory<byte> message) = await ReceiveAsync(socket, cancel);
            if (type == WebSocketMessageType.Close)
            {
                return;
            }

            if (type == WebSocketMessageType.Text)
            {
                TakePong(message);
                continue;
            }

            var frame = PeerFrame.Read(message);
            _sequence = frame.Sequence;
            if (!await TakeAsync(frame, cancel))
            {
                return;
            }

            if (_sequence - _acknowledged >= AcknowledgeAfter || frame.Type == FrameType.Status)
            {
                _acknowledged = _sequence;
                await SayAsync(socket, sending, $$"""{"type":"ack","seq":{{_sequence}}}""", cancel);
            }

        }
    }

    /// <summary>False when the conversation is to end.</summary>
    private async Task<bool> TakeAsync(PeerFrame frame, CancellationToken cancel)
    {
        bed.Hear(frame.Epoch, frame.Sent, frame.Type == FrameType.Snapshot ? _helloAt : null);
        switch (frame.Type)
        {
            case FrameType.Snapshot:
                if (!bed.Begin(PeerWords.Snapshot(frame.Body)))
                {
                    return false;
                }

                _attempt = 0;
                await ReadAlertsAsync(frame.Sent, cancel);
                break;
            case FrameType.Status:
                await TakeStatusAsync(frame.Body, cancel);
                break;
            case FrameType.Blocks:
                TakeBlocks(frame);
                break;
        }

        return true;
    }

    /// <summary>Signals that came, or were described anew, since the snapshot are asked for.</summary>
    private async Task TakeStatusAsync(ReadOnlyMemory<byte> body, CancellationToken cancel)
    {
        (IReadOnlyList<PeerDevice> devices, string dictionary, int signals) = PeerWords.Status(body);
        bed.Status(devices);
        bool isOther = _dictionary.Length == 0 ? signals > bed.SignalCount : dictionary != _dictionary;
        if (isOther && await requests.ReadAsync("signals", cancel) is { } list)
        {
            bed.Describe(PeerWords.Signals(list));
        }
        else if (isOther)
        {
            return;
        }

        _dictionary = dictionary;
    }

    private void TakeBlocks(PeerFrame frame)
    {
        uint? chosen = bed.WaveNumber;
        foreach (ReadOnlyMemory<byte> bytes in frame.Blocks())
        {
            try
            {
                BlockHeader header = BlockCodec.DecodeHeader(bytes.Span);
                bool isWanted = header.Kind is BlockKind.Readings or BlockKind.Alert || (header.Kind == BlockKind.Samples && (header.Signal.Value == chosen || chosen is null));
                if (isWanted && bed.Take(BlockCodec.Decode(bytes.Span), frame.IsHistory) is { } samples)
                {
                    wave(samples);
                }
            }
            catch (BlockFormatException wrong)
            {
                throw new PeerFaultException(wrong.Message, wrong);
            }
        }
    }

    private async Task ReadAlertsAsync(UtcInstant now, CancellationToken cancel)
    {
        byte[] alerts = await requests.ReadAsync($"alerts?from={now.Add(-pace.AlertReach.Nanoseconds())}", cancel) ?? throw new PeerFaultException("its list of alerts cannot be read");
        bed.Alerts(PeerWords.Alerts(alerts));
    }

    private void TakePong(ReadOnlyMemory<byte> message)
    {
        if (PeerWords.Pong(message) is { } pong && pong.Asked > 0 && pong.Asked < time.Steady() / MillisecondsToNanoseconds)
        {
            bed.Measure(pong.Time, (long)(pong.Asked * MillisecondsToNanoseconds));
        }
    }

    /// <summary>Asks the box's clock every few seconds, at once while it is not known, and now and then at which bed it stands.</summary>
    private async Task AskAsync(ClientWebSocket socket, SemaphoreSlim sending, CancellationToken cancel)
    {
        for (int turn = 1; ; turn++)
        {
            double milliseconds = Math.Floor(time.Steady() / MillisecondsToNanoseconds * 1000) / 1000;
            await SayAsync(socket, sending, string.Create(System.Globalization.CultureInfo.InvariantCulture, $$"""{"type":"ping","t":{{milliseconds:F3}}}"""), cancel);
            if (!bed.IsOwn && turn % pace.AsksUntilBed == 0 && await requests.ReadAsync("session", cancel) is { } session && !bed.Confirm(PeerWords.Session(session)))
            {
                socket.Abort();
                return;
            }

            await Task.Delay(bed.IsUnmeasured ? pace.AskWhileUnmeasured : pace.Ask, time, cancel);
        }
    }

    private Task SayHelloAsync(ClientWebSocket socket, SemaphoreSlim sending, CancellationToken cancel)
    {
        _helloAt = time.Steady();
        return SayAsync(socket, sending, """{"type":"hello","epoch":0,"seq":0,"waves":true}""", cancel);
    }

    private async Task SayAsync(ClientWebSocket socket, SemaphoreSlim sending, string text, CancellationToken cancel)
    {
        using CancellationTokenSource patience = Within(pace.Silence, cancel);
        await sending.WaitAsync(patience.Token);
        try
        {
            await socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, patience.Token);
        }
        finally
        {
            sending.Release();
        }
    }

    /// <summary>A whole message, valid until the next call. A box says something every second: one that is silent, or trickles, is given up.</summary>
    private async Task<(WebSocketMessageType Type, ReadOnlyMemory<byte> Message)> ReceiveAsync(ClientWebSocket socket, CancellationToken cancel)
    {
        using CancellationTokenSource patience = Within(pace.Silence, cancel);
        int length = 0;
        while (true)
        {
            if (length == _buffer.Length)
            {
                if (length >= MostMessageBytes)
                {
                    throw new PeerFaultException($"a message is longer than {MostMessageBytes >> 20} MiB");
                }

                Array.Resize(ref _buffer, length * 2);
            }

            ValueWebSocketReceiveResult part = await socket.ReceiveAsync(_buffer.AsMemory(length), patience.Token);
            length += part.Count;
            if (part.EndOfMessage || part.MessageType == WebSocketMessageType.Close)
            {
                ReadOnlyMemory<byte> message = _buffer.AsMemory(0, length);
                if (_buffer.Length > 8 * FirstBuffer && length < FirstBuffer)
                {
                    message = message.ToArray();
                    _buffer = new byte[FirstBuffer];
                }

                return (part.MessageType, message);
            }
        }
    }

    private static CancellationTokenSource Within(TimeSpan limit, CancellationToken cancel)
    {
        var source = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        source.CancelAfter(limit);
        return source;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The box of bed {Bed} is not heard: {Reason}")]
    private partial void LogEnded(string bed, string reason);
}
