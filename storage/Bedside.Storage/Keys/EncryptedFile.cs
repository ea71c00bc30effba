using System.Buffers;
using Bedside.Model;
using Bedside.Storage.Disk;
using Bedside.Storage.Files;

namespace Bedside.Storage.Keys;

/// <summary>
/// The content of an encrypted segment, for reading. A page that is not what was written reads as zeros, which no checksum
/// inside takes for data, and is reported; one damaged byte of a page is put right, and reported. May be used from any thread.
/// </summary>
internal sealed class EncryptedFile : IDiskFile
{
    /// <summary>Read from the disk in one go.</summary>
    private const int MostPages = 16;

    private const long None = -1;

    private readonly IDiskFile _file;
    private readonly FileIdentity _identity;
    private readonly FileCipher _cipher;
    private readonly Action<Damage> _onDamage;
    private readonly long _end;
    private readonly Lock _lock = new();
    private readonly byte[] _content = ArrayPool<byte>.Shared.Rent(EncryptedPages.Payload);
    private long _page = None;
    private bool _isDisposed;

    /// <summary>Takes the file, and the cipher, which it holds until it is disposed of.</summary>
    public EncryptedFile(IDiskFile file, FileIdentity identity, FileCipher cipher, bool hasHeadAtEnd, Action<Damage> onDamage)
    {
        _file = file;
        _identity = identity;
        _cipher = cipher;
        _onDamage = onDamage;
        _end = Math.Max(EncryptedHead.Bytes, file.Length - (hasHeadAtEnd ? EncryptedHead.Bytes : 0));
        Length = EncryptedPages.ContentBytes(_end);
    }

    public long Length { get; }

    public int Read(long offset, Span<byte> bytes)
    {
        int length = (int)Math.Clamp(Length - offset, 0, bytes.Length);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            ReadLocked(offset, bytes[..length]);
        }

        return length;
    }

    public void Write(long offset, ReadOnlySpan<byte> bytes) => throw new IOException($"{_identity.Name} is sealed: it is not changed in place");

    public void Sync()
    {
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (!_isDisposed)
            {
                _isDisposed = true;
                ArrayPool<byte>.Shared.Return(_content, clearArray: true);
                _cipher.LetGo();
                _file.Dispose();
            }
        }
    }

    private void ReadLocked(long offset, Span<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            (long page, int from) = EncryptedPages.Locate(offset);
            if (page != _page)
            {
                int taken = from == 0 ? ReadWhole(page, bytes) : 0;
                if (taken > 0)
                {
                    offset += taken;
                    bytes = bytes[taken..];
                    continue;
                }

                ReadPage(page);
            }

            int length = Math.Min(bytes.Length, EncryptedPages.RoomOf(page) - from);
            _content.AsSpan(from, length).CopyTo(bytes);
            offset += length;
            bytes = bytes[length..];
        }
    }

    /// <summary>As many whole pages as there is room for, straight to where they are wanted; how many bytes.</summary>
    private int ReadWhole(long page, Span<byte> bytes)
    {
        int pages = 0;
        int length = 0;
        while (pages < MostPages && length + EncryptedPages.RoomOf(page + pages) <= bytes.Length)
        {
            length += EncryptedPages.RoomOf(page + pages);
            pages++;
        }

        if (pages == 0)
        {
            return 0;
        }

        byte[] stored = ArrayPool<byte>.Shared.Rent(pages * EncryptedPages.PageBytes);
        try
        {
            long begin = EncryptedPages.OffsetOf(page);
            int read = _file.Read(begin, stored.AsSpan(0, (int)(((page + pages) * EncryptedPages.PageBytes) - begin)));
            int at = 0;
            for (long one = page; one < page + pages; one++)
            {
                int from = (int)(EncryptedPages.OffsetOf(one) - begin);
                int room = EncryptedPages.RoomOf(one);
                Decrypt(one, stored.AsSpan(from, Math.Clamp(read - from, 0, room + EncryptedPages.Overhead)), bytes.Slice(at, room));
                at += room;
            }

            return length;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(stored);
        }
    }

    private void ReadPage(long page)
    {
        Span<byte> stored = stackalloc byte[EncryptedPages.PageBytes];
        long begin = EncryptedPages.OffsetOf(page);
        stored = stored[..(int)Math.Min(_end - begin, EncryptedPages.RoomOf(page) + EncryptedPages.Overhead)];
        _page = None;
        int read = _file.Read(begin, stored);
        Decrypt(page, stored[..read], _content.AsSpan(0, Math.Max(0, stored.Length - EncryptedPages.Overhead)));
        _page = page;
    }

    private void Decrypt(long page, Span<byte> stored, Span<byte> content)
    {
        if (stored.Length == content.Length + EncryptedPages.Overhead)
        {
            if (EncryptedPages.TryDecrypt(_cipher, _identity, page, stored, content))
            {
                return;
            }

            if (EncryptedPages.TryRepair(_cipher, _identity, page, stored, content))
            {
                Report(page, "a byte of a page was damaged, and was put right by its checksum and key");
                return;
            }
        }

        content.Clear();
        Report(page, "a page is not what was written");
    }

    private void Report(long page, string what) => _onDamage(new Damage(_identity.Name, EncryptedPages.OffsetOf(page), SignalNumber.None, what));
}
