using System.Globalization;
using Bedside.Ingest.Drivers;
using Bedside.Model;
using Bedside.Simulators.Physiology;
using Bedside.Simulators.Servo;
using Bedside.Tests.Ingest.Ventilators;

namespace Bedside.Tests.Simulators.Servo;

/// <summary>The product's driver and the simulator, written apart from the same sheet, in one conversation.</summary>
public sealed class DriverMeetsServoTests
{
    private const string Driver = "servo-cie";
    private const double CmH2O = 1.01972;

    [Theory]
    [InlineData("i", "5")]
    [InlineData("i", "1")]
    [InlineData("i", "2")]
    [InlineData("s", "4")]
    [InlineData("u", "5")]
    [InlineData("air", "3")]
    public void They_agree_on_values_and_curves_in_every_version(string model, string highest)
    {
        SimulatedLine line = new SimulatedLine(ServoPorts.Servo, Driver, "--model", model, "--highest", highest, "--serial", "4711").Run(60);

        Assert.Empty(line.Ear.Faults);
        Assert.Empty(line.Ear.Of<DeviceEvent.Missing>());
        DeviceIdentity device = line.Ear.Of<DeviceEvent.Identity>().Last().Device;
        Assert.Equal(("Getinge", $"Servo-{model}", "4711", $"CIE 00{highest}"), (device.Manufacturer, device.Model, device.SerialNumber, device.Protocol));
        Assert.Equal(model.Length > 1 || model == "u", device.Properties.ContainsKey("support"));
        Check(line, "ppeak", PatientValue.PeakPressure, CmH2O, 0.8);
        Check(line, "vt-exp", PatientValue.ExpiredTidalVolume, 1, 40);
        Check(line, "mv-exp", PatientValue.MinuteVolume, 1, 0.8);
        Check(line, "fio2-vent", PatientValue.InspiredOxygen, 1, 0.6);
        Check(line, "compliance-static", PatientValue.StaticCompliance, 1 / CmH2O, 4);
        Assert.Equal("PC", line.Ear.Text("set-vent-mode"));
        Assert.Equal("-2.0", line.Ear.Number("set-trigger-pressure"));
        IReadOnlyList<double> flow = line.Ear.Curve("airway-flow");
        IReadOnlyList<double> pressure = line.Ear.Curve("paw");
        Assert.InRange(flow.Count, 2000, 3000);
        Assert.Equal(flow.Count, pressure.Count);
        Assert.Equal(model == "i", line.Ear.Curve("co2").Count > 0);
        double most = pressure.Max();
        Assert.Equal(line.Patient.Value(PatientValue.PeakPressure, line.PatientTime) * CmH2O, most, 1.5);
    }

    [Theory]
    [InlineData(4, 1)]
    [InlineData(10, 2)]
    [InlineData(14, 2)]
    [InlineData(20, 4)]
    [InlineData(100, 4)]
    public void As_many_curves_are_asked_for_as_the_line_carries_at_the_sampling_time_it_has(int milliseconds, int curves)
    {
        SimulatedLine line = new SimulatedLine(ServoPorts.Servo, Driver, "--sampling", milliseconds.ToString(CultureInfo.InvariantCulture)).Run(60);

        Assert.Empty(line.Ear.Faults);
        Assert.Equal(curves, line.Ear.Of<DeviceEvent.Samples>().Select(samples => samples.Metric.SignalId).Distinct().Count());
        Assert.All(line.Ear.Of<DeviceEvent.Samples>(), samples => Assert.Equal(new SamplePeriod(milliseconds, 1000), samples.Period));
        Assert.Equal(line.Clock.Now / 1e9, (line.Ear.Curve("airway-flow").Count * milliseconds / 1000.0) + 5.7, 1.0);
    }

    /// <summary>Sample by sample, from the first one of the stream.</summary>
    [Fact]
    public void Curves_are_the_patients_own()
    {
        SimulatedLine line = new SimulatedLine(ServoPorts.Servo, Driver).Run(40);
        IReadOnlyList<double> flow = line.Ear.Curve("airway-flow");
        IReadOnlyList<double> volume = line.Ear.Curve("airway-volume");
        long start = Enumerable.Range(0, 8_000).Select(i => (i * 1_000_000L) + 4_000_000_000).MinBy(at => Enumerable.Range(0, 60).Sum(i =>
            Math.Abs((line.Patient.Wave(PatientWave.AirwayFlow, line.Clock.PatientTime(at + (i * 20_000_000L))) * 1000 / 60) - flow[i])));
        for (int i = 0; i < flow.Count; i++)
        {
            long at = line.Clock.PatientTime(start + (i * 20_000_000L));
            Assert.Equal(line.Patient.Wave(PatientWave.AirwayFlow, at) * 1000 / 60, flow[i], 8.0);
            Assert.Equal(line.Patient.Wave(PatientWave.AirwayVolume, at), volume[i], 1.5);
        }
    }

