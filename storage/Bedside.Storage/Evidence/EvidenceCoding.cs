using System.Text;
using Bedside.Model;
using Bedside.Storage.Index;

namespace Bedside.Storage.Evidence;

/// <summary>
/// The entries of a window, each by its difference from the one before; a window can be read alone. Numbers are LEB128 of 64
/// bits, signed ones zigzag-mapped. FORMAT.md, section 12.2.
/// </summary>
internal static class EvidenceCoding
{
    /// <summary>The largest datagram there is, and far more than one read of a stream gives.</summary>
    public const int MostChunkBytes = 65_536;

    /// <summary>How far a time in UTC may be moved so that it need not stand with each chunk; the uncertainty grows by as much.</summary>
    public const long ClockToleranceNanoseconds = 50_000;

    private const byte Port = 0;
    private const byte Clock = 16;
    private const int LongestNumber = 10;
    private const int NumbersOfEntry = 9;
    private const int TextsOfPort = 5;
    private const int MostPorts = 4096;
    private const uint ToleranceMicroseconds = (uint)(ClockToleranceNanoseconds / 1000);

    public static byte[] Encode(ReadOnlySpan<EvidenceEntry> entries)
    {
        byte[] bytes = new byte[MostBytes(entries)];
        var writer = new NumberWriter(bytes);
        var ports = new Dictionary<EvidencePort, int>();
        long? offset = null;
        uint uncertainty = 0;
        long last = 0;
        foreach (EvidenceEntry entry in entries)
        {
            if (!ports.TryGetValue(entry.Port, out int port))
            {
                port = ports[entry.Port] = ports.Count;
                writer.Byte(Port);
                WriteTexts(ref writer, entry.Port);
            }

            long found = unchecked(entry.Utc.UnixNanoseconds - entry.At.Nanoseconds);
            if (offset is not { } known || Int128.Abs((Int128)found - known) > ClockToleranceNanoseconds || !Bounds(uncertainty, entry.UncertaintyMicroseconds))
            {
                offset = found;
                uncertainty = Generous(entry.UncertaintyMicroseconds);
                writer.Byte(Clock);
                writer.Signed(found);
                writer.Unsigned(uncertainty);
            }

            writer.Byte((byte)entry.Kind);
            writer.Unsigned((uint)port);
            writer.Signed(unchecked(entry.At.Nanoseconds - last));
            last = entry.At.Nanoseconds;
            WriteBody(ref writer, entry);
        }

        return bytes[..writer.Length];
    }

    /// <summary>Throws <see cref="BlockFormatException"/>, and nothing else, when the bytes are not so many entries.</summary>
    public static EvidenceEntry[] Decode(ReadOnlyMemory<byte> bytes, uint count)
    {
        if (count > bytes.Length)
        {
            throw new BlockFormatException($"{bytes.Length} bytes are not {count} entries");
        }

        var entries = new EvidenceEntry[count];
        var reader = new NumberReader(bytes.Span);
        var ports = new List<EvidencePort>();
        (long Offset, uint Uncertainty) clock = default;
        long last = 0;
        for (int i = 0; i < entries.Length;)
        {
            byte kind = reader.Byte();
            switch (kind)
            {
                case Port when ports.Count < MostPorts:
                    ports.Add(ReadTexts(ref reader));
                    break;
                case Clock:
                    clock = (reader.Signed(), (uint)Math.Min(reader.Unsigned(), uint.MaxValue));
                    break;
                case >= (byte)EvidenceKind.FromDevice and <= (byte)EvidenceKind.Hole:
                    int port = (int)Math.Min(reader.Unsigned(), int.MaxValue);
                    last = unchecked(last + reader.Signed());
                    var head = new EvidenceEntry((EvidenceKind)kind, port < ports.Count ? ports[port] : throw new BlockFormatException($"entry {i} is of a port that is not described"), new MonotonicInstant(last), new UtcInstant(unchecked(last + clock.Offset)))
                    {
                        UncertaintyMicroseconds = clock.Uncertainty,
                    };
                    entries[i++] = ReadBody(ref reader, head, bytes);
                    break;
                default:
                    throw new BlockFormatException($"a record of kind {kind} is not known");
            }
        }

        return reader.IsAtEnd ? entries : throw new BlockFormatException("there are bytes behind the entries of a window");
    }

