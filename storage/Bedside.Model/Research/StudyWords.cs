namespace Bedside.Model.Research;

/// <summary>How states and steps are called, in plain words.</summary>
public static class StudyWords
{
    public static TwoTongues Of(StudyState state) => state switch
    {
        StudyState.Draft => new("brouillon", "draft"),
        StudyState.Submitted => new("soumise", "submitted"),
        StudyState.ApprovedOnce => new("premier accord", "agreed once"),
        StudyState.Opposition => new("délai d’opposition", "time to say no"),
        StudyState.Ready => new("prête à construire", "ready to build"),
        StudyState.Built => new("paquet construit", "package built"),
        StudyState.Released => new("paquet libéré", "package released"),
        StudyState.Recalled => new("rappelée", "recalled"),
        StudyState.Expired => new("expirée", "expired"),
        StudyState.Destroyed => new("détruite", "destroyed"),
        StudyState.Refused => new("refusée", "refused"),
        _ => new("suspendue", "suspended"),
    };

    public static TwoTongues Of(StudyStepKind kind) => kind switch
    {
        StudyStepKind.Draft => new("Une demande a été commencée.", "A request was begun."),
        StudyStepKind.Submit => new("Une étude a été demandée.", "A study was asked for."),
        StudyStepKind.ApproveFirst => new("Le gardien des données a donné un premier accord.", "The data steward gave a first agreement."),
        StudyStepKind.ApproveSecond => new("Le délégué aux droits des patients a donné le second accord.", "The patients’ rights officer gave the second agreement."),
        StudyStepKind.Refuse => new("L’étude a été refusée.", "The study was refused."),
        StudyStepKind.Suspend => new("L’étude a été suspendue.", "The study was suspended."),
        StudyStepKind.Resume => new("L’étude a repris.", "The study went on."),
        StudyStepKind.Build => new("Le paquet de données a été construit, sans nom ni date.", "The package of data was built, without names or dates."),
        StudyStepKind.Release => new("Une troisième personne a contrôlé le paquet et l’a libéré.", "A third person checked the package and released it."),
        StudyStepKind.Fetch => new("Une personne nommée a téléchargé le paquet chiffré.", "A named person downloaded the encrypted package."),
        StudyStepKind.Recall => new("Le paquet a été rappelé ; qui l’a doit le détruire.", "The package was recalled; whoever has it must destroy it."),
        StudyStepKind.Expire => new("L’étude est close ; la clé de ses pseudonymes est détruite.", "The study is closed; the key of its pseudonyms is destroyed."),
        StudyStepKind.AttestDestruction => new("Une personne nommée a attesté que tout est détruit.", "A named person attested that everything is destroyed."),
        _ => new("Un patient a dit non ; le paquet est fermé et sera refait sans lui.", "A patient said no; the package is shut and will be made again without them."),
    };
}
