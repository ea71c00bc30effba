using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Bedside.Host.Services;
using Bedside.Model;
using Bedside.Model.Audit;
using Bedside.Model.Stays;
using Bedside.Storage;
using Bedside.Storage.Stays;

namespace Bedside.Host.Commands;

/// <summary>What is asked of persons, and what they say. <c>tasks</c> also beside a running box; the others on a stopped one, as a running one is told over its API.</summary>
internal static class StayQuestionCommands
{
    public static Command Tasks()
    {
        Option<DirectoryInfo> data = StoreArguments.Data();
        Option<FileInfo?> key = StoreArguments.Key();
        Option<FileInfo?> config = StoreArguments.Config();
        Option<bool> json = StoreArguments.Json();
        var command = new Command("tasks", "Print what only a person can tell of who lay in the bed, and its possible answers; the first is what holds meanwhile.") { data, key, config, json };
        command.SetAction(result =>
        {
            DirectoryInfo directory = result.GetRequiredValue(data);
            if (!directory.Exists)
            {
                throw new CommandFailedException($"{directory.FullName} does not exist; name the directory that bedside run --data was given.");
            }

            using StayBook book = StayListCommand.OpenBook(directory, result.GetValue(key), StoreArguments.Stays(result.GetValue(config)));
            if (result.GetValue(json))
            {
                PrintJson(book.Tasks);
            }
            else
            {
                foreach (StayTask task in book.Tasks)
                {
                    Console.WriteLine($"{task.Key}\t{task.From}\t{task.To?.ToString() ?? "now"}\t{string.Join(',', task.Choices)}\t{State(task)}");
                }
            }
        });
        return command;
    }

    public static Command Settle()
    {
        var task = new Argument<string>("TASK") { Description = "Key of the question, as bedside stay tasks prints it." };
        var choice = new Argument<string>("CHOICE") { Description = "One of its answers." };
        return Saying("settle", "Answer a question.", [task, choice], [], (result, _) => Said(StayEventKind.Settled) with { Task = result.GetRequiredValue(task), Choice = result.GetRequiredValue(choice) });
    }

    public static Command Undo()
    {
        var number = new Argument<long>("N") { Description = "Number of what was said, as the command that said it prints, and as bedside stay list has it under because." };
        return Saying("undo", "Take back what was said; taking that back brings it again.", [number], [], (result, _) =>
            Said(StayEventKind.Undone) with { Task = result.GetRequiredValue(number).ToString(CultureInfo.InvariantCulture) });
    }

    public static Command Confirm()
    {
        var from = new Option<string>("--from") { Description = "Since when, ISO 8601 with zone (2026-11-21T03:00:00Z).", Required = true };
        var stay = new Option<string?>("--stay") { Description = "Whoever lay here in this stay lies here now." };
        var nobody = new Option<bool>("--nobody") { Description = "The bed is empty." };
        return Saying("confirm", "Say who lies in the bed: a person at it is believed before anybody else.", [], [from, stay, nobody], (result, book) =>
        {
            if (result.GetValue(nobody) == (result.GetValue(stay) is not null))
            {
                throw new CommandFailedException("say either --stay STAY, or --nobody.");
            }

            StayEvent said = Said(StayEventKind.Confirmed) with { Happened = StoreArguments.Instant(result.GetRequiredValue(from), default, "--from") };
            if (result.GetValue(stay) is not { } text)
            {
                return said;
            }

            StayId id = StayCommand.Parse(text);
            StaySpan known = book.Spans.LastOrDefault(span => span.Stay == id && (span.Visit.IsKnown || span.Person.IsKnown))
                ?? throw new CommandFailedException($"there is no stay {id} of a known patient; bedside stay list prints those that there are.");
            return said with { Visit = known.Visit, Person = known.Person };
        });
    }

    private static Command Saying(string name, string description, Argument[] arguments, Option[] options, Func<ParseResult, StayBook, StayEvent> say)
    {
        Option<DirectoryInfo> data = StoreArguments.Data();
        Option<FileInfo?> key = StoreArguments.Key();
        Option<FileInfo?> config = StoreArguments.Config();
        Option<bool> json = StoreArguments.Json();
        var command = new Command(name, description) { data, key, config, json };
        Array.ForEach(arguments, command.Arguments.Add);
        Array.ForEach(options, command.Options.Add);
        command.SetAction(async (result, cancel) =>
        {
            await using Store store = StayCommand.Open(result.GetRequiredValue(data), result.GetValue(key));
            using StayBook book = StayCommand.OpenBook(store, StoreArguments.Stays(result.GetValue(config)));
            StayEvent said = say(result, book);
            long number = 0;
            await CommandAudit.AroundAsync(result.GetRequiredValue(data), CommandAudit.Entry(AuditAct.StaySay, AuditFact.Of(AuditFactKind.Kind, name)), () => StayCommand.ChangeAsync(async () =>
            {
                await StayBinding.BindAsync(store, book, cancel);
                number = await book.SayAsync(said, cancel);
            }));
            string text = number.ToString(CultureInfo.InvariantCulture);
            Console.WriteLine(result.GetValue(json) ? $"{{\"said\":{text}}}" : $"said, with the number {text}; bedside stay undo {text} takes it back");
            return 0;
        });
        return command;
    }

    private static StayEvent Said(StayEventKind kind) =>
        new() { Kind = kind, Source = StaySource.Person, Arrived = UtcInstant.FromDateTime(TimeProvider.System.GetUtcNow()), By = Environment.UserName };

    private static string State(StayTask task) => task.Settled == 0 ? "open" : string.Create(CultureInfo.InvariantCulture, $"settled by {task.Settled}");

    private static void PrintJson(IReadOnlyList<StayTask> tasks)
    {
        using Stream output = Console.OpenStandardOutput();
        using (var writer = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true }))
        {
            writer.WriteStartArray();
            foreach (StayTask task in tasks)
            {
                writer.WriteStartObject();
                writer.WriteString("task", task.Key);
                writer.WriteString("kind", JsonNamingPolicy.KebabCaseLower.ConvertName(task.Kind.ToString()));
                writer.WriteString("from", task.From.ToString());
                writer.WriteString("to", task.To?.ToString());
                writer.WriteStartArray("choices");
                foreach (string choice in task.Choices)
                {
                    writer.WriteStringValue(choice);
                }

                writer.WriteEndArray();
                writer.WriteNumber("settled", task.Settled);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        output.Write("\n"u8);
    }
}
