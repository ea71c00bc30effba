using Bedside.Ingest.Drivers;
using Bedside.Ingest.Links;

namespace Bedside.Ingest.Detection;

/// <summary>
/// The last few kilobytes heard under one set of line settings, and what the drivers make of them. What comes back of the box's own words (a loop of
/// wire, a modem that repeats what it is told) is nobody's answer and is taken out before they look.
/// </summary>
internal sealed class Window(IReadOnlyList<IDriver> drivers, Transport transport)
{
    /// <summary>A driver never needs more: <see cref="IDriver.Sniff"/>.</summary>
    private const int Size = 4_096;

    private readonly List<Chunk> _chunks = [];
    private readonly List<(IDriver By, byte[] Question)> _asked = [];
    private int _held;

    /// <summary>Bytes heard, also those that are no longer held.</summary>
    public long Bytes { get; private set; }

    public IReadOnlyList<Chunk> Chunks => _chunks;

    /// <summary>The port counts errors: nothing more is to be expected of these settings.</summary>
    public bool AreSettingsWrong { get; set; }

    /// <summary>Whether nothing came back but what was sent: the line ends in a loop.</summary>
    public bool IsEcho => _held > 0 && _asked.Count > 0 && IsOnlyEcho(Joined());

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

    /// <summary>The box said this in a driver's name; it may come back.</summary>
    public void Asked(IDriver by, ReadOnlyMemory<byte> question) => _asked.Add((by, question.ToArray()));

    /// <summary>The first driver that knows these bytes as its own.</summary>
    public IDriver? Recognised()
    {
        byte[] bytes = Joined();
        return drivers.FirstOrDefault(driver => WithoutEchoes(bytes, driver) is { Length: > 0 } heard && driver.Sniff(heard, transport) == Verdict.Yes);
    }

    /// <summary>The first driver that knows a message of its own in these bytes, though one is not enough to be sure.</summary>
    public IDriver? HalfRecognised() => drivers.FirstOrDefault(HoldsMessageOf);

    /// <summary>Whether these bytes, said twice, would be enough for the driver: there is one good message in them, then, and not only noise.</summary>
    public bool HoldsMessageOf(IDriver driver)
    {
        byte[] heard = WithoutEchoes(Joined(), driver);
        byte[] once = heard.Length > Size / 2 ? heard[^(Size / 2)..] : heard;
        return once.Length > 0 && driver.Sniff([.. once, .. once], transport) == Verdict.Yes;
    }

    /// <summary>
    /// Without as many copies of each question as were asked: a device may well begin with the same message as the box, but then says it
    /// once more than the box did, or goes on differently. Only what was asked in the driver's own name can deceive it, and another's question of one byte
    /// may well stand in the middle of its device's answer.
    /// </summary>
    private byte[] WithoutEchoes(byte[] heard, IDriver driver)
    {
        if (!_asked.Exists(asked => asked.By == driver))
        {
            return heard;
        }

        byte[] bytes = [.. heard];
        int length = bytes.Length;
        int from = 0;
        foreach ((_, byte[] question) in _asked.Where(asked => asked.By == driver))
        {
            int at = bytes.AsSpan(from, length - from).IndexOf(question);
            if (at >= 0)
            {
                at += from;
                bytes.AsSpan(at + question.Length, length - at - question.Length).CopyTo(bytes.AsSpan(at));
                length -= question.Length;
                from = at;
            }
        }

        return bytes[..length];
    }

    /// <summary>All that was sent, or the beginning of it.</summary>
    private bool IsOnlyEcho(byte[] heard) => _asked.SelectMany(asked => asked.Question).Take(heard.Length).SequenceEqual(heard);

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
