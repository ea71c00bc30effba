using System.Buffers.Binary;
using System.Net;
using Bedside.Ingest.Drivers;

namespace Bedside.Ingest.Captures;

/// <summary>What a packet carried for a program.</summary>
/// <param name="Missing">Bytes of the payload that the recorder did not store.</param>
/// <param name="Sequence">TCP: of the first byte of the payload.</param>
/// <param name="Begins">TCP: the sender opens the connection with this.</param>
internal readonly record struct PacketPayload(
    Transport Transport,
    IPEndPoint Source,
    IPEndPoint Destination,
    ReadOnlyMemory<byte> Bytes,
    int Missing = 0,
    uint Sequence = 0,
    bool Begins = false);

/// <summary>Takes link, network and transport headers off a packet: FORMAT.md lists which.</summary>
internal static class PacketLayers
{
    private const ushort TypeIpv4 = 0x0800;
    private const ushort TypeIpv6 = 0x86DD;
    private const byte ProtocolTcp = 6;
    private const byte ProtocolUdp = 17;
    private const int UdpHeaderLength = 8;
    private const int TcpHeaderLength = 20;
    private const int Ipv4HeaderLength = 20;
    private const int Ipv6HeaderLength = 40;

    private const string Fragment = "A fragment of an IP packet was left out.";
    private const string Other = "A packet of a protocol other than UDP and TCP was left out.";
    private const string OtherLink = "A packet of a kind of network that is not known here was left out.";
    private const string Short = "A packet is shorter than its headers and was left out.";

    public static PacketPayload? Read(CapturedPacket packet, FaultTally faults)
    {
        if (LinkHeader(packet.LinkType, packet.Bytes.Span) is not { } link)
        {
            faults.Add(OtherLink, packet.Offset);
            return null;
        }

        if (link.Length > packet.Bytes.Length)
        {
            faults.Add(Short, packet.Offset);
            return null;
        }

        ReadOnlyMemory<byte> rest = packet.Bytes[link.Length..];
        return link.Type switch
        {
            TypeIpv4 => Ipv4(rest, packet.Offset, faults),
            TypeIpv6 => Ipv6(rest, packet.Offset, faults),
            _ => Left(Other, packet.Offset, faults),
        };
    }

    /// <summary>Ether type of what follows the link header, and the length of that header; null for an unknown link type.</summary>
    private static (ushort Type, int Length)? LinkHeader(int linkType, ReadOnlySpan<byte> packet) => linkType switch
    {
        1 => EtherTypeAt(packet, 12),
        113 => EtherTypeAt(packet, 14),
        276 => packet.Length < 20 ? ((ushort)0, 20) : (BinaryPrimitives.ReadUInt16BigEndian(packet), 20),
        101 or 12 or 14 or 228 or 229 => (TypeOfVersion(packet), 0),
        0 or 108 => packet.Length < 4 ? ((ushort)0, 4) : (TypeOfVersion(packet[4..]), 4),
        _ => null,
    };

    private static (ushort Type, int Length) EtherTypeAt(ReadOnlySpan<byte> packet, int at)
    {
        const int tagLength = 4;
        while (packet.Length >= at + 2)
        {
            ushort type = BinaryPrimitives.ReadUInt16BigEndian(packet[at..]);
            if (type is not (0x8100 or 0x88A8 or 0x9100))
            {
                return (type, at + 2);
            }

            at += tagLength;
        }

        return (0, at + 2);
    }

    private static ushort TypeOfVersion(ReadOnlySpan<byte> packet) => packet.IsEmpty ? (ushort)0 : (packet[0] >> 4) switch
    {
        4 => TypeIpv4,
        6 => TypeIpv6,
        _ => (ushort)0,
    };

