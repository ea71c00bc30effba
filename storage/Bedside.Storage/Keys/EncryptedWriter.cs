using Bedside.Storage.Disk;

namespace Bedside.Storage.Keys;

/// <summary>
/// Writes an encrypted segment from front to back. Only the first page may be written to again before the end, and is
/// encrypted then: no page is encrypted twice. <see cref="Sync"/> ends the file.
/// </summary>
internal sealed class EncryptedWriter : IDiskFile
{
    private const int MostPages = 64;

    private readonly IDiskFile _file;
    private readonly EncryptedHead _head;
    private readonly FileCipher _cipher;
    private readonly byte[] _first = new byte[EncryptedPages.RoomOf(0)];
    private readonly byte[] _content = new byte[EncryptedPages.Payload];
    private readonly byte[] _stored = new byte[MostPages * EncryptedPages.PageBytes];
    private long _page = 1;
    private int _filled;
    private int _pages;
    private bool _isEnded;

    /// <summary>Takes the file, and the cipher, which it holds until it is disposed of.</summary>
    public EncryptedWriter(IDiskFile file, EncryptedHead head, FileCipher cipher)
    {
        _file = file;
        _head = head;
        _cipher = cipher;
    }

    public long Length { get; private set; }

    public int Read(long offset, Span<byte> bytes) => throw new IOException($"{_head.File.Name} is being written");

    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        bool isInFirst = offset >= 0 && offset + bytes.Length <= _first.Length;
        bool isNext = offset == Length || (offset > Length && offset < _first.Length);
        if (_isEnded || !(isInFirst || isNext))
        {
            throw new InvalidOperationException($"an encrypted file is written once, from front to back: {bytes.Length} bytes at {offset} of {Length}");
        }

        if (offset < _first.Length)
        {
            int length = (int)Math.Min(bytes.Length, _first.Length - offset);
            bytes[..length].CopyTo(_first.AsSpan((int)offset));
            Length = Math.Max(Length, offset + length);
            bytes = bytes[length..];
        }

        while (!bytes.IsEmpty)
        {
            int length = Math.Min(bytes.Length, _content.Length - _filled);
            bytes[..length].CopyTo(_content.AsSpan(_filled));
            _filled += length;
            Length += length;
            bytes = bytes[length..];
            if (_filled == _content.Length)
            {
                Append();
            }
        }
    }

    public void Sync()
    {
        if (_isEnded)
        {
            throw new InvalidOperationException("an encrypted file ends once");
        }

        _isEnded = true;
        if (_filled > 0)
        {
            Append();
        }

        Flush(EncryptedPages.PageBytes);
        int room = (int)Math.Min(Length, _first.Length);
        byte[] front = new byte[EncryptedHead.Bytes + (room > 0 ? room + EncryptedPages.Overhead : 0)];
        _head.Write(front);
        if (room > 0)
        {
            EncryptedPages.Encrypt(_cipher, _head.File, 0, _first.AsSpan(0, room), front.AsSpan(EncryptedHead.Bytes));
        }

        _file.Write(EncryptedPages.End(Length), front.AsSpan(0, EncryptedHead.Bytes));
        _file.Write(0, front);
        _file.Sync();
    }

    public void Dispose()
    {
        _cipher.LetGo();
        _file.Dispose();
    }

    private void Append()
    {
        EncryptedPages.Encrypt(_cipher, _head.File, _page, _content.AsSpan(0, _filled), _stored.AsSpan(_pages * EncryptedPages.PageBytes, _filled + EncryptedPages.Overhead));
        _page++;
        _pages++;
        if (_filled < _content.Length || _pages == MostPages)
        {
            Flush(_filled + EncryptedPages.Overhead);
        }

        _filled = 0;
    }

    /// <summary>Writes the pages that wait, the last of which has so many bytes.</summary>
    private void Flush(int lastBytes)
    {
        if (_pages > 0)
        {
            _file.Write((_page - _pages) * EncryptedPages.PageBytes, _stored.AsSpan(0, ((_pages - 1) * EncryptedPages.PageBytes) + lastBytes));
            _pages = 0;
        }
    }
}
