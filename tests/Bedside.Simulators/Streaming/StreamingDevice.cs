using System.Net;

namespace Bedside.Simulators.Streaming;

/// <summary>
/// A device that speaks unasked on a serial line: one message after the other, each at its time, at the line's speed. What goes wrong
/// between it and the reader is here; what it says is for the device itself.
/// </summary>
public abstract class StreamingDevice : IDevice
{
    private const long Second = 1_000_000_000;
    private const long LongestWait = Second / 20;
    private const int QueueBytes = 4_096;

    private readonly Cable _cable;
    private readonly double _drift;
    private readonly long _jitter;
    private PacedLine _line;
    private bool _off = true;
    private long _index;
    private long _begun;

    protected StreamingDevice(Simulation simulation)
    {
        Simulation = simulation;
        _drift = simulation.Arguments.Number("drift", 0) / 1e6;
        _jitter = (long)(simulation.Arguments.Number("jitter", 0) * 1e6);
        Random = new Random(unchecked((int)simulation.Patient.Seed));
        _cable = new Cable(simulation, Random);
        _line = NewLine();
    }

    /// <summary>Options that all of them have.</summary>
    public static IReadOnlyList<DeviceOption> Options { get; } =
    [
        new("drift", "PPM", "how much faster the device's clock runs"),
        new("jitter", "MS", "how late a message may begin, at random"),
    ];

    protected Simulation Simulation { get; }

    protected Random Random { get; }

    public virtual void Receive(ReadOnlySpan<byte> bytes, IPEndPoint? from)
    {
        // Nobody is heard: there is no receiver.
    }

    public long Advance()
    {
        long now = Simulation.Clock.Now;
        if (Active(StreamingFaults.Reboot))
        {
            SwitchOff();
            return now + LongestWait;
        }

        if (_off)
        {
            _off = false;
            _index = 0;
            _begun = now;
            SwitchedOn();
        }

        for (long due = Due(); due <= now; due = Due())
        {
            Send(Cut(Message(_index, due)));
            _index++;
        }

        _cable.Advance(now);
        return Math.Min(Math.Min(_line.Advance(), Due()), now + LongestWait);
    }

    /// <summary>When a message begins, ns of the device's own time since it was switched on.</summary>
    protected abstract long TimeOf(long index);

    /// <summary>A message; <paramref name="at"/> is when it begins on the simulation's clock.</summary>
    protected abstract byte[] Message(long index, long at);

    /// <summary>The device was switched on.</summary>
    protected virtual void SwitchedOn()
    {
    }

    protected void Send(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.IsEmpty && !_line.Send(bytes))
        {
            Simulation.Log.WriteLine("a message was lost: the line is too slow");
        }
    }

    protected bool Active(string fault) => Simulation.Faults.Active(fault);

    private long Due()
    {
        // The same message is late by the same time, however often it is asked.
        long late = _jitter == 0 ? 0 : new Random(unchecked((int)(_index * 7_919) ^ (int)Simulation.Patient.Seed)).NextInt64(_jitter);
        return _begun + (long)(TimeOf(_index) / (1 + _drift)) + late;
    }

    private byte[] Cut(byte[] message) =>
        Active(StreamingFaults.Truncate) && message.Length > 1 && Random.Next(3) == 0 ? message[..Random.Next(1, message.Length)] : message;

    private void SwitchOff()
    {
        if (!_off)
        {
            _off = true;
            _line = NewLine();
            Simulation.Log.WriteLine("switched off");
        }
    }

    private PacedLine NewLine() => new(_cable, Simulation.Clock, Simulation.Arguments.PacedBaud, QueueBytes);

    /// <summary>What a bad cable makes of the bytes.</summary>
    private sealed class Cable(Simulation simulation, Random random) : IPort
    {
        private const long GarbageEvery = Second / 5;
        private long _nextGarbage;

        public void Send(ReadOnlySpan<byte> bytes, IPEndPoint? to)
        {
            if (simulation.Faults.Active(StreamingFaults.Silence))
            {
                return;
            }

            var sent = new List<byte>(bytes.Length);
            foreach (byte one in bytes)
            {
                Put(one, sent);
            }

            if (sent.Count > 0)
            {
                simulation.Port.Send(sent.ToArray(), to);
            }
        }

        public void Advance(long now)
        {
            if (simulation.Faults.Active(StreamingFaults.Garbage) && now >= _nextGarbage)
            {
                _nextGarbage = now + GarbageEvery;
                byte[] noise = new byte[random.Next(3, 40)];
                random.NextBytes(noise);
                simulation.Port.Send(noise, to: null);
            }
        }

        private void Put(byte one, List<byte> sent)
        {
            if (simulation.Faults.Active(StreamingFaults.DropBytes) && random.Next(400) == 0)
            {
                return;
            }

            bool flipped = simulation.Faults.Active(StreamingFaults.FlipBits) && random.Next(400) == 0;
            sent.Add(flipped ? (byte)(one ^ (1 << random.Next(8))) : one);
            if (simulation.Faults.Active(StreamingFaults.DoubleBytes) && random.Next(400) == 0)
            {
                sent.Add(one);
            }
        }
    }
}
