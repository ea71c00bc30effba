using System.Net;
using Bedside.Ingest.Drivers;
using Bedside.Ingest.Drivers.MindrayPds;
using Bedside.Simulators;
using Bedside.Simulators.Mindray;
using Bedside.Simulators.Physiology;
using Bedside.Tests.Simulators.Streaming;

namespace Bedside.Tests.Ingest.Hl7;

/// <summary>Row 8: the driver of Mindray PDS and its simulator, on the same framing.</summary>
public sealed partial class ChecklistTests
{
    [Fact]
    public void Row8TheFirstQueryIsIgnoredAndAskedAgainAndTheEchoKeepsTheLink()
    {
        StreamingBench bench = new StreamingBench(MindrayMonitor.Kind, "mindray-pds", "--burst", "2.5").Run(30);
        Assert.Empty(bench.Of<DeviceEvent.Fault>());
        Assert.Equal(2, bench.Sent.Count(message => message.Length > 100));
        Assert.InRange(bench.Sent.Count(message => message.Length < 100), 28, 31);
        Assert.NotNull(bench.Last("hr"));
        Assert.DoesNotContain(bench.Of<DeviceEvent.Link>().Skip(1), link => !link.Receiving);
    }

    [Fact]
    public void Row8MinusOneHundredIsNoValue()
    {
        StreamingBench bench = new StreamingBench(MindrayMonitor.Kind, "mindray-pds", "--fault", "lead-off@8+6").Run(13);
        Assert.Null(bench.Last("hr"));
        Assert.DoesNotContain(bench.Of<DeviceEvent.Numeric>(), numeric => numeric.Value is { } value && value.ToDouble() <= -100);
        Assert.NotNull(bench.Run(8).Last("hr"));
    }

    [Fact]
    public void Row8TheMonitorSaysWhereItIsAndHangsUpOnAHostThatDoesNotEcho()
    {
        var time = new Simulators.ManualTime();
        var port = new EndingPort();
        var arguments = Arguments.Parse(MindrayMonitor.Kind, ["--tcp", "127.0.0.1:0", "--announce", "127.0.0.1:4600", "--bed", "12"]);
        var clock = new SimulationClock(time, arguments.Epoch);
        IDevice monitor = MindrayMonitor.Kind.Create(new Simulation(clock, new Patient(1), port, new FaultSchedule(clock, []), arguments) { Address = new IPEndPoint(IPAddress.Parse("192.168.8.188"), 4601) });
        monitor.Receive(Outgoing.KeepAlive, new IPEndPoint(IPAddress.Loopback, 1));
        Pass(monitor, time, seconds: 9);
        monitor.Receive(Outgoing.KeepAlive, new IPEndPoint(IPAddress.Loopback, 1));
        Pass(monitor, time, seconds: 9);
        Assert.Equal(0, port.Ended);
        Pass(monitor, time, seconds: 3);
        Assert.Equal(1, port.Ended);
        Assert.Contains(port.Sent, sent => sent.To is not null && Announcement.Read(sent.Bytes) is { Bed: "12", Address: "192.168.8.188", Port: 4601 });
    }

    private static void Pass(IDevice monitor, Simulators.ManualTime time, int seconds)
    {
        for (int tenth = 0; tenth < seconds * 10; tenth++)
        {
            time.Pass(TimeSpan.FromMilliseconds(100));
            _ = monitor.Advance();
        }
    }

    private sealed class EndingPort : IPort, ILineThatEnds
    {
        public List<(byte[] Bytes, IPEndPoint? To)> Sent { get; } = [];

        public int Ended { get; private set; }

        public void Send(ReadOnlySpan<byte> bytes, IPEndPoint? to) => Sent.Add((bytes.ToArray(), to));

        public void End() => Ended++;
    }
}
