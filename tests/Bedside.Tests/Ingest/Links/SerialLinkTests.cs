using System.Text;
using Bedside.Ingest.Drivers;
using Bedside.Ingest.Links;

namespace Bedside.Tests.Ingest.Links;

public class SerialLinkTests
{
    private static readonly LineSettings Usual = new(115200);

    public static TheoryData<int> Rates => [300, 600, 1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200, 230400, 460800, 921600, 12345, 31250];

    [Theory]
    [MemberData(nameof(Rates))]
    public void EveryRateIsSetAndReadBack(int rate)
    {
        using var cable = new PtyPair();
        using var link = SerialLink.Open(cable.Path, new LineSettings(rate, 8, LineParity.None, 2), TimeProvider.System);

        (uint control, uint input, uint output, byte[] characters) = cable.Settings();
        Assert.Equal(((uint)rate, (uint)rate), (input, output));
        Assert.Equal(0x40u, control & 0x40u);
        Assert.All(characters, character => Assert.Equal(0, character));
        Assert.Equal(rate, link.Line.BitsPerSecond);
        link.Tune(Usual);
        Assert.Equal(115200u, cable.Settings().OutputSpeed);
    }

    [Fact]
    public void AVirtualPortHasNoErrorCountersAndThatIsNoError()
    {
        using var cable = new PtyPair();
        using var link = SerialLink.Open(cable.Path, Usual, TimeProvider.System);

        Assert.Null(link.Errors);
        Assert.Null(link.DeviceRaisesALine);
    }

    [Fact]
    public void ASecondOpenFailsSaysWhoAndCostsTheFirstNoByte()
    {
        using var cable = new PtyPair();
        using var link = SerialLink.Open(cable.Path, Usual, TimeProvider.System);

        cable.Write("not yet read"u8);
        LineException refused = Assert.Throws<LineException>(() => SerialLink.Open(cable.Path, Usual, TimeProvider.System));
        Assert.Contains($"{cable.Path} is in use", refused.Message, StringComparison.Ordinal);
        Assert.Equal("not yet read", Encoding.ASCII.GetString(ReadFrom(link, 12)));
    }

    [Fact]
    public void ThePortIsFreeAgainAfterwards()
    {
        using var cable = new PtyPair();
        SerialLink.Open(cable.Path, Usual, TimeProvider.System).Dispose();
        SerialLink.Open(cable.Path, Usual, TimeProvider.System).Dispose();
    }

    [Fact]
    public void ListeningOnlyCannotWriteBecauseTheFileCannot()
    {
        using var cable = new PtyPair();
        using var link = SerialLink.Open(cable.Path, Usual, TimeProvider.System, listenOnly: true);

        string flags = Directory.GetFiles("/proc/self/fd")
            .Where(file => new FileInfo(file).LinkTarget == cable.Path) // null of what another test closed meanwhile
            .Select(file => File.ReadLines($"/proc/self/fdinfo/{Path.GetFileName(file)}").First(line => line.StartsWith("flags:", StringComparison.Ordinal)))
            .Single();
        const int accessMode = 3;
        Assert.Equal(0, Convert.ToInt32(flags[6..].Trim(), 8) & accessMode);
        Assert.ThrowsAny<IOException>(() => link.Send("x"u8));
        cable.Write("heard"u8);
        Assert.Equal("heard", Encoding.ASCII.GetString(link.Read().Bytes.Span));
    }

    [Theory]
    [InlineData("/dev/no-such-port", "There is no serial port")]
    [InlineData("/dev/null", "is not a serial port")]
    public void WhatIsNoPortIsSaidInOneSentence(string path, string expected) =>
        Assert.Contains(expected, Assert.Throws<LineException>(() => SerialLink.Open(path, Usual, TimeProvider.System)).Message, StringComparison.Ordinal);

    [Fact]
    public void SilenceIsAnEmptyChunkAfterATenthOfASecond()
    {
        using var cable = new PtyPair();
        using var link = SerialLink.Open(cable.Path, Usual, TimeProvider.System);

        long before = TimeProvider.System.MonotonicNow().Nanoseconds;
        Chunk chunk = link.Read();
        Assert.True(chunk.Bytes.IsEmpty);
        Assert.InRange(chunk.ArrivedAt.Nanoseconds - before, 95_000_000, 5_000_000_000);
    }

