using Bedside.Ingest.Drivers;
using Bedside.Ingest.Links;
using Bedside.Model;
using Bedside.Tests.Ingest;

namespace Bedside.Tests.Simulators.GeDatex;

/// <summary>The product's driver at one end of a line and the simulated monitor at the other.</summary>
internal sealed class S5Talk : IDriverOutput
{
    private const int StepMilliseconds = 10;

    private readonly IDriverSession _session;
    private readonly Ear _ear;
    private readonly Queue<byte[]> _toMonitor = new();
    private int _quiet;

    public S5Talk(int baud, params string[] options)
    {
        Bench = new MonitorBench(options);
        IDriver driver = DriverCatalog.ByName("ge-datex-dri") ?? throw new InvalidOperationException("there is no driver for S/5 monitors");
        _ear = new Ear(driver);
        Line = new LineSettings(baud, Parity: LineParity.Even);
        _session = driver.Open(new SessionOptions(Transport.Serial, Line: Line));
    }

    public MonitorBench Bench { get; }

    public LineSettings Line { get; }

    public List<DeviceEvent> Said => _ear.Said;

    /// <summary>All that went over the line.</summary>
    public List<Chunk> Chunks { get; } = [];

    public long PatientTime => Bench.Clock.PatientTime(Bench.Clock.Now);

    public DeviceEvent.Samples[] SamplesOf(string signal) => [.. Said.OfType<DeviceEvent.Samples>().Where(one => one.Metric.SignalId == signal)];

    public void Send(ReadOnlySpan<byte> bytes)
    {
        _ear.Send(bytes);
        _toMonitor.Enqueue(bytes.ToArray());
        Chunks.Add(new Chunk(new MonotonicInstant(Bench.Clock.Now), bytes.ToArray(), ChunkDirection.ToDevice));
    }

    public void Report(DeviceEvent said) => _ear.Report(said);

    public void Run(double seconds)
    {
        double end = Bench.Seconds + seconds;
        while (Bench.Seconds < end)
        {
            Bench.Run(StepMilliseconds / 1000.0, StepMilliseconds);
            byte[] bytes = Bench.Take();
            _quiet = bytes.Length > 0 ? 0 : _quiet + StepMilliseconds;
            if (bytes.Length > 0 || _quiet >= 100)
            {
                _quiet = 0;
                var chunk = new Chunk(new MonotonicInstant(Bench.Clock.Now), bytes);
                if (bytes.Length > 0)
                {
                    Chunks.Add(chunk);
                }

                _session.OnChunk(chunk, this);
            }

            while (_toMonitor.TryDequeue(out byte[]? message))
            {
                Bench.Say(message);
            }
        }
    }
}
