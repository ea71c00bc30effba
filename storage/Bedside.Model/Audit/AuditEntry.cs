namespace Bedside.Model.Audit;

/// <summary>In whose right it was done.</summary>
public enum AuditRole
{
    Nobody,
    Box,
    Console,
    Screen,
    Program,
    Clinician,
    Biomed,
    Researcher,
    Steward,
    RightsOfficer,
    Administrator,
}

/// <summary>How it ended.</summary>
public enum AuditResult
{
    /// <summary>It was let through and begins now.</summary>
    Allowed,

    /// <summary>It was turned down, and nothing was done.</summary>
    Refused,

    /// <summary>It is over, and was done whole.</summary>
    Done,

    /// <summary>It was begun and not done, or not whole.</summary>
    Failed,
}

/// <summary>What somebody did, or was refused. It has no place for a value of a patient or a secret.</summary>
public sealed record AuditEntry(AuditAct Act)
{
    /// <summary>Badge of a person, or a word of <see cref="AuditWho"/>.</summary>
    public string Who { get; init; } = AuditWho.Box;

    public AuditRole Role { get; init; } = AuditRole.Box;

    public AuditResult Result { get; init; } = AuditResult.Allowed;

    public IReadOnlyList<AuditFact> What { get; init; } = [];

    /// <summary>The reason that a person gave.</summary>
    public string Why { get; init; } = string.Empty;
}

/// <summary>Who, where it is no account.</summary>
public static class AuditWho
{
    public const string Box = "box";
    public const string Console = "console";
    public const string Screen = "screen";
}
