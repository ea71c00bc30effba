using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Bedside.Model;
using Bedside.Storage.Disk;

namespace Bedside.Storage.Files;

/// <summary>
/// Goes through the frames of a file from front to back. Bytes that are no frame are passed over to the next one; what
/// stood before a good frame is <see cref="Damaged"/>, what stands behind the last one is the <see cref="Tail"/>.
/// </summary>
internal sealed class FrameScanner : IDisposable
{
    private const int PageBytes = 4096;
    private const int SignalInBlock = 4;
    private const int BufferBytes = 2 * BlockCodec.MaximumBytes;
    private const long Nowhere = -1;

    private readonly IDiskFile _file;
    private readonly long _end;
    private readonly List<Damage> _damaged = [];
    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);

    private long _bufferAt;
    private int _buffered;
    private long _next;
    private long _badFrom = Nowhere;
    private uint _badSignal;
    private int _blockLength;

    public FrameScanner(IDiskFile file, FileIdentity identity, long end)
    {
        _file = file;
        Identity = identity;
        _end = end;
        _next = FileHead.BytesOf(identity.Kind);
        Tail = _next;
    }

    public FileIdentity Identity { get; }

    public IReadOnlyList<Damage> Damaged => _damaged;

    /// <summary>Offset of the frame.</summary>
    public long Offset { get; private set; }

    public ulong Number { get; private set; }

    /// <summary>The frame's block, until the next move. Empty = the mark of an orderly end.</summary>
    public ReadOnlySpan<byte> Block => _buffer.AsSpan((int)(Offset - _bufferAt) + Frame.HeaderBytes, _blockLength);

    /// <summary>The disk could not read some of it.</summary>
    public bool HasReadErrors { get; private set; }

    /// <summary>Where the last good frame ends.</summary>
    public long Tail { get; private set; }

    /// <summary>Number that the frame behind the last one has, when it is known.</summary>
    public ulong ExpectedNumber { get; set; }

    /// <summary>After the last frame: something of this file stands between it and the end of its page or of the frames, or begins the next page.</summary>
    public bool TailIsDirty
    {
        get
        {
            long page = Identity.Kind == FileKind.Journal ? Math.Min(PageAfter(Tail), _end) : _end;
            if (page > Tail && Window(Tail, (int)Math.Min(page - Tail, BlockCodec.MaximumBytes)).ContainsAnyExcept((byte)0))
            {
                return true;
            }

            // What else stands there may be left from an earlier life of the file.
            ReadOnlySpan<byte> next = Window(page, Frame.HeaderBytes);
            return next.Length == Frame.HeaderBytes && (Frame.MarkOf(next) == Identity.Mark || (ExpectedNumber != 0 && Frame.NumberOf(next) == ExpectedNumber));
        }
    }

    public bool MoveNext()
    {
        while (_next + Frame.HeaderBytes <= _end)
        {
            int claimed = Frame.ClaimedBytes(Window(_next, Frame.HeaderBytes), Identity);
            if (claimed > 0 && _next + claimed <= _end && Frame.TryRead(Window(_next, claimed), Identity, _next, out ulong number, out ReadOnlySpan<byte> block))
            {
                Arrive(number, block.Length, claimed);
                return true;
            }

            if (!SkipPadding())
            {
                Search();
            }
        }

        return false;
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

    private static long PageAfter(long offset) => (offset + PageBytes - 1) / PageBytes * PageBytes;

    private void Arrive(ulong number, int blockLength, int total)
    {
        if (_badFrom != Nowhere)
        {
            _damaged.Add(new Damage(Identity.Name, _badFrom, new SignalNumber(_badSignal), $"{_next - _badFrom} bytes are not what was written"));
            _badFrom = Nowhere;
        }

        Number = number;
        Offset = _next;
        _blockLength = blockLength;
        _next += total;
        Tail = _next;
    }

    /// <summary>After a sync a journal, and a file of evidence, goes on with a new page; the rest of the old one is zeros.</summary>
    private bool SkipPadding()
    {
        long page = PageAfter(_next + 1);
        if (Identity.Kind is not (FileKind.Journal or FileKind.Evidence) || Window(_next, (int)(Math.Min(page, _end) - _next)).ContainsAnyExcept((byte)0))
        {
            return false;
        }

        _next = page;
        return true;
    }

    /// <summary>To the next place where a frame of this file could begin.</summary>
    private void Search()
    {
        if (_badFrom == Nowhere)
        {
            _badFrom = _next;
            ReadOnlySpan<byte> head = Window(_next, Frame.HeaderBytes + BlockCodec.HeaderBytes);
            bool ours = Identity.Kind == FileKind.Segment && head.Length == Frame.HeaderBytes + BlockCodec.HeaderBytes && Frame.ClaimedBytes(head, Identity) > Frame.HeaderBytes;
            _badSignal = ours ? BinaryPrimitives.ReadUInt32LittleEndian(head[(Frame.HeaderBytes + SignalInBlock)..]) : 0;
        }

        long from = _next + Frame.Alignment + Frame.MarkAt;
        ReadOnlySpan<byte> window = Window(from, (int)Math.Min(_end - from, BlockCodec.MaximumBytes));
        int found = MemoryMarshal.Cast<byte, uint>(window).IndexOf(Identity.Mark);
        _next = found >= 0 ? from - Frame.MarkAt + (found * Frame.Alignment) : Math.Max(_next + Frame.Alignment, from - Frame.MarkAt + (window.Length / Frame.Alignment * Frame.Alignment));
    }

    /// <summary>The bytes of the file from an offset on, fewer only at its end.</summary>
    private ReadOnlySpan<byte> Window(long offset, int length)
    {
        length = (int)Math.Clamp(_end - offset, 0, length);
        if (offset < _bufferAt || offset + length > _bufferAt + _buffered)
        {
            _bufferAt = offset;
            _buffered = (int)Math.Min(BufferBytes, _end - offset);
            Fill(_buffer.AsSpan(0, _buffered), offset);
        }

        return _buffer.AsSpan((int)(offset - _bufferAt), length);
    }

    /// <summary>A page that the disk cannot read counts as zeros: its frames are lost, the others are not.</summary>
    private void Fill(Span<byte> bytes, long offset)
    {
        bytes.Clear();
        try
        {
            _file.Read(offset, bytes);
        }
        catch (Exception error) when (DiskErrors.Is(error))
        {
            for (int at = 0; at < bytes.Length; at += PageBytes)
            {
                FillPage(bytes.Slice(at, Math.Min(PageBytes, bytes.Length - at)), offset + at);
            }
        }
    }

    private void FillPage(Span<byte> page, long offset)
    {
        try
        {
            _file.Read(offset, page);
        }
        catch (Exception error) when (DiskErrors.Is(error))
        {
            page.Clear();
            HasReadErrors = true;
            _damaged.Add(new Damage(Identity.Name, offset, SignalNumber.None, $"cannot be read: {error.Message}"));
        }
    }
}
