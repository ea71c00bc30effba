using System.Diagnostics;
using Bedside.Host.Commands;

namespace Bedside.Host.Kiosk;

/// <summary>One start of Chromium: without bars, without accounts, with a profile in memory that is gone with it.</summary>
internal sealed class KioskBrowser
{
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(100);
    private const int DeleteTries = 20;

    /// <summary>Nothing but the page: no downloads into the profile, no calls of its own, no bubbles, no zoom by two fingers, full speed when it thinks itself covered.</summary>
    private static readonly string[] OwnOptions =
    [
        "--kiosk",
        "--no-first-run",
        "--no-default-browser-check",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-domain-reliability",
        "--disable-client-side-phishing-detection",
        "--disable-sync",
        "--disable-default-apps",
        "--disable-extensions",
        "--disable-breakpad",
        "--disable-crash-reporter",
        "--disable-features=Translate,MediaRouter,OptimizationHints,AutofillServerCommunication,GlobalMediaControls,DialMediaRouteProvider,SpareRendererForSitePerProcess",
        "--disable-session-crashed-bubble",
        "--disable-infobars",
        "--noerrdialogs",
        "--disable-pinch",
        "--overscroll-history-navigation=0",
        "--disable-background-timer-throttling",
        "--disable-backgrounding-occluded-windows",
        "--disable-renderer-backgrounding",
        "--metrics-recording-only",
        "--password-store=basic",
        "--use-mock-keychain",
        "--ozone-platform-hint=auto",
    ];

    private readonly Process _process;
    private readonly TimeProvider _time;

    private KioskBrowser(Process process, string folder, TimeProvider time) => (_process, Folder, _time) = (process, folder, time);

    public int ProcessId => _process.Id;

    /// <summary>The profile, in memory where the machine has such a place.</summary>
    public string Folder { get; }

    public bool HasEnded => _process.HasExited;

    /// <summary>Starts it on <paramref name="page"/>. Throws <see cref="CommandFailedException"/> when it cannot be started at all.</summary>
    public static KioskBrowser Start(KioskSettings settings, Uri page, TimeProvider time)
    {
        string folder = NewFolder(settings.User);
        string[] arguments =
        [
            $"--app={page}",
            $"--user-data-dir={folder}",
            $"--disk-cache-dir={Path.Combine(folder, "cache")}",
            .. OwnOptions,
            .. settings.Gpu ? Array.Empty<string>() : ["--disable-gpu"],
            .. settings.MoreOptions,
        ];
        ProcessStartInfo start = settings.User is { } user
            ? new ProcessStartInfo("setpriv", [$"--reuid={user.Id}", $"--regid={user.Group}", "--clear-groups", "--", settings.Browser, .. arguments])
            : new ProcessStartInfo(settings.Browser, arguments);
        start.UseShellExecute = false;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.WorkingDirectory = folder;
        start.Environment["HOME"] = folder;
        start.Environment["XDG_CONFIG_HOME"] = folder;
        start.Environment["XDG_CACHE_HOME"] = folder;
        try
        {
            Process process = Process.Start(start) ?? throw new IOException("it does not start");

            // What a browser grumbles is read, so that it never waits for a reader, and not kept: it may hold addresses.
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            return new KioskBrowser(process, folder, time);
        }
        catch (Exception failure) when (failure is IOException or System.ComponentModel.Win32Exception)
        {
            Directory.Delete(folder, recursive: true);
            throw new CommandFailedException($"{start.FileName} cannot be started: {failure.Message} Install chromium, or name it with --browser.");
        }
    }

    /// <summary>Ends all of it at once: a page that hangs cannot be asked. The profile is left for <see cref="ForgetAsync"/>.</summary>
    public async Task EndAsync()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (Exception gone) when (gone is InvalidOperationException or AggregateException or System.ComponentModel.Win32Exception)
        {
            // It ended meanwhile, or a part of it did.
        }

        // Its end alone: a wait for what it still had to say would last as long as any of its processes. One that the kernel holds goes when it can.
        long asked = _time.GetTimestamp();
        while (!_process.HasExited && _time.GetElapsedTime(asked) < EndPatience)
        {
            await Task.Delay(Glance, _time, CancellationToken.None);
        }

        _process.Dispose();
    }

    /// <summary>Deletes the profile, which an ending process may still write to.</summary>
    public async Task ForgetAsync()
    {
        for (int i = 0; i < DeleteTries && Directory.Exists(Folder); i++)
        {
            try
            {
                Directory.Delete(Folder, recursive: true);
            }
            catch (Exception busy) when (busy is IOException or UnauthorizedAccessException)
            {
                await Task.Delay(Between, _time, CancellationToken.None);
            }
        }
    }

    private static string NewFolder(UnixUser? user)
    {
        if (OperatingSystem.IsWindows())
        {
            throw new CommandFailedException("the screen at the bed is a Linux one.");
        }

        string?[] places = user is null ? [Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR"), "/dev/shm", Path.GetTempPath()] : ["/dev/shm", Path.GetTempPath()];
        string place = places.First(Directory.Exists)!;
        string folder = Path.Combine(place, $"bedside-kiosk-{Path.GetRandomFileName()}");
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        user?.Own(folder);
        return folder;
    }
}
