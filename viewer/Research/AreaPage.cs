using Bedside.Model.Research;

namespace Bedside.Viewer.Research;

/// <summary>The studies that somebody may see, and what each waits for.</summary>
internal static class AreaPage
{
    public static void Write(Html page, Tongue tongue, IReadOnlyList<(Study Study, StudyState State)> studies, bool mayAsk)
    {
        page.Tag("h1", tongue.Of("Espace recherche", "Research area"));
        if (mayAsk)
        {
            using (page.In("p", ("class", "row")))
            {
                page.Tag("a", tongue.Of("Nouvelle demande", "New request"), ("class", "button button-sure"), ("href", tongue.Link($"{ResearchFrame.Root}/area/request")));
                page.Tag("a", tongue.Of("Données disponibles", "Available data"), ("class", "button"), ("href", tongue.Link($"{ResearchFrame.Root}/area/availability")));
            }
        }

        if (studies.Count == 0)
        {
            page.Tag("p", tongue.Of("Aucune étude que vous puissiez voir.", "No study that you may see."), ("class", "card"));
            return;
        }

        using (page.In("div", ("class", "card table-room"), ("tabindex", "0"), ("role", "region"), ("aria-labelledby", "studies")))
        using (page.In("table"))
        {
            page.Tag("caption", tongue.Of("Études", "Studies"), ("id", "studies"));
            using (page.In("thead"))
            using (page.In("tr"))
            {
                foreach (string head in new[] { tongue.Of("Numéro", "Number"), tongue.Of("Titre", "Title"), tongue.Of("État", "State"), tongue.Of("Ce qui vient", "What comes next") })
                {
                    page.Tag("th", head, ("scope", "col"));
                }
            }

            using (page.In("tbody"))
            {
                foreach ((Study study, StudyState state) in studies)
                {
                    Row(page, tongue, study, state);
                }
            }
        }
    }

    private static void Row(Html page, Tongue tongue, Study study, StudyState state)
    {
        using (page.In("tr"))
        {
            using (page.In("th", ("scope", "row")))
            {
                page.Tag("a", study.Id, ("class", "row-link"), ("href", tongue.Link($"{ResearchFrame.Root}/area/{Uri.EscapeDataString(study.Id)}")));
            }

            string title = tongue.Of(study.Request.Title);
            page.Tag("td", title.Length > 0 ? title : "–");
            using (page.In("td"))
            {
                page.Tag("span", tongue.Of(StudyWords.Of(state)), ("class", "tag"));
            }

            page.Tag("td", tongue.Of(ResearchWords.Next(state)));
        }
    }
}
