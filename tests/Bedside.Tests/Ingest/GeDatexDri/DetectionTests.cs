using Bedside.Ingest.Detection;
using Bedside.Ingest.Drivers;
using Bedside.Ingest.Links;
using Bedside.Tests.Simulators.GeDatex;

namespace Bedside.Tests.Ingest.GeDatexDri;

/// <summary>The simulated monitor on a line that the box knows nothing of: all drivers of the product are asked.</summary>
public sealed class DetectionTests
{
    [Theory]
    [InlineData(19_200, "10")]
    [InlineData(19_200, "3")]
    [InlineData(115_200, "11")]
    public void A_silent_monitor_is_asked_and_found_within_ten_seconds(int baud, string level)
    {
        var time = new ManualTime();
        var spoken = new LineSettings(baud, Parity: LineParity.Even);
        using var line = new MonitorLine(time, spoken, new MonitorBench("--baud", baud.ToString(), "--level", level));
        HuntResult result = new Hunt(new HuntOptions(Transport.Serial), time).Run(line, CancellationToken.None);
        Assert.Equal(("ge-datex-dri", spoken), (result.Found?.Driver.Name, result.Found?.Line));
        Assert.InRange(time.GetTimestamp(), 0, TimeSpan.FromSeconds(10).Ticks);
    }

    [Fact]
    public void A_monitor_that_another_client_polls_is_recognised_without_a_word()
    {
        var time = new ManualTime();
        var spoken = new LineSettings(19_200, Parity: LineParity.Even);
        var bench = new MonitorBench();
        bench.Say([.. Vectors.DisplayedEveryTenSeconds, .. Vectors.FourWaves]);
        using var line = new MonitorLine(time, spoken, bench);
        HuntResult result = new Hunt(new HuntOptions(Transport.Serial) { ListenOnly = true }, time).Run(line, CancellationToken.None);
        Assert.Equal(("ge-datex-dri", spoken), (result.Found?.Driver.Name, result.Found?.Line));
        Assert.Equal(0, line.Sent);
    }

    /// <summary>The monitor hears and speaks only at its own settings; at others its bytes come with framing errors.</summary>
    private sealed class MonitorLine(ManualTime time, LineSettings spoken, MonitorBench bench) : ISerialLine
    {
        private LineSettings? _line;
        private int _framing;

        public int Sent { get; private set; }

        public LineErrors? Errors => new LineErrors(_framing, 0, 0, 0);

        public void Tune(LineSettings line)
        {
            _line = line;
            bench.Take();
        }

        public Chunk Read()
        {
            for (int step = 0; step < 10; step++)
            {
                time.Advance(TimeSpan.FromMilliseconds(10));
                bench.Run(0.01, 10);
                if (bench.Bytes.Count > 0)
                {
                    break;
                }
            }

            byte[] bytes = bench.Take();
            if (_line != spoken)
            {
                _framing += bytes.Length;
                bytes = [.. bytes.Select(value => (byte)(value ^ 0x55))];
            }

            return new Chunk(time.MonotonicNow(), bytes);
        }

        public void Send(ReadOnlySpan<byte> bytes)
        {
            Sent++;
            if (_line == spoken)
            {
                bench.Say(bytes.ToArray());
            }
        }

        public void Dispose()
        {
        }
    }
}
