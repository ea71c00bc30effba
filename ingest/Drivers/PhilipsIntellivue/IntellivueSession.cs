using Bedside.Ingest.Links;
using Bedside.Model;

namespace Bedside.Ingest.Drivers.PhilipsIntellivue;

/// <summary>One conversation with one monitor, led by us or overheard.</summary>
internal sealed class IntellivueSession : IDriverSession
{
    private const int SlowestFastLine = 38_400;
    private const long SilentNanoseconds = 5_000_000_000;
    private const int FramesThatTellAnotherProtocol = 5;

    private readonly bool _framed;
    private readonly bool _listenOnly;
    private readonly IMessageSource _fromMonitor;
    private readonly IMessageSource _fromClient;
    private readonly Conversation _conversation;
    private readonly MonitorReader _reader = new();
    private bool _overhearing;
    private bool _receiving;
    private string _lastReason = string.Empty;
    private int _strangeFrames;
    private MonotonicInstant _dataAt;

    public IntellivueSession(SessionOptions options)
    {
        _framed = options.Transport != Transport.Udp;
        _listenOnly = options.ListenOnly;
        _fromMonitor = NewSource();
        _fromClient = NewSource();
        _conversation = new Conversation(_framed, options.Line is { } line && line.BitsPerSecond < SlowestFastLine);
    }

    public void OnChunk(Chunk chunk, IDriverOutput output)
    {
        MonotonicInstant now = chunk.ArrivedAt;
        if (chunk.Direction == ChunkDirection.ToDevice)
        {
            Overhear(chunk, output);
            return;
        }

        _fromMonitor.Push(chunk.Bytes.Span, now);
        while (_fromMonitor.TryTake(out Piece piece))
        {
            Take(piece, now, output);
        }

        _reader.Tick(now, output);
        if (_receiving && now.Since(_dataAt) >= SilentNanoseconds)
        {
            SayLink(receiving: false, "no data for 5 s", output);
        }

        if (MaySend)
        {
            _conversation.Advance(now, new Voice(this, output));
        }
    }

    public void Stop(IDriverOutput output)
    {
        if (MaySend)
        {
            _conversation.Leave(new Voice(this, output));
        }
    }

    private bool MaySend => !_listenOnly && !_overhearing;

    private IMessageSource NewSource() => _framed ? new FrameStream() : new MessageStream();

    /// <summary>The other side of a tapped line: it tells when polls and associations begin and end. From then on we are silent.</summary>
    private void Overhear(Chunk chunk, IDriverOutput output)
    {
        _overhearing |= !chunk.Bytes.IsEmpty;
        _fromClient.Push(chunk.Bytes.Span, chunk.ArrivedAt);
        while (_fromClient.TryTake(out Piece piece))
        {
            ReadOnlySpan<byte> message = piece.Message.Span;
            if (message.IsEmpty)
            {
                continue;
            }

            switch (message[0])
            {
                case MessageType.Data when PollRequest.Parse(piece.Message) is { Extended: true } request:
                    _reader.Renewed(request.InvokeId, request.Class);
                    break;
                case MessageType.ReleaseRequest when _receiving:
                    SayLink(receiving: false, "the client released the association", output);
                    break;
                case MessageType.Abort when _receiving:
                    SayLink(receiving: false, "the client aborted the association", output);
                    break;
            }
        }
    }

    private void Take(Piece piece, MonotonicInstant now, IDriverOutput output)
    {
        if (piece.Fault.Length > 0)
        {
            output.Report(new DeviceEvent.Fault(piece.Fault, piece.Offset));
            TakeStrange(output);
            return;
        }

        _strangeFrames = 0;
        _conversation.Hear(now);
        if (piece.Message.Span[0] is MessageType.Data or MessageType.ConnectIndication)
        {
            TakeData(piece, now, output);
        }
        else
        {
            TakeSessionMessage(piece.Message, now, output);
        }
    }

    private void TakeSessionMessage(ReadOnlyMemory<byte> message, MonotonicInstant now, IDriverOutput output)
    {
        var voice = new Voice(this, output);
        switch (message.Span[0])
        {
            case MessageType.AssociationAccept:
                _conversation.Accepted(Association.Parse(message), now, voice);
                break;
            case MessageType.Refuse:
                _conversation.Refused(now, voice);
                break;
            case MessageType.Abort:
                SayLink(receiving: false, "the monitor aborted the association", output);
                _conversation.Ended("the monitor aborted the association", now, voice);
                break;
            case MessageType.ReleaseRequest:
                SayLink(receiving: false, "the monitor released the association", output);
                voice.Send(Requests.ReleaseResponse);
                _conversation.Ended("the monitor released the association", now, voice);
                break;
        }
    }

