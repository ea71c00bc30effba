using System.Globalization;
using Bedside.Extract;
using Bedside.Extract.Arrow;
using Bedside.Extract.Package;
using Bedside.Model;
using Bedside.Model.Research;
using Bedside.Tests.Extract.Arrow;

namespace Bedside.Tests.Extract.Package;

/// <summary>Arrow, WFDB and CSV of a package say the same as the store, and are the same bytes each time.</summary>
public sealed class PackageAgreementTests
{
    private const int Seeds = 10;

    [Theory]
    [InlineData(TimeForm.Relative)]
    [InlineData(TimeForm.ShiftedWeeks)]
    public void Waves_in_Arrow_are_those_of_the_store_sample_by_sample(TimeForm form)
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            using var folder = new Folder();
            PackagePlan plan = PackageBed.Synthetic(seed, form, out Shelf shelf);
            PackageResult result = PackageBed.Write(plan, folder.Path);

            var time = new StayTime(plan.Stays[0], form, plan.Zone);
            var stored = shelf.Signals.Where(signal => signal.Metric.Kind == SignalKind.Waveform && Nomenclature.Shipped.Of(signal) is not null)
                .SelectMany(signal => StoredOf(shelf, signal, time))
                .ToDictionary();
            var given = PackageBed.Waves(folder.Path).Values.SelectMany(GivenBy).ToDictionary();

            Assert.Equal(stored.Keys.Order(StringComparer.Ordinal), given.Keys.Order(StringComparer.Ordinal));
            foreach ((string key, Taken[] expected) in stored)
            {
                Assert.Equal(expected.Select(sample => (sample.Raw, sample.Value)), given[key].Select(sample => (sample.Raw, sample.Value)));
                Assert.All(expected.Zip(given[key]), pair => Assert.InRange(pair.Second.Time - pair.First.Time, -500_000, 500_000));
                Assert.Equal(expected.Select(sample => sample.Marks), given[key].Select(sample => sample.Marks));
            }

