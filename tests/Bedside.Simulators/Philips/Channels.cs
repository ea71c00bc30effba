using System.Net;

namespace Bedside.Simulators.Philips;

/// <summary>How messages travel: as datagrams, or in frames on a line.</summary>
internal interface IChannel
{
    /// <summary>Longest message, bytes.</summary>
    int Mtu { get; }

    void Send(byte[] message, IPEndPoint? to);

    /// <summary>The messages in what arrived.</summary>
    IReadOnlyList<byte[]> Receive(ReadOnlySpan<byte> bytes);

    /// <summary>Sends what has become due; returns when there will be more.</summary>
    long Advance();
}

/// <summary>One message in one datagram.</summary>
internal sealed class DatagramChannel(Simulation simulation, int mtu) : IChannel
{
    private const int TruncateEvery = 20;
    private const long GarbageEvery = 5_000_000_000;

    private readonly Random _random = new((int)simulation.Arguments.Seed);
    private IPEndPoint? _peer;
    private int _sent;
    private long _nextGarbage;

    public int Mtu => mtu;

    public void Send(byte[] message, IPEndPoint? to)
    {
        _peer = to;
        _sent++;
        bool cut = simulation.Faults.Active(MonitorFaults.TruncatedFrame) && _sent % TruncateEvery == 0;
        simulation.Port.Send(cut ? message.AsSpan(0, message.Length / 2) : message, to);
    }

    public IReadOnlyList<byte[]> Receive(ReadOnlySpan<byte> bytes) => [bytes.ToArray()];

    public long Advance()
    {
        long now = simulation.Clock.Now;
        if (_peer is not null && now >= _nextGarbage && simulation.Faults.Active(MonitorFaults.Garbage))
        {
            byte[] rubbish = new byte[_random.Next(1, 200)];
            _random.NextBytes(rubbish);
            simulation.Port.Send(rubbish, _peer);
            _nextGarbage = now + GarbageEvery;
        }

        return long.MaxValue;
    }
}

/// <summary>Frames on a serial line, no faster than it is.</summary>
internal sealed class SerialChannel : IChannel
{
    private const int DisturbEvery = 20;
    private const long GarbageEvery = 5_000_000_000;

    /// <summary>The port takes about four frames in 128 ms; others are lost.</summary>
    private const int MostFrames = 4;
    private const long FrameWindow = 128_000_000;

    /// <summary>Two of the largest frames wait; what comes then is lost.</summary>
    private const int QueueBytes = 8192;

    private readonly Simulation _simulation;
    private readonly PacedLine _line;
    private readonly FrameReader _reader = new();
    private readonly Queue<long> _arrivals = new();
    private readonly Random _random;
    private int _sent;
    private long _nextGarbage;

    public SerialChannel(Simulation simulation)
    {
        _simulation = simulation;
        _random = new Random((int)simulation.Arguments.Seed);
        _line = new PacedLine(simulation.Port, simulation.Clock, simulation.Arguments.PacedBaud, QueueBytes);
    }

    public int Mtu => SerialFrame.Mtu;

    public void Send(byte[] message, IPEndPoint? to)
    {
        _sent++;
        bool disturb = _sent % DisturbEvery == 0;
        byte[] frame = SerialFrame.Encode(message);
        if (disturb && _simulation.Faults.Active(MonitorFaults.FrameAbort))
        {
            Put([.. frame.AsSpan(0, frame.Length / 2), SerialFrame.Escape, SerialFrame.End]);
        }

        if (disturb && _simulation.Faults.Active(MonitorFaults.CorruptFcs))
        {
            frame[^3] ^= 0x04;
        }

        if (disturb && _simulation.Faults.Active(MonitorFaults.TruncatedFrame))
        {
            frame = frame[..(frame.Length / 2)];
        }

        if (_simulation.Faults.Active(MonitorFaults.BaudMismatch))
        {
            _random.NextBytes(frame);
        }

        Put(frame);
    }

    public IReadOnlyList<byte[]> Receive(ReadOnlySpan<byte> bytes)
    {
        var messages = new List<byte[]>();
        foreach (byte value in bytes)
        {
            if (_reader.Push(value) is { } message && !_simulation.Faults.Active(MonitorFaults.BaudMismatch) && Takes())
            {
                messages.Add(message);
            }
        }

        return messages;
    }

    public long Advance()
    {
        long now = _simulation.Clock.Now;
        if (_sent > 0 && now >= _nextGarbage && _simulation.Faults.Active(MonitorFaults.Garbage))
        {
            byte[] rubbish = new byte[_random.Next(1, 200)];
            _random.NextBytes(rubbish);
            Put(rubbish);
            _nextGarbage = now + GarbageEvery;
        }

        return _line.Advance();
    }

    private void Put(byte[] bytes)
    {
        if (!_line.Send(bytes))
        {
            _simulation.Log.WriteLine($"the line at {_simulation.Arguments.Baud} baud cannot carry all that was asked for: {bytes.Length} bytes lost");
        }
    }

    private bool Takes()
    {
        long now = _simulation.Clock.Now;
        while (_arrivals.TryPeek(out long first) && first < now - FrameWindow)
        {
            _ = _arrivals.Dequeue();
        }

        if (_arrivals.Count >= MostFrames)
        {
            _simulation.Log.WriteLine("more than four frames in 128 ms: one lost");
            return false;
        }

        _arrivals.Enqueue(now);
        return true;
    }
}
