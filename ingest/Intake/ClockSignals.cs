using Bedside.Model;

namespace Bedside.Ingest.Intake;

/// <summary>
/// A device's clock as signals of its own, once a minute: the ids begin with <c>bedside/</c>, because no standard has them (README.md beside this file).
/// </summary>
internal sealed class ClockSignals(string device, IBlockSink sink, Func<Block, bool> append)
{
    private const long EveryNs = 60_000_000_000;

    private static readonly Metric Drift = Of("bedside/clock-drift", "[ppm]", "Clock drift");
    private static readonly Metric Uncertainty = Of("bedside/clock-uncertainty", "ms", "Clock uncertainty");
    private static readonly Metric WallOffset = Of("bedside/wall-clock-offset", "s", "Device clock minus box clock");

    private UtcInstant? _said;

    /// <summary>Device wall clock minus box clock, nanoseconds, as it was last seen; null = the device tells none.</summary>
    public long? WallOffsetNs { get; set; }

    /// <summary>Called with each observation of the device's counter.</summary>
    public void Say(UtcInstant now, IClockMap map, MappedTime mapped)
    {
        _said ??= now;
        if (now.Since(_said.Value) < EveryNs && now >= _said)
        {
            return;
        }

        _said = now;
        Write(Drift, now, mapped, new Fixed((long)Math.Round(map.DriftPpm * 100), -2));
        Write(Uncertainty, now, mapped, new Fixed(mapped.UncertaintyMicroseconds, -3));
        if (WallOffsetNs is { } offset)
        {
            Write(WallOffset, now, mapped, new Fixed(offset / 1_000_000, -3));
        }
    }

    private void Write(Metric metric, UtcInstant now, MappedTime mapped, Fixed value) => append(new NumericBlock
    {
        Signal = sink.Register(device, metric).Number,
        Start = now,
        ClockEpoch = mapped.Epoch,
        Readings = [new NumericReading(now, value, Validity.Valid, DeviceNanoseconds: null)],
    });

    private static Metric Of(string id, string unit, string label) => new() { SignalId = id, Kind = SignalKind.Numeric, Unit = unit, Label = label };
}
