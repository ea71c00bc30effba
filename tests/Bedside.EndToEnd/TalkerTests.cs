using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;

namespace Bedside.EndToEnd;

/// <summary>
/// The box has its serial port from a program of its own (<c>bedside talker</c>), as the service units of deploy/ start both: neither has a right of root, the port is of a group that only the talker is in, and the talker
/// has no network where this machine can take it away.
/// </summary>
public sealed partial class TalkerTests
{
    private const string PortGroup = "64002";
    private const nuint ClearExclusive = 0x540D;

    [PortGroupFact]
    public async Task A_box_that_may_open_no_port_shows_its_bed_through_the_talker_and_finds_it_again_after_it_was_killed()
    {
        using var folder = new Folder();
        string port = folder["monitor"];
        string socket = folder["socket"];
        await using Running monitor = await Installed.MonitorAsync(port, "41");
        Assert.True(Tool.Succeeds("chown", $"{PortGroup}:{PortGroup}", port));
        Assert.True(Tool.Succeeds("chmod", "660", port));

        await using Running refused = Without("--clear-groups", "detect", port, "--json");
        Assert.Equal(1, await refused.EndAsync());
        using (var said = JsonDocument.Parse(string.Join('\n', refused.Output)))
        {
            Assert.Equal("not-allowed", said.RootElement[0].GetProperty("finding").GetString());
        }

        Running talker = Talker(socket, port);
        try
        {
            await talker.LineAsync("ready ");
            await using Running box = Without("--clear-groups", "run", "--data", folder["data"], "--port", "0", "--talker", socket);
            using var http = new HttpClient { BaseAddress = new Uri(await box.LineAsync("ready ")), Timeout = TimeSpan.FromSeconds(20) };
            await LiveAsync(http, box, talker);
            Assert.Equal("ok", await LightAsync(http, "devices"));
            Assert.Null(await LightAsync(http, "ports"));

            string terminal = File.ResolveLinkTarget(port, returnFinalTarget: true)!.FullName;
            Assert.DoesNotContain(terminal, OpenFiles(box.Pid));
            Assert.Contains(terminal, OpenFiles(talker.Pid));
            Assert.DoesNotContain(OpenFiles(talker.Pid), file => file.StartsWith(folder["data"], StringComparison.Ordinal));

            await talker.KillAsync();
            await Until.TrueAsync(async () => await LightAsync(http, "ports") == "attention" && await LiveWavesAsync(http) == 0, 30, () => box.Errors);
            using (var health = JsonDocument.Parse(await http.GetStringAsync(new Uri("api/v1/health", UriKind.Relative))))
            {
                Assert.Contains("systemctl start bedside-talker", health.RootElement.GetProperty("sentence").GetProperty("en").GetString(), StringComparison.Ordinal);
            }

            await talker.DisposeAsync();
            Free(terminal);
            talker = Talker(socket, port);
            await talker.LineAsync("ready ");
            await Until.TrueAsync(async () => await LightAsync(http, "ports") is null, 30, () => box.Errors);
            await LiveAsync(http, box, talker);
            await box.TerminateAsync();
            Assert.Contains("0 messages were not sent on it", await ClosedAsync(talker), StringComparison.Ordinal);
        }
        finally
        {
            await talker.DisposeAsync();
        }
    }

    [Fact]
    public async Task What_is_at_the_ports_of_a_talker_is_detected_through_it()
    {
        using var folder = new Folder();
        string port = folder["monitor"];
        await using Running monitor = await Installed.MonitorAsync(port, "42");
        await using Running talker = Installed.Bedside("talker", "--socket", folder["socket"], "--serial", port);
        await talker.LineAsync("ready ");
        await using Running detect = Installed.Bedside("detect", "--talker", folder["socket"], "--json");
        Assert.Equal(0, await detect.EndAsync());
        using var said = JsonDocument.Parse(string.Join('\n', detect.Output));
        Assert.Equal((port, "philips-intellivue"), (said.RootElement[0].GetProperty("port").GetString(), said.RootElement[0].GetProperty("driver").GetString()));

        await using Running nobody = Installed.Bedside("detect", "--talker", folder["none"]);
        Assert.Equal(1, await nobody.EndAsync());
        Assert.Contains("systemctl start bedside-talker", nobody.Errors, StringComparison.Ordinal);
        await using Running second = Installed.Bedside("talker", "--socket", folder["socket"]);
        Assert.Equal(1, await second.EndAsync());
        Assert.Contains("is in use", second.Errors, StringComparison.Ordinal);
    }

