using System.CommandLine;
using Bedside.Host.Machine;
using Bedside.Host.Options;
using Bedside.Ingest.Drivers;
using Bedside.Ingest.Talker;

namespace Bedside.Host.Commands;

/// <summary><c>bedside talker</c>: the one program that opens serial ports, for a box that has none itself.</summary>
internal static class TalkerCommand
{
    private const string Usual = "/run/bedside-talker/socket";

    /// <summary>For commands that may have their ports from it.</summary>
    public static Option<string?> Used() => new("--talker") { Description = $"Have the serial ports from bedside talker, which listens at this socket ({Usual}), and open none." };

    public static Command Create()
    {
        var socket = new Option<string>("--socket") { Description = "Where the box finds it; its owner and its group may use it.", DefaultValueFactory = _ => Usual };
        var serial = new Option<string[]>("--serial") { Description = "A serial port that may be opened; may be given several times. Default: all serial ports of this machine." };
        var driver = new Option<string[]>("--driver") { Description = "Only messages of this driver may be sent; may be given several times. Default: those of every driver that is on." };
        Option<string[]> experimental = ExperimentalDrivers.Option();
        var listenOnly = new Option<bool>("--listen-only") { Description = "Send nothing, and open ports for reading only." };
        var command = new Command(
            "talker",
            "Open the serial ports for bedside run --talker, as a user of its own without network and data: what runs the screen has no way to a device then but the messages that drivers declare. Prints \"ready SOCKET\".")
        {
            socket, serial, driver, experimental, listenOnly,
        };
        command.SetAction(async (result, cancel) =>
        {
            IReadOnlyList<IDriver> drivers = Chosen(result.GetValue(driver) ?? [], ExperimentalDrivers.Checked(result.GetValue(experimental) ?? [], "--experimental"));
            await RunAsync(result.GetRequiredValue(socket), new TalkerRules(drivers, result.GetValue(serial) ?? [], result.GetValue(listenOnly)), cancel);
            return 0;
        });
        return command;
    }

    private static async Task RunAsync(string socket, TalkerRules rules, CancellationToken cancel)
    {
        CrashDumps.Forbid();
        using ILoggerFactory logs = LoggerFactory.Create(log => log.AddSimpleConsole(console => console.SingleLine = true)
            .Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace));
        using TalkerServer talker = Listen(socket, rules, logs);
        Console.WriteLine($"ready {socket}");
        await Task.Factory.StartNew(() => talker.Run(cancel), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    private static TalkerServer Listen(string socket, TalkerRules rules, ILoggerFactory logs)
    {
        try
        {
            return TalkerServer.Listen(socket, rules, TimeProvider.System, logs.CreateLogger<TalkerServer>());
        }
        catch (IOException refused)
        {
            throw new CommandFailedException(refused.Message);
        }
    }

    private static IReadOnlyList<IDriver> Chosen(string[] names, IReadOnlyCollection<string> experimental)
    {
        IReadOnlyList<IDriver> on = DriverCatalog.With(experimental);
        if (Array.Find(names, name => !on.Any(driver => driver.Name == name)) is { } unknown)
        {
            throw new CommandFailedException($"--driver {unknown}: there is no such driver that is on. There are {ExperimentalDrivers.Known}.");
        }

        return names.Length == 0 ? on : [.. on.Where(driver => names.Contains(driver.Name, StringComparer.Ordinal))];
    }
}
