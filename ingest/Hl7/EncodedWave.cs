using System.Buffers.Binary;
using System.Buffers.Text;
using System.Collections.Immutable;
using Bedside.Model;

namespace Bedside.Ingest.Hl7;

/// <summary>Samples as encapsulated data (ED): Base64 or hexadecimal digits of 16-bit numbers, low byte first. XML and whatever else is in there is not read.</summary>
internal static class EncodedWave
{
    private const int EncodingPart = 4;
    private const int DataPart = 5;

    /// <summary>Null when it is not encoded so, or holds more than <paramref name="most"/> samples or half a one.</summary>
    public static WaveValues? Read(Hl7Value value, ImmutableArray<int> markers, int most)
    {
        Hl7Value first = value.Repetition(0);
        ReadOnlySpan<byte> data = first.Component(DataPart).Bytes;
        if (data.IsEmpty || data.Length > most * sizeof(short) * 3)
        {
            return null;
        }

        byte[] bytes = WithoutLineEnds(data);
        byte[]? decoded = first.Component(EncodingPart).Text.ToUpperInvariant() switch
        {
            "BASE64" => FromBase64(bytes),
            "HEX" => FromHex(bytes),
            _ => null,
        };
        if (decoded is null || decoded.Length == 0 || decoded.Length % sizeof(short) != 0 || decoded.Length / sizeof(short) > most)
        {
            return null;
        }

        var numbers = new List<Fixed?>(decoded.Length / sizeof(short));
        for (int i = 0; i < decoded.Length; i += sizeof(short))
        {
            numbers.Add(new Fixed(BinaryPrimitives.ReadInt16LittleEndian(decoded.AsSpan(i)), 0));
        }

        return WaveValues.Make(numbers, markers);
    }

    /// <summary>Lines end with an escape sequence (<c>\X0D0A\</c>) where they are broken; spaces go too.</summary>
    private static byte[] WithoutLineEnds(ReadOnlySpan<byte> data)
    {
        byte[] kept = new byte[data.Length];
        int count = 0;
        bool inside = false;
        foreach (byte one in data)
        {
            inside ^= one == (byte)'\\';
            if (!inside && one is not ((byte)'\\' or (byte)' '))
            {
                kept[count++] = one;
            }
        }

        return kept[..count];
    }

    private static byte[]? FromBase64(byte[] text)
    {
        byte[] decoded = new byte[Base64.GetMaxDecodedFromUtf8Length(text.Length)];
        return Base64.DecodeFromUtf8(text, decoded, out int used, out int written) == System.Buffers.OperationStatus.Done && used == text.Length ? decoded[..written] : null;
    }

    private static byte[]? FromHex(byte[] text)
    {
        bool isHex = text.Length % 2 == 0 && Array.TrueForAll(text, static one => char.IsAsciiHexDigit((char)one));
        return isHex ? Convert.FromHexString(System.Text.Encoding.ASCII.GetString(text)) : null;
    }
}
