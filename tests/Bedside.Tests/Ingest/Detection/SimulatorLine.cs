using System.Net;
using Bedside.Ingest.Drivers;
using Bedside.Ingest.Links;
using Bedside.Simulators;
using Bedside.Simulators.Physiology;

namespace Bedside.Tests.Ingest.Detection;

/// <summary>A simulated device on a line on a manual clock. It hears and is heard while the line has its settings; at others its bytes come as other bytes, with framing errors.</summary>
internal sealed class SimulatorLine : ISerialLine, IPort
{
    private const int StepMs = 5;
    private const int TickMs = 100;

    private readonly ManualTime _time;
    private readonly LineSettings _spoken;
    private readonly IDevice _device;
    private readonly List<byte> _said = [];
    private LineSettings? _line;
    private int _framing;

    public SimulatorLine(ManualTime time, DeviceKind kind, LineSettings spoken, params string[] options)
    {
        var arguments = Arguments.Parse(kind, ["--pty", .. options]);
        (_time, _spoken) = (time, spoken);
        var clock = new SimulationClock(time, arguments.Epoch);
        _device = kind.Create(new Simulation(clock, new Patient(arguments.Seed), this, new FaultSchedule(clock, kind.Faults), arguments));
    }

    public List<byte[]> Sent { get; } = [];

    public LineErrors? Errors => new LineErrors(_framing, 0, 0, 0);

    public void Tune(LineSettings line)
    {
        _line = line;
        _said.Clear();
    }

    public void Send(ReadOnlySpan<byte> bytes, IPEndPoint? to) => _said.AddRange(bytes);

    public void Send(ReadOnlySpan<byte> bytes)
    {
        Sent.Add(bytes.ToArray());
        if (_line == _spoken)
        {
            _device.Receive(bytes, from: null);
        }
    }

    public Chunk Read()
    {
        for (int passed = 0; passed < TickMs && _said.Count == 0; passed += StepMs)
        {
            _time.Advance(TimeSpan.FromMilliseconds(StepMs));
            _ = _device.Advance();
        }

        byte[] said = [.. _said];
        _said.Clear();
        if (said.Length > 0 && _line != _spoken)
        {
            _framing += Math.Max(1, said.Length / 3);
            said = [.. said.Select((value, i) => (byte)((value ^ 0x5D) + (i * 29)))];
        }

        return new Chunk(_time.MonotonicNow(), said);
    }

    public void Dispose()
    {
    }
}
