using System.Net;
using System.Net.Sockets;
using Bedside.Ingest.Drivers;
using Bedside.Ingest.Links;
using Bedside.Model;

namespace Bedside.Ingest.Captures;

/// <summary>Two ends of a conversation; <paramref name="First"/> spoke first.</summary>
internal readonly record struct Flow(Transport Transport, IPEndPoint First, IPEndPoint Second);

/// <summary>Turns the packets of a file into conversations between a device and whoever talks to it.</summary>
internal static class PacketCapture
{
    private const int MostConversations = 64;

    /// <summary>IntelliVue: data and association, connect indication (protocols/philips-intellivue.md 2.1).</summary>
    private static readonly int[] IntellivuePorts = [24105, 24005];

    private const string TooMany = "The file holds more than 64 conversations; packets of the others were left out.";

    public static Recording Open(string path, CaptureKind kind, Func<FaultTally, IEnumerable<CapturedPacket>> packets, string? device)
    {
        var faults = new FaultTally();
        (List<Talk> talks, long? start) = Survey(packets, faults);
        if (talks.Count == 0)
        {
            throw new CaptureFormatException(
                path,
                faults.Faults is [{ } first, ..] ? first.Offset : 0,
                faults.Faults is [{ } why, ..] ? $"No UDP or TCP payload was found. {why.Reason}" : "No UDP or TCP payload was found.",
                "Record again at the box, with: tcpdump -w FILE host ADDRESS-OF-DEVICE");
        }

        var conversations = new List<Conversation>();
        foreach (Talk talk in talks)
        {
            bool swap = DeviceIsSecond(talk, device, faults);
            (IPEndPoint deviceEnd, IPEndPoint peer) = swap ? (talk.Flow.Second, talk.Flow.First) : (talk.Flow.First, talk.Flow.Second);
            conversations.Add(new Conversation(
                $"{talk.Flow.Transport.ToString().ToLowerInvariant()} {deviceEnd} with {peer}",
                talk.Flow.Transport,
                new FlowChunks(packets, talk.Flow, swap, start ?? 0))
            {
                Device = deviceEnd.ToString(),
                Tally = swap ? talk.Tally.Swapped() : talk.Tally,
            });
        }

        var header = new CaptureHeader
        {
            Recorded = start is { } at ? new UtcInstant(at).ToString() : "",
            Transport = conversations[0].Transport,
        };
        return new Recording(path, kind, header, conversations, faults.Faults);
    }

    /// <summary>Reads the file once: who talks to whom and how much, as if the first to speak were the device.</summary>
    private static (List<Talk> Talks, long? Start) Survey(Func<FaultTally, IEnumerable<CapturedPacket>> packets, FaultTally faults)
    {
        var talks = new Dictionary<Flow, Talk>();
        long? start = null;
        foreach (CapturedPacket packet in packets(faults))
        {
            start ??= packet.TimeNanoseconds;
            if (PacketLayers.Read(packet, faults) is not { } payload)
            {
                continue;
            }

            var flow = new Flow(payload.Transport, payload.Source, payload.Destination);
            if (!talks.TryGetValue(flow, out Talk? talk)
                && !talks.TryGetValue(new Flow(flow.Transport, flow.Second, flow.First), out talk))
            {
                if (talks.Count == MostConversations)
                {
                    faults.Add(TooMany, packet.Offset);
                    continue;
                }

                talk = new Talk(flow);
                talks.Add(flow, talk);
            }

            talk.Take(payload, packet, start ?? 0, faults);
        }

        foreach (Talk talk in talks.Values)
        {
            talk.Finish(faults);
        }

        return ([.. talks.Values.Where(talk => talk.Tally.Chunks > 0)], start);
    }

    private static bool DeviceIsSecond(Talk talk, string? device, FaultTally faults)
    {
        (Flow flow, ConversationTally tally) = (talk.Flow, talk.Tally);
        bool[] checks = [Is(flow.First, device), Is(flow.Second, device)];
        if (checks[0] != checks[1])
        {
            return checks[1];
        }

        if (IsBroadcast(flow.Second.Address))
        {
            return false;
        }

        int[] ports = [.. IntellivuePorts, .. DriverCatalog.All.Select(driver => driver.Traits.NetworkPort).Where(port => port > 0)];
        checks = [ports.Contains(flow.First.Port), ports.Contains(flow.Second.Port)];
        if (checks[0] != checks[1])
        {
            return checks[1];
        }

        bool second = tally.ToDevice > tally.FromDevice;
        faults.Note($"The device is taken to be {(second ? flow.Second : flow.First)}, because it sent more than {(second ? flow.First : flow.Second)}; name it if that is wrong.", 0);
        return second;
    }

