using System.ComponentModel;
using System.Diagnostics;

namespace Bedside.Host.Measuring;

/// <summary>A file system of its own on a loop device, so that every sector it writes is counted, its own bookkeeping included.</summary>
internal sealed class LoopImage : IAsyncDisposable
{
    private const long Bytes = 512L << 20;

    private readonly string _folder;

    private LoopImage(string folder) => _folder = folder;

    /// <summary>Where to put files.</summary>
    public string MountPoint => Path.Combine(_folder, "mounted");

    /// <summary>
    /// Mounted with these options, such as <c>noatime,commit=60</c>. Null where it cannot be had (no root, no ext4 tools, no loop
    /// devices), with a sentence.
    /// </summary>
    public static async Task<(LoopImage? Image, string Reason)> TryMakeAsync(string folder, string options, CancellationToken cancel)
    {
        string image = Path.Combine(folder, "ext4.image");
        string mounted = Path.Combine(folder, "mounted");
        _ = Directory.CreateDirectory(mounted);
        await using (FileStream file = File.Create(image))
        {
            file.SetLength(Bytes);
        }

        if (!await RanAsync("mkfs.ext4", ["-q", "-F", "-b", "4096", "-E", "lazy_itable_init=0,lazy_journal_init=0", image], cancel))
        {
            return (null, "mkfs.ext4 cannot be run, so the sectors of an own file system were not counted.");
        }

        return await RanAsync("mount", ["-o", $"loop,{options}", image, mounted], cancel)
            ? (new LoopImage(folder), $"ext4 on a loop device of its own, mounted {options}")
            : (null, "a loop device cannot be mounted (it takes root), so the sectors of an own file system were not counted.");
    }

    /// <summary>Everything that was written before is on the device when this returns.</summary>
    public async ValueTask FlushAsync(CancellationToken cancel) => _ = await RanAsync("sync", ["-f", MountPoint], cancel);

    public async ValueTask DisposeAsync() => _ = await RanAsync("umount", [MountPoint], CancellationToken.None);

    private static async Task<bool> RanAsync(string program, string[] arguments, CancellationToken cancel)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true });
            if (process is null)
            {
                return false;
            }

            await process.WaitForExitAsync(cancel);
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false; // it is not installed
        }
    }
}
