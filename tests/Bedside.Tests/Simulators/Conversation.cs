using System.Buffers.Binary;
using System.Net;
using Bedside.Simulators;
using Bedside.Simulators.Philips;
using Bedside.Simulators.Physiology;

namespace Bedside.Tests.Simulators;

/// <summary>A scripted client of the simulated monitor: bytes in, bytes out, by a clock that a test turns. It reads results with its own few lines.</summary>
internal sealed class Conversation
{
    public static readonly IPEndPoint Client = new(IPAddress.Loopback, 40_000);

    private readonly ManualTime _time = new();
    private readonly RecordingPort _port;
    private readonly IDevice _device;

    public Conversation(params string[] options)
        : this(Transport.Udp, options)
    {
    }

    public Conversation(Transport transport, params string[] options)
    {
        _port = new RecordingPort(_time);
        string[] where = transport is Transport.Udp ? ["--udp", "127.0.0.1:0", "--indicate", "none"] : ["--pty"];
        Arguments arguments = Arguments.Parse(IntelliVue.Kind, [.. where, .. options]);
        Clock = new SimulationClock(_time, arguments.Epoch);
        Faults = new FaultSchedule(Clock, IntelliVue.Kind.Faults);
        foreach (string fault in arguments.Values("fault"))
        {
            Assert.True(Faults.TryAdd(fault, 0));
        }

        Patient = new Patient(arguments.Seed);
        _device = IntelliVue.Kind.Create(new Simulation(Clock, Patient, _port, Faults, arguments) { Log = Log });
        IsSerial = transport is not Transport.Udp;
    }

    public bool IsSerial { get; }

    public StringWriter Log { get; } = new();

    public SimulationClock Clock { get; }

    public FaultSchedule Faults { get; }

    public Patient Patient { get; }

    /// <summary>Messages since the last time, in order, with the second at which each was sent.</summary>
    public IReadOnlyList<Reply> Hear()
    {
        if (!IsSerial)
        {
            return [.. _port.Take().Select(s => new Reply(s.Seconds, s.Bytes))];
        }

        var reader = new FrameReader();
        var replies = new List<Reply>();
        foreach ((double seconds, byte[] bytes, _) in _port.Take())
        {
            foreach (byte value in bytes)
            {
                if (reader.Push(value) is { } message)
                {
                    replies.Add(new Reply(seconds, message));
                }
            }
        }

        return replies;
    }

    /// <summary>Bytes on the line, frames or not.</summary>
    public byte[] HearBytes() => [.. _port.Take().SelectMany(s => s.Bytes)];

    public void Say(string hex, IPEndPoint? from = null)
    {
        byte[] message = Convert.FromHexString(hex);
        _device.Receive(IsSerial ? SerialFrame.Encode(message) : message, IsSerial ? null : from ?? Client);
    }

    public void Run(double seconds)
    {
        const double Step = 0.004;
        for (double passed = 0; passed < seconds; passed += Step)
        {
            _ = _device.Advance();
            _time.Pass(TimeSpan.FromSeconds(Step));
        }

        _ = _device.Advance();
    }

    /// <summary>Requests, is accepted, and confirms; what was said on the way is forgotten.</summary>
    public Conversation Associated(string request = IntelliVueVectors.AssociationAsked)
    {
        Say(request);
        Run(2.3);
        Assert.Equal(0x0E, Hear()[0].Bytes[0]);
        Say(IntelliVueVectors.SystemCreatedResult);
        return this;
    }

    /// <summary>A poll with the numbers that a test is about.</summary>
    public void Poll(ushort invoke, ushort objectClass, ushort group, uint? activeTicks)
    {
        byte[] message = Convert.FromHexString(activeTicks is null ? IntelliVueVectors.SinglePoll : IntelliVueVectors.ExtendedPoll);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(8), invoke);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(32), objectClass);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(34), group);
        if (activeTicks is { } ticks)
        {
            BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(44), ticks);
        }

        Say(Convert.ToHexString(message));
    }

    public void SetWaves(params uint[] labels)
    {
        MessageWriter message = new MessageWriter().Bytes(Convert.FromHexString("E10000020001"));
        int operation = message.Open();
        int argument = message.U16(0x55).U16(5).Open();
        int list = message.Bytes(new byte[10]).U16(1).Open();
        int value = message.U16(0).U16(0xF23A).Open();
        int entries = message.U16(labels.Length).Open();
        foreach (uint label in labels)
        {
            _ = message.U32(label);
        }

        foreach (int opened in (int[])[entries, value, list, argument, operation])
        {
            message.Close(opened);
        }

        Say(Convert.ToHexString(message.Written));
    }
}

/// <summary>A message of the monitor, read at the offsets of the protocol sheet's section 15.</summary>
internal sealed record Reply(double Seconds, byte[] Bytes)
{
    public byte Type => Bytes[0];

    public ushort Operation => U16(4);

    public bool IsLinked => Operation == 5;

    public int LinkState => Bytes[8];

    /// <summary>2 when the message is a fragment, for all that comes after the link.</summary>
    private int Shift => IsLinked ? 2 : 0;

    public ushort Invoke => U16(8 + Shift);

    public ushort Command => U16(10 + Shift);

    public bool IsExtended => U16(20 + Shift) == 0xF13B;

    public ushort Sequence => U16(26 + Shift);

    public uint Time => U32((IsExtended ? 28 : 26) + Shift);

    public ushort ObjectClass => U16((IsExtended ? 42 : 40) + Shift);

    /// <summary>Handle and attributes of each object, with its context.</summary>
    public IReadOnlyList<(ushort Context, ushort Handle, IReadOnlyDictionary<ushort, byte[]> Attributes)> Objects
    {
        get
        {
            var objects = new List<(ushort, ushort, IReadOnlyDictionary<ushort, byte[]>)>();
            int at = (IsExtended ? 46 : 44) + Shift;
            int contexts = U16(at);
            at += 4;
            for (; contexts > 0; contexts--)
            {
                ushort context = U16(at);
                int count = U16(at + 2);
                at += 6;
                for (; count > 0; count--)
                {
                    ushort handle = U16(at);
                    int attributes = U16(at + 2);
                    at += 6;
                    var found = new Dictionary<ushort, byte[]>();
                    for (; attributes > 0; attributes--)
                    {
                        int length = U16(at + 2);
                        found[U16(at)] = Bytes[(at + 4)..(at + 4 + length)];
                        at += 4 + length;
                    }

                    objects.Add((context, handle, found));
                }
            }

            Assert.Equal(Bytes.Length, at);
            return objects;
        }
    }

    public ushort U16(int at) => BinaryPrimitives.ReadUInt16BigEndian(Bytes.AsSpan(at));

    public uint U32(int at) => BinaryPrimitives.ReadUInt32BigEndian(Bytes.AsSpan(at));
}
