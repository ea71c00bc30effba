using System.Net;
using System.Text;
using Bedside.Ingest.Captures;
using Bedside.Ingest.Drivers;
using Bedside.Ingest.Links;
using static Bedside.Tests.Ingest.Captures.PacketFile;

namespace Bedside.Tests.Ingest.Captures;

public sealed class PacketCaptureTests : IDisposable
{
    private const long Begin = 1_795_285_519_000_000_000;
    private const byte Synchronise = 2;
    private const byte Acknowledge = 16;
    private const byte UdpProtocol = 17;
    private const byte TcpProtocol = 6;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1, false, false)]
    [InlineData(1, true, false)]
    [InlineData(1, true, true)]
    [InlineData(113, false, false)]
    [InlineData(113, true, true)]
    [InlineData(276, false, true)]
    [InlineData(101, false, false)]
    [InlineData(101, false, true)]
    [InlineData(228, false, false)]
    [InlineData(229, false, true)]
    [InlineData(0, false, false)]
    [InlineData(0, false, true)]
    public void EveryKindOfFileAndNetworkGivesTheSameChunks(int linkType, bool tagged, bool six)
    {
        (long, byte[])[] packets =
        [
            (Begin, Link(linkType, tagged, Wrapped(Box, Device, "ask"u8, six))),
            (Begin + 1_500_000, Link(linkType, tagged, Wrapped(Device, Box, "answer"u8, six))),
            (Begin + 250_000_000, Link(linkType, tagged, Wrapped(Device, Box, "more"u8, six))),
        ];
        byte[][] files =
        [
            Pcap(little: true, nanoseconds: false, linkType, packets),
            Pcap(little: true, nanoseconds: true, linkType, packets),
            Pcap(little: false, nanoseconds: false, linkType, packets),
            Pcap(little: false, nanoseconds: true, linkType, packets),
            Pcapng(little: true, 9, 1_000_000_000, linkType, packets),
            Pcapng(little: false, 6, 1_000_000, linkType, packets),
            Pcapng(little: true, 0x80 | 20, 1 << 20, linkType, packets),
        ];
        foreach (byte[] file in files)
        {
            Recording recording = CaptureFile.Open(_folder.Write("a.pcap", file));
            Assert.Empty(recording.Faults);
            Assert.Equal(Transport.Udp, recording.Transport);
            Assert.Equal(["ToDevice ask", "FromDevice answer", "FromDevice more"], recording.Main.Recorded().Select(Said));
            Assert.Equal((10, 3), (recording.Main.BytesFromDevice, recording.Main.BytesToDevice));
            long[] times = [.. recording.Main.Recorded().Select(chunk => chunk.ArrivedAt.Nanoseconds)];
            Assert.Equal(0, times[0]);
            Assert.InRange(times[1], 1_499_000, 1_501_000);
            Assert.Equal(2, recording.Chunks().Count(chunk => chunk.Bytes.IsEmpty));
            Assert.InRange(recording.Header.Start!.Value.UnixNanoseconds, Begin - 1_000, Begin);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void PacketsWithoutATimeAreRead(bool little)
    {
        byte[] file = SimplePackets(little, 101, [Wrapped(Device, Box, "one"u8, six: false), Wrapped(Device, Box, "three"u8, six: false)]);
        Assert.Equal(["FromDevice one", "FromDevice three"], CaptureFile.Open(_folder.Write("s.pcapng", file)).Chunks().Select(Said));
    }

    [Fact]
    public void TcpIsPutInOrderAndWhatIsMissingIsSaid()
    {
        const uint first = uint.MaxValue - 3;
        (uint Sequence, byte Flags, string Text)[] segments =
        [
            (first, Synchronise, ""),
            (unchecked(first + 1), Acknowledge, "ab"),
            (unchecked(first + 5), Acknowledge, "ef"),
            (unchecked(first + 1), Acknowledge, "abc"),
            (first, Acknowledge, "x"),
            (unchecked(first + 3), Acknowledge, "cdef"),
            (unchecked(first + 20), Acknowledge, "tail"),
        ];
        byte[] file = Pcap(little: true, nanoseconds: true, 101, segments.Select((segment, i) => (Begin + (i * 1_000_000L), TcpPacket(segment.Sequence, segment.Flags, segment.Text))));

        Recording recording = CaptureFile.Open(_folder.Write("t.pcap", file));

        Assert.Equal("abcdeftail", string.Concat(recording.Main.Recorded().Select(chunk => Encoding.ASCII.GetString(chunk.Bytes.Span))));
        CaptureFault hole = Assert.Single(recording.Faults, fault => fault.Reason.Contains("TCP", StringComparison.Ordinal));
        Assert.Equal(13, hole.Count);
    }

    [Fact]
    public void FragmentsOtherProtocolsAndCutDatagramsAreCounted()
    {
        byte[] datagram = Udp(Device, Box, "whole"u8);
        byte[][] packets =
        [
            Ip4(Device, Box, UdpProtocol, datagram),
            Ip4(Device, Box, UdpProtocol, datagram, fragment: 0x2000),
            Ip4(Device, Box, UdpProtocol, datagram, fragment: 5),
            Ip4(Device, Box, 1, datagram),
            Ip4(Device, Box, UdpProtocol, datagram)[..^2],
            [0x45, 0],
        ];
        Recording recording = CaptureFile.Open(_folder.Write("f.pcap", Pcap(little: true, nanoseconds: true, 101, packets.Select(packet => (Begin, packet)))));

        Assert.Equal(["FromDevice whole"], recording.Chunks().Select(Said));
        Assert.Equal([2L, 1L, 1L, 1L], recording.Faults.Select(fault => fault.Count));
        Assert.Contains("fragment", recording.Faults[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void TheDeviceIsTheOneThatTheReaderNames()
    {
        IPEndPoint left = new(IPAddress.Parse("192.0.2.1"), 1111);
        IPEndPoint right = new(IPAddress.Parse("192.0.2.2"), 2222);
        string path = _folder.Write("d.pcap", Pcap(little: true, nanoseconds: true, 101, [(Begin, Wrapped(left, right, "long text"u8, six: false)), (Begin, Wrapped(right, left, "short"u8, six: false))]));

        Recording guessed = CaptureFile.Open(path);
        Assert.Equal("192.0.2.1:1111", guessed.Main.Device);
        Assert.Contains("name it", guessed.Faults[0].Reason, StringComparison.Ordinal);
        Recording named = CaptureFile.Open(path, "192.0.2.2");
        Assert.Equal(("192.0.2.2:2222", 0, 5L), (named.Main.Device, named.Faults.Count, named.Main.BytesFromDevice));
        Assert.Equal("192.0.2.2:2222", CaptureFile.Open(path, "192.0.2.2:2222").Main.Device);
    }

    [Fact]
    public void APacketFileCutAnywhereOrDamagedNeverThrowsAnythingElse()
    {
        (long, byte[])[] packets = [(Begin, Link(1, tagged: true, Wrapped(Device, Box, "first"u8, six: true))), (Begin + 5, Link(1, tagged: false, TcpPacket(1, 0, "second")))];
        var random = new Random(11);
        foreach (byte[] whole in new[] { Pcap(little: true, nanoseconds: true, 1, packets), Pcap(little: false, nanoseconds: false, 1, packets), Pcapng(little: true, 9, 1_000_000_000, 1, packets), Pcapng(little: false, 6, 1_000_000, 1, packets) })
        {
            for (int length = 1; length < whole.Length; length++)
            {
                ReadOrRefuse(whole.AsSpan(0, length));
                byte[] damaged = [.. whole];
                damaged[random.Next(whole.Length)] ^= (byte)(1 << random.Next(8));
                damaged[random.Next(whole.Length)] = (byte)random.Next(256);
                ReadOrRefuse(damaged);
            }

            Recording cut = CaptureFile.Open(_folder.Write("cut.pcap", whole.AsSpan(0, whole.Length - 5)));
            Assert.Contains(cut.Faults, fault => fault.Reason.Contains("cut", StringComparison.Ordinal) && fault.Offset > 0);
            Assert.Equal(5, cut.Main.BytesFromDevice);
        }
    }

    [Fact]
    public void TheRealSessionHasThePacketsThatTsharkCounts()
    {
        if (Repository.Shared("data/captures/philips-intellivue/intellivue_enumeration.pcapng") is not { } path)
        {
            return;
        }

        Recording recording = CaptureFile.Open(path);

        Assert.Equal(CaptureKind.Pcapng, recording.Kind);
        Assert.Equal(189, recording.Conversations.Sum(conversation => conversation.ChunkCount));
        Assert.Equal("udp 10.0.42.9:24105 with 10.0.42.69:50818", recording.Main.Name);
        Assert.Equal(150, recording.Main.ChunkCount);
        Assert.Equal(5, recording.Conversations.Count);
        Assert.Equal(("10.0.42.9:24005", 3L, 0L), (recording.Conversations[0].Device, recording.Conversations[0].ChunkCount, recording.Conversations[0].BytesToDevice));
        Assert.Equal(6, Assert.Single(recording.Faults).Count); // ARP
    }

    private static byte[] Wrapped(IPEndPoint from, IPEndPoint to, ReadOnlySpan<byte> payload, bool six) =>
        six ? Ip6(from, to, UdpProtocol, Udp(from, to, payload)) : Ip4(from, to, UdpProtocol, Udp(from, to, payload));

    private static byte[] TcpPacket(uint sequence, byte flags, string text) =>
        Ip4(Device, Box, TcpProtocol, Tcp(Device, Box, sequence, flags, Encoding.ASCII.GetBytes(text)));

    private static string Said(Chunk chunk) => $"{chunk.Direction} {Encoding.ASCII.GetString(chunk.Bytes.Span)}";

    private void ReadOrRefuse(ReadOnlySpan<byte> file)
    {
        try
        {
            Recording recording = CaptureFile.Open(_folder.Write("damaged.pcap", file));
            foreach (Conversation conversation in recording.Conversations)
            {
                Assert.Equal(conversation.ChunkCount, conversation.Chunks().Count(chunk => !chunk.Bytes.IsEmpty));
            }
        }
        catch (CaptureFormatException refused)
        {
            Assert.NotEmpty(refused.Remedy);
        }
    }
}
