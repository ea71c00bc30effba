namespace Bedside.EndToEnd;

/// <summary>What a box had in memory dies with it.</summary>
public sealed class CrashDumpTests
{
    private const int Abort = 6;
    private const int Fault = 11;

    [Theory]
    [InlineData(Abort)]
    [InlineData(Fault)]
    public async Task A_box_that_crashes_leaves_no_dump_even_where_the_system_allows_them(int signal)
    {
        using var folder = new Folder();
        Directory.CreateDirectory(folder["work"]);
        string[] run = ["-c", "ulimit -c unlimited && exec \"$@\"", "sh", "dotnet", Installed.Product, "run", "--data", folder["data"], "--port", "0"];
        await using var box = Running.Start("sh", run, folder["work"]);
        _ = await box.LineAsync("ready ");
        Assert.Equal(["0", "0"], Limits(box.Pid));
        HashSet<string> before = [.. Dumps()];

        // The runtime takes the first for its own and waits for the fault to come again.
        await Until.TrueAsync(
            () =>
            {
                _ = Running.Signal(box.Pid, signal);
                return box.HasExited;
            },
            30,
            () => "it lives");
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder["work"]));
        Assert.DoesNotContain(Directory.EnumerateFiles(folder["data"], "*", SearchOption.AllDirectories), IsDump);
        Assert.Empty(Dumps().Except(before));
    }

    [Fact]
    public async Task A_box_that_was_told_to_write_dumps_does_not_begin()
    {
        using var folder = new Folder();
        await using var box = Running.Start("env", ["DOTNET_DbgEnableMiniDump=1", "dotnet", Installed.Product, "run", "--data", folder["data"], "--port", "0"]);
        Assert.Equal(1, await box.EndAsync());
        Assert.Contains("DOTNET_DbgEnableMiniDump is set", box.Errors, StringComparison.Ordinal);
    }

    /// <summary>Soft and hard, as the kernel has them for that process.</summary>
    private static string[] Limits(int pid) =>
        File.ReadLines($"/proc/{pid}/limits").Single(line => line.StartsWith("Max core file size", StringComparison.Ordinal))["Max core file size".Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[..2];

    /// <summary>Where the runtime and most systems put them.</summary>
    private static IEnumerable<string> Dumps() => Directory.EnumerateFiles(Path.GetTempPath()).Where(IsDump);

    private static bool IsDump(string file) => Path.GetFileName(file) is var name && (name == "core" || name.StartsWith("core.", StringComparison.Ordinal) || name.StartsWith("coredump", StringComparison.Ordinal) || name.EndsWith(".dmp", StringComparison.Ordinal));
}
