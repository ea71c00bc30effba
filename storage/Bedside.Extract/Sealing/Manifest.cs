using System.Text;

namespace Bedside.Extract.Sealing;

/// <summary>A manifest of BagIt (RFC 8493, section 2.1.3), which <c>sha256sum --check</c> reads as well: <c>DIGEST</c>, two spaces, <c>PATH</c>, LF; by path, ordinal.</summary>
internal static class Manifest
{
    private const int DigestDigits = 64;
    private const string Between = "  ";
    private static readonly System.Buffers.SearchValues<char> Hexadecimal = System.Buffers.SearchValues.Create("0123456789abcdef");

    public static byte[] Write(IEnumerable<(string Path, string Digest)> lines)
    {
        var text = new StringBuilder();
        foreach ((string path, string digest) in lines.OrderBy(line => line.Path, StringComparer.Ordinal))
        {
            text.Append(digest).Append(Between).Append(path).Append('\n');
        }

        return Encoding.ASCII.GetBytes(text.ToString());
    }

    /// <summary>Null for what is no such list, or names a file twice or one that no package may hold.</summary>
    public static IReadOnlyList<(string Path, string Digest)>? Parse(ReadOnlySpan<byte> bytes)
    {
        string text = Encoding.ASCII.GetString(bytes);
        if (text.Length > 0 && text[^1] != '\n')
        {
            return null;
        }

        var lines = new List<(string Path, string Digest)>();
        foreach (string line in text.Split('\n')[..^1])
        {
            if (line.Length <= DigestDigits + Between.Length
                || line.AsSpan(0, DigestDigits).ContainsAnyExcept(Hexadecimal)
                || !line.AsSpan(DigestDigits).StartsWith(Between, StringComparison.Ordinal)
                || !PackageNames.IsPath(line[(DigestDigits + Between.Length)..])
                || (lines.Count > 0 && string.CompareOrdinal(lines[^1].Path, line[(DigestDigits + Between.Length)..]) >= 0))
            {
                return null;
            }

            lines.Add((line[(DigestDigits + Between.Length)..], line[..DigestDigits]));
        }

        return lines;
    }

    /// <summary>False for what is no SHA-256 in lower-case hexadecimal.</summary>
    public static bool IsDigest(string digest) => digest.Length == DigestDigits && !digest.AsSpan().ContainsAnyExcept(Hexadecimal);
}
