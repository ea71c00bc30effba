using Bedside.Ingest.Drivers;

namespace Bedside.Ingest.Captures;

/// <summary>The one door to every kind of recorded bytes: FORMAT.md says what is recognised and how.</summary>
public static class CaptureFile
{
    private const int EnoughToTell = 4;

    /// <summary>
    /// Opens a file and reads it once through. Throws <see cref="CaptureFormatException"/> for a file with nothing readable in it and
    /// <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/> for one that cannot be opened.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="device">Packet captures: address of the device, with or without <c>:port</c>; null = find it out.</param>
    public static Recording Open(string path, string? device = null)
    {
        if (Directory.Exists(path))
        {
            throw new CaptureFormatException(path, 0, "This is a folder.", "Name a file in it.");
        }

        byte[] start = new byte[EnoughToTell];
        int length;
        using (Stream file = OpenFile(path))
        {
            length = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        }

        if (length == 0)
        {
            throw new CaptureFormatException(path, 0, "The file is empty.", "Record again.");
        }

        return KindOf(path, start.AsSpan(0, length)) switch
        {
            CaptureKind.Text => OpenText(path),
            CaptureKind.Pcap => PacketCapture.Open(path, CaptureKind.Pcap, faults => PcapReader.Packets(OpenFile(path), faults), device),
            CaptureKind.Pcapng => PacketCapture.Open(path, CaptureKind.Pcapng, faults => PcapngReader.Packets(OpenFile(path), faults), device),
            CaptureKind.Hex => Single(path, CaptureKind.Hex, new CaptureHeader(), new HexLines(() => OpenFile(path))),
            _ => Single(path, CaptureKind.Raw, new CaptureHeader(), new RawBytes(() => OpenFile(path))),
        };
    }

    private static CaptureKind KindOf(string path, ReadOnlySpan<byte> start)
    {
        if (PcapReader.IsMagic(start))
        {
            return CaptureKind.Pcap;
        }

        if (start.SequenceEqual(PcapngReader.Magic))
        {
            return CaptureKind.Pcapng;
        }

        if (start is [0x1F, 0x8B, ..] or [0x28, 0xB5, 0x2F, 0xFD])
        {
            throw new CaptureFormatException(path, 0, "The file is compressed.", "Unpack it first, with gunzip or unzstd.");
        }

        if (string.Equals(Path.GetExtension(path), ".cap", StringComparison.OrdinalIgnoreCase)
            || (start[0] == (byte)'#' && SaysItIsACapture(path)))
        {
            return CaptureKind.Text;
        }

        using Stream file = OpenFile(path);
        return HexLines.Is(file) ? CaptureKind.Hex : CaptureKind.Raw;
    }

    private static bool SaysItIsACapture(string path)
    {
        CaptureHeader header = new CaptureReader(() => OpenFile(path)).ReadHeader();
        return header.Origin != CaptureOrigin.Unstated || header.Transport is not null;
    }

    private static Recording OpenText(string path)
    {
        var reader = new CaptureReader(() => OpenFile(path));
        CaptureHeader header = reader.ReadHeader();
        Recording recording = Single(path, CaptureKind.Text, header, reader);
        if (header == new CaptureHeader() && recording.Main.ChunkCount == 0 && recording.Faults.Count > 0)
        {
            throw new CaptureFormatException(path, 0, "This is not a capture: no line of it is a chunk.", "Rename it to .bin if it holds plain bytes.");
        }

        return recording;
    }

    private static Recording Single(string path, CaptureKind kind, CaptureHeader header, IChunkSource source)
    {
        var faults = new FaultTally();
        Transport? transport = header.Transport ?? (header.Line is null ? null : Transport.Serial);
        Conversation conversation = new Conversation(Path.GetFileName(path), transport, source).Surveyed(faults);
        return new Recording(path, kind, header, [conversation], faults.Faults);
    }

    private static FileStream OpenFile(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
}
