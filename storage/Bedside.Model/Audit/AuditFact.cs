namespace Bedside.Model.Audit;

/// <summary>What a fact of an entry tells.</summary>
public enum AuditFactKind
{
    /// <summary>A word of a closed list.</summary>
    Kind,

    /// <summary>Number of something said.</summary>
    Number,

    /// <summary>Badge of the account that was acted on.</summary>
    Account,

    /// <summary>The role that it had or got.</summary>
    Role,
}

/// <summary>One fact: a number, or a word without blanks.</summary>
public readonly record struct AuditFact
{
    private const int LongestWord = 64;

    private AuditFact(AuditFactKind kind, string text) => (Kind, Text) = (kind, text);

    public AuditFactKind Kind { get; }

    public string Text { get; }

    public static AuditFact Of(AuditFactKind kind, long number) => new(kind, number.ToString(System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>A word of letters, digits and <c>- _ . /</c>; one of another shape becomes <c>other</c>.</summary>
    public static AuditFact Of(AuditFactKind kind, string word) =>
        new(kind, word.Length is > 0 and <= LongestWord && word.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.' or '/') ? word : "other");
}
