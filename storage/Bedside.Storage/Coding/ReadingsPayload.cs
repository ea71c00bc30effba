using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using Bedside.Model;

namespace Bedside.Storage.Coding;

/// <summary>
/// Payload of kind 2.
/// <code>
///  0  u8 codec    1  u8 0    2  u16 count
///  codec 0:  4  count × { i64 time · i64 device time · i64 mantissa · i8 exponent · u8 flags · u16 validity }
/// </code>
/// Codec 1 is <see cref="ReadingsColumns"/>. FORMAT.md, section 3.
/// </summary>
internal static class ReadingsPayload
{
    public const int ReadingBytes = ValidityAt + sizeof(ushort);

    /// <summary>Most readings of a block, in any codec.</summary>
    public const int MaximumCount = (BlockCodec.MaximumBytes - BlockCodec.HeaderBytes - ReadingsAt) / ReadingBytes;

    private const byte Plain = 0;
    private const byte HasValue = 1;

    private const int CountAt = 2;
    private const int ReadingsAt = CountAt + sizeof(ushort);

    private const int TimeAt = 0;
    private const int DeviceTimeAt = TimeAt + sizeof(long);
    private const int MantissaAt = DeviceTimeAt + sizeof(long);
    private const int ExponentAt = MantissaAt + sizeof(long);
    private const int FlagsAt = ExponentAt + sizeof(sbyte);
    private const int ValidityAt = FlagsAt + sizeof(byte);

    public static int Bytes(NumericBlock block) => ReadingsAt + (block.Readings.Length * ReadingBytes);

    /// <summary>How many readings a payload holds, without reading them; 0 when it is too short to say.</summary>
    public static uint CountOf(ReadOnlySpan<byte> payload) =>
        payload.Length < ReadingsAt ? 0u : BinaryPrimitives.ReadUInt16LittleEndian(payload[CountAt..]);

    /// <summary>Throws <see cref="ArgumentException"/> for readings that the format cannot hold.</summary>
    public static void Check(NumericBlock block)
    {
        if (block.Readings.Length is 0 or > MaximumCount || block.Readings[0].Time != block.Start)
        {
            throw new ArgumentException($"a block holds 1 to {MaximumCount} readings, the first at its start");
        }

        UtcInstant last = block.Start;
        foreach (NumericReading reading in block.Readings)
        {
            if (reading.Time < last)
            {
                throw new ArgumentException("the times of readings ascend");
            }

            last = reading.Time;
        }
    }

    public static int Encode(NumericBlock block, Span<byte> bytes)
    {
        Check(block);
        bytes[0] = Plain;
        bytes[1] = 0;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[CountAt..], (ushort)block.Readings.Length);
        int at = ReadingsAt;
        foreach (NumericReading reading in block.Readings)
        {
            Span<byte> one = bytes[at..];
            BinaryPrimitives.WriteInt64LittleEndian(one[TimeAt..], reading.Time.UnixNanoseconds);
            BinaryPrimitives.WriteInt64LittleEndian(one[DeviceTimeAt..], reading.DeviceNanoseconds ?? SamplePayload.NoDeviceTime);
            BinaryPrimitives.WriteInt64LittleEndian(one[MantissaAt..], reading.Value?.Mantissa ?? 0);
            one[ExponentAt] = (byte)(reading.Value?.Exponent ?? 0);
            one[FlagsAt] = reading.Value is null ? (byte)0 : HasValue;
            BinaryPrimitives.WriteUInt16LittleEndian(one[ValidityAt..], (ushort)reading.Validity);
            at += ReadingBytes;
        }

        return at;
    }

    /// <summary>In columns where that is shorter; it never takes more than <see cref="Bytes"/>.</summary>
    public static int EncodeSealed(NumericBlock block, Span<byte> bytes)
    {
        Check(block);
        byte[] rented = ArrayPool<byte>.Shared.Rent(ReadingsColumns.Bound(block.Readings.Length));
        try
        {
            int length = ReadingsColumns.Encode(block, rented);
            if (length >= Bytes(block))
            {
                return Encode(block, bytes);
            }

            rented.AsSpan(0, length).CopyTo(bytes);
            return length;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    public static NumericBlock Decode(BlockHeader header, ReadOnlySpan<byte> bytes)
    {
        uint count = CountOf(bytes);

        // More than the plain codec could hold could not be written again for the screen.
        if (count == 0 || bytes[0] > ReadingsColumns.Codec || bytes[1] != 0 || count > MaximumCount)
        {
            throw new BlockFormatException($"{count} readings in {bytes.Length} bytes");
        }

        ImmutableArray<NumericReading> readings = bytes[0] == Plain ? DecodePlain((int)count, bytes) : ReadingsColumns.Decode(header.Start, (int)count, bytes);
        UtcInstant last = header.Start;
        foreach (NumericReading reading in readings)
        {
            if (reading.Time < last)
            {
                throw new BlockFormatException("the times of the readings do not ascend from the block's start");
            }

            last = reading.Time;
        }

        return readings[0].Time != header.Start
            ? throw new BlockFormatException("the first reading is not at the block's start")
            : new NumericBlock
            {
                Signal = header.Signal,
                Start = header.Start,
                UncertaintyMicroseconds = header.UncertaintyMicroseconds,
                ClockEpoch = header.ClockEpoch,
                Readings = readings,
            };
    }

    private static ImmutableArray<NumericReading> DecodePlain(int count, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != ReadingsAt + (count * ReadingBytes))
        {
            throw new BlockFormatException($"{count} readings in {bytes.Length} bytes");
        }

        ImmutableArray<NumericReading>.Builder readings = ImmutableArray.CreateBuilder<NumericReading>(count);
        for (int at = ReadingsAt; at < bytes.Length; at += ReadingBytes)
        {
            readings.Add(DecodeOne(bytes[at..]));
        }

        return readings.MoveToImmutable();
    }

    private static NumericReading DecodeOne(ReadOnlySpan<byte> one)
    {
        if (one[FlagsAt] > HasValue)
        {
            throw new BlockFormatException($"flags {one[FlagsAt]} of a reading are not known");
        }

        long deviceTime = BinaryPrimitives.ReadInt64LittleEndian(one[DeviceTimeAt..]);
        var value = new Fixed(BinaryPrimitives.ReadInt64LittleEndian(one[MantissaAt..]), (sbyte)one[ExponentAt]);
        return new NumericReading(
            new UtcInstant(BinaryPrimitives.ReadInt64LittleEndian(one[TimeAt..])),
            one[FlagsAt] == HasValue ? value : null,
            (Validity)BinaryPrimitives.ReadUInt16LittleEndian(one[ValidityAt..]),
            deviceTime == SamplePayload.NoDeviceTime ? null : deviceTime);
    }
}
