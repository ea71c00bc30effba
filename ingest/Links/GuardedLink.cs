using Bedside.Ingest.Drivers;

namespace Bedside.Ingest.Links;

/// <summary>
/// A line that lets out only what its driver declared, byte for byte. Whatever else is to be sent is refused, counted and
/// reported; the device never sees it.
/// </summary>
public sealed class GuardedLink(ILink line, IReadOnlyList<AllowedMessage> allowed, bool listenOnly, Action<DeviceEvent> report) : ILink
{
    private const int MostBytesShown = 16;

    private long _bytesRead;

    /// <summary>Messages that were not let out.</summary>
    public long Refused { get; private set; }

    /// <summary>Messages that were.</summary>
    public long Sent { get; private set; }

    public Chunk Read()
    {
        Chunk chunk = line.Read();
        _bytesRead += chunk.Bytes.Length;
        return chunk;
    }

    /// <summary>Sends, or refuses and reports; throws only when the line is lost.</summary>
    public void Send(ReadOnlySpan<byte> bytes)
    {
        if (!listenOnly && IsAllowed(bytes))
        {
            line.Send(bytes);
            Sent++;
            return;
        }

        Refused++;
        string why = listenOnly ? "this port only listens" : "it is not in the driver's list of messages";
        string shown = Convert.ToHexString(bytes[..Math.Min(bytes.Length, MostBytesShown)]);
        report(new DeviceEvent.Fault($"A message of {bytes.Length} bytes was not sent, because {why}: {shown}{(bytes.Length > MostBytesShown ? "…" : "")}", _bytesRead));
    }

    public void Dispose() => line.Dispose();

    private bool IsAllowed(ReadOnlySpan<byte> bytes)
    {
        foreach (AllowedMessage message in allowed)
        {
            if (message.Matches(bytes))
            {
                return true;
            }
        }

        return false;
    }
}
