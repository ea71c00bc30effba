using System.Buffers.Binary;
using Bedside.Simulators.Philips;
using Bedside.Simulators.Wfdb;

namespace Bedside.Tests.Simulators;

/// <summary>Records: what is read from the files, and that it passes through the protocol unchanged.</summary>
public sealed class RecordTests
{
    private const uint LeadII = 0x00020102;

    [Theory]
    [InlineData(16, "0100FFFF0080FF7F", new[] { 1, -1, WfdbRecord.Missing, 32767 })]
    [InlineData(61, "0001FFFF80007FFF", new[] { 1, -1, WfdbRecord.Missing, 32767 })]
    [InlineData(80, "8100FF", new[] { 1, WfdbRecord.Missing, 127 })]
    [InlineData(212, "01F0FFFF8700", new[] { 1, -1, 2047, WfdbRecord.Missing })]
    [InlineData(160, "0180FF7F0000", new[] { 1, -1, WfdbRecord.Missing })]
    public void Samples_are_read_in_every_format(int format, string hex, int[] expected)
    {
        WfdbRecord record = Read($"x 1 125 {expected.Length}\nx.dat {format} 200 12 0 0 0 0 II\n", hex);
        Assert.Equal(expected, record.Samples[0]);
    }

    [Fact]
    public void Several_signals_of_several_rates_lie_frame_by_frame_and_a_skew_is_taken_back()
    {
        WfdbRecord record = Read("x 2 125/125(0) 3\nx.dat 16x2 2963.77/mV 12 0 67 0 0 MCL1\nx.dat 16:1 12.84(-1605)/mmHg 12 0 0 0 0 ABP\n", "010002000A0003000400140005000600" + "1E00");
        Assert.Equal([1, 2, 3, 4, 5, 6], record.Samples[0]);
        Assert.Equal([20, 30, WfdbRecord.Missing], record.Samples[1]);
        Assert.Equal((250, 125), (record.Rate(0), record.Rate(1)));
        Assert.Equal((12.84m, -1605, "mmHg", "ABP"), (record.Header.Signals[1].Gain, record.Header.Signals[1].Baseline, record.Header.Signals[1].Units, record.Header.Signals[1].Description));
    }

    [Fact]
    public void What_cannot_be_read_says_why()
    {
        Assert.Throws<WfdbException>(() => WfdbHeader.Parse("# nothing\n"));
        Assert.Throws<WfdbException>(() => WfdbHeader.Parse("x/3 2 125 100\n"));
        Assert.Throws<WfdbException>(() => WfdbHeader.Parse("x 2 125 100\nx.dat 16 200 12 0 0 0 0 I\n"));
        Assert.Throws<WfdbException>(() => Read("x 1 125 100\nx.dat 16 200 12 0 0 0 0 I\n", "0100"));
        Assert.Throws<WfdbException>(() => Read("x 1 125 1\nx.dat 310 200 12 0 0 0 0 I\n", "0100"));
        Assert.Throws<WfdbException>(() => WfdbRecord.Open("/nowhere/x"));
    }

    [Theory]
    [InlineData("200", 0)]
    [InlineData("200", 2074)]
    [InlineData("16", -179)]
    [InlineData("12.84", 443)]
    [InlineData("40.95", -71)]
    [InlineData("1.25", 1948)]
    [InlineData("10520", 16384)]
    [InlineData("7247", 70000)]
    [InlineData("1637", 1230)]
    [InlineData("0.5", -3)]
    public void A_decimal_gain_gives_a_scale_without_rounding(string gain, int zero)
    {
        decimal counts = decimal.Parse(gain);
        (WaveScale scale, bool exact) = ExactScale.Of(counts, zero);
        Assert.True(exact);
        Assert.True(scale.LowerScaled < scale.UpperScaled);
        Assert.Equal((scale.LowerScaled - zero) / counts, Exact(scale.Lower));
        Assert.Equal((scale.UpperScaled - zero) / counts, Exact(scale.Upper));
    }

    [Theory]
    [InlineData("8.33333", 783)]
    [InlineData("11.31215519", 482)]
    public void A_gain_that_no_float_holds_gives_the_nearest_scale_and_says_so(string gain, int zero)
    {
        double counts = double.Parse(gain);
        (WaveScale scale, bool exact) = ExactScale.Of(decimal.Parse(gain), zero);
        Assert.False(exact);
        for (int raw = 0; raw < 65536; raw += 997)
        {
            double value = scale.Lower.Value + ((raw - scale.LowerScaled) * (scale.Upper.Value - scale.Lower.Value) / (scale.UpperScaled - scale.LowerScaled));
            Assert.Equal((raw - zero) / counts, value, 65536 / counts * 3e-7);
        }
    }

