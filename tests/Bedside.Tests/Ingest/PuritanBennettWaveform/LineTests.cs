using System.Text;
using Bedside.Ingest.Drivers;
using Bedside.Ingest.Drivers.PuritanBennettWaveform;
using Bedside.Ingest.Links;
using Bedside.Model;

namespace Bedside.Tests.Ingest.PuritanBennettWaveform;

/// <summary>Which lines are whose, and what becomes of them.</summary>
public class LineTests
{
    private static readonly PuritanBennettWaveformDriver Driver = new();

    [Fact]
    public void TheExampleOfTheSheetIsABreathAndASample()
    {
        var ear = Ear.Heard(Driver, Convert.FromHexString("42532C20533A36353432362C0A332E31342C2031312E34310A"));
        Assert.Equal("65426", ear.Number("raw/puritan-bennett/BS/breath-number"));
        Assert.Equal([3.14], ear.Curve("airway-flow"), (expected, told) => Math.Abs(expected - told) < 1e-9);
        Assert.Equal([11.41], ear.Curve("paw"), (expected, told) => Math.Abs(expected - told) < 1e-9);
        Assert.Empty(ear.Faults);
    }

    [Theory]
    [InlineData("3.14, 11.41", 314, 1141)]
    [InlineData("-114.85, -0.06", -11485, -6)]
    [InlineData("231.01, 29.85", 23101, 2985)]
    [InlineData("0.00,0.00", 0, 0)]
    [InlineData(" -0.10 ,  5.00  ", -10, 500)]
    public void ASampleIsTwoNumbersWithTwoDecimals(string text, int flow, int pressure) =>
        Assert.Equal(new WaveLine(LineKind.Sample, 0, flow, pressure), Read(text));

    [Theory]
    [InlineData("30")]
    [InlineData("3.14")]
    [InlineData("3.14,")]
    [InlineData("3.1, 11.41")]
    [InlineData("3.14, 11.4")]
    [InlineData("3.14, 11.415")]
    [InlineData("314, 1141")]
    [InlineData("3.14, 11.41, 5.00")]
    [InlineData("3.14 11.41")]
    [InlineData("3.14, 11.419.18, 10.51")]
    [InlineData("--3.14, 11.41")]
    [InlineData(".14, 11.41")]
    [InlineData("1234.56, 11.41")]
    [InlineData("BS, S:")]
    [InlineData("BS, S:12a,")]
    [InlineData("BS S:12,")]
    [InlineData("BS, S:1234567890,")]
    [InlineData("BEE")]
    public void WhatMayHaveLostACharacterIsNothing(string text) => Assert.Equal(LineKind.Unknown, Read(text).Kind);

    [Theory]
    [InlineData("BS, S:65426,", 65426)]
    [InlineData("BS, S:7", 7)]
    [InlineData("BS,S: 7 ,", 7)]
    public void ABreathBeginsWithItsNumber(string text, long number) => Assert.Equal((LineKind.BreathBegins, number), (Read(text).Kind, Read(text).Breath));

    [Fact]
    public void LineEndsOfEveryKindAreAlike()
    {
        string[] lines = [.. Stream("\n").Lines];
        Assert.Equal(lines, Stream("\r\n").Lines.Select(line => line));
        Assert.Equal(lines, Stream("\r").Lines);

        static Ear Stream(string end) => Ear.Heard(Driver, Encoding.ASCII.GetBytes(string.Concat(Breaths(2, 30).Select(line => line + end))));
    }

    [Fact]
    public void TheTimeThatARecorderPutBeforeTheLinesIsNoLine() =>
        Assert.Empty(Ear.Heard(Driver, Encoding.ASCII.GetBytes("2016-07-23-03-39-53.203623\n" + string.Concat(Breaths(1, 10).Select(line => line + "\n")))).Faults);

