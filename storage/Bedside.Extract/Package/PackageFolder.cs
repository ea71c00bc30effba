using System.Text;

namespace Bedside.Extract.Package;

/// <summary>The folder <c>data</c> of a package in the making, and what is in it. May be used from several threads.</summary>
internal sealed class PackageFolder
{
    private const int BufferBytes = 1 << 18;

    private readonly string _directory;
    private readonly Lock _gate = new();
    private readonly List<string> _files = [];

    /// <summary>Throws <see cref="IOException"/> where it holds something already.</summary>
    public PackageFolder(string directory)
    {
        if (Directory.Exists(directory) && Directory.EnumerateFileSystemEntries(directory).Any())
        {
            throw new IOException($"The folder {directory} is not empty. Name an empty or a new one, so that nothing is mixed or overwritten.");
        }

        Directory.CreateDirectory(directory);
        _directory = directory;
    }

    /// <summary>Names in the folder, ascending.</summary>
    public IReadOnlyList<string> Files
    {
        get
        {
            lock (_gate)
            {
                return [.. _files.Order(StringComparer.Ordinal)];
            }
        }
    }

    public long Bytes => Files.Sum(file => new FileInfo(Path.Combine(_directory, file)).Length);

    public FileStream Create(string name)
    {
        string path = Path.Combine(_directory, name);
        lock (_gate)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path) ?? _directory);
            _files.Add(name);
        }

        return new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, BufferBytes);
    }

    public void WriteText(string name, string text)
    {
        using FileStream stream = Create(name);
        stream.Write(Encoding.UTF8.GetBytes(text));
    }

    public CsvTable Table(string name, params string[] columns) => new(Create(name), [], columns);
}
