using System.Globalization;
using Bedside.Ingest.Drivers;
using Bedside.Ingest.Links;
using Bedside.Simulators.Mindray;
using Bedside.Tests.Ingest.Detection;
using Bedside.Tests.Ingest.Ventilators;
using Bedside.Tests.Simulators.Streaming;
using Xunit.Abstractions;

namespace Bedside.Tests.Ingest;

/// <summary>
/// Another system polls the device and the box only listens: with both directions it makes of the conversation what the one that polls makes of it. With the device's direction alone each
/// signal is the same or is not there, and then the box says that something cannot be known.
/// </summary>
public class TapTests(ITestOutputHelper output)
{
    private const double Seconds = 60;

    public static TheoryData<string> Polled => [.. DriverCatalog.All.Where(driver => driver.Traits.Outgoing.Count > 0 && driver.Traits.Quality != "experimental").Select(driver => driver.Name)];

    [Theory]
    [MemberData(nameof(Polled))]
    public void BothDirectionsGiveWhatPollingGives(string name)
    {
        foreach ((string device, IDriver driver, Transport transport, List<Chunk> line, List<DeviceEvent> polled) in Conversations(name))
        {
            Dictionary<string, string> wanted = Values(polled);
            Dictionary<string, string> heard = Values(Ear.Replays(driver, transport, line).Said);
            Assert.True(wanted.Count > 5, $"{device}: {wanted.Count} signals");
            Assert.All(wanted, signal => Assert.True(heard.GetValueOrDefault(signal.Key) == signal.Value, $"{device} {signal.Key}: {Cut(signal.Value)} when polling, {Cut(heard.GetValueOrDefault(signal.Key))} when listening"));
            Assert.Empty(heard.Keys.Except(wanted.Keys));
        }
    }

    [Theory]
    [MemberData(nameof(Polled))]
    public void OneDirectionGivesTheSameOrNothingAndSaysSo(string name)
    {
        foreach ((string device, IDriver driver, Transport transport, List<Chunk> line, List<DeviceEvent> polled) in Conversations(name))
        {
            Dictionary<string, string> wanted = Values(polled);
            var tap = Ear.Replays(driver, transport, line.Where(chunk => chunk.Direction == ChunkDirection.FromDevice));
            Dictionary<string, string> heard = Values(tap.Said);
            Assert.All(heard, signal => Assert.True(wanted.GetValueOrDefault(signal.Key) == signal.Value, $"{device} {signal.Key}: {Cut(wanted.GetValueOrDefault(signal.Key))} when polling, {Cut(signal.Value)} when listening"));
            string[] lost = [.. wanted.Keys.Except(heard.Keys)];
            output.WriteLine($"{device}: {heard.Count} of {wanted.Count} signals; not {string.Join(", ", lost)}");
            Assert.True(lost.Length == 0 || tap.Of<DeviceEvent.Fault>().Any() || tap.Of<DeviceEvent.Missing>().Any(), $"{device}: nothing is said of {string.Join(", ", lost)}");
        }
    }

    private static IEnumerable<(string Device, IDriver Driver, Transport Transport, List<Chunk> Line, List<DeviceEvent> Polled)> Conversations(string name)
    {
        foreach (EveryDevice device in EveryDevice.All.Where(device => device.Driver == name))
        {
            SimulatedLine line = new SimulatedLine(device.Kind, name, device.Options).Run(Seconds);
            line.Stop();
            yield return ($"{device.Kind.Name} {string.Join(' ', device.Options)}", line.Driver, Transport.Serial, line.Line, line.Ear.Said);
        }

        if (name == "mindray-pds")
        {
            StreamingBench bench = new StreamingBench(MindrayMonitor.Kind, name).Run(Seconds);
            yield return (name, bench.Driver, bench.Transport, bench.Line, bench.Said);
        }
    }

    /// <summary>Every value of every signal, in order: numbers and samples in the signal's unit.</summary>
    private static Dictionary<string, string> Values(List<DeviceEvent> said)
    {
        var values = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        foreach ((string signal, string value) in said.SelectMany(one => one switch
        {
            DeviceEvent.Numeric numeric => [($"{numeric.Metric.SignalId} {numeric.Metric.Channel} {numeric.Metric.Unit}", numeric.Value?.ToString() ?? "-")],
            DeviceEvent.Text text => [($"{text.Metric.SignalId} {text.Metric.Channel}", text.Value)],
            DeviceEvent.Samples samples => samples.Raw.ToArray().Select(raw => ($"{samples.Metric.SignalId} {samples.Metric.Channel} {samples.Metric.Unit} {samples.Period} {samples.Scale}", raw.ToString(CultureInfo.InvariantCulture))),
            _ => [],
        }))
        {
            (values.TryGetValue(signal, out List<string>? all) ? all : values[signal] = []).Add(value);
        }

        return values.ToDictionary(pair => pair.Key, pair => string.Join(' ', pair.Value), StringComparer.Ordinal);
    }

    private static string Cut(string? values) => values is null ? "nothing" : $"{values.Count(one => one == ' ') + 1} values {values[..Math.Min(60, values.Length)]}";
}
