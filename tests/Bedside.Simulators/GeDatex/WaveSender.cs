using System.Buffers.Binary;

namespace Bedside.Simulators.GeDatex;

/// <summary>
/// The waves that a client asked for, in packets of whole samples. Packet k holds the samples whose number lies between k and
/// k + 1 periods, so that slow waves have one more now and then. Times are the monitor's, ns.
/// </summary>
internal sealed class WaveSender(DriSettings settings, IWaveSource source)
{
    private const int MostInRecord = 8;
    private const long Millisecond = 1_000_000;

    /// <summary>Bits that a monitor leaves set though they are reserved.</summary>
    private const ushort Reserved = 0x2C90;

    private IReadOnlyList<byte> _waves = [];
    private long _period;
    private long _begun;
    private long _packet;
    private bool _gap;

    public bool Runs => _waves.Count > 0;

    /// <summary>When the first sample of the next packet is taken.</summary>
    public long Begins => _begun + (_packet * _period);

    /// <summary>When the next packet is complete.</summary>
    public long Due => Runs ? _begun + ((_packet + 1) * _period) : long.MaxValue;

    /// <summary>A new list replaces the one before; the first packet begins now.</summary>
    public void Start(IReadOnlyList<byte> asked, long now)
    {
        _waves = DriWaveList.Admit(asked, settings);
        _period = Runs ? (settings.PacketMilliseconds > 0 ? settings.PacketMilliseconds : DriWaveList.Period(_waves)) * Millisecond : 0;
        (_begun, _packet, _gap) = (now, 0, true);
    }

    public void Stop() => _waves = [];

    /// <summary>What was to be sent could not be: the next packet says so.</summary>
    public void Lost() => _gap = true;

    /// <summary>The subrecords of the packet that is due, in records of at most eight.</summary>
    public IReadOnlyList<IReadOnlyList<(byte Type, byte[] Data)>> Next(DriMoment moment)
    {
        (byte Type, byte[] Data)[] all = [.. _waves.Where(wave => !source.IsOver(wave, First(wave, _packet))).Select(wave => (wave, Packet(wave, moment)))];
        _packet++;
        _gap = false;
        return [.. all.Chunk(MostInRecord)];
    }

    private long First(byte wave, long packet) => packet * _period * DriWaveList.Rate(wave) / 1_000_000_000;

    private byte[] Packet(byte wave, DriMoment moment)
    {
        long first = First(wave, _packet);
        int count = (int)(First(wave, _packet + 1) - first);
        byte[] data = new byte[6 + (2 * count)];
        bool ecg = wave <= 3;
        int status = Reserved | (_gap ? 1 : 0)
            | (ecg && moment.Is(DriFaults.Pacer) ? 1 << 2 : 0)
            | (ecg && moment.Is(DriFaults.LeadOff) ? 1 << 3 : 0);
        BinaryPrimitives.WriteInt16LittleEndian(data, (short)count);
        BinaryPrimitives.WriteUInt16LittleEndian(data.AsSpan(2), (ushort)status);
        BinaryPrimitives.WriteUInt16LittleEndian(data.AsSpan(4), (ushort)source.Label(wave, moment));
        for (int i = 0; i < count; i++)
        {
            BinaryPrimitives.WriteInt16LittleEndian(data.AsSpan(6 + (2 * i)), source.Sample(wave, first + i, moment));
        }

        return data;
    }
}
