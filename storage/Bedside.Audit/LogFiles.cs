using Bedside.Model.Audit;
using Bedside.Storage.Disk;

namespace Bedside.Audit;

/// <summary>A file of entries as far as it counts: what lies behind was left when a write failed, and the next file says so.</summary>
/// <param name="Bytes">int.MaxValue = all of it.</param>
internal readonly record struct LogPart(long File, int Bytes);

/// <summary>The last entry that counts, and where it stands.</summary>
/// <param name="Bytes">Where it ends in its file.</param>
/// <param name="Left">Something that is no entry follows, in this file or in one behind it.</param>
internal sealed record LogEnd(long File, int Bytes, long Number, byte[] Hash, long Epoch, bool IsEpochEnd, bool Left)
{
    public static LogEnd None { get; } = new(0, 0, 0, LogLine.Beginning, 0, IsEpochEnd: false, Left: false);
}

/// <summary>Finds entries in the files of a journal. Throws the disk's errors.</summary>
internal static class LogFiles
{
    /// <summary>A file is read whole; larger ones are not ours.</summary>
    private const int MostBytes = 64 << 20;

    private const byte LineFeed = (byte)'\n';

    public static IReadOnlyList<long> Files(IDisk disk) => [.. disk.Names().Select(AuditNames.FileOf).OfType<long>().Order()];

    /// <summary>The files that count, in their order, and how far.</summary>
    public static IReadOnlyList<LogPart> Parts(IDisk disk)
    {
        var parts = new List<LogPart>();
        (long File, int Bytes)? cut = null;
        foreach (long file in Files(disk).Reverse())
        {
            if (cut is { } left && file > left.File)
            {
                continue;
            }

            parts.Add(new LogPart(file, cut is { } here && here.File == file ? here.Bytes : int.MaxValue));
            cut = First(disk, file) is { } first && first.Is(AuditAct.LogTorn) && first.Amount(AuditFactKind.File) is { } before && first.Amount(AuditFactKind.Bytes) is { } bytes and >= 0 and <= MostBytes && before < file
                ? (before, (int)bytes)
                : null;
        }

        parts.Reverse();
        return parts;
    }

    public static byte[] Read(IDisk disk, LogPart part)
    {
        using IDiskFile file = disk.Open(AuditNames.Log(part.File), DiskAccess.Read);
        byte[] bytes = new byte[(int)Math.Min(Math.Min(file.Length, part.Bytes), MostBytes)];
        return bytes[..file.Read(0, bytes)];
    }

    /// <summary>Where each whole line stands: without its line feed.</summary>
    public static List<Range> Lines(ReadOnlySpan<byte> bytes)
    {
        var lines = new List<Range>();
        int at = 0;
        while (bytes[at..].IndexOf(LineFeed) is var length and >= 0)
        {
            lines.Add(at..(at + length));
            at += length + 1;
        }

        return lines;
    }

    /// <summary>
    /// The last entry that follows from the one before it. A write that the power met leaves what does not, and that is all it can leave: everything before was on the disk. Null = there is no file.
    /// </summary>
    public static LogEnd? End(IDisk disk)
    {
        IReadOnlyList<LogPart> parts = Parts(disk);
        bool left = false;
        for (int i = parts.Count - 1; i >= 0; i--)
        {
            byte[] bytes = Read(disk, parts[i]);
            List<Range> lines = Lines(bytes);
            for (int line = lines.Count - 1; line >= 0; line--)
            {
                byte[]? before = line > 0 ? HashOf(bytes.AsSpan(lines[line - 1])) : i > 0 ? LastHash(disk, parts[i - 1]) : LogLine.Beginning;
                if (before is not null && Following(before, bytes.AsSpan(lines[line])) is var (entry, hash))
                {
                    int end = lines[line].End.Value + 1;
                    return new LogEnd(parts[i].File, end, entry.Number, hash, entry.Epoch, entry.Is(AuditAct.EpochEnd), left || end < bytes.Length);
                }
            }

            left = true;
        }

        return parts.Count == 0 ? null : LogEnd.None with { File = parts[0].File, Left = true };
    }

    private static (KeptEntry Entry, byte[] Hash)? Following(ReadOnlySpan<byte> before, ReadOnlySpan<byte> line)
    {
        byte[] hash = new byte[LogLine.HashBytes];
        return LogLine.TrySplit(line, out ReadOnlySpan<byte> json, hash, stackalloc byte[LogLine.SealBytes]) && LogLine.Hash(before, json).AsSpan().SequenceEqual(hash) && EntryJson.Decode(json) is { } entry
            ? (entry, hash)
            : null;
    }

    private static byte[]? HashOf(ReadOnlySpan<byte> line)
    {
        byte[] hash = new byte[LogLine.HashBytes];
        return LogLine.TrySplit(line, out _, hash, stackalloc byte[LogLine.SealBytes]) ? hash : null;
    }

    private static byte[]? LastHash(IDisk disk, LogPart part)
    {
        byte[] bytes = Read(disk, part);
        return Lines(bytes) is [.., var last] ? HashOf(bytes.AsSpan(last)) : null;
    }

    /// <summary>The first entry of a file, whether it is true or not.</summary>
    private static KeptEntry? First(IDisk disk, long file)
    {
        byte[] head = Read(disk, new LogPart(file, LogLine.MostBytes));
        return Lines(head) is [var first, ..] && LogLine.TrySplit(head.AsSpan(first), out ReadOnlySpan<byte> json, stackalloc byte[LogLine.HashBytes], stackalloc byte[LogLine.SealBytes]) ? EntryJson.Decode(json) : null;
    }
}