    [Fact]
    public void SamplesAreCountedAsTimeAtFiftyHertz()
    {
        var ear = Ear.Heard(Driver, Bytes(Breaths(2, 33)));
        DeviceEvent.Samples[] flow = [.. ear.Of<DeviceEvent.Samples>().Where(said => said.Metric.SignalId == "airway-flow")];
        ulong due = 0;
        Assert.All(flow, run =>
        {
            Assert.Equal((new SamplePeriod(1, 50), due), (run.Period, run.At!.Value.Counter));
            due += (ulong)run.Raw.Length * 20_000_000;
        });
        Assert.Equal(66UL * 20_000_000, due);
        Assert.Equal([0UL, 660_000_000], ear.Of<DeviceEvent.Numeric>().Select(said => said.At!.Value.Counter));
    }

    /// <summary>A breath may last longer than ten seconds (498 samples were recorded).</summary>
    [Fact]
    public void ALongBreathIsNotCut() => Assert.Equal(2000, Ear.Heard(Driver, Bytes(Breaths(1, 2000))).Curve("paw").Count);

    [Fact]
    public void ABreathWithoutEndEndsWithTheNextAndIsSaid()
    {
        string[] lines = [.. Breaths(2, 20).Where(line => line != "BE")];
        var ear = Ear.Heard(Driver, Bytes(lines));
        Assert.Equal(40, ear.Curve("paw").Count);
        Assert.Equal("a breath began before the one before had ended", Assert.Single(ear.Faults).Reason);
    }

    [Fact]
    public void BreathsThatNeverCameAreSaidAndANumberThatFallsIsNot()
    {
        var lost = Ear.Heard(Driver, Bytes([.. Breaths(1, 10, first: 7), .. Breaths(1, 10, first: 10)]));
        Assert.Equal("the breaths from 8 to 9 never came", Assert.Single(lost.Faults).Reason);
        Assert.Equal(2, Assert.Single(lost.Of<DeviceEvent.Missing>()).Count);
        Assert.Empty(Ear.Heard(Driver, Bytes([.. Breaths(1, 10, first: 99_999), .. Breaths(1, 10, first: 0)])).Faults);
    }

    [Fact]
    public void SamplesOutsideOfABreathAreSamplesToo() =>
        Assert.Equal(60, Ear.Heard(Driver, Bytes([.. Breaths(1, 20), .. Samples(20), .. Breaths(1, 20, first: 2)])).Curve("paw").Count);

    [Fact]
    public void ADamagedLineIsOneSampleMissing()
    {
        string[] lines = [.. Breaths(1, 30)];
        lines[15] = "30";
        var ear = Ear.Heard(Driver, Bytes(lines));
        Assert.Single(ear.Faults);
        DeviceEvent.Missing missing = ear.Of<DeviceEvent.Missing>().Single(said => said.Metric?.SignalId == "paw");
        Assert.Equal((1L, 14UL * 20_000_000), (missing.Count, missing.At!.Value.Counter));
        Assert.Equal(15UL * 20_000_000, ear.Of<DeviceEvent.Samples>().First(said => said.Metric.SignalId == "paw" && said.At!.Value.Counter > 14UL * 20_000_000).At!.Value.Counter);
    }

    /// <summary>Every byte lost, doubled or turned, everywhere: never an exception, and no more than the touched lines are wrong.</summary>
    [Fact]
    public void OneDamagedByteCostsTwoLinesAtMost()
    {
        byte[] bytes = Bytes(Breaths(3, 12));
        double[] whole = [.. Ear.Heard(Driver, bytes).Curve("airway-flow")];
        var random = new Random(50);
        for (int at = 0; at < bytes.Length; at++)
        {
            byte turned = (byte)(bytes[at] ^ (1 << random.Next(8)));
            foreach (byte[] one in (byte[][])[[.. bytes[..at], .. bytes[(at + 1)..]], [.. bytes[..at], bytes[at], .. bytes[at..]], [.. bytes[..at], turned, .. bytes[(at + 1)..]]])
            {
                double[] told = [.. Ear.Heard(Driver, one).Curve("airway-flow")];
                Assert.InRange(told.Length, whole.Length - 2, whole.Length);
                Assert.InRange(told.Except(whole).Count(), 0, 1);
            }
        }
    }

