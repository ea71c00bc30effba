using System.Text.Json;
using Bedside.Extract;
using Bedside.Model;

namespace Bedside.Tests.Extract;

public sealed class WfdbWriterTests
{
    private static readonly UtcInstant Noon = Shelf.Time("2026-03-01T12:00:00Z");
    private static readonly UtcInstant Evening = Shelf.Time("2026-03-01T18:00:00Z");

    [Fact]
    public void Whatever_is_written_is_read_back_sample_by_sample()
    {
        for (int seed = 0; seed < 40; seed++)
        {
            var random = new Random(seed);
            var shelf = new Shelf();
            SamplePeriod[] periods = [new(1, 250), new(1, 500), new(128, 12500), new(3, 1000)];
            var expected = new Dictionary<string, (SamplePeriod Period, SortedDictionary<long, int> Samples)>();
            int signals = random.Next(1, 5);
            for (int i = 0; i < signals; i++)
            {
                Signal signal = shelf.Signal($"raw/bench/{i}/wave", SignalKind.Waveform, "mV");
                SamplePeriod period = periods[random.Next(periods.Length)];
                expected[signal.Id] = (period, Put(shelf, signal, period, random));
            }

            using var folder = new Folder();
            ExportResult result = new WfdbWriter(shelf.Read).Write(new ExportRequest(shelf.Signals, Noon, Evening, folder.New("out")));

            CheckRecords(folder.New("out"), expected);
            Assert.Equal(expected.Values.Sum(signal => signal.Samples.Count) + Unusable(folder.New("out")), result.Samples);
        }
    }

    [Fact]
    public void Calibration_is_kept_and_said_where_the_header_cannot()
    {
        var shelf = new Shelf();
        var period = new SamplePeriod(1, 125);
        Signal plain = shelf.Signal("abp", SignalKind.Waveform, "mm[Hg]");
        Signal odd = shelf.Signal("paw", SignalKind.Waveform, "mbar");
        Signal none = shelf.Signal("pleth", SignalKind.Waveform, "1");
        shelf.Add(Shelf.Samples(plain, Noon, period, new Scale(1.0 / 16, -40), [640, 2560]));
        shelf.Add(Shelf.Samples(odd, Noon, period, new Scale(110.0 / 880, -10.03), [80, 700]));
        shelf.Add(Shelf.Samples(none, Noon, period, scale: null, [100, 70_000]));
        using var folder = new Folder();

        new WfdbWriter(shelf.Read).Write(new ExportRequest(shelf.Signals, Noon, Evening, folder.New("out")));

        using var reader = WfdbReader.Open(folder.New("out/waves_125hz"));
        Assert.Equal((16.0, 640L, "mmHg", 16), Facts(reader.Header.Signals[0]));
        Assert.Equal((8.0, 80L, "mbar", 16), Facts(reader.Header.Signals[1]));
        Assert.Equal((0.0, 0L, "NU", 32), Facts(reader.Header.Signals[2]));
        Assert.Equal(new Scale(1.0 / 16, -40), reader.Header.Signals[0].Scale);
        Assert.Null(reader.Header.Signals[2].Scale);
        Assert.Contains("paw: gain and baseline above are rounded; exactly mbar = count * 0.125 + -10.03", reader.Header.Comments);
        Assert.Contains("pleth: not calibrated, counts only", reader.Header.Comments);
        using var json = JsonDocument.Parse(File.ReadAllText(folder.New("out/waves_125hz.json")));
        JsonElement[] lines = [.. json.RootElement.GetProperty("signals").EnumerateArray()];
        Assert.Equal((0.0625, -40.0, true), (lines[0].GetProperty("gain").GetDouble(), lines[0].GetProperty("offset").GetDouble(), lines[0].GetProperty("header_calibration_exact").GetBoolean()));
        Assert.Equal((0.125, -10.03, false), (lines[1].GetProperty("gain").GetDouble(), lines[1].GetProperty("offset").GetDouble(), lines[1].GetProperty("header_calibration_exact").GetBoolean()));
        Assert.Equal(JsonValueKind.Null, lines[2].GetProperty("gain").ValueKind);
    }

    [Fact]
    public void A_record_ends_where_it_was_asked_to_also_for_a_signal_whose_samples_stand_between_those_of_another()
    {
        var shelf = new Shelf();
        var period = new SamplePeriod(1, 100);
        Signal first = shelf.Signal("abp", SignalKind.Waveform, "mm[Hg]");
        Signal second = shelf.Signal("cvp", SignalKind.Waveform, "mm[Hg]");
        shelf.Add(Shelf.Samples(first, Noon, period, scale: null, [1, 2, 3, 4]));
        shelf.Add(Shelf.Samples(second, Noon.Add(5_000_000), period, scale: null, [5, 6, 7, 8]));
        using var folder = new Folder();

        ExportResult result = new WfdbWriter(shelf.Read).Write(new ExportRequest(shelf.Signals, Noon, Noon.Add(22_000_000), folder.New("out")));

        Assert.Equal(5, result.Samples);
        using var reader = WfdbReader.Open(folder.New("out/waves_100hz"));
        Assert.DoesNotContain(7, reader.Read(1, 0, (int)reader.Frames));
    }

