using System.Diagnostics;
using System.Text.Json;
using Bedside.Extract.Arrow;

namespace Bedside.Tests.Extract.Arrow;

/// <summary>Programs of others (tests/interop) read what is exported, and every cell that they read is the one that was written.</summary>
public sealed class ArrowInteropTests
{
    [Theory]
    [InlineData("apache-arrow")]
    [InlineData("polars")]
    [InlineData("duckdb")]
    public async Task Another_program_reads_every_cell_as_it_was_written(string program)
    {
        Shelf shelf = SyntheticBed.Of(4);
        using var folder = new Folder();
        new ArrowExport(shelf.Read).Write(SyntheticBed.Request(shelf, folder.New("out")));
        string[] files = [Repository.PathOf("tests/vectors/arrow/small.arrow"), .. Directory.GetFiles(folder.New("out"), "*.arrow", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        Assert.True(files.Length > 12, "the export has tables and waves");

        string said = await ReadAsync(program, files);

        string[] lines = said.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(files.Length, lines.Length);
        foreach ((string file, string line) in files.Zip(lines))
        {
            using var answer = JsonDocument.Parse(line);
            Compare(program, file, answer.RootElement);
        }
    }

    internal static void Compare(string program, string path, JsonElement answer)
    {
        var file = ArrowText.Read(path);
        Assert.Equal(file.Rows, answer.GetProperty("rows").GetInt32());
        JsonElement[] columns = [.. answer.GetProperty("columns").EnumerateArray()];
        Assert.Equal(file.Schema.Fields.Select(field => field.Name), columns.Select(column => column.GetProperty("name").GetString()));
        for (int i = 0; i < columns.Length; i++)
        {
            ArrowType type = file.Schema.Fields[i].Type;

            // DuckDB keeps times that have a zone in microseconds, cut towards zero.
            long divisor = program == "duckdb" && type is { Kind: ArrowKind.Nanoseconds, Zone: not null } ? 1000 : 1;
            Assert.Equal($"{Path.GetFileName(path)} {file.Schema.Fields[i].Name} {file.Digest(i, divisor)}", $"{Path.GetFileName(path)} {columns[i].GetProperty("name").GetString()} {columns[i].GetProperty("digest").GetString()}");
        }

        if (answer.TryGetProperty("metadata", out JsonElement metadata))
        {
            Assert.Equal(file.Schema.Metadata.ToDictionary(), metadata.EnumerateObject().ToDictionary(pair => pair.Name, pair => pair.Value.GetString()!)); // it prints strings
        }
    }

    internal static async Task<string> ReadAsync(string program, string[] files)
    {
        string folder = Repository.PathOf("tests/interop");
        Assert.True(Directory.Exists(Path.Combine(folder, "node_modules")), "programs of others are missing: npm --prefix tests/interop ci");
        using Process node = Process.Start(new ProcessStartInfo("node", ["read.mjs", program, .. files]) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!; // it always starts a new one
        Task<string> error = node.StandardError.ReadToEndAsync();
        string said = await node.StandardOutput.ReadToEndAsync();
        await node.WaitForExitAsync();
        Assert.True(node.ExitCode == 0, await error);
        return said;
    }
}
