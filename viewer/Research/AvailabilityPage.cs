using Bedside.Model.Research;

namespace Bedside.Viewer.Research;

/// <summary>What there is, before anybody asks: rounded, so that no patient is told by it. A signal that fewer than 11 patients have is listed without figures.</summary>
internal static class AvailabilityPage
{
    public static void Write(Html page, Tongue tongue, AvailableData? data, bool hasSample)
    {
        page.Tag("h1", tongue.Of("Données disponibles", "Available data"));
        page.Tag("p", tongue.Of(
            "Quels signaux ce boîtier garde, avec quelle complétude et pour combien de séjours. Les nombres sont arrondis à 5 et rien n’est dit sous 11 patients. Les patients qui ont dit non ne sont pas comptés.",
            "Which signals this box keeps, how complete, and for how many stays. Numbers are rounded to 5, and nothing is told under 11 patients. Patients who said no are not counted."), ("class", "lead"));
        if (data is null)
        {
            page.Tag("p", tongue.Of("Ce boîtier ne compte pas encore ce qu’il a.", "This box does not count yet what it has."), ("class", "card"));
            return;
        }

        Facts(page, tongue, data);
        Table(page, tongue, data);
        if (hasSample)
        {
            using (page.In("section", ("class", "card")))
            {
                page.Tag("h2", tongue.Of("À quoi ressemble un paquet", "What a package looks like"));
                page.Tag("p", tongue.Of("Le même paquet, avec des données inventées : essayez vos programmes avant de demander.", "The same package with made-up data: try your programs before you ask."));
                page.Tag("a", tongue.Of("Prendre l’exemple (données inventées)", "Take the sample (made-up data)"), ("class", "button"), ("href", $"{ResearchFrame.Root}/area/availability/sample"));
            }
        }
    }

    private static void Facts(Html page, Tongue tongue, AvailableData data)
    {
        using (page.In("section", ("class", "card")))
        {
            page.Tag("h2", tongue.Of("En tout", "In all"));
            using (page.In("dl", ("class", "facts")))
            {
                Parts.Fact(page, tongue.Of("Patients", "Patients"), tongue.Count(RoundedCount.Of(data.Patients)));
                Parts.Fact(page, tongue.Of("Séjours", "Stays"), tongue.Count(RoundedCount.Of(data.Stays)));
                string days = data is { FirstDay: { } first, LastDay: { } last } ? tongue.Of($"de {Month(tongue, first)} à {Month(tongue, last)}", $"from {Month(tongue, first)} to {Month(tongue, last)}") : string.Empty;
                Parts.Fact(page, tongue.Of("Admissions", "Admissions"), data.Patients < RoundedCount.Least ? string.Empty : days);
            }
        }
    }

    private static void Table(Html page, Tongue tongue, AvailableData data)
    {
        using (page.In("div", ("class", "card table-room"), ("tabindex", "0"), ("role", "region"), ("aria-labelledby", "signals")))
        using (page.In("table"))
        {
            page.Tag("caption", tongue.Of("Signaux", "Signals"), ("id", "signals"));
            using (page.In("thead"))
            using (page.In("tr"))
            {
                foreach (string head in new[] { tongue.Of("Signal", "Signal"), tongue.Of("Code pour la demande", "Code for the request"), tongue.Of("Cadence", "Rate"), tongue.Of("Séjours", "Stays"), tongue.Of("Complet", "Complete") })
                {
                    page.Tag("th", head, ("scope", "col"));
                }
            }

            using (page.In("tbody"))
            {
                foreach (AvailableSignal signal in data.Signals.OrderByDescending(one => one.Patients >= RoundedCount.Least).ThenBy(one => tongue.Signal(one.Signal), StringComparer.Ordinal))
                {
                    Row(page, tongue, signal);
                }
            }
        }
    }

    private static void Row(Html page, Tongue tongue, AvailableSignal signal)
    {
        bool isTold = signal.Patients >= RoundedCount.Least;
        using (page.In("tr"))
        {
            page.Tag("th", tongue.Signal(signal.Signal), ("scope", "row"));
            page.Tag("td", signal.Signal);
            page.Tag("td", signal.Hertz is { } hertz ? $"{tongue.Number(hertz)} Hz" : tongue.Of("par évènement", "when it happens"));
            page.Tag("td", isTold ? tongue.Count(RoundedCount.Of(signal.Stays)) : tongue.Of("moins de 11 patients", "fewer than 11 patients"));
            page.Tag("td", isTold ? tongue.Percent(Math.Round(signal.Complete * 20) / 20) : "–");
        }
    }

    private static string Month(Tongue tongue, DateOnly day) => tongue.Day(day)[(tongue.Day(day).IndexOf(' ', StringComparison.Ordinal) + 1)..];
}
