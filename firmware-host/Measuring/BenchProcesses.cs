using System.Diagnostics;
using Bedside.Host.Commands;

namespace Bedside.Host.Measuring;

/// <summary>Processes that a measurement started, and a folder for what they keep; both are gone after it.</summary>
internal sealed class BenchProcesses : IAsyncDisposable
{
    private readonly List<Process> _processes = [];

    public string Folder { get; } = Directory.CreateTempSubdirectory("bedside-bench-").FullName;

    /// <summary>The simulators, which are no part of the product, where the launcher of the repository says that they are.</summary>
    public static string Simulators(string command)
    {
        string simulators = Environment.GetEnvironmentVariable("BEDSIDE_SIMULATORS") ?? string.Empty;
        return File.Exists(simulators)
            ? simulators
            : throw new CommandFailedException($"the simulators are not part of the product; run ./bedside {command} in the repository.");
    }

    /// <summary>Starts a .NET program and waits for its line <c>ready …</c>; gives what follows that word.</summary>
    public async Task<(Process Process, string Ready)> StartAsync(string[] arguments, CancellationToken cancel)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath ?? "dotnet", arguments) { RedirectStandardOutput = true, UseShellExecute = false };
        Process process = Process.Start(start) ?? throw new CommandFailedException("dotnet cannot be started.");
        _processes.Add(process);
        while (await process.StandardOutput.ReadLineAsync(cancel) is { } line)
        {
            if (line.StartsWith("ready ", StringComparison.Ordinal))
            {
                return (process, line["ready ".Length..].Trim());
            }
        }

        throw new CommandFailedException($"{Path.GetFileName(arguments[0])} {arguments[1]} did not start; what it said stands above.");
    }

    /// <summary>The bed of the demo: a monitor, a ventilator, and a box that reads them.</summary>
    public async Task<(Process Box, Uri Address)> StartBedAsync(string simulators, CancellationToken cancel)
    {
        string monitor = Path.Combine(Folder, "monitor");
        string ventilator = Path.Combine(Folder, "ventilator");
        _ = await StartAsync([simulators, "philips-intellivue", "--pty", "--link", monitor, "--seed", "1"], cancel);
        _ = await StartAsync([simulators, "draeger-v500", "--pty", "--link", ventilator, "--seed", "1"], cancel);
        (Process box, string ready) = await StartAsync(
            [
                typeof(BenchProcesses).Assembly.Location, "run", "--data", Path.Combine(Folder, "data"), "--port", "0",
                "--serial", $"{monitor}=philips-intellivue,115200 8N1", "--serial", $"{ventilator}=draeger-medibus,19200 8E1",
            ],
            cancel);
        return (box, new Uri(ready));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (Process process in _processes)
        {
            if (!process.HasExited)
            {
                process.Kill();
                await process.WaitForExitAsync();
            }

            process.Dispose();
        }

        Directory.Delete(Folder, recursive: true);
    }
}
