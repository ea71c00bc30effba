using System.Buffers.Binary;
using Bedside.Model;
using Bedside.Storage.Disk;
using Bedside.Storage.Files;
using Bedside.Storage.Keys;

namespace Bedside.Storage.Stays;

/// <summary>
/// Reads the book of stays. What is no frame before the last place that is known to have been durable is damage, and costs that frame; behind it, it is what a crash left of what was
/// never acknowledged, and so is everything after it. Beside a process that writes it, too.
/// </summary>
internal static class StayLogReading
{
    /// <summary>Bytes durable when the frame was written, and number of its event.</summary>
    public const int ClearBytes = 2 * sizeof(ulong);

    /// <summary>"STAY", as the frames' mark.</summary>
    public static readonly FileIdentity File = new(FileKind.Stays, 0x5941_5453);

    /// <summary>Null when there is no book. Throws the disk's errors.</summary>
    public static StayLogContent? Read(IDisk disk, BoxKey? key)
    {
        if (!disk.Names().Contains(FileNames.Stays))
        {
            return null;
        }

        using IDiskFile file = disk.Open(FileNames.Stays, DiskAccess.Read);
        var content = new StayLogContent { Head = FileHead.ReadEither(file, File), Tail = FileHead.BytesOf(FileKind.Stays) };
        if (content.Head is not { } head)
        {
            content.Damaged.Add(new Damage(FileNames.Stays, 0, SignalNumber.None, "the head is not what was written: what was said of stays cannot be read"));
            return content;
        }

        if (!FileHead.IsWhole(file, File))
        {
            content.Damaged.Add(new Damage(FileNames.Stays, 0, SignalNumber.None, "one copy of the head is not what was written; the other is used"));
        }

        FileCipher? cipher = head.Seal is { } seal ? key?.CipherOfBook(File, seal.Salt, witness: null) : null;
        try
        {
            ReadFrames(file, head, cipher, content);
        }
        finally
        {
            cipher?.LetGo();
        }

        return content;
    }

    public static void Associate(Span<byte> associated, ulong number, ReadOnlySpan<byte> clear)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(associated, number);
        clear.CopyTo(associated[sizeof(ulong)..]);
    }

    private static void ReadFrames(IDiskFile file, FileHead head, FileCipher? cipher, StayLogContent content)
    {
        var frames = new List<(long Offset, long End, ulong Number, byte[] Block)>();
        using var scanner = new FrameScanner(file, File, file.Length);
        while (scanner.MoveNext())
        {
            if (scanner.Number > (frames.Count > 0 ? frames[^1].Number : 0))
            {
                frames.Add((scanner.Offset, scanner.Tail, scanner.Number, scanner.Block.ToArray()));
            }
        }

        long durable = frames.Where(frame => frame.Block.Length >= ClearBytes).Select(frame => BinaryPrimitives.ReadInt64LittleEndian(frame.Block)).DefaultIfEmpty(0).Max();
        content.Damaged.AddRange(scanner.Damaged.Where(damage => damage.Offset < durable));
        content.Unfinished.AddRange(scanner.Damaged.Where(damage => damage.Offset >= durable).Take(1));
        long cut = content.Unfinished.Count > 0 ? content.Unfinished[0].Offset : long.MaxValue;
        foreach ((long offset, long end, ulong number, byte[] block) in frames.Where(frame => frame.Offset < cut))
        {
            content.Tail = end;
            content.LastNumber = number;
            if (block.Length > 0)
            {
                Take(block, (offset, number), head.Seal is not null, cipher, content);
            }
        }

        content.IsDirty = cut < long.MaxValue || scanner.TailIsDirty;
        if (cut == long.MaxValue && scanner.TailIsDirty)
        {
            content.Unfinished.Add(new Damage(FileNames.Stays, content.Tail, SignalNumber.None, "a record was begun and not finished"));
        }
    }

    private static void Take(ReadOnlySpan<byte> block, (long Offset, ulong Number) at, bool isEncrypted, FileCipher? cipher, StayLogContent content)
    {
        content.LastEvent = Math.Max(content.LastEvent, block.Length < ClearBytes ? 0 : BinaryPrimitives.ReadInt64LittleEndian(block[sizeof(ulong)..]));
        ReadOnlySpan<byte> rest = block[Math.Min(ClearBytes, block.Length)..];
        if (isEncrypted)
        {
            Span<byte> associated = stackalloc byte[sizeof(ulong) + ClearBytes];
            Associate(associated, at.Number, block[..ClearBytes]);
            byte[] plain = new byte[Math.Max(0, rest.Length - FileCipher.TagBytes)];
            if (cipher is null || rest.Length < FileCipher.TagBytes || !cipher.TryDecrypt(at.Number, associated, rest[..plain.Length], rest[plain.Length..], plain))
            {
                content.Locked++;
                return;
            }

            rest = plain;
        }

        try
        {
            StayCoding.Decode(rest, content);
        }
        catch (BlockFormatException error)
        {
            content.Damaged.Add(new Damage(FileNames.Stays, at.Offset, SignalNumber.None, error.Message));
        }
    }
}
