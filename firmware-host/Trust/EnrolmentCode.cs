using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Bedside.Host.Trust;

/// <summary>
/// What is carried from the unit head to a box that is to join, as text, as a file or in a QR code: where the head answers, 128 random bits that serve once, and the SHA-256 of the unit's root, by which the
/// box knows the head before it says anything.
/// <code>
/// bedside:join:1:HOST:PORT:32 hexadecimal digits:64 hexadecimal digits
/// </code>
/// </summary>
internal sealed record EnrolmentCode(string Host, int Port, string Secret, string RootHash)
{
    public const int SecretBytes = 16;

    private const string Start = "bedside:join:1:";
    private const int Parts = 4;

    public static EnrolmentCode Make(string host, int port, X509Certificate2 root) =>
        new(host, port, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SecretBytes)), HashOf(root));

    public static string HashOf(X509Certificate2 root) => Convert.ToHexStringLower(SHA256.HashData(root.RawData));

    /// <summary>Null when it is no code. Blanks and ends of lines in it do not matter, nor does the case of its letters.</summary>
    public static EnrolmentCode? Parse(string text)
    {
        string whole = string.Concat(text.Where(letter => !char.IsWhiteSpace(letter))).ToLowerInvariant();
        if (!whole.StartsWith(Start, StringComparison.Ordinal))
        {
            return null;
        }

        string[] parts = whole[Start.Length..].Split(':');
        return parts is [var host, var port, var secret, var hash] && parts.Length == Parts && host.Length > 0
            && int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number is > 0 and <= ushort.MaxValue
            && IsHex(secret, SecretBytes) && IsHex(hash, SHA256.HashSizeInBytes)
                ? new EnrolmentCode(host, number, secret, hash)
                : null;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Start}{Host}:{Port}:{Secret}:{RootHash}");

    private static bool IsHex(string text, int bytes) => text.Length == 2 * bytes && text.All(char.IsAsciiHexDigit);
}
