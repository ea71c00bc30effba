namespace Bedside.Extract.Sealing;

/// <summary>
/// Bytes as letters and digits with a checksum that finds every slip of up to four of them: BIP 173, without its limit of length, as the age specification uses it.
/// <c>prefix 1 digits checksum</c>, five bits a digit, all in one case.
/// </summary>
internal static class Bech32
{
    private const string Digits = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    private const int ChecksumDigits = 6;
    private const int BitsOfDigit = 5;
    private const int DigitMask = 31;

    /// <summary>In lower case.</summary>
    public static string Encode(string prefix, ReadOnlySpan<byte> data)
    {
        byte[] digits = new byte[Length(data.Length) + ChecksumDigits];
        int bits = 0;
        int held = 0;
        int at = 0;
        foreach (byte one in data)
        {
            held = ((held << 8) | one) & 0xFFF;
            for (bits += 8; bits >= BitsOfDigit; bits -= BitsOfDigit)
            {
                digits[at++] = (byte)((held >> (bits - BitsOfDigit)) & DigitMask);
            }
        }

        if (bits > 0)
        {
            digits[at] = (byte)((held << (BitsOfDigit - bits)) & DigitMask);
        }

        uint sum = Checksum(prefix, digits) ^ 1;
        for (int i = 0; i < ChecksumDigits; i++)
        {
            digits[^(ChecksumDigits - i)] = (byte)((sum >> (BitsOfDigit * (ChecksumDigits - 1 - i))) & DigitMask);
        }

        return string.Create(prefix.Length + 1 + digits.Length, (prefix, digits), static (text, parts) =>
        {
            parts.prefix.CopyTo(text);
            text[parts.prefix.Length] = '1';
            for (int i = 0; i < parts.digits.Length; i++)
            {
                text[parts.prefix.Length + 1 + i] = Digits[parts.digits[i]];
            }
        });
    }

    /// <summary>Reads what <see cref="Encode"/> wrote, in lower case, into all of <paramref name="data"/>.</summary>
    /// <returns>What is wrong with it, to be put behind "it"; empty = nothing.</returns>
    public static string Decode(string text, string prefix, Span<byte> data)
    {
        int length = prefix.Length + 1 + Length(data.Length) + ChecksumDigits;
        if (!text.StartsWith(prefix + "1", StringComparison.Ordinal))
        {
            return $"does not begin with {prefix}1";
        }

        if (text.Length != length)
        {
            return $"has {text.Length} letters and digits, not {length}";
        }

        byte[] digits = new byte[length - prefix.Length - 1];
        for (int i = 0; i < digits.Length; i++)
        {
            int digit = Digits.IndexOf(text[prefix.Length + 1 + i], StringComparison.Ordinal);
            if (digit < 0)
            {
                return $"has a letter at place {prefix.Length + 2 + i} that does not occur in such a key";
            }

            digits[i] = (byte)digit;
        }

        if (Checksum(prefix, digits) != 1)
        {
            return "was mistyped: its checksum does not match";
        }

        return Unpack(digits.AsSpan(0, digits.Length - ChecksumDigits), data) ? string.Empty : "has bits behind its end";
    }

    private static int Length(int bytes) => ((bytes * 8) + BitsOfDigit - 1) / BitsOfDigit;

    /// <summary>False when the bits that fill the last digit are not zero.</summary>
    private static bool Unpack(ReadOnlySpan<byte> digits, Span<byte> data)
    {
        int bits = 0;
        int held = 0;
        int at = 0;
        foreach (byte digit in digits)
        {
            held = ((held << BitsOfDigit) | digit) & 0xFFF;
            bits += BitsOfDigit;
            if (bits >= 8)
            {
                bits -= 8;
                data[at++] = (byte)(held >> bits);
            }
        }

        return (held & ((1 << bits) - 1)) == 0;
    }

    /// <summary>Of the prefix, spread, and the digits; 1 when the last six are the checksum.</summary>
    private static uint Checksum(string prefix, ReadOnlySpan<byte> digits)
    {
        uint sum = 1;
        foreach (char letter in prefix)
        {
            sum = Step(sum, (uint)letter >> BitsOfDigit);
        }

        sum = Step(sum, 0);
        foreach (char letter in prefix)
        {
            sum = Step(sum, letter & (uint)DigitMask);
        }

        foreach (byte digit in digits)
        {
            sum = Step(sum, digit);
        }

        return sum;
    }

    private static uint Step(uint sum, uint digit)
    {
        ReadOnlySpan<uint> generator = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
        uint top = sum >> 25;
        sum = ((sum & 0x1FFFFFF) << BitsOfDigit) ^ digit;
        for (int i = 0; i < generator.Length; i++)
        {
            sum ^= ((top >> i) & 1) == 0 ? 0 : generator[i];
        }

        return sum;
    }
}
