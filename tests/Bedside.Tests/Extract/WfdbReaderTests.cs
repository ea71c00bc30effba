using Bedside.Extract;
using Bedside.Model;

namespace Bedside.Tests.Extract;

public sealed class WfdbReaderTests
{
    /// <summary>
    /// Bytes worked out by hand from the definitions of the formats: the samples of each line are 1, -2, 100, the format's
    /// largest, its smallest but one, and the missing code.
    /// </summary>
    [Theory]
    [InlineData(80, "817EE4FF0100", new[] { 1, -2, 100, 127, -127, -128 })]
    [InlineData(16, "0100FEFF6400FF7F01800080", new[] { 1, -2, 100, 32767, -32767, -32768 })]
    [InlineData(61, "0001FFFE00647FFF80018000", new[] { 1, -2, 100, 32767, -32767, -32768 })]
    [InlineData(160, "0180FE7F6480FFFF01000000", new[] { 1, -2, 100, 32767, -32767, -32768 })]
    [InlineData(24, "010000FEFFFF640000FFFF7F010080000080", new[] { 1, -2, 100, 8388607, -8388607, -8388608 })]
    [InlineData(32, "01000000FEFFFFFF64000000FFFFFF7F0100008000000080", new[] { 1, -2, 100, int.MaxValue, -int.MaxValue, int.MinValue })]
    [InlineData(212, "01F0FE6470FF018800", new[] { 1, -2, 100, 2047, -2047, -2048 })]
    public void Every_storage_format_is_read(int format, string hex, int[] samples)
    {
        using var folder = new Folder();
        File.WriteAllBytes(folder.New("r.dat"), Convert.FromHexString(hex));
        short sum = unchecked((short)samples.Sum(sample => (long)sample));
        folder.Write("r.hea", $"r 1 250 6\nr.dat {format} 200 16 0 1 {sum} 0 II\n");

        using var reader = WfdbReader.Open(folder.New("r"));

        Assert.Equal(samples, reader.Read(0, 0, 6));
        Assert.Equal(samples[3..5], reader.Read(0, 3, 2));
        Assert.Equal(samples[^1], reader.Header.Signals[0].Format.Missing);
        Assert.Empty(reader.Verify());
    }

    [Fact]
    public void Frames_of_several_signals_and_rates_are_taken_apart_and_skew_is_taken_out()
    {
        using var folder = new Folder();

        // Frame n: A has 10n, 10n+1, 10n+2; B has n, and comes two frames late. 5 frames, format 212, an odd start after 3 bytes of header.
        int[] stream = [.. Enumerable.Range(0, 5).SelectMany(n => new[] { 10 * n, (10 * n) + 1, (10 * n) + 2, n })];
        byte[] bytes = [0xAA, 0xAA, 0xAA, .. stream.Chunk(2).SelectMany(pair => new[] { (byte)pair[0], (byte)((pair[0] >> 8) | (pair[1] >> 8 << 4)), (byte)pair[1] })];
        File.WriteAllBytes(folder.New("r.dat"), bytes);
        folder.Write("r.hea", "r 2 125\nr.dat 212x3+3 100/mV\nr.dat 212:2+3 10(5)/mmHg 12 0 0 0 0 ABP line\n");

        using var reader = WfdbReader.Open(folder.New("r.hea"));

        Assert.Equal(5, reader.Frames);
        Assert.Equal([10, 11, 12, 20, 21, 22], reader.Read(0, 1, 2));
        Assert.Equal([2, 3, 4, -2048, -2048], reader.Read(1, 0, 5));
        Assert.Equal("ABP line", reader.Header.Signals[1].Description);
        Assert.Equal(new Scale(0.1, -0.5), reader.Header.Signals[1].Scale);
    }

