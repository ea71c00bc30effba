using Bedside.Ingest.Links;
using Bedside.Model;

namespace Bedside.Ingest.Drivers.DraegerMedibus;

/// <summary>One conversation over MEDIBUS: bytes to frames, frames to events, and our side of the talk.</summary>
internal sealed class DraegerMedibusSession : IDriverSession
{
    /// <summary>Realtime bytes alone do not keep the line alive (sheet 5).</summary>
    private const long SilenceTimeout = 3_000_000_000;

    /// <summary>Devices send a frame in one go; one that stops this long lost its end.</summary>
    private const long StalledFrame = 1_500_000_000;

    private readonly Deframer _device = new();
    private readonly Deframer _host = new();
    private readonly TraceStreams _streams = new();
    private readonly LinkState _link = new();
    private readonly Readings _readings;

    /// <summary>Null when we only listen.</summary>
    private readonly Conversation? _conversation;
    private MonotonicInstant _heardAt;
    private MonotonicInstant _frameAt;
    private int _openResponse;

    public DraegerMedibusSession(SessionOptions options, AlarmBands bands)
    {
        _readings = new Readings(bands, polled: !options.ListenOnly);
        _conversation = options.ListenOnly ? null : new Conversation(options, _streams, _link);
    }

    public void OnChunk(Chunk chunk, IDriverOutput output)
    {
        if (chunk.Direction == ChunkDirection.ToDevice)
        {
            Overhear(chunk.Bytes.Span);
            return;
        }

        MonotonicInstant now = chunk.ArrivedAt;
        _streams.Elapse(now, _device.Taken, output);
        if (now.Since(_frameAt) >= StalledFrame)
        {
            Handle(_device.Abandon(), now, output);
        }

        if (_conversation is not null)
        {
            _conversation.Advance(now, output);
        }
        else if (_link.IsReceiving && now.Since(_heardAt) > SilenceTimeout)
        {
            _link.Lost("the device is silent", output);
        }

        foreach (byte value in chunk.Bytes.Span)
        {
            Take(value, now, output);
        }
    }

    public void Stop(IDriverOutput output)
    {
        if (_conversation is not null)
        {
            if (_streams.Count > 0)
            {
                output.Send(Outgoing.Enable(0));
            }

            _conversation.Leave(output);
        }

        _streams.End(output, "the conversation ended");
    }

    private void Take(byte value, MonotonicInstant now, IDriverOutput output)
    {
        Part part = _device.Take(value);
        if (part == Part.Realtime)
        {
            _streams.Take(value, now, _device.Taken - 1, output);
            return;
        }

        _heardAt = now;
        _conversation?.Heard(now);
        if (_openResponse != _device.OpenResponse)
        {
            _openResponse = _device.OpenResponse;
            _frameAt = now;
        }

        Handle(part, now, output);
    }

    private void Handle(Part part, MonotonicInstant now, IDriverOutput output)
    {
        switch (part)
        {
            case Part.Response:
                TakeResponse(now, output);
                break;
            case Part.Command:
                TakeCommand(now, output);
                break;
            case Part.CorruptResponse:
                output.Report(new DeviceEvent.Fault(_device.Reason, _device.Start));
                output.Report(new DeviceEvent.Missing(Metric: null, GapCause.Checksum, 1));
                _conversation?.Damaged(now, output);
                break;
            case Part.CorruptCommand:
                output.Report(new DeviceEvent.Fault(_device.Reason, _device.Start));
                _conversation?.AskedDamaged(now, output);
                break;
            case Part.Broken:
                output.Report(new DeviceEvent.Fault(_device.Reason, _device.Start));
                break;
            case Part.Suspend:
                _conversation?.Suspended(now);
                break;
            case Part.Resume:
                _conversation?.Resumed(now, output);
                break;
            case Part.Abort:
                _conversation?.Damaged(now, output);
                break;
        }
    }

    /// <summary>The echo says what is answered, so a response is understood without having heard the question.</summary>
    private void TakeResponse(MonotonicInstant now, IDriverOutput output)
    {
        byte echo = _device.Code;
        ReadOnlySpan<byte> payload = _device.Body.Span;
        Identification? device = null;
        switch (echo)
        {
            case MedibusCode.Initialise when _conversation is null:
                _streams.End(output, "the conversation began anew");
                break;
            case MedibusCode.Identify:
                device = Meet(payload, output);
                break;
            case MedibusCode.RealtimeConfiguration:
                TakeOffers(payload, output);
                break;
            case MedibusCode.ConfigureRealtime:
                _streams.Begin(output, _device.Start);
                break;
            case MedibusCode.NotAcknowledged:
                output.Report(new DeviceEvent.Fault("the device received a damaged command", _device.Start));
                break;
            default:
                TakeReadings(echo, payload, output);
                break;
        }

        _conversation?.Answered(echo, device, now, output);
    }

    private void TakeReadings(byte echo, ReadOnlySpan<byte> payload, IDriverOutput output)
    {
        if (!Readings.Knows(echo))
        {
            return;
        }

        if (_link.Found(output))
        {
            _readings.Forget();
        }

        _readings.Take(echo, payload, _device.Start, output);
        _streams.Validity = _readings.Validity;
    }

    private void TakeCommand(MonotonicInstant now, IDriverOutput output)
    {
        byte code = _device.Code;
        switch (code)
        {
            case MedibusCode.Initialise:
                _streams.End(output, "the device began a new conversation");
                break;
            case MedibusCode.RealtimeConfigurationChanged:
                _streams.End(output, "the device changed its realtime configuration");
                break;
        }

        _conversation?.Asked(code, now, output);
    }

    private Identification? Meet(ReadOnlySpan<byte> payload, IDriverOutput output)
    {
        var device = Identification.Read(payload);
        if (device is not null)
        {
            _readings.Meet(device, output);
        }
        else if (!payload.IsEmpty)
        {
            output.Report(new DeviceEvent.Fault("the identification is not of the form NNNN'name'DD.DD:MM.MM", _device.Start));
        }

        return device;
    }

    private void TakeOffers(ReadOnlySpan<byte> payload, IDriverOutput output)
    {
        _streams.Offer(Messages.ReadTraces(payload, out int rest));
        if (rest > 0)
        {
            output.Report(new DeviceEvent.Fault($"{rest} bytes of the realtime configuration are no whole record", _device.Start));
        }
    }

    /// <summary>
    /// The other side of a tapped line. Answers name their question, save one: which traces flow, and in which order,
    /// stands in 54H alone.
    /// </summary>
    private void Overhear(ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes)
        {
            if (_host.Take(value) == Part.Command && _host.Code == MedibusCode.ConfigureRealtime)
            {
                _streams.Choose(Messages.ReadChoices(_host.Body.Span));
            }
        }
    }
}

/// <summary>Whether data flow, told when it changes.</summary>
internal sealed class LinkState
{
    public bool IsReceiving { get; private set; }

    /// <summary>True when this is the first sign of data since the line was lost.</summary>
    public bool Found(IDriverOutput output)
    {
        if (IsReceiving)
        {
            return false;
        }

        IsReceiving = true;
        output.Report(new DeviceEvent.Link(Receiving: true, "the device answers"));
        return true;
    }

    public void Lost(string reason, IDriverOutput output)
    {
        if (IsReceiving)
        {
            IsReceiving = false;
            output.Report(new DeviceEvent.Link(Receiving: false, reason));
        }
    }
}
