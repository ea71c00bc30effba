namespace Bedside.Storage.Journal;

/// <summary>What a journal holds from the first page on that no sync has taken yet.</summary>
internal sealed class PageWindow
{
    public const int PageBytes = 4096;

    private byte[] _bytes = new byte[16 * PageBytes];
    private int _length;

    public void Clear() => _length = 0;

    /// <summary>Room for so many bytes more, which belong to the window from now on.</summary>
    public Span<byte> Append(int length)
    {
        Reserve(_length + length);
        _length += length;
        return _bytes.AsSpan(_length - length, length);
    }

    /// <summary>Whole pages from the one on in which the last <paramref name="length"/> bytes begin, the rest of the last page zeros, and the offset of the first in the window.</summary>
    public ReadOnlySpan<byte> Pages(int length, out int offset)
    {
        offset = (_length - length) / PageBytes * PageBytes;
        int end = (_length + PageBytes - 1) / PageBytes * PageBytes;
        Reserve(end);
        _bytes.AsSpan(_length, end - _length).Clear();
        return _bytes.AsSpan(offset, end - offset);
    }

    private void Reserve(int length)
    {
        if (length > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(length, 2 * _bytes.Length));
        }
    }
}
