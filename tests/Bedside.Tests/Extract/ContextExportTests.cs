using System.Buffers.Binary;
using System.Text;
using Bedside.Extract;
using Bedside.Model;
using Bedside.Model.Context;

namespace Bedside.Tests.Extract;

/// <summary>What was so while the data were taken goes with them: as a table, and as annotations that WFDB programs read.</summary>
public sealed class ContextExportTests
{
    private const long Second = 1_000_000_000;

    private static readonly UtcInstant Noon = Shelf.Time("2026-03-01T12:00:00Z");
    private static readonly SamplePeriod Period = new(1, 125);

    [Fact]
    public void The_table_has_what_held_in_the_range_with_its_end_and_what_it_is_about()
    {
        using var folder = new Folder();
        Shelf shelf = Filled();
        _ = new CsvWriter(shelf.Read).Write(new ExportRequest(shelf.Signals, Noon, Noon.Add(600 * Second), folder.New("out")));

        var table = CsvText.Read(folder.New("out/context.csv"));
        Assert.Equal(
            [
                "1 position 2026-03-01T09:00:00.000000000Z 2026-03-01T12:01:00.000000000Z next   position=supine bed",
                "2 position 2026-03-01T12:01:00.000000000Z  open   position=prone bed",
                "3 suction 2026-03-01T12:02:00.000000000Z 2026-03-01T12:02:30.000000000Z told    bed",
                "4 probe-site 2026-03-01T12:03:00.000000000Z  open pleth spo2 pleth site=finger-left bed",
                "5 leads-off 2026-03-01T12:04:00.000000000Z 2026-03-01T12:04:09.000000000Z told abp abp  bench",
                "6 blood-sample 2026-03-01T12:05:00.000000000Z 2026-03-01T12:05:00.000000000Z instant   site=arterial bed",
                "7 mode-change 2026-03-01T12:06:00.000000000Z 2026-03-01T12:06:00.000000000Z instant  abp spo2 pleth  bench",
            ],
            Enumerable.Range(0, table.Rows.Length).Select(row => string.Join(' ', new[] { "context", "kind", "from_utc", "until_utc", "ended", "signal", "concerns", "attributes", "source" }.Select(column => table[row, column]))));
        Assert.Equal(("Prone", "Ventral"), (table[1, "attributes_en"].Split(": ")[1], table[1, "attributes_fr"].Split(": ")[1]));
        var versions = CsvText.Read(folder.New("out/annotations.csv"));
        Assert.Equal(["probe-site", "pleth", "site=finger-left"], versions.Rows.Where(row => row.Contains("probe-site")).Select(row => new[] { row[4], row[8], row[9] }).First());
    }

    [Fact]
    public void A_mark_on_a_signal_that_was_not_asked_for_is_shipped_with_the_others_of_its_sensor_and_else_left_out()
    {
        using var folder = new Folder();
        Shelf shelf = Filled();
        var request = new ExportRequest([shelf.Signals[1]], Noon, Noon.Add(600 * Second), folder.New("out")) { Known = shelf.Signals };
        _ = new CsvWriter(shelf.Read).Write(request);

        var table = CsvText.Read(folder.New("out/context.csv"));
        Assert.Equal(["position", "position", "suction", "probe-site", "blood-sample", "mode-change"], table.Rows.Select(row => row[4]));
        Assert.Equal("spo2", table[3, "concerns"]);
    }

    [Fact]
    public void Another_reader_finds_each_beginning_and_end_at_its_sample_on_its_signal()
    {
        using var folder = new Folder();
        Shelf shelf = Filled();
        _ = new WfdbWriter(shelf.Read).Write(new ExportRequest(shelf.Signals, Noon, Noon.Add(600 * Second), folder.New("out")));

        List<(long Sample, int Type, int Channel, string Text)> notes = Read(File.ReadAllBytes(folder.New("out/waves_125hz.ctx")));
        Assert.All(notes, note => Assert.Equal(22, note.Type));
        Assert.Equal(
            [
                "0 0 context=1;phase=held;kind=position;position=supine;source=bed",
                "7500 0 context=1;phase=end;kind=position;position=supine;source=bed",
                "7500 0 context=2;phase=begin;kind=position;position=prone;source=bed",
                "15000 0 context=3;phase=begin;kind=suction;source=bed",
                "18750 0 context=3;phase=end;kind=suction;source=bed",
                "22500 1 context=4;phase=begin;kind=probe-site;site=finger-left;signal=pleth;source=bed",
                "30000 0 context=5;phase=begin;kind=leads-off;signal=abp;source=bench",
                "31125 0 context=5;phase=end;kind=leads-off;signal=abp;source=bench",
                "37500 0 context=6;phase=at;kind=blood-sample;site=arterial;source=bed",
                "45000 0 context=7;phase=at;kind=mode-change;source=bench",
            ],
            notes.Select(note => $"{note.Sample} {note.Channel} {note.Text}"));
    }

