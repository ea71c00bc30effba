using System.Globalization;
using System.Text;

namespace Bedside.Simulators.Draeger;

/// <summary>
/// The realtime side of a device: which traces the host selected and enabled, and the records of each tick.
/// <code>
/// record  Dm [C4 Ca] [C5 Ca] [C6 C0|C1] (lo hi)…    m: streams 1–4 present; C4, C5: streams 5–8, 9–12 present from now on
/// value   10dddddd bits 0–5, 10dddddd bits 6–11
/// </code>
/// </summary>
/// <param name="expirationMarks">True = C6 C1 is sent at the start of expiration too.</param>
public sealed class RealtimeStreams(bool expirationMarks)
{
    public const int MostStreams = 12;
    private const int StreamsPerGroup = 4;
    private const byte Sync = 0xD0;
    private const byte SyncCommand = 0xC0;
    private const byte Value = 0x80;
    private const long NanosecondsPerMicrosecond = 1000;

    private readonly List<Stream> _streams = [];
    private readonly int[] _announced = new int[3];
    private readonly List<byte> _hostPairs = [];
    private int _enabled;
    private long _tick;
    private long _lastTick;
    private bool _hostSync;

    private sealed record Stream(RealtimeTrace? Trace, long Period);

    /// <summary>True after a 53H exchange; 54H means nothing before.</summary>
    public bool Asked { get; private set; }

    /// <summary>True while the host has selected and enabled something.</summary>
    public bool Runs => _enabled != 0 && Step > 0;

    /// <summary>Corrupt records the host complained about (CF C0).</summary>
    public int Complaints { get; private set; }

    /// <summary>Device time of the next tick, ns.</summary>
    public long NextTick => _tick;

    private long Step { get; set; }

    /// <summary>Payload of the 53H response.</summary>
    public string Describe(IReadOnlyList<RealtimeTrace> traces)
    {
        Asked = true;
        return string.Concat(traces.Select(trace => trace.Record));
    }

    /// <summary>Takes the argument of 54H: up to twelve times trace code and multiplier. Data flow once enabled.</summary>
    public void Select(ReadOnlySpan<byte> argument, IReadOnlyList<RealtimeTrace> traces)
    {
        Clear();
        if (!Asked)
        {
            return;
        }

        string text = Encoding.ASCII.GetString(argument);
        for (int at = 0; at + 4 <= text.Length && _streams.Count < MostStreams; at += 4)
        {
            RealtimeTrace? trace = traces.FirstOrDefault(one => one.Code == text.Substring(at, 2));
            bool read = int.TryParse(text.AsSpan(at + 2, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int multiplier);
            bool known = trace is not null && read && multiplier > 0;
            _streams.Add(new Stream(known ? trace : null, known ? (trace?.IntervalMicroseconds ?? 0) * NanosecondsPerMicrosecond * multiplier : 0));
        }

        foreach (Stream stream in _streams.Where(stream => stream.Period > 0))
        {
            Step = Step == 0 ? stream.Period : GreatestCommonDivisor(Step, stream.Period);
        }
    }

    /// <summary>A realtime byte of the host: a sync byte, then pairs of commands.</summary>
    public void TakeHostByte(byte one, long deviceTime)
    {
        if ((one & 0xF0) == Sync)
        {
            _hostSync = true;
            _hostPairs.Clear();
            return;
        }

        if (!_hostSync || (one & 0xF0) != SyncCommand)
        {
            _hostSync = false;
            return;
        }

        _hostPairs.Add(one);
        if (_hostPairs.Count == 2)
        {
            ObeyPair(_hostPairs[0] & 0x0F, _hostPairs[1] & 0x0F, deviceTime);
            _hostPairs.Clear();
        }
    }

    /// <summary>The record of the tick at <see cref="NextTick"/>, and on to the next; empty where no stream is due.</summary>
    public byte[] Tick(VentilatorReadings readings)
    {
        long now = _tick;
        int present = 0;
        var values = new List<byte>();
        for (int i = 0; i < _streams.Count; i++)
        {
            Stream stream = _streams[i];
            if ((_enabled & (1 << i)) == 0 || stream.Trace is null || now % stream.Period != 0 || stream.Trace.Value(readings) is not double value)
            {
                continue;
            }

            present |= 1 << i;
            int bin = stream.Trace.Bin(value);
            values.Add((byte)(Value | (bin & 0x3F)));
            values.Add((byte)(Value | (bin >> 6)));
        }

        _tick += Step;
        if (values.Count == 0)
        {
            return [];
        }

        byte[] record = [(byte)(Sync | (present & 0x0F)), .. Announce(present), .. Marks(readings, now), .. values];
        _lastTick = now;
        return record;
    }

    /// <summary>Forgets selection and enabling; <see cref="Asked"/> stays.</summary>
    public void Clear()
    {
        _streams.Clear();
        Array.Clear(_announced);
        _enabled = 0;
        Step = 0;
    }

    /// <summary>A new session: nothing was asked.</summary>
    public void Restart()
    {
        Clear();
        Asked = false;
        _hostSync = false;
    }

    private static long GreatestCommonDivisor(long a, long b) => b == 0 ? a : GreatestCommonDivisor(b, a % b);

    private void ObeyPair(int command, int argument, long deviceTime)
    {
        if (command == 0x0F)
        {
            Complaints++;
        }

        if (command is < 1 or > 3)
        {
            return;
        }

        int shift = (command - 1) * StreamsPerGroup;
        bool ran = Runs;
        _enabled = (_enabled & ~(0x0F << shift)) | (argument << shift);
        if (Runs && !ran)
        {
            _tick = (deviceTime / Step * Step) + Step;
            _lastTick = _tick - Step;
        }
    }

    /// <summary>C4 and C5 are sent only when the set of streams present changes.</summary>
    private List<byte> Announce(int present)
    {
        var pairs = new List<byte>();
        for (int group = 1; group < _announced.Length; group++)
        {
            int set = (present >> (group * StreamsPerGroup)) & 0x0F;
            if (set != _announced[group])
            {
                _announced[group] = set;
                pairs.Add((byte)(SyncCommand | (3 + group)));
                pairs.Add((byte)(SyncCommand | set));
            }
        }

        return pairs;
    }

    private byte[] Marks(VentilatorReadings readings, long now)
    {
        const byte Phase = SyncCommand | 6;
        (long sinceInspiration, long sinceExpiration) = readings.SincePhases;
        long window = now - _lastTick;
        if (sinceInspiration < window)
        {
            return [Phase, SyncCommand];
        }

        return expirationMarks && sinceExpiration >= 0 && sinceExpiration < window ? [Phase, SyncCommand | 1] : [];
    }
}
