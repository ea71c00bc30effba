using Bedside.Storage.Index;

namespace Bedside.Storage.Evidence;

/// <summary>Numbers and bytes of one kind, one behind the other: what is alike is compressed together.</summary>
internal sealed class EvidenceColumn
{
    private const int LongestNumber = 10;
    private const int FirstBytes = 256;

    private byte[] _bytes = new byte[FirstBytes];
    private int _length;

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, _length);

    public void Unsigned(ulong value)
    {
        var writer = new NumberWriter(Room(LongestNumber));
        writer.Unsigned(value);
        _length += writer.Length;
    }

    public void Signed(long value)
    {
        var writer = new NumberWriter(Room(LongestNumber));
        writer.Signed(value);
        _length += writer.Length;
    }

    public void Bytes(ReadOnlySpan<byte> value)
    {
        value.CopyTo(Room(value.Length));
        _length += value.Length;
    }

    private Span<byte> Room(int bytes)
    {
        if (_length + bytes > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, _length + bytes));
        }

        return _bytes.AsSpan(_length);
    }
}
