using System.Runtime.InteropServices;
using Bedside.Model;

namespace Bedside.Viewer;

/// <summary>
/// Makes one interval of each alert from its start, updates and end. An alert whose device began it anew, or fell silent,
/// is closed there, and the interval says so: an alert must not look active for ever because its end was never heard.
/// </summary>
internal sealed class AlertIntervals
{
    private const string ByDevice = "end";
    private const string ByRestart = "restart";
    private const string ByLoss = "lost";

    private readonly Dictionary<(string Device, string Key), AlertAnswer> _open = [];
    private readonly List<AlertAnswer> _closed = [];

    /// <summary>All alerts seen, ascending by start.</summary>
    public IEnumerable<AlertAnswer> All =>
        _closed.Concat(_open.Values).OrderBy(alert => alert.Since).ThenBy(alert => alert.Key, StringComparer.Ordinal);

    /// <summary>Takes the blocks of the bed in the order of time; others than those that matter are passed over.</summary>
    public void Observe(Block block)
    {
        switch (block)
        {
            case AlertBlock alert:
                Observe(alert);
                break;
            case DeviceBlock { State: DeviceState.Silent or DeviceState.Unplugged } device:
                CloseAll(device.Device, device.Start);
                break;
            case GapBlock { Cause: GapCause.Unplugged or GapCause.DeviceSilent or GapCause.Restart } gap when gap.Signal == SignalNumber.None:
                CloseAll(gap.Device, gap.Start);
                break;
        }
    }

    private void Observe(AlertBlock block)
    {
        (string Device, string Key) key = (block.Device, block.Alert.Key);
        if (block.Alert.Phase == AlertPhase.Start)
        {
            Close(key, block.Start, ByRestart);
        }

        ref AlertAnswer? open = ref CollectionsMarshal.GetValueRefOrAddDefault(_open, key, out _);
        open = Merge(open, block);
        if (block.Alert.Phase == AlertPhase.End)
        {
            Close(key, block.Start, ByDevice);
        }
    }

    private void CloseAll(string device, UtcInstant at)
    {
        foreach ((string Device, string Key) key in _open.Keys.Where(key => device.Length == 0 || key.Device == device).ToArray())
        {
            Close(key, at, ByLoss);
        }
    }

    private void Close((string Device, string Key) key, UtcInstant at, string how)
    {
        if (_open.Remove(key, out AlertAnswer? alert))
        {
            _closed.Add(alert with { Until = at, Ended = how });
        }
    }

    /// <summary>An end often carries less than the start did: what it leaves empty stays, and the priority is the highest seen.</summary>
    private static AlertAnswer Merge(AlertAnswer? former, AlertBlock block)
    {
        Alert alert = block.Alert;
        return new AlertAnswer(
            alert.Key,
            block.Device,
            former?.Since ?? block.Start,
            Until: null,
            Ended: null,
            former is not null && former.Priority > alert.Priority ? former.Priority : alert.Priority,
            alert.Technical,
            alert.Text.Length > 0 ? alert.Text : former?.Text ?? string.Empty,
            alert.Code != 0 ? alert.Code : former?.Code ?? 0,
            alert.CodeName.Length > 0 ? alert.CodeName : former?.CodeName ?? string.Empty,
            alert.Source.Length > 0 ? alert.Source : former?.Source ?? string.Empty,
            alert.Silenced,
            alert.Latched,
            alert.Inhibited);
    }
}
