using System.Buffers.Binary;
using System.Numerics;

namespace Bedside.Storage.Files;

/// <summary>CRC-32C (Castagnoli), the one that processors have an instruction for.</summary>
internal static class Crc32C
{
    /// <summary>Castagnoli's, the highest power in the lowest bit.</summary>
    private const uint Polynomial = 0x82F6_3B78;

    private const int BitsOfByte = 8;

    /// <summary>A checksum that covers where the bytes stand too, so that right bytes in a wrong place are not taken.</summary>
    public static uint Of(FileIdentity file, long offset, ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        crc = BitOperations.Crc32C(crc, (ulong)file.Kind);
        crc = BitOperations.Crc32C(crc, file.Sequence);
        crc = BitOperations.Crc32C(crc, (ulong)offset);
        return ~Continue(crc, bytes);
    }

    public static uint Of(ReadOnlySpan<byte> bytes) => ~Continue(uint.MaxValue, bytes);

    /// <summary>
    /// Which bit of <paramref name="length"/> bytes was flipped, when a flip of one bit explains the difference between the
    /// checksum that was written and the one that was found; -1 when none does. Two flips are never taken for one: the
    /// checksum tells any three flips within 2^31 bits from none.
    /// </summary>
    public static long FlippedBit(uint difference, int length)
    {
        // A flip of the last bit changes the checksum by the polynomial; of the bit before it by that times x, and so on.
        uint effect = Polynomial;
        for (long bit = ((long)length * BitsOfByte) - 1; bit >= 0; bit--)
        {
            if (effect == difference)
            {
                return bit;
            }

            effect = (effect & 1) != 0 ? (effect >> 1) ^ Polynomial : effect >> 1;
        }

        return -1;
    }

    /// <summary>The difference of two checksums as it was before the last byte, which was the same in both.</summary>
    public static uint BeforeLastByte(uint difference)
    {
        for (int bit = 0; bit < BitsOfByte; bit++)
        {
            difference = (difference >> 31) != 0 ? ((difference ^ Polynomial) << 1) | 1 : difference << 1;
        }

        return difference;
    }

    private static uint Continue(uint crc, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        foreach (byte one in bytes)
        {
            crc = BitOperations.Crc32C(crc, one);
        }

        return crc;
    }
}
