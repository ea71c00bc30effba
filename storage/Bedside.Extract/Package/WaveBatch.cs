using System.Runtime.InteropServices;
using Bedside.Extract.Arrow;
using Bedside.Model;

namespace Bedside.Extract.Package;

/// <summary>The columns of one wave in one scale for one batch of rows: value, count, and marks where the file has any. Filled run by run; rows that nobody fills are null.</summary>
internal sealed class WaveColumn
{
    private readonly ScaledWave _wave;
    private readonly byte[] _value;
    private readonly byte[] _raw;
    private readonly byte[] _marks;
    private readonly byte[] _there;
    private readonly byte[] _marked;

    public WaveColumn(ScaledWave wave, int rows)
    {
        _wave = wave;
        _value = new byte[wave.Scale is null ? 0 : rows * sizeof(float)];
        _raw = new byte[rows * (wave.IsShort ? sizeof(short) : sizeof(int))];
        _marks = new byte[wave.Marks == Validity.Valid ? 0 : rows * sizeof(ushort)];
        _there = new byte[(rows + 7) / 8];
        _marked = new byte[(rows + 7) / 8];
    }

    /// <summary>Samples with a number in this batch.</summary>
    public int There { get; private set; }

    /// <summary>Rows with marks in this batch.</summary>
    public int Marked { get; private set; }

    public void Put(int row, ReadOnlySpan<int> samples)
    {
        if (_wave.IsShort)
        {
            Span<short> raw = MemoryMarshal.Cast<byte, short>(_raw.AsSpan()).Slice(row, samples.Length);
            for (int i = 0; i < samples.Length; i++)
            {
                raw[i] = (short)samples[i];
            }
        }
        else
        {
            samples.CopyTo(MemoryMarshal.Cast<byte, int>(_raw.AsSpan())[row..]);
        }

        if (_wave.Scale is Scale scale)
        {
            Span<float> values = MemoryMarshal.Cast<byte, float>(_value.AsSpan()).Slice(row, samples.Length);
            (double gain, double offset) = (scale.Gain, scale.Offset);
            for (int i = 0; i < samples.Length; i++)
            {
                values[i] = (float)((samples[i] * gain) + offset);
            }
        }

        SetBits(_there, row, samples.Length);
        There += samples.Length;
    }

    public void Mark(int row, int count, Validity marks)
    {
        MemoryMarshal.Cast<byte, ushort>(_marks.AsSpan()).Slice(row, count).Fill((ushort)marks);
        SetBits(_marked, row, count);
        Marked += count;
    }

    /// <summary>Nulls and buffers of the columns, in the order of <see cref="WaveSchema"/>.</summary>
    public IEnumerable<(int Nulls, ReadOnlyMemory<byte> Valid, ReadOnlyMemory<byte> Values)> Columns(int rows)
    {
        if (_wave.Scale is not null)
        {
            yield return Column(rows, There, _there, _value.AsMemory(0, rows * sizeof(float)));
        }

        yield return Column(rows, There, _there, _raw.AsMemory(0, rows * (_wave.IsShort ? sizeof(short) : sizeof(int))));
        if (_wave.Marks != Validity.Valid)
        {
            yield return Column(rows, Marked, _marked, _marks.AsMemory(0, rows * sizeof(ushort)));
        }
    }

    public void Clear()
    {
        Array.Clear(_value);
        Array.Clear(_raw);
        Array.Clear(_marks);
        Array.Clear(_there);
        Array.Clear(_marked);
        There = 0;
        Marked = 0;
    }

    /// <summary>An Arrow bitmap: bit i of the file's order is the bit i % 8, from the least significant, of byte i / 8.</summary>
    internal static void SetBits(Span<byte> bits, int from, int count)
    {
        int end = from + count;
        while (from < end && from % 8 != 0)
        {
            bits[from / 8] |= (byte)(1 << (from % 8));
            from++;
        }

        int whole = (end - from) / 8;
        bits.Slice(from / 8, whole).Fill(byte.MaxValue);
        for (from += 8 * whole; from < end; from++)
        {
            bits[from / 8] |= (byte)(1 << (from % 8));
        }
    }

    private static (int Nulls, ReadOnlyMemory<byte> Valid, ReadOnlyMemory<byte> Values) Column(int rows, int there, byte[] bits, ReadOnlyMemory<byte> values) =>
        (rows - there, there == rows ? default(ReadOnlyMemory<byte>) : bits.AsMemory(0, (rows + 7) / 8), values);
}

/// <summary>Writes the Arrow file of a <see cref="WaveFile"/> in batches of whole columns.</summary>
internal sealed class WaveBatch
{
    private readonly ArrowWriter _writer;
    private readonly WaveColumn[] _columns;
    private readonly byte[] _times = new byte[ArrowWriter.MostRows * sizeof(long)];
    private int _rows;

    public WaveBatch(Stream stream, ArrowSchema schema, IEnumerable<ScaledWave> waves)
    {
        _writer = new ArrowWriter(stream, schema, ArrowForm.File);
        _columns = [.. waves.Select(wave => new WaveColumn(wave, ArrowWriter.MostRows))];
    }

    /// <summary>Rows that can be begun before the next <see cref="Begin"/> writes a batch.</summary>
    public int Room => ArrowWriter.MostRows - _rows;

    /// <summary>New rows at start + (first + i) periods; what is put into their columns next belongs to them. Returns the place of the first.</summary>
    public int Begin(long start, SamplePeriod period, long first, int count)
    {
        Span<long> times = MemoryMarshal.Cast<byte, long>(_times.AsSpan()).Slice(_rows, count);
        long step = period.Nanoseconds;
        bool isWhole = period.NanosecondsOf(period.Denominator) == (Int128)step * period.Denominator;
        long time = start + period.NanosecondsOf(first);
        for (int i = 0; i < times.Length; i++)
        {
            times[i] = isWhole ? time + (i * step) : start + period.NanosecondsOf(first + i);
        }

        int row = _rows;
        _rows += count;
        return row;
    }

    public void Put(int column, int row, ReadOnlySpan<int> samples) => _columns[column].Put(row, samples);

    public void Mark(int column, int row, int count, Validity marks) => _columns[column].Mark(row, count, marks);

    /// <summary>Writes the rows so far as a batch.</summary>
    public void Flush()
    {
        if (_rows == 0)
        {
            return;
        }

        var nulls = new List<int> { 0 };
        var buffers = new List<ReadOnlyMemory<byte>> { default, _times.AsMemory(0, _rows * sizeof(long)) };
        foreach ((int missing, ReadOnlyMemory<byte> valid, ReadOnlyMemory<byte> values) in _columns.SelectMany(column => column.Columns(_rows)))
        {
            nulls.Add(missing);
            buffers.Add(valid);
            buffers.Add(values);
        }

        _writer.WriteBatch(_rows, nulls, buffers);
        _rows = 0;
        foreach (WaveColumn column in _columns)
        {
            column.Clear();
        }
    }

    /// <summary>Writes what is left and the footer, without which no reader takes the file for whole.</summary>
    public void Finish()
    {
        Flush();
        _writer.Finish();
    }
}
