using Bedside.Model;

namespace Bedside.Ingest.Intake;

/// <summary>What maps the times of one device to the box's UTC.</summary>
public interface IClockMap
{
    /// <summary>Run of the device's clock: 0 before the first observation.</summary>
    uint Epoch { get; }

    /// <summary>Parts per million that the device's clock runs faster than the box's.</summary>
    double DriftPpm { get; }

    /// <summary>UTC nanoseconds at device time 0 of this epoch.</summary>
    long AnchorNanoseconds { get; }

    /// <summary>Continues the numbering of an earlier run of the box.</summary>
    void BeginAfter(uint epoch);

    /// <summary>The next observation opens a new epoch.</summary>
    void Restart();

    /// <summary>Takes a time of the device and when it arrived; returns it in nanoseconds and, when a new epoch began with it, why.</summary>
    (long DeviceNanoseconds, string? NewEpoch) Observe(DeviceTicks ticks, UtcInstant arrival);

    /// <summary>Maps a time of the present epoch.</summary>
    MappedTime Map(long deviceNanoseconds);
}
