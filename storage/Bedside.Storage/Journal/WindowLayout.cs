using System.Runtime.InteropServices;
using Bedside.Model;
using Bedside.Storage.Files;
using Bedside.Storage.Index;

namespace Bedside.Storage.Journal;

/// <summary>Lays out what goes to the next pages of a journal: windows, each beginning a page. Nothing here touches a disk.</summary>
internal sealed class WindowLayout(StoreOptions options, TimeProvider clock)
{
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
            int length = Frame.TotalBytes(window.Length);
            if (file.Position + _pages.Length + PageBuffer.RoundUp(length) > Capacity - Room)
            {
                break;
            }

            long at = file.Position + _pages.Length;
            _ = Frame.Write(_pages.Append(length), file.Identity, at, Frame.CopyNumber, window);
        }
    }

    /// <summary>Windows of as many blocks as the file has room for; says how many, 0 = it is full.</summary>
    public int Windows(JournalFile file, ReadOnlySpan<PendingBlock> blocks)
    {
        _pages.Clear();
        _entries.Clear();
        bool isUnhurried = IsUnhurried(blocks);
        int taken = 0;
        while (taken < blocks.Length)
        {
            ReadOnlySpan<PendingBlock> some = blocks.Slice(taken, WindowMaking.Reach(blocks[taken..], (int)Math.Min(Window.PreferredBytes, Room - Window.MostOverhead)));
            (byte[] window, List<WindowPart> parts) = Pack(some, file.LastNumber, isUnhurried);
            long at = file.Position + _pages.Length;
            int length = Frame.TotalBytes(window.Length);
            if (at + PageBuffer.RoundUp(length) > Capacity)
            {
                break;
            }

            _ = Frame.Write(_pages.Append(length), file.Identity, at, some[0].Number, window);
            for (int place = 0; place < parts.Count; place++)
            {
                _entries.Add(parts[place].Entry with { At = at, Place = place, FrameBytes = length });
            }

            file.LastNumber = some[^1].Number;
            taken += some.Length;
        }

        return taken;
    }

    /// <summary>A window that takes more than a page is made shorter by the codecs of segments, unless blocks come faster than a bed sends them.</summary>
    private static (byte[] Window, List<WindowPart> Parts) Pack(ReadOnlySpan<PendingBlock> blocks, ulong follows, bool isUnhurried)
    {
        List<WindowPart> parts = WindowMaking.Join(blocks);
        byte[] window = Window.Pack(blocks[0].Number, blocks[^1].Number + 1, follows, parts);
        if (Frame.TotalBytes(window.Length) <= PageBuffer.PageBytes || !isUnhurried)
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

    /// <summary>Blocks come as a bed sends them: their sync is due by time, and they are few.</summary>
    private bool IsUnhurried(ReadOnlySpan<PendingBlock> blocks)
    {
        long bytes = 0;
        foreach (PendingBlock block in blocks)
        {
            bytes += block.Bytes.Length;
        }

        return bytes <= Window.PreferredBytes && clock.GetElapsedTime(blocks[0].StagedAt) >= options.SyncEvery / 2;
    }
}
