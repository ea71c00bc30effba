using System.Globalization;
using Bedside.Host.Measuring;

namespace Bedside.Host.Commands;

/// <summary>The figures of <c>bedside bench store</c> for a person.</summary>
internal static class StoreFiguresText
{
    public static void Write(StoreFigures figures, TextWriter output)
    {
        output.WriteLine(figures.Source);
        output.WriteLine(StoreFigures.Method);
        Line(output, $"ingested {figures.Ingested / 1e6:F1} M samples at {figures.IngestMegasamplesPerCpuSecond:F2} M a second of processor time, {(double)figures.IngestBytesWritten / figures.Ingested:F3} bytes written a sample");
        Line(output, $"sealed blocks: {figures.Anatomy.DecodeMegasamplesPerSecond:F1} M samples a second decoded, {figures.Anatomy.EncodeMegasamplesPerSecond:F1} encoded, one core");
        Line(output, $"kept: {figures.KeptMegabytesPerDay:F1} MB a day; written by the journal of a bed in its own time: {figures.LiveMegabytesPerDay:F0} MB a day");
        output.WriteLine();
        Sizes(figures, output);
        output.WriteLine();
        foreach (GrowthFigures row in figures.Growth)
        {
            Line(output, $"{row.Hours,6:F0} h: {row.BytesOnDisk / 1e6,8:F1} MB, {row.Segments} segments, open in {row.OpenMilliseconds:F0} ms, run started in {row.StartMilliseconds:F0} ms, RSS {row.SteadyMiB:F0} MiB, at most {row.PeakMiB:F0}");
        }

        output.WriteLine();
        output.WriteLine("milliseconds, median / p99 over HTTP (median in process), processor time of an answer over HTTP, × the median of the first stop");
        for (int i = 0; i < figures.Growth[0].OverHttp.Count; i++)
        {
            QueryFigures first = figures.Growth[0].OverHttp[i];
            output.Write(first.Target is { } target ? string.Create(CultureInfo.InvariantCulture, $"{first.Name} (target {target.Median} / {target.P99})") : first.Name);
            output.WriteLine();
            foreach (GrowthFigures row in figures.Growth)
            {
                (QueryFigures http, QueryFigures here) = (row.OverHttp[i], row.InProcess[i]);
                Line(output, $"  {row.Hours,6:F0} h  {http.MedianMilliseconds,8:F2} / {http.P99Milliseconds,8:F2}   ({here.MedianMilliseconds:F2})  first {http.FirstMilliseconds,7:F2}  cpu {http.CpuMilliseconds,7:F2}   × {figures.Ratio(row, i):F2}");
            }
        }
    }

    private static void Sizes(StoreFigures figures, TextWriter output)
    {
        output.WriteLine("bytes a sample       blocks    index  overview      all");
        foreach (SignalBytes signal in figures.Anatomy.Signals.Where(signal => signal.All * 200 > figures.BedBytes || figures.ExtraSignals.Contains(signal.Id)))
        {
            Row(output, figures.ExtraSignals.Contains(signal.Id) ? $"({signal.Id})" : signal.Id, signal.Samples, [signal.Blocks, signal.Index, signal.Overview, signal.All]);
        }

        SignalBytes[] bed = [.. figures.Bed];
        SignalBytes[] small = [.. bed.Where(signal => signal.All * 200 <= figures.BedBytes)];
        if (small.Length > 0)
        {
            Row(output, $"{small.Length} others", small.Sum(signal => signal.Samples), [small.Sum(signal => signal.Blocks), small.Sum(signal => signal.Index), small.Sum(signal => signal.Overview), small.Sum(signal => signal.All)]);
        }

        Row(output, "bed, with its files", figures.BedSamples, [bed.Sum(signal => signal.Blocks), bed.Sum(signal => signal.Index), bed.Sum(signal => signal.Overview), figures.BedBytes]);
    }

    private static void Row(TextWriter output, string name, long samples, long[] bytes) =>
        output.WriteLine($"{name,-20} {string.Join(' ', bytes.Select(one => string.Create(CultureInfo.InvariantCulture, $"{(double)one / samples,8:F4}")))}");

    private static void Line(TextWriter output, FormattableString text) => output.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
