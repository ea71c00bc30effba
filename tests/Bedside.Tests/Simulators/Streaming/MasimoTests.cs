using Bedside.Ingest.Drivers;
using Bedside.Model;
using Bedside.Simulators.Masimo;
using Bedside.Simulators.Physiology;

namespace Bedside.Tests.Simulators.Streaming;

/// <summary>The Masimo simulator and its driver.</summary>
public class MasimoTests
{
    [Theory]
    [InlineData("rad-8", "crlf")]
    [InlineData("radical-7", "lfcr")]
    [InlineData("rainbow", "lf")]
    [InlineData("rad-5", "cr")]
    public void They_agree_on_values_for_every_layout(string model, string end)
    {
        StreamingBench bench = Bench("--model", model, "--line-end", end, "--sn", "77", "--jitter", "200").Run(30.5);

        Assert.Empty(bench.Of<DeviceEvent.Fault>());
        Assert.Equal(model == "rad-5" ? "" : "0000000077", Assert.Single(bench.Of<DeviceEvent.Identity>()).Device.SerialNumber);
        Assert.Equal(bench.Patient.Value(PatientValue.Spo2, bench.PatientTime), bench.Last("spo2")?.ToDouble() ?? 0, 1.0);
        Assert.Equal(bench.Patient.Value(PatientValue.PulseRate, bench.PatientTime), bench.Last("pr-spo2")?.ToDouble() ?? 0, 3.0);
        Assert.Equal(bench.Patient.Value(PatientValue.PerfusionIndex, bench.PatientTime), bench.Last("perfusion-index")?.ToDouble() ?? 0, 0.05);
        Assert.InRange(bench.Of<DeviceEvent.WallClock>().Count(), 28, 30);
        Assert.Contains(bench.Of<DeviceEvent.AlertSaid>(), said => said.Alert is { Text: "Pulse search", Phase: AlertPhase.End });
    }

    [Fact]
    public void A_sensor_that_fell_off_makes_printed_values_invalid()
    {
        StreamingBench bench = Bench("--fault", "sensor-off@5+5").Run(8);
        DeviceEvent.Numeric last = bench.Of<DeviceEvent.Numeric>().Last(numeric => numeric.Metric.SignalId == "spo2");
        Assert.NotNull(last.Value);
        Assert.False(last.Validity.IsUsable());
    }

    [Theory]
    [InlineData("garbage@5+3")]
    [InlineData("drop-bytes@5+5")]
    [InlineData("flip-bits@5+5")]
    [InlineData("double-bytes@5+5")]
    [InlineData("silence@5.05+4")]
    [InlineData("reboot@5.05+2")]
    [InlineData("truncate@5+5")]
    [InlineData("no-sensor@5+4")]
    [InlineData("sensor-off@5+4")]
    [InlineData("low-perfusion@5+4")]
    [InlineData("interference@5+4")]
    [InlineData("desaturation@5+4")]
    [InlineData("silenced@5+4")]
    [InlineData("low-battery@5+4")]
    [InlineData("clock-set@5")]
    [InlineData("unknown-key@5+4")]
    public void After_a_fault_values_come_again(string fault)
    {
        StreamingBench bench = Bench("--fault", fault).Run(13);
        int known = bench.Said.Count;
        bench.Run(5);

        DeviceEvent[] after = [.. bench.Said.Skip(known)];
        Assert.InRange(after.OfType<DeviceEvent.Numeric>().Count(numeric => numeric is { Metric.SignalId: "spo2", Value: not null, Validity: Validity.Valid }), 4, 5);
        Assert.Empty(after.OfType<DeviceEvent.Fault>());
    }

    private static StreamingBench Bench(params string[] options) => new(MasimoOximeter.Kind, "masimo-ascii", options);
}
