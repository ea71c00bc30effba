using Bedside.Model.Research;

namespace Bedside.Viewer.Research;

/// <summary>
/// The public log as a page: what is studied, who answers for it, why, on what law, how many patients, who agreed, what was refused or recalled, and how to say no. For everybody, without an
/// account. Sentences of level B1.
/// </summary>
internal static class PublicPage
{
    public static void Write(Html page, Tongue tongue, IStudyDesk? desk)
    {
        page.Tag("h1", tongue.Of("La recherche avec les données de ce service", "Research with the data of this unit"));
        page.Tag("p", tongue.Of(
            "Des appareils mesurent le cœur, la pression ou la respiration des patients. Ces mesures peuvent servir à la recherche. Cette page dit quelles recherches sont demandées, acceptées ou refusées.",
            "Devices measure the heart, the pressure or the breathing of patients. These measurements can serve research. This page says which studies are asked for, agreed to or refused."), ("class", "lead"));
        SayNo(page, tongue);
        Protection(page, tongue);
        page.Tag("h2", tongue.Of("Les études", "The studies"));
        if (desk is null)
        {
            page.Tag("p", tongue.Of("Ce boîtier ne garde aucune étude.", "This box keeps no studies."), ("class", "card"));
            return;
        }

        // What a draft says is its author's until it is submitted: the log has no title of it either.
        IGrouping<string, PublicLine>[] all = [.. desk.Log.GroupBy(line => line.Study).OrderByDescending(lines => lines.Max(line => line.Number))];
        IGrouping<string, PublicLine>[] studies = [.. all.Where(lines => lines.Any(line => line.Kind != StudyStepKind.Draft))];
        if (studies.Length == 0)
        {
            page.Tag("p", tongue.Of("Aucune étude n’a été demandée.", "No study has been asked for."), ("class", "card"));
        }

        foreach (IGrouping<string, PublicLine> lines in studies)
        {
            StudyCard(page, tongue, [.. lines.OrderBy(line => line.Number)], desk);
        }

        if (all.Length > studies.Length)
        {
            int drafts = all.Length - studies.Length;
            page.Tag("p", tongue.Of($"Demandes en préparation, pas encore soumises : {drafts}.", $"Requests being prepared, not submitted yet: {drafts}."), ("class", "hint"));
        }

        File(page, tongue);
    }

    public static void SayNo(Html page, Tongue tongue)
    {
        using (page.In("section", ("class", "verdict"), ("aria-labelledby", "say-no")))
        {
            page.Tag("h2", tongue.Of("Vous pouvez dire non", "You can say no"), ("id", "say-no"));
            using (page.In("ul"))
            {
                page.Tag("li", tongue.Of("Dites-le à n’importe quel soignant, ou sur l’écran du lit : « Plus », puis « Patient », puis « Dire non à la recherche ».", "Tell any member of the care team, or say so on the screen of the bed: “More”, then “Patient”, then “Say no to research”."));
                page.Tag("li", tongue.Of("Un proche peut le dire pour vous.", "A relative can say it for you."));
                page.Tag("li", tongue.Of("Vous n’avez pas à donner de raison. Vos soins ne changent pas.", "You need not give a reason. Your care does not change."));
                page.Tag("li", tongue.Of("Vous pouvez changer d’avis, dans les deux sens, quand vous voulez.", "You can change your mind, either way, whenever you want."));
                page.Tag("li", tongue.Of("Un non ferme tout paquet déjà construit en moins d’une minute.", "A no shuts every package that was built already, in less than a minute."));
            }
        }
    }

    private static void Protection(Html page, Tongue tongue)
    {
        using (page.In("section", ("class", "card")))
        {
            page.Tag("h2", tongue.Of("Ce qui part, et ce qui ne part jamais", "What leaves, and what never does"));
            page.Tag("p", tongue.Of(
                "Jamais : votre nom, votre date de naissance, vos numéros, la date de votre séjour, le lit, les notes des soignants. Partent : des mesures, votre tranche d’âge et votre sexe, sous un code qui change à chaque étude.",
                "Never: your name, your date of birth, your numbers, the date of your stay, the bed, the notes of the care team. What leaves: measurements, your age band and your sex, under a code that is another in each study."));
            page.Tag("p", tongue.Of(
                "Deux personnes différentes doivent être d’accord. Ensuite vous avez au moins 15 jours pour dire non. Une troisième personne contrôle avant que les données partent. Elles partent chiffrées.",
                "Two different people must agree. Then you have at least 15 days to say no. A third person checks before the data leave. They leave encrypted."));
            page.Tag("p", tongue.Of(
                "Aucune étude ne part avec un groupe de moins de 11 patients semblables. Une courbe du cœur peut parfois désigner une personne : elle n’est donnée que si une raison de plus est écrite.",
                "No study leaves with a group of fewer than 11 patients alike. A curve of the heart can sometimes tell a person: it is given only where one more reason is written down."));
        }
    }

