using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Bedside.EndToEnd;

/// <summary>A process that a test started: its lines, its end, and signals to it.</summary>
internal sealed partial class Running : IAsyncDisposable
{
    private const int SigKill = 9;
    private const int SigTerm = 15;
    private const int SigContinue = 18;
    private const int SigStop = 19;

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly ConcurrentQueue<string> _errors = new();

    private Running(Process process) => _process = process;

    public int Pid => _process.Id;

    public IEnumerable<string> Output => _output;

    public string Errors => string.Join('\n', _errors);

    public bool HasExited => _process.HasExited;

    public static Running Start(string file, IEnumerable<string> arguments, string? folder = null)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
            WorkingDirectory = folder ?? Installed.Root,
        };
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["BEDSIDE_SIMULATORS"] = Installed.Simulators;
        var process = new Process { StartInfo = start };
        var running = new Running(process);
        process.OutputDataReceived += (_, line) => Keep(running._output, line.Data);
        process.ErrorDataReceived += (_, line) => Keep(running._errors, line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return running;
    }

    /// <summary>Waits for a line of standard output that begins with <paramref name="start"/> and gives the rest of it.</summary>
    public async Task<string> LineAsync(string start, int seconds = 60)
    {
        string? line = null;
        await Until.TrueAsync(
            () => (line = _output.FirstOrDefault(one => one.StartsWith(start, StringComparison.Ordinal))) is not null || _process.HasExited,
            seconds,
            () => $"no line \"{start}…\"; it said: {string.Join('\n', _output)}\n{Errors}");
        Assert.True(line is not null, $"it ended without \"{start}…\": {string.Join('\n', _output)}\n{Errors}");
        return line[start.Length..].Trim();
    }

    public async Task<int> EndAsync(int seconds = 120)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    /// <summary>SIGKILL: no chance to say goodbye.</summary>
    public Task KillAsync()
    {
        _ = Signal(_process.Id, SigKill);
        return _process.WaitForExitAsync();
    }

    /// <summary>SIGSTOP: it is there and does nothing, as if its machine had hung.</summary>
    public void Halt() => Halt(_process.Id);

    public void Continue() => Continue(_process.Id);

    /// <summary>The same of a process that a started one started.</summary>
    public static void Halt(int pid) => _ = Signal(pid, SigStop);

    public static void Continue(int pid) => _ = Signal(pid, SigContinue);

    /// <summary>A line on its standard input.</summary>
    public async Task SayAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
    }

    public async Task TerminateAsync()
    {
        if (!_process.HasExited)
        {
            Continue();
            _ = Signal(_process.Id, SigTerm);
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
            try
            {
                await _process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill(entireProcessTree: true);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await TerminateAsync();
        _process.Dispose();
    }

    private static void Keep(ConcurrentQueue<string> lines, string? line)
    {
        if (line is not null)
        {
            lines.Enqueue(line);
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    internal static partial int Signal(int pid, int signal);
}

/// <summary>Where the built programs lie.</summary>
internal static class Installed
{
    private static readonly string Configuration = Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/'));

    public static string Root { get; } = FindRoot();

    public static string Product => Path.Combine(Root, "artifacts/bin/Bedside.Host", Configuration, "bedside.dll");

    public static string Simulators => Path.Combine(Root, "artifacts/bin/Bedside.Simulators", Configuration, "Bedside.Simulators.dll");

    /// <summary>Makes stores for tests of the screen.</summary>
    public static string Bench => Path.Combine(Root, "artifacts/bin/Bedside.Bench", Configuration, "Bedside.Bench.dll");

    public static Running Bedside(params string[] arguments) => Running.Start("dotnet", [Product, .. arguments]);

    public static Running Simulator(params string[] arguments) => Running.Start("dotnet", [Simulators, .. arguments]);

    /// <summary>A simulated IntelliVue monitor on a virtual serial port, once it can be opened.</summary>
    public static async Task<Running> MonitorAsync(string link, string seed)
    {
        Running monitor = Simulator("philips-intellivue", "--pty", "--link", link, "--seed", seed, "--accept-delay", "0.05");
        await monitor.LineAsync("ready ");
        return monitor;
    }

    /// <summary>A file or folder of the data beside the repository; null on a machine that has only the repository.</summary>
    public static string? Shared(string relative)
    {
        string path = Path.GetFullPath(Path.Combine(Root, "..", "shared", relative));
        return Path.Exists(path) ? path : null;
    }

    private static string FindRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Bedside.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException("the tests run outside of the repository");
    }
}

/// <summary>Waiting for what must come, with a limit instead of a guess.</summary>
internal static class Until
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(20);

    public static async Task TrueAsync(Func<bool> condition, int seconds, Func<string> otherwise)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start).TotalSeconds < seconds, $"after {seconds} s: {otherwise()}");
            await Task.Delay(Between, TimeProvider.System);
        }
    }

    public static Task TrueAsync(Func<Task<bool>> condition, int seconds, Func<string> otherwise) => TrueAsync(condition, seconds, () => Task.FromResult(otherwise()));

    public static async Task TrueAsync(Func<Task<bool>> condition, int seconds, Func<Task<string>> otherwise)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(start).TotalSeconds >= seconds)
            {
                Assert.Fail($"after {seconds} s: {await otherwise()}");
            }

            await Task.Delay(Between, TimeProvider.System);
        }
    }
}

/// <summary>A directory that is gone after the test.</summary>
internal sealed class Folder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("bedside-").FullName;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (IOException)
        {
            // A process that is just ending may still hold a file; the system's own cleaning takes the rest.
        }
    }
}
