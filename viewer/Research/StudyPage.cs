using Bedside.Model.Research;
using Bedside.Viewer.Rights;

namespace Bedside.Viewer.Research;

/// <summary>One study for those who may see it: what it waits for, what this person may do now, the package, its report, the request in full, and every step.</summary>
internal static class StudyPage
{
    public static void Write(Html page, Tongue tongue, Person person, StudyView view)
    {
        Study study = view.Study;
        using (page.In("div", ("class", "title")))
        {
            page.Tag("h1", tongue.Of(study.Request.Title) is { Length: > 0 } title ? title : study.Id);
            page.Tag("p", $"{study.Id} – {tongue.Of(StudyWords.Of(view.Course.State))}", ("class", "state"));
        }

        if (view.Said is { } said)
        {
            Parts.Notice(page, tongue.Of("C’est fait", "Done"), tongue.Of(said), isFault: false);
        }

        if (view.Refusal is { } refusal)
        {
            Parts.Notice(page, tongue.Of("Ce n’est pas fait", "Not done"), tongue.Of(refusal), isFault: true);
        }

        Next(page, tongue, person, view);
        Building(page, tongue, person, view);
        PackageParts.Download(page, tongue, person, view);
        PackageParts.Report(page, tongue, view);
        StudyParts.Request(page, tongue, study, view.Faults);
        StudyParts.Course(page, tongue, study);
    }

    private static void Next(Html page, Tongue tongue, Person person, StudyView view)
    {
        using (page.In("section", ("class", "verdict"), ("aria-labelledby", "next")))
        {
            page.Tag("h2", tongue.Of("Ce qui vient maintenant", "What comes now"), ("id", "next"));
            page.Tag("p", tongue.Of(ResearchWords.Next(view.Course.State)));
            if (view.Course is { State: StudyState.Opposition, OppositionEnds: { } ends })
            {
                page.Tag("p", tongue.Of($"Délai pour dire non : jusqu’au {tongue.Moment(ends)}.", $"Time to say no: until {tongue.Moment(ends)}."));
            }

            if (view.MayEdit)
            {
                page.Tag("a", tongue.Of("Compléter la demande", "Complete the request"), ("class", "button"), ("href", tongue.Link($"{view.Path}/request")));
            }

            foreach (StudyStepKind kind in view.MayTake)
            {
                Step(page, tongue, person, view, kind);
            }

            if (view.MayTake.Count == 0 && !view.MayEdit)
            {
                page.Tag("p", tongue.Of("Rien de cela n’est à vous de faire.", "None of it is yours to do."), ("class", "hint"));
            }
        }
    }

    private static void Step(Html page, Tongue tongue, Person person, StudyView view, StudyStepKind kind)
    {
        string code = ResearchWords.Code(kind);
        bool needsWhy = StudyRules.NeedsWhy(kind);
        bool asksProof = ResearchWords.NeedsProof(kind) && !view.IsProven;
        using (page.In("form", ("method", "post"), ("action", tongue.Link($"{view.Path}/steps")), ("class", "step")))
        {
            ResearchFrame.Token(page, person);
            Parts.Carry(page, "step", code);
            Parts.Carry(page, StudyFacts.Request, view.Study.RequestDigest);
            Parts.Carry(page, StudyFacts.Package, view.Course.Package);
            if (needsWhy)
            {
                IReadOnlyList<RequestFault> faults = [.. view.StepFaults.Where(fault => fault.Field == $"why-{code}")];
                string why = view.Typed is { } typed && typed.Kind == kind ? typed.Why : string.Empty;
                Parts.Field(page, tongue, new FieldWords(
                    "why", new TwoTongues($"Raison ({ResearchWords.Button(kind).French.ToLowerInvariant()})", $"Reason ({ResearchWords.Button(kind).English.ToLowerInvariant()})"),
                    new TwoTongues("Elle paraît dans le registre public : n’y nommez aucun patient.", "It stands in the public log: name no patient in it."), StudyRules.LongestWhy, code), why, faults);
            }

            if (asksProof)
            {
                IReadOnlyList<RequestFault> faults = [.. view.StepFaults.Where(fault => fault.Field == $"password-{code}")];
                Parts.Field(page, tongue, new FieldWords(
                    "password", new TwoTongues($"Votre mot de passe, encore une fois ({ResearchWords.Button(kind).French.ToLowerInvariant()})", $"Your password once more ({ResearchWords.Button(kind).English.ToLowerInvariant()})"),
                    new TwoTongues("Avec une application de codes : ses six chiffres juste après.", "Where an app makes codes: its six digits right after it."), 256, code), string.Empty, faults, "password", complete: "current-password");
            }

            bool isWayOn = kind is StudyStepKind.Submit or StudyStepKind.ApproveFirst or StudyStepKind.ApproveSecond or StudyStepKind.Build or StudyStepKind.Release or StudyStepKind.AttestDestruction;
            page.Tag("button", tongue.Of(ResearchWords.Button(kind)), ("class", isWayOn ? "button button-sure" : "button"), ("type", "submit"));
        }
    }

