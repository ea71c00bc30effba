using System.Buffers.Binary;

namespace Bedside.Ingest.Drivers.MindrayPds;

/// <summary>
/// A second of one wave (sheet A.4). On the wire each 7 bytes have bit 7 set and are followed by an eighth whose bits 0 to 6 are the true ones. Decoded, big-endian:
/// <code>
/// 0 checksum16 | 2 channel16 | 4 bytes per sample8 | 5 samples per second16 | 7 zero | 8 samples | zeros up to a multiple of 7
/// </code>
/// The ones' complement sum of all 16-bit words is FFFF.
/// </summary>
/// <param name="Channel">1152 = pleth.</param>
/// <param name="Width">1 = unsigned bytes, 2 = signed words.</param>
/// <param name="Rate">Samples a second, and in the record.</param>
internal sealed record WaveRecord(int Channel, int Width, int Rate, int[] Samples)
{
    private const int HeaderBytes = 8;
    private const int Group = 8;
    private const int GroupData = 7;
    private const int FastestRate = 2_000;
    private const byte Marker = 0x80;

    /// <summary>Reads what follows <c>ZMW|</c>; null with a reason when it is not sound.</summary>
    public static WaveRecord? Read(ReadOnlySpan<byte> encoded, out string reason)
    {
        byte[]? bytes = Decode(encoded);
        if (bytes is null || bytes.Length < HeaderBytes)
        {
            reason = "a wave is not encoded in eights";
            return null;
        }

        if (Sum(bytes) != ushort.MaxValue)
        {
            reason = "a wave has a wrong checksum";
            return null;
        }

        int width = bytes[4];
        int rate = BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(5));
        int length = HeaderBytes + (width * rate);
        if (width is not (1 or 2) || rate is 0 or > FastestRate || bytes.Length < length || bytes.Length >= length + GroupData)
        {
            reason = "a wave has another length than it says";
            return null;
        }

        int[] samples = new int[rate];
        for (int i = 0; i < rate; i++)
        {
            ReadOnlySpan<byte> at = bytes.AsSpan(HeaderBytes + (i * width));
            samples[i] = width == 1 ? at[0] : BinaryPrimitives.ReadInt16BigEndian(at);
        }

        reason = string.Empty;
        return new WaveRecord(BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(2)), width, rate, samples);
    }

    /// <summary>The record as it stands on the wire after <c>ZMW|</c>.</summary>
    public byte[] Write()
    {
        int length = HeaderBytes + (Width * Samples.Length);
        byte[] bytes = new byte[(length + GroupData - 1) / GroupData * GroupData];
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2), (ushort)Channel);
        bytes[4] = (byte)Width;
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(5), (ushort)Rate);
        for (int i = 0; i < Samples.Length; i++)
        {
            Span<byte> at = bytes.AsSpan(HeaderBytes + (i * Width));
            if (Width == 1)
            {
                at[0] = (byte)Samples[i];
            }
            else
            {
                BinaryPrimitives.WriteInt16BigEndian(at, (short)Samples[i]);
            }
        }

        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)~Sum(bytes));
        return Encode(bytes);
    }

    private static byte[]? Decode(ReadOnlySpan<byte> encoded)
    {
        if (encoded.IsEmpty || encoded.Length % Group != 0)
        {
            return null;
        }

        byte[] bytes = new byte[encoded.Length / Group * GroupData];
        for (int group = 0; group < encoded.Length / Group; group++)
        {
            ReadOnlySpan<byte> from = encoded.Slice(group * Group, Group);
            for (int i = 0; i < GroupData; i++)
            {
                if ((from[i] & Marker) == 0)
                {
                    return null;
                }

                bytes[(group * GroupData) + i] = (byte)((from[i] & ~Marker) | (from[GroupData] >> i & 1) << 7);
            }
        }

        return bytes;
    }

    private static byte[] Encode(ReadOnlySpan<byte> bytes)
    {
        byte[] encoded = new byte[bytes.Length / GroupData * Group];
        for (int i = 0; i < bytes.Length; i++)
        {
            int group = i / GroupData * Group;
            encoded[group + (i % GroupData)] = (byte)(bytes[i] | Marker);
            encoded[group + GroupData] |= (byte)(Marker | (bytes[i] >> 7) << (i % GroupData));
        }

        return encoded;
    }

    private static int Sum(ReadOnlySpan<byte> bytes)
    {
        int sum = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            sum += i % 2 == 0 ? bytes[i] << 8 : bytes[i];
            sum = (sum & ushort.MaxValue) + (sum >> 16);
        }

        return sum;
    }
}
