using Bedside.Model.Audit;

namespace Bedside.Viewer.People;

/// <summary>A box that keeps no journal of access.</summary>
internal sealed class NoAuditTrail : IAuditTrail
{
    public AuditState State => AuditState.Kept;

    public void Append(AuditEntry entry)
    {
    }

    public void Tell(AuditEntry entry)
    {
    }
}
