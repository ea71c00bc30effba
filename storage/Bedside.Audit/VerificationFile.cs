using Bedside.Storage.Disk;
using Bedside.Storage.Retention;

namespace Bedside.Audit;

/// <summary>
/// Where the first key lies until a person takes it away on paper: as long as it is in the box, whoever may read the box can seal anything anew. FORMAT.md, section 4.
/// </summary>
internal static class VerificationFile
{
    /// <summary>Throws the disk's errors.</summary>
    public static IReadOnlyList<VerificationKey> Read(IDisk disk)
    {
        (string? text, _) = TwinFile.Read(disk, AuditNames.Verification);
        return KeysOf(text ?? string.Empty);
    }

    public static IReadOnlyList<VerificationKey> KeysOf(string text) => [.. text.Split('\n').Select(VerificationKey.Parse).OfType<VerificationKey>()];

    /// <summary>Which key the journal began under; null = it was taken away.</summary>
    public static string? IdOf(IDisk disk) => Read(disk) is [var first, ..] ? first.Id : null;

    /// <summary>Throws the disk's errors.</summary>
    public static void Add(IDisk disk, VerificationKey key, bool isFirst) =>
        TwinFile.Write(disk, AuditNames.Verification, string.Join('\n', (isFirst ? [] : Read(disk)).Append(key)));

    /// <summary>Overwrites and deletes it. Throws the disk's errors.</summary>
    public static void Remove(IDisk disk)
    {
        if (!disk.Names().Contains(AuditNames.Verification))
        {
            return;
        }

        using (IDiskFile file = disk.Open(AuditNames.Verification, DiskAccess.Write))
        {
            SealingFile.Overwrite(file);
        }

        disk.Delete(AuditNames.Verification);
        disk.Sync();
    }
}