    [Fact]
    public void EveryByteValueGoesThroughBothWaysUnchanged()
    {
        byte[] all = [.. Enumerable.Range(0, 256).Select(value => (byte)value)];
        using var cable = new PtyPair();
        using var link = SerialLink.Open(cable.Path, Usual, TimeProvider.System);

        link.Send(all);
        Assert.Equal(all, cable.Read(256));
        cable.Write(all);
        Assert.Equal(all, ReadFrom(link, 256));
    }

    [Fact]
    public async Task AMegabyteGoesBothWaysIntact()
    {
        byte[] there = new byte[1 << 20];
        byte[] back = new byte[1 << 20];
        new Random(1).NextBytes(there);
        new Random(2).NextBytes(back);
        using var cable = new PtyPair();
        using var link = SerialLink.Open(cable.Path, Usual, TimeProvider.System);

        // A thread of its own: one of the pool may have to wait for other tests, and the link gives up on a line that takes nothing.
        Task<byte[]> device = Task.Factory.StartNew(
            () =>
            {
                byte[] heard = cable.Read(there.Length);
                cable.Write(back);
                return heard;
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        link.Send(there);
        byte[] answered = ReadFrom(link, back.Length);

        Assert.Equal(there, await device);
        Assert.Equal(back, answered);
    }

    [Fact]
    public void APulledCableIsALostLineAfterItsLastBytes()
    {
        var cable = new PtyPair();
        using var link = SerialLink.Open(cable.Path, Usual, TimeProvider.System);
        cable.Write("last words"u8);
        Assert.Equal("last words", Encoding.ASCII.GetString(link.Read().Bytes.Span));
        cable.Dispose();

        LineException lost = Assert.Throws<LineException>(() => ReadFrom(link, 1));
        Assert.Contains("unplugged", lost.Message, StringComparison.Ordinal);
        Assert.ThrowsAny<IOException>(() => link.Send("x"u8));
    }

    [Fact]
    public void PortsAreListedByPhysicalPositionWithTheirAdapter()
    {
        using var folder = new TemporaryFolder();
        string root = folder.PathOf("root");
        string usb = Path.Combine(root, "sys/devices/usb1/1-2");
        Directory.CreateDirectory(Path.Combine(usb, "1-2:1.0/ttyUSB0"));
        Directory.CreateDirectory(Path.Combine(root, "sys/class/tty/ttyUSB0"));
        Directory.CreateDirectory(Path.Combine(root, "sys/class/tty/ttyS0/device"));
        Directory.CreateDirectory(Path.Combine(root, "sys/class/tty/ttyAMA0/device"));
        Directory.CreateDirectory(Path.Combine(root, "dev/serial/by-path"));
        File.WriteAllText(Path.Combine(usb, "product"), "US232R\n");
        File.WriteAllText(Path.Combine(root, "sys/class/tty/ttyS0/type"), "0\n");
        foreach (string device in new[] { "ttyUSB0", "ttyS0", "ttyAMA0" })
        {
            File.WriteAllText(Path.Combine(root, "dev", device), "");
        }

        Directory.CreateSymbolicLink(Path.Combine(root, "sys/class/tty/ttyUSB0/device"), Path.Combine(usb, "1-2:1.0/ttyUSB0"));
        File.CreateSymbolicLink(Path.Combine(root, "dev/serial/by-path/pci-0-usb-0:2:1.0-port0"), "../../ttyUSB0");

        Assert.Equal(
            [
                new SerialPortName(Path.Combine(root, "dev/serial/by-path/pci-0-usb-0:2:1.0-port0"), Path.Combine(root, "dev/ttyUSB0"), "US232R"),
                new SerialPortName(Path.Combine(root, "dev/ttyAMA0"), Path.Combine(root, "dev/ttyAMA0"), ""),
            ],
            SerialPorts.List(root));
        Assert.NotNull(SerialPorts.List());
    }

    private static byte[] ReadFrom(SerialLink link, int count)
    {
        var all = new List<byte>(count);
        int silences = 0;
        while (all.Count < count && silences < 50)
        {
            Chunk chunk = link.Read();
            all.AddRange(chunk.Bytes.Span);
            silences = chunk.Bytes.IsEmpty ? silences + 1 : 0;
        }

        return [.. all];
    }
}