    private static bool Is(IPEndPoint end, string? device) => device is not null && (end.ToString() == device || end.Address.ToString() == device);

    /// <summary>Multicast, or the last address of the usual size of network: nobody who answers.</summary>
    private static bool IsBroadcast(IPAddress address)
    {
        byte[] bytes = address.GetAddressBytes();
        return address.AddressFamily == AddressFamily.InterNetwork ? bytes[0] is >= 224 and < 240 || bytes[3] == 255 : address.IsIPv6Multicast;
    }

    /// <summary>A conversation while the file is read for the first time.</summary>
    private sealed class Talk(Flow flow)
    {
        private readonly FlowAssembler _assembler = new(flow);

        public Flow Flow { get; } = flow;

        public ConversationTally Tally { get; } = new();

        public void Take(PacketPayload payload, CapturedPacket packet, long start, FaultTally faults)
        {
            foreach (Chunk chunk in _assembler.Take(payload, packet, start, faults))
            {
                Tally.Count(chunk);
            }
        }

        public void Finish(FaultTally faults)
        {
            foreach (Chunk chunk in _assembler.Rest(faults))
            {
                Tally.Count(chunk);
            }
        }
    }
}

/// <summary>Makes chunks of the packets of one conversation, as if the first to speak were the device.</summary>
internal sealed class FlowAssembler(Flow flow)
{
    private const string CutDatagram = "A datagram was cut short by the recorder and left out: record with a larger snapshot length.";
    private const string TimeWentBack = "A packet is earlier than the one before it and was taken as just as late.";

    private readonly TcpDirection _fromFirst = new();
    private readonly TcpDirection _fromSecond = new();
    private MonotonicInstant _latest;
    private long _offset;

    public bool Has(PacketPayload payload) =>
        payload.Transport == flow.Transport
        && ((payload.Source.Equals(flow.First) && payload.Destination.Equals(flow.Second))
            || (payload.Source.Equals(flow.Second) && payload.Destination.Equals(flow.First)));

    public IEnumerable<Chunk> Take(PacketPayload payload, CapturedPacket packet, long start, FaultTally faults)
    {
        _offset = packet.Offset;
        Arrive(packet, start, faults);
        bool fromFirst = payload.Source.Equals(flow.First);
        ChunkDirection direction = fromFirst ? ChunkDirection.FromDevice : ChunkDirection.ToDevice;
        if (payload.Transport == Transport.Tcp)
        {
            return (fromFirst ? _fromFirst : _fromSecond).Take(payload, _offset, faults).Select(bytes => new Chunk(_latest, bytes, direction));
        }

        if (payload.Missing > 0)
        {
            faults.Add(CutDatagram, _offset);
            return [];
        }

        return payload.Bytes.IsEmpty ? [] : [new Chunk(_latest, payload.Bytes, direction)];
    }

    public IEnumerable<Chunk> Rest(FaultTally faults) =>
        _fromFirst.Rest(_offset, faults).Select(bytes => new Chunk(_latest, bytes))
            .Concat(_fromSecond.Rest(_offset, faults).Select(bytes => new Chunk(_latest, bytes, ChunkDirection.ToDevice)));

    private void Arrive(CapturedPacket packet, long start, FaultTally faults)
    {
        var at = new MonotonicInstant((packet.TimeNanoseconds ?? start) - start);
        if (at.Since(_latest) >= 0)
        {
            _latest = at;
        }
        else if (packet.TimeNanoseconds is not null)
        {
            faults.Add(TimeWentBack, packet.Offset);
        }
    }
}

/// <summary>The chunks of one conversation, read from the file anew each time.</summary>
internal sealed class FlowChunks(Func<FaultTally, IEnumerable<CapturedPacket>> packets, Flow flow, bool deviceIsSecond, long start) : IChunkSource
{
    public IEnumerable<Chunk> Stored(FaultTally faults)
    {
        var assembler = new FlowAssembler(flow);
        foreach (CapturedPacket packet in packets(faults))
        {
            if (PacketLayers.Read(packet, faults) is { } payload && assembler.Has(payload))
            {
                foreach (Chunk chunk in assembler.Take(payload, packet, start, faults))
                {
                    yield return Turned(chunk);
                }
            }
        }

        foreach (Chunk chunk in assembler.Rest(faults))
        {
            yield return Turned(chunk);
        }
    }

    private Chunk Turned(Chunk chunk)
    {
        ChunkDirection other = chunk.Direction == ChunkDirection.FromDevice ? ChunkDirection.ToDevice : ChunkDirection.FromDevice;
        return deviceIsSecond ? chunk with { Direction = other } : chunk;
    }
}
