using System.Diagnostics;

namespace Bedside.Tests.Storage;

/// <summary>A test that mounts a small file system in memory, which only root may; others are told so and it is skipped.</summary>
internal sealed class TmpfsFactAttribute : FactAttribute
{
    public TmpfsFactAttribute()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            Skip = "only root may mount the tmpfs of 64 MiB that this test fills";
        }
        else if (!Tmpfs.CanMount)
        {
            Skip = "this machine does not let a tmpfs be mounted (a container without CAP_SYS_ADMIN)";
        }
    }
}

/// <summary>A real file system of a given size, gone when the test ends.</summary>
internal sealed class Tmpfs : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("bedside-tmpfs-");

    public Tmpfs(int mebibytes)
    {
        if (!Run("mount", "-t", "tmpfs", "-o", $"size={mebibytes}m", "bedside-test", _folder.FullName))
        {
            _folder.Delete();
            throw new IOException("a tmpfs cannot be mounted");
        }
    }

    public static bool CanMount { get; } = Try();

    public string Path => _folder.FullName;

    public void Dispose()
    {
        _ = Run("umount", "-l", _folder.FullName);
        _folder.Delete();
    }

    private static bool Try()
    {
        try
        {
            new Tmpfs(1).Dispose();
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static bool Run(string program, params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false }) ?? throw new IOException($"{program} does not start");
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
