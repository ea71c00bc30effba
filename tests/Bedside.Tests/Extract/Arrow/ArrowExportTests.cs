using System.Globalization;
using System.Text.Json;
using Bedside.Extract;
using Bedside.Extract.Arrow;
using Bedside.Model;

namespace Bedside.Tests.Extract.Arrow;

public sealed class ArrowExportTests
{
    private const int Seeds = 8;
    private static readonly UtcInstant Noon = Shelf.Time("2026-03-01T12:00:00Z");

    [Fact]
    public void Waves_agree_with_those_of_CSV_value_by_value()
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            using var folder = new Folder();
            (ExportResult arrow, ExportResult csv, _) = Export(seed, folder);

            Dictionary<string, WaveColumns> columns = Waves(folder);
            string[] files = [.. csv.Files.Where(file => file.StartsWith("waves/", StringComparison.Ordinal))];
            Assert.Equal(files.Length, columns.Count);
            long samples = 0;
            foreach (string file in files)
            {
                var text = CsvText.Read(folder.New($"csv/{file}"));
                WaveColumns wave = columns[KeyOf(text)];
                Assert.Equal(text.Rows.Length, wave.Samples.Length);
                for (int i = 0; i < text.Rows.Length; i++)
                {
                    Compare(text.Rows[i], wave, wave.Samples[i]);
                }

                samples += text.Rows.Length;
            }

