using Bedside.Ingest.Drivers;
using Bedside.Ingest.Links;
using Bedside.Model;

namespace Bedside.Tests.Ingest.Streaming;

/// <summary>Bytes that are no message of the device, for each driver of a device that sends a stream.</summary>
[Collection(Alone.Name)]
public class RobustnessTests
{
    private const int RandomBytes = 10_000_000;
    private const long MostGrowth = 4_000_000;

    /// <summary>Driver, capture, and so many good messages of it that a session must be at home again.</summary>
    public static readonly TheoryData<string, string, int> All = new()
    {
        { "ivy-450c", "two-pressures", 2 * 570 },
        { "masimo-ascii", "rad-8", 5 * 130 },
        { "nonin-df", "format-2", 3 * 125 },
        { "nonin-df", "format-7", 3 * 125 },
        { "mindray-pds", "monitor", 1_500 },
        { "capnostream-20", "masimo", 700 },
        { "bis-binary", "a-2000", 1_700 },
    };

    [Theory]
    [MemberData(nameof(All))]
    public void Ten_million_random_bytes_are_survived_without_growth_and_then_it_locks_again(string name, string capture, int bytes)
    {
        IDriver driver = Driver(name);
        var random = new Random(2404);
        byte[] chunk = new byte[1000];
        var output = new CountingOutput();
        IDriverSession session = Open(driver);
        session.OnChunk(new Chunk(default, Good(name, capture)), output);
        long before = 0;
        for (int taken = 0; taken < RandomBytes; taken += chunk.Length)
        {
            random.NextBytes(chunk);
            session.OnChunk(new Chunk(new MonotonicInstant(taken * 1_000_000L), chunk), output);
            if (taken == RandomBytes / 10)
            {
                before = GC.GetTotalMemory(forceFullCollection: true);
            }
        }

        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, MostGrowth);
        Assert.True(output.Faults > 0);
        int numerics = output.Numerics;
        session.OnChunk(new Chunk(new MonotonicInstant((long)RandomBytes * 1_000_000), Good(name, capture).AsMemory(0, bytes)), output);
        Assert.True(output.Numerics > numerics);
        GC.KeepAlive(session);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_capture_with_any_one_byte_changed_or_cut_off_anywhere_is_survived_and_what_follows_is_read(string name, string capture, int bytes)
    {
        IDriver driver = Driver(name);
        byte[] good = Good(name, capture);
        int window = Math.Min(good.Length, bytes);
        var random = new Random(7);
        for (int at = 0; at < window; at++)
        {
            byte[] changed = [.. good.AsSpan(0, window), .. good];
            changed[at] ^= (byte)random.Next(1, 256);
            Survives(driver, changed, at);
            Survives(driver, [.. good.AsSpan(0, at), .. good], at);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Silence_and_what_modems_say_is_no_device(string name, string capture, int bytes)
    {
        Assert.True(capture.Length > 0 && bytes > 0);
        IDriver driver = Driver(name);
        Transport transport = TransportOf(driver);
        Assert.Equal(Verdict.NeedMore, driver.Sniff([], transport));
        byte[][] talk =
        [
            [.. Enumerable.Repeat("AT\r\r\nOK\r\nATZ\r\r\nOK\r\n+CREG: 0,1\r\nRING\r\nNO CARRIER\r\n"u8.ToArray(), 60).SelectMany(line => line)],
            [.. Enumerable.Repeat("$GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,*47\r\n"u8.ToArray(), 60).SelectMany(line => line)],
            [.. Enumerable.Repeat("\r\nDebian GNU/Linux 13 bed ttyS0\r\n\r\nbed login: "u8.ToArray(), 80).SelectMany(line => line)],
            new byte[4096],
            [.. Enumerable.Repeat((byte)0xFF, 4096)],
            [.. Enumerable.Repeat((byte)0x55, 4096)],
            [.. Enumerable.Range(0, 4096).Select(i => (byte)i)],
            [.. Enumerable.Range(0, 4096).Select(i => (byte)(0x80 | (i * 5)))],
        ];
        Assert.All(talk, bytes => Assert.NotEqual(Verdict.Yes, driver.Sniff(bytes, transport)));
    }

    private static void Survives(IDriver driver, byte[] bytes, int at)
    {
        var output = new CountingOutput();
        Open(driver).OnChunk(new Chunk(default, bytes), output);
        Assert.True(output.Numerics > 0, $"nothing is read after byte {at}");
    }

    private static byte[] Good(string name, string capture) => Golden.FromDevice(name, capture);

    private static IDriver Driver(string name) => DriverCatalog.ByName(name) ?? throw new InvalidOperationException(name);

    private static Transport TransportOf(IDriver driver) => driver.Traits.Lines.Count > 0 ? Transport.Serial : Transport.Tcp;

    private static IDriverSession Open(IDriver driver) => driver.Open(new SessionOptions(TransportOf(driver), ListenOnly: true));

    private sealed class CountingOutput : IDriverOutput
    {
        public int Numerics { get; private set; }

        public int Faults { get; private set; }

        public void Send(ReadOnlySpan<byte> bytes) => Assert.Fail("a listening session sent");

        public void Report(DeviceEvent said)
        {
            Numerics += said is DeviceEvent.Numeric ? 1 : 0;
            Faults += said is DeviceEvent.Fault ? 1 : 0;
        }
    }
}
