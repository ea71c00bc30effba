using Bedside.Ingest.Links;
using Bedside.Model;

namespace Bedside.Ingest.Drivers.BisBinary;

/// <summary>One conversation with a BIS monitor: bytes to frames, frames to events, and our side of the talk.</summary>
internal sealed class BisBinarySession : IDriverSession
{
    private const string System = "bis-binary";
    private const long SilenceTimeout = 5_000_000_000;
    private const long StrayTold = 4_096;

    private readonly Deframer _deframer = new();
    private readonly LinkWatch _link = new(SilenceTimeout);
    private readonly Conversation? _conversation;
    private readonly Electroencephalogram _eeg;
    private readonly TrendReader _trends;
    private string? _converter;

    public BisBinarySession(SessionOptions options)
    {
        var readout = new Readout(System);
        _conversation = options.ListenOnly ? null : new Conversation();
        _eeg = new Electroencephalogram(readout);
        _trends = new TrendReader(readout);
    }

    public void OnChunk(Chunk chunk, IDriverOutput output)
    {
        if (chunk.Direction == ChunkDirection.ToDevice)
        {
            return;
        }

        if (_link.Elapse(chunk.ArrivedAt, output))
        {
            _eeg.Restart("the monitor was silent", output);
        }

        foreach (byte value in chunk.Bytes.Span)
        {
            for (Part part = _deframer.Take(value); part != Part.None; part = _deframer.Next())
            {
                Handle(part, chunk.ArrivedAt, output);
            }

            if (_deframer.Stray > 0 && _deframer.Stray % StrayTold == 0)
            {
                output.Report(new DeviceEvent.Fault($"{_deframer.Stray} bytes belong to no frame", _deframer.Taken - _deframer.Stray));
            }
        }

        _conversation?.Advance(chunk.ArrivedAt, output);
    }

    public void Stop(IDriverOutput output)
    {
        _eeg.Flush(output);
        _conversation?.Stop(output);
    }

    private void Handle(Part part, MonotonicInstant now, IDriverOutput output)
    {
        if (part == Part.Damaged)
        {
            Damage(_deframer.Reason, output);
        }
        else if (_deframer.Type == FrameType.NotAcknowledged)
        {
            output.Report(new DeviceEvent.Fault("the monitor refused a question; check that its output is set to binary", _deframer.At));
            _conversation?.Refused(now);
        }
        else if (_deframer.Type == FrameType.Data)
        {
            TakeMessage(now, output);
        }
    }

    private void TakeMessage(MonotonicInstant now, IDriverOutput output)
    {
        if (!Message.TryRead(_deframer.Payload, out Message message))
        {
            Damage("a message states another length than it has", output);
            return;
        }

        switch (message.Code)
        {
            case MessageCode.RawEeg when RawPiece.TryRead(message.Data, out RawPiece piece):
                Hear(message.Code, _converter ?? string.Empty, now, output);
                _eeg.Take(piece, now, output);
                break;
            case MessageCode.Processed or MessageCode.ProcessedWithSpectra when ProcessedValues.TryRead(message.Code, message.Data, out ProcessedValues values):
                Hear(message.Code, Convert.ToHexString(values.Converter), now, output);
                _eeg.Tell(values.Scale, output);
                _trends.Take(values, output);
                break;
            case MessageCode.RawEeg or MessageCode.Processed or MessageCode.ProcessedWithSpectra:
                Damage($"a message {message.Code:X2}H is not of its form", output);
                break;
        }
    }

    private void Hear(uint code, string converter, MonotonicInstant now, IDriverOutput output)
    {
        _link.Hear(now, output);
        _conversation?.Heard(code, now);
        if (converter != _converter)
        {
            _converter = converter;
            var identity = new DeviceIdentity { Manufacturer = "Aspect Medical", Model = "BIS monitor (A-2000 or VISTA)", Protocol = "binary" };
            identity = converter.Length > 0 ? identity with { Properties = identity.Properties.Add("converter", converter) } : identity;
            output.Report(new DeviceEvent.Identity(identity.AsExperimental()));
        }
    }

    private void Damage(string reason, IDriverOutput output)
    {
        output.Report(new DeviceEvent.Fault(reason, _deframer.At));
        output.Report(new DeviceEvent.Missing(Metric: null, GapCause.Checksum, 1));
    }
}
