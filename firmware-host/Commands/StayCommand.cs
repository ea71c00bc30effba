using System.CommandLine;
using System.Globalization;
using Bedside.Host.Services;
using Bedside.Identity;
using Bedside.Model;
using Bedside.Model.Audit;
using Bedside.Model.Stays;
using Bedside.Storage;
using Bedside.Storage.Keys;
using Bedside.Storage.Stays;

namespace Bedside.Host.Commands;

/// <summary><c>bedside stay</c>: who lay in the bed, under which keys their data lie, and the end of them. On a stopped box; a running one is told over its API.</summary>
internal static class StayCommand
{
    public static Command Create() =>
        new("stay", "Who lay in the bed, as far as is known, what is asked, and the keys under which their data lie: erasing destroys keys.")
        {
            StayListCommand.Create(), Begin(), Erase(), StayQuestionCommands.Tasks(), StayQuestionCommands.Settle(), StayQuestionCommands.Undo(), StayQuestionCommands.Confirm(),
        };

    private static Command Begin()
    {
        Option<DirectoryInfo> data = StoreArguments.Data();
        Option<FileInfo?> key = StoreArguments.Key();
        var id = new Option<string?>("--id") { Description = "Opaque name of the stay, 32 hexadecimal digits; default: a random one. Never a patient's number." };
        Option<FileInfo?> config = StoreArguments.Config();
        Option<bool> json = StoreArguments.Json();
        var command = new Command("begin", "End the current stay and begin another: what comes is kept under a new key.") { data, key, config, id, json };
        command.SetAction(async (result, cancel) =>
        {
            StayId stay = result.GetValue(id) is { } text ? Parse(text) : StayId.New();
            await using Store store = Open(result.GetRequiredValue(data), result.GetValue(key));
            using StayBook book = OpenBook(store, StoreArguments.Stays(result.GetValue(config)));
            await CommandAudit.AroundAsync(result.GetRequiredValue(data), CommandAudit.Entry(AuditAct.StayBegin) with { Stay = stay }, () => ChangeAsync(async () =>
            {
                await store.BeginStayAsync(stay, cancel);
                await StayBinding.BindAsync(store, book, cancel);
            }));
            Report(result.GetValue(json), "begun", stay);
            return 0;
        });
        return command;
    }

    private static Command Erase()
    {
        Option<DirectoryInfo> data = StoreArguments.Data();
        Option<FileInfo?> key = StoreArguments.Key();
        var id = new Argument<string>("STAY") { Description = "Id of a stay, or of one key, as bedside stay list prints them." };
        var yes = new Option<bool>("--yes") { Description = "Destroy it: nothing and nobody brings it back." };
        var all = new Option<bool>("--all-of-key") { Description = "Also what its keys hold of other stays." };
        Option<FileInfo?> config = StoreArguments.Config();
        Option<bool> json = StoreArguments.Json();
        var command = new Command("erase", "Destroy the keys of a stay, delete its files, and forget whose it was when they had no other.") { id, data, key, config, yes, all, json };
        command.SetAction(async (result, cancel) =>
        {
            StayId stay = Parse(result.GetRequiredValue(id));
            DirectoryInfo place = result.GetRequiredValue(data);
            await using Store store = Open(place, result.GetValue(key));
            using StayBook book = OpenBook(store, StoreArguments.Stays(result.GetValue(config)));
            await ChangeAsync(() => StayBinding.BindAsync(store, book, cancel));
            Stay[] keys = KeysOf(stay, store, book);
            RefuseOthers(stay, keys, book, result.GetValue(all));
            if (!result.GetValue(yes))
            {
                throw new CommandFailedException($"this would destroy for ever {string.Join("; ", keys.Select(What))}; say --yes to do it.");
            }

            AuditEntry entry = CommandAudit.Entry(AuditAct.StayErase, AuditFact.Of(AuditFactKind.Count, keys.Length)) with { Stay = stay };
            await CommandAudit.AroundAsync(place, entry, async () =>
            {
                foreach (Stay one in keys)
                {
                    await ChangeAsync(() => store.EraseStayAsync(one.Id, cancel));
                }

                await ChangeAsync(() => StayBinding.BindAsync(store, book, cancel));
                await ChangeAsync(() => Task.Run(() => ForgetPersons([stay, .. keys.SelectMany(one => book.StaysOf(one.Id))], book, place, result.GetValue(key)), cancel));
            });
            Report(result.GetValue(json), "erased", stay);
            return 0;
        });
        return command;
    }

