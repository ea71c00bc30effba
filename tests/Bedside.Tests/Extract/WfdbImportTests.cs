using System.Buffers.Binary;
using Bedside.Extract;
using Bedside.Model;

namespace Bedside.Tests.Extract;

public sealed class WfdbImportTests
{
    [Theory]
    [InlineData("ECG_II", "mV", "ecg-ii")]
    [InlineData("MLII", "mV", "ecg-ii")]
    [InlineData("MCL1", "mV", "ecg-mcl")]
    [InlineData("ECG lead V5", "mV", "ecg-v5")]
    [InlineData("ECG", "mV", "ecg-unspecified")]
    [InlineData("aVR", "mV", "ecg-avr")]
    [InlineData("ABP", "mmHg", "abp")]
    [InlineData("PAP", "mmHg", "pap")]
    [InlineData("PLETH", "NU", "pleth")]
    [InlineData("RESP", "NU", "resp-generic")]
    [InlineData("Resp", "Ohm", "resp-impedance")]
    [InlineData("AWP", "mbar", "paw")]
    [InlineData("AWF", "L/min", "airway-flow")]
    [InlineData("CO2", "mmHg", "co2")]
    [InlineData("pleth-2@philips-intellivue", "NU", "pleth-2")]
    [InlineData("Depth (of sleep)", "mV", "raw/wfdb/signal/Depth__of_sleep_")]
    [InlineData("hr", "mV", "raw/wfdb/signal/hr")]
    public void Descriptions_become_ids_of_the_nomenclature(string description, string unit, string id)
    {
        using var folder = new Folder();
        using WfdbImport import = Import(folder, [1, 2, 3], $"200(0)/{unit} 16 0 1 6 0 {description}");

        Assert.Equal(id, import.Signals[0].Metric.SignalId);
        Assert.Equal(description, import.Signals[0].Metric.Label);
    }

    [Theory]
    [InlineData("200(0)/mmHg 16 0 0 0 0 ABP", "mm[Hg]", 0.005)]
    [InlineData("200(0)/mbar 16 0 0 0 0 AWP", "mbar", 0.005)]
    [InlineData("200 16 0 0 0 0 II", "mV", 0.005)]
    [InlineData("200 16 0 0 0 0 RESP", "", 0.005)]
    [InlineData("0 16 0 0 0 0 II", "", null)]
    public void Units_are_kept_as_they_were_and_never_made_up(string line, string unit, double? gain)
    {
        using var folder = new Folder();
        using WfdbImport import = Import(folder, [1, 2, 3], line);

        Assert.Equal(unit, import.Signals[0].Metric.Unit);
        Assert.Equal(gain, import.Signals[0].Scale?.Gain);
    }

