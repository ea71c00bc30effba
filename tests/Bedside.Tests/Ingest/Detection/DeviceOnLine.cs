using System.Net;
using Bedside.Ingest.Drivers;
using Bedside.Ingest.Links;
using Bedside.Simulators;
using Bedside.Simulators.Physiology;
using Bedside.Simulators.Transports;

namespace Bedside.Tests.Ingest.Detection;

/// <summary>
/// A simulated device, byte for byte and at the pace of its line, on a clock turned by reading. Either end hears of the other what a UART makes of
/// it: with other settings other bytes, and errors.
/// </summary>
internal sealed class DeviceOnLine : ISerialLine, IPort
{
    private const int StepMs = 10;
    private const int TickMs = 100;

    private readonly ManualTime _time;
    private readonly LineFormat _spoken;
    private readonly bool _counts;
    private readonly IDevice _device;
    private readonly Queue<(long DueMs, byte[] Bytes)> _onTheWay = new();
    private readonly List<byte> _arrived = [];
    private Uart _hears;
    private Uart _isHeard;
    private int _errors;

    /// <summary>Switches the device on and lets it be for a while.</summary>
    /// <param name="time">Goes on by 100 ms with each read that brings nothing.</param>
    /// <param name="kind">Which device.</param>
    /// <param name="spoken">What it is set to.</param>
    /// <param name="counts">Whether the port counts errors; a pseudo-terminal does not.</param>
    /// <param name="onForMs">How long it is on when somebody begins to listen.</param>
    /// <param name="options">As on the command line.</param>
    public DeviceOnLine(ManualTime time, DeviceKind kind, LineSettings spoken, bool counts, int onForMs, params string[] options)
    {
        (_time, _counts) = (time, counts);
        var arguments = Arguments.Parse(kind, ["--pty", "--line", spoken.ToString(), .. options]);
        _spoken = arguments.Line;
        _hears = _isHeard = new Uart(_spoken, _spoken);
        var clock = new SimulationClock(time, arguments.Epoch);
        _device = kind.Create(new Simulation(clock, new Patient(arguments.Seed), this, new FaultSchedule(clock, kind.Faults), arguments));
        for (int passed = 0; passed < onForMs; passed += StepMs)
        {
            Step();
        }

        _arrived.Clear();
        _errors = 0;
    }

    public LineErrors? Errors => _counts ? new LineErrors(_errors, 0, 0, 0) : null;

    /// <summary>Everything that the box said.</summary>
    public List<byte[]> Sent { get; } = [];

    private long NowMs => _time.GetTimestamp() / TimeSpan.TicksPerMillisecond;

    public void Tune(LineSettings line)
    {
        LineFormat listener = LineFormat.Parse(line.ToString()) ?? throw new ArgumentException("no line", nameof(line));
        _hears = new Uart(_spoken, listener);
        _isHeard = new Uart(listener, _spoken);
        _arrived.Clear();
        _onTheWay.Clear(); // as SerialLink: what waits is thrown away
    }

    public Chunk Read()
    {
        for (int passed = 0; passed < TickMs && _arrived.Count == 0; passed += StepMs)
        {
            Step();
        }

        var chunk = new Chunk(_time.MonotonicNow(), _arrived.ToArray());
        _arrived.Clear();
        return chunk;
    }

    public void Send(ReadOnlySpan<byte> bytes)
    {
        byte[] message = bytes.ToArray();
        Sent.Add(message);
        _onTheWay.Enqueue((NowMs + (message.Length * _spoken.BitsPerByte * 1_000 / _spoken.Baud), _isHeard.Hear(message)));
    }

    void IPort.Send(ReadOnlySpan<byte> bytes, IPEndPoint? to)
    {
        int before = _hears.Errors;
        _arrived.AddRange(_hears.Hear(bytes));
        _errors += _hears.Errors - before;
    }

    public void Dispose()
    {
    }

    private void Step()
    {
        _time.Advance(TimeSpan.FromMilliseconds(StepMs));
        while (_onTheWay.TryPeek(out (long DueMs, byte[] Bytes) next) && next.DueMs <= NowMs)
        {
            _onTheWay.Dequeue();
            _device.Receive(next.Bytes, from: null);
        }

        _ = _device.Advance();
    }
}