    private void TakeData(Piece piece, MonotonicInstant now, IDriverOutput output)
    {
        if (!DataMessage.TryParse(piece.Message, out DataMessage message))
        {
            output.Report(new DeviceEvent.Fault("a message whose lengths do not agree", piece.Offset));
            return;
        }

        switch (message.Operation)
        {
            case RemoteOperation.Invoke when message.Command is Command.EventReport or Command.ConfirmedEventReport:
                TakeReport(message, piece.Offset, now, output);
                break;
            case RemoteOperation.Result or RemoteOperation.LinkedResult:
                TakeResult(message, piece.Offset, now, output);
                break;
            case RemoteOperation.Error:
                _conversation.Failed(message.InvokeId, now);
                output.Report(new DeviceEvent.Fault($"the monitor refused request {message.InvokeId}: {ErrorWords(message.Command)}", piece.Offset));
                break;
        }
    }

    private void TakeReport(DataMessage message, long offset, MonotonicInstant now, IDriverOutput output)
    {
        if (!EventReport.TryParse(message.Body, out EventReport report))
        {
            output.Report(new DeviceEvent.Fault("an event report whose lengths do not agree", offset));
            return;
        }

        if (report.Type == Notice.ConnectIndication)
        {
            _reader.TakeIndication(report, now, output);
            _conversation.Announced(now);
        }
        else if (report.Type == Notice.MdsCreate)
        {
            _reader.TakeIntroduction(report, now, output);
            _conversation.Introduced(message.InvokeId, now, new Voice(this, output));
        }
    }

    private void TakeResult(DataMessage message, long offset, MonotonicInstant now, IDriverOutput output)
    {
        if (message.Command == Command.ConfirmedAction)
        {
            if (PollReply.Parse(message.Body) is not { } reply)
            {
                output.Report(new DeviceEvent.Fault("a poll result whose lengths do not agree", offset));
                return;
            }

            _dataAt = now;
            SayLink(receiving: true, "data arrive", output);
            _reader.TakeResult(message, reply, now, output);
        }

        _conversation.Answered(message, now);
    }

    /// <summary>Only frames that are none of ours come while we ask: the port may be set to the AutoSpeed protocol (section 2.3).</summary>
    private void TakeStrange(IDriverOutput output)
    {
        if (_framed && _conversation.IsAsking && ++_strangeFrames == FramesThatTellAnotherProtocol)
        {
            SayLink(receiving: false, "the port appears to use another protocol (AutoSpeed?) or another speed", output);
        }
    }

    private void SayLink(bool receiving, string reason, IDriverOutput output)
    {
        if (receiving != _receiving || (!receiving && reason != _lastReason))
        {
            (_receiving, _lastReason) = (receiving, reason);
            output.Report(new DeviceEvent.Link(receiving, reason));
        }
    }

    private static string ErrorWords(ushort error) => error switch
    {
        0 => "no such object class",
        1 => "no such object instance",
        2 => "access denied",
        7 => "get list error",
        8 => "set list error",
        9 => "no such action",
        10 => "processing failure",
        15 => "invalid argument value",
        16 => "invalid scope",
        17 => "invalid object instance",
        _ => $"error {error}",
    };

    /// <summary>What the conversation says goes out framed as the line needs it, and not at all where we only listen.</summary>
    private sealed class Voice(IntellivueSession session, IDriverOutput output) : ISessionVoice
    {
        public void Send(ReadOnlySpan<byte> message)
        {
            if (!session.MaySend)
            {
                return;
            }

            if (PollRequest.Parse(message.ToArray()) is { Extended: true } request)
            {
                session._reader.Renewed(request.InvokeId, request.Class);
            }

            output.Send(session._framed ? Frame.Encode(message) : message);
        }

        public void SayLink(bool receiving, string reason)
        {
            if (session.MaySend)
            {
                session.SayLink(receiving, reason, output);
            }
        }
    }
}
