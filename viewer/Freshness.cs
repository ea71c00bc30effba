using System.Text.Json.Serialization;
using Bedside.Model;

namespace Bedside.Viewer;

/// <summary>How old the newest value is, by capture time: never by when it arrived (PROTOCOL.md, section 1).</summary>
internal enum Freshness
{
    [JsonStringEnumMemberName("live")]
    Live,

    [JsonStringEnumMemberName("late")]
    Late,

    [JsonStringEnumMemberName("lost")]
    Lost,
}

/// <summary>The rules for live, late and lost, and for a device that fell silent.</summary>
internal static class FreshnessRules
{
    private const int LatePeriods = 4;
    private const int LivePeriods = 2;
    private static readonly TimeSpan LiveAtMost = TimeSpan.FromSeconds(2);

    /// <summary>What is due at least this often is late after <see cref="PromptLiveAtMost"/>, and not after two of its periods.</summary>
    private static readonly TimeSpan Prompt = TimeSpan.FromSeconds(1.5);

    private static readonly TimeSpan PromptLiveAtMost = TimeSpan.FromSeconds(2.2);

    /// <summary>What is older is lost, and never sent as live.</summary>
    public static TimeSpan LateAtMost { get; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// State of a value that is due every <paramref name="expected"/>. A value ahead of the box's clock is as wrong as one
    /// behind it, so the distance counts.
    /// </summary>
    public static Freshness Of(UtcInstant last, UtcInstant now, TimeSpan expected)
    {
        long age = Distance(last, now);
        long periods = LivePeriods * expected.Nanoseconds();
        if (age <= Math.Max(LiveAtMost.Nanoseconds(), expected <= Prompt ? Math.Min(periods, PromptLiveAtMost.Nanoseconds()) : periods))
        {
            return Freshness.Live;
        }

        return age <= Math.Max(LateAtMost.Nanoseconds(), LatePeriods * expected.Nanoseconds()) ? Freshness.Late : Freshness.Lost;
    }

    /// <summary>State of a value that comes when it comes: that of its device.</summary>
    public static Freshness OfAperiodic(DeviceState device, UtcInstant? newest, UtcInstant now)
    {
        if (device == DeviceState.Receiving)
        {
            return Freshness.Live;
        }

        return newest is UtcInstant time && Distance(time, now) <= LateAtMost.Nanoseconds() ? Freshness.Late : Freshness.Lost;
    }

    /// <summary>True when a device that should be heard every <paramref name="shortest"/> has not been.</summary>
    public static bool IsSilent(UtcInstant newest, UtcInstant now, TimeSpan shortest) =>
        Distance(newest, now) > Math.Max(LateAtMost.Nanoseconds(), LatePeriods * shortest.Nanoseconds());

    private static long Distance(UtcInstant a, UtcInstant b) => Math.Abs(b.Since(a));
}