    [Fact]
    public void EveryTruncationIsSurvivedAndWhatFollowsIsRead()
    {
        byte[] bytes = Bytes(Breaths(1, 12));
        for (int length = 0; length < bytes.Length; length++)
        {
            var ear = Ear.Heard(Driver, (byte[])[.. bytes[..length], (byte)'\n', .. bytes]);
            Assert.InRange(ear.Curve("paw").Count, 12, 24);
        }
    }

    [Fact]
    public void TheOtherPortIsSaidToBeWhatItIs() =>
        Assert.Equal(
            "this port is set to DCI and answers another host; waveforms come from a port set to waveforms",
            Ear.Heard(Driver, "MISCA,706,97,\u000214:47 ,840 3510053249    ,\r"u8.ToArray()).Faults.First(fault => fault.Reason.Contains("DCI", StringComparison.Ordinal)).Reason);

    [Fact]
    public void SamplesThatWereHeldBackAreToldWhenNoMoreCome()
    {
        var ear = new Ear(Driver);
        IDriverSession session = Driver.Open(new SessionOptions(Transport.Serial));
        session.OnChunk(new Chunk(default, Bytes(Breaths(1, 7)[..8])), ear);
        Assert.Empty(ear.Of<DeviceEvent.Samples>());
        session.OnChunk(new Chunk(new MonotonicInstant(300_000_000), default), ear);
        Assert.Equal(7, ear.Curve("paw").Count);
        session.OnChunk(new Chunk(new MonotonicInstant(5_100_000_000), default), ear);
        Assert.Equal([true, false], ear.Of<DeviceEvent.Link>().Select(link => link.Receiving));
    }

    /// <summary>A pause on the line is time in which samples are missing: the count goes on behind it.</summary>
    [Theory]
    [InlineData(4.0, 199)]
    [InlineData(0.3, 15)]
    public void APauseIsCountedAsMissingSamples(double pause, int missing)
    {
        var ear = new Ear(Driver);
        IDriverSession session = Driver.Open(new SessionOptions(Transport.Serial));
        double now = 0;
        for (int sample = 0; sample < 600; sample++)
        {
            now += sample == 300 ? pause + 0.02 : 0.02;
            session.OnChunk(new Chunk(new MonotonicInstant((long)(now * 1e9)), Bytes(["1.00, 2.00"])), ear);
        }

        session.Stop(ear);
        Assert.Equal(missing, ear.Of<DeviceEvent.Missing>().Where(said => said.Metric?.SignalId == "paw").Sum(said => said.Count), 1.0);
        DeviceEvent.Samples last = ear.Of<DeviceEvent.Samples>().Last(said => said.Metric.SignalId == "paw");
        Assert.Equal(now - 0.02, (last.At!.Value.Counter / 1e9) + ((last.Raw.Length - 1) * 0.02), 0.05);
        Assert.Equal(600, ear.Curve("paw").Count);
    }

    /// <summary>An adapter that hands over sixteen lines at a time loses none.</summary>
    [Fact]
    public void BundledArrivalsAreNoPause()
    {
        var ear = new Ear(Driver);
        IDriverSession session = Driver.Open(new SessionOptions(Transport.Serial));
        for (int bundle = 1; bundle <= 60; bundle++)
        {
            session.OnChunk(new Chunk(new MonotonicInstant(bundle * 320_000_000L), Bytes([.. Samples(16)])), ear);
        }

        Assert.Empty(ear.Of<DeviceEvent.Missing>());
    }

    private static WaveLine Read(string text) => WaveLine.Read(Encoding.ASCII.GetBytes(text));

    private static byte[] Bytes(IEnumerable<string> lines) => Encoding.ASCII.GetBytes(string.Concat(lines.Select(line => line + "\n")));

    private static IEnumerable<string> Samples(int count) => Enumerable.Range(0, count).Select(i => $"{20 + (i % 100)}.{i % 100:D2}, {5 + (i % 7)}.{i % 10}1");

    private static string[] Breaths(int count, int samples, int first = 1) =>
        [.. Enumerable.Range(first, count).SelectMany(number => (string[])[$"BS, S:{number},", .. Samples(samples), "BE"])];
}
