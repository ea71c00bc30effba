using System.Globalization;
using Bedside.Extract.Package;
using Bedside.Model;
using Bedside.Model.Context;
using Bedside.Model.Research;
using Bedside.Tests.Extract.Arrow;

namespace Bedside.Tests.Extract.Package;

public sealed class PackageContentTests
{
    private static readonly SamplePeriod Fast = SamplePeriod.FromHertz(125);

    [Fact]
    public void No_hour_of_a_stay_is_bent_where_the_clocks_are_changed()
    {
        // In Paris the clocks go forward on 2026-03-29 at 01:00 UTC.
        using var folder = new Folder();
        UtcInstant from = Shelf.Time("2026-03-28T23:30:00Z");
        var shelf = new Shelf();
        Signal rate = shelf.Signal("hr", SignalKind.Numeric, "/min", "monitor");
        shelf.Add(new NumericBlock { Signal = rate.Number, Start = from, Readings = [.. Enumerable.Range(0, 13).Select(i => new NumericReading(from.Add(i * 600 * PackageBed.Second), new Fixed(60 + i, 0), Validity.Valid, DeviceNanoseconds: null))] });
        PackageStay stay = PackageBed.StayOf(shelf, from, from.Add(3 * 3600 * PackageBed.Second)) with { Admitted = from };
        PackageBed.Write(PackageBed.Plan(TimeForm.ShiftedWeeks, PackageBed.All(shelf), stay), folder.New("out"));

        var csv = CsvText.Read(folder.Write("unpacked.csv", PackageBed.Unpacked(Path.Combine(folder.New("out"), "data", "csv", $"{PackageBed.Stay}.csv.gz"))));
        DateTime[] told = [.. csv.Rows.Select(row => DateTime.ParseExact(row[0], "yyyy-MM-dd'T'HH:mm:ss'.000000000'", CultureInfo.InvariantCulture))];
        Assert.Equal(new DateTime(2026, 3, 29, 0, 30, 0).AddDays(7 * 5200), told[0]);
        Assert.Equal(DayOfWeek.Sunday, told[0].DayOfWeek);
        Assert.All(told.Zip(told.Skip(1)), pair => Assert.Equal(TimeSpan.FromMinutes(10), pair.Second - pair.First));
    }

    [Fact]
    public void The_tables_tell_gaps_clocks_marks_and_alerts_in_codes()
    {
        using var folder = new Folder();
        PackageBed.Write(PackageBed.Synthetic(1, TimeForm.Relative, out Shelf shelf), folder.Path);
        CsvText gaps = Table(folder, "gaps.csv");
        CsvText alerts = Table(folder, "alerts.csv");
        CsvText context = Table(folder, "context.csv");
        CsvText dictionary = Table(folder, "dictionary.csv");

        Assert.Contains(gaps.Rows, row => row is [_, "", var device, "601.000000000", "603.000000000", "device-silent"] && device.Length > 0);
        int holes = shelf.Signals.Where(signal => signal.Metric.Kind == SignalKind.Waveform && Nomenclature.Shipped.Of(signal) is not null)
            .Sum(signal => shelf.Read(signal.Number, SyntheticBed.From, SyntheticBed.To).OfType<GapBlock>().Count());
        Assert.Equal(holes, gaps.Rows.Count(row => row[5] == "checksum"));
        Assert.Equal("605.000000000,1,start,high,false,196616,MDC_EVT_ALARM,hr", string.Join(',', Assert.Single(alerts.Rows)[1..9]));
        Assert.Equal("601.000000000,660.000000000,false,told,suction", string.Join(',', Assert.Single(context.Rows)[2..7]));
        Assert.All(Table(folder, "clock.csv").Rows, row => Assert.Equal("500", row[4]));
        Assert.Equal("stay,patient,age_band,sex", string.Join(',', Table(folder, "stays.csv").Columns));
        Assert.Equal($"{PackageBed.Stay},{PackageBed.Patient},40-49,", string.Join(',', Assert.Single(Table(folder, "stays.csv").Rows)));
        Assert.All(dictionary.Rows, row => Assert.NotEmpty(row[^1]));
        Assert.Contains(dictionary.Rows, row => row is ["ecg-ii", "waveform", ..] && row[dictionary.Columns.IndexOf("identifying")] == "true");
    }

