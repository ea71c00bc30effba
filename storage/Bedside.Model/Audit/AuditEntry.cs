namespace Bedside.Model.Audit;

/// <summary>In whose right it was done.</summary>
public enum AuditRole
{
    /// <summary>Nobody who is known.</summary>
    Nobody,

    /// <summary>The program itself.</summary>
    Box,

    /// <summary>Whoever can start commands on the box.</summary>
    Console,

    /// <summary>Whoever stands at the box's own display.</summary>
    Screen,

    /// <summary>Another program on the box, or another box.</summary>
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
    /// <summary>It was let through and begins now; where it fails, or was long, another entry says so.</summary>
    Allowed,

    /// <summary>It was turned down, and nothing was done.</summary>
    Refused,

    /// <summary>It is over, and was done whole.</summary>
    Done,

    /// <summary>It was begun and not done, or not whole.</summary>
    Failed,
}

/// <summary>
/// One line of the journal, as whoever acts says it; number, time, box and seals are the journal's own. It has no place for a value of a patient, a secret or a text of a message:
/// <see cref="What"/> is of closed kinds, and <see cref="Why"/> is a bounded reason.
/// </summary>
public sealed record AuditEntry(AuditAct Act)
{
    /// <summary>Letters of <see cref="Who"/>, <see cref="Bed"/> and the login, at most; what is longer is cut.</summary>
    public const int LongestName = 80;

    /// <summary>Letters of <see cref="Why"/>, at most; what is longer is cut.</summary>
    public const int LongestWhy = 200;

    /// <summary>Facts of one entry, at most; what is more is left out.</summary>
    public const int MostFacts = 16;

    /// <summary>Id of an account, the named person whom a command demands, or one of <see cref="AuditWho"/>.</summary>
    public string Who { get; init; } = AuditWho.Box;

    /// <summary>Name of the system's account that started a command; empty = none did.</summary>
    public string Login { get; init; } = string.Empty;

    public AuditRole Role { get; init; } = AuditRole.Box;

    public AuditResult Result { get; init; } = AuditResult.Allowed;

    /// <summary>Label of the bed, where it is another than this box's; never a patient.</summary>
    public string Bed { get; init; } = string.Empty;

    /// <summary>The stay by the name that says nothing of whose it is.</summary>
    public StayId Stay { get; init; }

    public IReadOnlyList<AuditFact> What { get; init; } = [];

    /// <summary>The reason that a person gave; kept as it was typed, with everything but plain letters escaped.</summary>
    public string Why { get; init; } = string.Empty;
}

/// <summary>Who, where it is no account.</summary>
public static class AuditWho
{
    public const string Box = "box";
    public const string Console = "console";
    public const string Screen = "screen";
}
