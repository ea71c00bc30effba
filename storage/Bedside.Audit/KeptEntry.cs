using Bedside.Model;
using Bedside.Model.Audit;

namespace Bedside.Audit;

/// <summary>An entry as it stands in the journal: words as they are written, because a later build may have more of them.</summary>
public sealed class KeptEntry
{
    /// <summary>1, 2, 3, …</summary>
    public long Number { get; set; }

    /// <summary>When it happened, by the box's clock.</summary>
    public UtcInstant At { get; set; }

    /// <summary>Half-width of the interval that holds the true time; −1 = unknown.</summary>
    public long UncertaintyMicroseconds { get; set; } = -1;

    /// <summary>Under the key of which epoch it is sealed.</summary>
    public long Epoch { get; set; }

    public string Who { get; set; } = string.Empty;

    public string Login { get; set; } = string.Empty;

    public string Role { get; set; } = string.Empty;

    /// <summary>Code of the catalogue.</summary>
    public string Act { get; set; } = string.Empty;

    public string Result { get; set; } = string.Empty;

    public string Bed { get; set; } = string.Empty;

    public string Stay { get; set; } = string.Empty;

    public IReadOnlyList<(string Kind, string Text)> What { get; set; } = [];

    public string Why { get; set; } = string.Empty;

    public string Box { get; set; } = string.Empty;

    internal bool Is(AuditAct act) => Act == AuditCatalog.Of(act).Code;

    /// <summary>The fact of a kind; null = it has none.</summary>
    internal string? Fact(AuditFactKind kind)
    {
        string code = EntryJson.Code(kind);
        return What.FirstOrDefault(fact => fact.Kind == code).Text;
    }

    internal long? Amount(AuditFactKind kind) =>
        long.TryParse(Fact(kind), System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture, out long number) ? number : null;
}