    [Fact]
    public void A_scale_that_changed_is_a_signal_of_its_own_in_the_same_record()
    {
        var shelf = new Shelf();
        var period = new SamplePeriod(1, 100);
        Signal signal = shelf.Signal("co2", SignalKind.Waveform, "mm[Hg]");
        shelf.Add(Shelf.Samples(signal, Noon, period, new Scale(0.1, 0), [1, 2, 3]));
        shelf.Add(Shelf.Samples(signal, Noon.Add(30_000_000), period, new Scale(0.2, 0), [4, 5], index: 3));
        using var folder = new Folder();

        new WfdbWriter(shelf.Read).Write(new ExportRequest(shelf.Signals, Noon, Evening, folder.New("out")));

        using var reader = WfdbReader.Open(folder.New("out/waves_100hz"));
        Assert.Equal([("co2", 10.0), ("co2~2", 5.0)], reader.Header.Signals.Select(line => (line.Description, line.Gain)));
        Assert.Equal([1, 2, 3, -32768, -32768], reader.Read(0, 0, 5));
        Assert.Equal([-32768, -32768, -32768, 4, 5], reader.Read(1, 0, 5));
    }

    [Fact]
    public void A_drifting_device_loses_no_sample_and_its_true_times_are_listed()
    {
        var shelf = new Shelf();
        var period = new SamplePeriod(1, 250);
        Signal signal = shelf.Signal("ecg-ii", SignalKind.Waveform, "mV");

        // 100 ppm fast: after each second of 250 samples the box's clock says 100 µs less.
        for (int second = 0; second < 600; second++)
        {
            shelf.Add(Shelf.Samples(signal, Noon.Add(second * 999_900_000L), period, scale: null, [.. Enumerable.Range(second * 250, 250)], index: second * 250));
        }

        using var folder = new Folder();
        new WfdbWriter(shelf.Read).Write(new ExportRequest(shelf.Signals, Noon, Evening, folder.New("out")));

        using var reader = WfdbReader.Open(folder.New("out/waves_250hz"));
        Assert.Equal(150_000, reader.Frames);
        Assert.Equal([.. Enumerable.Range(0, 150_000)], reader.Read(0, 0, 150_000).Select(sample => sample & 0x3FFFF));
        var times = CsvText.Read(folder.New("out/waves_250hz_times.csv"));
        Assert.InRange(times.Rows.Length, 25, 31);
        for (int row = 0; row < times.Rows.Length; row++)
        {
            long sample = long.Parse(times[row, "sample"]);
            Assert.Equal(Noon.Add(sample / 250 * 999_900_000L), Shelf.Time(times[row, "time_utc"]));
        }

        Assert.Contains(reader.Header.Comments, comment => comment.StartsWith("ecg-ii: true times are up to 0.0599", StringComparison.Ordinal));
        Assert.Empty(CsvText.Read(folder.New("out/waves_250hz_gaps.csv")).Rows);
    }

    [Fact]
    public void A_silence_of_more_than_an_hour_begins_a_new_record()
    {
        var shelf = new Shelf();
        var period = new SamplePeriod(1, 100);
        Signal ecg = shelf.Signal("ecg-ii", SignalKind.Waveform, "mV");
        Signal abp = shelf.Signal("abp", SignalKind.Waveform, "mm[Hg]");
        shelf.Add(Shelf.Samples(ecg, Noon, period, scale: null, [1, 2, 3]));
        shelf.Add(Shelf.Samples(ecg, Noon.Add(3000_000_000_000), period, scale: null, [4], index: 300_000));
        shelf.Add(Shelf.Samples(abp, Noon.Add(3600_000_000_000 * 4), period, scale: null, [5, 6]));
        shelf.Add(Shelf.Samples(ecg, Noon.Add((3600_000_000_000 * 4) + 10_000_000), period, scale: null, [7, 8], index: 1_440_001));
        using var folder = new Folder();

        new WfdbWriter(shelf.Read).Write(new ExportRequest(shelf.Signals, Noon, Evening, folder.New("out")));

        using var first = WfdbReader.Open(folder.New("out/waves_100hz"));
        using var second = WfdbReader.Open(folder.New("out/waves_100hz_2"));
        Assert.Equal((1, 300_001L), (first.Header.Signals.Length, first.Frames));
        Assert.Equal(new DateTime(2026, 3, 1, 16, 0, 0, DateTimeKind.Unspecified), second.Header.Base);
        Assert.Equal([-32768, 7, 8], second.Read(0, 0, 3));
        Assert.Equal([5, 6, -32768], second.Read(1, 0, 3));
    }

