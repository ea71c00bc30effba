using System.Globalization;
using System.Text;
using Bedside.Model.Research;

namespace Bedside.Extract.Privacy;

/// <summary>A report as those read it who decide on a release: plain text, a fact a line.</summary>
public static class DisclosureText
{
    /// <summary>Lines end with a line feed.</summary>
    public static TwoTongues Of(DisclosureReport report) => new(Write(report, isFrench: true), Write(report, isFrench: false));

    private static string Write(DisclosureReport report, bool isFrench)
    {
        var text = new StringBuilder();
        Line(string.Create(CultureInfo.InvariantCulture, $"Rapport de divulgation {report.Study} v{report.Version}"), string.Create(CultureInfo.InvariantCulture, $"Disclosure report {report.Study} v{report.Version}"));
        if (report.Refusal.English.Length > 0)
        {
            Line($"Refusé : {report.Refusal.French}", $"Refused: {report.Refusal.English}");
            return text.ToString();
        }

        Line($"Patients {report.Patients}, séjours {report.Stays} ; patients à plusieurs séjours : {report.PatientsWithSeveralStays}", $"Patients {report.Patients}, stays {report.Stays}; patients with several stays: {report.PatientsWithSeveralStays}");
        Line(
            $"Plus petite classe : {report.SmallestClass} patients (il en faut {DisclosureReport.LeastPatients})",
            $"Smallest class: {report.SmallestClass} patients (at least {DisclosureReport.LeastPatients} are needed)");
        Line(
            $"Risque d’être reconnu par le tableau : {Risk(report.MaximumRisk)} au plus, {Risk(report.MeanRisk)} en moyenne ; limite {Risk(DisclosureReport.RiskGoal)} (1/{DisclosureReport.LeastPatients})",
            $"Risk of being told by the table: {Risk(report.MaximumRisk)} at most, {Risk(report.MeanRisk)} on average; limit {Risk(DisclosureReport.RiskGoal)} (1/{DisclosureReport.LeastPatients})");
        Line(
            $"Séjours retirés, classe trop petite : {report.Suppressed} (au plus 1 sur {DisclosureReport.OneIn})",
            $"Stays left out, class too small: {report.Suppressed} (at most 1 in {DisclosureReport.OneIn})");
        Line(string.Empty, string.Empty);
        foreach (UsedGeneralisation used in report.Used)
        {
            Line($"{used.Column} : cran {used.Step} sur {used.Last}, {Values(used.Values, isFrench)}", $"{used.Column}: step {used.Step} of {used.Last}, {Values(used.Values, isFrench)}");
        }

        Line($"Façons de regrouper examinées : {report.Tried.Count}, tenables : {report.Tried.Count(one => one.Holds)}", $"Ways to draw together looked at: {report.Tried.Count}, that hold: {report.Tried.Count(one => one.Holds)}");
        foreach (LeftOutStays left in report.LeftOut)
        {
            Line($"Séjours hors demande, {Reason(left.Reason).French} : {left.Stays}", $"Stays not asked for, {Reason(left.Reason).English}: {left.Stays}");
        }

        Line(string.Empty, string.Empty);
        foreach (DisclosureClass one in report.Classes)
        {
            Line($"{Class(one.Values)} : k = {one.Patients}, séjours {one.Stays}", $"{Class(one.Values)}: k = {one.Patients}, stays {one.Stays}");
        }

        Line(string.Empty, string.Empty);
        foreach (DominanceNote note in report.Dominance)
        {
            Line($"À regarder, {Class(note.Values)} : {Rule(note.Kind).French}", $"To be looked at, {Class(note.Values)}: {Rule(note.Kind).English}");
        }

        if (report.Identifying.Count > 0)
        {
            Line($"Signaux pouvant désigner une personne : {string.Join(", ", report.Identifying)}", $"Signals by which a person can be told: {string.Join(", ", report.Identifying)}");
        }

        foreach (TwoTongues limit in report.Limits)
        {
            Line($"Limite : {limit.French}", $"Limit: {limit.English}");
        }

        return text.ToString();

        void Line(string french, string english) => text.Append(isFrench ? french : english).Append('\n');
    }

    private static string Risk(double risk) => risk.ToString("0.0000", CultureInfo.InvariantCulture);

    private static string Values(IReadOnlyList<string> values, bool isFrench) => values is [""] ? (isFrench ? "supprimé" : "suppressed") : string.Join(' ', values);

    private static string Class(IReadOnlyList<string> values) => string.Join(", ", QuasiColumn.All.Zip(values).Where(pair => pair.Second.Length > 0).Select(pair => $"{pair.First.Name} {pair.Second}")) is { Length: > 0 } some ? some : "*";

    private static TwoTongues Reason(LeftOutReason reason) => reason switch
    {
        LeftOutReason.AgeUnknown => new("âge inconnu", "age not known"),
        LeftOutReason.UnderAge => new("moins de 18 ans", "under 18"),
        LeftOutReason.Age => new("autre âge", "another age"),
        LeftOutReason.Sex => new("autre sexe ou inconnu", "another sex or not known"),
        _ => new("trop court", "too short"),
    };

    private static TwoTongues Rule(DominanceKind kind) => kind switch
    {
        DominanceKind.TwoPatients => new("deux patients ont plus de 85 % des heures", "two patients have more than 85 % of the hours"),
        DominanceKind.FirstPatient => new("hors les deux premiers, moins de 10 % des heures du premier", "all but the first two have less than 10 % of the first one's hours"),
        _ => new("plus de 90 % des patients ont cette valeur", "more than 90 % of the patients have this value"),
    };
}
