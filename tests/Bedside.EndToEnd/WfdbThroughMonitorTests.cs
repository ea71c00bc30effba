namespace Bedside.EndToEnd;

/// <summary>
/// A recording is played by the simulated monitor through its own protocol, captured by the box and exported again: what comes
/// out is what went in, sample by sample, with the right period and gain.
/// </summary>
public class WfdbThroughMonitorTests
{
    private const int LongEnough = 12;

    [Fact]
    public async Task A_record_of_two_rates_comes_out_as_it_went_in()
    {
        using var folder = new Folder();
        var random = new Random(3);
        var record = new WfdbRecord(
        [
            new WfdbRecord.Channel("II", 500, 200, 0, "mV", Walk(random, 500 * 60, 2000, 40)),
            new WfdbRecord.Channel("ABP", 125, 16, 160, "mmHg", Walk(random, 125 * 60, 2500, 60)),
        ]);
        record.Write(folder["made"], 125);
        await AssertRoundTripAsync(folder, folder["made"], record);
    }

    [Theory]
    [InlineData("ivue_rec1_ECGII")]
    [InlineData("ivue_rec1_ABP")]
    [InlineData("ivue_rec1_PLETH")]
    public async Task A_real_recording_comes_out_as_it_went_in(string name)
    {
        if (Installed.Shared($"data/waveforms/{name}.hea") is { } header)
        {
            using var folder = new Folder();
            await AssertRoundTripAsync(folder, header[..^4], WfdbRecord.Read(header));
        }
    }

    private static int[] Walk(Random random, int count, int bound, int step)
    {
        int[] samples = new int[count];
        for (int i = 1; i < count; i++)
        {
            samples[i] = Math.Clamp(samples[i - 1] + random.Next(-step, step + 1), -bound / 4, bound);
        }

        return samples;
    }

    private static async Task AssertRoundTripAsync(Folder folder, string recordPath, WfdbRecord original)
    {
        await using Running monitor = Installed.Simulator("philips-intellivue", "--udp", "127.0.0.1:0", "--wfdb", recordPath, "--accept-delay", "0.05");
        string address = (await monitor.LineAsync("ready ")).Replace("udp ", string.Empty, StringComparison.Ordinal);
        await using (Box box = await Box.StartAsync(folder["data"], "--udp", address))
        {
            await using LiveSocket live = await LiveSocket.OpenAsync(box.Address);
            await Until.TrueAsync(
                () => live.Spans.GroupBy(span => span.Signal).Count(one => one.Count() >= LongEnough * 4) >= original.Channels.Count,
                60,
                () => $"{live.Spans.Count()} blocks: {box.Process.Errors} {monitor.Errors}");
        }

        await using Running export = Installed.Bedside("export", "--data", folder["data"], "--format", "wfdb", "--out", folder["out"]);
        Assert.True(await export.EndAsync() == 0, export.Errors);
        List<WfdbRecord.Channel> exported =
        [
            .. Directory.GetFiles(folder["out"], "*.hea", SearchOption.AllDirectories).SelectMany(header => WfdbRecord.Read(header).Channels),
        ];
        Assert.All(original.Channels, channel => AssertEqual(channel, exported));
    }

    /// <summary>The exported signal is a piece of the original: there is one place where all of its samples fit.</summary>
    private static void AssertEqual(WfdbRecord.Channel original, List<WfdbRecord.Channel> exported)
    {
        WfdbRecord.Channel[] same =
        [
            .. exported.Where(channel => Math.Abs(channel.Hertz - original.Hertz) < 1e-9 && Math.Abs((channel.Gain / original.Gain) - 1) < 1e-9),
        ];
        Assert.True(same.Length > 0, $"no exported signal has {original.Hertz} Hz and gain {original.Gain}: {string.Join("; ", exported)}");
        Assert.Contains(same, channel => Fits(original, channel));
    }

    private static bool Fits(WfdbRecord.Channel original, WfdbRecord.Channel exported)
    {
        // Counts may be offset by the baseline: the value is what must agree.
        int[] part = [.. exported.Samples.SkipWhile(sample => sample == short.MinValue).Select(sample => sample - exported.Baseline + original.Baseline)];
        int end = Array.FindLastIndex(exported.Samples, sample => sample != short.MinValue);
        int length = part.Length - (exported.Samples.Length - 1 - end);
        if (length < LongEnough * original.Hertz * 0.9)
        {
            return false;
        }

        for (int start = 0; start + length <= original.Samples.Length; start++)
        {
            if (original.Samples.AsSpan(start, length).SequenceEqual(part.AsSpan(0, length)))
            {
                return true;
            }
        }

        return false;
    }
}
