namespace Bedside.Model.Research;

/// <summary>What stands against a request.</summary>
/// <param name="Field">Where, as the JSON names it: <c>signals[2].reason</c>.</param>
/// <param name="Sentence">What is wrong, and the remedy.</param>
public sealed record RequestFault(string Field, TwoTongues Sentence);

/// <summary>All rules of a request (<c>trust.md</c>, section 5.2). A machine holds them against it before anybody reads it.</summary>
public static class RequestCheck
{
    /// <summary>How long a permission lasts when nobody says.</summary>
    public const int UsualMonths = 12;

    public const int MostMonths = 24;
    public const int MostPeople = 20;
    public const int MostSignals = 200;
    public const int LongestTitle = 200;
    public const int LongestText = 4000;

    /// <summary>The day on which a permission that is asked for today ends, when nobody says another.</summary>
    public static DateOnly UsualEnd(DateOnly submitted) => submitted.AddMonths(UsualMonths);

    /// <summary>Empty = it may be submitted on that day.</summary>
    public static IReadOnlyList<RequestFault> Faults(StudyRequest request, DateOnly submitted) =>
        [.. Texts(request), .. Law(request), .. RequestPeople.Faults(request.People), .. RequestCohort.Faults(request), .. RequestSignals.Faults(request.Signals), .. Days(request, submitted)];

    internal static RequestFault Fault(string field, string french, string english) => new(field, new TwoTongues(french, english));

    /// <summary>Null = it is a text of at most so many letters.</summary>
    internal static RequestFault? Missing(string field, string text, int longest, string french, string english)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return Fault(field, french, english);
        }

        return text.Length > longest || text.Any(letter => char.IsControl(letter) && letter != '\n')
            ? Fault(field, $"Le texte dépasse {longest} lettres ou contient des caractères de commande ; raccourcissez-le.", $"The text is longer than {longest} letters or has control characters; shorten it.")
            : null;
    }

    private static IEnumerable<RequestFault> Texts(StudyRequest request)
    {
        RequestFault?[] faults =
        [
            Missing("title.french", request.Title.French, LongestTitle, "Le titre français manque ; écrivez-le.", "The French title is missing; write it."),
            Missing("title.english", request.Title.English, LongestTitle, "Le titre anglais manque ; écrivez-le.", "The English title is missing; write it."),
            Missing("summary.french", request.Summary.French, LongestText, "Le résumé français manque ; écrivez-le comme un patient le comprend.", "The French summary is missing; write it as a patient understands it."),
            Missing("summary.english", request.Summary.English, LongestText, "Le résumé anglais manque ; écrivez-le comme un patient le comprend.", "The English summary is missing; write it as a patient understands it."),
            Missing("publicInterest", request.PublicInterest, LongestText, "L’intérêt public n’est pas dit ; dites à qui l’étude sert.", "The public interest is not said; say whom the study serves."),
            Missing("body", request.Body, LongestTitle, "L’organisme responsable manque ; nommez-le.", "The responsible body is missing; name it."),
            Missing("dataProtectionOfficer", request.DataProtectionOfficer, LongestTitle, "Le délégué à la protection des données manque ; dites comment le joindre.", "The data protection officer is missing; say how to reach them."),
            Missing("secureSpace", request.SecureSpace, LongestText, "L’espace sécurisé manque ; nommez celui où le paquet est ouvert.", "The secure space is missing; name the one in which the package is opened."),
            Missing("outputs", request.Outputs, LongestText, "Les résultats prévus manquent ; dites ce que l’étude donnera.", "The planned outputs are missing; say what the study will give."),
            Missing("whyNotFederated", request.WhyNotFederated, LongestText, "Dites pourquoi des réponses sans les données ne suffisent pas.", "Say why answers without the data do not serve."),
        ];
        return faults.OfType<RequestFault>();
    }

    private static IEnumerable<RequestFault> Law(StudyRequest request)
    {
        if (request.Basis == LegalBasis.None || !Enum.IsDefined(request.Basis))
        {
            yield return Fault("basis", "La base légale manque ; choisissez mr004, ehdsPermit ou authorisation.", "The legal basis is missing; choose mr004, ehdsPermit or authorisation.");
        }

        if (Missing("basisReference", request.BasisReference, LongestTitle, "Le numéro de la déclaration ou de l’autorisation manque ; donnez-le.", "The number of the declaration or permit is missing; give it.") is { } reference)
        {
            yield return reference;
        }

        if (Missing("opinion", request.Opinion, LongestText, "L’avis du comité manque ; dites où il se trouve.", "The committee’s opinion is missing; say where it stands.") is { } opinion)
        {
            yield return opinion;
        }
    }

    private static IEnumerable<RequestFault> Days(StudyRequest request, DateOnly submitted)
    {
        if (request.LastDay < request.FirstDay)
        {
            yield return Fault("lastDay", "Le dernier jour précède le premier ; échangez-les.", "The last day is before the first; swap them.");
        }

        if (request.Expires <= submitted)
        {
            yield return Fault("expires", "La fin est déjà passée ; choisissez un jour à venir, 12 mois en général.", "The end is past; choose a day to come, 12 months ahead as a rule.");
        }
        else if (request.Expires > submitted.AddMonths(MostMonths))
        {
            yield return Fault("expires", $"La fin dépasse 24 mois ; choisissez au plus tard le {submitted.AddMonths(MostMonths):yyyy-MM-dd}.", $"The end is more than 24 months ahead; choose {submitted.AddMonths(MostMonths):yyyy-MM-dd} at the latest.");
        }

        if (!Enum.IsDefined(request.Time) || (request.Time == TimeForm.ShiftedWeeks && string.IsNullOrWhiteSpace(request.TimeReason)))
        {
            yield return Fault("timeReason", "Les dates décalées demandent une raison ; dites pourquoi le temps depuis l’admission ne suffit pas, ou choisissez relative.", "Moved dates need a reason; say why the time since admission does not serve, or choose relative.");
        }
    }
}
