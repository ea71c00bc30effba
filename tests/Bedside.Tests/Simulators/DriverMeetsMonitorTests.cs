using System.Buffers.Binary;
using System.Net;
using Bedside.Ingest.Drivers;
using Bedside.Ingest.Links;
using Bedside.Model;
using Bedside.Simulators;
using Bedside.Simulators.Philips;
using Bedside.Simulators.Physiology;

namespace Bedside.Tests.Simulators;

/// <summary>The product's driver and the simulated monitor, written apart from the same sheet, in one conversation.</summary>
public sealed class DriverMeetsMonitorTests
{
    private const double TicksPerSecond = 8000;
    private const string Abp = "philips:0x4A14";
    private const string LeadII = "philips:0x0102";
    private const string Resp = "philips:0x5000";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void They_agree_on_numbers_and_curves_and_nothing_is_missing(bool serial)
    {
        var bench = new Bench(serial, "--seed", "5", "--accept-delay", "0.5");
        bench.Run(75);

        Assert.Equal("M8000", bench.Said.OfType<DeviceEvent.Identity>().First().Device.Model);
        Assert.DoesNotContain(bench.Said, said => said is DeviceEvent.Fault or DeviceEvent.Missing);
        Agree(bench, "hr", PatientValue.HeartRate, 1.0);
        Agree(bench, "etco2", PatientValue.EndTidalCo2, 1.5);
        Agree(bench, "spo2", PatientValue.Spo2, 0.2);
        Curve(bench, Abp, PatientWave.ArterialPressure, 0.05);
        Curve(bench, LeadII, PatientWave.EcgII, 0.004);
        Curve(bench, Resp, PatientWave.ImpedanceRespiration, 0.001);
        Assert.InRange(bench.Said.OfType<DeviceEvent.Samples>().Select(s => s.Metric.DeviceCode).Distinct().Count(), 7, 20);
    }

    [Theory]
    [InlineData("garbage@15+10")]
    [InlineData("drop-packet@15+10")]
    [InlineData("duplicate-packet@15+10")]
    [InlineData("reorder-packet@15+10")]
    [InlineData("lost-fragment@15+10")]
    [InlineData("silence@15+10")]
    [InlineData("reboot@15")]
    [InlineData("abort@15")]
    [InlineData("refuse@0+5")]
    [InlineData("counter-wrap")]
    [InlineData("scale-late@0+10")]
    [InlineData("scale-change@15+10")]
    [InlineData("wrong-scale-late@15+10")]
    [InlineData("truncated-frame@15+10")]
    [InlineData("clock-jump@15")]
    [InlineData("cycle-jitter@15+10")]
    [InlineData("module-unplug@15+10")]
    [InlineData("split-slice@15+10")]
    [InlineData("leads-off@15+10")]
    [InlineData("saturation@15+10")]
    [InlineData("pacer@15+10")]
    [InlineData("invalid@15+10")]
    public void After_a_fault_numbers_and_curves_come_again(string fault)
    {
        var bench = new Bench(serial: false, "--accept-delay", "0.5", "--fault", fault);
        bench.Run(70);
        int known = bench.Said.Count;
        bench.Run(6);
        DeviceEvent[] after = [.. bench.Said.Skip(known)];
        Assert.Contains(after.OfType<DeviceEvent.Numeric>(), n => n.Metric.SignalId == "hr" && n.Value is not null);
        Assert.Contains(after.OfType<DeviceEvent.Samples>(), s => s.Metric.DeviceCode == Abp && s.Scale is not null);
    }

    [Theory]
    [InlineData("corrupt-fcs@15+10")]
    [InlineData("frame-abort@15+10")]
    [InlineData("truncated-frame@15+10")]
    [InlineData("garbage@15+10")]
    [InlineData("baud-mismatch@15+10")]
    public void After_a_bad_line_numbers_and_curves_come_again(string fault)
    {
        var bench = new Bench(serial: true, "--accept-delay", "0.5", "--fault", fault);
        bench.Run(70);
        int known = bench.Said.Count;
        bench.Run(6);
        DeviceEvent[] after = [.. bench.Said.Skip(known)];
        Assert.Contains(after.OfType<DeviceEvent.Numeric>(), n => n.Metric.SignalId == "hr" && n.Value is not null);
        Assert.Contains(after.OfType<DeviceEvent.Samples>(), s => s.Metric.DeviceCode == Abp);
    }

