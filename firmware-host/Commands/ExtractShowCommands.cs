using System.CommandLine;
using Bedside.Host.Research;
using Bedside.Model.Research;
using Bedside.Storage.Studies;

namespace Bedside.Host.Commands;

/// <summary>What there is of studies, and the public log.</summary>
internal static class ExtractShowCommands
{
    public static Command List(StudyConsoleWorld world)
    {
        Option<bool> json = StoreArguments.Json();
        return new ExtractArguments().On(new Command("list", "Every study and where it is.") { json }, world, async (console, result, _) =>
        {
            console.Looked("list", string.Empty);
            TextWriter output = result.InvocationConfiguration.Output;
            if (result.GetValue(json))
            {
                await output.WriteLineAsync(StudyJsonText.Of(console.Book.Studies, console.Book));
                return;
            }

            foreach (Study study in console.Book.Studies)
            {
                await output.WriteLineAsync($"{study.Id}  {StudyWords.Of(console.Book.StateOf(study)).English,-16}  {study.Request.Title.English}");
            }
        });
    }

    public static Command Show(StudyConsoleWorld world)
    {
        Argument<string> study = ExtractArguments.Study();
        Option<bool> json = StoreArguments.Json();
        Option<string> language = StoreArguments.Language();
        return new ExtractArguments().On(new Command("show", "A study: what is asked for, what was done with it.") { study, json, language }, world, async (console, result, _) =>
        {
            Study found = console.Find(result.GetRequiredValue(study));
            console.Looked("show", found.Id);
            TextWriter output = result.InvocationConfiguration.Output;
            if (result.GetValue(json))
            {
                await output.WriteLineAsync(StudyJsonText.Of(found, console.Book));
                return;
            }

            bool isFrench = result.GetRequiredValue(language) == "fr";
            StudyCourse course = console.Book.CourseOf(found);
            TwoTongues state = StudyWords.Of(course.State);
            await output.WriteLineAsync($"{found.Id}  {(isFrench ? state.French : state.English)}");
            await output.WriteLineAsync($"digest {found.RequestDigest}");
            await output.WriteLineAsync(isFrench ? found.Request.Title.French : found.Request.Title.English);
            foreach (StudyStep step in found.Steps)
            {
                TwoTongues said = StudyWords.Of(step.Kind);
                await output.WriteLineAsync($"{step.Number,3}  {step.At}  {step.By,-12} {(isFrench ? said.French : said.English)}{(step.Why.Length > 0 ? $" ({step.Why})" : string.Empty)}");
            }
        });
    }

    /// <summary>Needs no key: it is public.</summary>
    public static Command Log(StudyConsoleWorld world)
    {
        Option<DirectoryInfo> data = StoreArguments.Data();
        Option<FileInfo?> key = StoreArguments.Key();
        Option<bool> json = StoreArguments.Json();
        Option<string> language = StoreArguments.Language();
        var verify = new Option<bool>("--verify") { Description = "Look whether every line is what was written; exit 1 names the first that is not." };
        var command = new Command("log", "Print the public log of studies, or verify it.") { data, key, json, language, verify };
        command.SetAction(result =>
        {
            using Storage.Keys.BoxKey? box = BoxKeyPlace.Read(StoreArguments.Existing(result.GetRequiredValue(data)), result.GetValue(key));
            var book = StudyBook.Open(result.GetRequiredValue(data).FullName, box is null ? null : StudyBook.KeyOf(box), new NoTrail(), world.Clock, StudySettings.Default);
            TextWriter output = result.InvocationConfiguration.Output;
            if (result.GetValue(verify))
            {
                PublicLogFault? fault = book.VerifyLog();
                output.WriteLine(fault is null ? $"{book.Log.Count} lines, all as they were written" : $"line {fault.Line}: {fault.What}");
                return fault is null ? 0 : 1;
            }

            foreach (PublicLine line in book.Log)
            {
                output.WriteLine(result.GetValue(json)
                    ? PublicLineCoding.Write(line)
                    : $"{line.Number,4}  {line.At}  {line.Study}  {(result.GetRequiredValue(language) == "fr" ? line.Says.French : line.Says.English)}");
            }

            return 0;
        });
        return command;
    }

    /// <summary>Reading what is public is nobody's business.</summary>
    private sealed class NoTrail : Model.Audit.IAuditTrail
    {
        public Model.Audit.AuditState State => Model.Audit.AuditState.Unwritable;

        public void Append(Model.Audit.AuditEntry entry) => throw new Model.Audit.AuditUnwritableException();

        public void Tell(Model.Audit.AuditEntry entry)
        {
            // Nothing is changed here.
        }
    }
}
