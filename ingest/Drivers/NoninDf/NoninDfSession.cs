using Bedside.Ingest.Links;
using Bedside.Model;

namespace Bedside.Ingest.Drivers.NoninDf;

/// <summary>
/// One oximeter in data format 2 or 7. The device tells no time of use, so packets are counted: three are a second. A packet that lacks frames still is one; where
/// the frames are lost from sight, the count begins anew.
/// </summary>
internal sealed class NoninDfSession : IDriverSession
{
    private const long Second = 1_000_000_000;
    private const int PacketsPerSecond = Frame.PerSecond / Frame.PerPacket;
    private const long SilenceTimeout = 2 * Second;
    private const long StrayTold = 4_096;

    /// <summary>Packets come every third of a second; one that is so late is not the next one.</summary>
    private const long LatePacket = 600_000_000;

    private readonly Deframer _deframer = new();
    private readonly PacketReader _reader = new();
    private readonly LinkWatch _link = new(SilenceTimeout);
    private MonotonicInstant _packetAt;
    private bool _begun;
    private bool _broken;
    private long _packets;

    public void OnChunk(Chunk chunk, IDriverOutput output)
    {
        if (chunk.Direction == ChunkDirection.ToDevice)
        {
            return;
        }

        _broken |= _link.Elapse(chunk.ArrivedAt, output);
        foreach (byte value in chunk.Bytes.Span)
        {
            Handle(_deframer.Take(value), chunk.ArrivedAt, output);
            if (_deframer is { IsLocked: false, Stray: > 0 } && _deframer.Stray % StrayTold == 0)
            {
                output.Report(new DeviceEvent.Fault($"{_deframer.Stray} bytes belong to no packet", _deframer.Taken - _deframer.Stray));
            }
        }
    }

    private void Handle(Part part, MonotonicInstant now, IDriverOutput output)
    {
        switch (part)
        {
            case Part.Packet:
                Continue(now, output);
                _link.Hear(now, output);
                _reader.Take(_deframer.Format, _deframer.Packet, TimeOf(_packets), TimeOf(_packets + 1), _deframer.Taken, output);
                _packets++;
                break;
            case Part.ShortPacket:
                Continue(now, output);
                _packets++;
                output.Report(new DeviceEvent.Fault("a packet lacks frames", _deframer.Taken));
                output.Report(new DeviceEvent.Missing(Metric: null, GapCause.LostMessage, 1));
                break;
            case Part.Lost:
                _broken = true;
                output.Report(new DeviceEvent.Fault("the frames are no longer where they should be", _deframer.Taken));
                output.Report(new DeviceEvent.Missing(Metric: null, GapCause.Checksum, 1));
                break;
        }
    }

    /// <summary>Whether this packet follows the one before; if not, the count begins anew.</summary>
    private void Continue(MonotonicInstant now, IDriverOutput output)
    {
        if (_begun && (_broken || now.Since(_packetAt) >= LatePacket))
        {
            output.Report(new DeviceEvent.ClockRestarted("packets were lost"));
            _packets = 0;
        }

        _begun = true;
        _broken = false;
        _packetAt = now;
    }

    private static long TimeOf(long packets) => packets * Second / PacketsPerSecond;
}