    [Fact]
    public void A_mark_says_only_what_the_catalogue_knows()
    {
        using var folder = new Folder();
        var shelf = new Shelf();
        Signal oximeter = shelf.Signal("spo2", SignalKind.Numeric, "%", "monitor");
        CodedAttributes said = CodedAttributes.None.With("site", "finger-left").With("nurse", "somebody");
        shelf.Add(new NumericBlock { Signal = oximeter.Number, Start = SyntheticBed.From, Readings = [new NumericReading(SyntheticBed.From, new Fixed(97, 0), Validity.Valid, DeviceNanoseconds: null)] });
        shelf.Add(new AnnotationBlock { Signal = oximeter.Number, Start = SyntheticBed.From.Add(-60 * PackageBed.Second), Key = "k", Kind = "probe-site", Source = "bed", Attributes = said, Text = "word" });
        shelf.Add(new AnnotationBlock { Signal = SignalNumber.None, Start = SyntheticBed.From.Add(-900 * PackageBed.Second), Key = "former", Kind = "position", Source = "bed", Attributes = CodedAttributes.None.With("position", "prone") });
        PackageStay stay = PackageBed.StayOf(shelf, SyntheticBed.From, SyntheticBed.To) with
        {
            Source = (number, from, to) => shelf.Read(number, from, to).Concat(shelf.Read(number, new UtcInstant(long.MinValue), from).OfType<AnnotationBlock>()).Distinct(),
        };
        PackageBed.Write(PackageBed.Plan(TimeForm.Relative, PackageBed.All(shelf), stay), folder.Path);

        CsvText context = Table(folder, "context.csv");
        Assert.Equal("600.000000000,,true,open,probe-site", string.Join(',', Assert.Single(context.Rows)[2..7]));
        Assert.Equal("site=finger-left", context[0, "attributes"]);
        Assert.Equal(("spo2", "person"), (context[0, "signal"], context[0, "source"]));
    }

    [Fact]
    public void What_was_given_up_does_not_look_whole()
    {
        using var folder = new Folder();
        PackagePlan plan = PackageBed.Synthetic(6, TimeForm.Relative, out Shelf shelf);
        using var cancel = new CancellationTokenSource();
        int blocks = 0;
        IEnumerable<Block> Reading(SignalNumber number, UtcInstant from, UtcInstant to)
        {
            foreach (Block block in shelf.Read(number, from, to))
            {
                if (++blocks == 40)
                {
                    cancel.Cancel();
                }

                yield return block;
            }
        }

        plan = plan with { Stays = [plan.Stays[0] with { Source = Reading }] };
        Assert.Throws<OperationCanceledException>(() => PackageContent.Write(plan, folder.Path, progress: null, 1, cancel.Token));
        Assert.False(File.Exists(Path.Combine(folder.Path, "data", "stays.csv")));
        Assert.False(File.Exists(Path.Combine(folder.Path, "data", "dictionary.csv")));
        Assert.Throws<IOException>(() => PackageBed.Write(plan, folder.Path));
    }

    [Fact]
    public void It_says_how_far_it_is_and_never_goes_back()
    {
        using var folder = new Folder();
        var said = new Saying();
        PackageContent.Write(PackageBed.Synthetic(6, TimeForm.Relative, out _), folder.Path, said, CancellationToken.None);

        Assert.True(said.Done.Count > 10);
        Assert.Equal(said.Done.Order(), said.Done);
        Assert.InRange(said.Done[0], 0, 0.5);
        Assert.Equal(1, said.Done[^1]);
    }

