using Bedside.Ingest;
using Bedside.Ingest.Captures;
using Bedside.Ingest.Drivers;
using Bedside.Ingest.Links;
using Bedside.Model;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit.Abstractions;

namespace Bedside.Tests.Ingest;

/// <summary>A port that says far too much, or a byte now and then.</summary>
public sealed class FloodTests(ITestOutputHelper output)
{
    private const int Seconds = 20;
    private const int PerSecond = 131_072;
    private const int AtOnce = 4 * PerSecond;
    private const int Piece = 16_384;

    public static TheoryData<string> Drivers => [.. DriverCatalog.All.Select(driver => driver.Name)];

    /// <summary>A hundred megabytes a second and more: what is taken of it, and so what it costs, is bounded by the clock and not by who sends.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AFloodIsTakenAtABoundedPace(bool pinned)
    {
        var driver = new EchoDriver("echo", 0xA5);
        var time = new ManualTime();
        using var cancel = new CancellationTokenSource();
        var flood = new Flood(time, pinned ? [.. Enumerable.Repeat(driver.Frame(2), Piece / 4).SelectMany(frame => frame)] : new byte[Piece], cancel);
        var sink = new Overloads();
        var port = new Port(
            new PortOptions("flood", Transport.Serial, () => flood) { Pinned = pinned ? driver : null, Line = pinned ? new LineSettings(9600) : null, Drivers = [driver] },
            sink,
            time,
            NullLogger<Port>.Instance);
        await time.AdvanceUntil(Task.Run(() => port.Run(cancel.Token)), TimeSpan.FromMilliseconds(20));

        double seconds = TimeSpan.FromTicks(time.GetTimestamp()).TotalSeconds;
        Assert.InRange(flood.Taken, PerSecond * Seconds / 2, AtOnce + (PerSecond * (seconds + 1)) + Piece);
        Assert.Equal(pinned, sink.Said > 0);
    }

    /// <summary>At the pace above this is what a flood costs: a few bytes of memory for each byte, all of them collected.</summary>
    [Theory]
    [MemberData(nameof(Drivers))]
    public void AByteOfNoiseCostsLittleWhicheverDriverHearsIt(string name)
    {
        const int Pieces = 64;
        const int MostPerByte = 8;
        var random = new Random(20);
        byte[] noise = new byte[Piece];
        IDriverSession session = SessionOf(DriverCatalog.ByName(name)!);
        var deaf = new Deaf();
        long before = GC.GetAllocatedBytesForCurrentThread();
        long begun = TimeProvider.System.GetTimestamp();
        for (int i = 0; i < Pieces; i++)
        {
            random.NextBytes(noise);
            session.OnChunk(new Chunk(new MonotonicInstant(i * 125_000_000L), noise), deaf);
        }

        double perByte = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)(Pieces * Piece);
        double nanoseconds = TimeProvider.System.GetElapsedTime(begun).TotalNanoseconds / (Pieces * Piece);
        output.WriteLine($"{name}: {perByte:0.0} bytes of memory and {nanoseconds:0} ns a byte, {nanoseconds * PerSecond / 1e7:0.0} % of a core in a flood");
        Assert.InRange(perByte, 0, MostPerByte);
    }

    /// <summary>A byte a second is no message, and once the device speaks at its pace it is read.</summary>
    [Theory]
    [MemberData(nameof(Drivers))]
    public void AfterASlowDripTheDeviceIsRead(string name)
    {
        IDriver driver = DriverCatalog.ByName(name)!;
        string capture = Directory.GetFiles(Repository.PathOf($"tests/captures/{name}"), "*.cap").Order(StringComparer.Ordinal).First(file => !file.Contains("bad", StringComparison.Ordinal) && !file.Contains("lan", StringComparison.Ordinal));
        Chunk[] whole = [.. CaptureFile.Open(capture).Chunks()];
        byte[] first = [.. whole.Where(chunk => chunk.Direction == ChunkDirection.FromDevice).SelectMany(chunk => chunk.Bytes.ToArray()).Take(300)];
        const long Second = 1_000_000_000;
        IEnumerable<Chunk> dripped = first.SelectMany((one, i) => new[] { new Chunk(new MonotonicInstant(i * Second), new[] { one }), new Chunk(new MonotonicInstant((i * Second) + (Second / 2)), default) });
        IEnumerable<Chunk> after = whole.Select(chunk => chunk with { ArrivedAt = new MonotonicInstant(chunk.ArrivedAt.Nanoseconds + (first.Length * Second)) });
        var ear = Ear.Replays(driver, TransportOf(driver), dripped.Concat(after));
        int values = ear.Of<DeviceEvent.Numeric>().Count() + ear.Of<DeviceEvent.Samples>().Count();
        var alone = Ear.Replays(driver, TransportOf(driver), whole);
        int all = alone.Of<DeviceEvent.Numeric>().Count() + alone.Of<DeviceEvent.Samples>().Count();
        Assert.InRange(values, all * 8 / 10, int.MaxValue);
    }

    private static Transport TransportOf(IDriver driver) => driver.Traits.Lines.Count > 0 ? Transport.Serial : Transport.Tcp;

    private static IDriverSession SessionOf(IDriver driver) => driver.Open(new SessionOptions(TransportOf(driver), ListenOnly: true));

    /// <summary>Always has a chunk more, at no time.</summary>
    private sealed class Flood(ManualTime time, byte[] chunk, CancellationTokenSource cancel) : ISerialLine
    {
        public long Taken { get; private set; }

        public LineErrors? Errors => null;

        public void Tune(LineSettings line)
        {
        }

        public Chunk Read()
        {
            Taken += chunk.Length;
            if (TimeSpan.FromTicks(time.GetTimestamp()).TotalSeconds > Seconds)
            {
                cancel.Cancel();
            }

            return new Chunk(time.MonotonicNow(), chunk);
        }

        public void Send(ReadOnlySpan<byte> bytes)
        {
        }

        public void Dispose()
        {
        }
    }

    private sealed class Deaf : IDriverOutput
    {
        public void Send(ReadOnlySpan<byte> bytes)
        {
        }

        public void Report(DeviceEvent said)
        {
        }
    }

    private sealed class Overloads : IPortSink
    {
        public int Said { get; private set; }

        public void OnPort(PortIdentity port, DeviceState state, string reason, MonotonicInstant at)
        {
        }

        public void OnChunk(PortIdentity port, MonotonicInstant at, bool empty)
        {
        }

        public void OnEvent(PortIdentity port, MonotonicInstant arrivedAt, DeviceEvent said) => Said += said is DeviceEvent.Missing { Cause: GapCause.Overload } ? 1 : 0;
    }
}
