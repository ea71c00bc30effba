using System.Globalization;
using System.Text;
using Bedside.Model;

namespace Bedside.Extract;

/// <summary>The folder of one export and the list of what is in it.</summary>
internal sealed class ExportFolder
{
    private readonly string _directory;
    private readonly List<string> _files = [];

    /// <summary>Makes the folder; throws <see cref="IOException"/> where it holds something already.</summary>
    public ExportFolder(string directory)
    {
        if (Directory.Exists(directory) && Directory.EnumerateFileSystemEntries(directory).Any())
        {
            throw new IOException($"The folder {directory} is not empty. Name an empty or a new one, so that nothing is mixed or overwritten.");
        }

        Directory.CreateDirectory(directory);
        _directory = directory;
    }

    public IReadOnlyList<string> Files => _files;

    /// <summary>Where a file of the folder lies.</summary>
    public string PathOf(string name) => Path.Combine(_directory, name);

    /// <summary>A new file, in a folder below where the name has a slash.</summary>
    public FileStream Create(string name)
    {
        string path = PathOf(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path) ?? _directory);
        var stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 1 << 16);
        _files.Add(name);
        return stream;
    }

    /// <summary>Letters, digits and hyphens, anything else as an underscore: what a file name of an export is made of.</summary>
    public static string Plain(string text) => string.Concat(text.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' ? letter : '_'));

    /// <summary>The name itself, or with _2, _3, … where there is such a file already.</summary>
    public string FreeName(string name, string ending)
    {
        string free = name + ending;
        for (int number = 2; _files.Contains(free); number++)
        {
            free = $"{name}_{number}{ending}";
        }

        return free;
    }

    public void WriteText(string name, string text) => WriteBytes(name, Encoding.UTF8.GetBytes(text));

    public void WriteBytes(string name, ReadOnlySpan<byte> bytes)
    {
        using FileStream stream = Create(name);
        stream.Write(bytes);
        stream.Flush(flushToDisk: true);
    }
}

/// <summary>
/// A CSV file: UTF-8, comma, decimal point, LF, fields quoted where they must be (RFC 4180). Lines before the column names
/// begin with #.
/// </summary>
internal sealed class CsvTable : IExportTable
{
    private static readonly char[] Quoted = [',', '"', '\n', '\r'];

    private readonly FileStream _stream;
    private readonly StreamWriter _text;

    public CsvTable(FileStream stream, IEnumerable<string> notes, params string[] columns)
    {
        _stream = stream;
        _text = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 1 << 16);
        foreach (string note in notes)
        {
            _text.Write("# ");
            _text.Write(note.ReplaceLineEndings(" "));
            _text.Write('\n');
        }

        Row([.. columns.Select(column => (ExportCell)column)]);
    }

    /// <summary>Rows after the column names.</summary>
    public long Rows { get; private set; } = -1;

    /// <summary>Tables of an export as CSV files in its folder.</summary>
    public static TableMaker In(ExportFolder folder) =>
        (name, columns) => new CsvTable(folder.Create($"{name}.csv"), [], [.. columns.Select(column => column.Name)]);

    public void Row(params ReadOnlySpan<ExportCell> cells)
    {
        for (int i = 0; i < cells.Length; i++)
        {
            if (i > 0)
            {
                _text.Write(',');
            }

            _text.Write(Field(cells[i].ToString()));
        }

        _text.Write('\n');
        Rows++;
    }

    /// <summary>A line that needs no quoting, made by the caller; LF is added.</summary>
    public void Line(ReadOnlySpan<char> line)
    {
        _text.Write(line);
        _text.Write('\n');
        Rows++;
    }

    public void Dispose()
    {
        _text.Flush();
        _stream.Flush(flushToDisk: true);
        _text.Dispose();
    }

    private static string Field(string field) =>
        field.IndexOfAny(Quoted) < 0 ? field : $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}

/// <summary>How values are spelt in every file of an export.</summary>
internal static class Spelling
{
    /// <summary>The set bits joined by blanks; empty = valid.</summary>
    public static string Of(Validity validity) => validity == Validity.Valid ? string.Empty : string.Join(' ', validity.Names());

    public static string Of(long number) => number.ToString(CultureInfo.InvariantCulture);

    public static string Of(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>Seconds with nine decimals.</summary>
    public static string Seconds(long nanoseconds) => new Fixed(nanoseconds, -9).ToString();

    /// <summary>An enum's name in kebab-case, as the API has it.</summary>
    public static string Of(Enum value) =>
        string.Concat(value.ToString().Select((letter, index) =>
            index > 0 && char.IsUpper(letter) ? $"-{char.ToLowerInvariant(letter)}" : $"{char.ToLowerInvariant(letter)}"));
}
