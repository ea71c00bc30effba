using System.Runtime.InteropServices;
using Bedside.Model;
using Bedside.Storage.Files;
using Bedside.Storage.Index;
using Bedside.Storage.Keys;

namespace Bedside.Storage.Journal;

/// <summary>Lays out what goes to the next pages of a journal: windows, each beginning a page. Nothing here touches a disk.</summary>
internal sealed class WindowLayout(StoreOptions options, TimeProvider clock)
{
    /// <summary>Where blocks come faster than a bed sends them, a window may take so many pages before it is worth the time to compress it: each is read again for every signal in it.</summary>
    private const int HurriedPages = 4;

    private readonly PageBuffer _pages = new();
    private readonly List<BlockEntry> _entries = [];

    /// <summary>What was laid out last, in whole pages.</summary>
    public ReadOnlySpan<byte> Pages => _pages.Pages;

    /// <summary>The blocks in it, where they will stand.</summary>
    public ReadOnlySpan<BlockEntry> Entries => CollectionsMarshal.AsSpan(_entries);

    /// <summary>Bytes that a journal may have.</summary>
    public long Capacity => Math.Min(options.JournalBytes, Math.Max(options.SegmentBytes, StoreOptions.LeastJournalBytes));

    /// <summary>The larger half of a journal, in whole pages: descriptions keep out of it, and any window fits into it.</summary>
    public long Room => (Capacity - (Capacity / 2)) / PageBuffer.PageBytes * PageBuffer.PageBytes;

    /// <summary>Each journal repeats what signals there are, so that it can be understood without any other file.</summary>
    public void Descriptions(JournalFile file, IReadOnlyList<SignalBlock> descriptions)
    {
        _pages.Clear();
        var parts = new List<WindowPart>();
        foreach (SignalBlock description in descriptions)
        {
            byte[] bytes = BlockCodec.Encode(description);
            parts.Add(new WindowPart(BlockEntry.FromHead(bytes, Frame.CopyNumber, 0), bytes));
        }

        foreach (WindowPart[] some in WindowMaking.Copies(parts))
        {
            byte[] window = Window.Pack(Frame.CopyNumber, Frame.CopyNumber, 0, some);
            if (!TryAppend(file, Frame.CopyNumber, window, Capacity - Room, out _, out _))
            {
                break;
            }
        }
    }

    /// <summary>Windows of as many blocks as are of the file's stay and it has room for; says how many, 0 = it is full.</summary>
    public int Windows(JournalFile file, ReadOnlySpan<PendingBlock> blocks)
    {
        _pages.Clear();
        _entries.Clear();
        blocks = OfOneStay(blocks, file.Stay);
        bool isUnhurried = IsUnhurried(blocks);
        int taken = 0;
        while (taken < blocks.Length)
        {
            ReadOnlySpan<PendingBlock> some = blocks.Slice(taken, WindowMaking.Reach(blocks[taken..], (int)Math.Min(Window.PreferredBytes, Room - Window.MostOverhead - FileCipher.TagBytes)));
            (byte[] window, List<WindowPart> parts) = Pack(some, file.LastNumber, isUnhurried);
            if (!TryAppend(file, some[0].Number, window, Capacity, out long at, out int length))
            {
                break;
            }

            for (int place = 0; place < parts.Count; place++)
            {
                _entries.Add(parts[place].Entry with { At = at, Place = place, FrameBytes = length });
            }

            file.LastNumber = some[^1].Number;
            taken += some.Length;
        }

        return taken;
    }

    /// <summary>A window that fits into a page as it is would take one compressed as well; one that takes more is made shorter by the codecs of segments, unless blocks come faster than a bed sends them.</summary>
    private static (byte[] Window, List<WindowPart> Parts) Pack(ReadOnlySpan<PendingBlock> blocks, ulong follows, bool isUnhurried)
    {
        List<WindowPart> parts = WindowMaking.Join(blocks);
        int room = ((isUnhurried ? 1 : HurriedPages) * PageBuffer.PageBytes) - Frame.TotalBytes(FileCipher.TagBytes);
        byte[] window = Window.Pack(blocks[0].Number, blocks[^1].Number + 1, follows, parts, plainUpTo: room);
        if (Frame.TotalBytes(window.Length + FileCipher.TagBytes) <= PageBuffer.PageBytes || !isUnhurried)
        {
            return (window, parts);
        }

        List<WindowPart> denser = WindowMaking.Join(blocks, sealing: true);
        byte[] shorter = Window.Pack(blocks[0].Number, blocks[^1].Number + 1, follows, denser);
        return shorter.Length < window.Length ? (shorter, denser) : (window, parts);
    }

    /// <summary>The mark of an orderly end.</summary>
    public void End(JournalFile file)
    {
        _pages.Clear();
        _ = Frame.Write(_pages.Append(Frame.TotalBytes(0)), file.Identity, file.Position, file.LastNumber + 1, []);
    }

    /// <summary>Those from the first on that may go into a file of this stay.</summary>
    private static ReadOnlySpan<PendingBlock> OfOneStay(ReadOnlySpan<PendingBlock> blocks, StayId stay)
    {
        int count = 0;
        while (count < blocks.Length && blocks[count].Stay == stay)
        {
            count++;
        }

        return blocks[..count];
    }

    /// <summary>Puts a window into the buffer, encrypted where the file is; false = there is no room for it before <paramref name="end"/>.</summary>
    private bool TryAppend(JournalFile file, ulong number, byte[] window, long end, out long at, out int length)
    {
        at = file.Position + _pages.Length;
        length = Frame.TotalBytes(window.Length + (file.Cipher is null ? 0 : FileCipher.TagBytes));
        if (at + PageBuffer.RoundUp(length) > end)
        {
            return false;
        }

        // A place is laid out once: what the disk does not take goes into another file.
        byte[] content = file.Cipher?.Encrypt((ulong)at, number, window) ?? window;
        _ = Frame.Write(_pages.Append(length), file.Identity, at, number, content);
        return true;
    }

    /// <summary>Blocks come as a bed sends them: their sync is due by time, and they are few.</summary>
    private bool IsUnhurried(ReadOnlySpan<PendingBlock> blocks)
    {
        long bytes = 0;
        foreach (PendingBlock block in blocks)
        {
            bytes += block.Bytes.Length;
        }

        return !blocks.IsEmpty && bytes <= Window.PreferredBytes && clock.GetElapsedTime(blocks[0].StagedAt) >= options.SyncEvery / 2;
    }
}