    private static PacketPayload? Ipv4(ReadOnlyMemory<byte> packet, long offset, FaultTally faults)
    {
        ReadOnlySpan<byte> header = packet.Span;
        if (header.Length < Ipv4HeaderLength || header[0] >> 4 != 4)
        {
            return Left(Short, offset, faults);
        }

        int headerLength = (header[0] & 0xF) * 4;
        int total = BinaryPrimitives.ReadUInt16BigEndian(header[2..]);
        total = total == 0 ? header.Length : total; // a card that cuts packets itself leaves 0
        if (headerLength < Ipv4HeaderLength || headerLength > header.Length || total < headerLength)
        {
            return Left(Short, offset, faults);
        }

        const int moreFragmentsAndOffset = 0x3FFF;
        if ((BinaryPrimitives.ReadUInt16BigEndian(header[6..]) & moreFragmentsAndOffset) != 0)
        {
            return Left(Fragment, offset, faults);
        }

        var route = new Route(new IPAddress(header.Slice(12, 4)), new IPAddress(header.Slice(16, 4)), header[9]);
        int stored = Math.Min(total, header.Length);
        return Transported(route, packet[headerLength..stored], total - stored, offset, faults);
    }

    private static PacketPayload? Ipv6(ReadOnlyMemory<byte> packet, long offset, FaultTally faults)
    {
        ReadOnlySpan<byte> header = packet.Span;
        if (header.Length < Ipv6HeaderLength || header[0] >> 4 != 6)
        {
            return Left(Short, offset, faults);
        }

        int total = BinaryPrimitives.ReadUInt16BigEndian(header[4..]);
        total = total == 0 ? header.Length : total + Ipv6HeaderLength;
        int stored = Math.Min(total, header.Length);
        byte next = header[6];
        int at = Ipv6HeaderLength;
        while (next is 0 or 43 or 44 or 51 or 60)
        {
            if (at + 8 > stored)
            {
                return Left(Short, offset, faults);
            }

            const int moreFragmentsAndOffset = 0xFFF9;
            if (next == 44 && (BinaryPrimitives.ReadUInt16BigEndian(header[(at + 2)..]) & moreFragmentsAndOffset) != 0)
            {
                return Left(Fragment, offset, faults);
            }

            int length = next switch
            {
                44 => 8,
                51 => (header[at + 1] + 2) * 4,
                _ => (header[at + 1] + 1) * 8,
            };
            next = header[at];
            at += length;
        }

        if (at > stored)
        {
            return Left(Short, offset, faults);
        }

        var route = new Route(new IPAddress(header.Slice(8, 16)), new IPAddress(header.Slice(24, 16)), next);
        return Transported(route, packet[at..stored], total - stored, offset, faults);
    }

    private static PacketPayload? Transported(Route route, ReadOnlyMemory<byte> segment, int missing, long offset, FaultTally faults)
    {
        ReadOnlySpan<byte> header = segment.Span;
        if (route.Protocol is not (ProtocolTcp or ProtocolUdp))
        {
            return Left(Other, offset, faults);
        }

        if (header.Length < (route.Protocol == ProtocolTcp ? TcpHeaderLength : UdpHeaderLength))
        {
            return Left(Short, offset, faults);
        }

        var source = new IPEndPoint(route.Source, BinaryPrimitives.ReadUInt16BigEndian(header));
        var destination = new IPEndPoint(route.Destination, BinaryPrimitives.ReadUInt16BigEndian(header[2..]));
        if (route.Protocol == ProtocolUdp)
        {
            int length = BinaryPrimitives.ReadUInt16BigEndian(header[4..]);
            int stored = length < UdpHeaderLength ? header.Length : Math.Min(length, header.Length);
            return new PacketPayload(Transport.Udp, source, destination, segment[UdpHeaderLength..stored], Math.Max(0, length - stored));
        }

        int headerLength = (header[12] >> 4) * 4;
        if (headerLength < TcpHeaderLength || headerLength > header.Length)
        {
            return Left(Short, offset, faults);
        }

        const int synchronise = 0x02;
        return new PacketPayload(Transport.Tcp, source, destination, segment[headerLength..], missing)
        {
            Sequence = BinaryPrimitives.ReadUInt32BigEndian(header[4..]),
            Begins = (header[13] & synchronise) != 0,
        };
    }

    private static PacketPayload? Left(string reason, long offset, FaultTally faults)
    {
        if (reason == Other)
        {
            faults.Note(reason, offset);
        }
        else
        {
            faults.Add(reason, offset);
        }

        return null;
    }

    private readonly record struct Route(IPAddress Source, IPAddress Destination, byte Protocol);
}
