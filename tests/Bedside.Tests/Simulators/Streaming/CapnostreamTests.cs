using Bedside.Ingest.Drivers;
using Bedside.Model;
using Bedside.Simulators.Capnostream;
using Bedside.Simulators.Physiology;

namespace Bedside.Tests.Simulators.Streaming;

/// <summary>The Capnostream simulator and its driver.</summary>
public class CapnostreamTests
{
    private const byte ChangesSetting = 60;

    [Theory]
    [InlineData("mmhg", "co2", "etco2", 1.0)]
    [InlineData("kpa", "co2", "etco2", 0.133322)]
    [InlineData("vol", "raw/capnostream-20/0/CO2", "raw/capnostream-20/4/EtCO2", 1 / 7.13)]
    public void They_agree_on_values_and_curve_in_every_unit(string unit, string wave, string number, double ofMercury)
    {
        StreamingBench bench = Bench("--unit", unit).Run(20);

        Assert.Empty(bench.Of<DeviceEvent.Fault>());
        Assert.Empty(bench.Of<DeviceEvent.ClockRestarted>());
        Assert.Equal(bench.Patient.Value(PatientValue.EndTidalCo2, bench.PatientTime) * ofMercury, bench.Last(number)?.ToDouble() ?? 0, 1.5 * ofMercury);
        Assert.Equal(bench.Patient.Value(PatientValue.Spo2, bench.PatientTime), bench.Last("spo2")?.ToDouble() ?? 0, 1.0);
        Assert.Equal(bench.Patient.Value(PatientValue.PulseRate, bench.PatientTime), bench.Last("pr-spo2")?.ToDouble() ?? 0, 3.0);
        Assert.Equal(bench.Patient.Value(PatientValue.RespirationRate, bench.PatientTime), bench.Last("resp-rate-co2")?.ToDouble() ?? 0, 1.0);
        DeviceEvent.Samples[] told = [.. bench.Of<DeviceEvent.Samples>().Where(samples => samples.Metric.SignalId == wave)];
        Assert.InRange(told.Sum(samples => samples.Raw.Length), 18 * 20, 20 * 20);
        double highest = told.Max(samples => samples.Raw.ToArray().Max(raw => samples.Scale!.Value.Physical(raw)));
        Assert.InRange(highest / ofMercury, 30, 50);
        Assert.InRange(bench.Of<DeviceEvent.Numeric>().Count(numeric => numeric.Metric.SignalId.EndsWith("end-of-breath", StringComparison.Ordinal)), 4, 7);
    }

    [Theory]
    [InlineData("B300001234", "Masimo")]
    [InlineData("B200001234", "Nellcor")]
    public void The_device_says_who_it_is_and_is_labelled_experimental(string serial, string oximetry)
    {
        DeviceIdentity identity = Bench("--sn", serial).Run(2).Of<DeviceEvent.Identity>().Single().Device;
        Assert.Equal((serial, "2.5", oximetry, true), (identity.SerialNumber, identity.Firmware, identity.Properties["oximetry"], identity.IsExperimental));
    }

    [Fact]
    public void The_link_is_kept_in_use_for_as_long_as_it_takes_and_no_setting_is_ever_sent()
    {
        StreamingBench bench = Bench().Run(60);
        Assert.InRange(bench.Of<DeviceEvent.Samples>().Sum(samples => samples.Raw.Length), 58 * 20, 60 * 20);
        Assert.DoesNotContain(bench.Sent, message => message[2] == ChangesSetting);
        Assert.DoesNotContain(bench.Driver.Traits.Outgoing, allowed => allowed.Bytes.Span[2] == ChangesSetting || !allowed.Mask.IsEmpty);
    }

    [Fact]
    public void Leaving_it_stops_what_was_started()
    {
        StreamingBench bench = Bench().Run(3);
        bench.Stop();
        Assert.Equal(["85010504", "85010203"], bench.Sent.TakeLast(2).Select(Convert.ToHexString));
    }

    [Fact]
    public void Numbers_that_moved_by_one_byte_are_not_believed()
    {
        StreamingBench bench = Bench("--fault", "shifted-numbers@3+6").Run(10);
        Assert.Contains(bench.Of<DeviceEvent.Fault>(), fault => fault.Reason.Contains("not in their places", StringComparison.Ordinal));
        Assert.DoesNotContain(bench.Of<DeviceEvent.Numeric>(), numeric => numeric.Metric.SignalId == "spo2" && numeric.Value?.ToDouble() < 60);
    }

    [Fact]
    public void An_alarm_lives_from_its_start_to_its_end()
    {
        StreamingBench bench = Bench("--fault", "no-breath@3+4", "--fault", "silenced@5+6").Run(12);
        Assert.Equal(
            [(AlertPhase.Start, false), (AlertPhase.Update, true), (AlertPhase.End, true)],
            bench.Of<DeviceEvent.AlertSaid>().Where(said => said.Alert.Text == "No breath").Select(said => (said.Alert.Phase, said.Alert.Silenced)));
    }

    [Theory]
    [InlineData("garbage@5+3")]
    [InlineData("drop-bytes@5+5")]
    [InlineData("flip-bits@5+5")]
    [InlineData("double-bytes@5+5")]
    [InlineData("silence@5.05+5")]
    [InlineData("reboot@5.05+3")]
    [InlineData("truncate@5+5")]
    [InlineData("shifted-numbers@5+5")]
    [InlineData("lost-samples@5+5")]
    [InlineData("no-filter-line@5+4")]
    [InlineData("occlusion@5+4")]
    [InlineData("no-breath@5+4")]
    [InlineData("sensor-off@5+4")]
    [InlineData("silenced@5+4")]
    [InlineData("battery-low@5+4")]
    [InlineData("clock-set@5")]
    public void After_a_fault_values_and_curve_come_again(string fault)
    {
        StreamingBench bench = Bench("--fault", fault).Run(16);
        int known = bench.Said.Count;
        bench.Run(5);

        DeviceEvent[] after = [.. bench.Said.Skip(known)];
        Assert.InRange(after.OfType<DeviceEvent.Numeric>().Count(numeric => numeric is { Metric.SignalId: "etco2", Value: not null, Validity: Validity.Valid }), 4, 6);
        Assert.InRange(after.OfType<DeviceEvent.Samples>().Sum(samples => samples.Raw.Length), 90, 110);
        Assert.Empty(after.OfType<DeviceEvent.Fault>());
    }

    [Theory]
    [InlineData("lost-samples@5+5")]
    [InlineData("drop-bytes@5+5")]
    [InlineData("flip-bits@5+5")]
    public void Samples_that_never_came_are_counted(string fault)
    {
        StreamingBench bench = Bench("--fault", fault).Run(20);
        long lost = bench.Of<DeviceEvent.Missing>().Where(missing => missing.Metric?.SignalId == "co2").Sum(missing => missing.Count);
        DeviceEvent.Samples last = bench.Of<DeviceEvent.Samples>().Last();
        Assert.True(lost > 0);
        Assert.Equal(bench.Of<DeviceEvent.Samples>().Sum(samples => samples.Raw.Length) + lost, ((long)last.At!.Value.Counter / 50_000_000) + last.Raw.Length);
    }

    private static StreamingBench Bench(params string[] options) => new(CapnostreamMonitor.Kind, "capnostream-20", options);
}
