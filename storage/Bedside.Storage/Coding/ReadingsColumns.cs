using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Bedside.Model;

namespace Bedside.Storage.Coding;

/// <summary>
/// Codec 1 of kind 2: readings column by column, each as what is not foreseen of it.
/// <code>
///  0  u8 codec = 1    1  u8 0    2  u16 count
///  4  columns as one bit stream: times · has a value · exponents · mantissas · has a device time · device times · validity
/// </code>
/// FORMAT.md, section 3.1. All arithmetic wraps around in 64 bits.
/// </summary>
internal static class ReadingsColumns
{
    public const byte Codec = 1;

    private const int CountAt = 2;
    private const int ColumnsAt = CountAt + sizeof(ushort);
    private const int Columns = 7;

    public static int Bound(int readings) => ColumnsAt + (Columns * (readings + 1) * IntegerColumn.MostBytesOfOne);

    /// <summary>The readings must be what <see cref="ReadingsPayload.Check"/> lets pass.</summary>
    public static int Encode(NumericBlock block, Span<byte> bytes)
    {
        ReadOnlySpan<NumericReading> readings = block.Readings.AsSpan();
        bytes[0] = Codec;
        bytes[1] = 0;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[CountAt..], (ushort)readings.Length);
        var writer = new BitWriter(bytes[ColumnsAt..]);
        long[] rented = ArrayPool<long>.Shared.Rent(readings.Length);
        try
        {
            Span<long> column = rented.AsSpan(0, readings.Length);
            Times(readings, column);
            IntegerColumn.Write(ref writer, column);
            WriteValues(ref writer, readings, column);
            WriteDeviceTimes(ref writer, readings, column);
            for (int i = 0; i < column.Length; i++)
            {
                column[i] = (ushort)readings[i].Validity ^ (i > 0 ? (ushort)readings[i - 1].Validity : 0);
            }

            IntegerColumn.Write(ref writer, column);
            return ColumnsAt + writer.Finish();
        }
        finally
        {
            ArrayPool<long>.Shared.Return(rented);
        }
    }

    /// <summary>Throws <see cref="BlockFormatException"/>.</summary>
    public static ImmutableArray<NumericReading> Decode(UtcInstant start, int count, ReadOnlySpan<byte> bytes)
    {
        var reader = new BitReader(bytes[ColumnsAt..]);
        long[] times = new long[count];
        IntegerColumn.Read(ref reader, times);
        long step = 0;
        long time = start.UnixNanoseconds;
        for (int i = 0; i < count; i++)
        {
            step = unchecked(step + times[i]);
            time = unchecked(time + step);
            times[i] = time;
        }

        Fixed?[] values = ReadValues(ref reader, count);
        long?[] deviceTimes = ReadDeviceTimes(ref reader, times);
        long[] column = new long[count];
        IntegerColumn.Read(ref reader, column);
        if (!reader.AtEnd)
        {
            throw new BlockFormatException("there are bits behind the readings");
        }

        var readings = new NumericReading[count];
        long validity = 0;
        for (int i = 0; i < count; i++)
        {
            validity ^= column[i];
            if (validity is < 0 or > ushort.MaxValue)
            {
                throw new BlockFormatException($"validity {validity} has more than 16 bits");
            }

            readings[i] = new NumericReading(new UtcInstant(times[i]), values[i], (Validity)validity, deviceTimes[i]);
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(readings);
    }

    /// <summary>How much each step differs from the one before; the first time is the block's start, and the step before it 0.</summary>
    private static void Times(ReadOnlySpan<NumericReading> readings, Span<long> column)
    {
        long step = 0;
        column[0] = 0;
        for (int i = 1; i < readings.Length; i++)
        {
            long next = unchecked(readings[i].Time.UnixNanoseconds - readings[i - 1].Time.UnixNanoseconds);
            column[i] = unchecked(next - step);
            step = next;
        }
    }

    private static void WriteValues(ref BitWriter writer, ReadOnlySpan<NumericReading> readings, Span<long> column)
    {
        WritePresence(ref writer, readings, column, static reading => reading.Value is not null);
        int present = 0;
        long former = 0;
        foreach (NumericReading reading in readings)
        {
            if (reading.Value is { } value)
            {
                column[present++] = value.Exponent - former;
                former = value.Exponent;
            }
        }

        IntegerColumn.Write(ref writer, column[..present]);
        present = 0;
        former = 0;
        foreach (NumericReading reading in readings)
        {
            if (reading.Value is { } value)
            {
                column[present++] = unchecked(value.Mantissa - former);
                former = value.Mantissa;
            }
        }

        IntegerColumn.Write(ref writer, column[..present]);
    }

    private static Fixed?[] ReadValues(ref BitReader reader, int count)
    {
        bool[] present = ReadPresence(ref reader, count);
        int values = present.Count(one => one);
        long[] exponents = new long[values];
        long[] mantissas = new long[values];
        IntegerColumn.Read(ref reader, exponents);
        IntegerColumn.Read(ref reader, mantissas);
        var result = new Fixed?[count];
        long exponent = 0;
        long mantissa = 0;
        int at = 0;
        for (int i = 0; i < count; i++)
        {
            if (present[i])
            {
                exponent = unchecked(exponent + exponents[at]);
                mantissa = unchecked(mantissa + mantissas[at++]);
                result[i] = exponent is >= sbyte.MinValue and <= sbyte.MaxValue
                    ? new Fixed(mantissa, (sbyte)exponent)
                    : throw new BlockFormatException($"exponent {exponent} has more than 8 bits");
            }
        }

        return result;
    }

    /// <summary>Device times are foreseen to go with the box's.</summary>
    private static void WriteDeviceTimes(ref BitWriter writer, ReadOnlySpan<NumericReading> readings, Span<long> column)
    {
        WritePresence(ref writer, readings, column, HasDeviceTime);
        int present = 0;
        long former = 0;
        foreach (NumericReading reading in readings)
        {
            if (HasDeviceTime(reading))
            {
                long ahead = unchecked(reading.DeviceNanoseconds.GetValueOrDefault() - reading.Time.UnixNanoseconds);
                column[present++] = unchecked(ahead - former);
                former = ahead;
            }
        }

        IntegerColumn.Write(ref writer, column[..present]);
    }

    private static bool HasDeviceTime(NumericReading reading) => reading.DeviceNanoseconds is { } time && time != SamplePayload.NoDeviceTime;

    private static long?[] ReadDeviceTimes(ref BitReader reader, ReadOnlySpan<long> times)
    {
        bool[] present = ReadPresence(ref reader, times.Length);
        long[] column = new long[present.Count(one => one)];
        IntegerColumn.Read(ref reader, column);
        long?[] result = new long?[times.Length];
        long ahead = 0;
        int at = 0;
        for (int i = 0; i < times.Length; i++)
        {
            if (present[i])
            {
                ahead = unchecked(ahead + column[at++]);
                long time = unchecked(times[i] + ahead);
                result[i] = time != SamplePayload.NoDeviceTime ? time : throw new BlockFormatException("a device time that is none");
            }
        }

        return result;
    }

    /// <summary>1 where presence changes; before the first it is so.</summary>
    private static void WritePresence(ref BitWriter writer, ReadOnlySpan<NumericReading> readings, Span<long> column, Func<NumericReading, bool> isPresent)
    {
        bool former = true;
        for (int i = 0; i < readings.Length; i++)
        {
            bool present = isPresent(readings[i]);
            column[i] = present == former ? 0 : 1;
            former = present;
        }

        IntegerColumn.Write(ref writer, column);
    }

    private static bool[] ReadPresence(ref BitReader reader, int count)
    {
        long[] column = new long[count];
        IntegerColumn.Read(ref reader, column);
        bool[] present = new bool[count];
        bool now = true;
        for (int i = 0; i < count; i++)
        {
            now ^= column[i] switch
            {
                0 => false,
                1 => true,
                _ => throw new BlockFormatException("presence changes or it does not"),
            };
            present[i] = now;
        }

        return present;
    }
}
