using System.Net;
using Bedside.Ingest.Captures;
using Bedside.Ingest.Drivers;
using Bedside.Ingest.Links;
using Bedside.Model;
using Bedside.Simulators;
using Bedside.Simulators.Physiology;

namespace Bedside.Tests.Ingest.Ventilators;

/// <summary>A simulated device and the product's driver, written apart from one sheet, in one conversation in a time of their own.</summary>
internal sealed class SimulatedLine : IPort
{
    private const int StepMilliseconds = 5;
    private const int TickMilliseconds = 100;

    private readonly ManualTime _time = new();
    private readonly IDevice _device;
    private readonly IDriverSession _session;
    private readonly List<byte> _arrived = [];
    private int _delivered;
    private int _quiet;

    public SimulatedLine(DeviceKind kind, string driver, params string[] options)
    {
        var arguments = Arguments.Parse(kind, ["--pty", .. options]);
        Clock = new SimulationClock(_time, arguments.Epoch);
        Faults = new FaultSchedule(Clock, kind.Faults);
        foreach (string fault in arguments.Values("fault"))
        {
            Assert.True(Faults.TryAdd(fault, 0), $"no fault {fault}");
        }

        Patient = new Patient(arguments.Seed);
        _device = kind.Create(new Simulation(Clock, Patient, this, Faults, arguments));
        Driver = DriverCatalog.ByName(driver) ?? throw new InvalidOperationException($"there is no driver {driver}");
        Ear = new Ear(Driver);
        _session = Driver.Open(new SessionOptions(Bedside.Ingest.Drivers.Transport.Serial, ListenOnly: false, new LineSettings(arguments.Baud)));
    }

    public IDriver Driver { get; }

    public Patient Patient { get; }

    public SimulationClock Clock { get; }

    public FaultSchedule Faults { get; }

    public Ear Ear { get; }

    public long PatientTime => Clock.PatientTime(Clock.Now);

    /// <summary>Both directions, for a capture.</summary>
    public List<Chunk> Line { get; } = [];

    public void Send(ReadOnlySpan<byte> bytes, IPEndPoint? to) => _arrived.AddRange(bytes);

    public SimulatedLine Run(double seconds)
    {
        for (int passed = 0; passed < seconds * 1000; passed += StepMilliseconds)
        {
            _time.Advance(TimeSpan.FromMilliseconds(StepMilliseconds));
            _ = _device.Advance();
            _quiet = _arrived.Count > 0 ? 0 : _quiet + StepMilliseconds;
            if (_arrived.Count > 0 || _quiet >= TickMilliseconds)
            {
                _quiet = 0;
                var chunk = new Chunk(new MonotonicInstant(Clock.Now), _arrived.ToArray());
                _arrived.Clear();
                if (!chunk.Bytes.IsEmpty)
                {
                    Line.Add(chunk);
                }

                _session.OnChunk(chunk, Ear);
            }

            Deliver();
        }

        return this;
    }

    public void Stop()
    {
        _session.Stop(Ear);
        Deliver();
    }

    /// <summary>Writes what went over the line as a capture.</summary>
    public void Record(string path, string device, LineSettings line, string notes)
    {
        CaptureHeader header = new()
        {
            Device = device,
            Origin = CaptureOrigin.Synthetic,
            Transport = Bedside.Ingest.Drivers.Transport.Serial,
            Line = line,
            Notes = notes,
        };
        using var writer = CaptureWriter.Create(path, header, default(MonotonicInstant));
        foreach (Chunk chunk in Line)
        {
            writer.Write(chunk);
        }
    }

    private void Deliver()
    {
        for (; _delivered < Ear.Sent.Count; _delivered++)
        {
            byte[] message = Ear.Sent[_delivered];
            Line.Add(new Chunk(new MonotonicInstant(Clock.Now), message, ChunkDirection.ToDevice));
            _device.Receive(message, from: null);
        }
    }
}
