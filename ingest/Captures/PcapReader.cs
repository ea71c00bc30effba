using System.Buffers.Binary;

namespace Bedside.Ingest.Captures;

/// <summary>A packet as a recorder stored it.</summary>
/// <param name="TimeNanoseconds">Since 1970 in UTC; null when the file gives none.</param>
/// <param name="LinkType">tcpdump.org/linktypes.html.</param>
/// <param name="Bytes">From the link header on.</param>
/// <param name="Offset">Of its record in the file.</param>
internal readonly record struct CapturedPacket(long? TimeNanoseconds, int LinkType, ReadOnlyMemory<byte> Bytes, long Offset);

/// <summary>
/// Reads pcap files (draft-ietf-opsawg-pcap): a header of 24 bytes (magic, version 2 + 2, zone 4, accuracy 4, longest packet 4,
/// link type 4), then for each packet 16 bytes (seconds, fraction, stored length, real length) and its bytes.
/// </summary>
internal static class PcapReader
{
    /// <summary>No recorder stores more of a packet than this.</summary>
    public const int LargestPacket = 1 << 18;

    private const uint MagicMicroseconds = 0xA1B2C3D4;
    private const uint MagicNanoseconds = 0xA1B23C4D;
    private const int HeaderLength = 24;
    private const int LinkTypeAt = 20;
    private const int RecordLength = 16;
    private const long NanosecondsPerSecond = 1_000_000_000;

    private const string Truncated = "The file ends in the middle of a packet: it was probably cut.";
    private const string NoHeader = "The file ends in the middle of its header.";
    private const string Absurd = "A packet claims an impossible length; the rest of the file was left out.";

    public static bool IsMagic(ReadOnlySpan<byte> start) =>
        start.Length >= sizeof(uint)
        && (BinaryPrimitives.ReadUInt32LittleEndian(start) is MagicMicroseconds or MagicNanoseconds
            || BinaryPrimitives.ReadUInt32BigEndian(start) is MagicMicroseconds or MagicNanoseconds);

    /// <summary>The packets of <paramref name="file"/>, which is closed at the end.</summary>
    public static IEnumerable<CapturedPacket> Packets(Stream file, FaultTally faults)
    {
        using Stream owned = file;
        byte[] header = new byte[HeaderLength];
        if (file.ReadAtLeast(header, HeaderLength, throwOnEndOfStream: false) < HeaderLength)
        {
            faults.Add(NoHeader, 0);
            yield break;
        }

        bool little = BinaryPrimitives.ReadUInt32LittleEndian(header) is MagicMicroseconds or MagicNanoseconds;
        long unit = Word(header, 0, little) == MagicNanoseconds ? 1 : 1_000;
        int linkType = (int)(Word(header, LinkTypeAt, little) & 0xFFFF);
        byte[] record = new byte[RecordLength];
        long offset = HeaderLength;
        while (true)
        {
            int read = file.ReadAtLeast(record, RecordLength, throwOnEndOfStream: false);
            if (read < RecordLength)
            {
                AddIf(read > 0, faults, Truncated, offset);
                yield break;
            }

            uint stored = Word(record, 8, little);
            if (stored > LargestPacket)
            {
                faults.Add(Absurd, offset);
                yield break;
            }

            byte[] bytes = new byte[stored];
            if (file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
            {
                faults.Add(Truncated, offset);
                yield break;
            }

            long time = (Word(record, 0, little) * NanosecondsPerSecond) + (Word(record, 4, little) * unit);
            yield return new CapturedPacket(time, linkType, bytes, offset);
            offset += RecordLength + stored;
        }
    }

    private static uint Word(byte[] from, int at, bool little) =>
        little ? BinaryPrimitives.ReadUInt32LittleEndian(from.AsSpan(at)) : BinaryPrimitives.ReadUInt32BigEndian(from.AsSpan(at));

    private static void AddIf(bool wrong, FaultTally faults, string reason, long offset)
    {
        if (wrong)
        {
            faults.Add(reason, offset);
        }
    }
}