    [Fact]
    public void Gaps_are_filled_listed_and_explained_where_the_store_explains_them()
    {
        var shelf = new Shelf();
        var period = new SamplePeriod(1, 100);
        Signal signal = shelf.Signal("abp", SignalKind.Waveform, "mm[Hg]");
        shelf.Add(Shelf.Samples(signal, Noon, period, scale: null, [1, 2]));
        shelf.Add(new GapBlock { Signal = signal.Number, Start = Noon.Add(20_000_000), Until = Noon.Add(50_000_000), Cause = GapCause.Checksum, Missing = 3 });
        shelf.Add(Shelf.Samples(signal, Noon.Add(50_000_000), period, scale: null, [3, 4], index: 5, new ValidityRun(1, 1, Validity.Invalid)));
        shelf.Add(Shelf.Samples(signal, Noon.Add(90_000_000), period, scale: null, [5], index: 9, new ValidityRun(0, 1, Validity.DemoData)));
        using var folder = new Folder();

        ExportResult result = new WfdbWriter(shelf.Read).Write(new ExportRequest(shelf.Signals, Noon, Evening, folder.New("out")));

        using var reader = WfdbReader.Open(folder.New("out/waves_100hz"));
        const int None = -32768;
        Assert.Equal([1, 2, None, None, None, 3, None, None, None, 5], reader.Read(0, 0, 10));
        Assert.Equal(["abp,2,3,checksum", "abp,7,2,unexplained"], CsvText.Read(folder.New("out/waves_100hz_gaps.csv")).Rows.Select(row => string.Join(',', row)));
        Assert.Equal(["abp,6,1,invalid", "abp,9,1,demo-data"], CsvText.Read(folder.New("out/waves_100hz_validity.csv")).Rows.Select(row => string.Join(',', row)));
        var gaps = CsvText.Read(folder.New("out/gaps.csv"));
        Assert.Equal([("checksum", "true"), ("unexplained", "false")], gaps.Rows.Select((_, row) => (gaps[row, "cause"], gaps[row, "recorded"])));
        Assert.Equal(2, result.Gaps);
        Assert.Contains("This record holds demonstration or test data.", reader.Header.Comments);
    }

    [Fact]
    public void Only_what_was_asked_for_is_written()
    {
        var shelf = new Shelf();
        var period = new SamplePeriod(1, 100);
        Signal signal = shelf.Signal("abp", SignalKind.Waveform, "mm[Hg]");
        shelf.Add(Shelf.Samples(signal, Noon, period, scale: null, [.. Enumerable.Range(0, 1000)]));
        using var folder = new Folder();

        new WfdbWriter(shelf.Read).Write(new ExportRequest(shelf.Signals, Noon.Add(2_005_000_000), Noon.Add(4_000_000_000), folder.New("out")));

        using var reader = WfdbReader.Open(folder.New("out/waves_100hz"));
        Assert.Equal([.. Enumerable.Range(201, 199)], reader.Read(0, 0, (int)reader.Frames));
        Assert.Equal(new DateTime(2026, 3, 1, 12, 0, 2, 10, DateTimeKind.Unspecified), reader.Header.Base);
    }

    [Fact]
    public void A_folder_with_something_in_it_is_refused()
    {
        using var folder = new Folder();
        folder.Write("precious.txt", "mine");

        IOException refused = Assert.Throws<IOException>(() => new WfdbWriter(new Shelf().Read).Write(new ExportRequest([], Noon, Evening, folder.Path)));

        Assert.Contains("is not empty", refused.Message, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(folder.New("precious.txt")));
    }

    [Fact]
    public void A_real_record_goes_through_import_and_export_unchanged()
    {
        string? record = Repository.Shared("data/waveforms/original/03700181.hea");
        if (record is null)
        {
            return;
        }

        using var import = WfdbImport.Open(record);
        using var original = WfdbReader.Open(record);
        Signal[] signals = [.. import.Signals.Select((signal, i) => new Signal(new SignalNumber((uint)i + 1), signal.Metric.SignalId, import.Device, signal.Metric))];
        Block[] blocks = [.. import.Blocks([.. signals.Select(signal => signal.Number)])];
        using var folder = new Folder();

        new WfdbWriter((number, _, _) => blocks.Where(block => block.Signal == number)).Write(new ExportRequest(signals, import.Start, import.End, folder.New("out")));

        using var ecg = WfdbReader.Open(folder.New("out/waves_500hz"));
        using var rest = WfdbReader.Open(folder.New("out/waves_125hz"));
        Assert.Equal(original.Read(0, 0, 75_000), ecg.Read(0, 0, 300_000));
        Assert.Equal(original.Read(1, 0, 75_000), rest.Read(0, 0, 75_000));
        Assert.Equal(original.Read(2, 0, 75_000)[..74_996], rest.Read(1, 0, 74_996));
        Assert.Equal(original.Header.Base, ecg.Header.Base);
        Assert.Equal(original.Header.Signals[1].Scale, rest.Header.Signals[0].Scale);
        Assert.Empty(ecg.Verify());
        Assert.Empty(rest.Verify());
    }

