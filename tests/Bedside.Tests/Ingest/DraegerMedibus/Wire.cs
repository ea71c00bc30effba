using System.Globalization;
using System.Text;
using Bedside.Ingest.Drivers;
using Bedside.Ingest.Drivers.DraegerMedibus;
using Bedside.Ingest.Links;
using Bedside.Model;

namespace Bedside.Tests.Ingest.DraegerMedibus;

/// <summary>Bytes of MEDIBUS, made without the driver's own code.</summary>
internal static class Wire
{
    public const long Millisecond = 1_000_000;

    public static byte[] Hex(string text) => Convert.FromHexString(text.Replace(" ", string.Empty, StringComparison.Ordinal).Replace("|", string.Empty, StringComparison.Ordinal));

    public static byte[] Command(int code, string argument = "") => Framed(0x1B, code, argument);

    public static byte[] Response(int code, string payload = "") => Framed(0x01, code, payload);

    public static IDriverSession Session(bool listenOnly = false, LineSettings? line = null) =>
        new DraegerMedibusDriver().Open(new SessionOptions(Transport.Serial, listenOnly) { Line = line });

    public static Chunk From(long milliseconds, params byte[] bytes) => new(new MonotonicInstant(milliseconds * Millisecond), bytes);

    public static Chunk To(long milliseconds, params byte[] bytes) =>
        new(new MonotonicInstant(milliseconds * Millisecond), bytes, ChunkDirection.ToDevice);

    /// <summary>What a listening session makes of the bytes, all at one time.</summary>
    public static Ear Heard(params byte[][] chunks)
    {
        var ear = new Ear();
        IDriverSession session = Session(listenOnly: true);
        foreach (byte[] chunk in chunks)
        {
            session.OnChunk(From(0, chunk), ear);
        }

        return ear;
    }

    private static byte[] Framed(byte start, int code, string body)
    {
        List<byte> bytes = [start, (byte)code, .. Encoding.Latin1.GetBytes(body)];
        int sum = bytes.Sum(value => value) % 256;
        bytes.AddRange(Encoding.ASCII.GetBytes(sum.ToString("X2", CultureInfo.InvariantCulture)));
        bytes.Add(0x0D);
        return [.. bytes];
    }
}

/// <summary>Keeps what a session says and sends, in order.</summary>
internal sealed class Ear : IDriverOutput
{
    private static readonly IReadOnlyList<AllowedMessage> Allowed = new DraegerMedibusDriver().Traits.Outgoing;

    private readonly List<object> _all = [];

    public List<DeviceEvent> Said { get; } = [];

    public List<byte[]> Sent { get; } = [];

    /// <summary>Events and messages as lines, in order.</summary>
    public List<string> Lines => [.. _all.Select(item => item is DeviceEvent said ? LineOf(said) : $"send {Convert.ToHexString((byte[])item)}")];

    public IEnumerable<T> Of<T>()
        where T : DeviceEvent => Said.OfType<T>();

    public void Send(ReadOnlySpan<byte> bytes)
    {
        byte[] message = bytes.ToArray();
        Sent.Add(message);
        _all.Add(message);
        Assert.Contains(Allowed, allowed => allowed.Matches(message));
    }

    public void Report(DeviceEvent said)
    {
        Said.Add(said);
        _all.Add(said);
    }

    private static string LineOf(DeviceEvent said) => said switch
    {
        DeviceEvent.Identity identity => $"identity {identity.Device.Manufacturer}|{identity.Device.Model}|{identity.Device.Firmware}|{identity.Device.Protocol}|demo={identity.Device.Demo}|{string.Join(',', identity.Device.Properties.Select(pair => $"{pair.Key}={pair.Value}"))}",
        DeviceEvent.Descriptor told => $"descriptor {Named(told.Metric)} {told.Metric.Kind} code={told.Metric.Code} {told.Metric.DeviceCode} '{told.Metric.Label}' {told.Period} {told.Scale}",
        DeviceEvent.Samples samples => $"samples {Named(samples.Metric)} at={samples.At?.Counter} {samples.Period} {samples.Scale} {samples.Validity}: {string.Join(' ', samples.Raw.ToArray())}",
        DeviceEvent.Numeric numeric => $"numeric {Named(numeric.Metric)} = {numeric.Value?.ToString() ?? "-"} {numeric.Validity}",
        DeviceEvent.Text text => $"text {Named(text.Metric)} = '{text.Value}' code={text.Code:X2} at={text.At?.Counter} {text.Validity}",
        DeviceEvent.AlertSaid alert => $"alert {alert.Alert.Phase} {alert.Alert.Key} {alert.Alert.Priority} technical={alert.Alert.Technical} '{alert.Alert.Text}' {alert.Alert.CodeName} {alert.Alert.Source}",
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
