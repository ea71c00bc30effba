using System.Collections.Concurrent;
using Bedside.Model;

namespace Bedside.Viewer;

/// <summary>
/// The meter of the health page: what came in and what is missing since the program began, by signal. It counts as blocks pass, so it costs nothing to
/// ask; <see cref="Completeness"/> counts any range from the store.
/// </summary>
internal sealed class CompletenessBook(BoxRun run)
{
    private readonly ConcurrentDictionary<SignalNumber, Count> _counts = new();

    public void Observe(Block block)
    {
        if (block.Signal == SignalNumber.None || block.Start < run.StartedAt)
        {
            return;
        }

        (long received, long missing) = block switch
        {
            SampleBlock samples => (samples.Samples.Length, 0L),
            NumericBlock readings => (readings.Readings.Length, 0L),
            GapBlock gap => (0L, gap.Missing),
            _ => (0L, 0L),
        };
        _counts.AddOrUpdate(block.Signal, static (_, one) => one, static (_, sum, one) => new Count(sum.Received + one.Received, sum.Missing + one.Missing), new Count(received, missing));
    }

    public CompletenessMeter Read(IEnumerable<Signal> signals)
    {
        (string Id, Count Count)[] all = [.. signals.Select(signal => (signal.Id, _counts.GetValueOrDefault(signal.Number))).Where(one => one.Item2.Received + one.Item2.Missing > 0)];
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
}

/// <summary>Samples and readings since the program began.</summary>
/// <param name="Missing">Due and not stored; each in a gap with its cause.</param>
/// <param name="Share">Received of expected; null = nothing yet.</param>
/// <param name="Worst">The least complete signal.</param>
internal sealed record CompletenessMeter(UtcInstant Since, long Expected, long Received, long Missing, double? Share, string? Worst, double? WorstShare);