    private static Running Talker(string socket, string port)
    {
        string[] words = ["setpriv", .. Rights($"--groups={PortGroup}"), "dotnet", Installed.Product, "talker", "--socket", socket, "--serial", port];
        return Tool.Succeeds("unshare", "--net", "true") ? Running.Start("unshare", ["--net", .. words]) : Running.Start(words[0], words[1..]);
    }

    private static Running Without(string groups, params string[] arguments) => Running.Start("setpriv", [.. Rights(groups), "dotnet", Installed.Product, .. arguments]);

    /// <summary>Root's number and none of its rights: of a file of others it may what anybody may.</summary>
    private static string[] Rights(string groups) => [groups, "--bounding-set=-all", "--inh-caps=-all", "--no-new-privs"];

    private static Task LiveAsync(HttpClient http, Running box, Running talker) =>
        Until.TrueAsync(async () => await LiveWavesAsync(http) >= 3, 60, () => $"not live: {box.Errors}\n{talker.Errors}");

    private static async Task<int> LiveWavesAsync(HttpClient http)
    {
        using var signals = JsonDocument.Parse(await http.GetStringAsync(new Uri("api/v1/signals", UriKind.Relative)));
        return signals.RootElement.EnumerateArray().Count(one => one.GetProperty("kind").GetString() == "waveform" && one.GetProperty("state").GetString() == "live");
    }

    /// <summary>State of a light of the box; null = there is none.</summary>
    private static async Task<string?> LightAsync(HttpClient http, string part)
    {
        using var health = JsonDocument.Parse(await http.GetStringAsync(new Uri("api/v1/health", UriKind.Relative)));
        return health.RootElement.GetProperty("lights").EnumerateArray().Where(light => light.GetProperty("part").GetString() == part).Select(light => light.GetProperty("state").GetString()).FirstOrDefault();
    }

    private static async Task<string> ClosedAsync(Running talker)
    {
        await Until.TrueAsync(() => talker.Errors.Contains("is closed", StringComparison.Ordinal), 20, () => talker.Errors);
        return talker.Errors;
    }

    /// <summary>What the kernel does at the last close of a port of hardware: a pseudo terminal is claimed until its other end is closed too, by whoever was killed.</summary>
    private static void Free(string terminal)
    {
        using SafeFileHandle file = File.OpenHandle(terminal, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        Assert.Equal(0, Control(file, ClearExclusive, 0));
    }

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Control(SafeFileHandle file, nuint request, nint value);

    /// <summary>What a process has open, as the kernel tells it.</summary>
    private static string[] OpenFiles(int pid) =>
        [.. Directory.GetFileSystemEntries($"/proc/{pid}/fd").Select(file => new FileInfo(file).LinkTarget ?? string.Empty)];
}

/// <summary>A test that gives a serial port to a group which the box is not in.</summary>
internal sealed class PortGroupFactAttribute : FactAttribute
{
    public PortGroupFactAttribute()
    {
        if (!Environment.IsPrivilegedProcess || !Tool.Succeeds("setpriv", "--clear-groups", "--bounding-set=-all", "--inh-caps=-all", "true"))
        {
            Skip = "only root may give a serial port to a group that the box is not in";
        }
    }
}

/// <summary>Programs of the machine.</summary>
internal static class Tool
{
    /// <summary>False = it is not there, or it failed.</summary>
    public static bool Succeeds(string program, params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false }) ?? throw new InvalidOperationException($"{program} does not start");
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
