using Bedside.Ingest.Drivers;
using Bedside.Model;
using Bedside.Simulators.Nonin;
using Bedside.Simulators.Physiology;

namespace Bedside.Tests.Simulators.Streaming;

/// <summary>The Nonin simulator and its driver.</summary>
public class NoninTests
{
    [Theory]
    [InlineData("2")]
    [InlineData("7")]
    public void They_agree_on_values_and_curve(string format)
    {
        StreamingBench bench = Bench("--format", format).Run(20);

        Assert.Empty(bench.Of<DeviceEvent.Fault>());
        Assert.Empty(bench.Of<DeviceEvent.ClockRestarted>());
        Assert.Equal("48", Assert.Single(bench.Of<DeviceEvent.Identity>()).Device.Firmware);
        Assert.Equal(bench.Patient.Value(PatientValue.Spo2, bench.PatientTime), bench.Last("spo2")?.ToDouble() ?? 0, 1.0);
        Assert.Equal(bench.Patient.Value(PatientValue.PulseRate, bench.PatientTime), bench.Last("pr-spo2")?.ToDouble() ?? 0, 3.0);
        int[] pleth = [.. bench.Of<DeviceEvent.Samples>().SelectMany(samples => samples.Raw.ToArray())];
        Assert.InRange(pleth.Length, 19 * 75, 20 * 75);
        Assert.True(pleth.Max() > 1.2 * pleth.Min());
    }

    [Fact]
    public void A_rate_above_127_is_put_together_from_its_two_parts() =>
        Assert.Equal(150, Bench("--format", "7", "--fault", "tachycardia@1+9").Run(8).Last("pr-spo2")?.ToDouble());

    [Theory]
    [InlineData("garbage@5+3")]
    [InlineData("drop-bytes@5+5")]
    [InlineData("flip-bits@5+5")]
    [InlineData("double-bytes@5+5")]
    [InlineData("silence@5.05+4")]
    [InlineData("reboot@5.05+2")]
    [InlineData("truncate@5+5")]
    [InlineData("sync-loss@5+2")]
    [InlineData("dropped-frames@5+5")]
    [InlineData("disconnected@5+4")]
    [InlineData("sensor-alarm@5+4")]
    [InlineData("out-of-track@5+4")]
    [InlineData("artefact@5+4")]
    [InlineData("low-battery@5+4")]
    public void After_a_fault_values_and_curve_come_again(string fault)
    {
        StreamingBench bench = Bench("--fault", fault, "--format", fault[0] is 'd' or 's' ? "2" : "7").Run(11.5);
        int known = bench.Said.Count;
        bench.Run(5);

        DeviceEvent[] after = [.. bench.Said.Skip(known)];
        Assert.InRange(after.OfType<DeviceEvent.Numeric>().Count(numeric => numeric is { Metric.SignalId: "spo2", Value: not null, Validity: Validity.Valid }), 14, 16);
        Assert.InRange(after.OfType<DeviceEvent.Samples>().Sum(samples => samples.Raw.Length), 350, 400);
        Assert.Empty(after.OfType<DeviceEvent.Fault>());
    }

    private static StreamingBench Bench(params string[] options) => new(NoninOximeter.Kind, "nonin-df", options);
}
