using System.Globalization;
using Bedside.Host.Measuring;
using Bedside.Host.Measuring.Peers;

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

        if (figures.Peers is { } peers)
        {
            Peers(peers, output);
        }
    }

    /// <summary>A peer to a line, ours first; then each question.</summary>
    private static void Peers(PeerComparison peers, TextWriter output)
    {
        output.WriteLine();
        output.WriteLine(PeerFigures.Method);
        GrowthFigures ours = peers.Ours.Row;
        output.WriteLine($"{"beside peers",-34} {"M samples / CPU s",24} {"bytes a sample",20} {"RSS after, MiB",20}");
        Line(output, $"{$"ours, {ours.Hours:F0} h",-34} {peers.Ours.MegasamplesPerCpuSecond,24:F2} {peers.Ours.BytesPerSample,20:F3} {ours.AfterMiB,20:F0}");
        foreach (PeerFigures peer in peers.Measured)
        {
            output.WriteLine($"{$"{peer.Name} {peer.Version}",-34} {With(peer.MegasamplesPerCpuSecond, "F3", peer.IngestRatio),24} {With(peer.BytesPerSample, "F3", peer.SizeRatio),20} {With(peer.AfterMiB, "F0", peer.MemoryRatio),20}");
        }

        output.WriteLine("milliseconds, median / p99 over HTTP, × our median (× our median in equal columns)");
        foreach (string name in peers.Measured.SelectMany(peer => peer.Queries.Select(query => query.Name)).Distinct(StringComparer.Ordinal))
        {
            output.WriteLine(name);
            QueryFigures here = ours.OverHttp.First(query => query.Name == name);
            Line(output, $"  {"ours",-18} {here.MedianMilliseconds,10:F2} / {here.P99Milliseconds,10:F2}");
            foreach (PeerFigures peer in peers.Measured)
            {
                PeerQueryFigures? query = peer.Queries.FirstOrDefault(query => query.Name == name);
                string equal = query?.EqualRatio is { } ratio ? string.Create(CultureInfo.InvariantCulture, $" (× {ratio:F2})") : string.Empty;
                Line(output, query?.Taken is { } taken ? $"  {peer.Name,-18} {taken.MedianMilliseconds,10:F2} / {taken.P99Milliseconds,10:F2}   × {query.Ratio:F2}{equal}" : (FormattableString)$"  {peer.Name,-18} {query?.Error ?? peer.Error}");
            }
        }

        foreach (string line in peers.Measured.Select(peer => peer.Error).OfType<string>().Concat(peers.LeftOut.Select(peer => $"without {peer.Name}: {peer.Remedy}")))
        {
            output.WriteLine(line);
        }
    }

    private static string With(double? value, string format, double? ratio) =>
        value is { } number ? string.Create(CultureInfo.InvariantCulture, $"{number.ToString(format, CultureInfo.InvariantCulture)} (× {ratio:F3})") : "-";

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
