using Bedside.Ingest.Drivers;
using Bedside.Ingest.Links;

namespace Bedside.Tests.Ingest.AllowList;

/// <summary>What a device says, spoiled: turned bits, lost and doubled bytes, pieces cut off, noise, and pieces of what other devices say. What the box says reaches the device whole.</summary>
internal sealed class FuzzLine(ILink device, Random random, IReadOnlyList<byte[]> others, Action<byte[]> sent) : ISerialLine
{
    private int _left;
    private int _kind;

    public LineErrors? Errors => (device as ISerialLine)?.Errors;

    public void Tune(LineSettings line) => (device as ISerialLine)?.Tune(line);

    public Chunk Read()
    {
        Chunk chunk = device.Read();
        if (_left-- <= 0)
        {
            _left = random.Next(1, 60);
            _kind = random.Next(10);
        }

        return chunk with { Bytes = Spoil(chunk.Bytes.ToArray()) };
    }

    public void Send(ReadOnlySpan<byte> bytes)
    {
        sent(bytes.ToArray());
        device.Send(bytes);
    }

    public void Dispose() => device.Dispose();

    private byte[] Spoil(byte[] said) => _kind switch
    {
        0 => [.. said.Select(one => random.Next(20) == 0 ? (byte)(one ^ (1 << random.Next(8))) : one)],
        1 => [.. said.Where(_ => random.Next(20) != 0)],
        2 => [.. said.SelectMany(one => random.Next(20) == 0 ? new[] { one, one } : [one])],
        3 => said[..random.Next(said.Length + 1)],
        4 => [.. said, .. Noise(random.Next(40))],
        5 => [.. Piece(others[random.Next(others.Count)]), .. said],
        6 => Noise(said.Length),
        _ => said,
    };

    private byte[] Noise(int length)
    {
        byte[] bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    private byte[] Piece(byte[] words)
    {
        int from = random.Next(words.Length);
        return words[from..Math.Min(words.Length, from + random.Next(400))];
    }
}

/// <summary>The device's side of a recorded conversation, over and over, whatever the box says.</summary>
internal sealed class RecordedDevice(ManualTime time, IReadOnlyList<byte[]> words, Random random) : ISerialLine
{
    private int _next;

    public LineErrors? Errors => null;

    public void Tune(LineSettings line)
    {
    }

    public Chunk Read()
    {
        bool speaks = random.Next(3) != 0;
        time.Advance(TimeSpan.FromMilliseconds(speaks ? 10 : 100));
        return new Chunk(time.MonotonicNow(), speaks ? words[_next++ % words.Count] : default);
    }

    public void Send(ReadOnlySpan<byte> bytes)
    {
    }

    public void Dispose()
    {
    }
}
