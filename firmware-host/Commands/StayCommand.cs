using System.CommandLine;
using System.Globalization;
using Bedside.Host.Services;
using Bedside.Model;
using Bedside.Model.Audit;
using Bedside.Model.People;
using Bedside.Model.Stays;
using Bedside.Storage;
using Bedside.Storage.Keys;
using Bedside.Storage.People;
using Bedside.Storage.Stays;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bedside.Host.Commands;

/// <summary><c>bedside stay</c>: who lay in the bed, under which keys their data lie, and the end of them. On a stopped box; a running one is told over its API.</summary>
internal static class StayCommand
{
    public static Command Create() =>
        new("stay", "Who lay in the bed, as far as is known, what is asked, and the keys under which their data lie: erasing destroys keys.")
        {
            StayListCommand.Create(), StayAccessesCommand.Create(), Begin(), Erase(), StayQuestionCommands.Tasks(), StayQuestionCommands.Settle(), StayQuestionCommands.Undo(), StayQuestionCommands.Confirm(),
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
            FileInfo? keyFile = result.GetValue(key);
            await using Store store = Open(place, keyFile);
            using StayBook book = OpenBook(store, StoreArguments.Stays(result.GetValue(config)));
            await ChangeAsync(() => StayBinding.BindAsync(store, book, cancel));
            using var identities = new VaultPlace(place, keyFile, NullLogger<VaultPlace>.Instance);
            var erasure = new StayErasure(store, book, identities.OpenIfThere);
            ErasurePlan plan = erasure.PlanWhole(stay) ?? throw new CommandFailedException(
                erasure.IsStay(stay) ? $"nothing of the stay {stay} is left: its keys were destroyed." : $"there is no stay {stay}; bedside stay list prints those that there are.");
            if (plan.Others.Count > 0 && !result.GetValue(all))
            {
                throw new CommandFailedException(
                    $"{(plan.Keys.Count == 1 ? $"the key {plan.Keys[0]} also holds" : "its keys also hold")} data of {(plan.Others.Count == 1 ? "the stay" : "the stays")} {string.Join(", ", plan.Others)}, and {(plan.Keys.Count == 1 ? "is" : "are")} destroyed whole or not at all; say --all-of-key to destroy those data too, or keep both until they may all go.");
            }

            RefuseAlone(place, book, erasure.IsStay(stay) ? [stay] : book.StaysOf(stay));
            Stay[] keys = erasure.KeysOf(stay);
            if (!result.GetValue(yes))
            {
                throw new CommandFailedException($"this would destroy for ever {string.Join("; ", keys.Select(What))}; say --yes to do it.");
            }

            AuditEntry entry = CommandAudit.Entry(AuditAct.StayErase, AuditFact.Of(AuditFactKind.Count, keys.Length)) with { Stay = stay };
            await CommandAudit.AroundAsync(place, entry, () => ChangeAsync(() => erasure.EraseAsync(stay, plan, cancel)));
            Report(result.GetValue(json), "erased", stay);
            return 0;
        });
        return command;
    }

    /// <summary>Where people are known, it takes two of them, who said so on the screen of the running box.</summary>
    private static void RefuseAlone(DirectoryInfo place, StayBook book, IReadOnlyList<StayId> stays)
    {
        IAccountBook accounts = AccountBook.Open(place.FullName);
        if (accounts.HasAccounts && stays.FirstOrDefault(stay => !StayWishes.IsErasureAgreed(stay, book.Wishes)) is var open && open != StayId.None)
        {
            throw new CommandFailedException($"this box has accounts: two people erase the stay {open} on its screen (More, People, Erase a stay); this command does what they agreed on and the running box could not do.");
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
