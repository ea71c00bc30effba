using Bedside.Model;

namespace Bedside.Ingest.Intake;

/// <summary>
/// Explains every hole: when data of a signal come again, the trouble seen since its last ones says why they were missing. How many are missing is
/// counted against what was stored last, by the index of samples within an epoch of the clock and by time from one epoch to the next, so that what
/// the store refused is part of the hole like all else.
/// </summary>
/// <param name="before">Why data are missing between what an earlier intake stored and the first that this one does.</param>
internal sealed class GapLedger(string device, Func<Block, bool> append, GapCause before = GapCause.Restart)
{
    private const int MostSilences = 64;
    private const long ShortestSilenceNs = 500_000_000;
    private const long LongestUsualNs = 10_000_000_000;
    private const double UsualPauses = 2.5;

    private readonly Dictionary<SignalNumber, Known> _signals = [];
    private readonly Dictionary<GapCause, long> _troubles = [];
    private readonly Queue<(long Serial, long Nanoseconds)> _silences = new();
    private long _serial;
    private double _usual;

    /// <summary>Something went wrong now that explains holes which have not ended yet.</summary>
    public void Trouble(GapCause cause) => _troubles[cause] = ++_serial;

    /// <summary>Bytes came after so many nanoseconds without any. It is a silence where the device's usual pauses are much shorter.</summary>
    public void Pause(long nanoseconds)
    {
        if (nanoseconds > ShortestSilenceNs && nanoseconds > UsualPauses * _usual)
        {
            _silences.Enqueue((++_serial, nanoseconds));
            if (_silences.Count > MostSilences)
            {
                _silences.Dequeue();
            }
        }

        _usual += (Math.Min(nanoseconds, LongestUsualNs) - _usual) / 8;
    }

    /// <summary>
    /// Called with samples that follow all stored ones. <paramref name="stored"/>: newest block in the store, where this intake stored none yet. False = the gap could
    /// not be written, so the samples must not be either.
    /// </summary>
    public bool Before(SampleBlock block, Block? stored)
    {
        if (Find(block.Signal, stored) is not { } last)
        {
            return true;
        }

        long missing = last.Epoch == block.ClockEpoch && last.Period == block.Period
            ? block.FirstIndex - last.NextIndex
            : block.Period.SamplesIn(block.Start.Since(last.End) + (block.Period.Nanoseconds / 2));
        if (missing <= 0)
        {
            return true;
        }

        // What comes next may be refused: the next gap then begins where this one ends.
        Known explained = last with { End = block.Start, Epoch = block.ClockEpoch, Period = block.Period, NextIndex = block.FirstIndex, FromThisRun = true };
        return Report(block.Signal, last, block.Start, missing, explained);
    }

    /// <summary>The same for readings that are due every <paramref name="every"/>: half a period late is not missing.</summary>
    public bool BeforeReading(Signal signal, UtcInstant time, TimeSpan every, Block? stored)
    {
        long due = every.Ticks * 100;
        if (Find(signal.Number, stored) is not { } last || time.Since(last.End) <= due + (due / 2))
        {
            return true;
        }

        long missing = ((time.Since(last.End) + (due / 2)) / due) - 1;
        return Report(signal.Number, last, time, missing, last with { End = time.Add(-due), FromThisRun = true });
    }

    /// <summary>The store took these samples.</summary>
    public void After(SampleBlock block) =>
        _signals[block.Signal] = new Known(block.End, _serial, FromThisRun: true, block.ClockEpoch, block.Period, block.FirstIndex + block.Samples.Length);

    /// <summary>The store took this reading. One that comes after those that follow it ends no hole, unless the box's clock was set meanwhile.</summary>
    /// <param name="run">Another number after each step of the box's clock.</param>
    public void After(Signal signal, UtcInstant time, uint run)
    {
        if (!_signals.TryGetValue(signal.Number, out Known last) || last.Epoch != run || time >= last.End)
        {
            _signals[signal.Number] = new Known(time, _serial, FromThisRun: true, run, Period: default, NextIndex: 0);
        }
    }

    /// <summary>Samples that were dropped before the first of them could be placed in time.</summary>
    public void NeverPlaced(Signal signal, UtcInstant until, long count) =>
        append(new GapBlock { Signal = signal.Number, Start = until, Until = until, Cause = GapCause.Uncalibrated, Missing = count, Device = device });

    /// <summary>Something of the signal was stored, or explained, by this intake.</summary>
    public bool Knows(SignalNumber signal) => _signals.ContainsKey(signal);

    private Known? Find(SignalNumber signal, Block? stored)
    {
        if (_signals.TryGetValue(signal, out Known known))
        {
            return known;
        }

        return stored is null ? null : new Known(stored.End, 0, FromThisRun: false, Epoch: 0, Period: default, NextIndex: 0);
    }

    private bool Report(SignalNumber signal, Known last, UtcInstant until, long missing, Known explained)
    {
        bool written = append(new GapBlock
        {
            Signal = signal,
            Start = last.End,
            Until = until > last.End ? until : last.End,
            Cause = last.FromThisRun ? CauseSince(last.Serial, until.Since(last.End)) : before,
            Missing = missing,
            Device = device,
        });
        if (written)
        {
            _signals[signal] = explained;
        }

        return written;
    }

    /// <summary>The gravest trouble since then; without any, the device itself left the signal out.</summary>
    private GapCause CauseSince(long serial, long nanoseconds)
    {
        GapCause[] gravest =
        [
            GapCause.Unplugged, GapCause.DeviceSilent, GapCause.Overload, GapCause.Clock,
            GapCause.Checksum, GapCause.LostMessage, GapCause.Uncalibrated,
        ];
        foreach (GapCause cause in gravest)
        {
            if (_troubles.TryGetValue(cause, out long at) && at > serial)
            {
                return cause;
            }
        }

        // A pause of the line explains a hole of about its own length, not one of an hour with a pause in it.
        long silent = _silences.Where(silence => silence.Serial > serial).Sum(silence => silence.Nanoseconds);
        return silent > 0 && silent >= nanoseconds / 2 ? GapCause.DeviceSilent : GapCause.SignalOff;
    }

    private readonly record struct Known(UtcInstant End, long Serial, bool FromThisRun, uint Epoch, SamplePeriod Period, long NextIndex);
}