    [Fact]
    public void A_slow_line_still_gives_numbers_and_curves()
    {
        var bench = new Bench(serial: true, "--baud", "19200", "--accept-delay", "0.5");
        bench.Run(75);
        Agree(bench, "hr", PatientValue.HeartRate, 1.0);
        Assert.Contains(bench.Said.OfType<DeviceEvent.Samples>(), s => s.Metric.DeviceCode == Abp && s.Scale is not null);
    }

    [Fact]
    public void A_record_comes_out_as_it_went_in()
    {
        string folder = Directory.CreateTempSubdirectory("bedside").FullName;
        short[] ecg = [.. Enumerable.Range(0, 15_000).Select(n => n % 1000 == 777 ? short.MinValue : (short)((n * 53 % 3001) - 1500))];
        short[] pressure = [.. Enumerable.Range(0, 3750).Select(n => (short)(300 + (n * 31 % 1201)))];
        Write(folder, "r.dat", ecg);
        Write(folder, "p.dat", pressure);
        File.WriteAllText(Path.Combine(folder, "r.hea"), "r 1 500 15000\nr.dat 16 200(24)/mV 16 0 0 0 0 ECG_II\n");
        File.WriteAllText(Path.Combine(folder, "p.hea"), "p 1 125 3750\np.dat 16 12.84(-1605)/mmHg 12 0 0 0 0 ABP\n");
        var bench = new Bench(serial: false, "--accept-delay", "0.5", "--wfdb", Path.Combine(folder, "r"), "--wfdb", Path.Combine(folder, "p"), "--once");
        bench.Run(45);
        Directory.Delete(folder, recursive: true);

        Same(bench, LeadII, ecg, raw => (raw - 24) / 200.0);
        Same(bench, Abp, pressure, raw => (raw + 1605) / 12.84);
    }

    private static void Agree(Bench bench, string id, PatientValue value, double within)
    {
        DeviceEvent.Numeric last = bench.Said.OfType<DeviceEvent.Numeric>().Last(n => n.Metric.SignalId == id && n.Value is not null);
        long at = bench.PatientTime(last.At!.Value); // the monitor times every number
        Assert.Equal(bench.Patient.Value(value, at), last.Value!.Value.ToDouble(), within); // asked for above
    }

    /// <summary>Every sample of the curve is the patient's at its own time, and each follows the last.</summary>
    private static void Curve(Bench bench, string code, PatientWave wave, double within)
    {
        DeviceEvent.Samples[] blocks = [.. bench.Said.OfType<DeviceEvent.Samples>().Where(s => s.Metric.DeviceCode == code)];
        blocks = [.. blocks.Where(b => b.Metric.Channel == blocks[0].Metric.Channel)];
        ulong next = blocks[0].At!.Value.Counter; // the monitor times every block
        foreach (DeviceEvent.Samples block in blocks)
        {
            Assert.Equal(next, block.At!.Value.Counter);
            long ticks = (long)(TicksPerSecond * block.Period.Numerator / block.Period.Denominator);
            Scale scale = Assert.IsType<Scale>(block.Scale);
            for (int at = 0; at < block.Raw.Length; at++)
            {
                long time = bench.PatientTime(new DeviceTicks(block.At.Value.Counter + (ulong)(at * ticks)));
                Assert.Equal(bench.Patient.Wave(wave, time), scale.Physical(block.Raw.Span[at]), within);
            }

            next = block.At.Value.Counter + (ulong)(ticks * block.Raw.Length);
        }

        Assert.True((next - blocks[0].At!.Value.Counter) / TicksPerSecond > 60);
    }

