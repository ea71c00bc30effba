using System.CommandLine;
using System.Text.Json;
using Bedside.Model;
using Bedside.Model.Audit;
using Bedside.Storage.Retention;

namespace Bedside.Host.Commands;

/// <summary><c>bedside retention hold …</c>: what a person says must not go.</summary>
internal static class HoldCommands
{
    private const int LongestName = 64;

    public static Command Create() => new("hold", "Data that must not go, whatever the budget and the ages say.") { Add(), Remove(), List(), Reset() };

    public static Command ConfirmClock()
    {
        Option<DirectoryInfo> data = StoreArguments.Data();
        var command = new Command("confirm-clock", "Say that this machine's clock is right, after it jumped: data may go for their age again.") { data };
        command.SetAction(result =>
        {
            var now = UtcInstant.FromDateTime(TimeProvider.System.GetUtcNow());
            bool done = Change(result.GetRequiredValue(data), book => book.TryConfirmClock(now), CommandAudit.Entry(AuditAct.ClockConfirm));
            Console.WriteLine(done ? $"confirmed: it is {now}" : throw Damaged());
            return 0;
        });
        return command;
    }

    public static string Describe(Hold hold) => $"{hold.Name}: {hold.From?.ToString() ?? "the beginning"} to {hold.To?.ToString() ?? "the end"}{(hold.Reason.Length > 0 ? $" ({hold.Reason})" : string.Empty)}";

    private static Command Add()
    {
        Option<DirectoryInfo> data = StoreArguments.Data();
        var name = new Argument<string>("NAME") { Description = "Name of the hold; no patient's name, it is not encrypted." };
        var reason = new Option<string>("--reason") { Description = "Why, in a few words; no patient's name.", Required = true };
        var from = new Option<string?>("--from") { Description = "Start, ISO 8601 with zone; default: the beginning." };
        var to = new Option<string?>("--to") { Description = "End (exclusive), ISO 8601 with zone; default: without end." };
        var command = new Command("add", "Nothing of a range of time may go any more.") { name, data, from, to, reason };
        command.SetAction(result =>
        {
            UtcInstant? begin = result.GetValue(from) is { } text ? StoreArguments.Instant(text, default, "--from") : null;
            UtcInstant? end = result.GetValue(to) is { } other ? StoreArguments.Instant(other, default, "--to") : null;
            var hold = new Hold(result.GetRequiredValue(name), begin, end, result.GetRequiredValue(reason), UtcInstant.FromDateTime(TimeProvider.System.GetUtcNow()));
            if (hold.Name.Length is 0 or > LongestName || (begin is { } first && end is { } last && last <= first))
            {
                throw new CommandFailedException(begin is null || end is null ? $"a name has 1 to {LongestName} letters." : $"there is nothing between {begin} and {end}.");
            }

            Console.WriteLine(Change(result.GetRequiredValue(data), book => book.TryAdd(hold), CommandAudit.Entry(AuditAct.HoldAdd, [AuditFact.Of(AuditFactKind.Kind, hold.Name), .. CommandAudit.Range(result.GetValue(from), result.GetValue(to))]) with { Why = hold.Reason })
                ? $"held: {Describe(hold)}"
                : throw new CommandFailedException($"there is a hold named {hold.Name} already, or the list is damaged; bedside retention hold list shows it."));
            return 0;
        });
        return command;
    }

    private static Command Remove()
    {
        Option<DirectoryInfo> data = StoreArguments.Data();
        var name = new Argument<string>("NAME") { Description = "Name of the hold." };
        var command = new Command("remove", "Let a hold go: its data go in their turn again.") { name, data };
        command.SetAction(result =>
        {
            string wanted = result.GetRequiredValue(name);
            Console.WriteLine(Change(result.GetRequiredValue(data), book => book.TryRemove(wanted), CommandAudit.Entry(AuditAct.HoldRemove, AuditFact.Of(AuditFactKind.Kind, wanted)))
                ? $"removed: {wanted}"
                : throw new CommandFailedException($"there is no hold named {wanted}; bedside retention hold list shows them."));
            return 0;
        });
        return command;
    }

    private static Command List()
    {
        Option<DirectoryInfo> data = StoreArguments.Data();
        Option<bool> json = StoreArguments.Json();
        var command = new Command("list", "Show the holds.") { data, json };
        command.SetAction(result =>
        {
            IReadOnlyList<Hold> holds = Read(result.GetRequiredValue(data), book => book.Holds) ?? throw Damaged();
            if (result.GetValue(json))
            {
                PrintJson(holds);
            }
            else
            {
                Console.WriteLine(holds.Count == 0 ? "no holds" : string.Join('\n', holds.Select(Describe)));
            }

            return 0;
        });
        return command;
    }

    private static Command Reset()
    {
        Option<DirectoryInfo> data = StoreArguments.Data();
        var yes = new Option<bool>("--yes") { Description = "Say that the damaged list may be set aside." };
        var command = new Command("reset", "Begin a new, empty list in the place of a damaged one, which is kept as holds.bad.") { data, yes };
        command.SetAction(result =>
        {
            if (!result.GetValue(yes))
            {
                throw new CommandFailedException("this sets the damaged list aside, and what it held may go: add --yes, and add the holds again at once.");
            }

            Console.WriteLine(Change(result.GetRequiredValue(data), book => book.BeginAnew(), CommandAudit.Entry(AuditAct.HoldReset))
                ? "a new list is begun: add the holds again now"
                : throw new CommandFailedException("the list is not damaged; it stays."));
            return 0;
        });
        return command;
    }

    private static CommandFailedException Damaged() => new("the list of holds is damaged, so nothing is dropped; bedside retention hold reset begins a new one.");

    private static bool Change(DirectoryInfo data, Func<HoldBook, bool> change, AuditEntry entry) =>
        Read(data, book => CommandAudit.Around(data, entry, () => change(book)) ? book : null) is not null;

    private static T? Read<T>(DirectoryInfo data, Func<HoldBook, T?> read)
        where T : class
    {
        if (!data.Exists)
        {
            throw new CommandFailedException($"{data.FullName} does not exist; name the directory that bedside run --data was given.");
        }

        try
        {
            return read(new HoldBook(data.FullName));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException(failure.Message);
        }
    }

    private static void PrintJson(IReadOnlyList<Hold> holds)
    {
        using Stream output = Console.OpenStandardOutput();
        using (var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            RetentionJson.WriteHolds(json, holds);
            json.WriteEndObject();
        }

        output.Write("\n"u8);
    }
}
