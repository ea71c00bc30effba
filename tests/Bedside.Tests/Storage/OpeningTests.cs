using System.Globalization;
using System.Runtime.InteropServices;
using Bedside.Model;
using Bedside.Storage;
using Microsoft.Win32.SafeHandles;

namespace Bedside.Tests.Storage;

/// <summary>A store opens, takes blocks and gives them back, whatever lies in its folder.</summary>
public sealed partial class OpeningTests
{
    private const int Seeds = 40;

    private static readonly StoreOptions Small = new() { JournalBytes = 32 << 10, SegmentBytes = 32 << 10 };
    private static readonly UtcInstant Ever = new(long.MinValue);
    private static readonly UtcInstant Never = new(long.MaxValue);

    private static readonly string[] Names =
    [
        FileNames.Lock, FileNames.SpareJournal, FileNames.Holds, FileNames.HoldsLock, FileNames.Retention, FileNames.Reserve,
        FileNames.Journal(1), FileNames.Journal(2), FileNames.Journal(7), FileNames.Segment(1), FileNames.Segment(3), FileNames.Segment(999_999_999_999),
        FileNames.Unfinished(FileNames.Journal(2)), FileNames.Unfinished(FileNames.Segment(1)), FileNames.Unfinished(FileNames.Holds),
        FileNames.Bad(FileNames.Segment(4)), FileNames.Bad(FileNames.Journal(1)), "segment-x.bds", "journal-.bdj", "notes.txt", "keys",
    ];

    [Fact]
    public async Task WhateverIsInTheFolder()
    {
        byte[][] real = await RealFilesAsync();
        for (int seed = 0; seed < Seeds; seed++)
        {
            using var folder = new TemporaryFolder();
            var random = new Random(seed);
            foreach (string name in Names.Where(_ => random.Next(2) == 0))
            {
                Put(folder.FileIn(name), random, real);
            }

            await UseAsync(folder, seed, 0);
            await UseAsync(folder, seed, 100);
            await using var beside = Store.OpenReadOnly(folder.Path, TimeProvider.System);
            Assert.True(beside.Signals.Count > 0);
        }
    }

    /// <summary>What was put in before is there, and more can be put in.</summary>
    private static async Task UseAsync(TemporaryFolder folder, int seed, int before)
    {
        await using var store = Store.Open(folder.Path, Small, TimeProvider.System);
        Signal wave = store.Register("mine", Bed.WaveMetric);
        Assert.Equal(before, Count(store, wave));
        var bed = new Bed(seed);
        for (int i = 0; i < 100; i++)
        {
            foreach (SampleBlock block in bed.Next().OfType<SampleBlock>())
            {
                await store.AppendAsync(block with { Signal = wave.Number, ClockEpoch = (uint)(1_000 + before) }, CancellationToken.None);
            }
        }

        _ = await store.SyncAsync(CancellationToken.None);
        Assert.Equal(before + 100, Count(store, wave));
    }

    private static int Count(Store store, Signal wave) =>
        store.Read(wave.Number, Ever, Never).OfType<SampleBlock>().Where(block => block.ClockEpoch >= 1_000).Sum(block => block.Samples.Length) / 128;

    private static async Task<byte[][]> RealFilesAsync()
    {
        using var folder = new TemporaryFolder();
        await using (var store = Store.Open(folder.Path, Small, TimeProvider.System))
        {
            _ = store.Register("d", Bed.WaveMetric);
            _ = store.Register("d", Bed.RateMetric);
            var bed = new Bed(1);
            for (int i = 0; i < 600; i++)
            {
                foreach (Block block in bed.Next())
                {
                    await store.AppendAsync(block, CancellationToken.None);
                }
            }

            _ = await store.SyncAsync(CancellationToken.None);
        }

        return [.. Directory.GetFiles(folder.Path, "*.bd*").Select(File.ReadAllBytes)];
    }

    private static void Put(string path, Random random, byte[][] real)
    {
        byte[] bytes = real[random.Next(real.Length)];
        switch (random.Next(10))
        {
            case 0:
                File.WriteAllBytes(path, []);
                break;
            case 1:
                Directory.CreateDirectory(Path.Combine(path, "inside"));
                break;
            case 2:
                File.CreateSymbolicLink(path, Path.Combine(Path.GetDirectoryName(path)!, "nowhere"));
                break;
            case 3:
                File.CreateSymbolicLink(path, "/");
                break;
            case 4:
                File.CreateSymbolicLink(path, path);
                break;
            case 5:
                Assert.Equal(0, MakePipe(path, 0x180));
                break;
            case 6:
                File.WriteAllBytes(path, bytes);
                if (!OperatingSystem.IsWindows())
                {
                    File.SetUnixFileMode(path, UnixFileMode.None);
                }

                break;
            case 7:
                File.WriteAllBytes(path, bytes[..random.Next(bytes.Length)]);
                break;
            case 8:
                File.WriteAllBytes(path, bytes);
                break;
            default:
                byte[] noise = new byte[random.Next(40_000)];
                random.NextBytes(noise);
                File.WriteAllBytes(path, noise);
                break;
        }
    }

    [Fact]
    public async Task AStoreThatWasClosedIsFreeAtOnceThoughAProcessThatIsBeingStartedHasInheritedItsFiles()
    {
        using var folder = new TemporaryFolder();
        var inherited = new List<SafeFileHandle>();
        var store = Store.Open(folder.Path, Small, TimeProvider.System);
        try
        {
            foreach (string link in Directory.EnumerateFileSystemEntries("/proc/self/fd"))
            {
                if (new FileInfo(link).LinkTarget == folder.FileIn(FileNames.Lock))
                {
                    // What fork(2) does with it, until exec(2) closes it.
                    inherited.Add(new SafeFileHandle(Duplicate(int.Parse(Path.GetFileName(link), CultureInfo.InvariantCulture)), ownsHandle: true));
                }
            }

            Assert.NotEmpty(inherited);
            await store.DisposeAsync();
            await using var again = Store.Open(folder.Path, Small, TimeProvider.System);
            Assert.Throws<StoreLockedException>(() => Store.Open(folder.Path, Small, TimeProvider.System));
        }
        finally
        {
            inherited.ForEach(file => file.Dispose());
        }
    }

    [LibraryImport("libc", EntryPoint = "dup", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Duplicate(int descriptor);

    /// <summary>Opening one that nobody writes to would never return.</summary>
    [LibraryImport("libc", EntryPoint = "mkfifo", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int MakePipe(string path, uint mode);
}
