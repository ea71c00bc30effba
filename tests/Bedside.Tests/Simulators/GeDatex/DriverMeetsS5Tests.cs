using Bedside.Ingest.Drivers;
using Bedside.Model;
using Bedside.Simulators.Physiology;

namespace Bedside.Tests.Simulators.GeDatex;

/// <summary>The product's driver and the simulator, written apart from the same sheet, in one conversation.</summary>
public sealed class DriverMeetsS5Tests
{
    [Theory]
    [InlineData("3", 19_200)]
    [InlineData("8", 19_200)]
    [InlineData("10", 19_200)]
    [InlineData("11", 19_200)]
    [InlineData("11", 115_200)]
    public void They_agree_on_values_and_curves_at_every_level(string level, int baud)
    {
        var talk = new S5Talk(baud, "--level", level, "--baud", baud.ToString());
        talk.Run(40);
        Assert.DoesNotContain(talk.Said, said => said is DeviceEvent.Fault or DeviceEvent.Missing or DeviceEvent.ClockRestarted);
        Check(talk, "hr", PatientValue.HeartRate, 2);
        Check(talk, "art-sys", PatientValue.AbpSystolic, 3);
        Check(talk, "spo2", PatientValue.Spo2, 0.5);
        Check(talk, "etco2", PatientValue.EndTidalCo2, 2);
        Check(talk, "temp-esoph", PatientValue.CoreTemperature, 0.1);
        Check(talk, "vt-exp", PatientValue.ExpiredTidalVolume, 30);
        Check(talk, "cco", PatientValue.CardiacOutput, 0.3);
        foreach (string wave in (string[])["ecg-ii", "art", "pleth", "raw/datex/wave.9/CO2", "resp-impedance"])
        {
            DeviceEvent.Samples[] packets = talk.SamplesOf(wave);
            double seconds = packets.Sum(packet => packet.Raw.Length / packet.Period.Hertz);
            Assert.InRange(seconds, 30, 40);
            AssertContiguous(packets);
        }

        DeviceEvent.Samples[] pressure = talk.SamplesOf("art");
        double most = pressure.Max(packet => packet.Raw.ToArray().Max(raw => packet.Scale!.Value.Physical(raw)));
        Assert.Equal(talk.Bench.Patient.Value(PatientValue.AbpSystolic, talk.PatientTime), most, 12.0);
    }

    [Fact]
    public void A_fast_line_brings_more_than_eight_waves()
    {
        var talk = new S5Talk(115_200, "--level", "11", "--baud", "115200");
        talk.Run(20);
        string[] waves = [.. talk.Said.OfType<DeviceEvent.Samples>().Select(one => one.Metric.SignalId).Distinct()];
        Assert.Superset(new HashSet<string> { "ecg-ii", "ecg-v", "ecg-avl", "art", "cvp", "pap", "pleth", "paw", "airway-flow", "resp-impedance" }, waves.ToHashSet());
    }

    /// <summary>Samples that went through counts of the wire are the patient's curve at the time that follows from their place.</summary>
    [Fact]
    public void The_curve_is_the_patients_as_near_as_a_millisecond_allows()
    {
        var talk = new S5Talk(19_200, "--level", "10");
        talk.Run(15);
        DeviceEvent.Samples[] packets = talk.SamplesOf("art");
        int[] samples = [.. packets.SelectMany(packet => packet.Raw.ToArray())];
        double best = double.MaxValue;
        for (long at = talk.PatientTime - 16_000_000_000; at < talk.PatientTime; at += 1_000_000)
        {
            double first = talk.Bench.Patient.Wave(PatientWave.ArterialPressure, at);
            if (Math.Abs(first - (samples[0] * 0.01)) > 0.2)
            {
                continue;
            }

            double worst = Enumerable.Range(0, 500).Max(i => Math.Abs(talk.Bench.Patient.Wave(PatientWave.ArterialPressure, at + (i * 10_000_000L)) - (samples[i] * 0.01)));
            best = Math.Min(best, worst);
        }

        Assert.InRange(best, 0, 1.0);
    }

    [Theory]
    [InlineData("restart@15")]
    [InlineData("silence@15")]
    [InlineData("drop-bytes@15")]
    [InlineData("flip-bits@15")]
    [InlineData("double-bytes@15")]
    [InlineData("garbage@15")]
    [InlineData("bad-checksum@15")]
    [InlineData("lost-flag@15")]
    [InlineData("truncated@15")]
    [InlineData("lost-record@15")]
    [InlineData("handshake@15")]
    [InlineData("deaf@15")]
    public void After_a_fault_values_and_curves_come_again(string fault)
    {
        var talk = new S5Talk(19_200, "--fault", fault);
        talk.Run(60);
        int known = talk.Said.Count;
        talk.Run(12);
        DeviceEvent[] after = [.. talk.Said.Skip(known)];
        Assert.Contains(after.OfType<DeviceEvent.Numeric>(), one => one.Metric.SignalId == "hr" && one.Value is not null);
        Assert.Contains(after.OfType<DeviceEvent.Samples>(), one => one.Metric.SignalId == "art");
        Assert.DoesNotContain(after, said => said is DeviceEvent.Fault);
    }

