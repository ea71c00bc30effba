using System.CommandLine;
using System.Reflection;
using Bedside.Host.Research;
using Bedside.Model.People;
using Bedside.Model.Research;

namespace Bedside.Host.Commands;

/// <summary>Requests: the form, the check of a machine, drafts.</summary>
internal static class ExtractRequestCommands
{
    private const string Template = "request-template.json";

    /// <summary>Prints a request with a comment at each field; filled in it is read as it is, comments and all.</summary>
    public static Command TemplateForm()
    {
        var command = new Command("template", "Print a request to fill in: JSON with a comment at each field.");
        command.SetAction(result => result.InvocationConfiguration.Output.Write(TemplateText()));
        return command;
    }

    public static Command Check(StudyConsoleWorld world)
    {
        Argument<FileInfo> file = File();
        Option<string> language = StoreArguments.Language();
        var command = new Command("check", "Hold every rule against a request, as the box does before anybody reads it. Exit 1 = something stands against it.") { file, language };
        command.SetAction(result =>
        {
            StudyRequest request = ExtractArguments.Request(result.GetRequiredValue(file));
            IReadOnlyList<RequestFault> faults = RequestCheck.Faults(request, DateOnly.FromDateTime(world.Clock.GetUtcNow().DateTime));
            TextWriter output = result.InvocationConfiguration.Output;
            foreach (RequestFault fault in faults)
            {
                output.WriteLine($"{fault.Field}: {(result.GetRequiredValue(language) == "fr" ? fault.Sentence.French : fault.Sentence.English)}");
            }

            output.WriteLine(faults.Count == 0 ? $"whole {RequestText.DigestOf(request)}" : $"{faults.Count} to be mended");
            return faults.Count == 0 ? 0 : 1;
        });
        return command;
    }

    public static Command Draft(StudyConsoleWorld world)
    {
        Argument<FileInfo> file = File();
        Option<string> person = ExtractArguments.As();
        var command = new Command("draft", "Keep a request as a draft, which nobody else reads. Prints its id.") { file, person };
        return new ExtractArguments().On(command, world, async (console, result, cancel) =>
        {
            StudyRequest request = ExtractArguments.Request(result.GetRequiredValue(file));
            Account account = await console.ProveAsync(result.GetRequiredValue(person), cancel);
            await result.InvocationConfiguration.Output.WriteLineAsync(console.Book.Draft(request, account.Badge, account.Roles));
        });
    }

    public static Command Change(StudyConsoleWorld world)
    {
        Argument<string> study = ExtractArguments.Study();
        Argument<FileInfo> file = File();
        Option<string> person = ExtractArguments.As();
        var command = new Command("change", "Put another text in the place of a draft that was not submitted.") { study, file, person };
        return new ExtractArguments().On(command, world, async (console, result, cancel) =>
        {
            StudyRequest request = ExtractArguments.Request(result.GetRequiredValue(file));
            Account account = await console.ProveAsync(result.GetRequiredValue(person), cancel);
            console.Book.Change(result.GetRequiredValue(study), request, account.Badge);
            await result.InvocationConfiguration.Output.WriteLineAsync(RequestText.DigestOf(request));
        });
    }

    internal static string TemplateText()
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(Template) ?? throw new InvalidOperationException($"{Template} is not in this build");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static Argument<FileInfo> File() => new("FILE") { Description = "The request, JSON as bedside extract template prints it." };
}
