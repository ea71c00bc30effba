using System.CommandLine;
using Bedside.Model.Audit;
using Bedside.Storage;
using Bedside.Storage.Replacing;

namespace Bedside.Host.Commands;

/// <summary><c>bedside import undo</c> and <c>bedside import list</c>: what was put in the place of originals.</summary>
internal static class ReplaceCommands
{
    public static Command Undo()
    {
        var id = new Argument<int>("ID") { Description = "Number of the replacement (bedside import list)." };
        Option<DirectoryInfo> data = StoreArguments.Data();
        Option<FileInfo?> key = StoreArguments.Key();
        var command = new Command("undo", "Bring back the originals that import capture --evidence --replace set aside. The box must not be running.") { id, data, key };
        command.SetAction(async (result, cancel) =>
        {
            DirectoryInfo directory = Existing(result.GetRequiredValue(data));
            StoreOptions options = StoreArguments.Options(directory, result.GetValue(key));
            AuditEntry entry = CommandAudit.Entry(AuditAct.ReplaceUndo, AuditFact.Of(AuditFactKind.Number, result.GetRequiredValue(id)));
            await CommandAudit.AroundAsync(directory, entry, async () =>
            {
                Replacement done = await TryAsync(() => StoreReplacement.UndoAsync(directory.FullName, options, TimeProvider.System, result.GetRequiredValue(id), cancel));
                Console.WriteLine($"{done.Device}: the originals from {done.From} to {done.To} are back.");
            });
            return 0;
        });
        return command;
    }

    public static Command List()
    {
        Option<DirectoryInfo> data = StoreArguments.Data();
        var command = new Command("list", "Say what was put in the place of originals, and whether it can be undone.") { data };
        command.SetAction(result =>
        {
            IReadOnlyList<Replacement> all = Try(() => StoreReplacement.List(Existing(result.GetRequiredValue(data)).FullName));
            foreach (Replacement one in all)
            {
                Console.WriteLine($"{one.Id}  {one.Device} from {one.From} to {one.To}, from the raw bytes of {one.Port}, on {one.Made}; {Say(one)}");
            }

            if (all.Count == 0)
            {
                Console.WriteLine("nothing was replaced");
            }

            return 0;
        });
        return command;
    }

    /// <summary>With the sentences of what can be wrong.</summary>
    public static T Try<T>(Func<T> act)
    {
        try
        {
            return act();
        }
        catch (StoreLockedException)
        {
            throw new CommandFailedException("the box is running on this store; stop it first.");
        }
        catch (Exception failure) when (failure is ReplaceRefusedException or IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException(failure.Message);
        }
    }

    /// <summary>The same of what takes its time.</summary>
    public static async Task<T> TryAsync<T>(Func<Task<T>> act)
    {
        try
        {
            return await act();
        }
        catch (StoreLockedException)
        {
            throw new CommandFailedException("the box is running on this store; stop it first.");
        }
        catch (Exception failure) when (failure is ReplaceRefusedException or IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException(failure.Message);
        }
    }

    private static DirectoryInfo Existing(DirectoryInfo data) => data.Exists
        ? data
        : throw new CommandFailedException($"{data.FullName} does not exist; name the directory that bedside run --data was given.");

    private static string Say(Replacement one) => one.State switch
    {
        ReplacementState.Replaced => $"{one.Bytes} bytes of originals in {one.Segments.Count} files are set aside, import undo {one.Id} brings them back",
        ReplacementState.Undone => "undone",
        ReplacementState.Final => "the originals went, it cannot be undone",
        _ => "interrupted; the next start finishes it",
    };
}
