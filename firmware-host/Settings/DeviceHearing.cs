using Bedside.Model;
using Bedside.Storage;

namespace Bedside.Host.Settings;

/// <summary>
/// Which devices are heard, by when their newest data last changed on the box's monotonic clock: neither a step of the wall clock nor what a device says of its own time counts.
/// <see cref="Look"/> is called once a second, from any thread.
/// </summary>
internal sealed class DeviceHearing(Func<IEnumerable<(string Device, UtcInstant Newest)>> newest, TimeProvider time)
{
    /// <summary>A device whose data are older is not received: as on the screen.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (UtcInstant Newest, long At)> _heard = new(StringComparer.Ordinal);
    private bool _looked;

    public static DeviceHearing Of(Store store, TimeProvider time) => new(
        () => store.Signals.GroupBy(signal => signal.Device).Select(device => (device.Key, device.Max(signal => store.Last(signal.Number)?.End ?? default))),
        time);

    public void Look()
    {
        long now = time.GetTimestamp();
        lock (_gate)
        {
            foreach ((string device, UtcInstant end) in newest())
            {
                if (!_heard.TryGetValue(device, out (UtcInstant Newest, long At) before))
                {
                    // What lies in the store from before says nothing of now.
                    _heard[device] = (end, _looked ? now : long.MinValue);
                }
                else if (end != before.Newest)
                {
                    _heard[device] = (end, now);
                }
            }

            _looked = true;
        }
    }

    /// <summary>Devices that were heard within <see cref="Silence"/>, and not before <paramref name="since"/> (a timestamp of the clock).</summary>
    public IReadOnlySet<string> Received(long since = long.MinValue)
    {
        long now = time.GetTimestamp();
        lock (_gate)
        {
            return _heard.Where(pair => pair.Value.At != long.MinValue && pair.Value.At >= since && time.GetElapsedTime(pair.Value.At, now) <= Silence)
                .Select(pair => pair.Key).ToHashSet(StringComparer.Ordinal);
        }
    }
}