    [Theory]
    [InlineData(500, 16)]
    [InlineData(250, 32)]
    [InlineData(125, 64)]
    [InlineData(62.5, 128)]
    [InlineData(249.89, 32)]
    public void Counts_at_a_rate_of_the_protocol_pass_unchanged_but_for_the_offset(double rate, int ticks)
    {
        int[] samples = [.. Enumerable.Range(0, 300).Select(n => n % 17 == 5 ? WfdbRecord.Missing : (n * 37 % 4001) - 2000)];
        var signal = new WfdbSignal("x", 16, 1, 0, 0) { Gain = 200, Baseline = 12, Description = "II" };
        var wave = RecordedWave.Of(Lead(), signal, rate, samples);
        Assert.Equal(ticks, wave.Wave.TicksPerSample);
        ushort[] carried = new ushort[300];
        Assert.False(wave.Fill(0, once: true, carried));
        FixedValue invalid = Assert.Single(wave.Wave.FixedValues);
        Assert.Equal(FixedValue.Invalid, invalid.Id);
        for (int at = 0; at < samples.Length; at++)
        {
            Assert.Equal(samples[at] == WfdbRecord.Missing, (carried[at] & invalid.Value) == invalid.Value);
            Assert.True(samples[at] == WfdbRecord.Missing || carried[at] - 2048 == samples[at]);
        }
    }

    [Fact]
    public void Other_rates_are_interpolated_and_said_and_full_16_bits_have_no_room_for_a_mark()
    {
        int[] sine = [.. Enumerable.Range(0, 3600).Select(n => (int)Math.Round(1000 * Math.Sin(2 * Math.PI * n / 360.0)))];
        var signal = new WfdbSignal("x", 16, 1, 0, 0) { Description = "II" };
        var wave = RecordedWave.Of(Lead(), signal, 360, sine);
        Assert.Contains(wave.Remarks, r => r.Contains("resampled", StringComparison.Ordinal));
        ushort[] carried = new ushort[2000];
        _ = wave.Fill(0, once: true, carried);
        for (int at = 0; at < 2000; at++)
        {
            Assert.Equal(1000 * Math.Sin(2 * Math.PI * at / 500.0), carried[at] - 2048, 1.5);
        }

        var wide = RecordedWave.Of(Lead(), signal, 500, [-32_767, 32_767, WfdbRecord.Missing]);
        Assert.Equal(16, wide.Wave.SignificantBits);
        Assert.True(wide.Fill(0, once: true, new ushort[3]));
        Assert.Contains(wide.Remarks, r => r.Contains("invalid", StringComparison.Ordinal));
    }

    [Fact]
    public void A_record_plays_once_through_the_protocol_sample_for_sample_and_then_is_silent()
    {
        string folder = Directory.CreateTempSubdirectory("bedside").FullName;
        short[] samples = [.. Enumerable.Range(0, 1800).Select(n => n % 250 == 3 ? short.MinValue : (short)((n * 53 % 3001) - 1500))];
        File.WriteAllText(Path.Combine(folder, "r.hea"), "r 1 500 1800\nr.dat 16 200(24)/mV 16 0 0 0 0 ECG_II\n");
        byte[] bytes = new byte[3600];
        for (int at = 0; at < samples.Length; at++)
        {
            BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(2 * at), samples[at]);
        }

        File.WriteAllBytes(Path.Combine(folder, "r.dat"), bytes);
        Conversation talk = new Conversation("--accept-delay", "0", "--wfdb", Path.Combine(folder, "r"), "--once").Associated();
        talk.SetWaves(LeadII);
        talk.Poll(6, 9, 0, 480_000);
        talk.Run(9);
        Reply[] heard = [.. talk.Hear().Where(r => r.Command == 7)];
        ushort[] carried = [.. heard[1..].SelectMany(r => r.Objects.Single().Attributes[0x096E][6..].Chunk(2)).Select(b => (ushort)((b[0] << 8) | b[1]))];
        Directory.Delete(folder, recursive: true);

        // Fourteen whole blocks and a begun one, filled up with the mark.
        Assert.Equal(15 * 128, carried.Length);
        Assert.Equal(samples.Select(s => s == short.MinValue ? 0x4002 : s + 2048), carried.Take(1800).Select(s => (int)s));
        Assert.All(carried.Skip(1800), s => Assert.Equal(0x4002, s));
        Assert.True(heard[^1].Seconds < 9);
        Assert.Contains("over", talk.Log.ToString(), StringComparison.Ordinal);
        byte[] scale = heard[0].Objects.Single().Attributes[0x096F];
        Assert.Equal("00000000", Convert.ToHexString(scale[..4]));
        Assert.Equal(24 + 2048, (scale[8] << 8) | scale[9]);
    }

    [Fact]
    public void The_shared_records_are_played_where_they_are_at_hand()
    {
        if (Repository.Shared("data/waveforms") is not { } folder)
        {
            return;
        }

        foreach (string header in Directory.GetFiles(folder, "*.hea", SearchOption.AllDirectories))
        {
            var log = new StringWriter();
            RecordedSignals signals = RecordedSignals.Open([header], once: true, log);
            Assert.NotEmpty(signals.Waves);
            foreach (WaveObject wave in signals.Waves)
            {
                _ = signals.Fill(wave, 0, 0, new ushort[wave.BlockSamples]);
            }

            Assert.DoesNotContain("not played", log.ToString(), StringComparison.Ordinal);
        }
    }

    private static WaveObject Lead() => new(1, 686, LeadII, "II", 2, 0x10B2, 0x0102);

    private static decimal Exact(FloatValue value)
    {
        decimal power = 1;
        for (int at = 0; at < Math.Abs(value.Exponent); at++)
        {
            power *= 10;
        }

        return value.Exponent < 0 ? value.Mantissa / power : value.Mantissa * power;
    }

    private static WfdbRecord Read(string header, string hex) => WfdbRecord.Read(WfdbHeader.Parse(header), _ => Convert.FromHexString(hex));
}
