using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Bedside.Model.Research;

/// <summary>The way to one package for one person: 128 random bits that are shown once. Kept is their hash alone.</summary>
/// <param name="Badge">Of the named person; nobody else's session opens it.</param>
/// <param name="Hash">SHA-256 of the token's letters, lower-case hexadecimal.</param>
/// <param name="Until">It is worth nothing from then on.</param>
/// <param name="Used">When the last byte had been sent; null = not yet.</param>
public sealed record DownloadLink(string Study, int Version, string Badge, string Hash, UtcInstant Made, UtcInstant Until, UtcInstant? Used)
{
    private const int TokenBytes = 16;

    /// <summary>How long a link is worth something (<c>trust.md</c>, section 5.8).</summary>
    public static TimeSpan Life { get; } = TimeSpan.FromDays(7);

    /// <summary>A new link and its token.</summary>
    public static (DownloadLink Link, string Token) Make(string study, int version, string badge, UtcInstant now)
    {
        string token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenBytes));
        return (new DownloadLink(study, version, badge, HashOf(token), now, now.Add(Life.Ticks * TimeSpan.NanosecondsPerTick), Used: null), token);
    }

    public static string HashOf(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}

/// <summary>The links that were made. Every member may be called from any thread.</summary>
public interface IDownloadLinks
{
    IReadOnlyList<DownloadLink> All { get; }

    /// <summary>The next list made of the present one, on the disk when it returns. Throws <see cref="IOException"/>.</summary>
    void Change(Func<IReadOnlyList<DownloadLink>, IReadOnlyList<DownloadLink>> change);
}
