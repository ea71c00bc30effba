using Bedside.Ingest.Links;
using Bedside.Model;

namespace Bedside.Ingest.Drivers.Capnostream20;

/// <summary>One conversation with a Capnostream 20: bytes to frames, frames to events, and our side of the talk.</summary>
internal sealed class Capnostream20Session(SessionOptions options) : IDriverSession
{
    public const string System = "capnostream-20";

    private const long SilenceTimeout = 4_000_000_000;
    private const long StrayTold = 4_096;

    private readonly Deframer _deframer = new();
    private readonly LinkWatch _link = new(SilenceTimeout);
    private readonly Readout _readout = new(System);
    private readonly Conversation? _conversation = options.ListenOnly ? null : new Conversation();
    private Capnogram? _capnogram;
    private NumbersReader? _numbers;
    private Identification? _identification;
    private bool _introduced;

    private Capnogram Wave => _capnogram ??= new Capnogram(_readout);

    private NumbersReader Numbers => _numbers ??= new NumbersReader(_readout);

    public void OnChunk(Chunk chunk, IDriverOutput output)
    {
        if (chunk.Direction == ChunkDirection.ToDevice)
        {
            return;
        }

        if (_link.Elapse(chunk.ArrivedAt, output))
        {
            Wave.Restart("the device was silent", output);
        }

        foreach (byte value in chunk.Bytes.Span)
        {
            switch (_deframer.Take(value))
            {
                case Part.Frame:
                    TakeFrame(chunk.ArrivedAt, output);
                    break;
                case Part.Damaged:
                    Damage(_deframer.Reason, output);
                    break;
            }

            if (_deframer.Stray > 0 && _deframer.Stray % StrayTold == 0)
            {
                output.Report(new DeviceEvent.Fault($"{_deframer.Stray} bytes belong to no frame", _deframer.Taken - _deframer.Stray));
            }
        }

        _conversation?.Advance(chunk.ArrivedAt, _link.IsReceiving, output);
    }

    public void Stop(IDriverOutput output)
    {
        Wave.Flush(output);
        _conversation?.Stop(output);
    }

    private void TakeFrame(MonotonicInstant now, IDriverOutput output)
    {
        ReadOnlySpan<byte> payload = _deframer.Payload;
        switch (_deframer.Code)
        {
            case DeviceCode.Wave when WaveSample.Read(payload) is { } sample:
                Hear(now, output);
                Numbers.TakeWaveStatus(sample.Status, output);
                Wave.Take(sample, output);
                break;
            case DeviceCode.Numerics when Numerics.Read(payload, out string reason) is var numbers:
                if (numbers is null)
                {
                    Damage(reason, output);
                    break;
                }

                Hear(now, output);
                Wave.Tell(numbers.Unit, output);
                Numbers.Take(numbers, output);
                break;
            case DeviceCode.Identification when Identification.Read(payload) is { } identification:
                Introduce(identification, output);
                _conversation?.Identified(now, output);
                break;
            case DeviceCode.Wave or DeviceCode.Identification:
                Damage($"a message {_deframer.Code} is not of its form", output);
                break;
        }
    }

    /// <summary>A stream that was on before we came is told under the maker's name until the device says more.</summary>
    private void Hear(MonotonicInstant now, IDriverOutput output)
    {
        _link.Hear(now, output);
        if (!_introduced)
        {
            Introduce(new Identification(string.Empty, string.Empty, string.Empty), output);
        }
    }

    private void Introduce(Identification said, IDriverOutput output)
    {
        if (said == _identification)
        {
            return;
        }

        (_identification, _introduced) = (said, true);
        var identity = new DeviceIdentity
        {
            Manufacturer = "Oridion",
            Model = "Capnostream 20",
            SerialNumber = said.Serial,
            Firmware = said.Version,
            Protocol = "Capnostream serial",
        };
        identity = said.Date.Length > 0 ? identity with { Properties = identity.Properties.Add("software-date", said.Date) } : identity;
        identity = said.Oximetry.Length > 0 ? identity with { Properties = identity.Properties.Add("oximetry", said.Oximetry) } : identity;
        output.Report(new DeviceEvent.Identity(identity.AsExperimental()));
    }

    private void Damage(string reason, IDriverOutput output)
    {
        output.Report(new DeviceEvent.Fault(reason, _deframer.At));
        output.Report(new DeviceEvent.Missing(Metric: null, GapCause.Checksum, 1));
    }
}