    [Fact]
    public void Alarms_live_and_are_silenced_and_settings_change()
    {
        SimulatedLine line = new SimulatedLine(ServoPorts.Servo, Driver, "--fault", "disconnect@25+10", "--fault", "silenced@28+4", "--fault", "air-supply@40+5", "--fault", "mode-change@50+60").Run(60);

        Assert.Empty(line.Ear.Faults);
        Alert[] alerts = [.. line.Ear.Of<DeviceEvent.AlertSaid>().Select(said => said.Alert)];
        Assert.Equal(
            [(AlertPhase.Start, AlertPriority.High, false), (AlertPhase.Update, AlertPriority.High, true), (AlertPhase.Update, AlertPriority.High, false), (AlertPhase.End, AlertPriority.High, false)],
            alerts.Where(alert => alert.Key == "servo:446").Select(alert => (alert.Phase, alert.Priority, alert.Silenced)));
        Assert.Equal([(AlertPhase.Start, AlertPriority.Medium, true), (AlertPhase.End, AlertPriority.Medium, true)], alerts.Where(alert => alert.Key == "servo:413").Select(alert => (alert.Phase, alert.Priority, alert.Technical)));
        Assert.Equal(["PC", "VC"], line.Ear.Of<DeviceEvent.Text>().Where(said => said.Metric.SignalId == "set-vent-mode").Select(said => said.Value));
        Assert.Equal("420", line.Ear.Number("set-vt"));
        Assert.Equal([null], line.Ear.Of<DeviceEvent.Numeric>().Where(said => said.Metric.SignalId == "set-pc").Skip(1).Select(said => said.Value));
    }

    [Theory]
    [InlineData("garbage@25")]
    [InlineData("drop-bytes@25")]
    [InlineData("flip-bits@25")]
    [InlineData("double-bytes@25")]
    [InlineData("silence@25")]
    [InlineData("reboot@25")]
    [InlineData("wrong-check@25")]
    [InlineData("overflow@25")]
    [InlineData("slow@0+200")]
    [InlineData("deaf@0+20")]
    [InlineData("standby@25+20")]
    [InlineData("standby@0+20")]
    [InlineData("disconnect@25+10")]
    [InlineData("co2-off@25+10")]
    [InlineData("air-supply@25+10")]
    public void After_a_fault_values_and_curves_come_again(string fault)
    {
        SimulatedLine line = new SimulatedLine(ServoPorts.Servo, Driver, "--fault", fault).Run(85);
        int known = line.Ear.Said.Count;

        line.Run(15);

        DeviceEvent[] after = [.. line.Ear.Said.Skip(known)];
        Assert.Contains(after.OfType<DeviceEvent.Numeric>(), said => said.Metric.SignalId == "ppeak" && said.Value is not null);
        Assert.InRange(after.OfType<DeviceEvent.Samples>().Where(said => said.Metric.SignalId == "paw").Sum(said => said.Raw.Length), 700, 765);
        DeviceEvent.Samples last = line.Ear.Of<DeviceEvent.Samples>().Last(said => said.Metric.SignalId == "paw");
        DeviceEvent.Samples first = line.Ear.Of<DeviceEvent.Samples>().First(said => said.Metric.SignalId == "paw");
        Assert.Equal(0UL, first.At!.Value.Counter);
        Assert.True(last.At!.Value.Counter > first.At.Value.Counter);
    }

    [Fact]
    public void A_stopped_session_leaves_nothing_flowing()
    {
        SimulatedLine line = new SimulatedLine(ServoPorts.Servo, Driver).Run(20);
        line.Stop();
        int heard = line.Line.Count;
        Assert.Equal([0x1B], line.Ear.Sent[^1]);
        Assert.Equal(heard, line.Line.Count);
    }

    private static void Check(SimulatedLine line, string id, PatientValue value, double unit, double within)
    {
        string? told = line.Ear.Number(id);
        Assert.True(told is not null, $"no {id}");
        Assert.Equal(line.Patient.Value(value, line.PatientTime) * unit, double.Parse(told, CultureInfo.InvariantCulture), within);
    }
}
