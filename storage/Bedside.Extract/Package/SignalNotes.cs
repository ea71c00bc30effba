using Bedside.Model;

namespace Bedside.Extract.Package;

/// <summary>What the first pass over a signal found, beside its samples: rows for the tables that all stays share.</summary>
internal sealed class SignalNotes
{
    /// <summary>Each is a row of <c>gaps.csv</c>, <c>clock.csv</c>, <c>states.csv</c>, in the order of time.</summary>
    public List<ExportCell[]> Gaps { get; } = [];

    public List<ExportCell[]> Clock { get; } = [];

    public List<ExportCell[]> States { get; } = [];

    public List<DictionaryRow> Dictionary { get; } = [];
}

/// <summary>Gaps, clock and holes of one signal, from the blocks as they were taken.</summary>
internal sealed class SignalListener(PackagedSignal signal, PackageStay stay, StayTime time)
{
    private readonly Coverage _coverage = new();
    private long _bound = -1;

    public SignalNotes Notes { get; } = new();

    public void Take(Block block)
    {
        switch (block)
        {
            case GapBlock gap:
                _coverage.Take(gap);
                Notes.Gaps.AddRange(PackageGaps.RowOf(stay, time, signal.Name, signal.Device.Name, (gap.Start, gap.Until, Spelling.Of(gap.Cause))));
                break;
            case SampleBlock samples:
                if (_coverage.Take(samples) is Hole hole)
                {
                    Notes.Gaps.AddRange(PackageGaps.RowOf(stay, time, signal.Name, signal.Device.Name, (hole.From, hole.To, Spelling.Of(GapCause.Unexplained))));
                }

                TakeClock(samples);
                break;
            case NumericBlock readings:
                TakeClock(readings);
                break;
        }
    }

    /// <summary>The bound is told in steps of 1, 2 and 5, upwards, and only where it changes.</summary>
    internal static long BoundOf(uint microseconds)
    {
        if (microseconds == uint.MaxValue)
        {
            return long.MaxValue;
        }

        long step = 1;
        int[] factors = [2, 5, 10];
        for (long decade = 1; ; decade *= 10)
        {
            foreach (int factor in factors)
            {
                if (step >= microseconds)
                {
                    return step;
                }

                step = decade * factor;
            }
        }
    }

    private void TakeClock(Block block)
    {
        long bound = BoundOf(block.UncertaintyMicroseconds);
        if (bound != _bound)
        {
            _bound = bound;
            UtcInstant from = block.Start < stay.From ? stay.From : block.Start;
            Notes.Clock.Add([stay.Stay, signal.Name, signal.Device.Name, time.Text(from), bound == long.MaxValue ? default(ExportCell) : bound]);
        }
    }
}

/// <summary>Rows of <c>gaps.csv</c>.</summary>
internal static class PackageGaps
{
    /// <summary>One row, cut to the window of the stay; none where nothing of it is left.</summary>
    public static IEnumerable<ExportCell[]> RowOf(PackageStay stay, StayTime time, string signal, string device, (UtcInstant From, UtcInstant To, string Cause) gap)
    {
        UtcInstant from = gap.From < stay.From ? stay.From : gap.From;
        UtcInstant to = gap.To > stay.To ? stay.To : gap.To;
        if (from < to)
        {
            yield return [stay.Stay, signal, device, time.Text(from), time.Text(to), gap.Cause];
        }
    }
}
