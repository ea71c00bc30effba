using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Bedside.Model;
using Bedside.Storage;
using Bedside.Storage.Keys;

namespace Bedside.Host.Commands;

/// <summary><c>bedside stay</c>: which patients' data the box holds, a new one in the bed, and the end of an old one's data.</summary>
internal static class StayCommand
{
    public static Command Create() =>
        new("stay", "The stays of the bed: each has a key of its own, and erasing one destroys its key.") { List(), Begin(), Erase() };

    private static Command List()
    {
        Option<DirectoryInfo> data = StoreArguments.Data();
        Option<FileInfo?> key = StoreArguments.Key();
        Option<bool> json = StoreArguments.Json();
        var command = new Command("list", "Print the stays in their order, and what the box keeps of each.") { data, key, json };
        command.SetAction(async result =>
        {
            await using Store store = StoreArguments.OpenForStays(result.GetRequiredValue(data), result.GetValue(key));
            IReadOnlyList<Stay> stays = store.ListStays();
            if (result.GetValue(json))
            {
                PrintJson(stays);
            }
            else
            {
                foreach (Stay stay in stays)
                {
                    Console.WriteLine(Line(stay));
                }
            }

            return 0;
        });
        return command;
    }

    private static Command Begin()
    {
        Option<DirectoryInfo> data = StoreArguments.Data();
        Option<FileInfo?> key = StoreArguments.Key();
        var id = new Option<string?>("--id") { Description = "Opaque name of the stay, 32 hexadecimal digits; default: a random one. Never a patient's number." };
        Option<bool> json = StoreArguments.Json();
        var command = new Command("begin", "End the current stay and begin another: what comes is kept under a new key.") { data, key, id, json };
        command.SetAction(async (result, cancel) =>
        {
            StayId stay = result.GetValue(id) is { } text ? Parse(text) : StayId.New();
            await using Store store = Open(result.GetRequiredValue(data), result.GetValue(key));
            await ChangeAsync(() => store.BeginStayAsync(stay, cancel));
            Report(result.GetValue(json), "begun", stay);
            return 0;
        });
        return command;
    }

    private static Command Erase()
    {
        Option<DirectoryInfo> data = StoreArguments.Data();
        Option<FileInfo?> key = StoreArguments.Key();
        var id = new Argument<string>("STAY") { Description = "Id of the stay, as bedside stay list prints it." };
        var yes = new Option<bool>("--yes") { Description = "Destroy it: nothing and nobody brings it back." };
        Option<bool> json = StoreArguments.Json();
        var command = new Command("erase", "Destroy the key of a stay, and delete its files.") { id, data, key, yes, json };
        command.SetAction(async (result, cancel) =>
        {
            StayId stay = Parse(result.GetRequiredValue(id));
            await using Store store = Open(result.GetRequiredValue(data), result.GetValue(key));
            Stay found = store.ListStays().FirstOrDefault(known => known.Id == stay)
                ?? throw new CommandFailedException($"there is no stay {stay}; bedside stay list prints those that there are.");
            if (!result.GetValue(yes))
            {
                throw new CommandFailedException($"this would destroy for ever {What(found)}; say --yes to do it.");
            }

            await ChangeAsync(() => store.EraseStayAsync(stay, cancel));
            Report(result.GetValue(json), "erased", stay);
            return 0;
        });
        return command;
    }

    private static StayId Parse(string text) => StayId.TryParse(text, out StayId stay)
        ? stay
        : throw new CommandFailedException($"{text} is not the id of a stay: that is 32 hexadecimal digits, as bedside stay list prints them.");

    private static Store Open(DirectoryInfo data, FileInfo? key)
    {
        if (!data.Exists)
        {
            throw new CommandFailedException($"{data.FullName} does not exist; name the directory that bedside run --data was given.");
        }

        try
        {
            return Store.Open(data.FullName, StoreArguments.Options(data, key), TimeProvider.System);
        }
        catch (StoreLockedException locked)
        {
            throw new CommandFailedException($"{locked.Message}: stop the box first; while it runs it alone changes its stays.");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException(failure.Message);
        }
    }

    private static async Task ChangeAsync(Func<Task> change)
    {
        try
        {
            await change();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new CommandFailedException($"{failure.Message}.");
        }
    }

    private static string What(Stay stay) => string.Create(
        CultureInfo.InvariantCulture,
        $"the stay {stay.Id}{(stay.Begun is { } begun ? $", {begun} to {stay.Ended?.ToString() ?? "now"}" : string.Empty)}: {stay.Files} files, {stay.Bytes} bytes");

    private static string Line(Stay stay) => string.Create(
        CultureInfo.InvariantCulture,
        $"{stay.Id}\t{Name(stay.State)}\t{stay.Begun?.ToString() ?? "---"}\t{stay.Ended?.ToString() ?? "---"}\t{stay.Files}\t{stay.Bytes}");

    private static string Name(StayState state) => JsonNamingPolicy.KebabCaseLower.ConvertName(state.ToString());

    private static void Report(bool json, string what, StayId stay) =>
        Console.WriteLine(json ? $"{{\"stay\":\"{stay}\",\"state\":\"{what}\"}}" : $"{stay} {what}");

    private static void PrintJson(IReadOnlyList<Stay> stays)
    {
        using Stream output = Console.OpenStandardOutput();
        using (var writer = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true }))
        {
            writer.WriteStartArray();
            foreach (Stay stay in stays)
            {
                writer.WriteStartObject();
                writer.WriteString("stay", stay.Id.ToString());
                writer.WriteString("state", Name(stay.State));
                writer.WriteString("begun", stay.Begun?.ToString());
                writer.WriteString("ended", stay.Ended?.ToString());
                writer.WriteNumber("files", stay.Files);
                writer.WriteNumber("bytes", stay.Bytes);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        output.Write("\n"u8);
    }
}
