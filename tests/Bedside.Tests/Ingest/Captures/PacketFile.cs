using System.Buffers.Binary;
using System.Net;

namespace Bedside.Tests.Ingest.Captures;

/// <summary>Lays bytes as packets and packets as files, written from the documents of the formats and not from the reader.</summary>
internal static class PacketFile
{
    public static readonly IPEndPoint Device = new(IPAddress.Parse("10.0.42.9"), 24105);
    public static readonly IPEndPoint Box = new(IPAddress.Parse("10.0.42.69"), 46417);

    public static byte[] Udp(IPEndPoint from, IPEndPoint to, ReadOnlySpan<byte> payload) =>
        [.. Big16(from.Port), .. Big16(to.Port), .. Big16(payload.Length + 8), 0, 0, .. payload];

    public static byte[] Tcp(IPEndPoint from, IPEndPoint to, uint sequence, byte flags, ReadOnlySpan<byte> payload) =>
        [.. Big16(from.Port), .. Big16(to.Port), .. Big32(sequence), 0, 0, 0, 0, 0x60, flags, 0xFF, 0xFF, 0, 0, 0, 0, 1, 1, 1, 0, .. payload];

    public static byte[] Ip4(IPEndPoint from, IPEndPoint to, byte protocol, ReadOnlySpan<byte> segment, int fragment = 0) =>
        [0x46, 0, .. Big16(24 + segment.Length), 0, 1, .. Big16(fragment), 64, protocol, 0, 0, .. from.Address.GetAddressBytes(), .. to.Address.GetAddressBytes(), 1, 1, 1, 0, .. segment];

    /// <summary>With a hop-by-hop header and an atomic fragment header between.</summary>
    public static byte[] Ip6(IPEndPoint from, IPEndPoint to, byte protocol, ReadOnlySpan<byte> segment) =>
        [0x60, 0, 0, 0, .. Big16(16 + segment.Length), 0, 64, .. from.Address.MapToIPv6().GetAddressBytes(), .. to.Address.MapToIPv6().GetAddressBytes(),
            44, 0, 1, 4, 0, 0, 0, 0, protocol, 0, 0, 0, 0, 0, 0, 7, .. segment];

    /// <summary>The link header of a type in front of an IP packet; Ethernet is padded to its 60 bytes.</summary>
    public static byte[] Link(int linkType, bool tagged, ReadOnlySpan<byte> ip)
    {
        bool six = ip[0] >> 4 == 6;
        byte[] type = six ? [0x86, 0xDD] : [0x08, 0x00];
        byte[] tags = tagged ? [0x88, 0xA8, 0, 5, 0x81, 0x00, 0, 7] : [];
        byte[] family = six ? [30, 0, 0, 0] : [2, 0, 0, 0];
        byte[] padding = linkType == 1 ? new byte[Math.Max(0, 60 - 14 - tags.Length - ip.Length)] : [];
        byte[] header = linkType switch
        {
            1 => [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, .. tags, .. type],
            113 => [0, 0, 0, 1, 0, 6, 1, 2, 3, 4, 5, 6, 0, 0, .. tags, .. type],
            276 => [.. type, 0, 0, 0, 0, 0, 3, 0, 1, 0, 6, 1, 2, 3, 4, 5, 6, 0, 0],
            0 => family,
            _ => [],
        };
        return [.. header, .. ip, .. padding];
    }

    public static byte[] Pcap(bool little, bool nanoseconds, int linkType, IEnumerable<(long Time, byte[] Packet)> packets)
    {
        long unit = nanoseconds ? 1 : 1_000;
        IEnumerable<byte> file =
        [
            .. Word(nanoseconds ? 0xA1B23C4D : 0xA1B2C3D4, little), .. Half(2, little), .. Half(4, little), .. Word(0, little), .. Word(0, little), .. Word(65535, little),
            .. Word((uint)linkType, little),
        ];
        foreach ((long time, byte[] packet) in packets)
        {
            file =
            [
                .. file, .. Word((uint)(time / 1_000_000_000), little), .. Word((uint)(time % 1_000_000_000 / unit), little),
                .. Word((uint)packet.Length, little), .. Word((uint)packet.Length, little), .. packet,
            ];
        }

        return [.. file];
    }

    /// <summary>One section; the interface's clock counts <paramref name="ticksPerSecond"/> as coded in <paramref name="resolution"/> and is ten seconds behind.</summary>
    public static byte[] Pcapng(bool little, byte resolution, long ticksPerSecond, int linkType, IEnumerable<(long Time, byte[] Packet)> packets)
    {
        byte[] offset = little ? [10, 0, 0, 0, 0, 0, 0, 0] : [0, 0, 0, 0, 0, 0, 0, 10];
        List<byte> file =
        [
            .. Block(0x0A0D0D0A, [.. Word(0x1A2B3C4D, little), .. Half(1, little), .. Half(0, little), .. Word(uint.MaxValue, little), .. Word(uint.MaxValue, little)], little),
            .. Block(0x00000BAD, [1, 2, 3, 4], little),
            .. Block(1, [.. Half(147, little), .. Half(0, little), .. Word(0, little)], little),
            .. Block(
                1,
                [
                    .. Half((ushort)linkType, little), .. Half(0, little), .. Word(0, little),
                    .. Half(2, little), .. Half(5, little), .. "lan-1"u8, 0, 0, 0,
                    .. Half(9, little), .. Half(1, little), resolution, 0, 0, 0,
                    .. Half(14, little), .. Half(8, little), .. offset,
                    .. Half(0, little), .. Half(0, little),
                ],
                little),
        ];
        foreach ((long time, byte[] packet) in packets)
        {
            ulong ticks = (ulong)((Int128)(time - 10_000_000_000) * ticksPerSecond / 1_000_000_000);
            byte[] padding = new byte[(4 - (packet.Length % 4)) % 4];
            file.AddRange(Block(
                6,
                [
                    .. Word(1, little), .. Word((uint)(ticks >> 32), little), .. Word((uint)ticks, little), .. Word((uint)packet.Length, little),
                    .. Word((uint)packet.Length, little), .. packet, .. padding, .. Half(1, little), .. Half(2, little), .. "hi"u8, 0, 0, .. Half(0, little), .. Half(0, little),
                ],
                little));
        }

        return [.. file];
    }

    /// <summary>A section with one interface and packets that have no time.</summary>
    public static byte[] SimplePackets(bool little, int linkType, IEnumerable<byte[]> packets) =>
    [
        .. Block(0x0A0D0D0A, [.. Word(0x1A2B3C4D, little), .. Half(1, little), .. Half(0, little), .. Word(uint.MaxValue, little), .. Word(uint.MaxValue, little)], little),
        .. Block(1, [.. Half((ushort)linkType, little), .. Half(0, little), .. Word(0, little)], little),
        .. packets.SelectMany(packet => Block(3, [.. Word((uint)packet.Length, little), .. packet, .. new byte[(4 - (packet.Length % 4)) % 4]], little)),
    ];

    private static byte[] Block(uint type, byte[] body, bool little) =>
        [.. Word(type, little), .. Word((uint)body.Length + 12, little), .. body, .. Word((uint)body.Length + 12, little)];

    private static byte[] Word(uint value, bool little)
    {
        byte[] bytes = Big32(value);
        return little ? [.. bytes.Reverse()] : bytes;
    }

    private static byte[] Half(ushort value, bool little) => little ? [(byte)value, (byte)(value >> 8)] : Big16(value);

    private static byte[] Big16(int value) => [(byte)(value >> 8), (byte)value];

    private static byte[] Big32(uint value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }
}
