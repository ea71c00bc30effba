using Bedside.Storage.Disk;
using Bedside.Storage.Retention;

namespace Bedside.Audit;

/// <summary>The checkpoints of this box that others cosigned, the newest of each: who verifies the journal here holds it against them. FORMAT.md, section 6.</summary>
internal static class OwnWitnesses
{
    /// <summary>Of so many boxes the word is kept.</summary>
    public const int Most = 8;

    private const string Separator = "\n----\n";

    /// <summary>Throws the disk's errors.</summary>
    public static IReadOnlyList<Checkpoint> Read(IDisk disk)
    {
        (string? text, _) = TwinFile.Read(disk, AuditNames.Cosigned);
        return [.. (text ?? string.Empty).Split(Separator, StringSplitOptions.RemoveEmptyEntries).Select(Checkpoint.Parse).OfType<Checkpoint>()];
    }

    /// <summary>False = it is not of this box, or nobody else's word is on it. One box's word on the same entries is enough, and costs no second write. Throws the disk's errors.</summary>
    /// <param name="own">Origin of this box's journal.</param>
    public static bool Take(IDisk disk, string own, Checkpoint cosigned)
    {
        string[] by = [.. cosigned.Cosigned.Where(one => one.Name != own && cosigned.IsCosigned(one)).Select(one => one.Name)];
        if (cosigned.Origin != own || !cosigned.IsSigned || by.Length == 0)
        {
            return false;
        }

        IReadOnlyList<Checkpoint> known = Read(disk);
        if (!known.Any(one => one.Size >= cosigned.Size))
        {
            IEnumerable<Checkpoint> others = known.Where(one => !one.Cosigned.Any(word => by.Contains(word.Name, StringComparer.Ordinal))).OrderByDescending(one => one.Size).Take(Most - 1);
            TwinFile.Write(disk, AuditNames.Cosigned, string.Join(Separator, others.Append(cosigned)));
        }

        return true;
    }
}
