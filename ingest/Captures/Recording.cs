using Bedside.Ingest.Drivers;
using Bedside.Ingest.Links;
using Bedside.Model;

namespace Bedside.Ingest.Captures;

/// <summary>What kind of file a recording came from.</summary>
public enum CaptureKind
{
    /// <summary><c>.cap</c>, FORMAT.md.</summary>
    Text,
    Pcap,
    Pcapng,

    /// <summary>Hex digits, a line a chunk.</summary>
    Hex,

    /// <summary>The bytes themselves.</summary>
    Raw,
}

/// <summary>Chunks of one conversation as a file stores them; reads the file anew each time.</summary>
internal interface IChunkSource
{
    IEnumerable<Chunk> Stored(FaultTally faults);
}

/// <summary>A file of recorded bytes, ready to be read as often as wanted in bounded memory.</summary>
/// <param name="File">The path it was opened by.</param>
/// <param name="Kind">What kind of file it is.</param>
/// <param name="Header">What it says of itself; of a packet capture, only when it begins.</param>
/// <param name="Conversations">At least one; in the order in which they began.</param>
/// <param name="Faults">What was left out or mended, found by reading all of it once.</param>
public sealed record Recording(
    string File,
    CaptureKind Kind,
    CaptureHeader Header,
    IReadOnlyList<Conversation> Conversations,
    IReadOnlyList<CaptureFault> Faults)
{
    /// <summary>The conversation in which a device said the most.</summary>
    public Conversation Main => Conversations.MaxBy(conversation => conversation.BytesFromDevice) ?? Conversations[0];

    /// <summary>What carried the bytes of <see cref="Main"/>; null when the file does not say.</summary>
    public Transport? Transport => Main.Transport;

    /// <summary>The chunks of <see cref="Main"/>, with its silences as empty chunks.</summary>
    public IEnumerable<Chunk> Chunks() => Main.Chunks();
}

/// <summary>One line between one device and whoever talks to it.</summary>
public sealed class Conversation
{
    /// <summary>A link gives an empty chunk each time this passes without a byte.</summary>
    private const long TickNanoseconds = 100_000_000;

    private const int MostTicksInARow = 6_000;

    private readonly IChunkSource _source;

    internal Conversation(string name, Transport? transport, IChunkSource source)
    {
        Name = name;
        Transport = transport;
        _source = source;
    }

    /// <summary>Who talks to whom; the name of the file where there is but one.</summary>
    public string Name { get; }

    /// <summary>Null when the file does not say.</summary>
    public Transport? Transport { get; }

    /// <summary>Address and port of the device; empty when the file has none.</summary>
    public string Device { get; internal init; } = "";

    public long ChunkCount => Tally.Chunks;

    public long BytesFromDevice => Tally.FromDevice;

    public long BytesToDevice => Tally.ToDevice;

    /// <summary>When the last chunk arrived.</summary>
    public MonotonicInstant End => Tally.End;

    internal ConversationTally Tally { get; init; } = new();

    /// <summary>Every chunk as recorded, without the silences.</summary>
    public IEnumerable<Chunk> Recorded() => _source.Stored(new FaultTally()).Where(chunk => !chunk.Bytes.IsEmpty);

    /// <summary>Every chunk, and an empty one for each 100 ms of silence (the first ten minutes of it): what the link gave.</summary>
    public IEnumerable<Chunk> Chunks()
    {
        long before = 0;
        foreach (Chunk chunk in _source.Stored(new FaultTally()))
        {
            long now = chunk.ArrivedAt.Nanoseconds;
            long last = chunk.Bytes.IsEmpty ? now : now - 1;
            for (int i = 0; i < MostTicksInARow && last - before >= TickNanoseconds; i++)
            {
                before += TickNanoseconds;
                yield return new Chunk(new MonotonicInstant(before), default);
            }

            before = now;
            if (!chunk.Bytes.IsEmpty)
            {
                yield return chunk;
            }
        }
    }

    /// <summary>Reads it all once to know how much there is and what is wrong with it.</summary>
    internal Conversation Surveyed(FaultTally faults)
    {
        foreach (Chunk chunk in _source.Stored(faults))
        {
            Tally.Count(chunk);
        }

        return this;
    }
}

/// <summary>How much a conversation holds.</summary>
internal sealed class ConversationTally
{
    public long Chunks { get; private set; }

    public long FromDevice { get; private set; }

    public long ToDevice { get; private set; }

    public MonotonicInstant End { get; private set; }

    public void Count(Chunk chunk)
    {
        End = chunk.ArrivedAt;
        if (chunk.Bytes.IsEmpty)
        {
            return;
        }

        Chunks++;
        if (chunk.Direction == ChunkDirection.FromDevice)
        {
            FromDevice += chunk.Bytes.Length;
        }
        else
        {
            ToDevice += chunk.Bytes.Length;
        }
    }

    public ConversationTally Swapped() => new() { Chunks = Chunks, FromDevice = ToDevice, ToDevice = FromDevice, End = End };
}
