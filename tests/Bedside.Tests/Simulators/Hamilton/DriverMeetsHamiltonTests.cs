using System.Globalization;
using Bedside.Ingest.Drivers;
using Bedside.Ingest.Links;
using Bedside.Model;
using Bedside.Simulators.Hamilton;
using Bedside.Simulators.Physiology;
using Bedside.Tests.Ingest.Ventilators;

namespace Bedside.Tests.Simulators.Hamilton;

/// <summary>The product's driver and the simulator, written apart from the same sheet, in one conversation.</summary>
public sealed class DriverMeetsHamiltonTests
{
    private const double CmH2O = 1.01972;

    [Theory]
    [InlineData(2, "SIMV")]
    [InlineData(19, "PCMV")]
    [InlineData(23, "DuoPAP")]
    [InlineData(99, "mode 99")]
    public void They_agree_on_values_in_every_mode(int mode, string name)
    {
        SimulatedLine line = Line("--mode", mode.ToString(CultureInfo.InvariantCulture)).Run(40);

        Assert.Empty(line.Ear.Faults);
        Assert.Equal(name, line.Ear.Text("set-vent-mode"));
        Check(line, "ppeak", PatientValue.PeakPressure, CmH2O, 1);
        Check(line, "peep", PatientValue.Peep, CmH2O, 0.6);
        Check(line, "vt-exp", PatientValue.ExpiredTidalVolume, 1, 60);
        Check(line, "mv-exp", PatientValue.MinuteVolume, 1, 0.8);
        Check(line, "vent-rate-total", PatientValue.RespirationRate, 1, 1.5);
        Check(line, "etco2", PatientValue.EndTidalCo2, 1, 3);
        Assert.Equal(mode == 2, line.Ear.Of<DeviceEvent.Numeric>().Any(told => told.Metric.SignalId == "raw/hamilton-polling/42/SIMV-rate" && told.Value is not null));
        Assert.Equal(mode == 23, line.Ear.Number("set-phigh") is not null);
        Assert.Equal("0", line.Ear.Number("raw/hamilton-polling/91/high-pressure"));
    }

    [Fact]
    public void Every_parameter_is_asked_for_within_half_a_minute_and_what_is_measured_every_ten_seconds()
    {
        SimulatedLine line = Line().Run(40);
        Assert.Equal(line.Driver.Traits.Outgoing.Select(allowed => allowed.Bytes.Span[1]).Order(), line.Ear.Sent.Select(message => message[1]).Distinct().Order());
        long[] asked = [.. line.Line.Where(chunk => chunk.Direction == ChunkDirection.ToDevice && chunk.Bytes.Span[1] == 66).Select(chunk => chunk.ArrivedAt.Nanoseconds)];
        Assert.All(asked.Zip(asked.Skip(1)), pair => Assert.InRange(pair.Second - pair.First, 0, 10_000_000_000));
    }

    [Fact]
    public void Questions_leave_at_least_36_ms_after_each_other()
    {
        SimulatedLine line = Line("--delay", "1").Run(10);
        long[] asked = [.. line.Line.Where(chunk => chunk.Direction == ChunkDirection.ToDevice).Select(chunk => chunk.ArrivedAt.Nanoseconds)];
        Assert.InRange(asked.Length, 80, 280);
        Assert.All(asked.Zip(asked.Skip(1)), pair => Assert.InRange(pair.Second - pair.First, 36_000_000, long.MaxValue));
    }

    [Fact]
    public void What_the_ventilator_does_not_know_is_left_out_for_a_minute()
    {
        SimulatedLine line = Line("--basic").Run(40);
        Assert.Single(line.Ear.Sent, message => message[1] == 115);
        Assert.Null(line.Ear.Number("p01"));
        Assert.Equal(2, line.Run(70).Ear.Sent.Count(message => message[1] == 115));
    }

    [Fact]
    public void The_clock_is_read_whole()
    {
        SimulatedLine line = Line("--clock-offset", "3600").Run(100);
        DateTime[] walls = [.. line.Ear.Of<DeviceEvent.WallClock>().Select(said => said.Wall)];
        Assert.InRange(walls.Length, 1, 2);
        Assert.Equal(line.Clock.StartedAt.ToDateTime().DateTime.AddHours(1).AddSeconds(100), walls[^1], TimeSpan.FromSeconds(50));
    }

    [Fact]
    public void Parity_bits_are_taken_off_and_said_once()
    {
        SimulatedLine line = Line("--seven-bits").Run(20);
        Check(line, "ppeak", PatientValue.PeakPressure, CmH2O, 1);
        DeviceEvent.Fault fault = Assert.Single(line.Ear.Faults);
        Assert.Contains("9600 7E2", fault.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_patient_that_is_disconnected_has_no_values()
    {
        SimulatedLine line = Line("--fault", "standby@10+30").Run(25);
        Assert.Null(line.Ear.Number("ppeak"));
        Assert.True(line.Ear.Of<DeviceEvent.Numeric>().Last(told => told.Metric.SignalId == "ppeak").Validity.HasFlag(Validity.NotAvailable));
    }

    [Theory]
    [InlineData("garbage@15")]
    [InlineData("drop-bytes@15")]
    [InlineData("flip-bits@15")]
    [InlineData("double-bytes@15")]
    [InlineData("silence@15")]
    [InlineData("reboot@15")]
    [InlineData("truncated@15")]
    [InlineData("slow@15")]
    [InlineData("deaf@15")]
    [InlineData("clock-set@15")]
    [InlineData("standby@15+10")]
    [InlineData("disconnect@15+10")]
    [InlineData("silenced@15+10")]
    public void After_a_fault_values_come_again(string fault)
    {
        SimulatedLine line = Line("--fault", fault).Run(40);
        int known = line.Ear.Said.Count;

        line.Run(20);

        DeviceEvent[] after = [.. line.Ear.Said.Skip(known)];
        Assert.InRange(after.OfType<DeviceEvent.Numeric>().Count(said => said.Metric.SignalId == "ppeak" && said.Value is not null), 2, 8);
        Assert.Empty(after.OfType<DeviceEvent.Fault>());
        Assert.DoesNotContain(line.Ear.Of<DeviceEvent.Numeric>(), said => said.Metric.SignalId == "ppeak" && said.Value?.ToDouble() > 99.9);
    }

    private static SimulatedLine Line(params string[] options) => new(HamiltonVentilator.Kind, "hamilton-polling", options);

    private static void Check(SimulatedLine line, string id, PatientValue value, double unit, double within)
    {
        string? told = line.Ear.Number(id);
        Assert.True(told is not null, $"no {id}");
        Assert.Equal(line.Patient.Value(value, line.PatientTime) * unit, double.Parse(told, CultureInfo.InvariantCulture), within);
    }
}
