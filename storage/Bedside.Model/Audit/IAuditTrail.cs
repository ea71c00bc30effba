namespace Bedside.Model.Audit;

/// <summary>Whether what needs an entry can be done now.</summary>
public enum AuditState
{
    /// <summary>Entries are kept.</summary>
    Kept,

    /// <summary>Entries are kept in the room that was set aside for them: the disk is full.</summary>
    OnReserve,

    /// <summary>No entry can be kept: what needs one is refused, capture and the view of the bed go on.</summary>
    Unwritable,
}

/// <summary>
/// The journal of who did what, when and why. Whoever does something that needs an entry has it kept first, and does nothing when it is not. Any thread may call.
/// Storage/Bedside.Audit/FORMAT.md says what stands in it.
/// </summary>
public interface IAuditTrail
{
    AuditState State { get; }

    /// <summary>The entry is on the disk when it returns. Throws <see cref="AuditUnwritableException"/>: then nothing of it may be done.</summary>
    void Append(AuditEntry entry);

    /// <summary>
    /// For what happens whether it can be written or not (the box starts, a shift ends, a way past a closed door in an emergency): kept in memory, a bounded number of entries, where the disk
    /// does not take it, and written when it does, with the time at which it happened. What is lost of it is stated by an entry. Never throws for the disk.
    /// </summary>
    void Tell(AuditEntry entry);
}

/// <summary>The journal takes no entry. The message is the English sentence.</summary>
public sealed class AuditUnwritableException : IOException
{
    public const string French = "Le journal d’accès ne peut pas être écrit ; ce qui doit y figurer est refusé. L’enregistrement et l’écran du lit continuent. Libérez de la place sur le disque, ou réparez-le.";

    public const string English = "The journal of access cannot be written, so what must stand in it is refused. Capture and the view of the bed go on. Make room on the disk, or mend it.";

    public AuditUnwritableException()
        : base(English)
    {
    }

    public AuditUnwritableException(string message)
        : base(message)
    {
    }

    public AuditUnwritableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>With what the disk said.</summary>
    public static AuditUnwritableException Because(string reason) => new($"{English} ({reason})");
}
