using System.Text;
using Bedside.Model;
using Bedside.Storage.Index;

namespace Bedside.Storage.Evidence;

/// <summary>
/// The entries of a window in columns: what happened, when, how long, and the bytes of each port and direction by themselves. Each
/// window can be read alone. Numbers are LEB128 of 64 bits, signed ones zigzag-mapped. FORMAT.md, section 12.2.
/// </summary>
internal static class EvidenceCoding
{
    /// <summary>The largest datagram there is, and far more than one read of a stream gives.</summary>
    public const int MostChunkBytes = 65_536;

    /// <summary>Arrivals are kept to this: a byte at 115200 Bd takes longer, and what is finer than that is most of what a window takes.</summary>
    public const long TickNanoseconds = 50_000;

    /// <summary>How far a time in UTC may be moved so that it need not stand with each chunk; the uncertainty grows by as much.</summary>
    public const long ClockToleranceNanoseconds = 50_000;

    /// <summary>What happened, when, how long.</summary>
    public const int FixedColumns = 3;

    public const int MostPorts = 256;

    /// <summary>What an entry takes in its columns beside its bytes, generously; the description of a port apart.</summary>
    public const int EntryBytes = 24;

    private const ulong Port = 0;
    private const ulong Clock = 6;
    private const int KindBits = 3;
    private const ulong KindMask = (1 << KindBits) - 1;
    private const int TextsOfPort = 5;
    private const int MostTextBytes = 256;
    private const uint ToleranceMicroseconds = (uint)((ClockToleranceNanoseconds + TickNanoseconds) / 1000);

    public static IReadOnlyList<ReadOnlyMemory<byte>> Encode(ReadOnlySpan<EvidenceEntry> entries)
    {
        (EvidenceColumn what, EvidenceColumn when, EvidenceColumn length) = (new(), new(), new());
        var ports = new Dictionary<EvidencePort, (int Number, EvidenceColumn From, EvidenceColumn To)>();
        var last = new List<long>();
        long? offset = null;
        uint uncertainty = 0;
        foreach (EvidenceEntry entry in entries)
        {
            if (!ports.TryGetValue(entry.Port, out (int Number, EvidenceColumn From, EvidenceColumn To) port))
            {
                port = ports[entry.Port] = (ports.Count, new(), new());
                last.Add(0);
                what.Unsigned(Port);
                WriteTexts(what, entry.Port);
            }

            long found = unchecked(entry.Utc.UnixNanoseconds - entry.At.Nanoseconds);
            if (offset is not { } known || Int128.Abs((Int128)found - known) > ClockToleranceNanoseconds || !Bounds(uncertainty, entry.UncertaintyMicroseconds))
            {
                (offset, uncertainty) = (found, Generous(entry.UncertaintyMicroseconds));
                what.Unsigned(Clock);
                what.Signed(found);
                what.Unsigned(uncertainty);
            }

            what.Unsigned((ulong)entry.Kind | ((ulong)port.Number << KindBits));
            long tick = TickOf(entry.At);
            when.Signed(unchecked(tick - last[port.Number]));
            last[port.Number] = tick;
            if (entry.Kind == EvidenceKind.Hole)
            {
                WriteHole(what, entry);
            }
            else if (entry.Kind is EvidenceKind.FromDevice or EvidenceKind.ToDevice)
            {
                length.Unsigned((uint)entry.Bytes.Length);
                (entry.Kind == EvidenceKind.FromDevice ? port.From : port.To).Bytes(entry.Bytes.Span);
            }
        }

        return [what.Written, when.Written, length.Written, .. ports.Values.OrderBy(port => port.Number).SelectMany(port => new[] { port.From.Written, port.To.Written })];
    }

