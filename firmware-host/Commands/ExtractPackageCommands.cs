using System.CommandLine;
using System.Globalization;
using Bedside.Extract.Package;
using Bedside.Host.Research;
using Bedside.Model.People;
using Bedside.Model.Research;

namespace Bedside.Host.Commands;

/// <summary>The package of a study: built, looked at, released, fetched, taken back, ended.</summary>
internal static class ExtractPackageCommands
{
    public static IEnumerable<Command> All(StudyConsoleWorld world) => [Build(world), Report(world), Release(world), Fetch(world), Recall(world), Watch(world), Expire(world)];

    private static Command Build(StudyConsoleWorld world)
    {
        Argument<string> study = ExtractArguments.Study();
        Option<string> person = ExtractArguments.As();
        var also = new Option<DirectoryInfo[]>("--also") { Description = "Data folders of the other boxes of the ward; again for each." };
        return new ExtractArguments().On(new Command("build", "Build the package once the time to say no is over. Ctrl-C ends it, and nothing of it is left.") { study, person, also }, world, async (console, result, cancel) =>
        {
            Account account = await console.ProveAsync(result.GetRequiredValue(person), cancel);
            Study found = console.Find(result.GetRequiredValue(study));
            PackageRecord record = await new PackageBuild(console, result.GetValue(also) ?? []).RunAsync(found, account.Badge, account.Roles, new ErrorProgress(), cancel);
            TextWriter output = result.InvocationConfiguration.Output;
            await output.WriteLineAsync($"package  {record}");
            await output.WriteLineAsync($"digest   {record.Digest}");
            await output.WriteLineAsync($"signer   {record.Signer}");
            await output.WriteLineAsync($"patients {record.Patients}");
            await ExtractStepCommands.PrintAsync(console, result, found.Id);
        });
    }

    private static Command Report(StudyConsoleWorld world)
    {
        Argument<string> study = ExtractArguments.Study();
        Option<bool> json = StoreArguments.Json();
        Option<string> language = StoreArguments.Language();
        Option<string> person = ExtractArguments.As();
        return new ExtractArguments().On(new Command("report", "The disclosure report of the last package, for those who decide on it.") { study, json, language, person }, world, async (console, result, cancel) =>
        {
            Account account = await console.ProveAsync(result.GetRequiredValue(person), cancel);
            if (!account.Roles.Any(role => role is Role.Steward or Role.RightsOfficer or Role.Administrator))
            {
                throw new CommandFailedException("a report is read by stewards, rights officers and administrators.");
            }

            Study found = console.Find(result.GetRequiredValue(study));
            PackageRecord record = new PackageShelf(console).Newest(found) ?? throw new CommandFailedException($"{found.Id} has no package yet.");
            console.Looked("report", found.Id);
            await result.InvocationConfiguration.Output.WriteAsync(result.GetValue(json) ? record.ReportJson : result.GetRequiredValue(language) == "fr" ? record.ReportFrench : record.ReportEnglish);
        });
    }

    private static Command Release(StudyConsoleWorld world)
    {
        Argument<string> study = ExtractArguments.Study();
        Option<string> person = ExtractArguments.As();
        var digest = new Option<string?>("--digest") { Description = "Digest of the package whose report you read: another one is refused." };
        return new ExtractArguments().On(new Command("release", "Let the named people fetch the package: by a person who agreed to nothing and built nothing.") { study, person, digest }, world, async (console, result, cancel) =>
        {
            Account account = await console.ProveAsync(result.GetRequiredValue(person), cancel);
            Study found = console.Find(result.GetRequiredValue(study));
            string read = result.GetValue(digest) ?? console.Book.CourseOf(found).Package;
            Refuse(new PackageShelf(console).ShutObjected(), found.Id);
            await ExtractStepCommands.TakeAsync(console, result, ExtractStepCommands.Asked(found.Id, StudyStepKind.Release, account) with { Facts = new Dictionary<string, string>(StringComparer.Ordinal) { [StudyFacts.Package] = read } });
        });
    }

