using Bedside.Model.Stays;

namespace Bedside.Model.Audit;

/// <summary>Some accesses that are told in one line.</summary>
/// <param name="Who">Badge, or one of <see cref="AuditWho"/>; empty = several, of one role.</param>
/// <param name="What">Words of <see cref="AccessReport.Subjects"/>: what was read; empty = the act says it.</param>
/// <param name="Refused">How many of them were turned down.</param>
/// <param name="Reasons">What people gave as reasons, in their order; empty = none.</param>
public sealed record AccessLine(UtcInstant First, UtcInstant Last, string Who, string Role, string Act, IReadOnlyList<string> What, int Count, int Refused, IReadOnlyList<string> Reasons);

/// <summary>How much was drawn together so that it fits on a page.</summary>
public enum AccessDetail
{
    /// <summary>A line for each day, person and act.</summary>
    Days,

    /// <summary>A line for each person and act.</summary>
    Persons,

    /// <summary>A line for each role and act.</summary>
    Roles,
}

/// <summary>
/// Who had to do with the data of a stay, when, how and why, in so few lines that they fit on one page: for the patient. What it leaves out is nothing: each entry is counted in one of its lines.
/// </summary>
/// <param name="From">When the stay began, as far as is known.</param>
/// <param name="To">Null = it goes on.</param>
/// <param name="Entries">Entries that the lines tell of.</param>
public sealed record AccessReport(StayId Stay, UtcInstant? From, UtcInstant? To, AccessDetail Detail, IReadOnlyList<AccessLine> Lines, int Entries)
{
    /// <summary>Lines that fit on a page of A4 with what stands above and below them.</summary>
    public const int MostLines = 28;

    /// <summary>What can be read, by the words of the routes that give it.</summary>
    public static IReadOnlyList<(string Subject, IReadOnlyList<string> Routes)> Subjects { get; } =
    [
        ("live", ["live", "numerics", "signals"]), ("alarms", ["alerts"]), ("trends", ["tiles", "envelope"]), ("waves", ["samples"]), ("events", ["events", "gaps"]), ("marks", ["annotations"]),
        ("sheet", ["sheet"]), ("stays", ["stays"]), ("ward", ["ward"]), ("fhir", ["fhir"]),
    ];

    private const int MostReasons = 3;

    private static readonly HashSet<string> Told =
    [
        .. new[]
        {
            AuditAct.DataRead, AuditAct.DataExport, AuditAct.DataReplace, AuditAct.ReplaceUndo, AuditAct.EvidenceCapture, AuditAct.FhirRead, AuditAct.SendStart, AuditAct.WardApprove,
            AuditAct.HoldAdd, AuditAct.HoldRemove, AuditAct.StayRead, AuditAct.StayErase, AuditAct.StaySay, AuditAct.StayCompare, AuditAct.MarkMake, AuditAct.MarkChange,
            AuditAct.BreakGlass, AuditAct.PatientReport, AuditAct.ResearchObjection, AuditAct.ResearchObjectionEnd,
            AuditAct.ResearchUse,
        }.Select(act => AuditCatalog.Of(act).Code),
    ];

    /// <summary>
    /// What concerns a stay: what names it, and of what names none, what touches its time. <paramref name="dayOf"/>: the day of an instant on the ward's calendar.
    /// What goes on since before it (a bed that is given to the ward, a transmission) is told where it began.
    /// </summary>
    public static AccessReport Of(StayId stay, IReadOnlyList<StaySpan> spans, IEnumerable<AuditLine> journal, Func<UtcInstant, DateOnly> dayOf)
    {
        StaySpan[] own = [.. spans.Where(span => span.Stay == stay).OrderBy(span => span.From)];
        AuditLine[] concerned = [.. journal.Where(line => Told.Contains(line.Act) && line.Result is not ("done" or "failed") && Concerns(line, stay, own))];
        foreach (AccessDetail detail in Enum.GetValues<AccessDetail>())
        {
            AccessLine[] lines = [.. Draw(concerned, detail, dayOf)];
            if (lines.Length <= MostLines || detail == AccessDetail.Roles)
            {
                return new AccessReport(stay, own.Length == 0 ? null : own[0].From, own.Length == 0 ? null : own[^1].To, detail, lines, concerned.Length);
            }
        }

        throw new InvalidOperationException("the coarsest detail was passed over");
    }

    private static bool Concerns(AuditLine line, StayId stay, StaySpan[] own)
    {
        if (line.Stay != StayId.None)
        {
            return line.Stay == stay;
        }

        // What was read later of an earlier time concerns whoever lay there then; what names no time, whoever lies there now.
        UtcInstant from = line.From ?? line.To ?? line.At;
        UtcInstant to = line.To ?? line.From ?? line.At;
        return own.Any(span => span.From <= to && (span.To is not { } end || from < end));
    }

    private static IEnumerable<AccessLine> Draw(AuditLine[] lines, AccessDetail detail, Func<UtcInstant, DateOnly> dayOf) =>
        lines.GroupBy(line => (
                Day: detail == AccessDetail.Days ? dayOf(line.At) : default,
                Who: detail == AccessDetail.Roles ? string.Empty : line.Who,
                line.Role,
                line.Act))
            .Select(group => new AccessLine(
                group.Min(line => line.At),
                group.Max(line => line.At),
                group.Key.Who,
                group.Key.Role,
                group.Key.Act,
                [.. Subjects.Where(one => group.Any(line => one.Subject == SubjectOf(line.Kind))).Select(one => one.Subject)],
                group.Count(),
                group.Count(line => line.Result == "refused"),
                [.. group.Select(line => line.Why).Where(why => why.Length > 0).Distinct().Take(MostReasons)]))
            .OrderBy(line => line.First);

    /// <summary>The last part of a route that says what it gives; of <c>signals/id/samples</c> the samples.</summary>
    private static string SubjectOf(string kind) =>
        kind.Split('/').Reverse().Select(part => Subjects.FirstOrDefault(one => one.Routes.Contains(part)).Subject).FirstOrDefault(subject => subject is not null) ?? string.Empty;
}
