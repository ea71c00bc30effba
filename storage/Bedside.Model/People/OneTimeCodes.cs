using System.Security.Cryptography;

namespace Bedside.Model.People;

/// <summary>
/// 128 random bits as people read them aloud: 26 letters and digits of Crockford's base 32 in groups of four and a last one of six. I, L and O are read as 1, 1 and 0; case, spaces and hyphens do not count.
/// </summary>
public static class OneTimeCodes
{
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private const int BitsOfDigit = 5;
    private const int Bytes = 16;
    private const int Digits = 26;
    private const int Group = 4;

    /// <summary>The code to show once, and what is kept of it.</summary>
    public static (string Code, OneTimeCode Kept) Make(UtcInstant now, TimeSpan life)
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        RandomNumberGenerator.Fill(bytes);
        long until = (long)life.TotalMilliseconds * 1_000_000;
        return (Text(bytes), new OneTimeCode(HashOf(bytes), now.Add(until)));
    }

    /// <summary>False when it is no such code at all.</summary>
    public static bool TryHash(string text, out string hash)
    {
        hash = string.Empty;
        UInt128 value = 0;
        int digits = 0;
        foreach (char letter in text)
        {
            if (letter is ' ' or '-')
            {
                continue;
            }

            int digit = Alphabet.IndexOf(Plain(letter), StringComparison.Ordinal);
            if (digit < 0 || ++digits > Digits || (digits == 1 && digit >= 1 << (8 * Bytes % BitsOfDigit)))
            {
                return false;
            }

            value = (value << BitsOfDigit) | (uint)digit;
        }

        if (digits != Digits)
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[Bytes];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(bytes, value);
        hash = HashOf(bytes);
        return true;
    }

    private static string Text(ReadOnlySpan<byte> bytes)
    {
        UInt128 value = System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes);
        Span<char> digits = stackalloc char[Digits];
        for (int i = Digits - 1; i >= 0; i--)
        {
            digits[i] = Alphabet[(int)(value & 31)];
            value >>= BitsOfDigit;
        }

        var text = new System.Text.StringBuilder();
        for (int i = 0; i < Digits; i++)
        {
            text.Append(i > 0 && i % Group == 0 && i + 1 < Digits - 1 ? "-" : string.Empty).Append(digits[i]);
        }

        return text.ToString();
    }

    private static char Plain(char letter) => char.ToUpperInvariant(letter) switch
    {
        'I' or 'L' => '1',
        'O' => '0',
        char other => other,
    };

    private static string HashOf(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
