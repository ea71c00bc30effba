using Bedside.Ingest.Links;
using Bedside.Model;

namespace Bedside.Ingest.Drivers.HamiltonPolling;

/// <summary>One conversation with a Hamilton ventilator: bytes to replies, replies to events, and our side of the talk.</summary>
internal sealed class HamiltonPollingSession(SessionOptions options) : IDriverSession
{
    private const long SilenceTimeout = 5_000_000_000;
    private const long StrayTold = 4_096;

    private readonly Deframer _deframer = new();
    private readonly Readings _readings = new();
    private readonly LinkWatch _link = new(SilenceTimeout);

    /// <summary>Null when we only listen.</summary>
    private readonly Conversation? _conversation = options.ListenOnly ? null : new Conversation();
    private readonly byte[] _question = new byte[Frame.RequestBytes];
    private byte? _heardQuestion;
    private bool _parityTold;

    public void OnChunk(Chunk chunk, IDriverOutput output)
    {
        if (chunk.Direction == ChunkDirection.ToDevice)
        {
            HearQuestion(chunk.Bytes.Span);
            return;
        }

        _ = _link.Elapse(chunk.ArrivedAt, output);
        foreach (byte value in chunk.Bytes.Span)
        {
            switch (_deframer.Take(value))
            {
                case Part.Reply:
                    TakeReply(chunk.ArrivedAt, output);
                    break;
                case Part.Damaged:
                    Damage("bytes that began as a reply are none", output);
                    break;
            }

            if (_deframer.Stray > 0 && _deframer.Stray % StrayTold == 0)
            {
                output.Report(new DeviceEvent.Fault($"{_deframer.Stray} bytes belong to no reply", _deframer.Taken - _deframer.Stray));
            }
        }

        _conversation?.Advance(chunk.ArrivedAt, output);
    }

    public void Stop(IDriverOutput output) => _conversation?.Stop();

    /// <summary>The question of another host, or of a recording, in whatever pieces: its answer may be told apart by it alone.</summary>
    private void HearQuestion(ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes)
        {
            _question.AsSpan(1).CopyTo(_question);
            _question[^1] = value;
            if (_question is [Frame.Start, byte id, Frame.End, Frame.CarriageReturn])
            {
                _heardQuestion = id;
            }
        }
    }

    private void TakeReply(MonotonicInstant now, IDriverOutput output)
    {
        if (_conversation is { Open: null })
        {
            Damage("a reply came that was not asked for", output);
            return;
        }

        if (Reply.Read(_deframer.Reply, _conversation is null ? _heardQuestion : _conversation.Open, out string reason) is not { } reply)
        {
            Damage(reason, output);
            return;
        }

        if (_deframer.HasParityBits && !_parityTold)
        {
            _parityTold = true;
            output.Report(new DeviceEvent.Fault("the replies have bit 7 set: the ventilator sends 7 data bits with parity; set this port's line so (9600 7E2)", _deframer.At));
        }

        _link.Hear(now, output);
        _readings.Take(reply, now, output);
        _conversation?.Answered(now, reply.Kind == ReplyKind.Error);
        _heardQuestion = null;
    }

    private void Damage(string reason, IDriverOutput output)
    {
        output.Report(new DeviceEvent.Fault(reason, _deframer.At));
        output.Report(new DeviceEvent.Missing(Metric: null, GapCause.LostMessage, 1));
    }
}
