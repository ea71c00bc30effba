using Bedside.Ingest.Drivers;
using Bedside.Model;

namespace Bedside.Ingest.Intake;

/// <summary>Keeps what a device is and does, and writes a block at each change; faults are counted, not poured out.</summary>
internal sealed class DeviceRecord(string device, DriverTraits traits, Func<Block, bool> append)
{
    private const long FaultEveryNs = 10_000_000_000;

    /// <summary>What an experimental driver reads is labelled before the device has said a word.</summary>
    private DeviceIdentity? _identity = traits.IsExperimental ? new DeviceIdentity { Manufacturer = traits.Manufacturer, Model = string.Empty }.AsExperimental() : null;
    private string _reason = string.Empty;
    private UtcInstant _faultSaid = new(long.MinValue / 2);
    private long _faults;
    private long _notes;

    public DeviceState State { get; private set; } = DeviceState.Unplugged;

    public void Introduce(DeviceIdentity said, UtcInstant at)
    {
        DeviceIdentity identity = traits.IsExperimental ? said.AsExperimental() : said;
        if (_identity is { } known && Same(known, identity))
        {
            return;
        }

        _identity = identity;
        Write(at);
    }

    public void Enter(DeviceState state, string reason, UtcInstant at)
    {
        if (state == State && (reason == _reason || state == DeviceState.Receiving))
        {
            return;
        }

        (State, _reason) = (state, reason);
        Write(at);
    }

    public void Note(string kind, string text, UtcInstant at) =>
        append(new AnnotationBlock
        {
            Signal = SignalNumber.None,
            Start = at,
            Key = $"{device}/{at.UnixNanoseconds}/{++_notes}",
            Kind = kind,
            Text = text,
            Source = device,
        });

    public void Fault(string reason, UtcInstant at)
    {
        _faults++;
        if (at.Since(_faultSaid) > FaultEveryNs)
        {
            Note("device-fault", _faults == 1 ? reason : $"{reason} ({_faults} faults since the last note)", at);
            (_faultSaid, _faults) = (at, 0);
        }
    }

    private void Write(UtcInstant at) =>
        append(new DeviceBlock { Signal = SignalNumber.None, Start = at, Device = device, Identity = _identity, State = State, Reason = _reason });

    private static bool Same(DeviceIdentity a, DeviceIdentity b) =>
        a.Properties.SequenceEqual(b.Properties) && a with { Properties = b.Properties } == b;
}
