using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Bedside.Host.Commands;
using Bedside.Model.Audit;

namespace Bedside.Host.Trust;

/// <summary>
/// What is done with the certificates of a unit, as entries of the journal of access: a certificate goes by the hash of its public key, which the head and the box say alike, another box by its host name.
/// </summary>
/// <param name="entry">An entry of whoever does it.</param>
internal sealed class UnitTrail(IAuditTrail trail, Func<AuditAct, AuditEntry> entry)
{
    private const int HashBytes = 16;

    public static UnitTrail OfBox(IAuditTrail trail) => new(trail, static act => new AuditEntry(act));

    public static UnitTrail OfConsole(IAuditTrail trail) => new(trail, static act => CommandAudit.Entry(act));

    /// <summary>Of a public key, in so many digits as tell it from every other.</summary>
    public static string HashOf(PublicKey key) => Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo()).AsSpan(0, HashBytes));

    /// <summary>Kept, then done; that it failed is told. Throws <see cref="AuditUnwritableException"/>: then nothing was done.</summary>
    /// <param name="host">Of another box; empty = it is this one's.</param>
    public T Keep<T>(AuditAct act, string kind, string host, PublicKey key, Func<T> make)
    {
        AuditEntry kept = Keep(act, kind, host, AuditFact.Of(AuditFactKind.Hash, HashOf(key)));
        try
        {
            return make();
        }
        catch
        {
            End(kept, isDone: false);
            throw;
        }
    }

    /// <summary>Kept when it returns. Throws <see cref="AuditUnwritableException"/>: then nothing of it may be done.</summary>
    public AuditEntry Keep(AuditAct act, string kind, string host, params AuditFact[] more)
    {
        AuditEntry kept = entry(act) with { Bed = host, What = [AuditFact.Of(AuditFactKind.Kind, kind), .. more] };
        trail.Append(kept);
        return kept;
    }

    public void End(AuditEntry kept, bool isDone) => trail.Tell(kept with { Result = isDone ? AuditResult.Done : AuditResult.Failed });

    /// <summary>Told, never asked: a certificate that ends because of the journal would help nobody.</summary>
    public void Renewed(string host, PublicKey key) => trail.Tell(entry(AuditAct.CertificateRenew) with
    {
        Bed = host,
        Result = AuditResult.Done,
        What = [AuditFact.Of(AuditFactKind.Kind, "box"), AuditFact.Of(AuditFactKind.Hash, HashOf(key))],
    });
}