    /// <summary>Throws <see cref="BlockFormatException"/>, and nothing else, when the columns are not so many entries.</summary>
    public static EvidenceEntry[] Decode(IReadOnlyList<byte[]> columns, uint count)
    {
        if (columns.Count < FixedColumns || count > columns[0].Length)
        {
            throw new BlockFormatException($"{columns.Count} columns are not {count} entries");
        }

        var entries = new EvidenceEntry[count];
        var what = new NumberReader(columns[0]);
        var when = new NumberReader(columns[1]);
        var length = new NumberReader(columns[2]);
        var ports = new List<(EvidencePort Port, long Last, int From, int To)>();
        (long Offset, uint Uncertainty) clock = default;
        for (int i = 0; i < entries.Length;)
        {
            ulong code = what.Unsigned();
            if (code == Port && ports.Count < MostPorts)
            {
                ports.Add((ReadTexts(ref what), 0, 0, 0));
                continue;
            }

            if (code == Clock)
            {
                clock = (what.Signed(), (uint)Math.Min(what.Unsigned(), uint.MaxValue));
                continue;
            }

            (EvidenceKind kind, ulong number) = ((EvidenceKind)(code & KindMask), code >> KindBits);
            if (kind is < EvidenceKind.FromDevice or > EvidenceKind.Hole || number >= (ulong)ports.Count)
            {
                throw new BlockFormatException($"entry {i} is of a kind, or of a port, that is not known");
            }

            (EvidencePort Port, long Last, int From, int To) port = ports[(int)number];
            port.Last = unchecked(port.Last + when.Signed());
            long at = unchecked(port.Last * TickNanoseconds);
            var entry = new EvidenceEntry(kind, port.Port, new MonotonicInstant(at), new UtcInstant(unchecked(at + clock.Offset))) { UncertaintyMicroseconds = clock.Uncertainty };
            if (kind is EvidenceKind.FromDevice or EvidenceKind.ToDevice)
            {
                int column = FixedColumns + (2 * (int)number) + (kind == EvidenceKind.FromDevice ? 0 : 1);
                int begin = kind == EvidenceKind.FromDevice ? port.From : port.To;
                entry = entry with { Bytes = Slice(columns, column, begin, length.Unsigned()) };
                port = kind == EvidenceKind.FromDevice ? port with { From = begin + entry.Bytes.Length } : port with { To = begin + entry.Bytes.Length };
            }

            ports[(int)number] = port;
            entries[i++] = kind == EvidenceKind.Hole ? ReadHole(ref what, entry) : entry;
        }

        return what.IsAtEnd && when.IsAtEnd && length.IsAtEnd ? entries : throw new BlockFormatException("there are not as many numbers as entries in a window");
    }

    private static ReadOnlyMemory<byte> Slice(IReadOnlyList<byte[]> columns, int column, int begin, ulong length) =>
        column < columns.Count && length <= MostChunkBytes && begin + (int)length <= columns[column].Length
            ? columns[column].AsMemory(begin, (int)length)
            : throw new BlockFormatException($"a chunk of {length} bytes goes beyond its column");

    private static long TickOf(MonotonicInstant at)
    {
        long tick = Math.DivRem(at.Nanoseconds, TickNanoseconds, out long rest);
        return rest >= TickNanoseconds / 2 ? tick + 1 : tick;
    }

    private static void WriteHole(EvidenceColumn what, EvidenceEntry entry)
    {
        what.Unsigned((ulong)entry.Loss);
        what.Signed(unchecked(entry.Utc.UnixNanoseconds - entry.From.UnixNanoseconds));
        what.Unsigned((ulong)entry.LostChunks);
        what.Unsigned((ulong)entry.LostBytes);
    }

    private static EvidenceEntry ReadHole(ref NumberReader what, EvidenceEntry entry) => entry with
    {
        Loss = (EvidenceLoss)Math.Min(what.Unsigned(), byte.MaxValue),
        From = new UtcInstant(unchecked(entry.Utc.UnixNanoseconds - what.Signed())),
        LostChunks = (long)(what.Unsigned() & long.MaxValue),
        LostBytes = (long)(what.Unsigned() & long.MaxValue),
    };

    private static void WriteTexts(EvidenceColumn what, EvidencePort port)
    {
        foreach (string text in (string[])[port.Name, port.Transport, port.Line, port.Driver, port.Device])
        {
            byte[] utf8 = Encoding.UTF8.GetBytes(text);
            what.Unsigned((uint)Math.Min(utf8.Length, MostTextBytes));
            what.Bytes(utf8.AsSpan(0, Math.Min(utf8.Length, MostTextBytes)));
        }
    }

    private static EvidencePort ReadTexts(ref NumberReader what)
    {
        string[] texts = new string[TextsOfPort];
        for (int i = 0; i < texts.Length; i++)
        {
            ulong length = what.Unsigned();
            ReadOnlySpan<byte> utf8 = length <= MostTextBytes ? what.Bytes((int)length) : [];
            texts[i] = (ulong)utf8.Length == length ? Encoding.UTF8.GetString(utf8) : throw new BlockFormatException("the description of a port goes beyond its window");
        }

        return new EvidencePort(texts[0], texts[1], texts[2], texts[3], texts[4]);
    }

    /// <summary>Whether what was said of the clock still holds, and is not far too much.</summary>
    private static bool Bounds(uint said, uint now) =>
        now == uint.MaxValue ? said == now : said != uint.MaxValue && said >= now + (ulong)ToleranceMicroseconds && said <= ((ulong)now * 2) + (4 * ToleranceMicroseconds);

    /// <summary>A quarter more than now, so that it need not be said again at once.</summary>
    private static uint Generous(uint now) =>
        now == uint.MaxValue ? now : (uint)Math.Min(now + ((ulong)now / 4) + ToleranceMicroseconds, uint.MaxValue - 1);
}
