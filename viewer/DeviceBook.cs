using System.Collections.Concurrent;
using System.Globalization;
using Bedside.Model;

namespace Bedside.Viewer;

/// <summary>The newest data of a device, as its signals tell.</summary>
/// <param name="LastData">Newest capture time; null = none.</param>
/// <param name="Shortest">The shortest time in which a value is due; null = nothing of it is due at a time.</param>
internal readonly record struct DeviceActivity(UtcInstant? LastData, TimeSpan? Shortest);

/// <summary>
/// What is known of each device: what it was last reported to do, and its clock. What it does now is that, corrected by
/// time alone: the last report may be of a run long gone.
/// </summary>
internal sealed class DeviceBook(BoxRun run)
{
    private readonly ConcurrentDictionary<string, DeviceBlock> _devices = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ClockBlock> _clocks = new(StringComparer.Ordinal);

    /// <summary>Devices worth telling of: not ports of an earlier run on which nothing was ever recognised.</summary>
    public IEnumerable<string> Names =>
        _devices.Where(pair => pair.Value.State != DeviceState.Superseded && (pair.Value.Identity is not null || pair.Value.Start >= run.StartedAt))
            .Select(pair => pair.Key);

    public void Observe(Block block)
    {
        switch (block)
        {
            case DeviceBlock device:
                _devices.AddOrUpdate(device.Device, static (_, first) => first, static (_, former, newer) => newer.Start >= former.Start ? Newer(former, newer) : former, device);
                break;
            case ClockBlock clock:
                _clocks.AddOrUpdate(clock.Device, static (_, first) => first, static (_, former, newer) => newer.Start >= former.Start ? newer : former, clock);
                break;
        }
    }

    public DeviceAnswer Read(string name, DeviceActivity activity, UtcInstant now)
    {
        DeviceBlock? block = _devices.GetValueOrDefault(name);
        (DeviceState state, UtcInstant? since, string reason) = StateOf(block, activity, now);
        DeviceIdentity? identity = block?.Identity;
        return new DeviceAnswer(
            name,
            identity?.Manufacturer ?? string.Empty,
            identity?.Model ?? string.Empty,
            identity?.SerialNumber ?? string.Empty,
            identity?.Firmware ?? string.Empty,
            identity?.Protocol ?? string.Empty,
            identity?.Demo ?? false,
            identity?.IsExperimental ?? false,
            state,
            since,
            activity.LastData,
            reason,
            _clocks.TryGetValue(name, out ClockBlock? clock) ? ClockOf(clock) : null)
        {
            CodeConflicts = identity?.CodeConflicts ?? string.Empty,
        };
    }

    /// <summary>A port of which nothing is stored yet.</summary>
    public static DeviceAnswer Unheard(PortReport port) => new(
        port.Device, string.Empty, string.Empty, string.Empty, string.Empty, string.Empty, Demo: false, port.Experimental, port.State, port.Since, LastData: null, port.English, Clock: null);

    /// <summary>A device does not lose its name because a later report leaves it out.</summary>
    private static DeviceBlock Newer(DeviceBlock former, DeviceBlock newer) =>
        newer with { Identity = newer.Identity is { Model.Length: > 0 } named ? named : former.Identity is { Model.Length: > 0 } known ? known : newer.Identity ?? former.Identity };

    private (DeviceState State, UtcInstant? Since, string Reason) StateOf(DeviceBlock? block, DeviceActivity activity, UtcInstant now)
    {
        // Data that came after a report of trouble say more than the report.
        bool overtaken = block is not null && activity.LastData > block.Start && now.Since(activity.LastData.Value) < 2_000_000_000;
        if (block is not null && block.State != DeviceState.Receiving && block.Start >= run.StartedAt && !overtaken)
        {
            return (block.State, block.Start, block.Reason);
        }

        bool hasNewData = activity.LastData is UtcInstant last && last >= run.StartedAt;
        bool isSilent = activity switch
        {
            { LastData: UtcInstant newest, Shortest: TimeSpan shortest } => FreshnessRules.IsSilent(newest, now, shortest),
            { Shortest: TimeSpan shortest } => block is null || FreshnessRules.IsSilent(block.Start, now, shortest),
            _ => !hasNewData && (block is null || block.Start < run.StartedAt),
        };
        if (!isSilent)
        {
            return (DeviceState.Receiving, block is { State: DeviceState.Receiving } ? block.Start : activity.LastData, string.Empty);
        }

        return (DeviceState.Silent, activity.LastData ?? block?.Start, SilenceOf(activity.LastData, now));
    }

    private static string SilenceOf(UtcInstant? last, UtcInstant now) => last switch
    {
        null => "No data have come from it.",
        UtcInstant time when time > now => "Its newest data are ahead of the box's clock.",
        UtcInstant time => string.Create(CultureInfo.InvariantCulture, $"No data for {now.Since(time) / 1_000_000_000} s."),
    };

    private static ClockAnswer ClockOf(ClockBlock clock) => new(
        clock.WallOffsetNanoseconds / 1e6,
        clock.DriftPpm,
        clock.UncertaintyMicroseconds == uint.MaxValue ? null : clock.UncertaintyMicroseconds,
        clock.ClockEpoch);
}
