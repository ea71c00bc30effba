using System.Globalization;
using Bedside.Extract;
using Bedside.Model;

namespace Bedside.Tests.Extract;

public sealed class CsvWriterTests
{
    private static readonly UtcInstant Noon = Shelf.Time("2026-03-01T12:00:00Z");
    private static readonly UtcInstant Evening = Shelf.Time("2026-03-01T18:00:00Z");

    [Fact]
    public void Readings_keep_the_decimals_of_the_device_and_their_exact_times()
    {
        var shelf = new Shelf();
        Signal rate = shelf.Signal("hr", SignalKind.Numeric, "/min");
        Signal peep = shelf.Signal("set-peep", SignalKind.Setting, "cm[H2O]");
        shelf.Add(Readings(rate, (0, new Fixed(80, 0), Validity.Valid), (1_024_000_001, null, Validity.NotAvailable)));
        shelf.Add(Readings(peep, (5, new Fixed(50, -1), Validity.DemoData | Validity.Questionable)));
        using var folder = new Folder();

        ExportResult result = Write(shelf, folder);

        var table = CsvText.Read(folder.New("out/numerics.csv"));
        Assert.Equal(
            [
                "2026-03-01T12:00:00.000000000Z,hr,80,/min,,0.000000000,500",
                "2026-03-01T12:00:01.024000001Z,hr,,/min,not-available,1.024000001,500",
                "2026-03-01T12:00:00.000000005Z,set-peep,5.0,cm[H2O],questionable demo-data,0.000000005,500",
            ],
            table.Rows.Select(row => string.Join(',', row)));
        Assert.Equal(3, result.Readings);
    }

    [Fact]
    public void A_waveform_is_a_file_that_explains_itself()
    {
        var shelf = new Shelf();
        Signal wave = shelf.Signal("abp", SignalKind.Waveform, "mm[Hg]", "philips-intellivue");
        shelf.Add(Shelf.Samples(wave, Noon, new SamplePeriod(1, 125), new Scale(0.0625, -40), [640, 2573, 8191], 0, new ValidityRun(1, 1, Validity.DemoData), new ValidityRun(2, 1, Validity.Invalid)));
        using var folder = new Folder();

        ExportResult result = Write(shelf, folder);

        var file = CsvText.Read(folder.New("out/waves/abp.csv"));
        Assert.Equal(
            [
                "signal: abp, device: philips-intellivue",
                "unit: mm[Hg] (UCUM)",
                "code: 150036 MDC_PRESS_BLD_ART_ABP (ISO/IEEE 11073-10101)",
                "period: 1/125 s exactly, 125 Hz",
                "scale: value = raw * 0.0625 + -40, rounded below the last digit that means anything",
                "time zone: UTC; time is that of the sample, rounded to the nanosecond",
                "validity: empty = valid; value is empty where the device called the sample unusable",
            ],
            file.Notes.ToArray());
        Assert.Equal(
            [
                "2026-03-01T12:00:00.000000000Z,640,0,",
                "2026-03-01T12:00:00.008000000Z,2573,120.8125,demo-data",
                "2026-03-01T12:00:00.016000000Z,8191,,invalid",
            ],
            file.Rows.Select(row => string.Join(',', row)));
        Assert.Equal(3, result.Samples);
    }

