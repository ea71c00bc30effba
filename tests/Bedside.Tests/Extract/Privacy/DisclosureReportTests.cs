using System.Text;
using System.Text.Json;
using Bedside.Extract.Privacy;
using Bedside.Model.Research;

namespace Bedside.Tests.Extract.Privacy;

public sealed class DisclosureReportTests
{
    private static readonly StudyRequest Request = new()
    {
        Title = new("Titre", "Title"),
        Summary = new("Résumé", "Summary"),
        PublicInterest = "interest",
        Basis = LegalBasis.Mr004,
        BasisReference = "1",
        Opinion = "opinion",
        Body = "body",
        DataProtectionOfficer = "officer",
        People = [],
        SecureSpace = "space",
        Cohort = Cohorts.Anybody,
        Signals = [new("hr", "rate"), new("pleth", "shape", 125, "the shape of each beat"), new("ecg-ii", "shape", IdentifyingReason: "each beat")],
        FirstDay = new DateOnly(2026, 1, 1),
        LastDay = new DateOnly(2026, 12, 31),
        Window = new StudyWindow(0, ToHour: null),
        Time = TimeForm.ShiftedWeeks,
        Expires = new DateOnly(2027, 12, 31),
        Outputs = "tables",
        WhyNotFederated = "waves",
    };

    [Fact]
    public void The_file_says_k_of_each_class_the_risk_the_steps_and_what_was_asked()
    {
        DisclosureReport report = Ward().Report.For("ST-2026-014", 2, Request);
        using var json = JsonDocument.Parse(DisclosureJson.Write(report));
        JsonElement root = json.RootElement;
        Assert.Equal("ST-2026-014", root.GetProperty("study").GetString());
        Assert.Equal(2, root.GetProperty("version").GetInt32());
        Assert.Equal(60, root.GetProperty("patients").GetInt32());
        Assert.Equal([30, 30], root.GetProperty("classes").EnumerateArray().Select(one => one.GetProperty("patients").GetInt32()));
        Assert.Equal(["F", "M"], root.GetProperty("classes").EnumerateArray().Select(one => one.GetProperty("sex").GetString()));
        Assert.Equal(30, root.GetProperty("risk").GetProperty("smallest_class").GetInt32());
        Assert.Equal(0.033333, root.GetProperty("risk").GetProperty("maximum").GetDouble());
        Assert.Equal(["age_band", "sex", "length_band", "admission_hour"], root.GetProperty("generalisations").EnumerateArray().Select(one => one.GetProperty("column").GetString()));
        Assert.Equal(96, root.GetProperty("tried").GetArrayLength());
        Assert.Equal(["ecg-ii", "pleth"], root.GetProperty("identifying_signals").EnumerateArray().Select(one => one.GetString()));
        Assert.Equal(4, root.GetProperty("limits").GetArrayLength());
        Assert.Equal("0", root.GetProperty("suppressed").GetProperty("stays").GetString());
    }

    [Fact]
    public void Neither_file_nor_text_has_a_name_a_subject_or_an_exact_small_count()
    {
        SubjectStay[] stays = [.. Enumerable.Range(0, 120).Select(i => Cohorts.Stay(i, i, age: i < 3 ? 25 : i < 7 ? 12 : 66))];
        CohortPlan plan = Generalisation.Of(stays, Cohorts.Anybody);
        DisclosureReport report = plan.Report.For("ST-2026-014", 1, Request);
        TwoTongues text = DisclosureText.Of(report);
        string all = Encoding.UTF8.GetString(DisclosureJson.Write(report)) + text.French + text.English;
        Assert.All(stays, stay => Assert.DoesNotContain(stay.Stay, all, StringComparison.Ordinal));
        Assert.All(stays, stay => Assert.DoesNotContain(stay.Patient, all, StringComparison.Ordinal));
        Assert.Equal(113, report.Stays);
        Assert.Equal("<11", report.Suppressed);
        Assert.Equal("<11", report.LeftOut.Single(left => left.Reason == LeftOutReason.UnderAge).Stays);
        Assert.All(plan.Stays, stay => Assert.Equal("a stay of a study", stay.Stay.ToString()));
    }

    [Fact]
    public void The_text_says_the_same_in_french_and_english_line_by_line()
    {
        TwoTongues text = DisclosureText.Of(Ward().Report.For("ST-2026-014", 2, Request));
        Assert.Equal(text.English.Split('\n').Length, text.French.Split('\n').Length);
        Assert.Contains("sex F, length_band 3-7d, admission_hour 06-11: k = 30", text.English, StringComparison.Ordinal);
        Assert.Contains("sex F, length_band 3-7d, admission_hour 06-11 : k = 30", text.French, StringComparison.Ordinal);
        Assert.Contains("0.0333 at most", text.English, StringComparison.Ordinal);
        Assert.Contains("Refused: ", DisclosureText.Of(Generalisation.Of([], Cohorts.Anybody).Report).English, StringComparison.Ordinal);
    }

    [Fact]
    public void What_one_or_two_patients_dominate_or_nearly_all_share_is_pointed_out()
    {
        SubjectStay[] long2 = [.. Enumerable.Range(0, 20).Select(i => Cohorts.Stay(i, i, sex: i < 10 ? "F" : "M", hours: i < 2 ? 5_000 : 600))];
        Assert.DoesNotContain(Kinds(long2), kind => kind == DominanceKind.TwoPatients);
        SubjectStay[] longer = [.. long2.Select((stay, i) => i < 2 ? stay with { To = stay.From.Add(200_000 * Cohorts.Hour) } : stay)];
        Assert.Contains(DominanceKind.TwoPatients, Kinds(longer));
        Assert.Contains(DominanceKind.FirstPatient, Kinds(longer));
        SubjectStay[] alike = [.. Enumerable.Range(0, 130).Select(i => Cohorts.Stay(i, i, sex: i < 11 ? "F" : "M"))];
        Assert.Contains(Generalisation.Of(alike, Cohorts.Anybody).Report.Dominance, note => note.Kind == DominanceKind.NearlyAll && note.Values[1] == "M");
        Assert.DoesNotContain(Generalisation.Of(alike, new CohortRules([], ["M"], 0, [])).Report.Dominance, note => note.Values[1] == "M" && note.Kind == DominanceKind.NearlyAll);
    }

    private static IEnumerable<DominanceKind> Kinds(SubjectStay[] stays) => Generalisation.Of(stays, Cohorts.Anybody).Report.Dominance.Select(note => note.Kind);

    private static CohortPlan Ward() => Generalisation.Of([.. Enumerable.Range(0, 60).Select(i => Cohorts.Stay(i, i, sex: i % 2 == 0 ? "F" : "M"))], Cohorts.Anybody);
}
