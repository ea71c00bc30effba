using Bedside.Model.Research;

namespace Bedside.Extract.Sealing;

/// <summary>DATA-USE.txt: what whoever has the package may and must do, in French and in English. The day of its end is in the public log: a date would be the only real one in the package.</summary>
internal static class DataUse
{
    public static string Write(BagDescription about)
    {
        StudyRequest request = about.Request;
        string text = $"""
            {about.Name}: CONDITIONS D'UTILISATION / CONDITIONS OF USE

            {Page.Wrap($"Étude : {request.Title.French}")}
            {Page.Wrap($"Base légale : {French(request.Basis)}, {request.BasisReference}")}
            {Page.Wrap($"Responsable : {request.Body}")}
            {Page.Wrap($"Délégué à la protection des données : {request.DataProtectionOfficer}")}
            {Page.Wrap($"Espace sécurisé : {request.SecureSpace}")}

            {Page.List(
            [
                "Ces données servent à cette étude, et à rien d'autre. Elles ne quittent pas l'espace sécurisé, et seules les personnes nommées dans la demande les ouvrent.",
                "Personne ne cherche à savoir de qui elles viennent. Qui reconnaît quelqu'un le dit au délégué, n'en fait rien et n'en parle à personne d'autre.",
                "Elles ne sont rapprochées d'aucune autre donnée sur des personnes, ni de celles d'une autre étude.",
                "Un patient peut dire non à tout moment : à réception d'un avis de rappel, les données des noms qu'il cite sont effacées partout, et c'est attesté dans les 30 jours.",
                $"Tout est détruit au plus tard le jour de fin inscrit au registre public pour {about.Study}, et la destruction est attestée.",
                "Aucun résultat sur moins de 11 personnes n'est publié. Les résultats sont annoncés à l'établissement, qui les inscrit au registre public.",
            ])}

            {Page.Wrap($"Study: {request.Title.English}")}
            {Page.Wrap($"Legal basis: {English(request.Basis)}, {request.BasisReference}")}
            {Page.Wrap($"Responsible body: {request.Body}")}
            {Page.Wrap($"Data protection officer: {request.DataProtectionOfficer}")}
            {Page.Wrap($"Secure space: {request.SecureSpace}")}

            {Page.List(
            [
                "These data serve this study and nothing else. They do not leave the secure space, and only the people named in the request open them.",
                "Nobody tries to find out whose they are. Whoever recognises somebody tells the data protection officer, makes no use of it, and tells nobody else.",
                "They are linked to no other data about people, nor to those of another study.",
                "A patient can say no at any time: when a recall notice comes, the data of the names in it are deleted everywhere, and that is attested within 30 days.",
                $"Everything is destroyed at the latest on the day of expiry in the public log entry of {about.Study}, and the destruction is attested.",
                "No result about fewer than 11 people is published. Results are told to the hospital, which puts them into the public log.",
            ])}

            """;
        return text.ReplaceLineEndings("\n");
    }

    internal static string English(LegalBasis basis) => basis switch
    {
        LegalBasis.Mr004 => "reference methodology MR-004 of the CNIL",
        LegalBasis.EhdsPermit => "data permit, Regulation (EU) 2025/327, article 68",
        LegalBasis.Authorisation => "authorisation",
        _ => "none",
    };

    private static string French(LegalBasis basis) => basis switch
    {
        LegalBasis.Mr004 => "méthodologie de référence MR-004 de la CNIL",
        LegalBasis.EhdsPermit => "autorisation de traitement de données, règlement (UE) 2025/327, article 68",
        LegalBasis.Authorisation => "autorisation",
        _ => "aucune",
    };
}
