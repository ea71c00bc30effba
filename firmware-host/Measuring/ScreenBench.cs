using System.Diagnostics;
using System.Text.Json;
using Bedside.Host.Commands;

namespace Bedside.Host.Measuring;

/// <summary>
/// Starts the bed of the demo and a second box with a month of history, opens the screen in Chromium and measures it. What happens in the browser is in
/// <c>viewer/web/dev/bench.mjs</c> of the repository, which prints the figures as one JSON document.
/// </summary>
internal static class ScreenBench
{
    public static async Task<JsonDocument> RunAsync(int seconds, int soakMinutes, TimeProvider time, Action<string> onProgress, CancellationToken cancel)
    {
        string web = Environment.GetEnvironmentVariable("BEDSIDE_WEB") ?? string.Empty;
        if (!Directory.Exists(Path.Combine(web, "node_modules")))
        {
            throw new CommandFailedException("what drives the browser is not part of the product; run ./bedside bench screen in the repository.");
        }

        string simulators = BenchProcesses.Simulators("bench screen");
        await using var processes = new BenchProcesses();
        onProgress("storing thirty days");
        string history = Path.Combine(processes.Folder, "history");
        await ScreenHistory.StoreAsync(history, time, cancel);
        onProgress("starting the boxes");
        (_, string past) = await processes.StartAsync([typeof(ScreenBench).Assembly.Location, "run", "--data", history, "--port", "0"], cancel);
        (_, Uri live) = await processes.StartBedAsync(simulators, cancel);
        onProgress("measuring in the browser");
        var start = new ProcessStartInfo("node", ["dev/bench.mjs", live.ToString(), past, ScreenHistory.Chosen, $"{seconds}", $"{soakMinutes}"])
        {
            WorkingDirectory = web,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        using Process browser = Process.Start(start) ?? throw new CommandFailedException("node cannot be started.");
        try
        {
            string said = await browser.StandardOutput.ReadToEndAsync(cancel);
            await browser.WaitForExitAsync(cancel);
            return browser.ExitCode == 0
                ? JsonDocument.Parse(said)
                : throw new CommandFailedException("the screen could not be measured; what the browser said stands above. It needs Chromium (Debian: apt-get install chromium).");
        }
        finally
        {
            if (!browser.HasExited)
            {
                browser.Kill(entireProcessTree: true);
            }
        }
    }
}