    [Fact]
    public void A_header_with_everything_is_read()
    {
        var header = WfdbHeader.Parse("03700181.hea", "03700181 3 125/1000(5) 75000 17:27:45.5 15/08/1994 \r\n# hello\r\n\r\n03700181.dat 212x4 2963.77/mV 12 0 67 -11266 0 MCL1 \r\n"
            + "03700181.dat 212 12.84(-1605)/mmHg 12 0 -943 -23651 0 ABP \r\n03700181.dat 212:4 2000 12 7 -304 6310 0 RESP \r\n#info 1\r\n");

        Assert.Equal(new SamplePeriod(1, 125), header.FramePeriod);
        Assert.Equal(75000, header.Frames);
        Assert.Equal(new DateTime(1994, 8, 15, 17, 27, 45, 500, DateTimeKind.Unspecified), header.Base);
        Assert.Equal(["hello", "info 1"], header.Comments.ToArray());
        Assert.Equal((4, 0, 2963.77, 0L, "mV", 67, (short?)-11266, "MCL1"), Facts(header.Signals[0]));
        Assert.Equal((1, 0, 12.84, -1605L, "mmHg", -943, (short?)-23651, "ABP"), Facts(header.Signals[1]));
        Assert.Equal((1, 4, 2000.0, 7L, null, -304, 6310, "RESP"), Facts(header.Signals[2]));
    }

    [Theory]
    [InlineData("mitdb 2 360\na.dat 212 200\n", "r.hea, line 3: the header ends after 1 of 2 signal lines. Fetch the file again: it is cut short.")]
    [InlineData("long/3 2 125 3000\nlong_layout 0\nlong_0001 1000\n~ 500\nlong_0002 1500\n", "r.hea, line 1: this is a multi-segment record of 3 segments, which cannot be read as one. Read its segments one by one: long_0001, long_0002.")]
    [InlineData("# c\nr 1 360\na.dat 310 200\n", "r.hea, line 3: storage format 310 cannot be read here. Formats 16, 24, 32, 61, 80, 160 and 212 can: convert the record with WFDB's xform or rdsamp and wrsamp.")]
    [InlineData("r 1 fast\na.dat 16\n", "r.hea, line 1: “fast” is not a sampling rate in hertz. Correct the third field of the line.")]
    [InlineData("r 1 250 100 25:00:00\na.dat 16\n", "r.hea, line 1: “25:00:00” is not a time of day. Write it as HH:MM:SS.")]
    [InlineData("r 1 250 100 12:00:00 31/02/2020\na.dat 16\n", "r.hea, line 1: “31/02/2020” is not a date. Write it as DD/MM/YYYY, or take it away and say --start.")]
    [InlineData("r 1 250\n../a.dat 16\n", "r.hea, line 2: “../a.dat” is not a file beside the header. Put the signal file into the header's folder and name it plainly.")]
    [InlineData("r 1 250\na.dat 16 200(x)/mV\n", "r.hea, line 2: “200(x)/mV” is not a gain. It must be counts per unit, such as 200 or 200(1024)/mV.")]
    [InlineData("r 1 250\na.dat 16 200 12 0 zero\n", "r.hea, line 2: “zero” is not field 6. It must be a whole number: correct the line.")]
    [InlineData("", "r.hea, line 1: the header is empty. Fetch the file again.")]
    public void What_cannot_be_read_is_refused_with_file_line_and_remedy(string text, string message)
    {
        WfdbException refused = Assert.Throws<WfdbException>(() => WfdbHeader.Parse("r.hea", text));

        Assert.Equal(message, refused.Message);
    }

    [Fact]
    public void Missing_and_short_files_are_named()
    {
        using var folder = new Folder();
        folder.Write("r.hea", "r 1 250 100\nr.dat 16 200\n");

        Assert.StartsWith("no.hea: there is no such file. Looked in ", Assert.Throws<WfdbException>(() => WfdbReader.Open(folder.New("no"))).Message, StringComparison.Ordinal);
        Assert.Equal("r.dat: the header r.hea names this file, but it is not beside it. Fetch it into the same folder.", Assert.Throws<WfdbException>(() => WfdbReader.Open(folder.New("r"))).Message);
        folder.Write("r.dat", "1234567");
        Assert.Equal("r.dat: the file ends after 3 of the 100 frames that r.hea states. Fetch it again: it is cut short.", Assert.Throws<WfdbException>(() => WfdbReader.Open(folder.New("r"))).Message);
    }

