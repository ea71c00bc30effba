using System.Buffers.Binary;
using System.Text;
using Bedside.Ingest.Drivers;
using Bedside.Ingest.Links;
using Bedside.Model;

namespace Bedside.Ingest.Talker;

/// <summary>A serial line that a talker has open. Times of arrival are the talker's: both programs read the same clock of the kernel.</summary>
/// <param name="onlyListens">The talker sends nothing, though something was to be sent: then nothing is, and nobody answers.</param>
internal sealed class TalkedLine(TalkerWire wire, bool onlyListens, TimeProvider time) : ISerialLine
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LettingGo = TimeSpan.FromSeconds(1);

    private readonly Queue<Chunk> _heard = new();
    private MonotonicInstant _last = time.MonotonicNow();
    private bool _isLetGo;

    public LineErrors? Errors => Counted().Errors;

    public bool? DeviceRaisesALine => Counted().RaisesALine;

    public Chunk Read()
    {
        if (_heard.TryDequeue(out Chunk before))
        {
            return before;
        }

        return Try(() => wire.Waits(Tick) ? ToChunk(TalkedPorts.Expect(wire.Read(), FrameKind.Data).Body) : new Chunk(_last = time.MonotonicNow(), default));
    }

    public void Send(ReadOnlySpan<byte> bytes)
    {
        if (onlyListens)
        {
            return;
        }

        byte[] message = bytes.ToArray();
        Try(() =>
        {
            wire.Write(FrameKind.Send, message);
            return true;
        });
    }

    /// <inheritdoc/>
    public void Tune(LineSettings line) => Try(() =>
    {
        wire.Write(FrameKind.Tune, Encoding.ASCII.GetBytes(line.ToString()));
        _ = Await(FrameKind.Done);
        _heard.Clear();
        return true;
    });

    public void Dispose()
    {
        if (_isLetGo)
        {
            return;
        }

        // Whoever opens the port next finds it free.
        _isLetGo = true;
        wire.PartWith(LettingGo);
        wire.Dispose();
    }

    private (LineErrors? Errors, bool? RaisesALine) Counted() => Try(() =>
    {
        wire.Write(FrameKind.Count);
        ReadOnlySpan<byte> body = Await(FrameKind.Counted);
        if (body.Length != 2 + (4 * sizeof(int)))
        {
            throw TalkerWire.Nonsense();
        }

        LineErrors? errors = body[0] == 0 ? null : new LineErrors(Number(body, 2), Number(body, 6), Number(body, 10), Number(body, 14));
        return (errors, body[1] switch { 0 => (bool?)null, 1 => false, _ => true });
    });

    private static int Number(ReadOnlySpan<byte> body, int at) => BinaryPrimitives.ReadInt32LittleEndian(body[at..]);

    /// <summary>What the line says meanwhile is kept in its order.</summary>
    private byte[] Await(FrameKind kind)
    {
        while (true)
        {
            Frame? frame = wire.Read();
            if (frame is { Kind: FrameKind.Data } data)
            {
                _heard.Enqueue(ToChunk(data.Body));
                continue;
            }

            return TalkedPorts.Expect(frame, kind).Body;
        }
    }

    /// <summary>Whatever the talker says of the time: never before what was told already, and never later than now.</summary>
    private Chunk ToChunk(byte[] body)
    {
        if (body.Length < sizeof(long))
        {
            throw TalkerWire.Nonsense();
        }

        long now = time.MonotonicNow().Nanoseconds;
        _last = new MonotonicInstant(Math.Clamp(BinaryPrimitives.ReadInt64LittleEndian(body), Math.Min(_last.Nanoseconds, now), now));
        return new Chunk(_last, body.AsMemory(sizeof(long)));
    }

    private static T Try<T>(Func<T> talk)
    {
        try
        {
            return talk();
        }
        catch (IOException lost) when (lost is not LineException)
        {
            throw TalkedPorts.Ended();
        }
    }
}
