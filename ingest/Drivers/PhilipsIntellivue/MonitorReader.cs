using Bedside.Model;

namespace Bedside.Ingest.Drivers.PhilipsIntellivue;

/// <summary>From the monitor's messages to events: the part that does not care who asked for them.</summary>
internal sealed class MonitorReader
{
    private readonly MonitorClock _clock = new();
    private readonly SequenceBook _sequences = new();
    private readonly ChannelBook _channels = new();
    private readonly SystemDecoder _system;
    private readonly NumericDecoder _numerics;
    private readonly WaveDecoder _waves;
    private readonly EnumerationDecoder _enumerations;
    private readonly AlertDecoder _alerts = new();
    private readonly PatientDecoder _patient = new();

    public MonitorReader()
    {
        var signals = new SignalBook();
        _system = new SystemDecoder(_clock);
        _numerics = new NumericDecoder(signals, _channels, _clock);
        _waves = new WaveDecoder(signals, _channels);
        _enumerations = new EnumerationDecoder(signals, _channels);
    }

    /// <summary>A client (re)started this periodic poll.</summary>
    public void Renewed(ushort invokeId, ushort objectClass) => _sequences.Renew(invokeId, objectClass);

    public void Tick(MonotonicInstant now, IDriverOutput output) => _sequences.Tick(now, output);

    /// <summary>Its event time is a constant and no clock (section 3).</summary>
    public void TakeIndication(EventReport report, MonotonicInstant now, IDriverOutput output) => Describe(report.Attributes, now, output);

    /// <summary>
    /// A new association: handles, sequence numbers and scales begin anew. A repeated introduction comes before any data,
    /// so that forgetting costs nothing.
    /// </summary>
    public void TakeIntroduction(EventReport report, MonotonicInstant now, IDriverOutput output)
    {
        uint time = WireFields.U32(report.Attributes, AttributeId.TimeRelative) ?? report.Time;
        _clock.Observe(time, wave: false, trusted: true, now, output);
        Forget(_clock.Restarted ? GapCause.Clock : GapCause.Uncalibrated, output);
        Describe(report.Attributes, now, output);
    }

    public void TakeResult(DataMessage message, PollReply reply, MonotonicInstant now, IDriverOutput output)
    {
        bool fits = _clock.Observe(reply.Time, reply.Class == ObjectClass.Wave, trusted: false, now, output);
        if (!fits)
        {
            return;
        }

        if (_clock.Restarted)
        {
            Forget(GapCause.Clock, output);
        }

        if (!_sequences.Take(message, reply, now, output))
        {
            return;
        }

        foreach (Observation observation in reply.Observations)
        {
            Take(reply, observation, now, output);
        }
    }

    private void Take(PollReply reply, Observation observation, MonotonicInstant now, IDriverOutput output)
    {
        switch (reply.Class)
        {
            case ObjectClass.Numeric:
                _numerics.Take(reply, observation, now, output);
                break;
            case ObjectClass.Wave:
                _waves.Take(reply, observation, now, output);
                break;
            case ObjectClass.Enumeration:
                _enumerations.Take(reply, observation, now, output);
                break;
            case ObjectClass.AlarmMonitor:
                _alerts.Take(reply, observation, output);
                break;
            case ObjectClass.Patient:
                _patient.Take(observation, output);
                break;
            case ObjectClass.System:
                Describe(observation.Attributes, now, output);
                break;
        }
    }

    private void Describe(AttributeList attributes, MonotonicInstant now, IDriverOutput output)
    {
        _system.Take(attributes, now, output);
        _numerics.Mode = _system.Mode;
        _waves.Mode = _system.Mode;
        _enumerations.Mode = _system.Mode;
    }

    private void Forget(GapCause cause, IDriverOutput output)
    {
        _sequences.Clear();
        _channels.Clear();
        _numerics.Clear();
        _enumerations.Clear();
        _waves.Clear(cause, output);
    }
}
