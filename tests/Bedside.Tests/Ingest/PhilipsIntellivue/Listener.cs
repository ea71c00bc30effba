using Bedside.Ingest.Drivers;
using Bedside.Ingest.Drivers.PhilipsIntellivue;
using Bedside.Ingest.Links;
using Bedside.Model;

namespace Bedside.Tests.Ingest.PhilipsIntellivue;

/// <summary>Runs a session and keeps what it said and sent, and when.</summary>
internal sealed class Listener : IDriverOutput
{
    private const long Tick = 100_000_000;
    private static readonly PhilipsIntellivueDriver Driver = new();
    private readonly Ear _ear = new(Driver);
    private readonly IDriverSession _session;

    public Listener(Transport transport = Transport.Udp, bool listenOnly = false, LineSettings? line = null) =>
        _session = Driver.Open(new SessionOptions(transport, listenOnly, line));

    public List<DeviceEvent> Events => _ear.Said;

    public List<byte[]> Sent => _ear.Sent;

    /// <summary>Time and message, as they went out.</summary>
    public List<(long At, byte[] Message)> SentAt { get; } = [];

    public long Now { get; private set; }

    /// <summary>Called with each message the session sends; what it gives back arrives with the next tick.</summary>
    public Func<byte[], IEnumerable<byte[]>>? Monitor { get; set; }

    private Queue<byte[]> Answers { get; } = new();

    public List<string> Lines => _ear.Lines;

    public void Send(ReadOnlySpan<byte> bytes)
    {
        byte[] message = bytes.ToArray();
        _ear.Send(message);
        SentAt.Add((Now, message));
        foreach (byte[] answer in Monitor?.Invoke(message) ?? [])
        {
            Answers.Enqueue(answer);
        }
    }

    public void Report(DeviceEvent said) => _ear.Report(said);

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
        where T : DeviceEvent => _ear.Of<T>();
}
