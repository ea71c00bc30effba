using System.Net;
using Bedside.Simulators.Physiology;

namespace Bedside.Simulators.Mindray;

/// <summary>What the monitor has to say, message by message, about the simulated patient.</summary>
public sealed class MonitorPages(Simulation simulation)
{
    private const long Second = 1_000_000_000;
    private const int Parameters = 1;
    private const int Waves = 2;

    /// <summary>Number, name, module, value, decimals; ECG is off with its electrodes, SpO2 with its sensor.</summary>
    private static readonly (int Number, string Name, int Module, PatientValue Value, int Decimals)[] Periodic =
    [
        (101, "HR", 2101, PatientValue.HeartRate, 0),
        (102, "PVCs", 2101, PatientValue.PrematureBeats, 0),
        (151, "RR", 2102, PatientValue.RespirationRate, 0),
        (160, "SpO2", 2103, PatientValue.Spo2, 0),
        (161, "PR", 2103, PatientValue.PulseRate, 0),
        (162, "PI", 2103, PatientValue.PerfusionIndex, 2),
        (200, "T1", 2104, PatientValue.CoreTemperature, 1),
        (500, "Art-Sys", 2116, PatientValue.AbpSystolic, 0),
        (501, "Art-Mean", 2116, PatientValue.AbpMean, 0),
        (502, "Art-Dia", 2116, PatientValue.AbpDiastolic, 0),
        (566, "CVP-Mean", 2118, PatientValue.CvpMean, 0),
        (587, "PPV", 2116, PatientValue.PulsePressureVariation, 0),
        (600, "PR", 2115, PatientValue.PulseRate, 0),
    ];

    /// <summary>Channel, curve, bytes per sample, rate, middle, counts per unit.</summary>
    private static readonly (int Channel, PatientWave Curve, int Width, int Rate, double Middle, double Counts)[] Curves =
    [
        (1113, PatientWave.EcgI, 1, 256, 128, 60),
        (1114, PatientWave.EcgII, 1, 256, 128, 60),
        (1151, PatientWave.ImpedanceRespiration, 1, 128, 100, 60),
        (1152, PatientWave.Pleth, 1, 256, 60, 150),
        (1171, PatientWave.ArterialPressure, 1, 128, 0, 1),
        (1200, PatientWave.AirwayCo2, 1, 128, 0, 3),
        (1250, PatientWave.AirwayPressure, 2, 50, 0, 10),
        (1251, PatientWave.AirwayFlow, 2, 50, 0, 10),
    ];

    /// <summary>The monitor's clock less UTC, ns.</summary>
    public long ClockOffset { get; set; }

    private string Bed => simulation.Arguments.Value("bed") ?? "7";

    public static byte[] KeepAlive() => new PdsMessage("ORU^R01", 106).ToBytes();

    /// <summary>Department, bed, address as an unsigned decimal, port, and two fields of unknown meaning.</summary>
    public byte[] Announcement((IPAddress Address, int Port) served)
    {
        byte[] address = served.Address.GetAddressBytes();
        uint number = ((uint)address[0] << 24) | ((uint)address[1] << 16) | ((uint)address[2] << 8) | address[3];
        return new PdsMessage("ADT^A01", 101).Segment("EVN|A01|").Segment("PID|||").Segment($"PV1||I|^^ICU&{Bed}&{number}&{served.Port}&&1|").ToBytes();
    }

    public byte[] Patient() =>
        new PdsMessage("ORU^R01", 103)
            .Segment("PID|||{00000000-0000-0000-0000-000000000001}||SIMULATED^PATIENT||19600101|M|")
            .Segment($"PV1||I|^^ICU&{Bed}&0&0&&1|")
            .Segment("OBX||NM|51^Weight||75.0||||||F")
            .Segment("OBX||NM|52^Height||176.0||||||F")
            .ToBytes();

