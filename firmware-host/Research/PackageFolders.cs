using System.Globalization;
using Bedside.Storage.Disk;
using Bedside.Storage.Keys;

namespace Bedside.Host.Research;

/// <summary>
/// The folder <c>research</c> of a data folder: <c>ST-2027-001_v1/BADGE.tar.age</c> for each named person, <c>record</c> (sealed), <c>BADGE.done</c> where somebody fetched it whole, <c>recall-1.json</c>
/// and its signature. A package that is being built is in <c>building-ST-2027-001_v1</c>. Everything is its owner's alone.
/// </summary>
internal sealed class PackageFolders(DirectoryInfo data, BoxKey box)
{
    public const string Name = "research";

    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const string RecordName = "record";

    private string Root => Path.Combine(data.FullName, Name);

    public static string NameOf(string study, int version) => string.Create(CultureInfo.InvariantCulture, $"{study}_v{version}");

    public static string FileOf(string badge) => $"{badge}.tar.age";

    public string Place(string study, int version) => Path.Combine(Root, NameOf(study, version));

    /// <summary>An empty folder; what a build that was cut short left is gone.</summary>
    public string Begin(string study, int version)
    {
        string building = Path.Combine(Root, $"building-{NameOf(study, version)}");
        Delete(building);
        Delete(Place(study, version));
        Directory.CreateDirectory(Root, Private);
        Directory.CreateDirectory(building, Private);
        return building;
    }

    /// <summary>What was built becomes the package, with its record. On the disk when it returns.</summary>
    public void Finish(string building, PackageRecord record)
    {
        Durably(Path.Combine(building, RecordName), record.Seal(box));
        Directory.Move(building, Place(record.Study, record.Version));
        new PosixDisk(Root).Sync();
    }

    /// <summary>Null = there is none, or it cannot be opened.</summary>
    public PackageRecord? Find(string study, int version)
    {
        string path = Path.Combine(Place(study, version), RecordName);
        return File.Exists(path) ? PackageRecord.Open(box, File.ReadAllText(path), study, version) : null;
    }

    /// <summary>What may be fetched is gone; record and notices stay until the study ends.</summary>
    public void Shut(string study, int version)
    {
        foreach (string file in Directory.Exists(Place(study, version)) ? Directory.GetFiles(Place(study, version), "*.age") : [])
        {
            File.Delete(file);
        }
    }

    /// <summary>Whether anything of a package of the study is left.</summary>
    public bool IsThere(string study) => Directory.Exists(Root) && Directory.EnumerateDirectories(Root).Any(path => IsOf(study, Path.GetFileName(path)));

    /// <summary>Nothing of any package of the study is left.</summary>
    public void Erase(string study)
    {
        foreach (string folder in Directory.Exists(Root) ? Directory.GetDirectories(Root).Where(path => IsOf(study, Path.GetFileName(path))).ToArray() : [])
        {
            Delete(folder);
        }
    }

    /// <summary>A text, whole and on the disk when it returns.</summary>
    public static void Durably(string path, string text)
    {
        using var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite });
        file.Write(System.Text.Encoding.UTF8.GetBytes(text));
        file.Flush(flushToDisk: true);
    }

    public static void Delete(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static bool IsOf(string study, string name) => name.StartsWith($"{study}_v", StringComparison.Ordinal) || name.StartsWith($"building-{study}_v", StringComparison.Ordinal);
}
