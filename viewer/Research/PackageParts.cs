using Bedside.Model.Research;
using Bedside.Viewer.Rights;

namespace Bedside.Viewer.Research;

/// <summary>The package: how a named person gets it, and what its disclosure report says.</summary>
internal static class PackageParts
{
    public static void Download(Html page, Tongue tongue, Person person, StudyView view)
    {
        if (!view.IsNamed || view.Package is not { } package || view.Course.State is StudyState.Built)
        {
            return;
        }

        using (page.In("section", ("class", "card"), ("aria-labelledby", "download")))
        {
            page.Tag("h2", tongue.Of("Télécharger", "Download"), ("id", "download"));
            if (view.Link is { } link)
            {
                page.Tag("p", tongue.Of(
                    "Voici votre lien. Il n’est montré qu’une fois, vaut 7 jours, pour vous seul et un seul téléchargement ; une coupure peut être reprise, en trois essais au plus.",
                    "Here is your link. It is shown once, holds for 7 days, for you alone and for one download; a transfer that broke can go on, in three tries at most."));
                page.Tag("a", package.FileName, ("class", "button button-sure"), ("href", link), ("download", package.FileName));
                page.Tag("p", tongue.Of("Le fichier s’ouvre avec age et votre clé privée ; LISEZMOI dans le paquet dit comment.", "The file opens with age and your private key; README in the package says how."), ("class", "hint"));
                return;
            }

            if (view.NoLink is { } no)
            {
                page.Tag("p", tongue.Of(no));
                return;
            }

            page.Tag("p", tongue.Of(
                "Un lien est fait pour vous seul : 7 jours, un téléchargement, trois essais. Les oppositions des patients sont relues à chaque essai.",
                "A link is made for you alone: 7 days, one download, three tries. The objections of the patients are read again at each try."));
            using (page.In("form", ("method", "post"), ("action", tongue.Link($"{view.Path}/link"))))
            {
                ResearchFrame.Token(page, person);
                page.Tag("button", tongue.Of(ResearchWords.Button(StudyStepKind.Fetch)), ("class", "button button-sure"), ("type", "submit"));
            }
        }
    }

    public static void Report(Html page, Tongue tongue, StudyView view)
    {
        if (view is not { Report: { } report, Package: { } package })
        {
            return;
        }

        using (page.In("section", ("class", "card"), ("aria-labelledby", "report")))
        {
            page.Tag("h2", tongue.Of($"Rapport de divulgation, version {package.Version}", $"Disclosure report, version {package.Version}"), ("id", "report"));
            using (page.In("dl", ("class", "facts")))
            {
                Parts.Fact(page, tongue.Of("Patients", "Patients"), tongue.Count(report.Patients));
                Parts.Fact(page, tongue.Of("Plus petit groupe de patients semblables (k)", "Smallest group of patients alike (k)"), tongue.Number(report.LeastClass));
                Parts.Fact(page, tongue.Of("Séjours retirés", "Stays taken out"), report.Suppressed);
                Parts.Fact(page, tongue.Of("Risque estimé de désigner quelqu’un, au plus", "Estimated risk of telling somebody, at most"), tongue.Number(report.Risk));
                Parts.Fact(page, tongue.Of("Empreinte du paquet (SHA-256)", "Hash of the package (SHA-256)"), package.Digest);
            }

            Sentences(page, tongue, tongue.Of("À savoir avant de libérer", "To know before it is released"), report.Warnings);
            Sentences(page, tongue, tongue.Of("Ce qui a été rendu plus grossier", "What was made coarser"), report.Generalisations);
            if (report.Classes is [{ } first, ..])
            {
                StudyParts.Table(
                    page,
                    "classes",
                    tongue.Of("Groupes de patients semblables", "Groups of patients alike"),
                    [.. first.Bands.Select(band => band.Key), tongue.Of("Patients", "Patients")],
                    report.Classes.Select(one => (string[])[.. one.Bands.Select(band => band.Value.Length == 0 ? tongue.Of("retiré", "taken out") : band.Value), tongue.Count(one.Patients)]));
            }
        }
    }

    private static void Sentences(Html page, Tongue tongue, string heading, IReadOnlyList<TwoTongues> said)
    {
        if (said.Count == 0)
        {
            return;
        }

        page.Tag("h3", heading);
        using (page.In("ul"))
        {
            foreach (TwoTongues one in said)
            {
                page.Tag("li", tongue.Of(one));
            }
        }
    }
}
