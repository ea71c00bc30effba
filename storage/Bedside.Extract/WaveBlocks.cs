using Bedside.Model;

namespace Bedside.Extract;

/// <summary>The samples of a waveform within a request; what else its lane holds, and where samples are missing, goes into the tables.</summary>
internal static class WaveBlocks
{
    public static IEnumerable<SampleBlock> Read(Signal signal, ExportRequest request, Func<SignalNumber, UtcInstant, UtcInstant, IEnumerable<Block>> source, ExportTables tables, CancellationToken cancel)
    {
        var coverage = new Coverage();
        foreach (Block block in source(signal.Number, request.From, request.To))
        {
            cancel.ThrowIfCancellationRequested();
            if (block is GapBlock gap)
            {
                coverage.Take(gap);
            }

            if (block is not SampleBlock whole)
            {
                tables.Take(signal, block);
                continue;
            }

            if (whole.Within(request.From, request.To) is not SampleBlock samples)
            {
                continue;
            }

            if (coverage.Take(samples) is Hole hole)
            {
                tables.TakeHole(signal, hole, samples.Period);
            }

            yield return samples;
        }
    }
}
