using Bedside.Ingest.Captures;
using Bedside.Ingest.Drivers;
using Bedside.Ingest.Links;

namespace Bedside.Host.Decoding;

/// <summary>Finds the driver for a recorded conversation and lets it decode.</summary>
internal static class Decoder
{
    private const int SniffBytes = 4096;

    /// <summary>
    /// The driver and transport that understand the conversation: by sniffing its first bytes, or else by decoding it with
    /// each and taking the one that makes the most of it (a file may hold a single message, too little to sniff). Null = none does.
    /// </summary>
    public static (IDriver Driver, Transport Transport)? Recognise(Conversation conversation, IReadOnlyList<IDriver> drivers)
    {
        Transport[] transports = conversation.Transport is { } known ? [known] : [Transport.Serial, Transport.Udp, Transport.Tcp];
        byte[] window = Window(conversation);
        foreach (IDriver driver in drivers)
        {
            foreach (Transport transport in transports)
            {
                if (driver.Sniff(window, transport) == Verdict.Yes)
                {
                    return (driver, transport);
                }
            }
        }

        (IDriver Driver, Transport Transport)? best = null;
        long most = 0;
        foreach (IDriver driver in drivers)
        {
            foreach (Transport transport in transports)
            {
                long score = Score(conversation, driver, transport);
                if (score > most)
                {
                    (best, most) = ((driver, transport), score);
                }
            }
        }

        return best;
    }

    /// <summary>Runs the conversation through a session of the driver; nothing is sent anywhere.</summary>
    public static void Run(Conversation conversation, IDriver driver, Transport transport, IDriverOutput output)
    {
        IDriverSession session = driver.Open(new Ingest.Drivers.SessionOptions(transport, ListenOnly: true));
        foreach (Chunk chunk in conversation.Chunks())
        {
            if (chunk.Direction == ChunkDirection.ToDevice)
            {
                output.Send(chunk.Bytes.Span);
            }

            session.OnChunk(AsOnTheWire(chunk, driver, conversation), output);
        }

        // Samples that were held back for the next ones are told; a session that listens sends no farewell.
        session.Stop(output);
    }

    /// <summary>Plain bytes of unknown origin may be frames whose escapes a tool took out.</summary>
    private static Chunk AsOnTheWire(Chunk chunk, IDriver driver, Conversation conversation) =>
        conversation.Transport is null && driver is IRestoresRecordings tool && tool.Restore(chunk.Bytes.Span) is { } wire
            ? chunk with { Bytes = wire }
            : chunk;

    private static byte[] Window(Conversation conversation)
    {
        var window = new List<byte>(SniffBytes);
        foreach (Chunk chunk in conversation.Recorded().Where(chunk => chunk.Direction == ChunkDirection.FromDevice))
        {
            window.AddRange(chunk.Bytes.Span);
            if (window.Count >= SniffBytes)
            {
                break;
            }
        }

        return [.. window.Take(SniffBytes)];
    }

    private static long Score(Conversation conversation, IDriver driver, Transport transport)
    {
        var tally = new Tally();
        Run(conversation, driver, transport, tally);
        return tally.Understood - (2 * tally.Faults);
    }

    private sealed class Tally : IDriverOutput
    {
        public long Understood { get; private set; }

        public long Faults { get; private set; }

        public void Send(ReadOnlySpan<byte> bytes)
        {
            // What was recorded going to the device says nothing about how well this driver fits.
        }

        public void Report(DeviceEvent said)
        {
            if (said is DeviceEvent.Fault)
            {
                Faults++;
            }
            else if (said is not (DeviceEvent.Link or DeviceEvent.Missing or DeviceEvent.ClockRestarted))
            {
                Understood++;
            }
        }
    }
}
