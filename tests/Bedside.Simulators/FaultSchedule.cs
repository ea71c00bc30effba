using System.Globalization;

namespace Bedside.Simulators;

/// <summary>
/// Which faults are to happen when. Each is written NAME, NAME@SECONDS or NAME@SECONDS+DURATION: without a time
/// as the device has it, with one from then on for the usual or the given duration.
/// </summary>
public sealed class FaultSchedule(SimulationClock clock, IReadOnlyList<FaultKind> kinds)
{
    private readonly List<Occurrence> _occurrences = [];

    private sealed class Occurrence(string name, long start, long end)
    {
        public string Name => name;

        public long Start => start;

        public long End => end;

        public bool Seen { get; set; }
    }

    /// <summary>Adds a fault; its times count from <paramref name="from"/>. False when there is none of that name or it cannot be read.</summary>
    public bool TryAdd(string text, long from)
    {
        string[] parts = text.Split('@', 2);
        FaultKind? kind = kinds.FirstOrDefault(k => k.Name == parts[0]);
        if (kind is null)
        {
            return false;
        }

        double start = kind.Start;
        double duration = kind.Duration;
        if (parts.Length == 2)
        {
            string[] times = parts[1].Split('+', 2);
            bool read = TrySeconds(times[0], out start) && (times.Length == 1 || TrySeconds(times[1], out duration));
            if (!read)
            {
                return false;
            }
        }

        long begins = from + SimulationClock.FromSeconds(start);
        long ends = double.IsPositiveInfinity(duration) ? long.MaxValue : begins + SimulationClock.FromSeconds(duration);
        _occurrences.Add(new Occurrence(kind.Name, begins, ends));
        return true;
    }

    /// <summary>Starts a fault now, whatever start the device has for it.</summary>
    public bool TryStart(string text)
    {
        string timed = text.Contains('@', StringComparison.Ordinal) ? text : text + "@0";
        return TryAdd(timed, clock.Now);
    }

    /// <summary>Whether a fault is going on.</summary>
    public bool Active(string name)
    {
        long now = clock.Now;
        return _occurrences.Exists(o => o.Name == name && o.Start <= now && now < o.End);
    }

    /// <summary>True once for each time a fault begins.</summary>
    public bool Began(string name)
    {
        long now = clock.Now;
        Occurrence? begun = _occurrences.Find(o => o.Name == name && !o.Seen && o.Start <= now);
        if (begun is null)
        {
            return false;
        }

        begun.Seen = true;
        return true;
    }

    private static bool TrySeconds(string text, out double seconds) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out seconds);
}
