namespace Bedside.Model.Research;

/// <summary>Which step comes after which: the state alone, whoever asks.</summary>
internal static class StudyOrder
{
    /// <summary>Null = the step fits where the study is.</summary>
    public static TwoTongues? Refusal(Study study, StudyCourse course, AskedStep step, StudyMoment moment)
    {
        if (!IsInOrder(course, step.Kind))
        {
            return course.State == StudyState.Opposition && step.Kind == StudyStepKind.Build ? TooEarly(course) : Wrong(course.State);
        }

        return step.Kind switch
        {
            StudyStepKind.ApproveFirst or StudyStepKind.ApproveSecond => Agreed(study, step),
            StudyStepKind.Submit => Whole(study, moment),
            StudyStepKind.Fetch => Fetching(course, step, moment),
            StudyStepKind.Release => Seen(course, step),
            StudyStepKind.AttestDestruction when course.Attested.Contains(step.By) => new("Vous l’avez déjà attesté.", "You attested it already."),
            StudyStepKind.Build when !RoundedCount.Is(step.Facts.GetValueOrDefault(StudyFacts.Patients, string.Empty)) || step.Facts.GetValueOrDefault(StudyFacts.Package, string.Empty).Length != 64 =>
                new("Le paquet n’est pas décrit ; bedside extract build le construit et le décrit.", "The package is not described; bedside extract build builds and describes it."),
            _ => null,
        };
    }

    private static bool IsInOrder(StudyCourse course, StudyStepKind kind) => kind switch
    {
        StudyStepKind.Draft => course.Requester.Length == 0,
        StudyStepKind.Submit => course.Requester.Length > 0 && course.State == StudyState.Draft,
        StudyStepKind.ApproveFirst => course.State == StudyState.Submitted,
        StudyStepKind.ApproveSecond => course.State == StudyState.ApprovedOnce,
        StudyStepKind.Refuse => course.State is StudyState.Submitted or StudyState.ApprovedOnce or StudyState.Opposition or StudyState.Ready or StudyState.Built,
        StudyStepKind.Suspend => course.State is >= StudyState.Submitted and <= StudyState.Released,
        StudyStepKind.Resume => course.State == StudyState.Suspended,
        StudyStepKind.Build => course.State is StudyState.Ready or StudyState.Built,
        StudyStepKind.Release => course.State == StudyState.Built,
        StudyStepKind.Fetch => course.State == StudyState.Released,
        StudyStepKind.Recall => course.Version > 0 && course.State is StudyState.Ready or StudyState.Built or StudyState.Released or StudyState.Suspended,
        StudyStepKind.Expire => !course.IsClosed && course.State is StudyState.Expired or StudyState.Refused or StudyState.Destroyed,
        StudyStepKind.AttestDestruction => course.State is StudyState.Recalled or StudyState.Expired,
        StudyStepKind.Objection => course.Version > 0 && course.State is StudyState.Built or StudyState.Released or StudyState.Suspended,
        _ => false,
    };

    /// <summary>What is agreed to is what was submitted, and what the person saw.</summary>
    private static TwoTongues? Agreed(Study study, AskedStep step) =>
        study.RequestDigest != RequestText.DigestOf(study.Request) || step.Facts.GetValueOrDefault(StudyFacts.Request, study.RequestDigest) != study.RequestDigest
            ? new("La demande n’est plus celle qui a été soumise ; relisez-la avant de donner un accord.", "The request is not the one that was submitted; read it again before you agree.")
            : null;

    private static TwoTongues? Whole(Study study, StudyMoment moment)
    {
        IReadOnlyList<RequestFault> faults = RequestCheck.Faults(study.Request, moment.Today);
        return faults.Count == 0 ? null : new(
            $"La demande n’est pas complète, {faults[0].Field} : {faults[0].Sentence.French}{Others(faults.Count - 1, "autre")}",
            $"The request is not whole, {faults[0].Field}: {faults[0].Sentence.English}{Others(faults.Count - 1, "more")}");
    }

    /// <summary>What is released is what was looked at.</summary>
    private static TwoTongues? Seen(StudyCourse course, AskedStep step) => step.Facts.GetValueOrDefault(StudyFacts.Package, course.Package) == course.Package
        ? null
        : new("Le paquet a été reconstruit entre-temps ; relisez son rapport.", "The package was built anew meanwhile; read its report again.");

    private static TwoTongues? Fetching(StudyCourse course, AskedStep step, StudyMoment moment)
    {
        if (course.Released is not { } released || moment.Now.Since(released) >= StudyRules.FetchWithin.Ticks * TimeSpan.NanosecondsPerTick)
        {
            return new("Les sept jours de téléchargement sont passés ; demandez une nouvelle construction.", "The seven days of the download are over; ask for another build.");
        }

        return course.FetchesOf(step.By) < StudyRules.MostFetches
            ? null
            : new("Les trois essais de téléchargement sont pris ; demandez une nouvelle construction.", "The three tries of the download are taken; ask for another build.");
    }

    private static TwoTongues TooEarly(StudyCourse course) => new(
        $"Les patients peuvent dire non jusqu’au {course.OppositionEnds} ; construisez après.", $"Patients can say no until {course.OppositionEnds}; build after that.");

    private static TwoTongues Wrong(StudyState state) => new(
        $"L’étude est « {StudyWords.Of(state).French} » ; cette étape ne vient pas maintenant.", $"The study is “{StudyWords.Of(state).English}”; this step does not come now.");

    private static string Others(int count, string word) => count == 0 ? string.Empty : $" (+ {count} {word})";
}
