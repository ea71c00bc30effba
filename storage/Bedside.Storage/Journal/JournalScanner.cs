using Bedside.Model;
using Bedside.Storage.Disk;
using Bedside.Storage.Files;
using Bedside.Storage.Keys;

namespace Bedside.Storage.Journal;

/// <summary>A window where it stands in its journal.</summary>
internal sealed record FoundWindow(Window Window, long Offset, int FrameBytes);

/// <summary>
/// Goes through the windows of a journal from front to back. A window before a good one that a single flipped bit keeps from
/// being read is put right by its checksum (in memory only); the last of a file is not, because a torn write may look like that.
/// </summary>
internal sealed class JournalScanner(IDiskFile file, FileIdentity identity) : IDisposable
{
    private readonly FrameScanner _frames = new(file, identity, file.Length);
    private readonly Queue<FoundWindow> _found = [];
    private readonly List<Damage> _damaged = [];
    private readonly List<Damage> _mended = [];
    private int _seen;

    /// <summary>Number of the last block so far; 0 = none yet, null = not known.</summary>
    private ulong? _last = 0;

    /// <summary>Places that cost something.</summary>
    public IReadOnlyList<Damage> Damaged => _damaged;

    /// <summary>Places that are not what was written, and cost nothing.</summary>
    public IReadOnlyList<Damage> Mended => _mended;

    public bool HasReadErrors => _frames.HasReadErrors;

    /// <summary>Where the last good frame ends.</summary>
    public long Tail => _frames.Tail;

    /// <summary>A window was begun behind the last good one.</summary>
    public bool TailIsDirty => _frames.TailIsDirty;

    /// <summary>The next window, copies of descriptions too; null at the end.</summary>
    public FoundWindow? Next()
    {
        while (_found.Count == 0)
        {
            if (!_frames.MoveNext())
            {
                // Pages that cannot be read, with nothing behind them.
                _damaged.AddRange(_frames.Damaged.Skip(_seen));
                _seen = _frames.Damaged.Count;
                return null;
            }

            Arrive();
        }

        return _found.Dequeue();
    }

    public void Dispose() => _frames.Dispose();

    /// <summary>Takes the frame the scanner stands at, and before it what can be put right of the damage it passed.</summary>
    private void Arrive()
    {
        long offset = _frames.Offset;
        Damage[] passed = [.. _frames.Damaged.Skip(_seen)];
        _seen = _frames.Damaged.Count;
        ulong? before = _last;
        foreach (Damage damage in passed)
        {
            Mend(damage.Offset, offset);
        }

        bool follows = _found.All(mended => Follow(mended.Window));
        try
        {
            follows &= TakeFrame();
        }
        catch (BlockFormatException error)
        {
            _damaged.Add(new Damage(identity.Name, offset, SignalNumber.None, error.Message));
            _last = null;
        }

        (follows ? _mended : _damaged).AddRange(passed);
        if (!follows && passed.Length == 0)
        {
            _damaged.Add(new Damage(identity.Name, offset, SignalNumber.None, $"blocks after {before} are missing"));
        }

        _frames.ExpectedNumber = _last is { } last and > 0 ? last + 1 : 0;
    }

    /// <summary>False when blocks are missing before it. The empty frame of an orderly end has the number of a next block.</summary>
    private bool TakeFrame()
    {
        if (_frames.Block.IsEmpty)
        {
            return _last is not { } last || _frames.Number == last + 1;
        }

        Window window = Unpack(_frames.Number, _frames.Offset, _frames.Block);
        _found.Enqueue(new FoundWindow(window, _frames.Offset, Frame.TotalBytes(_frames.Block.Length)));
        return Follow(window);
    }

    /// <summary>Throws <see cref="BlockFormatException"/>, and <see cref="KeyMissingException"/> when its key was destroyed meanwhile.</summary>
    private Window Unpack(ulong number, long offset, ReadOnlySpan<byte> content) => file is not FileWithCipher { Cipher: var cipher }
        ? Window.Unpack(number, content)
        : Window.Unpack(number, cipher.Decrypt((ulong)offset, number, content) ?? throw new BlockFormatException("a window is not what was encrypted"));

    private bool Follow(Window window)
    {
        if (window.First == Frame.CopyNumber)
        {
            return true;
        }

        bool follows = _last is not { } last || window.Follows == last;
        _last = window.Next - 1;
        return follows;
    }

    /// <summary>Windows begin pages; whatever of them is whole but for one bit is found.</summary>
    private void Mend(long from, long to)
    {
        for (long at = PageBuffer.RoundUp(from); at < to;)
        {
            FoundWindow? mended = TryMend(at, (int)Math.Min(to - at, Frame.TotalBytes(Frame.MaximumContent)));
            if (mended is not null)
            {
                _found.Enqueue(mended);
            }

            at = PageBuffer.RoundUp(at + (mended?.FrameBytes ?? 1));
        }
    }

    private FoundWindow? TryMend(long at, int most)
    {
        byte[] bytes = new byte[most];
        try
        {
            if (file.Read(at, bytes) < most || !Frame.TryRepairUnknown(bytes, identity, at, out ulong number, out ReadOnlySpan<byte> content) || content.IsEmpty)
            {
                return null;
            }

            return new FoundWindow(Unpack(number, at, content), at, Frame.TotalBytes(content.Length));
        }
        catch (Exception error) when (error is BlockFormatException || DiskErrors.Is(error))
        {
            return null;
        }
    }
}
