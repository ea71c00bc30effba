using Bedside.Model;

namespace Bedside.Extract;

/// <summary>A waveform as far as one WFDB signal line can describe it: one period, one scale.</summary>
internal sealed record Track(Signal Signal, SamplePeriod Period, Scale? Scale)
{
    /// <summary>Its signal's id, or with ~2, ~3, … where another scale of it has that already.</summary>
    public string NameAmong(IReadOnlyList<string> taken)
    {
        string free = Signal.Id;
        for (int number = 2; taken.Contains(free); number++)
        {
            free = $"{Signal.Id}~{number}";
        }

        return free;
    }
}

/// <summary>A part of a track that goes into one record: no hole in its record is longer than an hour.</summary>
internal sealed record Stretch(Track Track, UtcInstant Start, UtcInstant End, WfdbFormat Format);

/// <summary>What one record shall hold: tracks of one period over the same hours.</summary>
internal sealed record RecordPlan(SamplePeriod Period, UtcInstant Start, UtcInstant End, IReadOnlyList<Stretch> Stretches);

/// <summary>
/// The first of two passes over the waveforms: finds which rates, scales and ranges there are, so that the second can
/// write straight through. Fills the gap table on the way.
/// </summary>
internal sealed class WaveSurvey(ExportRequest request, Func<SignalNumber, UtcInstant, UtcInstant, IEnumerable<Block>> source, ExportTables tables)
{
    /// <summary>A longer silence begins a new record: filling it would make files of nothing.</summary>
    public static readonly TimeSpan LongestHole = TimeSpan.FromHours(1);

    public IReadOnlyList<RecordPlan> Plan(CancellationToken cancel)
    {
        var pieces = new List<Piece>();
        foreach (Signal signal in request.Signals.Where(signal => signal.Metric.Kind == SignalKind.Waveform))
        {
            pieces.AddRange(PiecesOf(signal, cancel));
        }

        return [.. pieces.GroupBy(piece => piece.Track.Period)
            .OrderByDescending(rate => rate.Key.Hertz)
            .SelectMany(rate => Records(rate.Key, [.. rate.OrderBy(piece => piece.Start)]))];
    }

    private static IEnumerable<RecordPlan> Records(SamplePeriod period, Piece[] pieces)
    {
        int from = 0;
        UtcInstant end = pieces[0].End;
        for (int i = 1; i <= pieces.Length; i++)
        {
            if (i == pieces.Length || IsLong(end, pieces[i].Start))
            {
                yield return Record(period, pieces[from..i]);
                from = i;
            }

            if (i < pieces.Length && pieces[i].End > end)
            {
                end = pieces[i].End;
            }
        }
    }

    private static RecordPlan Record(SamplePeriod period, Piece[] pieces) => new(
        period,
        pieces.Min(piece => piece.Start),
        pieces.Max(piece => piece.End),
        [.. pieces.GroupBy(piece => piece.Track).OrderBy(track => track.Key.Signal.Number.Value).ThenBy(track => track.Min(piece => piece.Start)).Select(track => new Stretch(
            track.Key,
            track.Min(piece => piece.Start),
            track.Max(piece => piece.End),
            FormatFor(track.Min(piece => piece.Least), track.Max(piece => piece.Most))))]);

    private static WfdbFormat FormatFor(int least, int most) =>
        least > WfdbFormat.Short.Missing && most <= short.MaxValue ? WfdbFormat.Short : WfdbFormat.Long;

    private static bool IsLong(UtcInstant from, UtcInstant to) => to.Since(from) > LongestHole.Ticks * TimeSpan.NanosecondsPerTick;

    private List<Piece> PiecesOf(Signal signal, CancellationToken cancel)
    {
        var done = new List<Piece>();
        var open = new Dictionary<Track, Piece>();
        foreach (SampleBlock samples in WaveBlocks.Read(signal, request, source, tables, cancel))
        {
            var track = new Track(signal, samples.Period, samples.Scale);
            if (open.TryGetValue(track, out Piece? piece) && IsLong(piece.End, samples.Start))
            {
                done.Add(piece);
                piece = null;
            }

            piece ??= new Piece(track, samples.Start);
            piece.Take(samples);
            open[track] = piece;
        }

        done.AddRange(open.Values);
        return done;
    }

    private sealed class Piece(Track track, UtcInstant start)
    {
        public Track Track => track;

        public UtcInstant Start { get; private set; } = start;

        public UtcInstant End { get; private set; } = start;

        public int Least { get; private set; } = int.MaxValue;

        public int Most { get; private set; } = int.MinValue;

        public void Take(SampleBlock block)
        {
            Start = block.Start < Start ? block.Start : Start;
            End = block.End > End ? block.End : End;
            foreach (ValidityRun run in block.Runs())
            {
                if (!run.Validity.IsUsable())
                {
                    continue;
                }

                foreach (int sample in block.Samples.Span.Slice(run.Start, run.Length))
                {
                    Least = Math.Min(Least, sample);
                    Most = Math.Max(Most, sample);
                }
            }
        }
    }
}
