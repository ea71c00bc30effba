using System.Text;
using Bedside.Model.Research;
using Bedside.Storage.Disk;

namespace Bedside.Storage.Studies;

/// <summary>What is wrong with the public log.</summary>
/// <param name="Line">The first bad line, from 1.</param>
public sealed record PublicLogFault(int Line, string What);

/// <summary>
/// The public log of studies, <c>public-log.jsonl</c>: in clear, readable by everybody, each line with the hash of the one before it. It is only ever made longer; what a crash left unfinished
/// at its end is taken off. FORMAT.md, section 2.
/// </summary>
internal sealed class PublicLog(IDisk disk)
{
    public const string Name = "public-log.jsonl";

    private const byte End = (byte)'\n';

    /// <summary>Bytes of a log that is read, at most.</summary>
    private const int MostBytes = 64 << 20;

    public byte[] ReadAll()
    {
        if (!disk.Names().Contains(Name))
        {
            return [];
        }

        using IDiskFile file = disk.Open(Name, DiskAccess.Read);
        byte[] bytes = new byte[(int)Math.Min(file.Length, MostBytes)];
        int read = file.Read(0, bytes);
        return read == bytes.Length ? bytes : bytes[..read];
    }

    /// <summary>On the disk when it returns. Throws the disk's errors; then any part of it may be there.</summary>
    public void Append(string line)
    {
        bool isNew = !disk.Names().Contains(Name);
        using (IDiskFile file = disk.Open(Name, isNew ? DiskAccess.Create : DiskAccess.Write))
        {
            file.Write(file.Length, [.. Encoding.UTF8.GetBytes(line), End]);
            file.Sync();
        }

        if (isNew)
        {
            disk.Sync();
        }
    }

    /// <summary>Bytes in the file now.</summary>
    public long Length()
    {
        if (!disk.Names().Contains(Name))
        {
            return 0;
        }

        using IDiskFile file = disk.Open(Name, DiskAccess.Read);
        return file.Length;
    }

    /// <summary>
    /// After a crash: whether the line that was being written is whole. What is unfinished of it is taken off, and the rest is written anew, because pages of a sync that failed may be in memory alone.
    /// </summary>
    public bool Settle(long at, string line)
    {
        byte[] bytes = ReadAll();
        byte[] written = [.. Encoding.UTF8.GetBytes(line), End];
        bool isWhole = at <= bytes.Length && bytes.AsSpan((int)at).SequenceEqual(written);
        if (isWhole || bytes.Length > at)
        {
            Replace(isWhole ? bytes : bytes[..(int)at]);
        }

        return isWhole;
    }

    /// <summary>The lines that can be read, the oldest first.</summary>
    public IReadOnlyList<PublicLine> Lines() => [.. Split(ReadAll()).Select(line => PublicLineCoding.Read(Encoding.UTF8.GetString(line))).OfType<PublicLine>()];

    /// <summary>The first line that is not what was written; null = all are.</summary>
    /// <param name="head">What the studies know of its last line; null = they are not there.</param>
    public PublicLogFault? Verify(LogHead? head)
    {
        string previous = LogHead.None.Hash;
        int number = 0;
        foreach (byte[] bytes in Split(ReadAll()))
        {
            number++;
            PublicLine? line = PublicLineCoding.Read(Encoding.UTF8.GetString(bytes));
            if (line is null)
            {
                return new PublicLogFault(number, "it is no line of the log");
            }

            if (line.Previous != previous)
            {
                return number == 1
                    ? new PublicLogFault(1, "lines before it are missing")
                    : new PublicLogFault(number - 1, "it was changed, or what came after it was taken out: the next line has the hash of another");
            }

            if (line.Number != number)
            {
                return new PublicLogFault(number, $"it has the number {line.Number}");
            }

            previous = PublicLineCoding.HashOf(bytes);
        }

        return head is null || head == new LogHead(number, previous)
            ? null
            : new PublicLogFault(Math.Max(1, Math.Min(number, head.Number)), head.Number > number ? $"lines were cut off after it: there were {head.Number}" : "it is not what was written, or lines were put after it");
    }

    /// <summary>Without their ends; an unfinished one at the end of the file is one too.</summary>
    private static List<byte[]> Split(byte[] bytes)
    {
        var lines = new List<byte[]>();
        for (int from = 0; from < bytes.Length;)
        {
            int to = Array.IndexOf(bytes, End, from);
            to = to < 0 ? bytes.Length : to;
            lines.Add(bytes[from..to]);
            from = to + 1;
        }

        return lines;
    }

    private void Replace(byte[] bytes)
    {
        string unfinished = FileNames.Unfinished(Name);
        using (IDiskFile file = disk.Open(unfinished, DiskAccess.Create))
        {
            file.Write(0, bytes);
            file.Sync();
        }

        disk.Rename(unfinished, Name);
        disk.Sync();
    }
}
