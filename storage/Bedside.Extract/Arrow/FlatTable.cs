using System.Buffers.Binary;
using System.Text;

namespace Bedside.Extract.Arrow;

/// <summary>
/// A table of a FlatBuffer, as far as Arrow's metadata need them. Laid out front to back: each table behind its own list of
/// offsets (vtable), what it refers to behind it, in the order of its fields; the same tables give the same bytes.
/// <code>
/// vtable   u16 bytes of the vtable · u16 bytes of the table · u16 offset in the table of field 0, 1, … (0 = absent)
/// table    i32 distance back to the vtable · fields, widest first
/// field    a scalar, or u32 distance ahead to a table, string or vector
/// vector   u32 count · elements          string   u32 bytes · UTF-8 · one zero byte
/// </code>
/// </summary>
internal sealed class FlatTable
{
    private const int OffsetBytes = 4;
    private readonly SortedDictionary<int, Slot> _slots = [];

    public FlatTable Int8(int field, byte value) => Put(field, new Slot(1, value, Reference: null));

    public FlatTable Int16(int field, short value) => Put(field, new Slot(2, value, Reference: null));

    public FlatTable Int32(int field, int value) => Put(field, new Slot(4, value, Reference: null));

    public FlatTable Int64(int field, long value) => Put(field, new Slot(8, value, Reference: null));

    public FlatTable Text(int field, string text) => Put(field, new Slot(OffsetBytes, 0, output => output.String(text)));

    public FlatTable Table(int field, FlatTable table) => Put(field, new Slot(OffsetBytes, 0, table.Write));

    public FlatTable Tables(int field, IReadOnlyList<FlatTable> tables) => Put(field, new Slot(OffsetBytes, 0, output => WriteAll(output, tables)));

    /// <summary>A vector of structs that hold 64-bit numbers and are laid out already.</summary>
    public FlatTable Structs(int field, int count, byte[] bytes) => Put(field, new Slot(OffsetBytes, 0, output => output.Structs(count, bytes)));

    /// <summary>A buffer with this as its root.</summary>
    public byte[] ToBytes()
    {
        var output = new Output();
        output.Skip(OffsetBytes);
        output.PutOffset(0, Write(output));
        return output.ToBytes();
    }

    private static int WriteAll(Output output, IReadOnlyList<FlatTable> tables)
    {
        int start = output.Align(OffsetBytes, 0);
        output.Skip(OffsetBytes);
        output.Put(start, tables.Count, OffsetBytes);
        int first = output.Skip(OffsetBytes * tables.Count);
        for (int i = 0; i < tables.Count; i++)
        {
            output.PutOffset(first + (OffsetBytes * i), tables[i].Write(output));
        }

        return start;
    }

    private FlatTable Put(int field, Slot slot)
    {
        _slots.Add(field, slot);
        return this;
    }

    private int Write(Output output)
    {
        int fields = _slots.Count == 0 ? 0 : _slots.Keys.Max() + 1;
        int vtableBytes = 4 + (2 * fields);
        int vtable = output.Align(2, 0);
        output.Skip(vtableBytes);

        // The first field stands 4 bytes behind the beginning: where it is 8 wide the table begins in the middle of 8.
        bool wide = _slots.Values.Any(slot => slot.Width == 8);
        int start = wide ? output.Align(8, 4) : output.Align(4, 0);
        var references = new List<(int Field, int Place, Func<Output, int> Write)>();
        int at = OffsetBytes;
        foreach ((int field, Slot slot) in _slots.OrderByDescending(pair => pair.Value.Width).ThenBy(pair => pair.Key))
        {
            output.Put(vtable + 4 + (2 * field), at, 2);
            if (slot.Reference is not null)
            {
                references.Add((field, start + at, slot.Reference));
            }

            at += slot.Width;
        }

        output.Skip(at);
        output.Put(start, start - vtable, OffsetBytes);
        output.Put(vtable, vtableBytes, 2);
        output.Put(vtable + 2, at, 2);
        at = OffsetBytes;
        foreach (Slot slot in _slots.OrderByDescending(pair => pair.Value.Width).ThenBy(pair => pair.Key).Select(pair => pair.Value))
        {
            output.Put(start + at, slot.Scalar, slot.Width);
            at += slot.Width;
        }

        foreach ((_, int place, Func<Output, int> write) in references.OrderBy(reference => reference.Field))
        {
            output.PutOffset(place, write(output));
        }

        return start;
    }

    /// <summary>A field: a scalar, or something that is written behind the table and referred to.</summary>
    private readonly record struct Slot(int Width, long Scalar, Func<Output, int>? Reference);

    private sealed class Output
    {
        private byte[] _bytes = new byte[1024];
        private int _length;

        public byte[] ToBytes() => _bytes[.._length];

        /// <summary>Zero bytes up to a place that is <paramref name="rest"/> behind a multiple; says that place.</summary>
        public int Align(int multiple, int rest)
        {
            while (_length % multiple != rest)
            {
                Skip(1);
            }

            return _length;
        }

        /// <summary>Zero bytes; says where they begin.</summary>
        public int Skip(int count)
        {
            int start = _length;
            _length = checked(_length + count);
            if (_length > _bytes.Length)
            {
                Array.Resize(ref _bytes, Math.Max(_length, checked(2 * _bytes.Length)));
            }

            return start;
        }

        public void Put(int place, long value, int width)
        {
            Span<byte> eight = stackalloc byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(eight, value);
            eight[..width].CopyTo(_bytes.AsSpan(place));
        }

        public void PutOffset(int place, int target) => Put(place, target - place, OffsetBytes);

        public int String(string text)
        {
            byte[] utf8 = Encoding.UTF8.GetBytes(text);
            int start = Align(OffsetBytes, 0);
            Skip(OffsetBytes);
            Put(start, utf8.Length, OffsetBytes);
            int first = Skip(utf8.Length + 1);
            utf8.CopyTo(_bytes.AsSpan(first));
            return start;
        }

        public int Structs(int count, byte[] bytes)
        {
            int start = Align(8, 4);
            Skip(OffsetBytes);
            Put(start, count, OffsetBytes);
            int first = Skip(bytes.Length);
            bytes.CopyTo(_bytes.AsSpan(first));
            return start;
        }
    }
}
