using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;

namespace Bedside.Tests.Viewer.People;

/// <summary>An app of codes on a phone with a clock of its own: RFC 4226, section 5.3, and RFC 6238, section 4, written here from their text and not with what the box uses.</summary>
internal sealed class PhoneApp(byte[] secret, TimeProvider clock)
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /// <summary>An app into which somebody typed what the box shows.</summary>
    /// <param name="secret">Base32.</param>
    public PhoneApp(string secret, TimeProvider clock)
        : this(Bytes(secret), clock)
    {
    }

    /// <summary>How much its clock is before the box's.</summary>
    public TimeSpan Ahead { get; set; }

    public string Now => Of(secret, (clock.GetUtcNow() + Ahead).ToUnixTimeSeconds() / 30, 6);

    public string At(int steps) => Of(secret, ((clock.GetUtcNow() + Ahead).ToUnixTimeSeconds() / 30) + steps, 6);

    [SuppressMessage("Security", "CA5350", Justification = "RFC 6238 has SHA-1 as what every app knows; as a keyed hash it is not broken.")]
    public static string Of(byte[] key, long step, int digits)
    {
        byte[] counter = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        byte[] hash = HMACSHA1.HashData(key, counter);
        int offset = hash[^1] & 0xF;
        int number = BinaryPrimitives.ReadInt32BigEndian(hash.AsSpan(offset)) & 0x7FFF_FFFF;
        return (number % (int)Math.Pow(10, digits)).ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0');
    }

    /// <summary>RFC 4648, section 6, as a person types it: in groups.</summary>
    public static byte[] Bytes(string text)
    {
        List<byte> bytes = [];
        (int bits, int held) = (0, 0);
        foreach (char letter in text.Where(letter => letter != ' '))
        {
            bits = (bits << 5) | Alphabet.IndexOf(letter, StringComparison.Ordinal);
            held += 5;
            if (held >= 8)
            {
                held -= 8;
                bytes.Add((byte)(bits >> held));
                bits &= (1 << held) - 1;
            }
        }

        return [.. bytes];
    }
}
