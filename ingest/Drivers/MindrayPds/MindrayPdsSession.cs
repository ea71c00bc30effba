using System.Globalization;
using Bedside.Ingest.Links;
using Bedside.Model;

namespace Bedside.Ingest.Drivers.MindrayPds;

/// <summary>One connection to a monitor: what the box says to be given data, and what the monitor makes of it.</summary>
internal sealed class MindrayPdsSession(SessionOptions options, MonitorUnits units) : IDriverSession
{
    private const long Second = WaveTimeline.Second;
    private const long SilenceTimeout = 5 * Second;

    /// <summary>Some firmware drops a query that comes while it starts up; while no data come it is asked again.</summary>
    private const long AskAgain = 10 * Second;

    private readonly Deframer _deframer = new();
    private readonly MonitorReader _reader = new(units);
    private readonly LinkWatch _link = new(SilenceTimeout);
    private MonotonicInstant _saidAt;
    private MonotonicInstant _askedAt;
    private bool _speaking;
    private bool _answeredKeepAlive;
    private bool _hasData;
    private MonotonicInstant _dataAt;

    public void OnChunk(Chunk chunk, IDriverOutput output)
    {
        if (chunk.Direction == ChunkDirection.ToDevice)
        {
            return;
        }

        if (options.Transport == Transport.Udp)
        {
            Hear(chunk, output);
            return;
        }

        MonotonicInstant now = chunk.ArrivedAt;
        if (_link.Elapse(now, output))
        {
            (_hasData, _answeredKeepAlive) = (false, false);
            _reader.Restart(output);
        }

        Speak(now, output);
        foreach (byte value in chunk.Bytes.Span)
        {
            switch (_deframer.Take(value))
            {
                case Part.Message:
                    TakeMessage(now, output);
                    break;
                case Part.Damaged:
                    Damage(_deframer.Reason, output);
                    break;
            }
        }
    }

    /// <summary>A datagram of a monitor that announces itself.</summary>
    private static void Hear(Chunk datagram, IDriverOutput output)
    {
        if (!datagram.Bytes.IsEmpty && Announcement.Read(datagram.Bytes) is { } said)
        {
            output.Report(new DeviceEvent.Identity(MonitorReader.IdentityOf(said) with
            {
                Properties = MonitorReader.IdentityOf(said).Properties
                    .Add("data-address", said.Address)
                    .Add("data-port", said.Port.ToString(CultureInfo.InvariantCulture)),
            }));
        }
    }

    /// <summary>A keep-alive each second, without which the monitor hangs up; a query at once, and again where there is reason.</summary>
    private void Speak(MonotonicInstant now, IDriverOutput output)
    {
        if (options.ListenOnly)
        {
            return;
        }

        if (!_speaking || now.Since(_saidAt) >= Second)
        {
            output.Send(Outgoing.KeepAlive);
            _saidAt = now;
        }

        bool wanting = !_hasData || now.Since(_dataAt) >= AskAgain;
        if (!_speaking || (wanting && now.Since(_askedAt) >= AskAgain))
        {
            Ask(now, output);
        }

        _speaking = true;
    }

    private void Ask(MonotonicInstant now, IDriverOutput output)
    {
        output.Send(Outgoing.Query);
        _askedAt = now;
    }

    private void TakeMessage(MonotonicInstant now, IDriverOutput output)
    {
        if (_deframer.Message.IsEmpty || MonitorMessage.Read(_deframer.Message) is not { } message)
        {
            Damage("a message has not the header of this protocol", output);
            return;
        }

        if (!MessageClass.IsKnown(message.Class))
        {
            output.Report(new DeviceEvent.Fault($"a message of class {message.Class} is not known", _deframer.At));
            return;
        }

        _link.Hear(now, output);
        if (message.Class == MessageClass.KeepAlive && !_answeredKeepAlive)
        {
            // The start-up burst is over; what was asked during it some firmware has dropped.
            _answeredKeepAlive = true;
            if (!options.ListenOnly && !_hasData)
            {
                Ask(now, output);
            }
        }

        if (message.Class == MessageClass.Periodic || message.Waves.Count > 0)
        {
            (_hasData, _dataAt) = (true, now);
        }

        _reader.Take(message, now, _deframer.At, output);
    }

    private void Damage(string reason, IDriverOutput output)
    {
        output.Report(new DeviceEvent.Fault(reason, _deframer.At));
        output.Report(new DeviceEvent.Missing(Metric: null, GapCause.LostMessage, 1));
    }
}