    [Fact]
    public void Whatever_is_written_is_read_again_over_any_distance()
    {
        var random = new Random(20261122);
        for (int run = 0; run < 200; run++)
        {
            long at = 0;
            WfdbNote[] notes = [.. Enumerable.Range(0, random.Next(40)).Select(_ => new WfdbNote(
                at += random.Next(4) switch { 0 => 0, 1 => random.Next(1_030), 2 => random.Next(100_000), _ => random.NextInt64(1L << 34) },
                random.Next(4), string.Concat(Enumerable.Range(0, random.Next(256)).Select(_ => (char)random.Next(32, 127)))))];
            Assert.Equal(
                notes.OrderBy(note => note.Sample).ThenBy(note => note.Channel).Select(note => (note.Sample, 22, note.Channel, note.Text)),
                Read(WfdbAnnotationFile.Encode(notes)));
        }
    }

    /// <summary>Reference annotations of others are understood by the reader of these tests: it is no mirror of our writer.</summary>
    [Fact]
    public void The_reader_of_these_tests_reads_what_others_wrote()
    {
        string published = Path.Combine(Repository.PathOf(".."), "shared", "data", "waveforms", "original", "100.atr");
        if (!File.Exists(published))
        {
            return;
        }

        List<(long Sample, int Type, int Channel, string Text)> notes = Read(File.ReadAllBytes(published));
        Assert.Equal(2274, notes.Count);
        Assert.Equal((18L, 28, "(N"), (notes[0].Sample, notes[0].Type, notes[0].Text.TrimEnd('\0')));
        Assert.Equal((649_991L, 1), (notes[^1].Sample, notes[^1].Type));
    }

    private static Shelf Filled()
    {
        var shelf = new Shelf();
        Signal abp = shelf.Signal("abp", SignalKind.Waveform, "mm[Hg]");
        shelf.Signal("spo2", SignalKind.Numeric, "%");
        Signal pleth = shelf.Signal("pleth", SignalKind.Waveform, "1");
        foreach (Signal wave in new[] { abp, pleth })
        {
            shelf.Add(Shelf.Samples(wave, Noon, Period, new Scale(0.0625, -40), [.. Enumerable.Range(0, 600 * 125).Select(i => i % 100)]));
        }

        shelf.Add(Mark("a", "position", -180, "position=supine"));
        shelf.Add(Mark("b", "position", 1, "position=prone"));
        shelf.Add(Mark("c", "suction", 2));
        shelf.Add(Mark("c", "suction", 2) with { Version = 2, Until = Noon.Add(150 * Second) });
        shelf.Add(Mark("d", "probe-site", 3, "site=finger-left") with { Signal = pleth.Number });
        shelf.Add(Mark("e", "leads-off", 4) with { Signal = abp.Number, Source = "bench" });
        shelf.Add(Mark("e", "leads-off", 4) with { Signal = abp.Number, Source = "bench", Version = 2, Until = Noon.Add(249 * Second) });
        shelf.Add(Mark("f", "blood-sample", 5, "site=arterial"));
        shelf.Add(Mark("g", "mode-change", 6) with { Source = "bench" });
        shelf.Add(Mark("h", "care", 7));
        shelf.Add(Mark("h", "care", 7) with { Version = 2, Withdrawn = true });
        shelf.Add(Mark("i", "device-fault", 8) with { Source = "bench", Text = "words" });
        return shelf;
    }

    private static AnnotationBlock Mark(string key, string kind, double minute, string attributes = "") => new()
    {
        Signal = SignalNumber.None,
        Start = Noon.Add((long)(minute * 60 * Second)),
        Key = key,
        Kind = kind,
        Source = "bed",
        Attributes = CodedAttributes.TryParse(attributes, out CodedAttributes? read) ? read : CodedAttributes.None,
    };

    /// <summary>Reads the MIT format as annot(5) tells it, and knows nothing of whoever wrote it.</summary>
    private static List<(long Sample, int Type, int Channel, string Text)> Read(byte[] file)
    {
        var notes = new List<(long Sample, int Type, int Channel, string Text)>();
        (long sample, int channel, int at) = (0, 0, 0);
        while (true)
        {
            int pair = BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(at));
            at += 2;
            (int code, int value) = (pair >> 10, pair & 0x3FF);
            switch (code)
            {
                case 0 when value == 0:
                    Assert.Equal(file.Length, at);
                    return notes;
                case 59:
                    sample += (BinaryPrimitives.ReadInt16LittleEndian(file.AsSpan(at)) << 16) | BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(at + 2));
                    at += 4;
                    break;
                case 60 or 61:
                    break;
                case 62:
                    channel = value;
                    notes[^1] = notes[^1] with { Channel = channel };
                    break;
                case 63:
                    notes[^1] = notes[^1] with { Text = Encoding.ASCII.GetString(file, at, value) };
                    at += value + (value % 2);
                    break;
                default:
                    sample += value;
                    notes.Add((sample, code, channel, string.Empty));
                    break;
            }
        }
    }
}