    /// <summary>Puts random runs on the grid of the signal's period and returns the usable samples by their place after noon.</summary>
    private static SortedDictionary<long, int> Put(Shelf shelf, Signal signal, SamplePeriod period, Random random)
    {
        var usable = new SortedDictionary<long, int>();
        bool wide = random.Next(2) == 0;
        var scale = new Scale(0.005, -1);
        uint epoch = 1;
        long place = random.Next(0, 300);
        for (int block = random.Next(1, 12); block > 0; block--)
        {
            int[] samples = new int[random.Next(1, 900)];
            for (int i = 0; i < samples.Length; i++)
            {
                samples[i] = wide ? random.Next(int.MinValue + 1, int.MaxValue) : random.Next(-32767, 32768);
            }

            Validity[] kinds = [Validity.Valid, Validity.Invalid, Validity.DemoData, Validity.NotAvailable | Validity.Questionable, Validity.PacerMark];
            var runs = new List<ValidityRun>();
            for (int at = random.Next(0, 50); at < samples.Length && random.Next(3) > 0; at += random.Next(1, 200))
            {
                var run = new ValidityRun(at, random.Next(1, Math.Min(100, samples.Length - at) + 1), kinds[random.Next(1, kinds.Length)]);
                runs.Add(run);
                at += run.Length;
            }

            for (int i = 0; i < samples.Length; i++)
            {
                ValidityRun run = runs.FirstOrDefault(run => i >= run.Start && i < run.Start + run.Length);
                if (run.Validity.IsUsable())
                {
                    usable.Add(place + i, samples[i]);
                }
            }

            shelf.Add(Shelf.Samples(signal, Noon.Add(period.NanosecondsOf(place)), period, scale, samples, place, [.. runs]) with { ClockEpoch = epoch });
            place += samples.Length;
            if (random.Next(3) == 0)
            {
                int gap = random.Next(1, 3000);
                if (random.Next(2) == 0)
                {
                    shelf.Add(new GapBlock { Signal = signal.Number, Start = Noon.Add(period.NanosecondsOf(place)), Until = Noon.Add(period.NanosecondsOf(place + gap)), Cause = GapCause.LostMessage, Missing = gap });
                }

                place += gap;
                epoch += (uint)random.Next(2);
            }
        }

        return usable;
    }

    private static void CheckRecords(string folder, Dictionary<string, (SamplePeriod Period, SortedDictionary<long, int> Samples)> expected)
    {
        var seen = new HashSet<string>();
        foreach (string header in Directory.GetFiles(folder, "*.hea"))
        {
            using var reader = WfdbReader.Open(header);
            Assert.Empty(reader.Verify());
            for (int i = 0; i < reader.Header.Signals.Length; i++)
            {
                WfdbSignal line = reader.Header.Signals[i];
                Assert.True(seen.Add(line.Description));
                (SamplePeriod period, SortedDictionary<long, int> samples) = expected[line.Description];
                Assert.Equal(period, reader.Header.FramePeriod);
                long origin = UtcInstant.FromDateTime(new DateTimeOffset(reader.Header.Base!.Value, TimeSpan.Zero)).Since(Noon);
                long shift = period.SamplesIn(origin + (period.Nanoseconds / 2));
                int[] read = reader.Read(i, 0, (int)reader.Frames);
                var found = new SortedDictionary<long, int>();
                for (int at = 0; at < read.Length; at++)
                {
                    if (read[at] != line.Format.Missing)
                    {
                        found.Add(at + shift, read[at]);
                    }
                }

                Assert.Equal(samples, found);
            }
        }

        Assert.Equal(expected.Keys.Order(), seen.Order());
    }

    private static long Unusable(string folder)
    {
        long count = 0;
        foreach (string file in Directory.GetFiles(folder, "waves_*.json"))
        {
            using var json = JsonDocument.Parse(File.ReadAllText(file));
            count += json.RootElement.GetProperty("signals").EnumerateArray().Sum(line => line.GetProperty("unusable_written_as_missing").GetInt64());
        }

        return count;
    }

    private static (double Gain, long Baseline, string? Unit, int Format) Facts(WfdbSignal line) => (line.Gain, line.Baseline, line.Unit, line.Format.Code);
}
