using Bedside.Ingest.Drivers;
using Bedside.Ingest.Links;

namespace Bedside.Tests.Ingest.Detection;

/// <summary>
/// A serial line on a manual clock with a device that takes its time: it answers so much later, or speaks so seldom, and hears and is heard only while the
/// line has its settings. At others its bytes come as other bytes, with framing errors.
/// </summary>
internal sealed class HuntLine(ManualTime time, LineSettings? spoken) : ISerialLine
{
    private readonly PriorityQueue<byte[], long> _coming = new();
    private LineSettings? _line;
    private long _nextWord;
    private int _framing;

    public List<byte[]> Sent { get; } = [];

    public LineErrors? Errors => Counts ? new LineErrors(_framing, 0, 0, 0) : null;

    public bool? DeviceRaisesALine { get; init; }

    /// <summary>Some adapters do not count errors.</summary>
    public bool Counts { get; init; } = true;

    /// <summary>What the device says to a message, and how many milliseconds later.</summary>
    public Func<byte[], IEnumerable<(int AfterMs, byte[] Words)>>? Answer { get; init; }

    /// <summary>What it says unasked, every <see cref="EveryMs"/>.</summary>
    public Func<byte[]>? Words { get; init; }

    public int EveryMs { get; init; } = 1_000;

    /// <summary>The other end does not care for settings: a modem that adapts, or noise.</summary>
    public bool AnySpeed { get; init; }

    private bool IsHeard => AnySpeed || _line == spoken;

    private long NowMs => time.MonotonicNow().Nanoseconds / 1_000_000;

    public void Tune(LineSettings line) => _line = line;

    public Chunk Read()
    {
        if (Words is { } words && _nextWord == 0)
        {
            _nextWord = NowMs + EveryMs;
        }

        long until = NowMs + 100;
        long first = Math.Min(Words is null ? long.MaxValue : _nextWord, _coming.TryPeek(out _, out long due) ? due : long.MaxValue);
        if (first > until)
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            return new Chunk(time.MonotonicNow(), default);
        }

        time.Advance(TimeSpan.FromMilliseconds(Math.Max(0, first - NowMs)));
        byte[] said;
        if (first == due && _coming.Count > 0)
        {
            said = _coming.Dequeue();
        }
        else
        {
            said = Words!();
            _nextWord += EveryMs;
        }

        return new Chunk(time.MonotonicNow(), IsHeard ? said : Garble(said));
    }

    public void Send(ReadOnlySpan<byte> bytes)
    {
        byte[] message = bytes.ToArray();
        Sent.Add(message);
        if (IsHeard && Answer is { } answer)
        {
            foreach ((int afterMs, byte[] words) in answer(message))
            {
                _coming.Enqueue(words, NowMs + afterMs);
            }
        }
    }

    public void Dispose()
    {
    }

    private byte[] Garble(byte[] said)
    {
        _framing += Math.Max(1, said.Length / 3);
        return [.. said.Select((value, i) => (byte)((value ^ 0x5D) + (i * 29)))];
    }
}
