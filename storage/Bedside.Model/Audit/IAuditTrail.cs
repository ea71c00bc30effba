namespace Bedside.Model.Audit;

/// <summary>Where what people do is kept. Any thread may call.</summary>
public interface IAuditTrail
{
    /// <summary>The entry is on the disk when it returns. Throws <see cref="IOException"/> when it cannot be kept: then nothing of it may be done.</summary>
    void Append(AuditEntry entry);

    /// <summary>For what happens whether it can be written or not. Never throws for the disk.</summary>
    void Tell(AuditEntry entry);
}

