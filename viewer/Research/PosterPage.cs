using Bedside.Model.Research;
using Microsoft.AspNetCore.Http;

namespace Bedside.Viewer.Research;

/// <summary>One sheet of A4 for the wall: what goes on, and how to say no. The address stands as a text, to be typed.</summary>
internal static class PosterPage
{
    private const int MostStudies = 6;

    public static IResult Answer(Tongue tongue, IStudyDesk? desk, string address)
    {
        var page = new Html();
        using (page.In("html", ("lang", tongue.Code), ("class", "poster-page")))
        {
            ResearchFrame.Head(page, tongue, tongue.Of("Affiche", "Poster"));
            using (page.In("body"))
            using (page.In("main", ("class", "poster")))
            {
                Write(page, tongue, desk, address);
            }
        }

        return ResearchFrame.Send(page);
    }

    private static void Write(Html page, Tongue tongue, IStudyDesk? desk, string address)
    {
        page.Tag("h1", tongue.Of("La recherche dans ce service", "Research in this unit"));
        page.Tag("p", tongue.Of(
            "Les mesures prises à votre lit peuvent servir à la recherche, sans votre nom et sans date. Deux personnes doivent être d’accord ; vous avez toujours le dernier mot.",
            "What is measured at your bed can serve research, without your name and without dates. Two people must agree; you always have the last word."), ("class", "lead"));
        PublicPage.SayNo(page, tongue);
        page.Tag("h2", tongue.Of("Études en ce moment", "Studies at present"));
        Study[] open = [.. (desk?.Studies ?? []).Where(study => IsOpen(desk!.StateOf(study))).OrderByDescending(study => study.Id, StringComparer.Ordinal)];
        if (open.Length == 0)
        {
            page.Tag("p", tongue.Of("Aucune.", "None."));
        }

        using (page.In("div", ("class", "poster-studies")))
        {
            foreach (Study study in open.Take(MostStudies))
            {
                using (page.In("section"))
                {
                    page.Tag("h3", tongue.Of(study.Request.Title));
                    page.Tag("p", $"{study.Request.Body}. {tongue.Of(ResearchWords.Plain(desk!.StateOf(study)))}.");
                }
            }
        }

        if (open.Length > MostStudies)
        {
            page.Tag("p", tongue.Of($"Et {open.Length - MostStudies} de plus, à l’adresse ci-dessous.", $"And {open.Length - MostStudies} more, at the address below."));
        }

        page.Tag("h2", tongue.Of("Tout lire", "Read all of it"));
        page.Tag("p", address, ("class", "poster-address"));
        page.Tag("p", tongue.Of("Sans compte. Demandez à un soignant si vous ne pouvez pas ouvrir cette page.", "Without an account. Ask the care team if you cannot open this page."));
    }

    /// <summary>What a patient can still say no to.</summary>
    private static bool IsOpen(StudyState state) => state is >= StudyState.Submitted and <= StudyState.Released or StudyState.Suspended;
}
