using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Bedside.Model;
using Bedside.Storage;

namespace Bedside.Host.Measuring;

/// <summary>What one signal takes in one form: bytes with frames and checksums, and how many of its samples each codec has.</summary>
internal sealed record CodecFigures(string Name, long Samples, long Bytes, SortedDictionary<string, double> Shares)
{
    /// <summary>What <c>flac -8</c> makes of the same samples; null where it is not installed or cannot hold them.</summary>
    public long? FlacBytes { get; init; }

    public double BedRate { get; init; }

    public double BytesPerSample => (double)Bytes / Samples;
}

/// <summary>All signals in one form, and how fast they were coded: CPU time of the process.</summary>
internal sealed record CodecTotals(IReadOnlyList<CodecFigures> Records, double EncodeSeconds, double DecodeSeconds)
{
    public long Samples => Records.Sum(record => record.Samples);

    public long Bytes => Records.Sum(record => record.Bytes);

    public double BytesPerSample => (double)Bytes / Samples;

    public double EncodeMsamples => Samples / EncodeSeconds / 1e6;

    public double DecodeMsamples => Samples / DecodeSeconds / 1e6;

    /// <summary>Weighted by the rates of the bed.</summary>
    public double BedBytesPerSample => Records.Sum(record => record.BytesPerSample * record.BedRate) / Records.Sum(record => record.BedRate);
}

/// <summary>Everything <c>bench codec</c> prints. <paramref name="Bed"/> and <paramref name="BedJournal"/> are null without the bed's recordings.</summary>
internal sealed record CodecReport(CodecTotals Sealed, CodecTotals Journal, CodecTotals? Bed, CodecTotals? BedJournal);

/// <summary>Codes blocks as the journal and the segments do and measures size and speed. Every block is decoded and compared with what it was made of.</summary>
internal sealed class CodecBench(Action<string> progress)
{
    private const int Passes = 3;
    private const int CodecAt = BlockCodec.HeaderBytes + 44;

    private static readonly string[] SampleCodecs = ["constant", "verbatim", "rice", "dense"];
    private static readonly string[] ReadingCodecs = ["readings-plain", "readings-columns"];

    public CodecReport Run(string? folder)
    {
        List<CodecRecord> records = folder is null ? CodecCorpus.MadeUp() : CodecCorpus.FromFolder(folder);
        List<CodecRecord> bed = CodecCorpus.ReferenceBed(records);
        return new CodecReport(
            Measure(records, sealing: true, compare: true),
            Measure(records, sealing: false, compare: false),
            bed.Count > 0 ? Measure(bed, sealing: true, compare: true) : null,
            bed.Count > 0 ? Measure(bed, sealing: false, compare: false) : null);
    }

    private CodecTotals Measure(List<CodecRecord> records, bool sealing, bool compare)
    {
        var figures = new List<CodecFigures>();
        double encode = 0;
        double decode = 0;
        foreach (CodecRecord record in records)
        {
            progress($"{(sealing ? "sealed" : "journal")} {record.Name}");
            IReadOnlyList<Block> blocks = sealing ? [.. record.Seconds.GroupBy(block => block.Signal).SelectMany(signal => SealedForm.Join([.. signal]))] : record.Seconds;
            byte[][] encoded = new byte[blocks.Count][];
            encode += Fastest(() =>
            {
                for (int i = 0; i < encoded.Length; i++)
                {
                    encoded[i] = sealing ? BlockCodec.EncodeSealed(blocks[i]) : BlockCodec.Encode(blocks[i]);
                }
            });
            decode += Fastest(() =>
            {
                foreach (byte[] bytes in encoded)
                {
                    _ = BlockCodec.Decode(bytes);
                }
            });
            figures.Add(Describe(record, blocks, encoded) with { FlacBytes = compare && record.IsWave ? Flac(record.Raw) : null });
        }

        return new CodecTotals(figures, encode, decode);
    }

    private static CodecFigures Describe(CodecRecord record, IReadOnlyList<Block> blocks, byte[][] encoded)
    {
        var shares = new SortedDictionary<string, double>(StringComparer.Ordinal);
        for (int i = 0; i < encoded.Length; i++)
        {
            (string codec, int count) = (blocks[i], BlockCodec.Decode(encoded[i])) switch
            {
                (SampleBlock block, SampleBlock decoded) when block.Samples.Span.SequenceEqual(decoded.Samples.Span) => (SampleCodecs[encoded[i][CodecAt]], block.Samples.Length),
                (NumericBlock block, NumericBlock decoded) when block.Readings.SequenceEqual(decoded.Readings) => (ReadingCodecs[encoded[i][BlockCodec.HeaderBytes]], block.Readings.Length),
                _ => throw new BlockFormatException($"{record.Name}: block {i} does not come back as it was"),
            };
            shares[codec] = shares.GetValueOrDefault(codec) + ((double)count / record.Count);
        }

        return new CodecFigures(record.Name, record.Count, encoded.Sum(bytes => (long)SealedForm.BytesInFile(bytes.Length)), shares) { BedRate = record.BedRate };
    }

    /// <summary>CPU seconds of the fastest of a few passes, after one that lets the compiler come up; each long enough for the clock.</summary>
    private static double Fastest(Action pass)
    {
        pass();
        double best = double.MaxValue;
        for (int i = 0; i < Passes; i++)
        {
            TimeSpan before = Environment.CpuUsage.TotalTime;
            int rounds = 0;
            TimeSpan spent;
            do
            {
                pass();
                rounds++;
                spent = Environment.CpuUsage.TotalTime - before;
            }
            while (spent < TimeSpan.FromMilliseconds(60));
            best = Math.Min(best, spent.TotalSeconds / rounds);
        }

        return best;
    }

    private static long? Flac(int[] samples)
    {
        if (samples.Length == 0 || samples.Min() < short.MinValue || samples.Max() > short.MaxValue)
        {
            return null;
        }

        string raw = Path.GetTempFileName();
        string coded = raw + ".flac";
        try
        {
            File.WriteAllBytes(raw, MemoryMarshal.AsBytes(Array.ConvertAll(samples, sample => (short)sample)));
            string[] arguments = ["-8", "--totally-silent", "--force-raw-format", "--endian=little", "--sign=signed", "--channels=1", "--bps=16", "--sample-rate=500", "--no-padding", "-o", coded, raw];
            using var flac = Process.Start(new ProcessStartInfo("flac", arguments) { UseShellExecute = false });
            flac?.WaitForExit();
            return flac is { ExitCode: 0 } ? new FileInfo(coded).Length : null;
        }
        catch (Win32Exception)
        {
            return null; // it is not installed
        }
        finally
        {
            File.Delete(raw);
            File.Delete(coded);
        }
    }
}
