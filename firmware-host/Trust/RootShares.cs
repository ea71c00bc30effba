using System.Security.Cryptography;
using System.Text;

namespace Bedside.Host.Trust;

/// <summary>
/// The words of a unit's root key in three shares for three people, any two of which give them back while one alone tells nothing of them: the words are the exclusive or of three random numbers, and each share has two of the three
/// (replicated secret sharing; Ito, Saito and Nishizeki, 1987).
/// </summary>
internal static class RootShares
{
    public const int Count = 3;

    private const string Begin = "share-";
    private const int NumberBytes = 16;
    private const int SetBytes = 2;
    private const int CheckBytes = 4;

    /// <summary>Index, set, two numbers, check.</summary>
    private const int ShareBytes = 2 + SetBytes + (2 * NumberBytes) + CheckBytes;

    /// <summary>128 bits in eight groups of four hexadecimal digits.</summary>
    public static string Words(ReadOnlySpan<byte> secret) => Groups(secret);

    /// <summary>Each for another person.</summary>
    /// <param name="words">As <see cref="Words"/> writes them.</param>
    public static IReadOnlyList<string> Split(string words)
    {
        byte[] set = RandomNumberGenerator.GetBytes(SetBytes);
        byte[][] numbers = [RandomNumberGenerator.GetBytes(NumberBytes), RandomNumberGenerator.GetBytes(NumberBytes), Convert.FromHexString(words.Replace("-", string.Empty, StringComparison.Ordinal))];
        Mix(numbers[2], numbers[0]);
        Mix(numbers[2], numbers[1]);
        return [.. Enumerable.Range(0, Count).Select(index => Write(index, set, numbers[index], numbers[(index + 1) % Count]))];
    }

    /// <summary>Whether somebody gave a share where words are asked for.</summary>
    public static bool IsShare(string text) => text.Trim().StartsWith(Begin, StringComparison.OrdinalIgnoreCase);

    /// <summary>The words again. Throws <see cref="UnitFaultException"/> with what is wrong with which share.</summary>
    public static string Join(string one, string other)
    {
        (int index, byte[] set, byte[] first, byte[] second) = Read(one);
        (int otherIndex, byte[] otherSet, byte[] otherFirst, byte[] otherSecond) = Read(other);
        if (!set.AsSpan().SequenceEqual(otherSet))
        {
            throw new UnitFaultException("these shares are of two different root keys; two of the same one are needed.");
        }

        if (index == otherIndex)
        {
            throw new UnitFaultException($"share {index + 1} was given twice; another one of the three is needed beside it.");
        }

        // Two shares have one number in common, and one each that the other has not.
        bool isBefore = (index + 1) % Count == otherIndex;
        byte[][] numbers = isBefore ? [first, second, otherSecond] : [otherFirst, otherSecond, second];
        Mix(numbers[0], numbers[1]);
        Mix(numbers[0], numbers[2]);
        return Groups(numbers[0]);
    }

    private static string Write(int index, byte[] set, byte[] first, byte[] second)
    {
        byte[] body = [0, (byte)(index + 1), .. set, .. first, .. second];
        return Begin + Groups([.. body, .. Check(body)]);
    }

    private static (int Index, byte[] Set, byte[] First, byte[] Second) Read(string text)
    {
        string digits = new([.. text.Trim().Skip(Begin.Length).Where(letter => letter is not ('-' or ' '))]);
        if (!IsShare(text) || digits.Length != 2 * ShareBytes || !digits.All(char.IsAsciiHexDigit))
        {
            throw new UnitFaultException($"that is no share of a root key: it begins with {Begin} and has {ShareBytes / 2} groups of four digits after that.");
        }

        byte[] bytes = Convert.FromHexString(digits);
        ReadOnlySpan<byte> body = bytes.AsSpan(0, ShareBytes - CheckBytes);
        if (!Check(body).AsSpan().SequenceEqual(bytes.AsSpan(ShareBytes - CheckBytes)) || bytes[1] is < 1 or > Count)
        {
            throw new UnitFaultException($"the share that begins with {Begin}{Groups(bytes.AsSpan(0, 4))} is mistyped: its last two groups do not fit the others.");
        }

        const int Numbers = 2 + SetBytes;
        return (bytes[1] - 1, bytes[2..Numbers], bytes[Numbers..(Numbers + NumberBytes)], bytes[(Numbers + NumberBytes)..(Numbers + (2 * NumberBytes))]);
    }

    /// <summary>Against slips of the hand.</summary>
    private static byte[] Check(ReadOnlySpan<byte> body) => SHA256.HashData([.. Encoding.ASCII.GetBytes(Begin), .. body])[..CheckBytes];

    private static void Mix(byte[] into, byte[] with)
    {
        for (int i = 0; i < into.Length; i++)
        {
            into[i] ^= with[i];
        }
    }

    private static string Groups(ReadOnlySpan<byte> bytes) => string.Join('-', Convert.ToHexStringLower(bytes).Chunk(4).Select(group => new string(group)));
}