    private static void StudyCard(Html page, Tongue tongue, PublicLine[] lines, IStudyDesk desk)
    {
        PublicLine last = lines[^1];
        Study? study = desk.Studies.FirstOrDefault(one => one.Id == last.Study);
        StudyState state = study is null ? last.State : desk.StateOf(study);
        using (page.In("article", ("class", "card"), ("aria-labelledby", $"study-{last.Study}")))
        {
            using (page.In("header", ("class", "card-head")))
            {
                page.Tag("h3", study is null ? last.Study : tongue.Of(study.Request.Title), ("id", $"study-{last.Study}"));
                page.Tag("p", tongue.Of(ResearchWords.Plain(state)), ("class", "state"));
            }

            if (study is not null)
            {
                page.Tag("p", tongue.Of(study.Request.Summary));
            }

            Facts(page, tongue, last, lines, study);
            page.Tag("h4", tongue.Of("Ce qui s’est passé", "What happened"));
            using (page.In("ol", ("class", "course")))
            {
                foreach (PublicLine line in lines)
                {
                    Line(page, tongue, line);
                }
            }
        }
    }

    private static void Facts(Html page, Tongue tongue, PublicLine last, PublicLine[] lines, Study? study)
    {
        using (page.In("dl", ("class", "facts")))
        {
            Parts.Fact(page, tongue.Of("Numéro", "Number"), last.Study);
            Parts.Fact(page, tongue.Of("Qui en répond", "Who answers for it"), last.Body);
            if (study is { Request: { } request })
            {
                Parts.Fact(page, tongue.Of("Pourquoi", "Why"), request.PublicInterest);
                Parts.Fact(page, tongue.Of("Qui protège les données", "Who protects the data"), request.DataProtectionOfficer);
                Parts.Fact(page, tongue.Of("Mesures demandées", "Measurements asked for"), string.Join(", ", request.Signals.Select(asked => tongue.Signal(asked.Signal))));
                Parts.Fact(page, tongue.Of("Séjours commencés", "Stays begun"), tongue.Of($"du {tongue.Day(request.FirstDay)} au {tongue.Day(request.LastDay)}", $"from {tongue.Day(request.FirstDay)} to {tongue.Day(request.LastDay)}"));
                Parts.Fact(page, tongue.Of("Fin de l’étude", "End of the study"), tongue.Day(request.Expires));
            }

            Parts.Fact(page, tongue.Of("Loi", "Law"), $"{tongue.Of(ResearchWords.Of(last.Basis))}, {last.BasisReference}");
            Parts.Fact(page, tongue.Of("Combien de patients", "How many patients"), tongue.Count(lines.LastOrDefault(line => line.Patients.Length > 0)?.Patients ?? string.Empty));
        }
    }

    private static void Line(Html page, Tongue tongue, PublicLine line)
    {
        using (page.In("li"))
        {
            page.Tag("time", tongue.Day(line.At), ("datetime", line.At.ToString()));
            page.Tag("span", tongue.Of(StudyWords.Of(line.Kind)));

            // Of a request it is why the study is asked for, which stands above.
            if (line.Why.Length > 0 && line.Kind != StudyStepKind.Submit)
            {
                page.Tag("span", tongue.Of($"Raison : {line.Why}", $"Reason: {line.Why}"), ("class", "why"));
            }
        }
    }

    private static void File(Html page, Tongue tongue)
    {
        using (page.In("section", ("class", "card")))
        {
            page.Tag("h2", tongue.Of("Vérifier ce registre", "Check this log"));
            page.Tag("p", tongue.Of(
                "Le registre est aussi un fichier. Chaque ligne contient l’empreinte SHA-256 de la ligne d’avant : une ligne changée ou retirée se voit. Sur un ordinateur, ces deux commandes donnent la même empreinte :",
                "The log is a file too. Each line has the SHA-256 of the line before it: a line that was changed or taken out shows. On a computer, these two commands give the same hash:"));
            page.Tag("pre", "sed -n 1p public-log.jsonl | tr -d '\\n' | sha256sum\nsed -n 2p public-log.jsonl | grep -o '\"previous\":\"[0-9a-f]*\"'", ("tabindex", "0"));
            using (page.In("p", ("class", "row")))
            {
                page.Tag("a", tongue.Of("Prendre le fichier", "Take the file"), ("class", "button"), ("href", $"{ResearchFrame.Root}/public-log.jsonl"));
                page.Tag("a", tongue.Of("Affiche à imprimer", "Poster to print"), ("class", "button"), ("href", tongue.Link($"{ResearchFrame.Root}/poster")));
            }
        }
    }
}
