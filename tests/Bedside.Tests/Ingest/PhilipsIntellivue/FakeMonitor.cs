namespace Bedside.Tests.Ingest.PhilipsIntellivue;

/// <summary>Answers a session as a monitor would, with switches for what goes wrong.</summary>
internal sealed class FakeMonitor
{
    private readonly Dictionary<ushort, Poll> _polls = [];

    public uint Options { get; set; } = 0x8C000000;

    public uint Mtu { get; set; } = 1364;

    public bool Refuses { get; set; }

    public bool IsMute { get; set; }

    public bool KeepsIntroducing { get; set; }

    public bool Framed { get; init; }

    /// <summary>Labels it has waves for.</summary>
    public uint[] Waves { get; set; } = [0x00020100, 0x00024BB4, 0x00024A14, 0x00025000];

    public ushort IntroductionId { get; set; } = 1;

    public uint Time { get; set; } = 224_000_000;

    public bool Associated { get; private set; }

    public bool Confirmed { get; private set; }

    /// <summary>Classes of the periodic polls that run: one for each, and only for the time that was asked for.</summary>
    public IReadOnlyCollection<ushort> Running => _polls.Keys;

    /// <summary>What a client sent, without frames.</summary>
    public List<byte[]> Received { get; } = [];

    public IEnumerable<byte[]> Answer(byte[] sent)
    {
        byte[] message = Framed ? Unframed(sent) : sent;
        Received.Add(message);
        return IsMute ? [] : Answers(message).Select(Out).ToList();
    }

    /// <summary>One cycle of 1.024 s: a result of each poll that runs.</summary>
    public IEnumerable<byte[]> Cycle()
    {
        Time += 8192;
        foreach ((ushort objectClass, Poll poll) in _polls.ToList())
        {
            if (Time - poll.Began > poll.Active)
            {
                _polls.Remove(objectClass);
                continue;
            }

            ushort sequence = poll.Sequence++;
            ushort invokeId = poll.InvokeId;
            byte[][] contexts = objectClass == Wire.Numeric ? [Wire.Context(1, Wire.Object(0x82B3, Wire.NumericValue(0x4182, 72)))] : [];
            yield return Out(Wire.Reply(invokeId, sequence, Time, objectClass, contexts));
        }
    }

    public void Forget()
    {
        Associated = false;
        Confirmed = false;
        _polls.Clear();
    }

    public static byte[] Unframed(byte[] frame)
    {
        var plain = new List<byte>();
        for (int i = 1; i < frame.Length - 1; i++)
        {
            plain.Add(frame[i] == 0x7D ? (byte)(frame[++i] ^ 0x20) : frame[i]);
        }

        Assert.Equal(frame, Wire.Framed([.. plain[4..^2]]));
        return [.. plain[4..^2]];
    }

    private byte[] Out(byte[] message) => Framed ? Wire.Framed(message) : message;

    private IEnumerable<byte[]> Answers(byte[] message) => message[0] switch
    {
        0x0D => Associate(),
        0x09 when Associated => Release(),
        0x19 => Drop(),
        0xE1 when Associated => Data(message),
        _ => [],
    };

    private IEnumerable<byte[]> Associate()
    {
        if (Refuses)
        {
            yield return Vectors.Refuse;
        }
        else if (!Associated)
        {
            Associated = true;
            yield return Wire.Accept(Options, Mtu);
            yield return Wire.MdsCreate(IntroductionId, Time);
        }
    }

    private byte[][] Release()
    {
        Forget();
        return [Vectors.ReleaseResponse];
    }

    private byte[][] Drop()
    {
        Forget();
        return [];
    }

    private byte[][] Data(byte[] message)
    {
        ushort invokeId = (ushort)((message[8] << 8) | message[9]);
        if (message[5] == 2)
        {
            Assert.Equal(IntroductionId, invokeId);
            Confirmed = true;
            return KeepsIntroducing ? [Wire.MdsCreate(IntroductionId, Time)] : [];
        }

        return Confirmed ? Request(message, invokeId) : [];
    }

    private byte[][] Request(byte[] message, ushort invokeId)
    {
        switch (message[11])
        {
            case 3:
                byte[] labels = Wire.Counted([.. Waves.Select(Wire.U32)]);
                return [Wire.Message(2, invokeId, 3, Wire.Join(Wire.U16(0x21, 0, 0), Wire.Attributes(Wire.Attribute(0xF23A, labels))))];
            case 5:
                return [Wire.Message(2, invokeId, 5, Wire.Join(Wire.U16(0x21, 0, 0), Wire.Attributes(Wire.Attribute(0xF23A, Wire.Counted()))))];
            default:
                ushort objectClass = (ushort)((message[32] << 8) | message[33]);
                bool extended = message[24] == 0xF1;
                if (extended)
                {
                    uint active = (uint)((message[44] << 24) | (message[45] << 16) | (message[46] << 8) | message[47]);
                    _polls[objectClass] = new Poll(invokeId, Time, active) { Sequence = 1 };
                }

                return [extended ? Wire.Reply(invokeId, 0, Time, objectClass, []) : Wire.Single(invokeId, Time, objectClass)];
        }
    }

    private sealed class Poll(ushort invokeId, uint began, uint active)
    {
        public ushort InvokeId => invokeId;

        public uint Began => began;

        public uint Active => active;

        public ushort Sequence { get; set; }
    }
}
