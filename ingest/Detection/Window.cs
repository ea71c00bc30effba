using Bedside.Ingest.Drivers;
using Bedside.Ingest.Links;

namespace Bedside.Ingest.Detection;

/// <summary>The last few kilobytes heard under one set of line settings, and what the drivers make of them.</summary>
internal sealed class Window(IReadOnlyList<IDriver> drivers, Transport transport)
{
    /// <summary>A driver never needs more: <see cref="IDriver.Sniff"/>.</summary>
    private const int Size = 4_096;

    private readonly List<Chunk> _chunks = [];
    private int _held;

    /// <summary>Bytes heard, also those that are no longer held.</summary>
    public long Bytes { get; private set; }

    public IReadOnlyList<Chunk> Chunks => _chunks;

    public void Add(Chunk chunk)
    {
        if (chunk.Bytes.IsEmpty)
        {
            return;
        }

        _chunks.Add(chunk);
        _held += chunk.Bytes.Length;
        Bytes += chunk.Bytes.Length;
        while (_held > Size && _chunks.Count > 1)
        {
            _held -= _chunks[0].Bytes.Length;
            _chunks.RemoveAt(0);
        }
    }

    /// <summary>The first driver that knows these bytes as its own.</summary>
    public IDriver? Recognised()
    {
        byte[] bytes = Joined();
        return bytes.Length == 0 ? null : drivers.FirstOrDefault(driver => driver.Sniff(bytes, transport) == Verdict.Yes);
    }

    /// <summary>Whether a driver would like to hear more of this before it says yes or no.</summary>
    public bool Interests(IDriver driver) => Joined() is { Length: > 0 } bytes && driver.Sniff(bytes, transport) == Verdict.NeedMore;

    /// <summary>
    /// Whether nothing came back but what was sent: the line ends in a loop. A device may well begin with the same message as the box, but
    /// then goes on differently.
    /// </summary>
    public bool Echoes(ReadOnlySpan<byte> sent) => Joined() is { Length: > 0 } bytes && sent.StartsWith(bytes);

    private byte[] Joined()
    {
        byte[] all = new byte[_held];
        int at = 0;
        foreach (Chunk chunk in _chunks)
        {
            chunk.Bytes.CopyTo(all.AsMemory(at));
            at += chunk.Bytes.Length;
        }

        return all.Length > Size ? all[^Size..] : all;
    }
}