    private static void Same(Bench bench, string code, short[] record, Func<int, double> physical)
    {
        DeviceEvent.Samples[] blocks = [.. bench.Said.OfType<DeviceEvent.Samples>().Where(s => s.Metric.DeviceCode == code)];
        int index = 0;
        foreach (DeviceEvent.Samples block in blocks)
        {
            Scale scale = Assert.IsType<Scale>(block.Scale);
            for (int at = 0; at < block.Raw.Length; at++, index++)
            {
                bool bad = block.Runs.Any(r => at >= r.Start && at < r.Start + r.Length && r.Validity != Validity.Valid);
                bool missing = index >= record.Length || record[index] == short.MinValue;
                Assert.True(missing == bad, $"sample {index}");
                if (!missing)
                {
                    Assert.Equal(physical(record[index]), scale.Physical(block.Raw.Span[at]), 9);
                }
            }
        }

        Assert.InRange(index, record.Length, record.Length + 127);
    }

    private static void Write(string folder, string name, short[] samples)
    {
        byte[] bytes = new byte[2 * samples.Length];
        for (int at = 0; at < samples.Length; at++)
        {
            BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(2 * at), samples[at]);
        }

        File.WriteAllBytes(Path.Combine(folder, name), bytes);
    }

    private sealed class Bench : IDriverOutput
    {
        private const int StepMilliseconds = 5;

        private static readonly IPEndPoint Client = new(IPAddress.Loopback, 40_000);

        private readonly ManualTime _time = new();
        private readonly RecordingPort _port;
        private readonly SimulationClock _clock;
        private readonly IDevice _device;
        private readonly IDriverSession _session;
        private readonly Queue<byte[]> _toDevice = new();
        private readonly bool _serial;
        private readonly uint _start;
        private int _quiet;

        public Bench(bool serial, params string[] options)
        {
            _serial = serial;
            _port = new RecordingPort(_time);
            string[] where = serial ? ["--pty"] : ["--udp", "127.0.0.1:0", "--indicate", "none"];
            var arguments = Arguments.Parse(IntelliVue.Kind, [.. where, .. options]);
            _clock = new SimulationClock(_time, arguments.Epoch);
            var faults = new FaultSchedule(_clock, IntelliVue.Kind.Faults);
            Assert.All(arguments.Values("fault"), fault => Assert.True(faults.TryAdd(fault, 0)));
            _start = 0x0D59F800;
            Patient = new Patient(arguments.Seed);
            _device = IntelliVue.Kind.Create(new Simulation(_clock, Patient, _port, faults, arguments) { Log = Log });
            IDriver driver = DriverCatalog.ByName("philips-intellivue") ?? throw new InvalidOperationException("there is no IntelliVue driver");
            LineSettings? line = serial ? new LineSettings(arguments.Baud) : null;
            _session = driver.Open(new SessionOptions(serial ? Bedside.Ingest.Drivers.Transport.Serial : Bedside.Ingest.Drivers.Transport.Udp, ListenOnly: false, line));
        }

        public Patient Patient { get; }

        public StringWriter Log { get; } = new();

        public List<DeviceEvent> Said { get; } = [];

        public long PatientTime(DeviceTicks at) => _clock.PatientTime((long)(at.Counter - _start) * 125_000);

        public void Send(ReadOnlySpan<byte> bytes) => _toDevice.Enqueue(bytes.ToArray());

        public void Report(DeviceEvent said) => Said.Add(said);

        public void Run(double seconds)
        {
            for (int step = 0; step < seconds * 1000 / StepMilliseconds; step++)
            {
                _time.Pass(TimeSpan.FromMilliseconds(StepMilliseconds));
                _ = _device.Advance();
                _quiet += StepMilliseconds;
                foreach ((_, byte[] bytes, _) in _port.Take())
                {
                    _quiet = 0;
                    Hand(bytes);
                }

                if (_quiet >= 100)
                {
                    _quiet = 0;
                    Hand([]);
                }

                while (_toDevice.TryDequeue(out byte[]? message))
                {
                    _device.Receive(message, _serial ? null : Client);
                }
            }
        }

        private void Hand(byte[] bytes) => _session.OnChunk(new Chunk(new MonotonicInstant(_clock.Now), bytes), this);
    }
}
