using Bedside.Ingest.Drivers;
using Bedside.Ingest.Links;
using Bedside.Model;
using Bedside.Simulators;
using Bedside.Simulators.Physiology;
using Bedside.Tests.Ingest;

namespace Bedside.Tests.Simulators.Streaming;

/// <summary>The product's driver and a simulator, written apart from the same sheet, on one line with a clock turned by hand.</summary>
internal sealed class StreamingBench : IDriverOutput
{
    private const int StepMilliseconds = 10;

    private readonly ManualTime _time = new();
    private readonly RecordingPort _port;
    private readonly SimulationClock _clock;
    private readonly IDevice _device;
    private readonly IDriverSession _session;
    private readonly Ear _ear;
    private readonly Queue<byte[]> _toDevice = new();
    private int _quiet;

    public StreamingBench(DeviceKind kind, string driver, params string[] options)
    {
        _port = new RecordingPort(_time);
        bool network = !kind.Transports.HasFlag(Bedside.Simulators.Transport.Pty);
        string[] where = network ? ["--tcp", "127.0.0.1:0"] : ["--pty"];
        var arguments = Arguments.Parse(kind, [.. where, .. options]);
        _clock = new SimulationClock(_time, arguments.Epoch);
        var faults = new FaultSchedule(_clock, kind.Faults);
        Assert.All(arguments.Values("fault"), fault => Assert.True(faults.TryAdd(fault, 0)));
        Patient = new Patient(arguments.Seed);
        _device = kind.Create(new Simulation(_clock, Patient, _port, faults, arguments));
        Driver = DriverCatalog.ByName(driver) ?? throw new InvalidOperationException($"there is no driver {driver}");
        _ear = new Ear(Driver);
        Transport = network ? Bedside.Ingest.Drivers.Transport.Tcp : Bedside.Ingest.Drivers.Transport.Serial;
        _session = Driver.Open(new SessionOptions(Transport));
    }

    public IDriver Driver { get; }

    public Bedside.Ingest.Drivers.Transport Transport { get; }

    public Patient Patient { get; }

    public List<DeviceEvent> Said => _ear.Said;

    /// <summary>Everything on the line, both ways.</summary>
    public List<Chunk> Line { get; } = [];

    public List<byte[]> Sent => _ear.Sent;

    public long PatientTime => _clock.PatientTime(_clock.Now);

    public IEnumerable<T> Of<T>()
        where T : DeviceEvent => _ear.Of<T>();

    public Fixed? Last(string id) => Of<DeviceEvent.Numeric>().LastOrDefault(numeric => numeric.Metric.SignalId == id)?.Value;

    public void Send(ReadOnlySpan<byte> bytes)
    {
        _ear.Send(bytes);
        _toDevice.Enqueue(bytes.ToArray());
    }

    public void Report(DeviceEvent said) => _ear.Report(said);

    /// <summary>The session ends.</summary>
    public void Stop() => _session.Stop(this);

    /// <summary>Another host on the line says something.</summary>
    public void ToDevice(byte[] message) => _toDevice.Enqueue(message);

    public StreamingBench Run(double seconds)
    {
        for (int step = 0; step < seconds * 1000 / StepMilliseconds; step++)
        {
            _time.Pass(TimeSpan.FromMilliseconds(StepMilliseconds));
            _ = _device.Advance();
            _quiet += StepMilliseconds;
            foreach ((_, byte[] bytes, System.Net.IPEndPoint? to) in _port.Take())
            {
                if (to is null)
                {
                    _quiet = 0;
                    Hand(bytes);
                }
            }

            if (_quiet >= 100)
            {
                _quiet = 0;
                Hand([]);
            }

            while (_toDevice.TryDequeue(out byte[]? message))
            {
                Line.Add(new Chunk(new MonotonicInstant(_clock.Now), message, ChunkDirection.ToDevice));
                _device.Receive(message, from: null);
            }
        }

        return this;
    }

    private void Hand(byte[] bytes)
    {
        var chunk = new Chunk(new MonotonicInstant(_clock.Now), bytes);
        Line.Add(chunk);
        _session.OnChunk(chunk, this);
    }
}
