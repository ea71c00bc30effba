using System.CommandLine;
using System.Reflection;
using System.Text.Json;
using Bedside.Host.Sbom;

namespace Bedside.Host.Commands;

/// <summary><c>bedside sbom</c>: the parts of the program that others made; the build makes the file with the same command.</summary>
internal static class SbomCommand
{
    private const string FileName = "sbom.cdx.json";

    public static Command Create()
    {
        var assets = new Option<FileInfo?>("--assets") { Description = "For the build: project.assets.json of the program.", Hidden = true };
        var packages = new Option<FileInfo?>("--lock") { Description = "For the build: package-lock.json of the screen.", Hidden = true };
        var output = new Option<FileInfo?>("--out") { Description = "Write it to FILE." };
        var command = new Command("sbom", "The bill of materials of this build (CycloneDX 1.6, JSON): every package with version, hash and licence.") { assets, packages, output };
        command.SetAction(async (result, cancel) =>
        {
            string text = result.GetValue(assets) is { } file && result.GetValue(packages) is { } screen ? Make(file, screen) : await ReadAsync(cancel);
            if (result.GetValue(output) is { } place)
            {
                await File.WriteAllTextAsync(place.FullName, text, cancel);
            }
            else
            {
                Console.Write(text);
            }

            return 0;
        });
        return command;
    }

    private static async Task<string> ReadAsync(CancellationToken cancel)
    {
        string path = Path.Combine(AppContext.BaseDirectory, FileName);
        return File.Exists(path) ? await File.ReadAllTextAsync(path, cancel) : throw new CommandFailedException($"{path} is not there: the build makes it; build the program again.");
    }

    private static string Make(FileInfo assets, FileInfo packages)
    {
        try
        {
            string text = File.ReadAllText(assets.FullName);
            using var document = JsonDocument.Parse(text);
            string[] folders = [.. document.RootElement.GetProperty("packageFolders").EnumerateObject().Select(folder => folder.Name)];
            string runtime = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "bedside.runtimeconfig.json"));
            return BillOfMaterials.Make(
                Assembly.GetExecutingAssembly().GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown",
                [
                    .. PartReaders.NuGet(text, path => folders.Select(folder => Path.Combine(folder, path)).FirstOrDefault(File.Exists) is { } found ? File.ReadAllText(found) : null),
                    .. PartReaders.Npm(File.ReadAllText(packages.FullName)),
                    .. PartReaders.Runtime(runtime),
                ]);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException or JsonException or KeyNotFoundException or FormatException or System.Xml.XmlException)
        {
            throw new CommandFailedException($"the bill of materials cannot be made: {failed.Message}");
        }
    }
}
