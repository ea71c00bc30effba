using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics;
using Bedside.Model;

namespace Bedside.Viewer.Live;

/// <summary>What may be done with a block when a client is too slow.</summary>
internal enum LiveClass : byte
{
    /// <summary>Dropped, and said so.</summary>
    Wave,

    /// <summary>The newest of each signal is kept.</summary>
    Numeric,

    /// <summary>Never dropped.</summary>
    Event,
}

/// <summary>Where a block lies in a batch: <c>u32 length, block</c> at <paramref name="Offset"/>, <paramref name="Length"/> bytes in all.</summary>
internal readonly record struct LiveEntry(int Offset, int Length, LiveClass Class, SignalNumber Signal, UtcInstant Start, UtcInstant End);

/// <summary>
/// Blocks that came within one frame interval, encoded once for all clients, in the very bytes of the DATA body. The
/// bytes are pooled: everyone who keeps the batch retains it, and the last one to release it gives them back.
/// </summary>
internal sealed class LiveBatch
{
    private const int FirstCapacity = 16 * 1024;
    private const int FirstEntries = 32;

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(FirstCapacity);
    private LiveEntry[] _entries = new LiveEntry[FirstEntries];
    private int _entryCount;
    private int _references = 1;

    /// <summary>Bytes of the whole body.</summary>
    public int Length { get; private set; }

    /// <summary>Bytes of the body without waves.</summary>
    public int LengthWithoutWaves { get; private set; }

    public ReadOnlySpan<LiveEntry> Entries => _entries.AsSpan(0, _entryCount);

    public ReadOnlySpan<byte> Body => _bytes.AsSpan(0, Length);

    public ReadOnlySpan<byte> BytesOf(LiveEntry entry) => _bytes.AsSpan(entry.Offset, entry.Length);

    /// <summary>Adds a block by its encoded bytes; only before the batch is shared.</summary>
    public void Add(Block block, ReadOnlySpan<byte> encoded)
    {
        Debug.Assert(_references == 1, "a shared batch does not change");
        int length = sizeof(uint) + encoded.Length;
        EnsureRoom(length);
        BinaryPrimitives.WriteUInt32LittleEndian(_bytes.AsSpan(Length), (uint)encoded.Length);
        encoded.CopyTo(_bytes.AsSpan(Length + sizeof(uint)));
        LiveClass kind = block switch
        {
            SampleBlock => LiveClass.Wave,
            NumericBlock => LiveClass.Numeric,
            _ => LiveClass.Event,
        };
        _entries[_entryCount++] = new LiveEntry(Length, length, kind, block.Signal, block.Start, block.End);
        Length += length;
        LengthWithoutWaves += kind == LiveClass.Wave ? 0 : length;
    }

    public void Retain() => Interlocked.Increment(ref _references);

    public void Release()
    {
        int left = Interlocked.Decrement(ref _references);
        Debug.Assert(left >= 0, "released more often than retained");
        if (left == 0)
        {
            byte[] bytes = _bytes;
            _bytes = [];
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    private void EnsureRoom(int length)
    {
        if (_entryCount == _entries.Length)
        {
            Array.Resize(ref _entries, _entryCount * 2);
        }

        if (Length + length > _bytes.Length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(Length + length, _bytes.Length * 2));
            Body.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = larger;
        }
    }
}
