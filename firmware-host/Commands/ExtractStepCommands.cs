using System.CommandLine;
using Bedside.Host.Research;
using Bedside.Model.People;
using Bedside.Model.Research;

namespace Bedside.Host.Commands;

/// <summary>Steps of a study that a person takes by saying so.</summary>
internal static class ExtractStepCommands
{
    public static IEnumerable<Command> All(StudyConsoleWorld world) =>
    [
        Step(world, "submit", "Submit a draft: from now on it is public, and cannot be changed.", StudyStepKind.Submit),
        Approve(world),
        WithWhy(world, "refuse", "Refuse a study, with a reason that everybody reads.", StudyStepKind.Refuse),
        WithWhy(world, "suspend", "Stop a study at once, with a reason; anyone with a role in it may.", StudyStepKind.Suspend),
        Step(world, "resume", "Let a suspended study go on where it was.", StudyStepKind.Resume),
        Step(world, "attest", "Attest that nothing of a package is left with you.", StudyStepKind.AttestDestruction),
    ];

    internal static Task TakeAsync(StudyConsole console, ParseResult result, AskedStep step)
    {
        console.Take(step);
        return PrintAsync(console, result, step.Study);
    }

    internal static Task PrintAsync(StudyConsole console, ParseResult result, string study) =>
        result.InvocationConfiguration.Output.WriteLineAsync($"{study} {StudyWords.Of(console.Book.StateOf(console.Find(study))).English}");

    internal static AskedStep Asked(string study, StudyStepKind kind, Account account, string why = "") => new(study, kind, account.Badge, account.Roles, why);

    private static Command Step(StudyConsoleWorld world, string name, string what, StudyStepKind kind)
    {
        Argument<string> study = ExtractArguments.Study();
        Option<string> person = ExtractArguments.As();
        return new ExtractArguments().On(new Command(name, what) { study, person }, world, async (console, result, cancel) =>
        {
            Account account = await console.ProveAsync(result.GetRequiredValue(person), cancel);
            await TakeAsync(console, result, Asked(result.GetRequiredValue(study), kind, account));
        });
    }

    private static Command WithWhy(StudyConsoleWorld world, string name, string what, StudyStepKind kind)
    {
        Argument<string> study = ExtractArguments.Study();
        Option<string> person = ExtractArguments.As();
        Option<string> why = ExtractArguments.Why();
        return new ExtractArguments().On(new Command(name, what) { study, why, person }, world, async (console, result, cancel) =>
        {
            Account account = await console.ProveAsync(result.GetRequiredValue(person), cancel);
            await TakeAsync(console, result, Asked(result.GetRequiredValue(study), kind, account, result.GetRequiredValue(why)));
        });
    }

    /// <summary>The first agreement or the second, whichever comes now. With the second the key of the study's names is born.</summary>
    private static Command Approve(StudyConsoleWorld world)
    {
        Argument<string> study = ExtractArguments.Study();
        Option<string> person = ExtractArguments.As();
        var digest = new Option<string?>("--digest") { Description = "Digest of the request that you read (bedside extract show): another one is refused." };
        return new ExtractArguments().On(new Command("approve", "Agree to a study: first a steward, then a rights officer who is another person.") { study, person, digest }, world, async (console, result, cancel) =>
        {
            Account account = await console.ProveAsync(result.GetRequiredValue(person), cancel);
            Study found = console.Find(result.GetRequiredValue(study));
            StudyStepKind kind = console.Book.StateOf(found) == StudyState.ApprovedOnce ? StudyStepKind.ApproveSecond : StudyStepKind.ApproveFirst;
            string read = result.GetValue(digest) ?? found.RequestDigest;
            await TakeAsync(console, result, Asked(found.Id, kind, account) with { Facts = new Dictionary<string, string>(StringComparer.Ordinal) { [StudyFacts.Request] = read } });
        });
    }
}
