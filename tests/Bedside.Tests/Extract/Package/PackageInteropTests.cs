using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Bedside.Model;
using Bedside.Model.Research;
using Bedside.Tests.Extract.Arrow;

namespace Bedside.Tests.Extract.Package;

/// <summary>Programs of others read what is in a package, and read what was written.</summary>
public sealed class PackageInteropTests
{
    [Theory]
    [InlineData("apache-arrow", TimeForm.Relative)]
    [InlineData("apache-arrow", TimeForm.ShiftedWeeks)]
    [InlineData("polars", TimeForm.Relative)]
    [InlineData("duckdb", TimeForm.Relative)]
    public async Task Another_program_reads_every_cell_of_every_Arrow_file(string program, TimeForm form)
    {
        using var folder = new Folder();
        PackageBed.Write(PackageBed.Synthetic(4, form, out _), folder.Path);
        string[] files = [.. Directory.GetFiles(folder.Path, "*.arrow", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        Assert.True(files.Length > 3, "there are readings and waves");

        string[] lines = (await ArrowInteropTests.ReadAsync(program, files)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(files.Length, lines.Length);
        foreach ((string file, string line) in files.Zip(lines))
        {
            using var answer = JsonDocument.Parse(line);
            ArrowInteropTests.Compare(program, file, answer.RootElement);
        }
    }

    /// <summary>Debian's biosig-tools take the ADC zero for the baseline, and read one file and one signal a record.</summary>
    [BiosigFact]
    public async Task Another_program_reads_the_values_of_WFDB()
    {
        using var folder = new Folder();
        var shelf = new Shelf();
        (string Id, Scale Scale)[] waves = [("abp", new Scale(0.1, -20)), ("cvp", new Scale(0.25, 0)), ("pap", new Scale(0.5, 40))];
        var random = new Random(3);
        var samples = new Dictionary<string, int[]>();
        foreach ((string id, Scale scale) in waves)
        {
            samples[id] = [.. Enumerable.Range(0, 1000).Select(_ => random.Next(-1000, 1000))];
            shelf.Add(Shelf.Samples(shelf.Signal(id, SignalKind.Waveform, "mm[Hg]", "monitor"), SyntheticBed.From, SamplePeriod.FromHertz(125), scale, samples[id]));
        }

        PackageBed.Write(PackageBed.Plan(TimeForm.Relative, PackageBed.All(shelf), PackageBed.StayOf(shelf, SyntheticBed.From, SyntheticBed.To)), folder.Path);
        foreach ((string id, Scale scale) in waves)
        {
            string record = Path.Combine(folder.Path, "data", "wfdb", $"{PackageBed.Stay}_monitor1_125hz_{id}.hea");
            await RunAsync("save2gdf", "-f=ASCII", record, folder.New($"{id}.txt"));
            double[] read = [.. (await File.ReadAllLinesAsync(folder.New($"{id}.a01"))).Where(line => line.Length > 0).Select(line => double.Parse(line, CultureInfo.InvariantCulture))];
            Assert.Equal(samples[id].Length, read.Length);
            Assert.All(samples[id].Zip(read), pair => Assert.Equal(scale.Physical(pair.First), pair.Second, 1e-3));
        }
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!; // it always starts a new one
        Task<string> error = process.StandardError.ReadToEndAsync();
        _ = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await error);
    }
}

/// <summary>Left out where biosig-tools are not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BiosigFactAttribute : FactAttribute
{
    public BiosigFactAttribute()
    {
        if (!File.Exists("/usr/bin/save2gdf"))
        {
            Skip = "biosig-tools are not installed: apt-get install biosig-tools";
        }
    }
}
