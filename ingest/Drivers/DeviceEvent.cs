using System.Collections.Immutable;
using Bedside.Model;

namespace Bedside.Ingest.Drivers;

/// <summary>Everything a driver can say. Closed: one switch handles all.</summary>
public abstract record DeviceEvent
{
    private DeviceEvent()
    {
    }

    /// <summary>The device introduced itself, or something it said of itself changed.</summary>
    public sealed record Identity(DeviceIdentity Device) : DeviceEvent;

    /// <summary>A signal exists, with everything known of it; sent before its first value and whenever it changes.</summary>
    public sealed record Descriptor(Metric Metric) : DeviceEvent
    {
        /// <summary>Waveforms: exact time between samples.</summary>
        public SamplePeriod? Period { get; init; }

        /// <summary>Waveforms: physical = raw × gain + offset; null = not told yet, or dimensionless without scale.</summary>
        public Scale? Scale { get; init; }
    }

    /// <summary>
    /// Consecutive samples. They are only reported once their scale is known or is known not to exist (then
    /// <see cref="Scale"/> is null): drivers hold samples back for it, bounded, and say <see cref="Missing"/> for what they drop.
    /// </summary>
    public sealed record Samples(Metric Metric, SamplePeriod Period, ReadOnlyMemory<int> Raw) : DeviceEvent
    {
        public required Scale? Scale { get; init; }

        /// <summary>Device counter at the first sample; null = the device gives none (time is then by arrival).</summary>
        public DeviceTicks? At { get; init; }

        /// <summary>The device wrote <see cref="At"/> no more exactly than this: what was measured lies between it and so much later.</summary>
        public TimeSpan Within { get; init; }

        /// <summary>Of all samples.</summary>
        public Validity Validity { get; init; }

        /// <summary>Of runs of samples, in addition.</summary>
        public ImmutableArray<ValidityRun> Runs { get; init; } = [];
    }

    /// <summary>One value; null with a reason in <see cref="Validity"/> where the device shows none.</summary>
    public sealed record Numeric(Metric Metric, Fixed? Value) : DeviceEvent
    {
        public DeviceTicks? At { get; init; }

        /// <summary>The device wrote <see cref="At"/> no more exactly than this: what was measured lies between it and so much later.</summary>
        public TimeSpan Within { get; init; }

        public Validity Validity { get; init; }

        /// <summary>When an aperiodic value was measured, by the device's wall clock (no zone); repeats are not reported again.</summary>
        public DateTime? MeasuredAt { get; init; }
    }

    /// <summary>A state, a mode or a text.</summary>
    public sealed record Text(Metric Metric, string Value) : DeviceEvent
    {
        public DeviceTicks? At { get; init; }

        /// <summary>The device wrote <see cref="At"/> no more exactly than this: what was measured lies between it and so much later.</summary>
        public TimeSpan Within { get; init; }

        public uint Code { get; init; }

        public Validity Validity { get; init; }
    }

    public sealed record AlertSaid(Alert Alert) : DeviceEvent
    {
        public DeviceTicks? At { get; init; }

        /// <summary>The device wrote <see cref="At"/> no more exactly than this: what was measured lies between it and so much later.</summary>
        public TimeSpan Within { get; init; }
    }

    /// <summary>Who the device believes lies in the bed. Goes to the identity vault and the decode command, nowhere else.</summary>
    public sealed record Patient(ImmutableSortedDictionary<string, string> Fields) : DeviceEvent;

    /// <summary>The device's wall clock (no zone) read <paramref name="Wall"/> when its counter read <paramref name="At"/>.</summary>
    public sealed record WallClock(DateTime Wall, DeviceTicks? At) : DeviceEvent;

    /// <summary>The device's counter began anew (reboot, new session, lost synchronisation): times before and after do not compare.</summary>
    public sealed record ClockRestarted(string Reason) : DeviceEvent;

    /// <summary>The conversation moved on; <paramref name="Receiving"/> is true once data flow.</summary>
    public sealed record Link(bool Receiving, string Reason) : DeviceEvent;

    /// <summary>The driver knows that something is missing: a lost message, a failed checksum, samples without a scale.</summary>
    public sealed record Missing(Metric? Metric, GapCause Cause, long Count) : DeviceEvent
    {
        public DeviceTicks? At { get; init; }
    }

    /// <summary>Bytes that are not what the protocol says. Noise is normal on a serial line.</summary>
    /// <param name="Reason">One plain sentence.</param>
    /// <param name="Offset">Bytes from the device before the ones in question, since the session began.</param>
    public sealed record Fault(string Reason, long Offset) : DeviceEvent;
}
