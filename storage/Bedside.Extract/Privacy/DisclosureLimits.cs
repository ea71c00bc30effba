using Bedside.Model.Research;

namespace Bedside.Extract.Privacy;

/// <summary>What the figures of a report do not say, in sentences for those who decide. PRIVACY.md, section 6.</summary>
internal static class DisclosureLimits
{
    private static readonly TwoTongues Content = new(
        "Les classes et le risque ne valent que pour le tableau des séjours. Les mêmes mesures données à deux études se relient par leur contenu, et un électrocardiogramme peut désigner une personne.",
        "Classes and risk hold for the table of the stays alone. The same measurements given to two studies can be linked by their content, and an electrocardiogram can tell a person.");

    private static readonly TwoTongues Several = new(
        "Les séjours d’un même patient portent le même nom : ensemble ils sont plus rares que chaque classe ne le dit.",
        "Stays of one patient have one name: together they are rarer than each class says.");

    private static readonly TwoTongues Length = new(
        "La fenêtre n’a pas de fin : la durée exacte du séjour se lit dans les mesures.",
        "The window has no end: the exact length of a stay can be read in the measurements.");

    private static readonly TwoTongues Clock = new(
        "L’horloge murale est gardée : l’heure et le jour de semaine de l’admission se lisent dans les temps.",
        "The wall clock is kept: hour and weekday of the admission can be read in the times.");

    /// <summary>Those that always hold, and those of a request.</summary>
    /// <param name="request">Null = none is known yet.</param>
    public static IReadOnlyList<TwoTongues> Of(StudyRequest? request)
    {
        List<TwoTongues> limits = [Content, Several];
        if (request is { Window.ToHour: null })
        {
            limits.Add(Length);
        }

        if (request is { Time: TimeForm.ShiftedWeeks })
        {
            limits.Add(Clock);
        }

        return limits;
    }
}