    /// <summary>Those that can still be destroyed.</summary>
    private static Stay[] KeysOf(StayId stay, Store store, StayBook book)
    {
        IReadOnlyList<Stay> known = store.ListStays();
        bool isStay = book.Spans.Any(span => span.Stay == stay);
        IReadOnlyList<StayId> wanted = isStay ? book.KeysOf(stay) : [stay];
        Stay[] keys = [.. known.Where(key => wanted.Contains(key.Id) && (!isStay || key.State is not (StayState.Erased or StayState.Erasing)))];
        return keys.Length > 0 ? keys
            : isStay ? throw new CommandFailedException($"nothing of the stay {stay} is left: its keys were destroyed.")
            : throw new CommandFailedException($"there is no stay {stay}; bedside stay list prints those that there are.");
    }

    /// <summary>Keys change when it becomes known that another patient lies in the bed: what came before that is under the key of whoever was there.</summary>
    private static void RefuseOthers(StayId stay, IEnumerable<Stay> keys, StayBook book, bool allOfKey)
    {
        foreach (Stay key in allOfKey ? [] : keys)
        {
            IReadOnlyList<StayId> stays = book.StaysOf(key.Id);
            StayId[] others = [.. stays.Where(other => other != stay)];
            if (others.Length > (stays.Contains(stay) ? 0 : 1))
            {
                throw new CommandFailedException(
                    $"the key {key.Id} also holds data of {(others.Length == 1 ? "the stay" : "the stays")} {string.Join(", ", others)}, and is destroyed whole or not at all; say --all-of-key to destroy those data too, or keep both until they may all go.");
            }
        }
    }

    /// <summary>The vault forgets who had none but the stays that are gone. Throws <see cref="IOException"/> when it cannot.</summary>
    private static void ForgetPersons(IReadOnlyCollection<StayId> gone, StayBook book, DirectoryInfo data, FileInfo? key)
    {
        PersonToken[] persons = [.. book.Spans.Where(span => gone.Contains(span.Stay) && span.Person.IsKnown).Select(span => span.Person).Distinct()];
        using BoxKey? box = persons.Length == 0 || !IdentityVault.IsIn(data.FullName) ? null : BoxKeyPlace.Read(data, key);
        if (box is null)
        {
            return;
        }

        using var vault = IdentityVault.Open(data.FullName, box);
        HashSet<PersonToken> stay = [.. book.Spans.Where(span => !gone.Contains(span.Stay)).Select(span => vault.SurvivorOf(span.Person))];
        foreach (PersonToken person in persons.Where(person => !stay.Contains(vault.SurvivorOf(person))))
        {
            _ = vault.Forget(person);
        }
    }

    internal static StayBook OpenBook(Store store, StaySettings settings)
    {
        try
        {
            return store.OpenStays(settings);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException(failure.Message);
        }
    }

    internal static StayId Parse(string text) => StayId.TryParse(text, out StayId stay)
        ? stay
        : throw new CommandFailedException($"{text} is not the id of a stay: that is 32 hexadecimal digits, as bedside stay list prints them.");

    internal static Store Open(DirectoryInfo data, FileInfo? key)
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

    internal static async Task ChangeAsync(Func<Task> change)
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

    private static void Report(bool json, string what, StayId stay) =>
        Console.WriteLine(json ? $"{{\"stay\":\"{stay}\",\"state\":\"{what}\"}}" : $"{stay} {what}");
}
