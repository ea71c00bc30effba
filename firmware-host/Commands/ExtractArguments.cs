using System.CommandLine;
using Bedside.Host.Research;
using Bedside.Model.Research;

namespace Bedside.Host.Commands;

/// <summary>What the commands of studies share: the folder, its key, its configuration, and how they fail.</summary>
internal sealed class ExtractArguments
{
    public Option<DirectoryInfo> Data { get; } = StoreArguments.Data();

    public Option<FileInfo?> Key { get; } = StoreArguments.Key();

    public Option<FileInfo?> Config { get; } = new("--config") { Description = "Configuration of the box; of it, research, timeZone and stays are used." };

    /// <summary>Adds its options to a command and makes <paramref name="run"/> its action, with the studies opened; plain failures become sentences.</summary>
    public Command On(Command command, StudyConsoleWorld world, Func<StudyConsole, ParseResult, CancellationToken, Task> run)
    {
        command.Options.Add(Data);
        command.Options.Add(Key);
        command.Options.Add(Config);
        command.SetAction(async (result, cancel) =>
        {
            try
            {
                using var console = StudyConsole.Open(result.GetRequiredValue(Data), result.GetValue(Key), result.GetValue(Config), world);
                await run(console, result, cancel);
                return 0;
            }
            catch (StudyRefusedException refused)
            {
                throw new CommandFailedException(refused.Message);
            }
            catch (Exception disk) when (disk is IOException or UnauthorizedAccessException)
            {
                throw new CommandFailedException(disk.Message);
            }
        });
        return command;
    }

    public static Argument<string> Study() => new("STUDY") { Description = "Its id: ST-2027-001." };

    public static Option<string> As() => new("--as") { Description = "Badge of your account; its password is asked for, or read from standard input.", Required = true };

    public static Option<string> Why() => new("--why") { Description = "The reason, one line; it stands in the public log.", Required = true };

    /// <summary>Throws <see cref="CommandFailedException"/>.</summary>
    public static StudyRequest Request(FileInfo file)
    {
        try
        {
            return file.Exists && file.Length <= 2 * RequestText.MostBytes
                ? RequestText.Read(File.ReadAllText(file.FullName))
                : throw new CommandFailedException($"{file.FullName} is not there, or no request; bedside extract template prints one to fill in.");
        }
        catch (StudyRefusedException refused)
        {
            throw new CommandFailedException(refused.Message);
        }
    }
}