    /// <summary>What comes in the burst beside the patient: flags that mean nothing to a reader.</summary>
    public byte[] Configuration() => new PdsMessage("ORU^R01", 205).Status(101, valid: false).ToBytes();

    /// <summary>Everything that is asked for, for the second that ends at <paramref name="now"/>.</summary>
    public IEnumerable<byte[]> All(PdsQuery query, long now, Func<byte[], byte[]> wave)
    {
        long time = simulation.Clock.PatientTime(now);
        foreach (byte[] page in Values(query, time))
        {
            yield return page;
        }

        if (query.Wants(Parameters, 170))
        {
            yield return Cuff(time, now);
        }

        if (query.Wants(3))
        {
            var alarms = new PdsMessage("ORU^R01", 54);
            yield return (simulation.Faults.Active(MindrayMonitor.Alarm) ? alarms.Alarm(2, 10_076, "**T1 Too High", Wall(now)) : alarms).ToBytes();
        }

        if (query.Wants(4))
        {
            var alarms = new PdsMessage("ORU^R01", 56);
            yield return (simulation.Faults.Active(MindrayMonitor.SensorOff) ? alarms.Alarm(4, 205, "SpO2 Sensor Off", at: null) : alarms).ToBytes();
        }

        yield return Curve(query, time, wave);
    }

    private IEnumerable<byte[]> Values(PdsQuery query, long time)
    {
        foreach (IGrouping<int, (int Number, string Name, int Module, PatientValue Value, int Decimals)> group in Periodic.Where(row => query.Wants(Parameters, row.Number)).GroupBy(row => row.Module))
        {
            bool off = IsOff(group.Key);
            var values = new PdsMessage("ORU^R01", 204);
            var states = new PdsMessage("ORU^R01", 205);
            foreach ((int number, string name, int module, PatientValue value, int decimals) in group)
            {
                values.Parameter(number, name, module, off ? null : simulation.Patient.Value(value, time), decimals);
                states.Status(number, !off);
            }

            yield return values.ToBytes();
            yield return states.ToBytes();
        }
    }

    private byte[] Cuff(long time, long now)
    {
        long measured = simulation.Patient.LastCuffMeasurement(time);
        DateTime at = Wall(now - (time - measured) + (Second / 2));
        double Value(PatientValue value) => simulation.Patient.Value(value, time);
        return new PdsMessage("ORU^R01", 503)
            .Aperiodic(170, "Sys", 2105, Value(PatientValue.CuffSystolic), at)
            .Aperiodic(171, "Dia", 2105, Value(PatientValue.CuffDiastolic), at)
            .Aperiodic(172, "Mean", 2105, Value(PatientValue.CuffMean), at)
            .Aperiodic(210, "CO", 2108, value: null, at: null)
            .ToBytes();
    }

    private byte[] Curve(PdsQuery query, long time, Func<byte[], byte[]> spoil)
    {
        var message = new PdsMessage("ORU^R01", 157);
        foreach ((int channel, PatientWave curve, int width, int rate, double middle, double counts) in Curves.Where(row => query.Wants(Waves, row.Channel)))
        {
            if (channel < 1150 && IsOff(2101))
            {
                continue;
            }

            (int least, int most) = width == 1 ? (0, 255) : (short.MinValue, short.MaxValue);
            int[] samples = [.. Enumerable.Range(0, rate).Select(i => Math.Clamp((int)Math.Round(middle + (counts * simulation.Patient.Wave(curve, time - Second + (Second * i / rate)))), least, most))];
            message.Wave(spoil(ZmwRecord.Encode(channel, width, samples)));
        }

        return message.ToBytes();
    }

    private bool IsOff(int module) => (module == 2101 && simulation.Faults.Active(MindrayMonitor.LeadOff)) || (module == 2103 && simulation.Faults.Active(MindrayMonitor.SensorOff));

    private DateTime Wall(long at) => simulation.Clock.StartedAt.Add(at + ClockOffset).ToDateTime().DateTime;
}
