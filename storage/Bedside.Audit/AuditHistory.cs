using Bedside.Model;
using Bedside.Model.Audit;
using Bedside.Storage.Disk;

namespace Bedside.Audit;

/// <summary>The journal in a data folder, read beside whoever writes it.</summary>
/// <param name="data">The store's folder.</param>
public sealed class AuditHistory(string data) : IAuditHistory
{
    public IEnumerable<AuditLine> Read()
    {
        IDisk? disk = AuditFolder.ForReading(data);
        return disk is null ? [] : AuditReading.Read(disk).Select(one => Line(one.Entry));
    }

    private static AuditLine Line(KeptEntry entry) => new(
        entry.At,
        entry.Who,
        entry.Role,
        entry.Act,
        entry.Result,
        StayId.TryParse(entry.Stay, out StayId stay) ? stay : StayId.None,
        Time(entry.Fact(AuditFactKind.From)),
        Time(entry.Fact(AuditFactKind.To)),
        entry.Fact(AuditFactKind.Kind) ?? string.Empty,
        entry.Why);

    private static UtcInstant? Time(string? text) => text is not null && UtcInstant.TryParse(text, out UtcInstant at) ? at : null;
}
