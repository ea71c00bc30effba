using Bedside.Extract.Sealing;
using Bedside.Viewer.Research;

namespace Bedside.Host.Research;

/// <summary>What the running box has for research, and a sample package, which is made once and kept in the folder of packages.</summary>
internal sealed class BoxAvailability(BoxStudies studies) : IAvailability
{
    private const string SampleName = "sample.tar";

    private readonly Lock _gate = new();

    public async Task<AvailableData> ReadAsync(CancellationToken cancel)
    {
        using StudyConsole console = studies.Open();
        return await Task.Run(() => Availability.CountAsync(console), cancel);
    }

    public Stream? Sample()
    {
        string path = Path.Combine(studies.Data.FullName, PackageFolders.Name, SampleName);
        lock (_gate)
        {
            if (!File.Exists(path))
            {
                Make(path);
            }
        }

        return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
    }

    private static void Make(string path)
    {
        string folder = Path.GetDirectoryName(path)!;
        string making = Path.Combine(folder, "sample-making");
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        PackageFolders.Delete(making);
        try
        {
            string bag = SamplePackage.Write(making, CancellationToken.None);
            string unfinished = Path.Combine(making, SampleName);
            using (var file = new FileStream(unfinished, FileMode.CreateNew, FileAccess.Write))
            {
                PackageTar.Write(bag, Path.GetFileName(bag), file);
            }

            File.Move(unfinished, path);
        }
        finally
        {
            PackageFolders.Delete(making);
        }
    }
}
