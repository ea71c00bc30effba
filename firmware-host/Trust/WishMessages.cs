using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;

namespace Bedside.Host.Trust;

/// <summary>What a box says to the head of the patients who refuse research on it, and what it asks (FORMAT.md, section 7).</summary>
/// <param name="Key">Which key the marks were made with (<see cref="WishMarks.NameOf"/>); empty = it has none yet, and says nothing.</param>
/// <param name="Digest">Of its marks (<see cref="WishMarks.Digest"/>).</param>
/// <param name="Refused">The marks themselves, all of them; null = they are as they were said before.</param>
/// <param name="Asks">It wants to hear everybody's.</param>
internal sealed record WishQuestion(string Key, string Digest, IReadOnlyList<string>? Refused, bool Asks);

/// <summary>What the head answers.</summary>
/// <param name="Key">Of the unit, base64 of 32 bytes.</param>
/// <param name="IsWanted">What was said is not what the head has: it wants all marks of this box, under that key.</param>
/// <param name="Refused">Marks of everybody who refuses at any bed; null = it was not asked for.</param>
/// <param name="Silent">Host names of boxes that were not heard of late: what their patients say is not known; null = it was not asked for.</param>
internal sealed record WishAnswer(string Key, bool IsWanted, IReadOnlyList<string>? Refused, IReadOnlyList<string>? Silent);

/// <summary>What the head keeps: the key of the unit, and of each box the marks that it said last.</summary>
/// <param name="Key">Base64 of 32 bytes.</param>
internal sealed record WishBook(string Key, IReadOnlyList<BoxWishes> Boxes);

/// <summary>Everybody who refuses research on a box, as it said last.</summary>
/// <param name="Box">Name of the box for programs.</param>
internal sealed record BoxWishes(string Box, IReadOnlyList<string> Refused);

/// <summary>Marks as they are written: 32 lower-case hexadecimal digits each, ascending, none twice.</summary>
internal static class WishMarks
{
    /// <summary>Of one box: a patient has a few numbers.</summary>
    public const int Most = 20_000;

    private const int Digits = 32;

    public static IReadOnlyList<string> Write(IEnumerable<UInt128> marks) => [.. marks.Distinct().Order().Select(mark => mark.ToString("x32", CultureInfo.InvariantCulture))];

    /// <summary>Null = these are no marks, or too many.</summary>
    /// <param name="most">Of one box; of a whole unit there is no bound.</param>
    public static IReadOnlyList<UInt128>? Read(IReadOnlyList<string> marks, int most = int.MaxValue)
    {
        if (marks.Count > most)
        {
            return null;
        }

        var read = new List<UInt128>(marks.Count);
        foreach (string mark in marks)
        {
            if (mark is not { Length: Digits } || !UInt128.TryParse(mark, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out UInt128 one))
            {
                return null;
            }

            read.Add(one);
        }

        return read;
    }

    /// <summary>SHA-256 of all of them, a line each.</summary>
    public static string Digest(IReadOnlyList<string> marks) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(string.Concat(marks.Select(mark => mark + "\n")))));

    /// <summary>By what a box says which key it has, and does not say the key.</summary>
    public static string NameOf(ReadOnlySpan<byte> key) => Convert.ToHexStringLower(SHA256.HashData([.. "bedside unit wishes"u8, .. key]));
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(WishQuestion))]
[JsonSerializable(typeof(WishAnswer))]
[JsonSerializable(typeof(WishBook))]
internal sealed partial class WishJson : JsonSerializerContext;
