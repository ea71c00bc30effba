using Bedside.Model;

namespace Bedside.Ingest.Drivers.MindrayPds;

/// <summary>
/// Where each record of a wave belongs, for the monitor tells no time: a record is a second of its channel, and all channels share one count of seconds. A channel that left
/// records out comes in again where the others are. A monitor may send the channels of one second in several messages.
/// </summary>
internal sealed class WaveTimeline
{
    public const long Second = 1_000_000_000;

    /// <summary>Messages closer than this are of the same second.</summary>
    private const long SameSecond = Second / 2;

    private readonly Dictionary<int, Channel> _channels = [];
    private long _base;
    private long _end;
    private bool _soon;
    private MonotonicInstant _messageAt;

    private readonly record struct Channel(long End, long Lag);

    /// <summary>A message with waves came.</summary>
    public void Begin(MonotonicInstant at)
    {
        _soon = at.Since(_messageAt) < SameSecond;
        _messageAt = at;
        _base = _end;
    }

    /// <summary>The first instant of a record of this channel, ns; <paramref name="missing"/> is what lies between it and the channel's last one.</summary>
    public long Place(int channel, out long missing)
    {
        bool known = _channels.TryGetValue(channel, out Channel before);
        long lag = known ? before.Lag : _soon && _end == _base ? Second : 0;
        long start = Math.Max(known ? before.End : 0, _base - lag);
        missing = known ? start - before.End : 0;
        _channels[channel] = new Channel(start + Second, Math.Max(0, _base - start));
        _end = Math.Max(_end, start + Second);
        return start;
    }

    public void Restart()
    {
        _channels.Clear();
        _base = 0;
        _end = 0;
    }
}