    private static void WriteBody(ref NumberWriter writer, EvidenceEntry entry)
    {
        switch (entry.Kind)
        {
            case EvidenceKind.FromDevice or EvidenceKind.ToDevice:
                writer.Unsigned((uint)entry.Bytes.Length);
                writer.Bytes(entry.Bytes.Span);
                break;
            case EvidenceKind.Hole:
                writer.Byte((byte)entry.Loss);
                writer.Signed(unchecked(entry.Utc.UnixNanoseconds - entry.From.UnixNanoseconds));
                writer.Unsigned((ulong)entry.LostChunks);
                writer.Unsigned((ulong)entry.LostBytes);
                break;
        }
    }

    private static EvidenceEntry ReadBody(ref NumberReader reader, EvidenceEntry head, ReadOnlyMemory<byte> bytes)
    {
        switch (head.Kind)
        {
            case EvidenceKind.FromDevice or EvidenceKind.ToDevice:
                ulong length = reader.Unsigned();
                int at = bytes.Length - reader.Rest.Length;
                return length <= MostChunkBytes && reader.Bytes((int)length).Length == (int)length
                    ? head with { Bytes = bytes.Slice(at, (int)length) }
                    : throw new BlockFormatException($"a chunk of {length} bytes goes beyond its window");
            case EvidenceKind.Hole:
                var loss = (EvidenceLoss)reader.Byte();
                return head with
                {
                    Loss = loss,
                    From = new UtcInstant(unchecked(head.Utc.UnixNanoseconds - reader.Signed())),
                    LostChunks = (long)(reader.Unsigned() & long.MaxValue),
                    LostBytes = (long)(reader.Unsigned() & long.MaxValue),
                };
            default:
                return head;
        }
    }

    private static void WriteTexts(ref NumberWriter writer, EvidencePort port)
    {
        foreach (string text in TextsOf(port))
        {
            byte[] utf8 = Encoding.UTF8.GetBytes(text);
            writer.Unsigned((uint)utf8.Length);
            writer.Bytes(utf8);
        }
    }

    private static EvidencePort ReadTexts(ref NumberReader reader)
    {
        string[] texts = new string[TextsOfPort];
        for (int i = 0; i < texts.Length; i++)
        {
            ulong length = reader.Unsigned();
            ReadOnlySpan<byte> utf8 = length <= MostChunkBytes ? reader.Bytes((int)length) : [];
            texts[i] = (ulong)utf8.Length == length ? Encoding.UTF8.GetString(utf8) : throw new BlockFormatException("the description of a port goes beyond its window");
        }

        return new EvidencePort(texts[0], texts[1], texts[2], texts[3], texts[4]);
    }

    private static string[] TextsOf(EvidencePort port) => [port.Name, port.Transport, port.Line, port.Driver, port.Device];

    /// <summary>Whether what was said of the clock still holds, and is not far too much.</summary>
    private static bool Bounds(uint said, uint now) =>
        now == uint.MaxValue ? said == now : said != uint.MaxValue && said >= now + (ulong)ToleranceMicroseconds && said <= ((ulong)now * 2) + (4 * ToleranceMicroseconds);

    /// <summary>A quarter more than now, so that it need not be said again at once.</summary>
    private static uint Generous(uint now) =>
        now == uint.MaxValue ? now : (uint)Math.Min(now + ((ulong)now / 4) + ToleranceMicroseconds, uint.MaxValue - 1);

    private static int MostBytes(ReadOnlySpan<EvidenceEntry> entries)
    {
        int most = 0;
        var ports = new HashSet<EvidencePort>();
        foreach (EvidenceEntry entry in entries)
        {
            most += (NumbersOfEntry * LongestNumber) + entry.Bytes.Length;
            most += ports.Add(entry.Port) ? TextsOf(entry.Port).Sum(text => LongestNumber + Encoding.UTF8.GetByteCount(text)) : 0;
        }

        return most;
    }
}
