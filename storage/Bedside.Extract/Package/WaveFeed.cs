using Bedside.Model;

namespace Bedside.Extract.Package;

/// <summary>Samples as they are given, and how far apart they were taken.</summary>
internal readonly record struct GivenSamples(SampleBlock Block, SamplePeriod Taken);

/// <summary>The samples of a wave as they are given: within the window of the stay, at the rate that was asked for. Both passes read them here, so that they see the same.</summary>
internal static class WaveFeed
{
    /// <summary>The samples that are given, ascending.</summary>
    /// <param name="taken">Sees every block of the signal before that: samples within the window, and whatever else lies in its lane.</param>
    public static IEnumerable<GivenSamples> Read(PackagedSignal signal, PackageStay stay, Action<Block> taken, CancellationToken cancel)
    {
        Decimator? decimator = null;
        SampleBlock? last = null;
        foreach (Block block in stay.Source(signal.Source.Number, stay.From, stay.To))
        {
            cancel.ThrowIfCancellationRequested();
            SampleBlock? samples = (block as SampleBlock)?.Within(stay.From, stay.To);
            if (samples is null)
            {
                if (block is not SampleBlock)
                {
                    taken(block);
                }

                continue;
            }

            taken(samples);
            if (last is null || last.Scale != samples.Scale || !Coverage.Continues(last, samples))
            {
                foreach (SampleBlock given in decimator?.End() ?? [])
                {
                    yield return new GivenSamples(given, last!.Period); // there is none before the first block
                }

                int factor = Decimator.FactorFor(samples.Period, signal.Hertz);
                decimator = factor > 1 ? new Decimator(factor, samples, stay.Admitted) : null;
            }

            last = samples;
            foreach (SampleBlock given in decimator?.Take(samples) ?? [samples])
            {
                yield return new GivenSamples(given, samples.Period);
            }
        }

        foreach (SampleBlock given in decimator?.End() ?? [])
        {
            yield return new GivenSamples(given, last!.Period); // the same
        }
    }
}
