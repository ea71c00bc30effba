using System.Net;
using Bedside.Ingest.Drivers;
using Bedside.Model;
using Bedside.Simulators.Mindray;
using Bedside.Simulators.Physiology;

namespace Bedside.Tests.Simulators.Streaming;

/// <summary>The Mindray simulator and its driver.</summary>
public class MindrayTests
{
    [Fact]
    public void They_agree_on_values_and_curves_though_the_first_query_is_lost()
    {
        StreamingBench bench = Bench("--burst", "2.5").Run(30);

        Assert.Empty(bench.Of<DeviceEvent.Fault>());
        Assert.Equal("7", Assert.Single(bench.Of<DeviceEvent.Identity>()).Device.Properties["bed"]);
        Assert.Equal(2, bench.Sent.Count(message => message.Length > 100));
        Assert.InRange(bench.Sent.Count(message => message.Length < 100), 28, 31);
        Assert.Equal(bench.Patient.Value(PatientValue.HeartRate, bench.PatientTime), bench.Last("hr")?.ToDouble() ?? 0, 3.0);
        Assert.Equal(bench.Patient.Value(PatientValue.AbpMean, bench.PatientTime), bench.Last("art-mean")?.ToDouble() ?? 0, 4.0);
        Assert.Equal(bench.Patient.Value(PatientValue.CuffDiastolic, bench.PatientTime), bench.Last("nibp-dia")?.ToDouble() ?? 0, 1.0);
        Assert.Single(bench.Of<DeviceEvent.Numeric>(), numeric => numeric.Metric.SignalId == "nibp-sys");
        DeviceEvent.Samples[] art = [.. bench.Of<DeviceEvent.Samples>().Where(samples => samples.Metric.SignalId == "art")];
        Assert.InRange(art.Length, 24, 28);
        Assert.Equal(Enumerable.Range(0, art.Length).Select(i => (ulong)i * 1_000_000_000), art.Select(samples => samples.At?.Counter ?? 1));
        Assert.Contains(bench.Of<DeviceEvent.Samples>(), samples => samples.Metric is { SignalId: "airway-flow", Channel: "RM" } && samples.Raw.ToArray().Any(raw => raw < 0));
    }

    [Theory]
    [InlineData("silence@8+7")]
    [InlineData("reboot@8+6")]
    [InlineData("bad-checksum@8+6")]
    [InlineData("garbage@8+3")]
    [InlineData("truncate@8+6")]
    [InlineData("lead-off@8+6")]
    [InlineData("alarm@8+6")]
    [InlineData("sensor-off@8+6")]
    [InlineData("clock-set@8")]
    public void After_a_fault_values_and_curves_come_again(string fault)
    {
        StreamingBench bench = Bench("--fault", fault).Run(22);
        int known = bench.Said.Count;
        bench.Run(5);

        DeviceEvent[] after = [.. bench.Said.Skip(known)];
        Assert.InRange(after.OfType<DeviceEvent.Numeric>().Count(numeric => numeric is { Metric.SignalId: "hr", Value: not null }), 4, 6);
        Assert.InRange(after.OfType<DeviceEvent.Samples>().Count(samples => samples.Metric.SignalId == "ecg-ii"), 4, 6);
        Assert.Empty(after.OfType<DeviceEvent.Fault>());
    }

    /// <summary>A monitor that forgets what it was asked keeps the connection alive and says nothing else: it is asked again.</summary>
    [Fact]
    public void A_query_that_was_lost_later_is_asked_again()
    {
        StreamingBench bench = Bench().Run(6);
        bench.ToDevice([0x0B, .. "MSH|^~\\&|||||||QRY^R02|1203|P|2.3.1\rQRD|20260101000000|R|I|Q895211|||||RES\r"u8, 0x1C, 0x0D]);
        bench.Run(14);
        int known = bench.Said.Count;
        bench.Run(5);
        Assert.InRange(bench.Said.Skip(known).OfType<DeviceEvent.Numeric>().Count(numeric => numeric.Metric.SignalId == "hr"), 4, 6);
    }

    [Fact]
    public void Alarms_of_the_patient_and_of_the_monitor_begin_and_end()
    {
        StreamingBench bench = Bench("--fault", "alarm@6+4", "--fault", "sensor-off@7+4").Run(16);
        Assert.Equal(
            [(AlertPhase.Start, "T1 Too High"), (AlertPhase.Start, "SpO2 Sensor Off"), (AlertPhase.End, "T1 Too High"), (AlertPhase.End, "SpO2 Sensor Off")],
            bench.Of<DeviceEvent.AlertSaid>().Select(said => (said.Alert.Phase, said.Alert.Text)));
    }

    [Fact]
    public void A_monitor_that_announces_itself_says_where_it_is()
    {
        var time = new ManualTime();
        var port = new RecordingPort(time);
        var arguments = Bedside.Simulators.Arguments.Parse(MindrayMonitor.Kind, ["--tcp", "127.0.0.1:0", "--announce", "127.0.0.1:4600", "--bed", "12"]);
        var clock = new Bedside.Simulators.SimulationClock(time, arguments.Epoch);
        Bedside.Simulators.IDevice device = MindrayMonitor.Kind.Create(
            new Bedside.Simulators.Simulation(clock, new Patient(1), port, new Bedside.Simulators.FaultSchedule(clock, []), arguments) { Address = new IPEndPoint(IPAddress.Parse("192.168.8.188"), 4601) });
        for (int tenth = 0; tenth < 31; tenth++)
        {
            _ = device.Advance();
            time.Pass(TimeSpan.FromMilliseconds(100));
        }

        Assert.Equal(4, port.Sent.Count);
        Assert.All(port.Sent, sent => Assert.Equal(new IPEndPoint(IPAddress.Loopback, 4600), sent.To));
        var said = Bedside.Ingest.Drivers.MindrayPds.Announcement.Read(port.Sent[0].Bytes);
        Assert.Equal(("ICU", "12", "192.168.8.188", 4601), (said?.Department, said?.Bed, said?.Address, said?.Port));
    }

    private static StreamingBench Bench(params string[] options) => new(MindrayMonitor.Kind, "mindray-pds", options);
}
