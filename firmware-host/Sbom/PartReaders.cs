using System.Text.Json;
using System.Xml.Linq;

namespace Bedside.Host.Sbom;

/// <summary>What the package managers wrote down of a build, as parts. Throws <see cref="JsonException"/>, <see cref="KeyNotFoundException"/> and <see cref="FormatException"/> when it is something else.</summary>
internal static class PartReaders
{
    private static readonly string[] MitTitles = ["MIT License", "The MIT License (MIT)", "The MIT License"];

    /// <summary>Packages of NuGet, from <c>project.assets.json</c>. One that brings no file to the program only builds it.</summary>
    /// <param name="read">Content of a file of a package, its <c>.nuspec</c> or its licence, by its path below the package folders; null = it is not there.</param>
    public static IEnumerable<Part> NuGet(string assets, Func<string, string?> read)
    {
        using var document = JsonDocument.Parse(assets);
        JsonElement target = document.RootElement.GetProperty("targets").EnumerateObject().First().Value;
        foreach (JsonProperty library in document.RootElement.GetProperty("libraries").EnumerateObject())
        {
            if (library.Value.GetProperty("type").GetString() != "package")
            {
                continue;
            }

            (string name, string version) = Split(library.Name);
            bool isHere = target.TryGetProperty(library.Name, out JsonElement used);
            bool isShipped = isHere && used.TryGetProperty("runtime", out JsonElement files) && files.EnumerateObject().Any(file => !file.Name.EndsWith("_._", StringComparison.Ordinal));
            string folder = library.Value.GetProperty("path").GetString()!;
            string[] needs = isHere && used.TryGetProperty("dependencies", out JsonElement dependencies)
                ? [.. dependencies.EnumerateObject().Select(one => VersionOf(target, one.Name)).OfType<string>()]
                : [];
            yield return new Part(
                $"pkg:nuget/{name}@{version}", name, version, "library", Hex(library.Value.GetProperty("sha512").GetString()!), read($"{folder}/{name.ToLowerInvariant()}.nuspec") is { } text ? LicenceOf(text, file => read($"{folder}/{file}")) : string.Empty, isShipped, needs);
        }

        static string? VersionOf(JsonElement target, string name) => target.EnumerateObject()
            .Where(one => one.Name.StartsWith(name + "/", StringComparison.OrdinalIgnoreCase) && one.Value.GetProperty("type").GetString() == "package")
            .Select(one => Split(one.Name)).Select(one => $"pkg:nuget/{one.Name}@{one.Version}").FirstOrDefault();
    }

    /// <summary>Packages of npm, from <c>package-lock.json</c> (version 2 or 3); what is for developers alone builds the screen.</summary>
    public static IEnumerable<Part> Npm(string packageLock)
    {
        const string Folder = "node_modules/";
        const string Algorithm = "sha512-";
        using var document = JsonDocument.Parse(packageLock);
        foreach (JsonProperty package in document.RootElement.GetProperty("packages").EnumerateObject().Where(package => package.Name.Length > 0))
        {
            string name = package.Name[(package.Name.LastIndexOf(Folder, StringComparison.Ordinal) + Folder.Length)..];
            string version = package.Value.GetProperty("version").GetString()!;
            string integrity = TextOf(package.Value, "integrity");
            bool isShipped = !package.Value.TryGetProperty("dev", out _) && !package.Value.TryGetProperty("devOptional", out _);
            yield return new Part(
                $"pkg:npm/{name.Replace("@", "%40", StringComparison.Ordinal)}@{version}",
                name,
                version,
                "library",
                integrity.StartsWith(Algorithm, StringComparison.Ordinal) ? Hex(integrity[Algorithm.Length..]) : string.Empty,
                TextOf(package.Value, "license"),
                isShipped,
                []);
        }
    }

    /// <summary>The runtime that the program asks for and does not bring, from <c>NAME.runtimeconfig.json</c>.</summary>
    public static IEnumerable<Part> Runtime(string configuration)
    {
        using var document = JsonDocument.Parse(configuration);
        JsonElement options = document.RootElement.GetProperty("runtimeOptions");
        foreach (JsonElement framework in options.TryGetProperty("frameworks", out JsonElement several) ? several.EnumerateArray().AsEnumerable() : Enumerable.Repeat(options.GetProperty("framework"), 1))
        {
            string name = framework.GetProperty("name").GetString()!;
            string version = framework.GetProperty("version").GetString()!;
            yield return new Part($"pkg:generic/{name}@{version}", name, version, "framework", string.Empty, "MIT", IsShipped: true, []);
        }
    }

    private static (string Name, string Version) Split(string library) => library.Split('/') is [var name, var version] ? (name, version) : throw new FormatException($"{library} is no package and version");

    private static string Hex(string base64) => Convert.ToHexStringLower(Convert.FromBase64String(base64));

    private static string TextOf(JsonElement element, string name) => element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : string.Empty;

    /// <summary>The expression that a package says, or what the first line of its licence calls itself; empty = neither is known.</summary>
    private static string LicenceOf(string specification, Func<string, string?> read)
    {
        XElement? licence = XDocument.Parse(specification).Descendants().FirstOrDefault(node => node.Name.LocalName == "license");
        return licence?.Attribute("type")?.Value switch
        {
            "expression" => licence.Value.Trim(),
            "file" when read(licence.Value.Trim().Replace('\\', '/')) is { } text && MitTitles.Contains(text.TrimStart().Split('\n')[0].Trim()) => "MIT",
            _ => string.Empty,
        };
    }
}
