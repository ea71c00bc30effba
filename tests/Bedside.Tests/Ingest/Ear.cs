using Bedside.Ingest.Drivers;
using Bedside.Ingest.Links;

namespace Bedside.Tests.Ingest;

/// <summary>Keeps what a session says and sends, in order; nothing outside of the driver's list may be sent.</summary>
internal sealed class Ear(IDriver driver) : IDriverOutput
{
    private readonly List<object> _all = [];

    public List<DeviceEvent> Said { get; } = [];

    public List<byte[]> Sent { get; } = [];

    /// <summary>Events and messages as the lines of a golden, in order.</summary>
    public List<string> Lines => [.. _all.Select(item => item is DeviceEvent said ? EventText.Of(said) : $"send {Convert.ToHexString((byte[])item)}")];

    public IEnumerable<DeviceEvent.Fault> Faults => Of<DeviceEvent.Fault>();

    public IEnumerable<T> Of<T>()
        where T : DeviceEvent => Said.OfType<T>();

    /// <summary>The last number of a signal, as text; null = none, or not available.</summary>
    public string? Number(string id) => Of<DeviceEvent.Numeric>().LastOrDefault(said => said.Metric.SignalId == id)?.Value?.ToString();

    public string? Text(string id) => Of<DeviceEvent.Text>().LastOrDefault(said => said.Metric.SignalId == id)?.Value;

    /// <summary>All samples of a signal in its own unit.</summary>
    public IReadOnlyList<double> Curve(string id) =>
        [.. Of<DeviceEvent.Samples>().Where(said => said.Metric.SignalId == id).SelectMany(said => said.Raw.ToArray().Select(raw => said.Scale!.Value.Physical(raw)))];

    /// <summary>What a session that only listens makes of chunks that arrive at one time.</summary>
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

    /// <summary>What a session on a line that only listens makes of the bytes, all at one time and cut into pieces of at most <paramref name="pieces"/>, and of its end.</summary>
    public static Ear Heard(IDriver driver, ReadOnlyMemory<byte> bytes, int pieces = int.MaxValue) =>
        Replays(driver, Transport.Serial, bytes.IsEmpty ? [] : [new Chunk(default, bytes)], pieces);

    /// <summary>What a session that only listens makes of a recording, cut into pieces of at most <paramref name="pieces"/>, and of its end.</summary>
    public static Ear Replays(IDriver driver, Transport transport, IEnumerable<Chunk> recorded, int pieces = int.MaxValue)
    {
        var ear = new Ear(driver);
        IDriverSession session = driver.Open(new SessionOptions(transport, ListenOnly: true));
        foreach (Chunk chunk in recorded)
        {
            ear.Hear(session, chunk, pieces);
        }

        session.Stop(ear);
        return ear;
    }

    /// <summary>Gives the session a chunk in pieces of at most so many bytes; one without bytes is a tick and stays whole.</summary>
    public void Hear(IDriverSession session, Chunk chunk, int pieces)
    {
        int step = Math.Min(pieces, Math.Max(1, chunk.Bytes.Length));
        for (int at = 0; at < Math.Max(1, chunk.Bytes.Length); at += step)
        {
            session.OnChunk(chunk with { Bytes = chunk.Bytes.Slice(at, Math.Min(step, chunk.Bytes.Length - at)) }, this);
        }
    }

    public void Send(ReadOnlySpan<byte> bytes)
    {
        byte[] message = bytes.ToArray();
        Assert.Contains(driver.Traits.Outgoing, allowed => allowed.Matches(message));
        Sent.Add(message);
        _all.Add(message);
    }

    public void Report(DeviceEvent said)
    {
        Said.Add(said);
        _all.Add(said);
    }
}
