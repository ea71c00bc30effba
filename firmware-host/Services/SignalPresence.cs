using Bedside.Model;
using Bedside.Model.Stays;

namespace Bedside.Host.Services;

/// <summary>
/// Whether signals of a patient come: from the first of at least 30 s of them, until the last before 10 min without. What is said is UTC; how long it lasted is measured on a clock
/// that never jumps. Not for several threads.
/// </summary>
internal sealed class SignalPresence
{
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    /// <summary>Two of them that are farther apart do not belong together.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(60);

    private readonly TimeProvider _time;
    private long? _first;
    private long _last;
    private UtcInstant _firstAt;

    /// <summary>Where it was left.</summary>
    /// <param name="come">They came when it was said last.</param>
    /// <param name="lastAt">The newest that is stored, or when they were said to begin.</param>
    /// <param name="ago">How long ago that was.</param>
    public SignalPresence(TimeProvider time, bool come, UtcInstant lastAt, TimeSpan ago)
    {
        _time = time;
        Come = come;
        LastAt = lastAt;
        _last = time.GetTimestamp() - (long)(TimeSpan.FromTicks(Math.Clamp(ago.Ticks, 0, Longest.Ticks)).TotalSeconds * time.TimestampFrequency);
    }

    public bool Come { get; private set; }

    /// <summary>The newest usable sample or reading.</summary>
    public UtcInstant LastAt { get; private set; }

    /// <summary>A usable sample or reading of a patient, taken at <paramref name="at"/>, has come.</summary>
    public void Hear(UtcInstant at)
    {
        if (_first is null || _time.GetElapsedTime(_last) > Pause)
        {
            (_first, _firstAt) = (_time.GetTimestamp(), at);
        }

        _last = _time.GetTimestamp();
        LastAt = at > LastAt ? at : LastAt;
    }

    /// <summary>What there is to say now; null = nothing.</summary>
    public StayEvent? Look()
    {
        if (!Come && _first is { } first && _time.GetElapsedTime(first, _last) >= Least)
        {
            Come = true;
            return Event(StayEventKind.SignalsBegan, _firstAt);
        }

        if (Come && _time.GetElapsedTime(_last) >= Longest)
        {
            (Come, _first) = (false, null);
            return Event(StayEventKind.SignalsEnded, LastAt);
        }

        return null;
    }

    /// <summary>It has a usable value, and is of a patient's device: what the box says of clocks is not.</summary>
    public static bool IsOfPatient(Block block, Func<SignalNumber, Signal?> signalOf) => block switch
    {
        SampleBlock samples => samples.Validity.Where(run => !run.Validity.IsUsable()).Sum(run => run.Length) < samples.Samples.Length && IsOfPatient(signalOf(samples.Signal)),
        NumericBlock readings => readings.Readings.Any(reading => reading.Value is not null && reading.Validity.IsUsable()) && IsOfPatient(signalOf(readings.Signal)),
        _ => false,
    };

    private static bool IsOfPatient(Signal? signal) =>
        signal?.Metric.Kind is SignalKind.Waveform or SignalKind.Numeric && !signal.Metric.SignalId.StartsWith("bedside/", StringComparison.Ordinal);

    private StayEvent Event(StayEventKind kind, UtcInstant at) =>
        new() { Kind = kind, Source = StaySource.Signals, Arrived = UtcInstant.FromDateTime(_time.GetUtcNow()), Happened = at };
}
