using Bedside.Ingest.Captures;
using Bedside.Ingest.Drivers;
using Bedside.Ingest.Links;
using Bedside.Model;

namespace Bedside.Tests.Ingest.Streaming;

/// <summary>Keeps what a session says and sends, in order.</summary>
internal sealed class Ear(IDriver driver) : IDriverOutput
{
    private readonly List<object> _all = [];

    public List<DeviceEvent> Said { get; } = [];

    public List<byte[]> Sent { get; } = [];

    /// <summary>Events and messages as lines, in order.</summary>
    public List<string> Lines => [.. _all.Select(item => item is DeviceEvent said ? LineOf(said) : $"send {Convert.ToHexString((byte[])item)}")];

    public IEnumerable<T> Of<T>()
        where T : DeviceEvent => Said.OfType<T>();

    /// <summary>What a session makes of chunks that arrive at one time.</summary>
    public static Ear Hears(IDriver driver, Transport transport, params byte[][] chunks)
    {
        var ear = new Ear(driver);
        IDriverSession session = driver.Open(new SessionOptions(transport, ListenOnly: true));
        foreach (byte[] chunk in chunks)
        {
            session.OnChunk(new Chunk(default, chunk), ear);
        }

        return ear;
    }

    /// <summary>What a session makes of a recording; 0 = in the pieces it has, else in pieces of so many bytes.</summary>
    public static Ear Replays(IDriver driver, Transport transport, IEnumerable<Chunk> recorded, int piece = 0)
    {
        var ear = new Ear(driver);
        IDriverSession session = driver.Open(new SessionOptions(transport, ListenOnly: true));
        foreach (Chunk chunk in recorded)
        {
            int step = piece > 0 && chunk.Bytes.Length > 0 ? piece : Math.Max(1, chunk.Bytes.Length);
            for (int at = 0; at < Math.Max(1, chunk.Bytes.Length); at += step)
            {
                session.OnChunk(chunk with { Bytes = chunk.Bytes.Slice(at, Math.Min(step, chunk.Bytes.Length - at)) }, ear);
            }
        }

        session.Stop(ear);
        return ear;
    }

    public static IEnumerable<Chunk> Chunks(string capture) => CaptureFile.Open(capture).Chunks();

    public void Send(ReadOnlySpan<byte> bytes)
    {
        byte[] message = bytes.ToArray();
        Sent.Add(message);
        _all.Add(message);
        Assert.Contains(driver.Traits.Outgoing, allowed => allowed.Matches(message));
    }

    public void Report(DeviceEvent said)
    {
        Said.Add(said);
        _all.Add(said);
    }

    private static string LineOf(DeviceEvent said) => said switch
    {
        DeviceEvent.Identity identity => $"identity {identity.Device.Manufacturer}|{identity.Device.Model}|{identity.Device.SerialNumber}|{identity.Device.Firmware}|{identity.Device.Protocol}|{string.Join(',', identity.Device.Properties.Select(pair => $"{pair.Key}={pair.Value}"))}",
        DeviceEvent.Descriptor told => $"descriptor {Named(told.Metric)} {told.Metric.Kind} code={told.Metric.Code} {told.Metric.DeviceCode} '{told.Metric.Label}' {told.Period} {told.Scale}",
        DeviceEvent.Samples samples => $"samples {Named(samples.Metric)} at={samples.At?.Counter} {samples.Period} {samples.Scale} {samples.Validity} {string.Join(',', samples.Runs.IsDefaultOrEmpty ? [] : samples.Runs.Select(run => $"{run.Start}+{run.Length}:{run.Validity}"))}: {string.Join(' ', samples.Raw.ToArray())}",
        DeviceEvent.Numeric numeric => $"numeric {Named(numeric.Metric)} = {numeric.Value?.ToString() ?? "-"} at={numeric.At?.Counter} {numeric.Validity} {numeric.MeasuredAt:yyyy-MM-ddTHH:mm:ss}",
        DeviceEvent.Text text => $"text {Named(text.Metric)} = '{text.Value}' code={text.Code:X} at={text.At?.Counter} {text.Validity}",
        DeviceEvent.AlertSaid alert => $"alert {alert.Alert.Phase} {alert.Alert.Key} {alert.Alert.Priority} technical={alert.Alert.Technical} silenced={alert.Alert.Silenced} '{alert.Alert.Text}' {alert.Alert.CodeName} {alert.Alert.Source} at={alert.At?.Counter}",
        DeviceEvent.Patient patient => $"patient {string.Join(',', patient.Fields.Select(pair => $"{pair.Key}={pair.Value}"))}",
        DeviceEvent.WallClock clock => $"clock {clock.Wall:yyyy-MM-ddTHH:mm:ss} at={clock.At?.Counter}",
        DeviceEvent.ClockRestarted restarted => $"clock restarted: {restarted.Reason}",
        DeviceEvent.Link link => $"link {(link.Receiving ? "receiving" : "lost")}: {link.Reason}",
        DeviceEvent.Missing missing => $"missing {missing.Metric?.SignalId} {missing.Cause} {missing.Count} at={missing.At?.Counter}",
        DeviceEvent.Fault fault => $"fault at {fault.Offset}: {fault.Reason}",
        _ => throw new InvalidOperationException(said.GetType().Name),
    };

    private static string Named(Metric metric) =>
        $"{metric.SignalId}{(metric.Channel.Length > 0 ? "/" + metric.Channel : string.Empty)} [{metric.Unit}]";
}