    [Fact]
    public void Leads_that_come_and_go_stay_in_one_file_and_others_off_their_grid_have_their_own()
    {
        using var folder = new Folder();
        var shelf = new Shelf();
        Signal first = shelf.Signal("abp", SignalKind.Waveform, "mm[Hg]", "monitor");
        Signal second = shelf.Signal("cvp", SignalKind.Waveform, "mm[Hg]", "monitor");
        Signal apart = shelf.Signal("pleth", SignalKind.Waveform, "1", "monitor");
        int[] samples = [.. Enumerable.Range(0, 1000)];
        UtcInstant from = SyntheticBed.From;
        shelf.Add(Shelf.Samples(first, from, Fast, new Scale(1, 0), samples));
        shelf.Add(Shelf.Samples(second, from.Add(Fast.NanosecondsOf(300)), Fast, new Scale(1, 0), samples[..200]));
        shelf.Add(Shelf.Samples(apart, from.Add(Fast.Nanoseconds / 2), Fast, new Scale(1, 0), samples));
        PackageBed.Write(PackageBed.Plan(TimeForm.Relative, PackageBed.All(shelf), PackageBed.StayOf(shelf, from, SyntheticBed.To)), folder.Path);

        Dictionary<string, ArrowText> files = PackageBed.Waves(folder.Path);
        Assert.Equal([$"{PackageBed.Stay}_monitor1_125hz", $"{PackageBed.Stay}_monitor1_125hz_2"], files.Keys);
        Assert.Equal([1000, 1000], files.Values.Select(file => file.Rows));
        Assert.Equal(200, files.Values.First().Cells("cvp.raw").Count(cell => cell is not null));
        Assert.Equal(Enumerable.Range(0, 1000).Select(i => (600 * PackageBed.Second) + 4_000_000 + Fast.NanosecondsOf(i)), files.Values.Last().Cells(0).Cast<long>()); // times are there
    }

    [Fact]
    public void After_an_hour_of_silence_another_record_begins_and_the_table_goes_on()
    {
        using var folder = new Folder();
        var shelf = new Shelf();
        Signal wave = shelf.Signal("abp", SignalKind.Waveform, "mm[Hg]", "monitor");
        UtcInstant from = SyntheticBed.From;
        shelf.Add(Shelf.Samples(wave, from, Fast, new Scale(1, 0), [.. Enumerable.Range(0, 500)]));
        shelf.Add(Shelf.Samples(wave, from.Add(2 * 3600 * PackageBed.Second), Fast, new Scale(1, 0), [.. Enumerable.Range(500, 500)], 900_000));
        PackageStay stay = PackageBed.StayOf(shelf, from, from.Add(3 * 3600 * PackageBed.Second));
        PackageBed.Write(PackageBed.Plan(TimeForm.Relative, PackageBed.All(shelf), stay), folder.Path);

        string data = Path.Combine(folder.Path, "data");
        Assert.Equal(2, Directory.GetFiles(Path.Combine(data, "wfdb"), "*_abp.hea").Length);
        using var later = Bedside.Extract.WfdbReader.Open(Path.Combine(data, "wfdb", $"{PackageBed.Stay}_monitor1_125hz_r2"));
        Assert.Equal(Enumerable.Range(500, 500), later.Read(0, 0, (int)later.Frames));
        Assert.Equal(1000, PackageBed.Waves(folder.Path).Values.Single().Rows);
        Assert.Contains(Table(folder, "gaps.csv").Rows, row => row is [_, "abp", "monitor1", "604.000000000", "7800.000000000", "unexplained"]);
    }

    private static CsvText Table(Folder folder, string name) => CsvText.Read(Path.Combine(folder.Path, "data", name));

    private sealed class Saying : IProgress<BuildProgress>
    {
        public List<double> Done { get; } = [];

        public void Report(BuildProgress value) => Done.Add(value.Done);
    }
}