    [Fact]
    public void Every_sample_of_any_block_can_be_had_back_from_the_files()
    {
        for (int seed = 0; seed < 40; seed++)
        {
            var random = new Random(seed);
            var shelf = new Shelf();
            Signal wave = shelf.Signal("co2", SignalKind.Waveform, "mm[Hg]");
            var scale = new Scale(Math.Round(random.NextDouble(), 4, MidpointRounding.ToEven) + 0.0001, random.Next(-50, 50));
            var period = new SamplePeriod(random.Next(1, 50), 1000);
            var all = new List<int>();
            UtcInstant start = Noon.Add(-random.Next(1_000_000_000));
            for (int block = random.Next(1, 6); block > 0; block--)
            {
                int[] samples = [.. Enumerable.Range(0, random.Next(1, 300)).Select(_ => random.Next())];
                shelf.Add(Shelf.Samples(wave, start.Add(period.NanosecondsOf(all.Count)), period, scale, samples, all.Count));
                all.AddRange(samples);
            }

            using var folder = new Folder();
            new CsvWriter(shelf.Read).Write(new ExportRequest(shelf.Signals, start, Evening, folder.New("out")));

            var file = CsvText.Read(folder.New("out/waves/co2.csv"));
            Assert.Equal(all.Count, file.Rows.Length);
            for (int i = 0; i < all.Count; i++)
            {
                Assert.Equal(all[i], int.Parse(file[i, "raw"], CultureInfo.InvariantCulture));
                Assert.Equal(start.Add(period.NanosecondsOf(i)).ToString(), file[i, "time_utc"]);
                double value = double.Parse(file[i, "value"], CultureInfo.InvariantCulture);
                Assert.Equal(all[i], (int)Math.Round((value - scale.Offset) / scale.Gain, MidpointRounding.ToEven));
            }
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_an_experimental_driver_read_says_so_though_the_device_was_plugged_in_long_before(bool experimental)
    {
        var shelf = new Shelf();
        Signal wave = shelf.Signal("co2", SignalKind.Waveform, "mm[Hg]", "capnostream-20");
        Signal other = shelf.Signal("abp", SignalKind.Waveform, "mm[Hg]", "monitor");
        var identity = new DeviceIdentity { Manufacturer = "Oridion", Model = "Capnostream 20" };
        shelf.Add(new DeviceBlock { Signal = SignalNumber.None, Start = Noon.Add(-3_600_000_000_000), Device = "capnostream-20", Identity = experimental ? identity.AsExperimental() : identity, State = DeviceState.Receiving });
        shelf.Add(new DeviceBlock { Signal = SignalNumber.None, Start = Noon, Device = "capnostream-20", Identity = null, State = DeviceState.Silent });
        shelf.Add(Shelf.Samples(wave, Noon, new SamplePeriod(1, 20), new Scale(0.5, 0), [1, 2]));
        shelf.Add(Shelf.Samples(other, Noon, new SamplePeriod(1, 20), new Scale(0.5, 0), [1, 2]));
        using var folder = new Folder();
        IEnumerable<Block> Source(SignalNumber number, UtcInstant from, UtcInstant to) => shelf.Read(number, number == SignalNumber.None ? new UtcInstant(0) : from, to);

        new CsvWriter(Source).Write(new ExportRequest(shelf.Signals, Noon, Evening, folder.New("csv")));
        new WfdbWriter(Source).Write(new ExportRequest(shelf.Signals, Noon, Evening, folder.New("wfdb")));

        Assert.Equal(experimental, CsvText.Read(folder.New("csv/waves/co2.csv")).Notes.Any(note => note.StartsWith("experimental:", StringComparison.Ordinal)));
        Assert.DoesNotContain(CsvText.Read(folder.New("csv/waves/abp.csv")).Notes, note => note.StartsWith("experimental:", StringComparison.Ordinal));
        string[] header = File.ReadAllLines(folder.New("wfdb/waves_20hz.hea"));
        Assert.Equal(experimental ? 1 : 0, header.Count(line => line.StartsWith('#') && line.Contains("co2: read by an experimental driver (capnostream-20)", StringComparison.Ordinal)));
        foreach (string export in new[] { "csv", "wfdb" })
        {
            var signals = CsvText.Read(folder.New($"{export}/signals.csv"));
            Assert.Equal((experimental ? "true" : "false", "false"), (signals[0, "experimental"], signals[1, "experimental"]));
            Assert.Equal(experimental ? "true" : "false", CsvText.Read(folder.New($"{export}/devices.csv"))[0, "experimental"]);
        }
    }

    [Fact]
    public void Texts_alerts_marks_clocks_devices_and_gaps_have_their_tables()
    {
        var shelf = new Shelf();
        Signal mode = shelf.Signal("set-vent-mode", SignalKind.Text, "1");
        shelf.Add(new TextBlock { Signal = mode.Number, Start = Noon, Text = "PC-BIPAP, \"adult\"\nASB", Code = 14 });
        shelf.Add(new AlertBlock
        {
            Signal = SignalNumber.None,
            Start = Noon,
            Device = "draeger-medibus",
            Alert = new Alert { Key = "1:10", Phase = AlertPhase.Start, Priority = AlertPriority.High, Text = "PAW HIGH", Source = "pip" },
        });
        shelf.Add(new AnnotationBlock { Signal = SignalNumber.None, Start = Noon, Until = Noon.Add(60_000_000_000), Key = "a", Kind = "suction", Text = "épais", Source = "bed", Version = 2 });
        shelf.Add(new ClockBlock { Signal = SignalNumber.None, Start = Noon, Device = "d", AnchorNanoseconds = Noon.UnixNanoseconds, DriftPpm = -12.5, WallOffsetNanoseconds = -1_500_000_000, Reason = "first", ClockEpoch = 3 });
        shelf.Add(new DeviceBlock { Signal = SignalNumber.None, Start = Noon, Device = "d", State = DeviceState.Receiving, Identity = new DeviceIdentity { Manufacturer = "Dräger", Model = "V500" } });
        shelf.Add(new GapBlock { Signal = SignalNumber.None, Start = Noon, Until = Noon.Add(2_500_000_000), Cause = GapCause.DeviceSilent, Device = "d" });
        using var folder = new Folder();

        ExportResult result = Write(shelf, folder);

        Assert.Equal("PC-BIPAP, \"adult\"\nASB", CsvText.Read(folder.New("out/texts.csv"))[0, "text"]);
        var alerts = CsvText.Read(folder.New("out/alerts.csv"));
        Assert.Equal(("start", "high", "PAW HIGH", "false"), (alerts[0, "phase"], alerts[0, "priority"], alerts[0, "text"], alerts[0, "technical"]));
        var marks = CsvText.Read(folder.New("out/annotations.csv"));
        Assert.Equal(("2026-03-01T12:01:00.000000000Z", "épais", "2"), (marks[0, "until_utc"], marks[0, "text"], marks[0, "version"]));
        var clock = CsvText.Read(folder.New("out/clock.csv"));
        Assert.Equal(("-12.5", "-1.500000000", "3"), (clock[0, "drift_ppm"], clock[0, "wall_offset_s"], clock[0, "epoch"]));
        Assert.Equal("receiving", CsvText.Read(folder.New("out/devices.csv"))[0, "state"]);
        var gaps = CsvText.Read(folder.New("out/gaps.csv"));
        Assert.Equal(("2.500000000", "d", "device-silent", ""), (gaps[0, "seconds"], gaps[0, "device"], gaps[0, "cause"], gaps[0, "missing"]));
        Assert.Equal((1L, 1L), (result.Readings, result.Gaps));
    }

    [Fact]
    public void The_dictionary_describes_every_signal_and_the_pages_name_every_file()
    {
        var shelf = new Shelf();
        shelf.Signal("ecg-ii", SignalKind.Waveform, "mV");
        shelf.Signal("raw/medibus/CP1-0x2A/r2", SignalKind.Numeric, "1");
        shelf.Add(Shelf.Samples(shelf.Signals[0], Noon, new SamplePeriod(1, 250), scale: null, [1]));
        using var folder = new Folder();

        ExportResult result = Write(shelf, folder);

        var table = CsvText.Read(folder.New("out/signals.csv"));
        Assert.Equal(("ecg-ii", "waveform", "mV", "131330", "ECG dérivation II"), (table[0, "signal"], table[0, "kind"], table[0, "unit_ucum"], table[0, "code_11073"], table[0, "name_fr"]));
        Assert.Equal(("raw/medibus/CP1-0x2A/r2", "", ""), (table[1, "signal"], table[1, "code_11073"], table[1, "name_en"]));
        foreach (string page in new[] { "README.txt", "LISEZMOI.txt" })
        {
            string text = File.ReadAllText(folder.New($"out/{page}"));
            Assert.All(result.Files.Where(file => file.EndsWith(".csv", StringComparison.Ordinal) && !file.Contains('/', StringComparison.Ordinal)), file => Assert.Contains(file, text, StringComparison.Ordinal));
            Assert.Contains("2026-03-01T12:00:00.000000000Z", text, StringComparison.Ordinal);
        }

        Assert.Equal(result.Files.Order(), Directory.GetFiles(folder.New("out"), "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder.New("out"), file)).Order());
    }

    private static ExportResult Write(Shelf shelf, Folder folder) =>
        new CsvWriter(shelf.Read).Write(new ExportRequest(shelf.Signals, Noon, Evening, folder.New("out")));

    private static NumericBlock Readings(Signal signal, params (long After, Fixed? Value, Validity Validity)[] readings) => new()
    {
        Signal = signal.Number,
        Start = Noon.Add(readings[0].After),
        UncertaintyMicroseconds = 500,
        Readings = [.. readings.Select(reading => new NumericReading(Noon.Add(reading.After), reading.Value, reading.Validity, reading.After))],
    };
}
