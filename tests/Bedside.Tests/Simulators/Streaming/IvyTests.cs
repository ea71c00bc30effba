using Bedside.Ingest.Drivers;
using Bedside.Simulators.Ivy;
using Bedside.Simulators.Physiology;

namespace Bedside.Tests.Simulators.Streaming;

/// <summary>The Ivy simulator and its driver.</summary>
public class IvyTests
{
    [Fact]
    public void They_agree_on_values_and_curves()
    {
        StreamingBench bench = Bench("--p2").Run(30.7);

        Assert.Empty(bench.Of<DeviceEvent.Fault>());
        Assert.Equal("450C", Assert.Single(bench.Of<DeviceEvent.Identity>()).Device.Model);
        Assert.Equal(bench.Patient.Value(PatientValue.HeartRate, bench.PatientTime), bench.Last("hr")?.ToDouble() ?? 0, 3.0);
        Assert.Equal(bench.Patient.Value(PatientValue.Spo2, bench.PatientTime), bench.Last("spo2")?.ToDouble() ?? 0, 1.0);
        DeviceEvent.Samples[] arterial = [.. bench.Of<DeviceEvent.Samples>().Where(samples => samples.Metric is { SignalId: "ibp-generic", Channel: "P1" })];
        Assert.InRange(arterial.Length, 29, 30);
        double most = arterial[^3..].Max(samples => samples.Raw.ToArray().Max());
        Assert.Equal(bench.Patient.Value(PatientValue.AbpSystolic, bench.PatientTime), most, 6.0);
        Assert.Equal(29, bench.Of<DeviceEvent.Samples>().Count(samples => samples is { Metric.SignalId: "ecg-ii", At.Counter: > 0 }));
    }

    [Theory]
    [InlineData("garbage@5+3")]
    [InlineData("drop-bytes@5+5")]
    [InlineData("flip-bits@5+5")]
    [InlineData("double-bytes@5+5")]
    [InlineData("silence@5.3+4")]
    [InlineData("reboot@5.3+4")]
    [InlineData("truncate@5+5")]
    [InlineData("lost-end@5+4")]
    [InlineData("lead-off@5+4")]
    [InlineData("no-transducer@5+4")]
    [InlineData("unknown-line@5+4")]
    [InlineData("alarm@5+4")]
    public void After_a_fault_values_and_curves_come_again(string fault)
    {
        StreamingBench bench = Bench("--fault", fault).Run(12);
        int known = bench.Said.Count;
        bench.Run(5);

        DeviceEvent[] after = [.. bench.Said.Skip(known)];
        Assert.InRange(after.OfType<DeviceEvent.Numeric>().Count(numeric => numeric.Metric.SignalId == "hr" && numeric.Value is not null), 4, 5);
        Assert.InRange(after.OfType<DeviceEvent.Samples>().Count(samples => samples.Metric is { SignalId: "ibp-generic", Channel: "P1" }), 4, 5);
        Assert.Empty(after.OfType<DeviceEvent.Fault>());
        Assert.Empty(after.OfType<DeviceEvent.ClockRestarted>());
    }

    [Fact]
    public void A_lost_end_costs_nothing() =>
        Assert.InRange(Bench("--fault", "lost-end@5+4").Run(14.7).Of<DeviceEvent.Numeric>().Count(numeric => numeric.Metric.SignalId == "hr"), 13, 14);

    private static StreamingBench Bench(params string[] options) => new(IvyMonitor.Kind, "ivy-450c", options);
}
