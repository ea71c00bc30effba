using System.Globalization;
using Bedside.Ingest.Drivers;
using Bedside.Model;
using Bedside.Simulators.Physiology;
using Bedside.Simulators.PuritanBennett;
using Bedside.Tests.Ingest.Ventilators;

namespace Bedside.Tests.Simulators.PuritanBennett;

/// <summary>The product's drivers and the simulators, written apart from the same sheet, in one conversation.</summary>
public sealed class DriverMeetsPuritanBennettTests
{
    private const string Dci = "puritan-bennett-840";
    private const string Waveform = "puritan-bennett-waveform";
    private const double CmH2O = 1.01972;

    [Theory]
    [InlineData("ac-vc")]
    [InlineData("ac-pc")]
    [InlineData("simv-vc")]
    [InlineData("spont")]
    [InlineData("bilevel")]
    public void They_agree_on_values_in_every_mode(string mode)
    {
        SimulatedLine line = new SimulatedLine(PuritanBennettPorts.Pb840, Dci, "--mode", mode).Run(30);

        Assert.Empty(line.Ear.Faults);
        Assert.Equal("840", line.Ear.Of<DeviceEvent.Identity>().Single().Device.Model);
        Assert.Equal(VentilationMode.ByName(mode)?.Extended, line.Ear.Text("set-vent-mode"));
        Check(line, "ppeak", PatientValue.PeakPressure, CmH2O, 0.8);
        Check(line, "peep", PatientValue.Peep, CmH2O, 0.6);
        Check(line, "vt-exp", PatientValue.ExpiredTidalVolume, 0.001, 0.06);
        Check(line, "mv-exp", PatientValue.MinuteVolume, 1, 0.8);
        Check(line, "vent-rate-total", PatientValue.RespirationRate, 1, 1.5);
        Assert.Equal(mode == "bilevel", line.Ear.Number("set-phigh") is not null);
        Assert.Equal(mode.EndsWith("-vc", StringComparison.Ordinal), line.Ear.Number("set-vt") is not null);
    }

    [Fact]
    public void An_alarm_lives_from_its_start_to_its_end()
    {
        SimulatedLine line = new SimulatedLine(PuritanBennettPorts.Pb980, Dci, "--fault", "disconnect@10+20", "--fault", "silenced@15+10").Run(100);

        Alert[] disconnect = [.. line.Ear.Of<DeviceEvent.AlertSaid>().Select(said => said.Alert).Where(alert => alert.Key == "puritan-bennett:124F")];
        Assert.Equal([(AlertPhase.Start, false), (AlertPhase.Update, true), (AlertPhase.Update, false), (AlertPhase.End, false)], disconnect.Select(alert => (alert.Phase, alert.Silenced)));
        Assert.Equal(["HIGH", "RESET", "NORMAL"], line.Ear.Of<DeviceEvent.Text>().Where(said => said.Metric.DeviceCode == "puritan-bennett:124F").Select(said => said.Value).Skip(1));
    }

    [Theory]
    [InlineData("garbage@15")]
    [InlineData("drop-bytes@15")]
    [InlineData("flip-bits@15")]
    [InlineData("double-bytes@15")]
    [InlineData("silence@15")]
    [InlineData("reboot@15")]
    [InlineData("truncated@15")]
    [InlineData("wrong-count@15")]
    [InlineData("stutter@0")]
    [InlineData("slow@15")]
    [InlineData("deaf@15")]
    [InlineData("clock-set@15")]
    [InlineData("standby@15+10")]
    [InlineData("air-supply@15+10")]
    public void After_a_fault_values_come_again(string fault)
    {
        SimulatedLine line = new SimulatedLine(PuritanBennettPorts.Pb840, Dci, "--fault", fault).Run(50);
        int known = line.Ear.Said.Count;

        line.Run(10);

        DeviceEvent.Numeric[] after = [.. line.Ear.Said.Skip(known).OfType<DeviceEvent.Numeric>()];
        Assert.InRange(after.Count(said => said.Metric.SignalId == "ppeak" && said.Value is not null), 2, 6);
        Assert.DoesNotContain(line.Ear.Of<DeviceEvent.Numeric>(), said => said.Metric.SignalId == "ppeak" && said.Value?.ToDouble() > 99.9);
    }

    [Theory]
    [InlineData("ppeak")]
    [InlineData("paw")]
    public void A_count_that_lies_is_forgiven(string signal)
    {
        SimulatedLine line = new SimulatedLine(PuritanBennettPorts.Pb840, Dci, "--states", "1229").Run(10);
        Assert.Equal(signal == "ppeak", line.Ear.Number(signal) is not null);
    }

    [Fact]
    public void They_agree_on_curves()
    {
        SimulatedLine line = new SimulatedLine(PuritanBennettPorts.Waveform, Waveform).Run(30);

        Assert.Empty(line.Ear.Faults);
        IReadOnlyList<double> pressure = line.Ear.Curve("paw");
        IReadOnlyList<double> flow = line.Ear.Curve("airway-flow");
        Assert.InRange(pressure.Count, 1485, 1500);
        for (int i = 0; i < pressure.Count; i++)
        {
            long at = line.Clock.PatientTime(i * 20_000_000L);
            Assert.Equal(line.Patient.Wave(PatientWave.AirwayPressure, at) * CmH2O, pressure[i], 0.006);
            Assert.Equal(line.Patient.Wave(PatientWave.AirwayFlow, at), flow[i], 0.006);
        }
    }

    [Theory]
    [InlineData("garbage@10", 60)]
    [InlineData("drop-bytes@10", 60)]
    [InlineData("flip-bits@10", 60)]
    [InlineData("double-bytes@10", 60)]
    [InlineData("silence@10", 60)]
    [InlineData("missing-end@10", 60)]
    [InlineData("truncated-line@10", 60)]
    [InlineData("pause@10", 60)]
    [InlineData("long-breath@10", 60)]
    [InlineData("standby@10+20", 60)]
    public void After_a_fault_the_count_of_samples_is_the_devices_time_again(string fault, double seconds)
    {
        SimulatedLine line = new SimulatedLine(PuritanBennettPorts.Waveform, Waveform, "--fault", fault).Run(seconds);

        DeviceEvent.Samples last = line.Ear.Of<DeviceEvent.Samples>().Last(said => said.Metric.SignalId == "paw");
        double counted = (last.At!.Value.Counter / 1e9) + (last.Raw.Length * 0.02);
        Assert.Equal(seconds, counted, 0.35);
        long missing = line.Ear.Of<DeviceEvent.Missing>().Where(said => said.Metric?.SignalId == "paw").Sum(said => said.Count);
        Assert.Equal(counted * 50, line.Ear.Curve("paw").Count + missing, 0.5);
    }

    private static void Check(SimulatedLine line, string id, PatientValue value, double unit, double within)
    {
        string? told = line.Ear.Number(id);
        Assert.True(told is not null, $"no {id}");
        Assert.Equal(line.Patient.Value(value, line.PatientTime) * unit, double.Parse(told, CultureInfo.InvariantCulture), within);
    }
}
