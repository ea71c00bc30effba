using Bedside.Ingest.Drivers;
using Bedside.Ingest.Links;
using Bedside.Model;

namespace Bedside.Tests.Ingest.Ventilators;

/// <summary>Keeps what a session says and sends, in order; nothing outside of the driver's list may be sent.</summary>
internal sealed class Ear(IDriver driver) : IDriverOutput
{
    private readonly List<string> _lines = [];

    public List<DeviceEvent> Said { get; } = [];

    public List<byte[]> Sent { get; } = [];

    /// <summary>Events and messages as lines.</summary>
    public IReadOnlyList<string> Lines => _lines;

    public IEnumerable<DeviceEvent.Fault> Faults => Of<DeviceEvent.Fault>();

    public IEnumerable<T> Of<T>()
        where T : DeviceEvent => Said.OfType<T>();

    /// <summary>The last number of a signal, as text; null = none, or not available.</summary>
    public string? Number(string id) => Of<DeviceEvent.Numeric>().LastOrDefault(said => said.Metric.SignalId == id)?.Value?.ToString();

    public string? Text(string id) => Of<DeviceEvent.Text>().LastOrDefault(said => said.Metric.SignalId == id)?.Value;

    /// <summary>All samples of a signal in its own unit.</summary>
    public IReadOnlyList<double> Curve(string id) =>
        [.. Of<DeviceEvent.Samples>().Where(said => said.Metric.SignalId == id).SelectMany(said => said.Raw.ToArray().Select(raw => said.Scale!.Value.Physical(raw)))];

    public void Send(ReadOnlySpan<byte> bytes)
    {
        byte[] message = bytes.ToArray();
        Assert.Contains(driver.Traits.Outgoing, allowed => allowed.Matches(message));
        Sent.Add(message);
        _lines.Add($"send {Convert.ToHexString(message)}");
    }

    public void Report(DeviceEvent said)
    {
        Said.Add(said);
        _lines.Add(LineOf(said));
    }

    /// <summary>What a session that only listens makes of the bytes, all at one time, cut into pieces of at most <paramref name="pieces"/>.</summary>
    public static Ear Heard(IDriver driver, ReadOnlyMemory<byte> bytes, int pieces = int.MaxValue)
    {
        var ear = new Ear(driver);
        IDriverSession session = driver.Open(new SessionOptions(Transport.Serial, ListenOnly: true));
        for (int at = 0; at < bytes.Length; at += Math.Min(pieces, bytes.Length))
        {
            session.OnChunk(new Chunk(default, bytes.Slice(at, Math.Min(pieces, bytes.Length - at))), ear);
        }

        session.Stop(ear);
        return ear;
    }

    private static string LineOf(DeviceEvent said) => said switch
    {
        DeviceEvent.Identity identity => $"identity {identity.Device.Manufacturer}|{identity.Device.Model}|{identity.Device.SerialNumber}|{identity.Device.Firmware}|{identity.Device.Protocol}|{string.Join(',', identity.Device.Properties.Select(pair => $"{pair.Key}={pair.Value}"))}",
        DeviceEvent.Descriptor told => $"descriptor {Named(told.Metric)} {told.Metric.Kind} code={told.Metric.Code} {told.Metric.DeviceCode} '{told.Metric.Label}' {told.Period} {told.Scale}",
        DeviceEvent.Samples samples => $"samples {Named(samples.Metric)} at={samples.At?.Counter} {samples.Period} {samples.Scale} {samples.Validity} {string.Join(',', samples.Runs)}: {string.Join(' ', samples.Raw.ToArray())}",
        DeviceEvent.Numeric numeric => $"numeric {Named(numeric.Metric)} = {numeric.Value?.ToString() ?? "-"} at={numeric.At?.Counter} {numeric.Validity}",
        DeviceEvent.Text text => $"text {Named(text.Metric)} = '{text.Value}' code={text.Code} at={text.At?.Counter} {text.Validity}",
        DeviceEvent.AlertSaid alert => $"alert {alert.Alert.Phase} {alert.Alert.Key} {alert.Alert.Priority} technical={alert.Alert.Technical} silenced={alert.Alert.Silenced} '{alert.Alert.Text}' {alert.Alert.CodeName} {alert.Alert.Source}",
        DeviceEvent.Patient patient => $"patient {string.Join(',', patient.Fields.Select(pair => $"{pair.Key}={pair.Value}"))}",
        DeviceEvent.WallClock clock => $"clock {clock.Wall:yyyy-MM-ddTHH:mm:ss}",
        DeviceEvent.ClockRestarted restarted => $"clock restarted: {restarted.Reason}",
        DeviceEvent.Link link => $"link {(link.Receiving ? "receiving" : "lost")}: {link.Reason}",
        DeviceEvent.Missing missing => $"missing {missing.Metric?.SignalId} {missing.Cause} {missing.Count} at={missing.At?.Counter}",
        DeviceEvent.Fault fault => $"fault at {fault.Offset}: {fault.Reason}",
        _ => throw new InvalidOperationException(said.GetType().Name),
    };

    private static string Named(Metric metric) =>
        $"{metric.SignalId}{(metric.Channel.Length > 0 ? "/" + metric.Channel : string.Empty)} [{metric.Unit}]";
}
