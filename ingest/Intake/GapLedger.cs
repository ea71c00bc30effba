using Bedside.Model;

namespace Bedside.Ingest.Intake;

/// <summary>
/// Explains every hole: when data of a signal come again, the trouble seen since its last ones says why they were missing.
/// </summary>
internal sealed class GapLedger(string device, Func<Block, bool> append)
{
    private readonly Dictionary<SignalNumber, Known> _signals = [];
    private readonly Dictionary<GapCause, long> _troubles = [];
    private readonly Dictionary<SignalNumber, long> _refused = [];
    private long _serial;

    /// <summary>Something went wrong now that explains holes which have not ended yet.</summary>
    public void Trouble(GapCause cause) => _troubles[cause] = ++_serial;

    /// <summary>
    /// Called with the start of new samples. <paramref name="missing"/>: samples counted by the device's clock between the last
    /// block and this one, -1 where a new clock epoch began. <paramref name="stored"/>: newest block in the store. False = the gap
    /// could not be written, so the samples must not be either.
    /// </summary>
    public bool Before(Signal signal, UtcInstant start, long missing, Block? stored)
    {
        long refused = _refused.GetValueOrDefault(signal.Number);
        if (missing + refused == 0 || Find(signal, stored) is not { } last)
        {
            return true;
        }

        bool hole = missing > 0 || refused > 0 || start.Since(last.End) > 50_000_000;
        return !hole || start <= last.End || Report(signal, last, start, Math.Max(0, missing) + refused);
    }

    /// <summary>The same for readings that are due every <paramref name="every"/>: half a period late is not missing.</summary>
    public bool BeforeReading(Signal signal, UtcInstant time, TimeSpan every, Block? stored)
    {
        long due = every.Ticks * 100;
        if (Find(signal, stored) is not { } last || time.Since(last.End) <= due + (due / 2))
        {
            return true;
        }

        long missing = ((time.Since(last.End) + (due / 2)) / due) - 1;
        return Report(signal, last, time, missing);
    }

    /// <summary>The store did not take <paramref name="count"/> samples of the signal.</summary>
    public void Refused(Signal signal, long count)
    {
        Trouble(GapCause.Overload);
        _refused[signal.Number] = _refused.GetValueOrDefault(signal.Number) + count;
    }

    public void After(Signal signal, UtcInstant end) => _signals[signal.Number] = new Known(end, _serial, FromThisRun: true);

    /// <summary>Samples that were dropped before the first of them could be placed in time.</summary>
    public void NeverPlaced(Signal signal, UtcInstant until, long count) =>
        append(new GapBlock { Signal = signal.Number, Start = until, Until = until, Cause = GapCause.Uncalibrated, Missing = count, Device = device });

    private Known? Find(Signal signal, Block? stored)
    {
        if (_signals.TryGetValue(signal.Number, out Known known))
        {
            return known;
        }

        return stored is null ? null : new Known(stored.End, 0, FromThisRun: false);
    }

    private bool Report(Signal signal, Known last, UtcInstant until, long missing)
    {
        var gap = new GapBlock
        {
            Signal = signal.Number,
            Start = last.End,
            Until = until,
            Cause = last.FromThisRun ? CauseSince(last.Serial) : GapCause.Restart,
            Missing = missing,
            Device = device,
        };
        if (!append(gap))
        {
            return false;
        }

        _refused.Remove(signal.Number);
        return true;
    }

    /// <summary>The gravest trouble since then; without any, the device itself left the signal out.</summary>
    private GapCause CauseSince(long serial)
    {
        GapCause[] gravest =
        [
            GapCause.Unplugged, GapCause.DeviceSilent, GapCause.Overload, GapCause.Clock,
            GapCause.Checksum, GapCause.LostMessage, GapCause.Uncalibrated,
        ];
        return gravest.FirstOrDefault(cause => _troubles.TryGetValue(cause, out long at) && at > serial, GapCause.SignalOff);
    }

    private readonly record struct Known(UtcInstant End, long Serial, bool FromThisRun);
}