            Assert.Equal((samples, csv.Samples, csv.Readings, csv.Gaps), (arrow.Samples, arrow.Samples, arrow.Readings, arrow.Gaps));
        }
    }

    [Fact]
    public void Waves_agree_with_those_of_WFDB_value_by_value()
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            using var folder = new Folder();
            (_, _, ExportResult wfdb) = Export(seed, folder);

            Dictionary<string, WaveColumns> columns = Waves(folder);
            int compared = 0;
            foreach (string header in wfdb.Files.Where(file => file.EndsWith(".hea", StringComparison.Ordinal)))
            {
                using var reader = WfdbReader.Open(folder.New($"wfdb/{header[..^4]}"));
                using var json = JsonDocument.Parse(File.ReadAllText(folder.New($"wfdb/{header[..^4]}.json")));
                JsonElement[] lines = [.. json.RootElement.GetProperty("signals").EnumerateArray()];
                for (int i = 0; i < lines.Length; i++)
                {
                    Scale? scale = lines[i].GetProperty("gain").ValueKind == JsonValueKind.Null ? null : new Scale(lines[i].GetProperty("gain").GetDouble(), lines[i].GetProperty("offset").GetDouble());
                    WaveColumns wave = columns[Key(reader.Header.Signals[i].Description.Split('~')[0], reader.Header.FramePeriod, scale)];
                    int missing = reader.Header.Signals[i].Format.Missing;
                    int[] counts = [.. reader.Read(i, 0, (int)reader.Frames).Where(count => count != missing)];
                    WaveSample[] usable = [.. wave.Samples.Where(sample => sample.Validity.IsUsable())];
                    Assert.Equal(counts, usable.Select(sample => sample.Raw));
                    Assert.Equal(counts.Select(count => scale?.Physical(count)), usable.Select(sample => sample.Value));
                    compared++;
                }
            }

            Assert.Equal(columns.Count, compared);
        }
    }

    [Fact]
    public void Tables_agree_with_those_of_CSV_cell_by_cell()
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            using var folder = new Folder();
            (ExportResult arrow, ExportResult csv, _) = Export(seed, folder);

            string[] tables = [.. csv.Files.Where(file => file.EndsWith(".csv", StringComparison.Ordinal) && !file.Contains('/', StringComparison.Ordinal))];
            Assert.Equal(9, tables.Length);
            foreach (string file in tables)
            {
                var text = CsvText.Read(folder.New($"csv/{file}"));
                var table = ArrowText.Read(folder.New($"arrow/{Path.ChangeExtension(file, ".arrow")}"));
                Assert.Equal(text.Rows.Length, table.Rows);
                foreach (string column in text.Columns)
                {
                    Assert.Equal(text.Rows.Select(row => row[text.Columns.IndexOf(column)]), table.AsCsv(column));
                }
            }

            Assert.Equal(arrow.Files.Order(StringComparer.Ordinal), Directory.GetFiles(folder.New("arrow"), "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder.New("arrow"), file)).Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public void The_same_store_gives_the_same_bytes()
    {
        using var folder = new Folder();
        ExportResult first = new ArrowExport(SyntheticBed.Of(3).Read).Write(SyntheticBed.Request(SyntheticBed.Of(3), folder.New("one")));
        ExportResult second = new ArrowExport(SyntheticBed.Of(3).Read).Write(SyntheticBed.Request(SyntheticBed.Of(3), folder.New("two")));

        Assert.Equal(first.Files, second.Files);
        Assert.All(first.Files, file => Assert.Equal(File.ReadAllBytes(folder.New($"one/{file}")), File.ReadAllBytes(folder.New($"two/{file}"))));
    }

    [Fact]
    public void What_is_missing_is_null_or_has_no_row_and_is_never_a_zero()
    {
        var shelf = new Shelf();
        var period = new SamplePeriod(1, 100);
        Signal abp = shelf.Signal("abp", SignalKind.Waveform, "mm[Hg]");
        Signal cvp = shelf.Signal("cvp", SignalKind.Waveform, "mm[Hg]");
        shelf.Add(Shelf.Samples(abp, Noon, period, new Scale(0.5, 0), [10, 20]));
        shelf.Add(Shelf.Samples(abp, Noon.Add(50_000_000), period, new Scale(0.5, 0), [30, 40], 5, new ValidityRun(1, 1, Validity.Invalid)));
        shelf.Add(Shelf.Samples(cvp, Noon.Add(10_000_000), period, scale: null, [7, 8], 1));
        using var folder = new Folder();

        new ArrowExport(shelf.Read).Write(new ExportRequest(shelf.Signals, Noon, Noon.Add(1_000_000_000), folder.New("out")));

        var file = ArrowText.Read(folder.New("out/waves/bench_100hz.arrow"));
        Assert.Equal(["time_utc", "abp", "abp.raw", "abp.validity", "cvp", "cvp.raw", "cvp.validity"], file.Schema.Fields.Select(field => field.Name));
        Assert.Equal([0L, 10_000_000L, 20_000_000L, 50_000_000L, 60_000_000L], file.Cells(0).Select(time => (long)time! - Noon.UnixNanoseconds)); // times are never null
        Assert.Equal([5.0, 10.0, null, 15.0, null], file.Cells("abp"));
        Assert.Equal([10L, 20L, null, 30L, 40L], file.Cells("abp.raw"));
        Assert.Equal([0L, 0L, null, 0L, 0x8000L], file.Cells("abp.validity"));
        Assert.Equal([null, null, null, null, null], file.Cells("cvp"));
        Assert.Equal([null, 7L, 8L, null, null], file.Cells("cvp.raw"));
        Assert.Equal(["2026-03-01T12:00:00.020000000Z"], ArrowText.Read(folder.New("out/gaps.arrow")).AsCsv("start_utc"));
    }

    [Fact]
    public void A_column_and_its_file_explain_themselves()
    {
        var shelf = new Shelf();
        Signal wave = shelf.Signal("abp", SignalKind.Waveform, "mm[Hg]", "philips-intellivue");
        shelf.Add(Shelf.Samples(wave, Noon, new SamplePeriod(1, 125), new Scale(0.0625, -40), [640]));
        shelf.Add(Shelf.Samples(wave, Noon.Add(8_000_000), new SamplePeriod(1, 125), new Scale(0.125, -40), [640], 1));
        using var folder = new Folder();

        new ArrowExport(shelf.Read).Write(new ExportRequest(shelf.Signals, Noon, Noon.Add(1_000_000_000), folder.New("out")));

        var file = ArrowText.Read(folder.New("out/waves/philips-intellivue_125hz.arrow"));
        Assert.Equal(["abp", "abp~2"], file.Schema.Fields.Where(field => ArrowText.Note(field, "role") == "value").Select(field => field.Name));
        ArrowField value = file.Schema.Fields[1];
        Assert.Equal(
            ("abp", "mm[Hg]", "150036", "MDC_PRESS_BLD_ART_ABP", "philips-intellivue", "value = raw * gain + offset", "0.0625", "-40"),
            (ArrowText.Note(value, "signal"), ArrowText.Note(value, "unit_ucum"), ArrowText.Note(value, "code_11073"), ArrowText.Note(value, "code_name"), ArrowText.Note(value, "device"), ArrowText.Note(value, "scale"), ArrowText.Note(value, "gain"), ArrowText.Note(value, "offset")));
        Assert.Equal(("1/125", "125", "waves"), (file.Note("period_s"), file.Note("rate_hz"), file.Note("table")));
        using var dictionary = JsonDocument.Parse(file.Note("dictionary"));
        Assert.Equal(150_036, dictionary.RootElement[0].GetProperty("code_11073").GetInt32());
        Assert.Contains("0x8000 invalid", file.Note("validity_bits"), StringComparison.Ordinal);
        Assert.Equal(["abp", "abp"], ArrowText.Read(folder.New("out/times.arrow")).AsCsv("signal"));
        foreach (string page in new[] { "README.txt", "LISEZMOI.txt" })
        {
            string text = File.ReadAllText(folder.New($"out/{page}"));
            Assert.All(Directory.GetFiles(folder.New("out"), "*.arrow").Select(Path.GetFileName), name => Assert.Contains(name!, text, StringComparison.Ordinal)); // paths of files have names
            Assert.DoesNotContain(".csv", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_long_wave_is_written_in_batches_and_takes_the_memory_of_one()
    {
        var shelf = new Shelf();
        Signal signal = shelf.Signal("ecg-ii", SignalKind.Waveform, "mV");
        var period = new SamplePeriod(1, 500);
        const int Block = 30_000;
        const int Blocks = 100;
        int[] samples = [.. Enumerable.Range(0, Block)];
        IEnumerable<Block> Source(SignalNumber number, UtcInstant from, UtcInstant to) => number != signal.Number
            ? []
            : Enumerable.Range(0, Blocks).Select(i => Shelf.Samples(signal, Noon.Add(period.NanosecondsOf((long)i * Block)), period, new Scale(0.01, 0), samples, (long)i * Block)).Where(block => block.Start < to && block.End > from);
        using var folder = new Folder();
        long before = GC.GetAllocatedBytesForCurrentThread();

        ExportResult result = new ArrowExport(Source).Write(new ExportRequest(shelf.Signals, Noon, Noon.Add(7_200_000_000_000), folder.New("out")));

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(Block * Blocks, result.Samples);
        Assert.All(ArrowText.Read(folder.New("out/waves/bench_500hz.arrow")).RowsOfBatches, rows => Assert.InRange(rows, 1, ArrowWriter.MostRows));
        Assert.InRange(allocated, 0, 32 * 1024 * 1024);
    }

    [Fact]
    public void A_file_that_was_not_finished_does_not_read_as_whole()
    {
        Shelf shelf = SyntheticBed.Of(1);
        using var folder = new Folder();
        using var stop = new CancellationTokenSource();
        int reads = 0;
        int ofFirstPass = shelf.Signals.Sum(signal => shelf.Read(signal.Number, SyntheticBed.From, SyntheticBed.To).OfType<SampleBlock>().Count());
        IEnumerable<Block> Source(SignalNumber number, UtcInstant from, UtcInstant to)
        {
            foreach (Block block in shelf.Read(number, from, to))
            {
                if (block is SampleBlock && ++reads == ofFirstPass + 3)
                {
                    stop.Cancel();
                }

                yield return block;
            }
        }

        Assert.Throws<OperationCanceledException>(() => new ArrowExport(Source).Write(SyntheticBed.Request(shelf, folder.New("out")), stop.Token));

        string[] waves = Directory.GetFiles(folder.New("out/waves"));
        Assert.Single(waves, file => Record.Exception(() => ArrowText.Read(file)) is ArrowException);
    }

    private static (ExportResult Arrow, ExportResult Csv, ExportResult Wfdb) Export(int seed, Folder folder)
    {
        Shelf shelf = SyntheticBed.Of(seed);
        return (
            new ArrowExport(shelf.Read).Write(SyntheticBed.Request(shelf, folder.New("arrow"))),
            new CsvWriter(shelf.Read).Write(SyntheticBed.Request(shelf, folder.New("csv"))),
            new WfdbWriter(shelf.Read).Write(SyntheticBed.Request(shelf, folder.New("wfdb"))));
    }

    private static void Compare(IReadOnlyList<string> row, WaveColumns wave, WaveSample sample)
    {
        double? exact = row[2].Length > 0 ? wave.Scale?.Physical(sample.Raw) : null;
        bool same = row[0] == sample.Time.ToString() && row[1] == Spelling.Of(sample.Raw) && row[3] == Spelling.Of(sample.Validity) && Nullable.Equals(exact, sample.Value)
            && (exact is null || Math.Abs(double.Parse(row[2], CultureInfo.InvariantCulture) - exact.Value) <= wave.Scale?.Gain / 100);
        if (!same)
        {
            Assert.Fail($"{string.Join(',', row)} is not {sample}");
        }
    }

    /// <summary>What a CSV file says of itself.</summary>
    private static string KeyOf(CsvText text)
    {
        string Note(string start) => text.Notes.First(note => note.StartsWith(start, StringComparison.Ordinal))[start.Length..];
        string[] scale = Note("scale: ").Split(' ', ',');
        string period = Note("period: ").Split(' ')[0];
        return $"{Note("signal: ").Split(", device")[0]}|{period}|{(scale[0] == "value" ? $"{scale[4]} {scale[6]}" : string.Empty)}";
    }

    private static string Key(string signal, SamplePeriod period, Scale? scale) =>
        string.Create(CultureInfo.InvariantCulture, $"{signal}|{period.Numerator}/{period.Denominator}|{(scale is Scale known ? $"{known.Gain:R} {known.Offset:R}" : string.Empty)}");

    private static Dictionary<string, WaveColumns> Waves(Folder folder)
    {
        var all = new Dictionary<string, WaveColumns>(StringComparer.Ordinal);
        foreach (string path in Directory.GetFiles(folder.New("arrow/waves")))
        {
            var file = ArrowText.Read(path);
            object?[] times = [.. file.Cells(0)];
            for (int i = 1; i < file.Schema.Fields.Count; i += 3)
            {
                ArrowField field = file.Schema.Fields[i];
                Scale? scale = double.TryParse(ArrowText.Note(field, "gain"), CultureInfo.InvariantCulture, out double gain) ? new Scale(gain, double.Parse(ArrowText.Note(field, "offset"), CultureInfo.InvariantCulture)) : null;
                string[] period = file.Note("period_s").Split('/');
                WaveSample[] samples =
                [
                    .. times.Zip(file.Cells(i).Zip(file.Cells(i + 1), file.Cells(i + 2))).Where(row => row.Second.Second is not null)
                        .Select(row => new WaveSample(new UtcInstant((long)row.First!), (int)(long)row.Second.Second!, (double?)row.Second.First, (Validity)(ushort)(long)row.Second.Third!)), // a sample has all but perhaps a value
                ];
                all.Add(Key(ArrowText.Note(field, "signal"), new SamplePeriod(long.Parse(period[0]), long.Parse(period[1])), scale), new WaveColumns(scale, samples));
            }
        }

        return all;
    }

    private sealed record WaveColumns(Scale? Scale, WaveSample[] Samples);

    private readonly record struct WaveSample(UtcInstant Time, int Raw, double? Value, Validity Validity);
}