    private static Command Fetch(StudyConsoleWorld world)
    {
        Argument<string> study = ExtractArguments.Study();
        Option<string> person = ExtractArguments.As();
        var output = new Option<FileInfo>("--out") { Description = "New file for the encrypted package; bedside extract open opens it with your secret key.", Required = true };
        return new ExtractArguments().On(new Command("fetch", "Fetch the package that is encrypted to you: once, within seven days of its release.") { study, person, output }, world, async (console, result, cancel) =>
        {
            Account account = await console.ProveAsync(result.GetRequiredValue(person), cancel);
            new PackageShelf(console).Fetch(ExtractStepCommands.Asked(result.GetRequiredValue(study), StudyStepKind.Fetch, account), result.GetRequiredValue(output));
            await result.InvocationConfiguration.Output.WriteLineAsync(result.GetRequiredValue(output).FullName);
        });
    }

    private static Command Recall(StudyConsoleWorld world)
    {
        Argument<string> study = ExtractArguments.Study();
        Option<string> person = ExtractArguments.As();
        Option<string> why = ExtractArguments.Why();
        return new ExtractArguments().On(new Command("recall", "Take a package back, with a reason: nobody fetches it any more, and a signed notice says what is to be destroyed.") { study, why, person }, world, async (console, result, cancel) =>
        {
            Account account = await console.ProveAsync(result.GetRequiredValue(person), cancel);
            var shelf = new PackageShelf(console);
            shelf.Recall(ExtractStepCommands.Asked(result.GetRequiredValue(study), StudyStepKind.Recall, account, result.GetRequiredValue(why)));
            foreach (string notice in shelf.Notices(console.Find(result.GetRequiredValue(study))))
            {
                await result.InvocationConfiguration.Output.WriteLineAsync($"notice {notice}");
            }

            await ExtractStepCommands.PrintAsync(console, result, result.GetRequiredValue(study));
        });
    }

    private static Command Watch(StudyConsoleWorld world) =>
        new ExtractArguments().On(new Command("watch", "Read the objections anew, and shut every package with a patient who said no; the running box does so by itself."), world, async (console, result, _) =>
        {
            foreach (string study in new PackageShelf(console).ShutObjected())
            {
                await result.InvocationConfiguration.Output.WriteLineAsync($"{study} shut");
            }
        });

    private static Command Expire(StudyConsoleWorld world)
    {
        var yes = new Option<bool>("--yes") { Description = "The day is right: keys and packages are destroyed for ever." };
        return new ExtractArguments().On(new Command("expire", "End every study whose day is over or that was refused: the key of its names and its packages are destroyed. Encrypted packages of 30 days and more are erased.") { yes }, world, async (console, result, _) =>
        {
            if (!result.GetValue(yes))
            {
                throw new CommandFailedException($"the clock of this box says {console.Book.Moment.Today:yyyy-MM-dd}; when that is right, say --yes: what is destroyed by a wrong clock does not come back.");
            }

            using var ring = Identity.Studies.StudyKeyRing.Open(console.Data.FullName, console.Box);
            var shelf = new PackageShelf(console);
            shelf.EraseOld();
            foreach (string study in shelf.Expire(ring))
            {
                await result.InvocationConfiguration.Output.WriteLineAsync($"{study} ended, its key destroyed");
            }
        });
    }

    private static void Refuse(IReadOnlyList<string> shut, string study)
    {
        if (shut.Contains(study))
        {
            throw new CommandFailedException("a patient said no since the build: the package is shut; build it again, without them.");
        }
    }

    /// <summary>Each tenth part, so that a log does not fill.</summary>
    private sealed class ErrorProgress : IProgress<BuildProgress>
    {
        private int _told = -1;

        public void Report(BuildProgress value)
        {
            int tenth = (int)(value.Done * 10);
            if (Interlocked.Exchange(ref _told, tenth) < tenth)
            {
                Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"bedside: {value.Stage} {value.Done:P0}"));
            }
        }
    }
}
