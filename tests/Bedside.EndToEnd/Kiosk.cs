using System.Globalization;
using System.Text.Json;

namespace Bedside.EndToEnd;

/// <summary>The product's <c>kiosk</c> command as a process, with a headless Chromium that can be debugged; as root, the browser is somebody else's.</summary>
internal sealed class Kiosk(KioskBed bed, Running process) : IAsyncDisposable
{
    private const int SigStop = 19;
    private const int SigKill = 9;

    private readonly List<DevTools> _tools = [];

    public Running Process => process;

    /// <summary>Starts of the browser so far: process and profile.</summary>
    public IReadOnlyList<(int Pid, string Folder)> Browsers =>
    [
        .. Lines("browser ").Select(line => line.Split(' ', 2)).Select(parts => (int.Parse(parts[0], CultureInfo.InvariantCulture), parts[1])),
    ];

    /// <summary>Reasons of the restarts so far.</summary>
    public IReadOnlyList<string> Restarts => [.. Lines("restart ").Select(line => line.Split(' ')[1])];

    public static Kiosk Start(KioskBed bed)
    {
        string[] somebody = Environment.UserName == "root" ? ["--user", "nobody"] : [];
        string[] options = [.. new[] { "--headless=new", "--no-sandbox", "--remote-debugging-port=0", "--remote-allow-origins=*", "--window-size=1280,800" }.SelectMany(one => new[] { "--browser-option", one })];
        Running process = Installed.Bedside(["kiosk", "--box", bed.Address.ToString(), "--reload-at", "never", .. somebody, .. options]);
        return new Kiosk(bed, process);
    }

    /// <summary>Waits until start number <paramref name="start"/> of the browser shows waves, and has said so.</summary>
    public Task LiveAsync(int start, int seconds = 60) =>
        Until.TrueAsync(
            async () => await ScreenAsync(start) is { } screen && screen.GetProperty("lanes").GetInt32() > 0 && screen.GetProperty("checksum").ValueKind == JsonValueKind.Number,
            seconds,
            () => $"start {start} of the browser shows no waves: {string.Join('\n', process.Output)}\n{process.Errors}");

    /// <summary>What the box heard of a start of the browser; null = nothing.</summary>
    public async Task<JsonElement?> ScreenAsync(int start)
    {
        string name = $"kiosk-{process.Pid}-{start}";
        JsonElement? answer = await bed.AskAsync("/api/v1/screens");
        return answer?.GetProperty("screens").EnumerateArray().Where(one => one.GetProperty("screen").GetString() == name).Cast<JsonElement?>().FirstOrDefault();
    }

    /// <summary>Tools in the browser that runs now; they stay until the end, so that what they began is not cut off.</summary>
    public async Task<DevTools> ToolsAsync()
    {
        DevTools tools = await DevTools.OpenAsync(Browsers[^1].Folder);
        _tools.Add(tools);
        return tools;
    }

    /// <summary>SIGSTOP to all renderers of the browser: they are there, and do nothing.</summary>
    public void StopRenderers()
    {
        IReadOnlyList<int> renderers = Renderers();
        Assert.NotEmpty(renderers);
        foreach (int pid in renderers)
        {
            Assert.Equal(0, Running.Signal(pid, SigStop));
        }
    }

    public void KillBrowser() => Assert.Equal(0, Running.Signal(Browsers[^1].Pid, SigKill));

    public async ValueTask DisposeAsync()
    {
        foreach (DevTools tools in _tools)
        {
            await tools.DisposeAsync();
        }

        await process.DisposeAsync();
    }

    private IEnumerable<string> Lines(string start) => process.Output.Where(line => line.StartsWith(start, StringComparison.Ordinal)).Select(line => line[start.Length..]);

    private List<int> Renderers()
    {
        var parents = new Dictionary<int, int>();
        var renderers = new List<int>();
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out int pid))
            {
                continue;
            }

            try
            {
                string stat = File.ReadAllText(Path.Combine(folder, "stat"));
                parents[pid] = int.Parse(stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
                if (File.ReadAllText(Path.Combine(folder, "cmdline")).Contains("--type=renderer", StringComparison.Ordinal))
                {
                    renderers.Add(pid);
                }
            }
            catch (IOException)
            {
                // It ended while it was looked at.
            }
        }

        int browser = Browsers[^1].Pid;
        return renderers.FindAll(Descends);

        bool Descends(int pid) => pid == browser || (parents.TryGetValue(pid, out int parent) && parent > 1 && Descends(parent));
    }
}
