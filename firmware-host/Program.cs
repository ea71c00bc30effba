using System.CommandLine;
using System.CommandLine.Parsing;
using Bedside.Host.Commands;

namespace Bedside.Host;

/// <summary>The one executable: every command of the product, in one list.</summary>
internal static class Program
{
    private const int WrongUsage = 2;

    private static readonly Command[] Commands =
    [
        RunCommand.Create(),
        TalkerCommand.Create(),
        DetectCommand.Create(),
        GuideCommand.Create(),
        DecodeCommand.Create(),
        ImportCommand.Create(),
        EvidenceCommand.Create(),
        ExportCommand.Create(),
        ExtractCommand.Create(),
        QueryCommand.Create(),
        VerifyCommand.Create(),
        RepairCommand.Create(),
        RetentionCommand.Create(),
        HealthCommand.Create(),
        StayCommand.Create(),
        UnitCommand.Create(),
        AccountCommand.Create(),
        AuditCommand.Create(),
        KioskCommand.Create(),
        SbomCommand.Create(),
        BenchCommand.Create(),
    ];

    public static async Task<int> Main(string[] arguments)
    {
        var root = new RootCommand("Bedside keeps every sample of one intensive-care bed inside the box, and shows it.");
        foreach (Command command in Commands)
        {
            root.Add(command);
        }

        ParseResult parsed = root.Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            foreach (ParseError error in parsed.Errors)
            {
                await Console.Error.WriteLineAsync($"bedside: {error.Message}");
            }

            await Console.Error.WriteLineAsync("bedside COMMAND --help explains what a command takes.");
            return WrongUsage;
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (CommandFailedException failure)
        {
            await Console.Error.WriteLineAsync($"bedside: {failure.Message}");
            return 1;
        }
        catch (OperationCanceledException)
        {
            return 130;
        }
    }
}
