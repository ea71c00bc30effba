using System.Diagnostics;

namespace Bedside.Tests.Ingest.Hl7;

/// <summary>A program of others, as a process of its own: from npm (tests/clients), or Debian's python3-hl7.</summary>
internal sealed class PeerProcess : IAsyncDisposable
{
    private readonly Process _process;

    private PeerProcess(Process process) => _process = process;

    /// <summary>Where npm puts them.</summary>
    private static string Folder => Repository.PathOf("tests/clients");

    public static async Task<PeerProcess> NodeAsync(string script, params string[] arguments)
    {
        if (!Directory.Exists(Path.Combine(Folder, "node_modules/@medplum/hl7")))
        {
            await using PeerProcess npm = Start("npm", "ci", "--no-audit", "--no-fund");
            _ = await npm.ReadToEndAsync();
        }

        // One of them has WebSocket in its core, which Node 20 keeps behind a flag.
        return Start("node", ["--experimental-websocket", Path.Combine(Folder, script), .. arguments]);
    }

    public static PeerProcess Python(string script, params string[] arguments) => Start("/usr/bin/python3", [Path.Combine(Folder, script), .. arguments]);

    /// <summary>The rest of the next line that begins so.</summary>
    public async Task<string> LineAsync(string start)
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith(start, StringComparison.Ordinal))
            {
                return line[start.Length..].Trim();
            }
        }

        throw new InvalidOperationException($"it ended without \"{start}\"");
    }

    /// <summary>Everything that it says; it must end well.</summary>
    public async Task<string> ReadToEndAsync()
    {
        string said = await _process.StandardOutput.ReadToEndAsync();
        await _process.WaitForExitAsync();
        Assert.Equal(0, _process.ExitCode);
        return said;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static PeerProcess Start(string program, params string[] arguments) =>
        new(Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardInput = true, UseShellExecute = false, WorkingDirectory = Folder })!);
}
