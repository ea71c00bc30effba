namespace Bedside.Storage.Journal;

/// <summary>Whole pages on their way to a journal, each frame beginning one.</summary>
internal sealed class PageBuffer
{
    public const int PageBytes = 4096;

    /// <summary>What an import needs is given back once it is over.</summary>
    private const int KeptBytes = 64 * PageBytes;

    private byte[] _bytes = new byte[16 * PageBytes];
    private int _length;

    public ReadOnlySpan<byte> Pages => _bytes.AsSpan(0, _length);

    public int Length => _length;

    public static long RoundUp(long bytes) => (bytes + PageBytes - 1) / PageBytes * PageBytes;

    public void Clear()
    {
        _length = 0;
        if (_bytes.Length > KeptBytes)
        {
            _bytes = new byte[KeptBytes];
        }
    }

    /// <summary>Room for so many bytes, the rest of their last page zeros.</summary>
    public Span<byte> Append(int length)
    {
        int from = _length;
        _length += (int)RoundUp(length);
        if (_length > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(_length, 2 * _bytes.Length));
        }

        _bytes.AsSpan(from + length, _length - from - length).Clear();
        return _bytes.AsSpan(from, length);
    }
}