    /// <summary>Samples and what is said to be missing are all that the time holds.</summary>
    [Theory]
    [InlineData("bad-checksum@10+10")]
    [InlineData("lost-record@10+10")]
    public void What_is_lost_on_the_way_leaves_holes_of_its_length(string fault)
    {
        var talk = new S5Talk(19_200, "--fault", fault);
        talk.Run(40);
        Assert.DoesNotContain(talk.Said, said => said is DeviceEvent.ClockRestarted);
        DeviceEvent.Samples[] packets = talk.SamplesOf("art");
        long missing = talk.Said.OfType<DeviceEvent.Missing>().Where(one => one.Metric?.SignalId == "art").Sum(one => one.Count);
        long received = packets.Sum(packet => packet.Raw.Length);
        Assert.True(missing > 0);
        Assert.Equal((long)(packets[^1].At!.Value.Counter / 10_000_000) + packets[^1].Raw.Length, received + missing);
    }

    [Fact]
    public void Conditions_of_the_patient_and_the_modules_come_out()
    {
        var talk = new S5Talk(
            19_200, "--fault", "asystole@12+8", "--fault", "probe-off@25+8", "--fault", "relabel@25+8", "--fault", "mark@20", "--fault", "cuff@36+6", "--fault", "specials@44+6");
        talk.Run(56);
        Assert.Contains(talk.Said.OfType<DeviceEvent.Numeric>(), one => one.Metric.SignalId == "hr" && one.Value?.Mantissa == 0);
        DeviceEvent.AlertSaid[] alerts = [.. talk.Said.OfType<DeviceEvent.AlertSaid>().Where(said => said.Alert.Text == "ASYSTOLE")];
        Assert.Equal([AlertPhase.Start, AlertPhase.End], alerts.Select(said => said.Alert.Phase));
        Assert.All(alerts, said => Assert.Equal(AlertPriority.High, said.Alert.Priority));
        Assert.Contains(talk.Said.OfType<DeviceEvent.Numeric>(), one => one.Metric.SignalId == "spo2" && one.Value is null);
        Assert.Contains(talk.Said.OfType<DeviceEvent.Numeric>(), one => one.Metric.SignalId == "abp-sys");
        Assert.NotEmpty(talk.SamplesOf("abp"));
        Assert.Contains(talk.Said.OfType<DeviceEvent.Text>(), one => one.Value == "mark 1");
        Assert.Contains(talk.Said.OfType<DeviceEvent.Text>(), one => one.Value.Contains("measuring", StringComparison.Ordinal));
        Assert.Contains(talk.Said.OfType<DeviceEvent.Numeric>(), one => one.Metric.SignalId == "nibp-sys" && one.MeasuredAt is not null);
        Assert.Contains(talk.Said.OfType<DeviceEvent.Text>(), one => one.Value.Contains("Ppeak not updated", StringComparison.Ordinal));
    }

    [Fact]
    public void The_modules_of_a_theatre_and_of_picco_come_out()
    {
        var talk = new S5Talk(19_200, "--level", "11", "--anaesthesia", "--picco");
        talk.Run(15);
        string[] told = [.. talk.Said.OfType<DeviceEvent.Numeric>().Where(one => one.Value is not null).Select(one => one.Metric.SignalId).Distinct()];
        Assert.Superset(new HashSet<string> { "sev-et", "tof-count", "tof-ratio", "bis", "bis-sqi", "gedi", "elwi", "svr", "svv", "sv", "cci", "temp-injectate" }, told.ToHashSet());
        Assert.Contains(talk.Said.OfType<DeviceEvent.Numeric>(), one => one.Metric.DeviceCode == "datex:ext2.entropy.se" && one.Value is not null);
    }

    private static void AssertContiguous(DeviceEvent.Samples[] packets)
    {
        for (int i = 1; i < packets.Length; i++)
        {
            long samples = packets[i - 1].Period.SamplesIn((long)(packets[i].At!.Value.Counter - packets[i - 1].At!.Value.Counter) + 1_000_000);
            Assert.Equal(packets[i - 1].Raw.Length, samples);
        }
    }

    private static void Check(S5Talk talk, string id, PatientValue value, double within)
    {
        Fixed? last = talk.Said.OfType<DeviceEvent.Numeric>().LastOrDefault(one => one.Metric.SignalId == id && one.Value is not null)?.Value;
        Assert.True(last is not null, $"no {id}");
        Assert.Equal(talk.Bench.Patient.Value(value, talk.PatientTime), last.Value.ToDouble(), within);
    }
}
