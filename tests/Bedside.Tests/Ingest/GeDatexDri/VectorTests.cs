using Bedside.Ingest.Drivers;
using Bedside.Ingest.Drivers.GeDatexDri;
using Bedside.Model;

namespace Bedside.Tests.Ingest.GeDatexDri;

/// <summary>The worked examples of the sheet, both directions.</summary>
public sealed class VectorTests
{
    [Fact]
    public void The_vendors_requests_are_written_byte_for_byte()
    {
        Assert.Equal(Vectors.StopDisplayed, Outgoing.StopDisplayed);
        Assert.Equal(Vectors.FirstLead, Outgoing.Waves([1]));
        Assert.Equal(Vectors.NoWaves, Outgoing.NoWaves);
        Assert.Equal(Vectors.FourWaves, Outgoing.FirstWaves);
        Assert.Equal(Vectors.AlarmsOnChange, Outgoing.AlarmsOnChange);

        // Our period is five seconds where the example has ten, and our single question is for all classes where the example has one.
        Assert.Equal(Changed(Vectors.DisplayedEveryTenSeconds, 42, 5), Outgoing.DisplayedPeriodically);
        Assert.Equal(Changed(Vectors.DisplayedOnceBasic, 44, 0x0E), Outgoing.DisplayedOnce);
    }

    [Fact]
    public void Every_vector_is_one_record_with_its_checksum_and_is_written_back_as_it_was()
    {
        foreach (byte[] vector in Vectors.FromMonitor.Concat(Vectors.FromClient))
        {
            var deframer = new Deframer();
            int records = 0;
            foreach (byte value in vector)
            {
                if (deframer.Take(value) == Part.Record)
                {
                    records++;
                    Assert.Equal(vector, Frame.Write(deframer.Body.Span));
                }
            }

            Assert.Equal(1, records);
        }
    }

    [Fact]
    public void The_checksum_of_the_alarm_example_is_the_one_in_the_sheet() => Assert.Equal(0x13, Vectors.OneAlarm[^2]);

    [Fact]
    public void The_displayed_values_come_out_with_their_units()
    {
        Ear ear = Wire.Heard(Vectors.DisplayedBasic);
        Assert.Empty(ear.Of<DeviceEvent.Fault>());
        Assert.Equal(
            [
                "hr 125 /min", "st-ii/ecg1 0.12 mm", "st-v/ecg2 -0.05 mm", "st-avl/ecg3 0.03 mm",
                "abp-sys/p1 120.00 mm[Hg]", "abp-dia/p1 70.00 mm[Hg]", "abp-mean/p1 87.00 mm[Hg]", "pr-art/p1 125 /min", "cvp-mean/p2 8.50 mm[Hg]",
                "nibp-sys 118.00 mm[Hg]", "nibp-dia 72.00 mm[Hg]", "nibp-mean 89.00 mm[Hg]", "pr-nibp 124 /min", "temp-esoph/t1 37.25 Cel",
                "spo2 97.50 %", "pr-spo2 125 /min", "raw/datex/basic.spo2.ir-amp/IR-amplitude 3.12 %",
                "raw/datex/basic.co2.et/EtCO2 4.90 %", "raw/datex/basic.co2.fi/FiCO2 0.03 %", "resp-rate-co2 16 /min",
                "raw/datex/basic.co2.amb-press/ambient-pressure 760.0 mm[Hg]", "etco2 37.24 mm[Hg]", "inco2 0.23 mm[Hg]",
                "eto2 34.80 %", "fio2-gas 40.10 %", "vent-rate 16 /min", "pip 21.50 cm[H2O]", "peep 5.10 cm[H2O]", "pplat 18.00 cm[H2O]",
                "vt-insp 498.0 mL", "vt-exp 501.2 mL", "compliance 42.10 mL/cm[H2O]", "mv-exp 8.01 L/min",
            ],
            ear.Of<DeviceEvent.Numeric>().Where(one => one.Value is not null).Select(one =>
                $"{one.Metric.SignalId}{(one.Metric.Channel.Length > 0 ? "/" + one.Metric.Channel : string.Empty)} {one.Value} {one.Metric.Unit}"));
        Assert.Equal("heart rate from ECG, ECG1 II, ECG2 V, ECG3 aVL", ear.State("basic.ecg.state"));
        Assert.Equal("ABP, zeroed", ear.State("basic.p1.state"));
        Assert.Equal("auto, older than 60 s", ear.State("basic.nibp.state"));
        Assert.Equal("BTPS", ear.State("basic.flow.state"));
        Assert.Equal(new DateTime(2024, 3, 15, 10, 30, 0, DateTimeKind.Unspecified), Assert.Single(ear.Of<DeviceEvent.WallClock>()).Wall);
        DeviceIdentity device = Assert.Single(ear.Of<DeviceEvent.Identity>()).Device;
        Assert.Equal(("GE", "DRI level 8 ('03)", "4660"), (device.Manufacturer, device.Protocol, device.Properties["plug-id"]));
    }

    [Fact]
    public void The_waves_come_out_with_their_scales()
    {
        Ear ear = Wire.Heard(Vectors.TwoWaves);
        DeviceEvent.Samples[] waves = [.. ear.Of<DeviceEvent.Samples>()];
        Assert.Equal(["abp", "pleth"], waves.Select(wave => wave.Metric.SignalId));
        Assert.Equal(Enumerable.Range(0, 20).Select(i => 7800 + (50 * i)), waves[0].Raw.ToArray());
        Assert.Equal(Enumerable.Range(0, 20).Select(i => -360 - (16 * i)), waves[1].Raw.ToArray());
        Assert.All(waves, wave => Assert.Equal((new SamplePeriod(1, 100), new Scale(0.01, 0), new DeviceTicks(0)), (wave.Period, wave.Scale!.Value, wave.At!.Value)));
        Assert.Equal(87.5, waves[0].Scale!.Value.Physical(waves[0].Raw.Span[^1]), 1e-9);
        Assert.Empty(ear.Of<DeviceEvent.Fault>());
    }

    [Fact]
    public void The_alarm_comes_out_as_it_is_shown()
    {
        Ear ear = Wire.Heard(Vectors.OneAlarm);
        Alert alert = Assert.Single(ear.Of<DeviceEvent.AlertSaid>()).Alert;
        Assert.Equal(("HR HIGH", AlertPriority.Medium, AlertPhase.Start, "datex:HR HIGH", false), (alert.Text, alert.Priority, alert.Phase, alert.Key, alert.Silenced));
        Assert.Equal("sound on, silenced: none", ear.State("alarm.state"));
    }

    /// <summary>The same request with another byte of the frame, and the checksum that follows from it.</summary>
    private static byte[] Changed(byte[] frame, int at, byte value)
    {
        byte[] record = frame[1..^2];
        record[at - 1] = value;
        return Wire.Framed(record);
    }
}
