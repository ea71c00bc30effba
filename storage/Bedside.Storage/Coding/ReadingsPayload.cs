using System.Buffers.Binary;
using System.Collections.Immutable;
using Bedside.Model;

namespace Bedside.Storage.Coding;

/// <summary>
/// Payload of kind 2.
/// <code>
///  0  u8 codec = 0    1  u8 0    2  u16 count
///  4  count × { i64 time · i64 device time · i64 mantissa · i8 exponent · u8 flags · u16 validity }
/// </code>
/// FORMAT.md, section 3.
/// </summary>
internal static class ReadingsPayload
{
    public const int ReadingBytes = ValidityAt + sizeof(ushort);

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

    public static int Encode(NumericBlock block, Span<byte> bytes)
    {
        if (block.Readings.Length is 0 or > ushort.MaxValue || block.Readings[0].Time != block.Start)
        {
            throw new ArgumentException($"a block holds 1 to {ushort.MaxValue} readings, the first at its start");
        }

        bytes[0] = Plain;
        bytes[1] = 0;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[CountAt..], (ushort)block.Readings.Length);
        int at = ReadingsAt;
        UtcInstant last = block.Start;
        foreach (NumericReading reading in block.Readings)
        {
            if (reading.Time < last)
            {
                throw new ArgumentException("the times of readings ascend");
            }

            last = reading.Time;
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

    public static NumericBlock Decode(BlockHeader header, ReadOnlySpan<byte> bytes)
    {
        uint count = CountOf(bytes);
        if (count == 0 || bytes[0] != Plain || bytes[1] != 0 || bytes.Length != ReadingsAt + (count * ReadingBytes))
        {
            throw new BlockFormatException($"{count} readings in {bytes.Length} bytes");
        }

        ImmutableArray<NumericReading>.Builder readings = ImmutableArray.CreateBuilder<NumericReading>((int)count);
        UtcInstant last = header.Start;
        for (int at = ReadingsAt; at < bytes.Length; at += ReadingBytes)
        {
            NumericReading reading = DecodeOne(bytes[at..]);
            if (reading.Time < last || (at == ReadingsAt && reading.Time != header.Start))
            {
                throw new BlockFormatException("the times of the readings do not ascend from the block's start");
            }

            last = reading.Time;
            readings.Add(reading);
        }

        return new NumericBlock
        {
            Signal = header.Signal,
            Start = header.Start,
            UncertaintyMicroseconds = header.UncertaintyMicroseconds,
            ClockEpoch = header.ClockEpoch,
            Readings = readings.MoveToImmutable(),
        };
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
