using Bedside.Model.Research;

namespace Bedside.Viewer.Research;

/// <summary>The request in full, and the steps.</summary>
internal static class StudyParts
{
    public static void Request(Html page, Tongue tongue, Study study, IReadOnlyList<RequestFault> faults)
    {
        StudyRequest request = study.Request;
        using (page.In("section", ("class", "card"), ("aria-labelledby", "request")))
        {
            page.Tag("h2", tongue.Of("La demande", "The request"), ("id", "request"));
            if (faults.Count > 0)
            {
                using (page.In("ul", ("class", "fault")))
                {
                    foreach (RequestFault fault in faults)
                    {
                        page.Tag("li", tongue.Of(fault.Sentence));
                    }
                }
            }

            using (page.In("dl", ("class", "facts")))
            {
                Texts(page, tongue, request);
                Cohort(page, tongue, request);
                Parts.Fact(page, tongue.Of("Empreinte de la demande (SHA-256)", "Hash of the request (SHA-256)"), study.RequestDigest);
            }

            Signals(page, tongue, request);
            People(page, tongue, request);
        }
    }

    public static void Course(Html page, Tongue tongue, Study study)
    {
        using (page.In("section", ("class", "card"), ("aria-labelledby", "course")))
        {
            page.Tag("h2", tongue.Of("Étapes", "Steps"), ("id", "course"));
            using (page.In("ol", ("class", "course")))
            {
                foreach (StudyStep step in study.Steps)
                {
                    using (page.In("li"))
                    {
                        page.Tag("time", tongue.Moment(step.At), ("datetime", step.At.ToString()));
                        string by = step.As is { } role ? $"{step.By}, {tongue.Of(ResearchWords.Of(role))}" : tongue.Of("le boîtier", "the box");
                        page.Tag("span", $"{tongue.Of(StudyWords.Of(step.Kind))} ({by})");
                        if (step.Why.Length > 0)
                        {
                            page.Tag("span", tongue.Of($"Raison : {step.Why}", $"Reason: {step.Why}"), ("class", "why"));
                        }
                    }
                }
            }
        }
    }

    private static void Texts(Html page, Tongue tongue, StudyRequest request)
    {
        Parts.Fact(page, tongue.Of("Résumé", "Summary"), tongue.Of(request.Summary));
        Parts.Fact(page, tongue.Of("Intérêt public", "Public interest"), request.PublicInterest);
        Parts.Fact(page, tongue.Of("Base légale", "Legal basis"), request.BasisReference.Length > 0 ? $"{tongue.Of(ResearchWords.Of(request.Basis))}, {request.BasisReference}" : tongue.Of(ResearchWords.Of(request.Basis)));
        Parts.Fact(page, tongue.Of("Avis", "Opinion"), request.Opinion);
        Parts.Fact(page, tongue.Of("Organisme responsable", "Responsible body"), request.Body);
        Parts.Fact(page, tongue.Of("Délégué à la protection des données", "Data protection officer"), request.DataProtectionOfficer);
        Parts.Fact(page, tongue.Of("Espace sécurisé", "Secure space"), request.SecureSpace);
        Parts.Fact(page, tongue.Of("Résultats prévus", "Planned outputs"), request.Outputs);
        Parts.Fact(page, tongue.Of("Pourquoi des réponses sans les données ne suffisent pas", "Why answers without the data do not serve"), request.WhyNotFederated);
    }

    private static void Cohort(Html page, Tongue tongue, StudyRequest request)
    {
        CohortRules cohort = request.Cohort;
        Parts.Fact(page, tongue.Of("Séjours", "Stays"), tongue.Of($"admis du {tongue.Day(request.FirstDay)} au {tongue.Day(request.LastDay)}", $"admitted from {tongue.Day(request.FirstDay)} to {tongue.Day(request.LastDay)}"));
        Parts.Fact(page, tongue.Of("Âge", "Age"), cohort.AgeBands.Count == 0 ? tongue.Of("tous les adultes", "all adults") : string.Join(", ", cohort.AgeBands));
        Parts.Fact(page, tongue.Of("Sexe", "Sex"), cohort.Sexes.Count == 0 ? tongue.Of("tous", "all") : string.Join(", ", cohort.Sexes));
        Parts.Fact(page, tongue.Of("Durée, au moins", "Length, at least"), $"{tongue.Number(cohort.LeastHours)} h");
        if (cohort.Has.Count > 0)
        {
            Parts.Fact(page, tongue.Of("Avec", "With"), string.Join(" ; ", cohort.Has.Select(one => $"{tongue.Signal(one.Signal)}, {tongue.Number(one.Hours)} h")));
        }

        string to = request.Window.ToHour is { } hour ? $"{tongue.Number(hour)} h" : tongue.Of("la fin du séjour", "the end of the stay");
        Parts.Fact(page, tongue.Of("Heures", "Hours"), tongue.Of($"de {tongue.Number(request.Window.FromHour)} h à {to}, après l’admission", $"from {tongue.Number(request.Window.FromHour)} h to {to}, after admission"));
        Parts.Fact(page, tongue.Of("Temps", "Time"), request.Time == TimeForm.Relative
            ? tongue.Of("secondes depuis l’admission", "seconds since admission")
            : tongue.Of($"dates décalées de semaines : {request.TimeReason}", $"dates moved by weeks: {request.TimeReason}"));
        Parts.Fact(page, tongue.Of("Dernier jour", "Last day"), tongue.Day(request.Expires));
    }

    private static void Signals(Html page, Tongue tongue, StudyRequest request)
    {
        Table(page, "asked-signals", tongue.Of("Signaux demandés", "Signals asked for"), [tongue.Of("Signal", "Signal"), tongue.Of("Cadence", "Rate"), tongue.Of("Raison", "Reason"), tongue.Of("Raison pour une courbe qui peut désigner", "Reason for a curve that can tell a person")],
            request.Signals.Select(one => new[] { tongue.Signal(one.Signal), one.Hertz is { } hertz ? $"{tongue.Number(hertz)} Hz" : tongue.Of("telle quelle", "as taken"), one.Reason, one.IdentifyingReason }));
    }

    private static void People(Html page, Tongue tongue, StudyRequest request) =>
        Table(page, "named-people", tongue.Of("Personnes nommées", "Named people"), [tongue.Of("Nom", "Name"), tongue.Of("Badge", "Badge"), tongue.Of("Clé publique", "Public key")], request.People.Select(one => new[] { one.Name, one.Badge, one.Recipient }));

    public static void Table(Html page, string id, string caption, string[] heads, IEnumerable<string[]> rows)
    {
        using (page.In("div", ("class", "table-room"), ("tabindex", "0"), ("role", "region"), ("aria-labelledby", id)))
        using (page.In("table"))
        {
            page.Tag("caption", caption, ("id", id));
            using (page.In("thead"))
            using (page.In("tr"))
            {
                foreach (string head in heads)
                {
                    page.Tag("th", head, ("scope", "col"));
                }
            }

            using (page.In("tbody"))
            {
                foreach (string[] row in rows)
                {
                    using (page.In("tr"))
                    {
                        page.Tag("th", row[0], ("scope", "row"));
                        foreach (string cell in row.Skip(1))
                        {
                            page.Tag("td", cell.Length == 0 ? "–" : cell);
                        }
                    }
                }
            }
        }
    }
}
