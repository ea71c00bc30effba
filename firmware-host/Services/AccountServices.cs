using Bedside.Host.Commands;
using Bedside.Model;
using Bedside.Model.Audit;
using Bedside.Model.People;
using Bedside.Storage.Keys;
using Bedside.Storage.People;

namespace Bedside.Host.Services;

/// <summary>The accounts of the box that runs, and the code for the first of them.</summary>
internal static class AccountServices
{
    /// <summary>What of the box key PINs, and the secrets of apps of codes, are made.</summary>
    public static ReadOnlySpan<byte> PinContext => "bedside pin"u8;

    /// <summary>32 bytes for the PINs of this box, of its key; null = it has none.</summary>
    public static Func<byte[]?> PinKey(DirectoryInfo data, FileInfo? key)
    {
        var pins = new Lazy<byte[]?>(() =>
        {
            try
            {
                using BoxKey? box = BoxKeyPlace.Read(data, key);
                return box?.Derive(PinContext);
            }
            catch (Exception failed) when (failed is IOException or UnauthorizedAccessException or CommandFailedException)
            {
                return null;
            }
        });
        return () => pins.Value;
    }

    /// <summary>Says on the console how a box without accounts gets its first: a code for 15 minutes, worth one use. A disk that does not take it says so, and the box goes on; so it does where the journal cannot be written, which keeps the entry until it can.</summary>
    public static void OfferFirstCode(AccountBook book, IAuditTrail trail, TimeProvider time)
    {
        if (((IAccountBook)book).HasAccounts)
        {
            return;
        }

        (string code, OneTimeCode kept) = OneTimeCodes.Make(UtcInstant.FromDateTime(time.GetUtcNow()), AccountLimits.FirstCodeLife);
        try
        {
            if (book.Change(list => list.All.Count > 0 ? AccountChange.No(AccountFault.Known) : new AccountChange(list with { First = kept })) == AccountFault.None)
            {
                trail.Tell(new AuditEntry(AuditAct.RecoveryCode) { What = [AuditFact.Of(AuditFactKind.Kind, "first")] });
                Console.WriteLine($"first-code {code}");
                Console.WriteLine("no account yet: this machine may do everything, others nothing. The code makes the first administrator (screen: More, People), once, within 15 minutes; bedside account first-code makes another.");
            }
        }
        catch (IOException failed)
        {
            Console.Error.WriteLine($"bedside: no code for a first account: {failed.Message}");
        }
    }
}
