using System.Buffers.Binary;

namespace Bedside.Extract;

/// <summary>
/// How the samples of a signal file are coded: the storage formats of WFDB signal(5) that this product reads. It writes
/// 16 and 32.
/// <code>
///  16  two bytes, low first, two's complement        61  the same, high byte first
/// 160  two bytes, low first, value + 32768           80  one byte, value + 128
///  24  three bytes, low first, two's complement      32  four bytes, low first, two's complement
/// 212  two samples a and b in three bytes:  a7…a0 · b11…b8 a11…a8 · b7…b0
/// </code>
/// The most negative value of each means that there is no sample.
/// </summary>
public readonly record struct WfdbFormat(int Code)
{
    public static readonly WfdbFormat Short = new(16);

    public static readonly WfdbFormat Long = new(32);

    private const int NibbleBits = 4;

    public static bool IsKnown(int code) => code is 16 or 212 or 80 or 61 or 24 or 32 or 160;

    /// <summary>The value that stands for "no sample here".</summary>
    public int Missing => Code switch
    {
        80 => sbyte.MinValue,
        212 => -2048,
        24 => -(1 << 23),
        32 => int.MinValue,
        _ => short.MinValue,
    };

    /// <summary>Bits of one sample.</summary>
    public int Resolution => Code switch
    {
        80 => 8,
        212 => 12,
        24 => 24,
        32 => 32,
        _ => 16,
    };

    /// <summary>Where the sample <paramref name="index"/> begins; for format 212 only even samples begin on a byte.</summary>
    public long ByteOf(long index) => Code == 212 ? index / 2 * 3 : index * Resolution / 8;

    /// <summary>Bytes that hold <paramref name="samples"/> samples; a last single sample of format 212 takes two.</summary>
    public long BytesFor(long samples) => Code == 212 ? (samples / 2 * 3) + (samples % 2 * 2) : samples * Resolution / 8;

    /// <summary>Whole samples in <paramref name="bytes"/> bytes.</summary>
    public long SamplesIn(long bytes) => Code == 212 ? (bytes / 3 * 2) + (bytes % 3 / 2) : bytes * 8 / Resolution;

    /// <summary>Reads as many samples as <paramref name="samples"/> holds, from the first byte of a sample (an even one in format 212).</summary>
    public void Decode(ReadOnlySpan<byte> bytes, Span<int> samples)
    {
        if (Code == 212)
        {
            DecodePairs(bytes, samples);
            return;
        }

        int width = Resolution / 8;
        for (int i = 0; i < samples.Length; i++)
        {
            ReadOnlySpan<byte> at = bytes.Slice(i * width, width);
            samples[i] = Code switch
            {
                80 => at[0] + sbyte.MinValue,
                61 => BinaryPrimitives.ReadInt16BigEndian(at),
                160 => BinaryPrimitives.ReadUInt16LittleEndian(at) + short.MinValue,
                24 => ((at[0] << 8) | (at[1] << 16) | (at[2] << 24)) >> 8,
                32 => BinaryPrimitives.ReadInt32LittleEndian(at),
                _ => BinaryPrimitives.ReadInt16LittleEndian(at),
            };
        }
    }

    /// <summary>Writes formats 16 and 32; the caller has seen to it that the samples fit. Returns the bytes written.</summary>
    public int Encode(ReadOnlySpan<int> samples, Span<byte> bytes)
    {
        int width = Resolution / 8;
        for (int i = 0; i < samples.Length; i++)
        {
            Span<byte> at = bytes.Slice(i * width, width);
            if (Code == Long.Code)
            {
                BinaryPrimitives.WriteInt32LittleEndian(at, samples[i]);
            }
            else
            {
                BinaryPrimitives.WriteInt16LittleEndian(at, checked((short)samples[i]));
            }
        }

        return samples.Length * width;
    }

    private static void DecodePairs(ReadOnlySpan<byte> bytes, Span<int> samples)
    {
        for (int i = 0; i < samples.Length; i++)
        {
            ReadOnlySpan<byte> pair = bytes[(i / 2 * 3)..];
            int twelve = i % 2 == 0 ? pair[0] | ((pair[1] & 0x0F) << 8) : pair[2] | ((pair[1] & 0xF0) << NibbleBits);
            samples[i] = twelve << 20 >> 20;
        }
    }
}
