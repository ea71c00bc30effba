using Bedside.Ingest;
using Bedside.Ingest.Detection;
using Bedside.Ingest.Drivers;
using Bedside.Model;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bedside.Tests.Ingest;

/// <summary>What a port tells while it looks and while it receives: what is tried, and how many bytes went through.</summary>
public sealed class PortMeterTests : IDisposable
{
    private readonly EchoDriver _driver = new("echo", 0xA5);
    private readonly ManualTime _time = new();
    private readonly PortMeter _meter = new();
    private readonly CancellationTokenSource _cancel = new();

    public void Dispose() => _cancel.Dispose();

    [Fact]
    public void A_hunt_says_what_it_tries_and_stops_saying_it_when_it_has_found()
    {
        var tried = new List<Attempt>();
        int reads = 0;
        var line = new ScriptedLine(_time, new LineSettings(19200))
        {
            Chatter = () =>
            {
                Attempt? now = _meter.Read().Trying;
                if (now is not null && (tried.Count == 0 || tried[^1] != now))
                {
                    tried.Add(now);
                }

                return ++reads > 400 ? Stop() : _driver.Frame((byte)reads);
            },
        };
        Run(line);

        Assert.NotEmpty(tried);
        Assert.All(tried, attempt => Assert.InRange(attempt.Stop, 1, attempt.Stops));
        Assert.Equal(("115200 8N1", 1, "19200 8N1", 2), (tried[0].Line, tried[0].Stop, tried[^1].Line, tried[^1].Stop));
        Assert.Null(_meter.Read().Trying);
    }

    [Fact]
    public void Questions_name_the_drivers_that_ask()
    {
        var asked = new HashSet<string>(StringComparer.Ordinal);
        int reads = 0;
        var line = new ScriptedLine(_time)
        {
            Chatter = () =>
            {
                asked.UnionWith(_meter.Read().Trying?.Asked ?? []);
                return ++reads > 200 ? Stop() : null;
            },
        };
        Run(line, DriverCatalog.All);

        Assert.Equal(DriverCatalog.All.Where(driver => driver.Traits.Probes.Count > 0).Select(driver => driver.Name).Order(), asked.Order());
        Assert.Equal(line.Sent.Sum(message => message.Length), _meter.Read().BytesOut);
        Assert.Equal(0, _meter.Read().BytesIn);
    }

    [Fact]
    public void Bytes_faults_and_errors_of_the_line_add_up_over_all_the_times_it_is_opened()
    {
        for (int opened = 1; opened <= 2; opened++)
        {
            var line = new ScriptedLine(_time, new LineSettings(9600)) { Chatter = () => [1, 2, 3] };
            using var metered = new MeteredLink(line, _meter);
            metered.Tune(new LineSettings(19200));
            for (int i = 0; i < 25; i++)
            {
                metered.Read();
            }

            metered.Send([7]);
            _meter.Hear(new DeviceEvent.Fault($"fault {opened}", 0));
        }

        PortReading now = _meter.Read();
        Assert.Equal((150, 2, 2, "fault 2"), (now.BytesIn, now.BytesOut, now.Faults, now.LastFault));
        Assert.InRange(now.LineErrors ?? -1, 1, 150);
    }

    [Theory]
    [InlineData(FindingKind.Recognised, false, 0)]
    [InlineData(FindingKind.Recognised, true, 0)]
    public void What_is_well_needs_no_remedy(FindingKind kind, bool network, int remedies) => Assert.Equal(remedies, Remedy.Of(kind, network).Count);

    [Fact]
    public void Everything_that_can_be_wrong_has_a_remedy_in_both_languages_and_none_is_said_twice()
    {
        foreach (FindingKind kind in Enum.GetValues<FindingKind>().Where(kind => kind != FindingKind.Recognised))
        {
            foreach (bool network in new[] { false, true })
            {
                IReadOnlyList<Remedy> remedies = Remedy.Of(kind, network);
                Assert.NotEmpty(remedies);
                Assert.Equal(remedies.Count, remedies.Distinct().Count());
                Assert.All(remedies, remedy => Assert.NotEqual(remedy.English, remedy.French));
            }
        }

        Assert.DoesNotContain(Remedy.Of(FindingKind.Silent, network: true), remedy => remedy.English.Contains("null-modem", StringComparison.Ordinal));
    }

    private byte[]? Stop()
    {
        _cancel.Cancel();
        return null;
    }

    private void Run(ScriptedLine line, IReadOnlyList<IDriver>? drivers = null)
    {
        PortOptions options = new PortOptions("bench", Transport.Serial, () => line) { Drivers = drivers ?? [_driver] }.Metered(_meter);
        new Port(options, new Deaf(), _time, NullLogger<Port>.Instance).Run(_cancel.Token);
    }

    private sealed class Deaf : IPortSink
    {
        public void OnPort(PortIdentity port, DeviceState state, string reason, MonotonicInstant at)
        {
        }

        public void OnChunk(PortIdentity port, MonotonicInstant at, bool empty)
        {
        }

        public void OnEvent(PortIdentity port, MonotonicInstant arrivedAt, DeviceEvent said)
        {
        }
    }
}
