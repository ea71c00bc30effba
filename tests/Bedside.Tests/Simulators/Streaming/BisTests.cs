using Bedside.Ingest.Drivers;
using Bedside.Model;
using Bedside.Simulators.Bis;

namespace Bedside.Tests.Simulators.Streaming;

/// <summary>The BIS simulator and its driver.</summary>
public class BisTests
{
    private const int PerSecond = 128;

    [Theory]
    [InlineData]
    [InlineData("--divisors")]
    [InlineData("--bursts")]
    public void They_agree_on_values_and_curves(params string[] options)
    {
        StreamingBench bench = Bench(options).Run(20);

        Assert.Empty(bench.Of<DeviceEvent.Fault>());
        Assert.Empty(bench.Of<DeviceEvent.Missing>());
        Assert.True(bench.Of<DeviceEvent.Identity>().Last().Device.IsExperimental);
        Assert.InRange(Shown(bench, "bis"), 41, 50);
        Assert.Equal(95.5, Shown(bench, "bis-sqi"));
        Assert.Equal(0.0, Shown(bench, "bsr"));
        Assert.InRange(Shown(bench, "sef"), 13, 17.3);
        Assert.Equal(28.5, Shown(bench, "raw/bis-binary/34/EMG"));
        Assert.Equal(options.Contains("--bursts"), bench.Of<DeviceEvent.Numeric>().Any(numeric => numeric.Metric.SignalId == "raw/bis-binary/34/bursts"));
        foreach (string id in new[] { "eeg-1", "eeg-2" })
        {
            DeviceEvent.Samples[] told = [.. bench.Of<DeviceEvent.Samples>().Where(samples => samples.Metric.SignalId == id)];
            Assert.InRange(told.Sum(samples => samples.Raw.Length), 18 * PerSecond, 20 * PerSecond);
            Assert.InRange(told.Max(samples => samples.Raw.ToArray().Max(raw => samples.Scale!.Value.Physical(raw))), 20, 37.1);
            Assert.All(told, samples => Assert.Equal((0.05, 161.7), (samples.Scale!.Value.Gain, samples.Scale!.Value.Offset), new Near()));
        }
    }

    [Fact]
    public void The_three_blocks_are_kept_apart_and_the_third_is_what_is_shown()
    {
        StreamingBench bench = Bench().Run(3);
        DeviceEvent.Numeric[] told = [.. bench.Of<DeviceEvent.Numeric>().Where(numeric => numeric.Metric.Label == "BIS").Take(3)];
        Assert.Equal(["raw/bis-binary/34.1/BIS", "raw/bis-binary/34.2/BIS", "bis"], told.Select(numeric => numeric.Metric.SignalId));
        Assert.Equal([0, 1, 2], told.Select(numeric => (int)(numeric.Value!.Value.Mantissa - told[0].Value!.Value.Mantissa)));
    }

    [Fact]
    public void A_sensor_that_is_off_leaves_no_value()
    {
        StreamingBench bench = Bench("--fault", "sensor-off@5+20").Run(10);
        Assert.Null(bench.Last("bis"));
        Assert.Null(bench.Last("bis-sqi"));
        Assert.True(bench.Of<DeviceEvent.Numeric>().Last(numeric => numeric.Metric.SignalId == "bis").Validity.HasFlag(Validity.NotAvailable));
    }

    [Fact]
    public void Samples_that_look_like_the_start_of_a_frame_split_nothing()
    {
        StreamingBench bench = Bench("--fault", "start-in-data@3+4").Run(10);
        Assert.Empty(bench.Of<DeviceEvent.Fault>());
        Assert.Contains(bench.Of<DeviceEvent.Samples>(), samples => samples.Raw.Span.Contains(-21_574));
    }

    [Fact]
    public void Leaving_it_stops_what_was_started()
    {
        StreamingBench bench = Bench().Run(3);
        bench.Stop();
        Assert.Equal([(byte)0x70, (byte)0x74], bench.Sent.TakeLast(2).Select(message => message[12]));
    }

    [Fact]
    public void A_refusal_is_said_and_not_repeated_at_once()
    {
        StreamingBench bench = Bench("--fault", "refuses@0+30").Run(20);
        Assert.InRange(bench.Sent.Count, 2, 3);
        Assert.Contains(bench.Of<DeviceEvent.Fault>(), fault => fault.Reason.Contains("refused", StringComparison.Ordinal));
        Assert.NotNull(bench.Run(100).Last("bis"));
    }

    [Theory]
    [InlineData("garbage@5+3")]
    [InlineData("drop-bytes@5+5")]
    [InlineData("flip-bits@5+5")]
    [InlineData("double-bytes@5+5")]
    [InlineData("silence@5.05+4")]
    [InlineData("reboot@5.05+2")]
    [InlineData("truncate@5+5")]
    [InlineData("sensor-off@5+4")]
    [InlineData("suppression@5+4")]
    [InlineData("start-in-data@5+4")]
    [InlineData("lost-frames@5+5")]
    public void After_a_fault_values_and_curves_come_again(string fault)
    {
        StreamingBench bench = Bench("--fault", fault).Run(16);
        int known = bench.Said.Count;
        bench.Run(5);

        DeviceEvent[] after = [.. bench.Said.Skip(known)];
        Assert.InRange(after.OfType<DeviceEvent.Numeric>().Count(numeric => numeric is { Metric.SignalId: "bis", Value: not null }), 4, 6);
        Assert.InRange(after.OfType<DeviceEvent.Samples>().Where(samples => samples.Metric.SignalId == "eeg-1").Sum(samples => samples.Raw.Length), 4 * PerSecond, 6 * PerSecond);
        Assert.Empty(after.OfType<DeviceEvent.Fault>());
    }

    [Fact]
    public void Samples_that_never_came_are_counted()
    {
        StreamingBench bench = Bench("--fault", "lost-frames@5+5").Run(30);
        long lost = bench.Of<DeviceEvent.Missing>().Where(missing => missing.Metric?.SignalId == "eeg-1").Sum(missing => missing.Count);
        long told = bench.Of<DeviceEvent.Samples>().Where(samples => samples.Metric.SignalId == "eeg-1").Sum(samples => samples.Raw.Length);
        Assert.InRange(lost, PerSecond / 4, 3 * PerSecond);
        Assert.InRange((told + lost) / (double)PerSecond, 28.5, 30);
    }

    private static double Shown(StreamingBench bench, string id) =>
        bench.Of<DeviceEvent.Numeric>().Last(numeric => numeric.Metric.SignalId == id).Value?.ToDouble() ?? double.NaN;

    private static StreamingBench Bench(params string[] options) => new(BisMonitor.Kind, "bis-binary", options);

    private sealed class Near : IEqualityComparer<(double Gain, double Offset)>
    {
        public bool Equals((double Gain, double Offset) x, (double Gain, double Offset) y) => Math.Abs(x.Gain - y.Gain) < 1e-12 && Math.Abs(x.Offset - y.Offset) < 1e-9;

        public int GetHashCode((double Gain, double Offset) obj) => 0;
    }
}
