using Bedside.Model.Stays;

namespace Bedside.Ingest.Hl7.Admissions;

/// <summary>What an event of the admissions needs.</summary>
[Flags]
internal enum Needs
{
    None = 0,

    /// <summary>PV1.</summary>
    Visit = 1,

    /// <summary>MRG.</summary>
    Former = 2,

    /// <summary>PID and PV1 twice.</summary>
    Pair = 4,

    /// <summary>Only with a place in PV1-3 is it what it says.</summary>
    Place = 8,
}

/// <summary>What the events A01 to A62 are for who lies in the bed (HL7 v2 inbound sheet, section 10.1).</summary>
internal static class AdmissionEvents
{
    private static readonly Dictionary<string, Rule> Rules = new(StringComparer.Ordinal)
    {
        ["A01"] = new(StayEventKind.Admit, Needs.Visit),
        ["A02"] = new(StayEventKind.Transfer, Needs.Visit),
        ["A03"] = new(StayEventKind.Discharge, Needs.Visit),
        ["A04"] = new(StayEventKind.Admit, Needs.Visit | Needs.Place, StayEventKind.Planned),
        ["A05"] = new(StayEventKind.Planned, Needs.None),
        ["A06"] = new(StayEventKind.Admit, Needs.Visit | Needs.Place, StayEventKind.Update),
        ["A07"] = new(StayEventKind.Admit, Needs.Visit | Needs.Place, StayEventKind.Update),
        ["A08"] = new(StayEventKind.Update, Needs.None),
        ["A09"] = new(StayEventKind.Planned, Needs.None),
        ["A10"] = new(StayEventKind.Admit, Needs.Visit | Needs.Place, StayEventKind.Planned),
        ["A11"] = new(StayEventKind.CancelAdmit, Needs.Visit),
        ["A12"] = new(StayEventKind.CancelTransfer, Needs.Visit),
        ["A13"] = new(StayEventKind.CancelDischarge, Needs.Visit),
        ["A14"] = new(StayEventKind.Planned, Needs.None),
        ["A15"] = new(StayEventKind.Planned, Needs.None),
        ["A16"] = new(StayEventKind.Planned, Needs.None),
        ["A17"] = new(StayEventKind.Swap, Needs.Visit | Needs.Pair),
        ["A18"] = new(StayEventKind.MergePersons, Needs.Former),
        ["A21"] = new(StayEventKind.LeaveBegins, Needs.Visit),
        ["A22"] = new(StayEventKind.LeaveEnds, Needs.Visit),
        ["A23"] = new(StayEventKind.DeleteVisit, Needs.Visit),
        ["A25"] = new(StayEventKind.Planned, Needs.None),
        ["A26"] = new(StayEventKind.Planned, Needs.None),
        ["A27"] = new(StayEventKind.Planned, Needs.None),
        ["A30"] = new(StayEventKind.MergePersons, Needs.Former),
        ["A31"] = new(StayEventKind.Update, Needs.None),
        ["A34"] = new(StayEventKind.MergePersons, Needs.Former),
        ["A35"] = new(StayEventKind.MergeVisits, Needs.Former),
        ["A36"] = new(StayEventKind.MergeVisits, Needs.Former),
        ["A39"] = new(StayEventKind.MergePersons, Needs.Former),
        ["A40"] = new(StayEventKind.MergePersons, Needs.Former),
        ["A41"] = new(StayEventKind.MergeVisits, Needs.Former),
        ["A42"] = new(StayEventKind.MergeVisits, Needs.Former),
        ["A43"] = new(StayEventKind.MoveVisit, Needs.Former),
        ["A44"] = new(StayEventKind.MoveVisit, Needs.Former),
        ["A45"] = new(StayEventKind.MoveVisit, Needs.Former),
        ["A46"] = new(StayEventKind.MergePersons, Needs.Former),
        ["A47"] = new(StayEventKind.MergePersons, Needs.Former),
        ["A50"] = new(StayEventKind.MoveVisit, Needs.Former),
        ["A51"] = new(StayEventKind.MoveVisit, Needs.Former),
    };

    /// <summary>What an event is; null = nothing of who lies where.</summary>
    public static Rule? Of(string name) => Rules.GetValueOrDefault(name);

    /// <summary>How an event is read.</summary>
    /// <param name="Otherwise">What it is where the place is missing that it needs.</param>
    internal sealed record Rule(StayEventKind Kind, Needs Needs, StayEventKind? Otherwise = null);
}