    [Fact]
    public void A_flipped_bit_shows_in_the_checksum()
    {
        using var folder = new Folder();
        File.WriteAllBytes(folder.New("r.dat"), [1, 0, 2, 0, 7, 0]);
        folder.Write("r.hea", "r 1 250 3\nr.dat 16 200 16 0 1 6 0 II\n");

        using var reader = WfdbReader.Open(folder.New("r"));

        Assert.Equal(["r.dat, signal II: checksum 10, the header says 6"], reader.Verify());
    }

    [Theory]
    [InlineData("249.89", 100, 24989)]
    [InlineData("62.4725", 10000, 624725)]
    [InlineData("360", 1, 360)]
    [InlineData("976.5625", 128, 125000)]
    [InlineData("1.25e2", 1, 125)]
    [InlineData("0.9765625", 128, 125)]
    [InlineData("333.3333333333333", 3, 1000)]
    public void Rates_are_read_as_the_fraction_that_is_meant(string text, long numerator, long denominator)
    {
        Assert.True(WfdbRate.TryParse(text, out SamplePeriod period));
        Assert.Equal(new SamplePeriod(numerator, denominator), period);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-250")]
    [InlineData("NaN")]
    [InlineData("1e300")]
    [InlineData("")]
    public void What_is_no_rate_is_refused(string text) => Assert.False(WfdbRate.TryParse(text, out _));

    [Fact]
    public void Every_rate_that_a_device_may_have_survives_its_decimal_spelling()
    {
        var random = new Random(7);
        for (int i = 0; i < 20_000; i++)
        {
            var period = new SamplePeriod(random.Next(1, 1 << random.Next(1, 21)), random.Next(1, 1 << random.Next(1, 21)));
            if (period.Hertz is < 1e-3 or > 1e6)
            {
                continue;
            }

            Assert.True(WfdbRate.TryParse(WfdbRate.ToText(period), out SamplePeriod read));
            Assert.Equal(period, read);
        }
    }

    [Fact]
    public void A_header_that_was_read_and_written_is_the_same_header()
    {
        const string Text = "r 2 249.89 100 17:27:45.500 15/08/1994\na.dat 16 200(8192)/mV 16 0 -3 7 0 II\nb.dat 212x4:2+512 12.84(-1605)/mmHg 12 3 -943 -23651 0 ABP left\n# info\n";

        Assert.Equal(Text, WfdbHeader.Parse("r.hea", Text).ToText());
    }

    [Fact]
    public void Real_records_agree_with_their_checksums()
    {
        string? waveforms = Repository.Shared("data/waveforms");
        if (waveforms is null)
        {
            return;
        }

        string[] headers = Directory.GetFiles(waveforms, "*.hea", SearchOption.AllDirectories);
        Assert.NotEmpty(headers);
        foreach (string header in headers)
        {
            using var reader = WfdbReader.Open(header);
            Assert.All(reader.Header.Signals, line => Assert.NotNull(line.Checksum));
            Assert.Equal([], reader.Verify());
        }
    }

    [Fact]
    public void The_converted_copies_of_real_records_hold_the_samples_of_the_originals()
    {
        string? waveforms = Repository.Shared("data/waveforms");
        if (waveforms is null)
        {
            return;
        }

        using var whole = WfdbReader.Open(Path.Combine(waveforms, "original", "03700181"));
        using var ecg = WfdbReader.Open(Path.Combine(waveforms, "mimic1_03700181_ECGMCL1"));
        using var abp = WfdbReader.Open(Path.Combine(waveforms, "mimic1_03700181_ABP"));

        Assert.Equal(ecg.Read(0, 0, 300_000), whole.Read(0, 0, 75_000));
        Assert.Equal(abp.Read(0, 0, 75_000), whole.Read(1, 0, 75_000));
    }

    private static (int Frame, int Skew, double Gain, long Baseline, string? Unit, int? Initial, short? Checksum, string Description) Facts(WfdbSignal line) =>
        (line.SamplesPerFrame, line.Skew, line.Gain, line.Baseline, line.Unit, line.InitialValue, line.Checksum, line.Description);
}
