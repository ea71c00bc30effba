using Bedside.Model.People;
using Bedside.Model.Research;

namespace Bedside.Viewer.Research;

/// <summary>Words of the pages for what the model names.</summary>
internal static class ResearchWords
{
    public static TwoTongues Of(Role role) => role switch
    {
        Role.Clinician => new("soignant", "clinician"),
        Role.Biomed => new("biomédical", "biomed"),
        Role.Researcher => new("chercheur", "researcher"),
        Role.Steward => new("gardien des données", "data steward"),
        Role.RightsOfficer => new("délégué aux droits des patients", "patients’ rights officer"),
        _ => new("administrateur", "administrator"),
    };

    public static TwoTongues Of(LegalBasis basis) => basis switch
    {
        LegalBasis.Mr004 => new("Méthodologie de référence MR-004 de la CNIL", "Reference methodology MR-004 of the CNIL"),
        LegalBasis.EhdsPermit => new("Autorisation d’un organisme d’accès aux données de santé, règlement (UE) 2025/327", "Permit of a health data access body, Regulation (EU) 2025/327"),
        LegalBasis.Authorisation => new("Autre autorisation", "Another authorisation"),
        _ => new("pas encore dite", "not said yet"),
    };

    /// <summary>In words that a patient reads.</summary>
    public static TwoTongues Plain(StudyState state) => state switch
    {
        StudyState.Draft => new("Brouillon", "Draft"),
        StudyState.Submitted => new("Demandée, pas encore acceptée", "Asked for, not agreed to yet"),
        StudyState.ApprovedOnce => new("Un accord sur deux", "One agreement of two"),
        StudyState.Opposition => new("Acceptée : vous pouvez dire non avant qu’elle commence", "Agreed to: you can say no before it begins"),
        StudyState.Ready => new("Acceptée", "Agreed to"),
        StudyState.Built => new("Données préparées, pas encore remises", "Data prepared, not handed over yet"),
        StudyState.Released => new("En cours : données remises, chiffrées", "Under way: data handed over, encrypted"),
        StudyState.Recalled => new("Rappelée : les données doivent être détruites", "Recalled: the data must be destroyed"),
        StudyState.Expired => new("Terminée : les données ne peuvent plus être ouvertes", "Over: the data can no longer be opened"),
        StudyState.Destroyed => new("Terminée : les données sont détruites", "Over: the data are destroyed"),
        StudyState.Refused => new("Refusée", "Refused"),
        _ => new("Arrêtée pour le moment", "Stopped for now"),
    };

    /// <summary>What the button of a step says.</summary>
    public static TwoTongues Button(StudyStepKind kind) => kind switch
    {
        StudyStepKind.Submit => new("Soumettre la demande", "Submit the request"),
        StudyStepKind.ApproveFirst => new("Donner le premier accord", "Give the first agreement"),
        StudyStepKind.ApproveSecond => new("Donner le second accord", "Give the second agreement"),
        StudyStepKind.Refuse => new("Refuser", "Refuse"),
        StudyStepKind.Suspend => new("Suspendre", "Suspend"),
        StudyStepKind.Resume => new("Reprendre", "Go on"),
        StudyStepKind.Build => new("Construire le paquet", "Build the package"),
        StudyStepKind.Release => new("Libérer le paquet", "Release the package"),
        StudyStepKind.Recall => new("Rappeler le paquet", "Recall the package"),
        StudyStepKind.AttestDestruction => new("Attester la destruction", "Attest the destruction"),
        StudyStepKind.Fetch => new("Créer mon lien de téléchargement", "Make my download link"),
        _ => StudyWords.Of(kind),
    };

    /// <summary>The word of a step in a form, and back.</summary>
    public static string Code(StudyStepKind kind) => kind switch
    {
        StudyStepKind.ApproveFirst => "approve-first",
        StudyStepKind.ApproveSecond => "approve-second",
        StudyStepKind.AttestDestruction => "attest",
        _ => kind.ToString().ToLowerInvariant(),
    };

    public static StudyStepKind? Step(string code)
    {
        foreach (StudyStepKind kind in Steps)
        {
            if (Code(kind) == code)
            {
                return kind;
            }
        }

        return null;
    }

    /// <summary>Those that a person takes on the page of a study, the way on first.</summary>
    public static IReadOnlyList<StudyStepKind> Steps { get; } =
    [
        StudyStepKind.Submit, StudyStepKind.ApproveFirst, StudyStepKind.ApproveSecond, StudyStepKind.Build, StudyStepKind.Release, StudyStepKind.Resume, StudyStepKind.AttestDestruction,
        StudyStepKind.Recall, StudyStepKind.Refuse, StudyStepKind.Suspend,
    ];

    /// <summary>A decision needs the password once more; what stops a study does not, and what builds or submits decides nothing.</summary>
    public static bool NeedsProof(StudyStepKind kind) => kind is not (StudyStepKind.Suspend or StudyStepKind.Submit or StudyStepKind.Build);

    /// <summary>Who it waits for.</summary>
    public static TwoTongues Next(StudyState state) => state switch
    {
        StudyState.Draft => new("La personne qui a commencé la demande la complète et la soumet.", "Whoever began the request completes and submits it."),
        StudyState.Submitted => new("Un gardien des données lit la demande et donne le premier accord, ou refuse.", "A data steward reads the request and gives the first agreement, or refuses."),
        StudyState.ApprovedOnce => new("Le délégué aux droits des patients, une autre personne, donne le second accord, ou refuse.", "The patients’ rights officer, another person, gives the second agreement, or refuses."),
        StudyState.Opposition => new("Les patients peuvent dire non. Rien n’est construit avant la fin de ce délai.", "Patients can say no. Nothing is built before this time is over."),
        StudyState.Ready => new("Un gardien des données construit le paquet.", "A data steward builds the package."),
        StudyState.Built => new("Une troisième personne lit le rapport de divulgation et libère le paquet, ou refuse.", "A third person reads the disclosure report and releases the package, or refuses."),
        StudyState.Released => new("Les personnes nommées téléchargent le paquet, chacune avec son lien.", "The named people download the package, each by their own link."),
        StudyState.Recalled => new("Les personnes nommées détruisent ce qu’elles ont et l’attestent dans les 30 jours.", "The named people destroy what they have and attest it within 30 days."),
        StudyState.Expired => new("Les personnes nommées attestent que tout est détruit.", "The named people attest that everything is destroyed."),
        StudyState.Suspended => new("Un gardien ou le délégué aux droits fait reprendre l’étude, ou la refuse.", "A steward or the rights officer lets the study go on, or refuses it."),
        StudyState.Refused => new("Rien. Une nouvelle demande est possible.", "Nothing. A new request is possible."),
        _ => new("Rien.", "Nothing."),
    };

    /// <summary>Why the door did not open, where signing in would not help.</summary>
    public static TwoTongues NotYours(int status) => status == Microsoft.AspNetCore.Http.StatusCodes.Status503ServiceUnavailable
        ? new("Le journal des accès ne prend rien maintenant, et sans lui rien n’est montré. Réessayez.", "The journal of access takes nothing now, and nothing is shown without it. Try again.")
        : new("Aucun de vos rôles ne le permet, ou cette page est trop ancienne : rechargez-la.", "None of your roles allows it, or this page is too old: load it again.");
}
