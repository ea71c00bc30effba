using System.Diagnostics;
using Bedside.Host.Commands;

namespace Bedside.Host.Measuring;

/// <summary><c>bedside run</c> on a store, as a process of its own, asked over HTTP on loopback by one warm client and measured from outside.</summary>
internal sealed class StoreServer : IAsyncDisposable
{
    private readonly Process _process;
    private readonly HttpClient _http;

    private StoreServer(Process process, Uri address, double startMilliseconds)
    {
        _process = process;
        _http = new HttpClient { BaseAddress = address };
        StartMilliseconds = startMilliseconds;
    }

    /// <summary>From the start of the process to its first answer.</summary>
    public double StartMilliseconds { get; }

    public static async Task<StoreServer> StartAsync(string folder, TimeProvider time, CancellationToken cancel)
    {
        long start = time.GetTimestamp();
        var arguments = new ProcessStartInfo(Environment.ProcessPath ?? "dotnet", [typeof(StoreServer).Assembly.Location, "run", "--data", folder, "--port", "0"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        Process process = Process.Start(arguments) ?? throw new CommandFailedException("dotnet cannot be started.");
        process.BeginErrorReadLine();
        while (await process.StandardOutput.ReadLineAsync(cancel) is { } line)
        {
            if (line.StartsWith("ready ", StringComparison.Ordinal))
            {
                return new StoreServer(process, new Uri(line["ready ".Length..].Trim()), time.GetElapsedTime(start).TotalMilliseconds);
            }
        }

        throw new CommandFailedException("bedside run did not start on the store of the bench.");
    }

    /// <summary>Processor time of the process, user and system, in milliseconds.</summary>
    public double CpuMilliseconds => MeasuredProcess.CpuMilliseconds(_process);

    /// <summary>Asks and reads the whole answer; how many bytes it was.</summary>
    public async Task<long> AskAsync(string path, byte[] buffer, CancellationToken cancel)
    {
        using HttpResponseMessage answer = await _http.GetAsync(new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, cancel);
        _ = answer.EnsureSuccessStatusCode();
        await using Stream body = await answer.Content.ReadAsStreamAsync(cancel);
        long total = 0;
        for (int read; (read = await body.ReadAsync(buffer, cancel)) > 0;)
        {
            total += read;
        }

        return total;
    }

    /// <summary><c>VmRSS:</c> or <c>VmHWM:</c>, in MiB.</summary>
    public double Memory(string field) => MeasuredProcess.Memory(_process, field);

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
