using System.Globalization;

namespace Bedside.Audit;

/// <summary>Every name of a file in the journal's folder (FORMAT.md, section 1).</summary>
internal static class AuditNames
{
    /// <summary>The folder in that of the store.</summary>
    public const string Folder = "audit";

    /// <summary>Locked while an entry is written.</summary>
    public const string Lock = "lock";

    /// <summary>The key of this epoch.</summary>
    public const string Sealing = "sealing.key";

    /// <summary>The first key, until somebody takes it away.</summary>
    public const string Verification = "verification.key";

    /// <summary>The key that signs checkpoints.</summary>
    public const string Signer = "signer.key";

    /// <summary>The newest checkpoint of each box that this one is a witness of.</summary>
    public const string Witnessed = "witnessed";

    /// <summary>The newest checkpoints of this box that others cosigned.</summary>
    public const string Cosigned = "cosigned";

    private const string Prefix = "audit-";
    private const string Suffix = ".log";
    private const string ReservePrefix = "reserve-";
    private const int FileDigits = 6;

    public static string Log(long file) => Prefix + file.ToString(CultureInfo.InvariantCulture).PadLeft(FileDigits, '0') + Suffix;

    public static string Reserve(int slice) => ReservePrefix + slice.ToString("D2", CultureInfo.InvariantCulture);

    /// <summary>The number in the name of a file of entries; null = it is none.</summary>
    public static long? FileOf(string name) =>
        name.Length >= Prefix.Length + FileDigits + Suffix.Length && name.StartsWith(Prefix, StringComparison.Ordinal) && name.EndsWith(Suffix, StringComparison.Ordinal)
        && long.TryParse(name.AsSpan(Prefix.Length, name.Length - Prefix.Length - Suffix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out long file) && file > 0 && Log(file) == name
            ? file
            : null;
}
