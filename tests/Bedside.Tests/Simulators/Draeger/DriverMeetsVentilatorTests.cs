using Bedside.Ingest.Drivers;
using Bedside.Ingest.Links;
using Bedside.Model;
using Bedside.Simulators;
using Bedside.Simulators.Draeger;
using Bedside.Simulators.Physiology;

namespace Bedside.Tests.Simulators.Draeger;

/// <summary>The product's driver and the simulator, written apart from the same sheet, in one conversation.</summary>
public sealed class DriverMeetsVentilatorTests
{
    [Theory]
    [InlineData("draeger-evita", "Evita 4")]
    [InlineData("draeger-v500", "Evita V500")]
    public void They_agree_on_values_and_curves(string name, string model)
    {
        var bench = new Conversation(name);

        bench.Run(60);

        Assert.Contains(bench.Said.OfType<DeviceEvent.Identity>(), identity => identity.Device.Model == model);
        Assert.DoesNotContain(bench.Said, said => said is DeviceEvent.Fault);
        DeviceEvent.Numeric[] numerics = [.. bench.Said.OfType<DeviceEvent.Numeric>()];
        Check(bench, numerics, "pip", PatientValue.PeakPressure, 1.2);
        Check(bench, numerics, "peep", PatientValue.Peep, 0.6);
        Check(bench, numerics, "etco2", PatientValue.EndTidalCo2, 3);
        DeviceEvent.Samples[] paw = [.. bench.Said.OfType<DeviceEvent.Samples>().Where(samples => samples.Metric.SignalId == "paw")];
        double seconds = paw.Sum(samples => samples.Raw.Length * (double)samples.Period.Numerator / samples.Period.Denominator);
        Assert.InRange(seconds, 45, 60);
        Assert.All(paw, samples => Assert.NotNull(samples.Scale));
        double most = paw.Max(samples => samples.Raw.ToArray().Max(raw => samples.Scale?.Physical(raw) ?? 0));
        Assert.Equal(bench.Ventilator.Patient.Value(PatientValue.PeakPressure, bench.PatientTime), most, 2.0);
    }

    [Theory]
    [InlineData("embedded-nop@10+20")]
    [InlineData("reboot@15")]
    [InlineData("silence@15")]
    [InlineData("rescale@15")]
    [InlineData("drop-bytes@15")]
    [InlineData("garbage@15")]
    [InlineData("suspend@15")]
    [InlineData("cancel@15")]
    [InlineData("corrupt-checksum@15")]
    [InlineData("lost-sync@15")]
    [InlineData("realtime-only@15")]
    public void After_a_fault_values_and_curves_come_again(string fault)
    {
        var bench = new Conversation("draeger-v500", "--fault", fault);

        // A driver may wait a minute before it asks again for what it got only damaged answers to.
        bench.Run(90);
        int known = bench.Said.Count;
        bench.Run(15);

        DeviceEvent[] after = [.. bench.Said.Skip(known)];
        Assert.Contains(after.OfType<DeviceEvent.Numeric>(), numeric => numeric.Metric.SignalId == "pip" && numeric.Value is not null);
        Assert.Contains(after.OfType<DeviceEvent.Samples>(), samples => samples.Metric.SignalId == "paw");
    }

    private static void Check(Conversation bench, DeviceEvent.Numeric[] numerics, string id, PatientValue value, double within)
    {
        Fixed? last = numerics.LastOrDefault(numeric => numeric.Metric.SignalId == id)?.Value;
        Assert.True(last is not null, $"no {id}");
        Assert.Equal(bench.Ventilator.Patient.Value(value, bench.PatientTime), last?.ToDouble() ?? 0, within);
    }

    private sealed class Conversation : IDriverOutput
    {
        private const int StepMilliseconds = 5;

        private readonly IDriverSession _session;
        private readonly Queue<byte[]> _toDevice = new();
        private int _taken;
        private int _quiet;

        public Conversation(string device, params string[] options)
        {
            DeviceKind kind = device == Medibus.Evita.Name ? Medibus.Evita : Medibus.V500;
            Ventilator = new Ventilator(kind, options);
            IDriver driver = DriverCatalog.ByName("draeger-medibus") ?? throw new InvalidOperationException("there is no MEDIBUS driver");
            _session = driver.Open(new Bedside.Ingest.Drivers.SessionOptions(Bedside.Ingest.Drivers.Transport.Serial));
        }

        public Ventilator Ventilator { get; }

        public List<DeviceEvent> Said { get; } = [];

        public long PatientTime => Ventilator.Clock.PatientTime(Ventilator.Clock.Now);

        public void Send(ReadOnlySpan<byte> bytes) => _toDevice.Enqueue(bytes.ToArray());

        public void Report(DeviceEvent said) => Said.Add(said);

        public void Run(double seconds)
        {
            double end = Ventilator.Seconds + seconds;
            while (Ventilator.Seconds < end)
            {
                Ventilator.Run(StepMilliseconds / 1000.0, StepMilliseconds * 1000);
                byte[] bytes = [.. Ventilator.Bytes.Skip(_taken).Select(one => one.Value)];
                _taken = Ventilator.Bytes.Count;
                _quiet = bytes.Length > 0 ? 0 : _quiet + StepMilliseconds;
                if (bytes.Length > 0 || _quiet >= 100)
                {
                    _quiet = 0;
                    _session.OnChunk(new Chunk(new MonotonicInstant(Ventilator.Clock.Now), bytes), this);
                }

                while (_toDevice.TryDequeue(out byte[]? message))
                {
                    Ventilator.Say(message);
                }
            }
        }
    }
}
