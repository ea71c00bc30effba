using System.CommandLine;
using System.Globalization;
using Bedside.Audit;
using Bedside.Model;
using Bedside.Model.Audit;
using Bedside.Storage.Disk;

namespace Bedside.Host.Commands;

/// <summary><c>bedside audit list</c>: what stands in the journal.</summary>
internal static class AuditListCommand
{
    private static readonly string[] Own = ["log.checkpoint", "epoch.end"];

    public static Command Create()
    {
        Option<DirectoryInfo> data = StoreArguments.Data();
        Option<string?> from = StoreArguments.From();
        Option<string?> to = StoreArguments.To();
        var who = new Option<string?>("--who") { Description = "Only what this account, person, console or screen did." };
        var act = new Option<string?>("--act") { Description = "Only acts of this code, or of those that begin with it: data.export, stay." };
        var stay = new Option<string?>("--stay") { Description = "Only what concerns this stay, as bedside stay list names it." };
        var all = new Option<bool>("--all") { Description = "The journal's own checkpoints and ends of epochs too." };
        Option<string> language = StoreArguments.Language();
        Option<bool> json = StoreArguments.Json();
        var command = new Command("list", "Print entries; bedside audit verify says whether they are what was written.") { data, from, to, who, act, stay, all, language, json };
        command.SetAction(result =>
        {
            DirectoryInfo directory = StoreArguments.Existing(result.GetRequiredValue(data));
            var wanted = new Wanted(
                StoreArguments.Instant(result.GetValue(from), new UtcInstant(long.MinValue), "--from"),
                StoreArguments.Instant(result.GetValue(to), new UtcInstant(long.MaxValue), "--to"),
                result.GetValue(who),
                Known(result.GetValue(act)),
                result.GetValue(stay) is { } text ? StayCommand.Parse(text).ToString() : null,
                result.GetValue(all));
            IDisk disk = AuditFolder.ForReading(directory.FullName) ?? throw new CommandFailedException($"{directory.FullName} has no journal of access; bedside run begins one.");
            Print(disk, wanted, result.GetValue(json), result.GetRequiredValue(language) == "fr");
            return 0;
        });
        return command;
    }

    private static string? Known(string? act) => act is null || AuditCatalog.All.Any(words => words.Code.StartsWith(act, StringComparison.Ordinal))
        ? act
        : throw new CommandFailedException($"there is no act {act}; there are {string.Join(", ", AuditCatalog.All.Select(words => words.Code))}.");

    private static void Print(IDisk disk, Wanted wanted, bool json, bool french)
    {
        using var output = new StreamWriter(Console.OpenStandardOutput(), bufferSize: 1 << 16);
        try
        {
            foreach ((KeptEntry entry, byte[] line) in AuditReading.Read(disk).Where(one => wanted.Includes(one.Entry)))
            {
                output.WriteLine(json ? System.Text.Encoding.ASCII.GetString(line) : Text(entry, french));
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException(failure.Message);
        }
    }

    /// <summary>Number, time, who, act, result, on what, why. Nothing in it can move a terminal's cursor.</summary>
    private static string Text(KeptEntry entry, bool french)
    {
        AuditWords? words = AuditCatalog.Find(entry.Act);
        string act = words is null ? entry.Act : french ? words.French : words.English;
        string who = string.Join(' ', new[] { entry.Who, entry.Login.Length > 0 ? $"({entry.Login})" : string.Empty, $"[{entry.Role}]" }.Where(part => part.Length > 0));
        string what = string.Join(' ', entry.What.Where(fact => fact.Text.Length <= AuditFact.LongestWord).Select(fact => $"{fact.Kind}={fact.Text}"));
        string[] parts = [entry.Number.ToString(CultureInfo.InvariantCulture), entry.At.ToString(), who, entry.Act, act, entry.Result, entry.Bed, entry.Stay, what, entry.Why];
        return string.Join('\t', parts.Select(EntryJson.Printable));
    }

    private sealed record Wanted(UtcInstant From, UtcInstant To, string? Who, string? Act, string? Stay, bool All)
    {
        public bool Includes(KeptEntry entry) =>
            entry.At >= From && entry.At < To
            && (Who is null || entry.Who == Who || entry.Login == Who)
            && (Act is null ? All || !Own.Contains(entry.Act) : entry.Act.StartsWith(Act, StringComparison.Ordinal))
            && (Stay is null || entry.Stay == Stay);
    }
}