            Assert.Equal(stored.Values.Sum(samples => samples.Length), result.Samples);
        }
    }

    [Fact]
    public void Waves_in_WFDB_are_those_of_Arrow_sample_by_sample_and_at_the_same_times()
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            using var folder = new Folder();
            PackageBed.Write(PackageBed.Synthetic(seed, TimeForm.Relative, out _), folder.Path);

            foreach ((string name, ArrowText table) in PackageBed.Waves(folder.Path))
            {
                using var record = WfdbReader.Open(Path.Combine(folder.Path, "data", "wfdb", name));
                Assert.Empty(record.Verify());
                Assert.Null(record.Header.Base);
                Assert.Null(record.Header.BaseTimeOfDay);
                Assert.All(record.Header.Signals, line => Assert.Equal(line.Baseline, line.Zero));
                long[] times = [.. table.Cells(0).Cast<long>()]; // times are always there
                string[] waves = [.. table.Schema.Fields.Where(field => ArrowText.Note(field, "role") == "raw").Select(field => field.Name[..^4])];
                Assert.Equal(waves, record.Header.Signals.Select(line => line.Description));
                long[] clock = ClockOf(record, CsvText.Read(Path.Combine(folder.Path, "data", "wfdb", $"{name}_times.csv")));
                for (int i = 0; i < waves.Length; i++)
                {
                    int missing = record.Header.Signals[i].Format.Missing;
                    (long, long)[] frames = [.. record.Read(i, 0, (int)record.Frames).Select((raw, frame) => (clock[frame], (long)raw)).Where(sample => sample.Item2 != missing)];
                    (long, long)[] rows = [.. times.Zip(table.Cells($"{waves[i]}.raw")).Where(row => row.Second is not null).Select(row => (row.First, (long)row.Second!))]; // those that are null are left out
                    Assert.Equal(rows.Select(row => row.Item2), frames.Select(frame => frame.Item2));
                    Assert.All(rows.Zip(frames), pair => Assert.InRange(pair.Second.Item1 - pair.First.Item1, -2, 2));
                }
            }
        }
    }

    [Fact]
    public void Readings_in_CSV_are_those_of_Arrow_and_of_the_store()
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            using var folder = new Folder();
            PackageResult result = PackageBed.Write(PackageBed.Synthetic(seed, TimeForm.Relative, out Shelf shelf), folder.Path);

            var table = ArrowText.Read(Path.Combine(folder.Path, "data", "numerics", $"{PackageBed.Stay}.arrow"));
            var csv = CsvText.Read(folder.Write("unpacked.csv", PackageBed.Unpacked(Path.Combine(folder.Path, "data", "csv", $"{PackageBed.Stay}.csv.gz"))));
            Assert.Equal("t_s,signal,device,value,unit,validity", string.Join(',', csv.Columns));
            foreach (string column in csv.Columns)
            {
                Assert.Equal(table.AsCsv(column), csv.Rows.Select(row => row[csv.Columns.IndexOf(column)]));
            }

            UtcInstant zero = SyntheticBed.From.Add(-600 * PackageBed.Second);
            string[] stored =
            [
                .. shelf.Signals.Where(signal => signal.Metric.Kind is SignalKind.Numeric or SignalKind.Setting)
                    .SelectMany(signal => shelf.Read(signal.Number, SyntheticBed.From, SyntheticBed.To).OfType<NumericBlock>().SelectMany(block => block.Readings).Select(reading =>
                        $"{Spelling.Seconds(reading.Time.Since(zero))},{signal.Metric.SignalId},{reading.Value},{signal.Metric.Unit},{Spelling.Of(reading.Validity)}")),
            ];
            Assert.Equal(stored, csv.Rows.Select(row => $"{row[0]},{row[1]},{row[3]},{row[4]},{row[5]}"));
            Assert.Equal(stored.Length, result.Readings);
        }
    }

    [Theory]
    [InlineData(TimeForm.Relative)]
    [InlineData(TimeForm.ShiftedWeeks)]
    public void The_same_plan_gives_the_same_bytes_with_one_worker_and_with_two(TimeForm form)
    {
        using var folder = new Folder();
        PackagePlan plan = PackageBed.Synthetic(3, form, out _);
        PackageResult one = PackageBed.Write(plan, folder.New("one"), workers: 1);
        PackageResult two = PackageBed.Write(plan, folder.New("two"));
        PackageResult again = PackageBed.Write(plan, folder.New("again"));

        Assert.Equal((one.Samples, one.Readings, one.Gaps, one.Bytes), (two.Samples, two.Readings, two.Gaps, two.Bytes));
        Assert.Equal(one.Files, two.Files);
        Assert.Equal(one.Files, again.Files);
        Assert.All(one.Files, file =>
        {
            byte[] bytes = File.ReadAllBytes(Path.Combine(folder.New("one"), "data", file));
            Assert.Equal(bytes, File.ReadAllBytes(Path.Combine(folder.New("two"), "data", file)));
            Assert.Equal(bytes, File.ReadAllBytes(Path.Combine(folder.New("again"), "data", file)));
        });
    }

    /// <summary>The usable samples of a stored signal by its name and scale, with the marks on all of them.</summary>
    private static IEnumerable<KeyValuePair<string, Taken[]>> StoredOf(Shelf shelf, Signal signal, StayTime time) =>
        shelf.Read(signal.Number, SyntheticBed.From, SyntheticBed.To).OfType<SampleBlock>()
            .Select(block => block.Within(SyntheticBed.From, SyntheticBed.To)!) // the bed lies within the range
            .GroupBy(block => block.Scale)
            .Select(group => KeyValuePair.Create(
                Key(signal.Metric.SignalId, group.Key is Scale scale ? $"{Spelling.Of(scale.Gain)} {Spelling.Of(scale.Offset)}" : " "),
                group.SelectMany(block => block.Runs().SelectMany(run => Enumerable.Range(run.Start, run.Length).Select(i => (Sample: block.Samples.Span[i], Time: block.TimeOf(i), run.Validity))))
                    .Where(sample => sample.Validity.IsUsable())
                    .Select(sample => new Taken(time.Of(sample.Time), sample.Sample, group.Key is Scale known ? (float)known.Physical(sample.Sample) : null, sample.Validity)).ToArray()));

    private static IEnumerable<KeyValuePair<string, Taken[]>> GivenBy(ArrowText table)
    {
        long[] times = [.. table.Cells(0).Cast<long>()]; // times are always there
        foreach (ArrowField field in table.Schema.Fields.Where(field => ArrowText.Note(field, "role") == "raw"))
        {
            string name = field.Name[..^4];
            object?[] raw = [.. table.Cells(field.Name)];
            object?[] values = table.IndexOf(name) < 0 ? new object?[raw.Length] : [.. table.Cells(name)];
            object?[] marks = table.IndexOf($"{name}.validity") < 0 ? new object?[raw.Length] : [.. table.Cells($"{name}.validity")];
            yield return KeyValuePair.Create(
                Key(ArrowText.Note(field, "signal"), $"{ArrowText.Note(field, "gain")} {ArrowText.Note(field, "offset")}"),
                Enumerable.Range(0, raw.Length).Where(i => raw[i] is not null)
                    .Select(i => new Taken(times[i], (int)(long)raw[i]!, (float?)(double?)values[i], (Validity)(ushort)(long)(marks[i] ?? 0L))).ToArray()); // only those that are there
        }
    }

    private static string Key(string signal, string scale) => $"{signal}|{scale}";

    /// <summary>The time of each frame in nanoseconds: what the list says, and evenly from there.</summary>
    private static long[] ClockOf(WfdbReader record, CsvText list)
    {
        long[] clock = new long[record.Frames];
        for (int i = 0; i < list.Rows.Length; i++)
        {
            int from = int.Parse(list[i, "sample"], CultureInfo.InvariantCulture);
            int to = i + 1 < list.Rows.Length ? int.Parse(list[i + 1, "sample"], CultureInfo.InvariantCulture) : clock.Length;
            Assert.True(Fixed.TryParse(list[i, "t_s"], out Fixed start));
            for (int frame = from; frame < to; frame++)
            {
                clock[frame] = start.Mantissa + record.Header.FramePeriod.NanosecondsOf(frame - from);
            }
        }

        return clock;
    }

    private readonly record struct Taken(long Time, int Raw, float? Value, Validity Marks);
}
