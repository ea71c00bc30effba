using Bedside.Model.Audit;

namespace Bedside.Viewer.Fhir;

/// <summary>
/// That programs read over FHIR stands in the journal of access: an entry before the first answer, and then one every quarter of an hour in which something is read, with how many answers went out
/// since the one before. An entry for each of a program's pages would say no more.
/// </summary>
internal sealed class FhirReads(TimeProvider time, IAuditTrail? trail = null)
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(15);

    private readonly Lock _lock = new();
    private long? _told;
    private long _since;

    /// <summary>False = the journal cannot be written, and nothing may be answered.</summary>
    public bool TryKeep()
    {
        lock (_lock)
        {
            if (_told is { } told && time.GetElapsedTime(told) < Every)
            {
                _since++;
                return true;
            }

            try
            {
                trail?.Append(new AuditEntry(AuditAct.FhirRead) { Who = "fhir", Role = AuditRole.Program, What = [AuditFact.Of(AuditFactKind.Count, _since)] });
            }
            catch (AuditUnwritableException)
            {
                return false;
            }

            (_told, _since) = (time.GetTimestamp(), 1);
            return true;
        }
    }
}
