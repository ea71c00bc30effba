using System.CommandLine;
using System.Globalization;
using Bedside.Host.Options;
using Bedside.Model;
using Bedside.Storage;
using Bedside.Storage.Retention;

namespace Bedside.Host.Commands;

/// <summary><c>bedside retention</c>: how long what is kept, and what must not go. All of it also works beside a running box.</summary>
internal static class RetentionCommand
{
    private const double Gigabyte = 1e9;

    public static Command Create()
    {
        Option<DirectoryInfo> data = StoreArguments.Data();
        Option<FileInfo?> key = StoreArguments.Key();
        Option<bool> json = StoreArguments.Json();
        var config = new Option<FileInfo?>("--config") { Description = "The configuration that bedside run is given; default: the budget and ages of a box without one." };
        var command = new Command("retention", "Say what the store may take and for how long, what it takes, what is held, and how many days are left.")
        {
            data, key, config, json, HoldCommands.Create(), HoldCommands.ConfirmClock(),
        };
        command.SetAction(async (result, _) =>
        {
            FileInfo? file = result.GetValue(config);
            BedOptions? bed = file is null ? null : BedOptions.Read(file.FullName);
            RetentionOptions options = bed?.Retention.ToOptions(file!.FullName) ?? new RetentionOptions();
            DirectoryInfo directory = result.GetRequiredValue(data);
            await using Store store = StoreArguments.OpenReadOnly(directory, result.GetValue(key));
            RetentionSurvey survey = store.SurveyRetention(options, EvidenceBudget.ToOptions(bed?.Evidence ?? string.Empty, "--config", new DriveInfo(directory.FullName).TotalSize));
            if (result.GetValue(json))
            {
                RetentionJson.Print(survey);
            }
            else
            {
                Print(survey);
            }

            return 0;
        });
        return command;
    }

    private static void Print(RetentionSurvey survey)
    {
        RetentionHealth health = survey.Health;
        Console.WriteLine($"budget     {Size(health.BudgetBytes)}; used {Size(health.UsedBytes)}; disk {Size(health.DiskBytes)}, of which {Size(health.FreeBytes)} free");
        foreach (ClassFigures one in survey.Classes)
        {
            string age = one.MostAge is { } most ? $"goes after {most.TotalDays.ToString("0.#", CultureInfo.InvariantCulture)} days" : "goes when the budget is spent";
            Console.WriteLine($"{one.Name,-10} {Size(one.Bytes)} in {one.Segments} {(one.Name == CaptureClass.ClassName || one.Name == SetAsideClass.ClassName ? "files" : "segments")}{(one.Oldest is { } oldest ? $", from {oldest}" : string.Empty)}; {age}");
        }

        Console.WriteLine(survey.Holds switch
        {
            null => "holds      the list is damaged, so nothing is dropped; bedside retention hold reset begins a new one",
            { Count: 0 } => "holds      none",
            { } holds => string.Join('\n', holds.Select(hold => $"held       {HoldCommands.Describe(hold)}")),
        });
        Console.WriteLine(health is { DaysLeft: { } days, BytesPerDay: { } rate }
            ? $"days left  {days.ToString("0.0", CultureInfo.InvariantCulture)} at {Size((long)rate)} a day"
            : "days left  not known: less than ten minutes are stored");
        foreach (GapBlock gone in survey.Gone)
        {
            Console.WriteLine($"gone       {gone.Start} to {gone.Until} ({(gone.Cause == GapCause.Retention ? "dropped" : "unreadable, set aside")})");
        }
    }

    private static string Size(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / Gigabyte:0.000} GB");
}
