using System.Globalization;

namespace Bedside.Model.Audit;

/// <summary>What a fact of an entry tells. The list is closed, and none of them has room for a value of a patient.</summary>
public enum AuditFactKind
{
    /// <summary>A word of a closed list: csv, wfdb, a kind of mark.</summary>
    Kind,

    /// <summary>The first instant that was read, or is concerned.</summary>
    From,

    /// <summary>The end of it.</summary>
    To,

    /// <summary>How many signals; 0 = all of them.</summary>
    Signals,

    /// <summary>The signal's number in this store.</summary>
    Signal,

    /// <summary>How many of what was done, read or lost.</summary>
    Count,

    /// <summary>Number of a version, a replacement, something said.</summary>
    Number,

    /// <summary>Id of the account that was acted on.</summary>
    Account,

    /// <summary>The role that it had or got.</summary>
    Role,

    /// <summary>A hash of something that is named so: a destination, a key, a certificate. Hexadecimal.</summary>
    Hash,

    /// <summary>Minutes for which it holds.</summary>
    Minutes,

    /// <summary>Number of a file of the journal.</summary>
    File,

    /// <summary>Bytes from the beginning of that file.</summary>
    Bytes,

    /// <summary>Entries under a checkpoint.</summary>
    Size,

    /// <summary>The root over them, base64.</summary>
    Root,

    /// <summary>The roots of the whole trees under it, base64 with commas.</summary>
    Tree,

    /// <summary>A signature, base64.</summary>
    Signature,

    /// <summary>A public key, base64.</summary>
    Signer,

    /// <summary>Which verification key an entry and its successors are sealed under, hexadecimal.</summary>
    Key,

    /// <summary>Id of a study of research: ST-2026-014.</summary>
    Study,
}

/// <summary>One fact: a number, an instant or a word without blanks. Words of other shape are not taken, so that no text of a message can pass for one.</summary>
public readonly record struct AuditFact
{
    /// <summary>Letters of a word, at most.</summary>
    public const int LongestWord = 64;

    private AuditFact(AuditFactKind kind, string text) => (Kind, Text) = (kind, text);

    public AuditFactKind Kind { get; }

    public string Text { get; }

    public static AuditFact Of(AuditFactKind kind, long number) => new(kind, number.ToString(CultureInfo.InvariantCulture));

    public static AuditFact Of(AuditFactKind kind, UtcInstant at) => new(kind, at.ToString());

    /// <summary>A word of letters, digits and <c>- _ . /</c>; one of another shape becomes <c>other</c>.</summary>
    public static AuditFact Of(AuditFactKind kind, string word) =>
        new(kind, word.Length is > 0 and <= LongestWord && word.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.' or '/') ? word : "other");

    /// <summary>Base64, of the journal's own making.</summary>
    internal static AuditFact OfBase64(AuditFactKind kind, string text) => new(kind, text);
}
