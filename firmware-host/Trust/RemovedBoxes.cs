using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Bedside.Host.Trust;

/// <summary>Boxes that were taken out of a unit, and whose certificates are not believed any more whatever they say.</summary>
/// <param name="Root">SHA-256 of the unit's root: a list is of one unit.</param>
/// <param name="Number">Grows with each removal: an older list never takes the place of a newer one.</param>
internal sealed record RemovedBoxes(string Root, long Number, IReadOnlyList<string> Boxes)
{
    private const string Start = "bedside removed 1";
    private const int LinesBefore = 3;

    /// <summary>What is signed: a line each for kind, root, number and every box, each ended.</summary>
    public string ToText() => string.Create(CultureInfo.InvariantCulture, $"{Start}\n{Root}\n{Number}\n") + string.Concat(Boxes.Select(box => box + "\n"));

    /// <summary>Null when it is no list.</summary>
    public static RemovedBoxes? Parse(string text)
    {
        string[] lines = text.Split('\n');
        return lines.Length > LinesBefore && lines[0] == Start && lines[^1].Length == 0 && long.TryParse(lines[2], NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? new RemovedBoxes(lines[1], number, lines[LinesBefore..^1])
            : null;
    }
}

/// <summary>The list as it goes from the head to the boxes, and as they keep it: signed by the unit's issuer (ECDSA P-256, SHA-256, of the UTF-8 text).</summary>
/// <param name="Signature">Base64.</param>
/// <param name="Issuer">PEM; it must be under the unit's root and be an authority itself.</param>
internal sealed record SignedRemovals(string Text, string Signature, string Issuer)
{
    /// <summary>An issuer is judged at a time at which it was good: just before its end.</summary>
    private static readonly TimeSpan WithinItsTime = TimeSpan.FromMinutes(1);

    public static SignedRemovals Sign(RemovedBoxes removed, ECDsa issuerKey, string issuer)
    {
        string text = removed.ToText();
        return new SignedRemovals(text, Convert.ToBase64String(issuerKey.SignData(Encoding.UTF8.GetBytes(text), HashAlgorithmName.SHA256)), issuer);
    }

    /// <summary>Null when it is not of this unit's issuer, or not what was signed. An issuer that has ended still says whom it removed.</summary>
    public RemovedBoxes? Open(X509Certificate2 root)
    {
        try
        {
            using var issuer = X509Certificate2.CreateFromPem(Issuer);
            X509ChainPolicy policy = UnitChain.Policy(root, [], use: null, new DateTimeOffset(issuer.NotAfter.ToUniversalTime()) - WithinItsTime);
            using ECDsa? key = issuer.GetECDsaPublicKey();
            bool isSigned = key is not null
                && issuer.Extensions.OfType<X509BasicConstraintsExtension>().Any(basic => basic.CertificateAuthority)
                && UnitChain.Fault(issuer, policy) is null
                && key.VerifyData(Encoding.UTF8.GetBytes(Text), Convert.FromBase64String(Signature), HashAlgorithmName.SHA256);
            return isSigned && RemovedBoxes.Parse(Text) is { } removed && removed.Root == EnrolmentCode.HashOf(root) ? removed : null;
        }
        catch (Exception failed) when (failed is CryptographicException or FormatException or ArgumentException)
        {
            return null;
        }
    }
}
