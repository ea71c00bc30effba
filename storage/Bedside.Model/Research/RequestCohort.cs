namespace Bedside.Model.Research;

/// <summary>The rules of whose stays are asked for, and of which hours of them.</summary>
public static class RequestCohort
{
    private const double MostHours = 24 * 366;

    /// <summary>Those that a request may name (<c>trust.md</c>, section 5.6): ten years each, everybody from 90 on together; children are in no cohort that does not name them.</summary>
    public static IReadOnlyList<string> AgeBands { get; } = ["0-17", "18-29", "30-39", "40-49", "50-59", "60-69", "70-79", "80-89", "90+"];

    public static IReadOnlyList<string> Sexes { get; } = ["F", "M"];

    internal static IEnumerable<RequestFault> Faults(StudyRequest request)
    {
        CohortRules cohort = request.Cohort;
        if (cohort.AgeBands.Any(band => !AgeBands.Contains(band)) || IsTwice(cohort.AgeBands))
        {
            yield return RequestCheck.Fault("cohort.ageBands", $"Les tranches d’âge sont {string.Join(", ", AgeBands)}, chacune une fois ; aucune = toutes.", $"Age bands are {string.Join(", ", AgeBands)}, each once; none = all.");
        }

        if (cohort.Sexes.Any(sex => !Sexes.Contains(sex)) || IsTwice(cohort.Sexes))
        {
            yield return RequestCheck.Fault("cohort.sexes", "Les sexes sont F et M, chacun une fois ; aucun = tous.", "Sexes are F and M, each once; none = all.");
        }

        if (!IsHours(cohort.LeastHours))
        {
            yield return RequestCheck.Fault("cohort.leastHours", "La durée minimale va de 0 à 8784 heures.", "The least length is 0 to 8784 hours.");
        }

        for (int i = 0; i < cohort.Has.Count; i++)
        {
            if (Nomenclature.Shipped.ById(cohort.Has[i].Signal) is null || !IsHours(cohort.Has[i].Hours))
            {
                yield return RequestCheck.Fault(
                    $"cohort.has[{i}]", "La condition nomme un signal du boîtier et de 0 à 8784 heures ; bedside extract availability liste les signaux.", "A condition names a signal of the box and 0 to 8784 hours; bedside extract availability lists the signals.");
            }
        }

        if (!IsHours(request.Window.FromHour) || (request.Window.ToHour is { } to && (!IsHours(to) || to <= request.Window.FromHour)))
        {
            yield return RequestCheck.Fault("window", "La fenêtre va d’une heure à une heure plus tardive après l’admission, de 0 à 8784.", "The window goes from an hour to a later one after admission, 0 to 8784.");
        }
    }

    private static bool IsTwice(IReadOnlyList<string> words) => words.ToHashSet(StringComparer.Ordinal).Count != words.Count;

    private static bool IsHours(double hours) => hours is >= 0 and <= MostHours;
}
