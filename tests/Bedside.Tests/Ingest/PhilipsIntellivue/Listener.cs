using System.Globalization;
using Bedside.Ingest.Drivers;
using Bedside.Ingest.Drivers.PhilipsIntellivue;
using Bedside.Ingest.Links;
using Bedside.Model;

namespace Bedside.Tests.Ingest.PhilipsIntellivue;

/// <summary>Runs a session and keeps what it said and sent.</summary>
internal sealed class Listener : IDriverOutput
{
    private const long Tick = 100_000_000;
    private readonly IDriverSession _session;

    public Listener(Transport transport = Transport.Udp, bool listenOnly = false, LineSettings? line = null) =>
        _session = new PhilipsIntellivueDriver().Open(new SessionOptions(transport, listenOnly, line));

    public List<DeviceEvent> Events { get; } = [];

    public List<byte[]> Sent { get; } = [];

    /// <summary>Time and message, as they went out.</summary>
    public List<(long At, byte[] Message)> SentAt { get; } = [];

    public long Now { get; private set; }

    /// <summary>Called with each message the session sends; what it gives back arrives with the next tick.</summary>
    public Func<byte[], IEnumerable<byte[]>>? Monitor { get; set; }

    private Queue<byte[]> Answers { get; } = new();

    public IEnumerable<string> Lines => Events.Select(EventText.Of);

    public void Send(ReadOnlySpan<byte> bytes)
    {
        byte[] message = bytes.ToArray();
        Sent.Add(message);
        SentAt.Add((Now, message));
        foreach (byte[] answer in Monitor?.Invoke(message) ?? [])
        {
            Answers.Enqueue(answer);
        }
    }

    public void Report(DeviceEvent said) => Events.Add(said);

    public void Stop() => _session.Stop(this);

    public void Hear(ReadOnlyMemory<byte> bytes, ChunkDirection direction = ChunkDirection.FromDevice) =>
        _session.OnChunk(new Chunk(new MonotonicInstant(Now), bytes, direction), this);

    public void Hear(Chunk chunk)
    {
        Now = chunk.ArrivedAt.Nanoseconds;
        _session.OnChunk(chunk, this);
    }

    /// <summary>Lets time pass in ticks of 100 ms, each bringing what the monitor answered to the one before.</summary>
    public void Pass(double seconds)
    {
        for (long end = Now + (long)(seconds * 1e9); Now + Tick <= end;)
        {
            Now += Tick;
            if (Answers.Count == 0)
            {
                Hear(default(ReadOnlyMemory<byte>));
            }

            Arrive();
        }
    }

    /// <summary>What the monitor has answered so far arrives.</summary>
    public void Arrive()
    {
        for (int waiting = Answers.Count; waiting > 0; waiting--)
        {
            Hear(Answers.Dequeue());
        }
    }

    public IEnumerable<T> Of<T>()
        where T : DeviceEvent => Events.OfType<T>();
}

/// <summary>One event in one line, with all that it says: what golden files hold and what runs are compared by.</summary>
internal static class EventText
{
    public static string Of(DeviceEvent said) => said switch
    {
        DeviceEvent.Identity { Device: var device } =>
            $"identity {device.Manufacturer}|{device.Model}|{device.SerialNumber}|{device.Firmware}|demo={device.Demo} {Fields(device.Properties)}",
        DeviceEvent.Descriptor one => $"descriptor {Name(one.Metric)} kind={one.Metric.Kind} code={one.Metric.Code} {one.Metric.CodeName} "
            + $"label={one.Metric.Label} device={one.Metric.DeviceCode} every={one.Metric.ExpectedEvery?.TotalMilliseconds} period={one.Period} "
            + $"scale={Text(one.Scale)} axis={Text(one.Metric.DisplayMin)}..{Text(one.Metric.DisplayMax)}",
        DeviceEvent.Samples one => $"samples {Name(one.Metric)} at={one.At?.Counter} period={one.Period} scale={Text(one.Scale)} "
            + $"validity={Words(one.Validity)} runs=[{string.Join(' ', one.Runs.Select(run => $"{run.Start}+{run.Length}:{Words(run.Validity)}"))}] "
            + $"raw={string.Join(' ', one.Raw.ToArray())}",
        DeviceEvent.Numeric one => $"numeric {Name(one.Metric)} = {one.Value?.ToString() ?? "-"} at={one.At?.Counter} validity={Words(one.Validity)}"
            + (one.MeasuredAt is { } time ? $" measured={time:s}" : string.Empty),
        DeviceEvent.Text one => $"text {Name(one.Metric)} = {one.Value} code={one.Code} at={one.At?.Counter} validity={Words(one.Validity)}",
        DeviceEvent.AlertSaid { Alert: var alert } one => $"alert {alert.Phase} {alert.Priority} technical={alert.Technical} \"{alert.Text}\" "
            + $"{alert.Code} {alert.CodeName} source={alert.Source} silenced={alert.Silenced} latched={alert.Latched} inhibited={alert.Inhibited} "
            + $"key={alert.Key} at={one.At?.Counter}",
        DeviceEvent.Patient one => $"patient {Fields(one.Fields)}",
        DeviceEvent.WallClock one => $"wall-clock {one.Wall:s} at={one.At?.Counter}",
        DeviceEvent.ClockRestarted one => $"clock-restarted {one.Reason}",
        DeviceEvent.Link one => $"link {(one.Receiving ? "receiving" : "not-receiving")}: {one.Reason}",
        DeviceEvent.Missing one => $"missing {(one.Metric is { } metric ? Name(metric) : "*")} {one.Cause} {one.Count} at={one.At?.Counter}",
        DeviceEvent.Fault one => $"fault @{one.Offset}: {one.Reason}",
        _ => throw new InvalidOperationException(said.ToString()),
    };

    private static string Name(Metric metric) => $"{metric.SignalId}{(metric.Channel.Length > 0 ? $"[{metric.Channel}]" : string.Empty)} {metric.Unit}".Trim();

    private static string Fields(IEnumerable<KeyValuePair<string, string>> fields) => string.Join(' ', fields.Select(field => $"{field.Key}=\"{field.Value}\""));

    private static string Words(Validity validity) => validity == Validity.Valid ? "valid" : string.Join('+', validity.Names());

    private static string Text(Scale? scale) => scale is { } known ? $"{Text(known.Gain)}x{Text(known.Offset)}" : "none";

    private static string Text(double? number) => number?.ToString("R", CultureInfo.InvariantCulture) ?? string.Empty;
}
