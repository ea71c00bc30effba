namespace Bedside.Model.Research;

/// <summary>A step as anybody reads it, in French and English: what, who, why, on what law, how many, and how to say no.</summary>
public static class PublicSentences
{
    private static readonly TwoTongues HowToSayNo = new(
        "Vous pouvez dire non sans raison, à tout moment : dites-le à l’équipe soignante, ou sur l’écran du lit. Vos soins ne changent pas.",
        "You can say no without a reason, at any time: tell the care team, or say so on the screen of the bed. Your care does not change.");

    /// <summary>The step and whatever of the study belongs to it.</summary>
    /// <param name="course">Where the study is after the step.</param>
    public static TwoTongues Of(Study study, StudyStep step, StudyCourse course)
    {
        TwoTongues said = StudyWords.Of(step.Kind);
        List<string> french = [said.French];
        List<string> english = [said.English];
        if (step.Kind == StudyStepKind.Submit)
        {
            Asked(study.Request, french, english);
        }

        if (step.Kind == StudyStepKind.ApproveSecond && course.OppositionEnds is { } ends)
        {
            french.Add($"Rien n’est construit avant le {ends}. {HowToSayNo.French}");
            english.Add($"Nothing is built before {ends}. {HowToSayNo.English}");
        }

        if (step.Kind is StudyStepKind.Build or StudyStepKind.Release && course.Patients.Length > 0)
        {
            french.Add($"Nombre de patients, arrondi : {Few(course.Patients, "moins de 11")}.");
            english.Add($"Number of patients, rounded: {Few(course.Patients, "fewer than 11")}.");
        }

        if (step.Kind == StudyStepKind.Build)
        {
            french.Add($"Empreinte du paquet : {course.Package} ; de la clé qui le signe : {step.Facts.GetValueOrDefault(StudyFacts.Signer, "-")}.");
            english.Add($"Digest of the package: {course.Package}; of the key that signs it: {step.Facts.GetValueOrDefault(StudyFacts.Signer, "-")}.");
        }

        if (step.Why.Length > 0)
        {
            french.Add($"Raison : {step.Why}");
            english.Add($"Reason: {step.Why}");
        }

        return new(string.Join(' ', french), string.Join(' ', english));
    }

    private static void Asked(StudyRequest request, List<string> french, List<string> english)
    {
        french.Add($"« {request.Title.French} » {request.Summary.French} Intérêt public : {request.PublicInterest}");
        english.Add($"“{request.Title.English}” {request.Summary.English} Public interest: {request.PublicInterest}");
        french.Add($"Responsable : {request.Body} ; délégué à la protection des données : {request.DataProtectionOfficer}. Base légale : {Law(request.Basis).French}, {request.BasisReference}.");
        english.Add($"Responsible: {request.Body}; data protection officer: {request.DataProtectionOfficer}. Legal basis: {Law(request.Basis).English}, {request.BasisReference}.");
        french.Add($"Signaux : {Signals(request, entry => entry.French)}. Séjours commencés du {request.FirstDay:yyyy-MM-dd} au {request.LastDay:yyyy-MM-dd}. Fin : {request.Expires:yyyy-MM-dd}. {HowToSayNo.French}");
        english.Add($"Signals: {Signals(request, entry => entry.English)}. Stays begun from {request.FirstDay:yyyy-MM-dd} to {request.LastDay:yyyy-MM-dd}. End: {request.Expires:yyyy-MM-dd}. {HowToSayNo.English}");
    }

    private static string Signals(StudyRequest request, Func<NomenclatureEntry, string> word) =>
        string.Join(", ", request.Signals.Select(asked => Nomenclature.Shipped.ById(asked.Signal) is { } entry ? word(entry) : asked.Signal));

    private static string Few(string patients, string words) => patients.StartsWith('<') ? words : patients;

    private static TwoTongues Law(LegalBasis basis) => basis switch
    {
        LegalBasis.Mr004 => new("méthodologie de référence MR-004 de la CNIL", "reference methodology MR-004 of the CNIL"),
        LegalBasis.EhdsPermit => new("autorisation d’un organisme d’accès aux données de santé (UE 2025/327)", "permit of a health data access body (EU 2025/327)"),
        _ => new("autorisation", "authorisation"),
    };
}
