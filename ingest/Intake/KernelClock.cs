using System.Runtime.InteropServices;
using Bedside.Ingest.Links;
using Bedside.Model;

namespace Bedside.Ingest.Intake;

/// <summary>What is known of the box's own clock.</summary>
/// <param name="Synchronised">A daemon (chrony, timesyncd, ntpd) keeps it.</param>
/// <param name="UncertaintyMicroseconds">Half-width of the interval that holds the true time.</param>
public readonly record struct ClockState(bool Synchronised, uint UncertaintyMicroseconds);

/// <summary>
/// How far the box's clock may be from the truth. While it is kept, what the kernel says; after that it may run away with any quartz; and if it was never kept since the
/// program began, the battery clock may have run by itself for a week.
/// </summary>
internal sealed class ClockError
{
    /// <summary>A week at <see cref="QuartzPpm"/>.</summary>
    public const long NeverKeptUs = 60_000_000;

    /// <summary>No quartz is worse.</summary>
    public const long QuartzPpm = 100;

    /// <summary>Some daemons tell the kernel that they make no error at all.</summary>
    public const long LeastUs = 1_000;

    private long _base = NeverKeptUs;
    private MonotonicInstant? _since;

    /// <summary>Takes what the kernel said at an instant; <paramref name="errorUs"/> is its own bound.</summary>
    public ClockState At(MonotonicInstant now, bool synchronised, long errorUs)
    {
        _since ??= now;
        if (synchronised)
        {
            (_base, _since) = (Math.Max(LeastUs, errorUs), now);
        }

        long error = _base + (now.Since(_since.Value) / 1_000 * QuartzPpm / 1_000_000);
        return new ClockState(synchronised, (uint)Math.Min(error, uint.MaxValue - 1));
    }
}

/// <summary>
/// Asks the kernel about the box's clock (adjtimex(2), which only reads here and needs no right); whichever daemon keeps it. Any thread may call; the kernel is asked once a second.
/// </summary>
public sealed partial class KernelClock(TimeProvider time)
{
    private const long EveryNs = 1_000_000_000;
    private const int StatusUnsynchronised = 0x40;
    private const int ClockNotSynchronised = 5;

    private readonly Lock _gate = new();
    private readonly ClockError _error = new();
    private MonotonicInstant? _asked;
    private ClockState _state;

    public ClockState State
    {
        get
        {
            lock (_gate)
            {
                MonotonicInstant now = time.MonotonicNow();
                if (_asked is not { } asked || now.Since(asked) >= EveryNs)
                {
                    (_asked, _state) = (now, Ask(now));
                }

                return _state;
            }
        }
    }

    private ClockState Ask(MonotonicInstant now)
    {
        var timex = default(Timex);
        int state = Adjust(ref timex);
        bool synchronised = state is >= 0 and < ClockNotSynchronised && (timex.Status & StatusUnsynchronised) == 0;
        return _error.At(now, synchronised, Math.Max(timex.MaximumErrorUs, timex.EstimatedErrorUs));
    }

    [LibraryImport("libc", EntryPoint = "adjtimex", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Adjust(ref Timex timex);

    /// <summary>struct timex of 64-bit Linux (uapi/linux/timex.h), as far as it is read; 208 bytes in all. Modes 0 changes nothing.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 208)]
    private struct Timex
    {
        [FieldOffset(24)]
        public long MaximumErrorUs;
        [FieldOffset(32)]
        public long EstimatedErrorUs;
        [FieldOffset(40)]
        public int Status;
    }
}
