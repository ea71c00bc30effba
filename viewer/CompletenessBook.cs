using System.Collections.Concurrent;
using Bedside.Model;

namespace Bedside.Viewer;

/// <summary>
/// The meter of the health page: what came in and what is missing since the program began, by signal. It counts as blocks pass, so it costs nothing to
/// ask; <see cref="Completeness"/> counts any range from the store. What comes late fills the gap it belongs to.
/// </summary>
internal sealed class CompletenessBook(BoxRun run)
{
    private readonly ConcurrentDictionary<SignalNumber, Tally> _tallies = new();

    public void Observe(Block block)
    {
        if (block.Signal == SignalNumber.None || block.Start < run.StartedAt)
        {
            return;
        }

        _tallies.GetOrAdd(block.Signal, static _ => new Tally()).Take(block);
    }

    public CompletenessMeter Read(IEnumerable<Signal> signals)
    {
        (string Id, Count Count)[] all = [.. signals.Select(signal => (signal.Id, _tallies.GetValueOrDefault(signal.Number)?.Now ?? default)).Where(one => one.Item2.Received + one.Item2.Missing > 0)];
        long received = all.Sum(one => one.Count.Received);
        long missing = all.Sum(one => one.Count.Missing);
        (string? worst, Count least) = all.OrderBy(one => one.Count.Share).FirstOrDefault();
        return new CompletenessMeter(run.StartedAt, received + missing, received, missing, ShareOf(received, missing), worst, worst is null ? null : least.Share);
    }

    private static double? ShareOf(long received, long missing) => received + missing > 0 ? (double)received / (received + missing) : null;

    private readonly record struct Count(long Received, long Missing)
    {
        public double Share => (double)Received / (Received + Missing);
    }

    /// <summary>One signal's count, and its newest gaps with what is still missing in each.</summary>
    private sealed class Tally
    {
        /// <summary>As many as the intake keeps open for what comes late, and some more.</summary>
        private const int MostGaps = 64;

        private readonly Lock _gate = new();
        private readonly List<(UtcInstant Start, UtcInstant Until, long Missing)> _gaps = [];
        private UtcInstant _end = new(long.MinValue);
        private Count _count;

        public Count Now
        {
            get
            {
                lock (_gate)
                {
                    return _count;
                }
            }
        }

        public void Take(Block block)
        {
            lock (_gate)
            {
                switch (block)
                {
                    case SampleBlock samples:
                        Receive(samples.Start, samples.End, samples.Samples.Length);
                        break;
                    case NumericBlock readings:
                        foreach (NumericReading reading in readings.Readings)
                        {
                            Receive(reading.Time, reading.Time, 1);
                        }

                        break;
                    case GapBlock gap:
                        Open(gap);
                        break;
                }
            }
        }

        private void Open(GapBlock gap)
        {
            _count = _count with { Missing = _count.Missing + gap.Missing };
            _gaps.Add((gap.Start, gap.Until, gap.Missing));
            if (_gaps.Count > MostGaps)
            {
                _gaps.RemoveAt(0);
            }
        }

        private void Receive(UtcInstant start, UtcInstant end, long received)
        {
            bool late = start < _end;
            _count = _count with { Received = _count.Received + received, Missing = _count.Missing - (late ? Fill(start, end, received) : 0) };
            _end = end > _end ? end : _end;
        }

        /// <summary>Takes what came late out of the gap that its middle lies in; returns how many were missing there.</summary>
        private long Fill(UtcInstant start, UtcInstant end, long received)
        {
            UtcInstant middle = start.Add(end.Since(start) / 2);
            int at = _gaps.FindLastIndex(gap => gap.Missing > 0 && gap.Start <= middle && middle < gap.Until);
            if (at < 0)
            {
                return 0;
            }

            long filled = Math.Min(received, _gaps[at].Missing);
            _gaps[at] = _gaps[at] with { Missing = _gaps[at].Missing - filled };
            return filled;
        }
    }
}

/// <summary>Samples and readings since the program began.</summary>
/// <param name="Missing">Due and not stored; each in a gap with its cause. What came late and filled its gap is not missing.</param>
/// <param name="Share">Received of expected; null = nothing yet.</param>
/// <param name="Worst">The least complete signal.</param>
internal sealed record CompletenessMeter(UtcInstant Since, long Expected, long Received, long Missing, double? Share, string? Worst, double? WorstShare);