    private static void Building(Html page, Tongue tongue, Person person, StudyView view)
    {
        if (view.Build is not { } build || (!build.IsRunning && build.Failure is null))
        {
            return;
        }

        using (page.In("section", ("class", "card"), ("aria-labelledby", "build")))
        {
            page.Tag("h2", tongue.Of("Construction du paquet", "Building the package"), ("id", "build"));
            if (build.Failure is { } failure)
            {
                page.Tag("p", tongue.Of(failure), ("class", "fault"));
                return;
            }

            page.Tag("p", $"{tongue.Of(build.Stage)} – {tongue.Percent(build.Done)}");
            page.Tag("progress", tongue.Percent(build.Done), ("max", "100"), ("value", $"{(int)Math.Round(build.Done * 100)}"), ("aria-labelledby", "build"));
            page.Tag("p", tongue.Of("Cette page se relit toutes les 5 secondes. La capture au lit passe avant la construction.", "This page reads itself again every 5 seconds. Capture at the bed comes before the build."), ("class", "hint"));
            using (page.In("form", ("method", "post"), ("action", tongue.Link($"{view.Path}/steps"))))
            {
                ResearchFrame.Token(page, person);
                Parts.Carry(page, "step", StudyView.CancelBuild);
                page.Tag("button", tongue.Of("Abandonner la construction", "Give up the build"), ("class", "button"), ("type", "submit"));
            }
        }
    }
}

/// <summary>What the page of a study shows to one person.</summary>
/// <param name="MayTake">Steps that the rules let this person take now.</param>
/// <param name="MayEdit">It is their draft.</param>
/// <param name="IsProven">What proves who they are, as far as a decision takes, was said in the last five minutes.</param>
/// <param name="Faults">What stands against a draft.</param>
internal sealed record StudyView(Study Study, StudyCourse Course, IReadOnlyList<StudyStepKind> MayTake, bool MayEdit, bool IsProven, IReadOnlyList<RequestFault> Faults)
{
    public const string CancelBuild = "cancel-build";

    public string Path => $"{ResearchFrame.Root}/area/{Uri.EscapeDataString(Study.Id)}";

    public BuildState? Build { get; init; }

    public ShelvedPackage? Package { get; init; }

    /// <summary>Null = there is none, or this person does not get to see it.</summary>
    public ReportView? Report { get; init; }

    /// <summary>The person is named in the request.</summary>
    public bool IsNamed { get; init; }

    /// <summary>Why this person gets no link now; null = they may have one.</summary>
    public TwoTongues? NoLink { get; init; }

    /// <summary>The address of a link that was made just now, shown once.</summary>
    public string? Link { get; init; }

    public TwoTongues? Said { get; init; }

    public TwoTongues? Refusal { get; init; }

    /// <summary>What is wrong with a step that was tried, by <c>why-code</c> and <c>password-code</c>.</summary>
    public IReadOnlyList<RequestFault> StepFaults { get; init; } = [];

    /// <summary>What was typed into the step that was tried.</summary>
    public (StudyStepKind Kind, string Why)? Typed { get; init; }
}
