using System.Buffers.Binary;
using System.Numerics;

namespace Bedside.Storage.Files;

/// <summary>CRC-32C (Castagnoli), the one that processors have an instruction for.</summary>
internal static class Crc32C
{
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
