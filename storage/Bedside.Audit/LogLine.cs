using System.Security.Cryptography;
using System.Text;

namespace Bedside.Audit;

/// <summary>
/// One line of the journal: <c>entry TAB hash TAB seal LF</c>. The hash, 64 hexadecimal digits, is SHA-256 of the hash before it and the entry's bytes; the seal, 32 digits, is the first half
/// of HMAC-SHA-256 of the hash under the key of the entry's epoch. FORMAT.md, section 3.
/// </summary>
internal static class LogLine
{
    public const int HashBytes = SHA256.HashSizeInBytes;
    public const int SealBytes = 16;

    /// <summary>Bytes of a line, at most.</summary>
    public const int MostBytes = 8192;

    private static readonly System.Buffers.SearchValues<byte> HexDigits = System.Buffers.SearchValues.Create("0123456789abcdef"u8);

    private const int HashAt = 1;
    private const int SealAt = HashAt + (2 * HashBytes) + 1;
    private const int TailBytes = SealAt + (2 * SealBytes);

    /// <summary>What stands before the first entry: SHA-256 of the format's name.</summary>
    public static byte[] Beginning => SHA256.HashData("bedside audit 1"u8);

    public static byte[] Hash(ReadOnlySpan<byte> before, ReadOnlySpan<byte> entry)
    {
        byte[] hash = new byte[HashBytes];
        Hash(before, entry, hash);
        return hash;
    }

    public static void Hash(ReadOnlySpan<byte> before, ReadOnlySpan<byte> entry, Span<byte> hash)
    {
        Span<byte> both = stackalloc byte[HashBytes + MostBytes];
        before.CopyTo(both);
        entry.CopyTo(both[HashBytes..]);
        _ = SHA256.HashData(both[..(HashBytes + entry.Length)], hash);
    }

    public static byte[] Write(ReadOnlySpan<byte> entry, ReadOnlySpan<byte> hash, ReadOnlySpan<byte> seal)
    {
        string tail = $"\t{Convert.ToHexStringLower(hash)}\t{Convert.ToHexStringLower(seal)}\n";
        return [.. entry, .. Encoding.ASCII.GetBytes(tail)];
    }

    /// <summary>Takes a line apart, without its end. False when it has not that form; whether it is true is another question.</summary>
    public static bool TrySplit(ReadOnlySpan<byte> line, out ReadOnlySpan<byte> entry, scoped Span<byte> hash, scoped Span<byte> seal)
    {
        entry = default;
        if (line.Length <= TailBytes || line.Length >= MostBytes)
        {
            return false;
        }

        ReadOnlySpan<byte> tail = line[^TailBytes..];
        entry = line[..^TailBytes];
        return tail[0] == '\t' && tail[SealAt - 1] == '\t'
            && IsHex(tail.Slice(HashAt, 2 * HashBytes)) && IsHex(tail[SealAt..])
            && Convert.FromHexString(tail.Slice(HashAt, 2 * HashBytes), hash, out _, out _) == System.Buffers.OperationStatus.Done
            && Convert.FromHexString(tail[SealAt..], seal, out _, out _) == System.Buffers.OperationStatus.Done;
    }

    /// <summary>Lower case only: a line has one form.</summary>
    private static bool IsHex(ReadOnlySpan<byte> digits) => digits.IndexOfAnyExcept(HexDigits) < 0;
}
