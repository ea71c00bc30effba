using System.Buffers.Binary;
using System.Net;
using Bedside.Simulators;
using Bedside.Simulators.GeDatex;
using Bedside.Simulators.Physiology;
using Bedside.Tests.Simulators.Draeger;

namespace Bedside.Tests.Simulators.GeDatex;

/// <summary>A record the monitor sent, read from the sheet's rules alone; <paramref name="Sound"/> is false when its checksum or length is wrong.</summary>
internal sealed record Heard(double At, bool Sound, byte[] Record)
{
    public int MainType => BinaryPrimitives.ReadInt16LittleEndian(Record.AsSpan(14));

    public int Number => Record[2];

    public uint Seconds => BinaryPrimitives.ReadUInt32LittleEndian(Record.AsSpan(6));

    public IReadOnlyList<(int Type, byte[] Data)> Subrecords
    {
        get
        {
            var all = new List<(int Type, int Offset)>();
            for (int i = 0; i < 8 && Record[18 + (3 * i)] != 0xFF; i++)
            {
                all.Add((Record[18 + (3 * i)], BinaryPrimitives.ReadInt16LittleEndian(Record.AsSpan(16 + (3 * i)))));
            }

            return [.. all.Select((one, i) => (one.Type, Record[(40 + one.Offset)..(i + 1 < all.Count ? 40 + all[i + 1].Offset : Record.Length)]))];
        }
    }

    /// <summary>A word of a subrecord, with its sign.</summary>
    public short Word(int subrecord, int offset) => BinaryPrimitives.ReadInt16LittleEndian(Subrecords[subrecord].Data.AsSpan(offset));
}

/// <summary>A simulated monitor on a bench, and a client that hears it.</summary>
internal sealed class MonitorBench : IPort
{
    private readonly HandClock _time = new();
    private readonly IDevice _monitor;
    private readonly List<byte> _open = [];

    public MonitorBench(params string[] options)
    {
        var arguments = Arguments.Parse(S5.Kind, ["--pty", .. options]);
        Clock = new SimulationClock(_time, arguments.Epoch);
        Faults = new FaultSchedule(Clock, S5.Kind.Faults);
        foreach (string fault in arguments.Values("fault"))
        {
            Assert.True(Faults.TryAdd(fault, 0), fault);
        }

        Patient = new Patient(arguments.Seed);
        _monitor = S5.Kind.Create(new Simulation(Clock, Patient, this, Faults, arguments));
    }

    public Patient Patient { get; }

    public SimulationClock Clock { get; }

    public FaultSchedule Faults { get; }

    public double Seconds => Clock.Now / 1e9;

    /// <summary>Bytes not yet taken by <see cref="Take"/>.</summary>
    public List<byte> Bytes { get; } = [];

    public List<Heard> Records { get; } = [];

    public IEnumerable<Heard> Values => Records.Where(record => record.Sound && record.MainType == 0);

    public IEnumerable<Heard> Waves => Records.Where(record => record.Sound && record.MainType == 1);

    public IEnumerable<Heard> Alarms => Records.Where(record => record.Sound && record.MainType == 4);

    public void Send(ReadOnlySpan<byte> bytes, IPEndPoint? to)
    {
        foreach (byte one in bytes)
        {
            Bytes.Add(one);
            if (one != 0x7E)
            {
                _open.Add(one);
            }
            else if (_open.Count > 0)
            {
                Records.Add(Read([.. _open]));
                _open.Clear();
            }
        }
    }

    public void Say(params byte[] bytes) => _monitor.Receive(bytes, from: null);

    public void Run(double seconds, int stepMilliseconds = 2)
    {
        double end = Seconds + seconds;
        while (Seconds < end)
        {
            _time.Pass(TimeSpan.FromMilliseconds(stepMilliseconds));
            _ = _monitor.Advance();
        }
    }

    public byte[] Take()
    {
        byte[] taken = [.. Bytes];
        Bytes.Clear();
        return taken;
    }

    private Heard Read(byte[] stuffed)
    {
        var plain = new List<byte>();
        for (int i = 0; i < stuffed.Length; i++)
        {
            plain.Add(stuffed[i] == 0x7D && i + 1 < stuffed.Length ? (byte)(stuffed[++i] | 0x20) : stuffed[i]);
        }

        byte[] record = [.. plain.SkipLast(1)];
        bool sound = record.Length >= 40 && (record.Sum(one => one) & 0xFF) == plain[^1] && BinaryPrimitives.ReadInt16LittleEndian(record) == record.Length;
        return new Heard(Seconds, sound, record);
    }
}
