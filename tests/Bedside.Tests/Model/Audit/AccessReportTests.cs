using Bedside.Model;
using Bedside.Model.Audit;
using Bedside.Model.Stays;

namespace Bedside.Tests.Model.Audit;

/// <summary>One page of who had to do with the data of a stay.</summary>
public class AccessReportTests
{
    /// <summary>A midnight.</summary>
    private static readonly UtcInstant Begun = new(1_700_006_400_000_000_000);
    private static readonly StayId Own = new(1);
    private static readonly StayId Other = new(2);
    private static readonly StaySpan[] Spans =
    [
        new(Other, default, default, At(-48), At(0), StayCertainty.Sure, []), new(Own, default, default, At(0), At(24), StayCertainty.Sure, []), new(Own, default, default, At(30), At(54), StayCertainty.Sure, []),
    ];

    [Fact]
    public void What_names_the_stay_is_told_whenever_it_was_and_what_names_another_is_not()
    {
        Assert.Equal(1, Report(Line(AuditAct.StayErase, 900, stay: Own)).Entries);
        Assert.Equal(0, Report(Line(AuditAct.StayErase, 12, stay: Other)).Entries);
    }

    [Fact]
    public void What_names_no_stay_concerns_whoever_lay_there_at_the_time_that_was_read_or_then()
    {
        Assert.Equal(1, Report(Line(AuditAct.DataRead, 12)).Entries);
        Assert.Equal(0, Report(Line(AuditAct.DataRead, 26)).Entries);
        Assert.Equal(0, Report(Line(AuditAct.DataRead, 900)).Entries);
        Assert.Equal(1, Report(Line(AuditAct.DataExport, 900) with { From = At(23), To = At(29) }).Entries);
        Assert.Equal(0, Report(Line(AuditAct.DataExport, 12) with { From = At(-20), To = At(-1) }).Entries);
    }

    [Fact]
    public void What_has_nothing_to_do_with_a_patient_is_not_told_and_an_end_is_not_told_twice()
    {
        Assert.Equal(0, Report(Line(AuditAct.SettingsApply, 12), Line(AuditAct.SignIn, 12)).Entries);
        Assert.Equal(1, Report(Line(AuditAct.DataExport, 12), Line(AuditAct.DataExport, 12) with { Result = "done" }).Entries);
    }

    [Fact]
    public void A_line_says_who_when_how_often_what_and_why()
    {
        AccessReport report = Report(
            Line(AuditAct.DataRead, 1, kind: "/api/v1/tiles/number/levelint/indexlong"), Line(AuditAct.DataRead, 2, kind: "/api/v1/signals/id/samples"), Line(AuditAct.DataRead, 3) with { Result = "refused" },
            Line(AuditAct.BreakGlass, 4) with { Why = "vital-emergency" });

        AccessLine read = report.Lines[0];
        Assert.Equal((At(1), At(3), "12", "clinician", "data.read", 3, 1), (read.First, read.Last, read.Who, read.Role, read.Act, read.Count, read.Refused));
        Assert.Equal(["trends", "waves"], read.What);
        Assert.Equal(["vital-emergency"], report.Lines[1].Reasons);
        Assert.Equal((At(0), At(54), AccessDetail.Days), (report.From!.Value, report.To!.Value, report.Detail));
    }

    /// <summary>500 journals of up to 3000 entries.</summary>
    [Fact]
    public void Every_entry_is_in_one_line_and_the_lines_fit_on_a_page()
    {
        AuditAct[] acts = [AuditAct.DataRead, AuditAct.DataExport, AuditAct.StayRead, AuditAct.MarkMake, AuditAct.BreakGlass, AuditAct.FhirRead, AuditAct.StayCompare, AuditAct.EvidenceCapture];
        string[] roles = ["clinician", "biomed", "rights-officer"];
        for (int seed = 0; seed < 500; seed++)
        {
            var random = new Random(seed);
            int people = random.Next(1, 60);
            AuditLine[] journal =
            [
                .. Enumerable.Range(0, random.Next(3000)).Select(_ => Line(acts[random.Next(acts.Length)], random.Next(24)) with
                {
                    Who = $"{random.Next(people)}", Role = roles[random.Next(roles.Length)], Result = random.Next(9) == 0 ? "refused" : "allowed",
                }),
            ];

            AccessReport report = Report(journal);

            Assert.Equal(journal.Length, report.Entries);
            Assert.Equal(journal.Length, report.Lines.Sum(line => line.Count));
            Assert.Equal(journal.Count(line => line.Result == "refused"), report.Lines.Sum(line => line.Refused));
            Assert.InRange(report.Lines.Count, 0, AccessReport.MostLines);
            Assert.Equal(report.Lines.OrderBy(line => line.First), report.Lines);
        }
    }

    private static AccessReport Report(params AuditLine[] journal) => AccessReport.Of(Own, Spans, journal, at => DateOnly.FromDateTime(at.ToDateTime().DateTime));

    private static AuditLine Line(AuditAct act, int hour, StayId stay = default, string kind = "") =>
        new(At(hour), "12", "clinician", AuditCatalog.Of(act).Code, "allowed", stay, From: null, To: null, kind, Why: string.Empty);

    private static UtcInstant At(int hour) => Begun.Add(TimeSpan.FromHours(hour).Ticks * 100);
}
