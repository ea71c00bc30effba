namespace Bedside.Extract.Package;

/// <summary>What a build wrote.</summary>
/// <param name="Files">Names below <c>data/</c>, ascending.</param>
/// <param name="Samples">Samples of waves that have a number.</param>
/// <param name="Readings">Readings of numerics and settings, and coded states.</param>
/// <param name="Gaps">Rows of <c>gaps.csv</c>.</param>
public sealed record PackageResult(IReadOnlyList<string> Files, long Samples, long Readings, long Gaps, long Bytes);

/// <summary>
/// Writes the folder <c>data</c> of a package (PACKAGE.md). The same plan gives the same bytes, with any number of workers. Reads each wave of the store twice, once to learn its rates
/// and scales, and holds one block of each wave of a stay, and a batch of rows of each worker.
/// </summary>
public static class PackageContent
{
    private const int MostWorkers = 2;

    /// <summary>
    /// Writes below <paramref name="directory"/><c>/data/</c>. Throws <see cref="IOException"/> where that holds something or the disk does not take it, and
    /// <see cref="OperationCanceledException"/>; what is there then has no <c>dictionary.csv</c> and no <c>stays.csv</c>, and is the caller's to delete.
    /// </summary>
    public static PackageResult Write(PackagePlan plan, string directory, IProgress<BuildProgress>? progress, CancellationToken cancel) =>
        Write(plan, directory, progress, Math.Min(MostWorkers, Environment.ProcessorCount), cancel);

    internal static PackageResult Write(PackagePlan plan, string directory, IProgress<BuildProgress>? progress, int workers, CancellationToken cancel)
    {
        var folder = new PackageFolder(Path.Combine(directory, "data"));
        var meter = new BuildMeter(progress);
        var dictionary = new HashSet<DictionaryRow>();
        long samples = 0;
        long readings = 0;
        long gaps;
        double time = Math.Max(1, plan.Stays.Sum(stay => (double)Math.Max(0, stay.To.Since(stay.From))));
        using (var tables = new PackageTables(folder, plan.Request.Time))
        {
            foreach (PackageStay stay in plan.Stays)
            {
                cancel.ThrowIfCancellationRequested();
                var build = new StayBuild(plan, stay, folder, (meter, stay.To.Since(stay.From) / time), cancel);
                build.Survey(workers);
                build.WriteWaves(workers);
                tables.Take(build.Bed, build.Notes);
                dictionary.UnionWith(build.Notes.SelectMany(notes => notes.Dictionary));
                samples += build.Samples;
                readings += build.Readings;
            }

            gaps = tables.Gaps;
            readings += tables.States;
        }

        DictionaryRow.Write(folder, dictionary);
        PackageTables.WriteStays(folder, plan.Stays);
        meter.End();
        return new PackageResult(folder.Files, samples, readings, gaps, folder.Bytes);
    }
}