    [Fact]
    public void The_start_is_said_by_the_person_or_the_header_or_is_plainly_not_known()
    {
        using var folder = new Folder();
        UtcInstant said = Shelf.Time("2026-03-01T12:00:00Z");
        folder.Write("a.dat", "123456");
        folder.Write("a.hea", "a 1 250 3 17:27:45.5 15/08/1994\na.dat 16\n");
        folder.Write("b.hea", "b 1 250 3 01:00:00\na.dat 16\n");
        folder.Write("c.hea", "c 1 250 3 01:00:00 01/01/2400\na.dat 16\n");

        using var given = WfdbImport.Open(folder.New("a"), said);
        using var header = WfdbImport.Open(folder.New("a"));
        using var unknown = WfdbImport.Open(folder.New("b.hea"));

        Assert.Equal((said, 0u), (given.Start, given.UncertaintyMicroseconds));
        Assert.Equal((Shelf.Time("1994-08-15T17:27:45.5Z"), uint.MaxValue), (header.Start, header.UncertaintyMicroseconds));
        Assert.Contains("no time zone", header.StartNote, StringComparison.Ordinal);
        Assert.Equal(Shelf.Time("2000-01-01T01:00:00Z"), unknown.Start);
        Assert.Contains("Say --start", unknown.StartNote, StringComparison.Ordinal);
        Assert.Contains("cannot be stored", Assert.Throws<WfdbException>(() => WfdbImport.Open(folder.New("c"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_samples_become_marked_runs_and_from_one_second_on_gaps()
    {
        const int Missing = short.MinValue;
        int[] samples = [.. Enumerable.Range(0, 5000)];
        samples.AsSpan(10, 3).Fill(Missing);
        samples.AsSpan(900, 2000).Fill(Missing);
        samples.AsSpan(4800, 200).Fill(Missing);
        using var folder = new Folder();
        using WfdbImport import = Import(folder, samples, "200 16 0 0 0 0 II", rate: 100);

        Block[] blocks = [.. import.Blocks([new SignalNumber(7)])];

        GapBlock[] gaps = [.. blocks.OfType<GapBlock>()];
        Assert.Equal([(9.0, 29.0, 2000L), (48.0, 50.0, 200L)], gaps.Select(gap => (Seconds(import, gap.Start), Seconds(import, gap.Until), gap.Missing)));
        Assert.All(blocks, block => Assert.Equal(7u, block.Signal.Value));
        Assert.Equal(blocks.OrderBy(block => block.Start), blocks);
        SampleBlock first = blocks.OfType<SampleBlock>().First();
        Assert.Equal(
            [new ValidityRun(0, 10, Validity.Replayed), new ValidityRun(10, 3, Validity.Replayed | Validity.Invalid | Validity.NotAvailable), new ValidityRun(13, 787, Validity.Replayed)],
            first.Validity.ToArray());
        long at = 0;
        foreach (SampleBlock block in blocks.OfType<SampleBlock>())
        {
            at = block.FirstIndex;
            Assert.Equal(samples.AsSpan((int)at, block.Samples.Length).ToArray(), block.Samples.ToArray());
            Assert.Equal(import.Start.Add(at * 10_000_000), block.Start);
        }

        Assert.Equal(5000 - 2200, blocks.OfType<SampleBlock>().Sum(block => block.Samples.Length));
    }

    [Fact]
    public void Random_runs_of_missing_samples_are_all_accounted_for()
    {
        for (int seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            int[] samples = new int[random.Next(1, 6000)];
            for (int at = 0; at < samples.Length;)
            {
                int run = Math.Min(random.Next(1, random.Next(2, 1200)), samples.Length - at);
                bool missing = random.Next(2) == 0;
                for (int i = at; i < at + run; i++)
                {
                    samples[i] = missing ? short.MinValue : random.Next(-32767, 32768);
                }

                at += run;
            }

            using var folder = new Folder();
            using WfdbImport import = Import(folder, samples, "200 16 0 0 0 0 II", rate: random.Next(1, 200));

            int[] read = new int[samples.Length];
            Array.Fill(read, int.MaxValue);
            SamplePeriod period = import.Signals[0].Period;
            foreach (Block block in import.Blocks([new SignalNumber(1)]))
            {
                if (block is GapBlock gap)
                {
                    int from = (int)period.SamplesIn(gap.Start.Since(import.Start) + (period.Nanoseconds / 2));
                    Assert.True(gap.Missing >= Math.Ceiling(period.Hertz), "shorter than a second");
                    read.AsSpan(from, (int)gap.Missing).Fill(short.MinValue);
                }
                else if (block is SampleBlock some)
                {
                    Span<int> into = read.AsSpan((int)some.FirstIndex, some.Samples.Length);
                    Assert.All(into.ToArray(), value => Assert.Equal(int.MaxValue, value));
                    some.Samples.Span.CopyTo(into);
                    foreach (ValidityRun run in some.Validity)
                    {
                        Assert.All(into.Slice(run.Start, run.Length).ToArray(), value => Assert.Equal(run.Validity.IsUsable(), value != short.MinValue));
                    }
                }
            }

            Assert.Equal(samples, read);
        }
    }

    [Fact]
    public void Two_signals_of_one_name_keep_apart_and_a_rate_within_the_frame_is_its_own()
    {
        using var folder = new Folder();
        folder.Write("r.dat", new string('x', 120));
        folder.Write("r.hea", "r 3 125\nr.dat 16x4 200/mV 16 0 0 0 0 II\nr.dat 16 200/mV 16 0 0 0 0 MLII\nr.dat 16 10/mmHg 16 0 0 0 0 ABP\n");

        using var import = WfdbImport.Open(folder.New("r"));

        Assert.Equal([("ecg-ii", ""), ("ecg-ii", "signal-2"), ("abp", "")], import.Signals.Select(signal => (signal.Metric.SignalId, signal.Metric.Channel)));
        Assert.Equal([new SamplePeriod(1, 500), new SamplePeriod(1, 125), new SamplePeriod(1, 125)], import.Signals.Select(signal => signal.Period));
        Assert.Equal("wfdb-r", import.Device);
    }

    [Fact]
    public void Real_records_come_in_whole()
    {
        string? waveforms = Repository.Shared("data/waveforms");
        if (waveforms is null)
        {
            return;
        }

        foreach (string header in Directory.GetFiles(waveforms, "*.hea"))
        {
            using var reader = WfdbReader.Open(header);
            using var import = WfdbImport.Open(header);
            long samples = 0;
            foreach (Block block in import.Blocks([new SignalNumber(1)]))
            {
                samples += block is GapBlock gap ? gap.Missing : ((SampleBlock)block).Samples.Length;
            }

            Assert.Equal(reader.Frames, samples);
            Assert.DoesNotContain("raw/", import.Signals[0].Metric.SignalId, StringComparison.Ordinal);
        }
    }

    private static double Seconds(WfdbImport import, UtcInstant at) => at.Since(import.Start) / 1e9;

    private static WfdbImport Import(Folder folder, int[] samples, string line, int rate = 250)
    {
        byte[] bytes = new byte[samples.Length * 2];
        for (int i = 0; i < samples.Length; i++)
        {
            BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(i * 2), (short)samples[i]);
        }

        File.WriteAllBytes(folder.New("r.dat"), bytes);
        folder.Write("r.hea", $"r 1 {rate} {samples.Length}\nr.dat 16 {line}\n");
        return WfdbImport.Open(folder.New("r"));
    }
}
