using System.Text.Json;
using System.Text.RegularExpressions;
using Bedside.Host.Sbom;

namespace Bedside.Tests.Sbom;

/// <summary>The bill of materials that the build put beside the program, held to CycloneDX 1.6 and to what the package managers locked.</summary>
public partial class BillOfMaterialsTests
{
    private static readonly string Configuration = Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/'));

    private static JsonElement Document => JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(Repository.PathOf($"artifacts/bin/Bedside.Host/{Configuration}/sbom.cdx.json")));

    private static JsonElement[] Components => [.. Document.GetProperty("components").EnumerateArray()];

    [Fact]
    public void It_is_what_the_standard_asks_for()
    {
        JsonElement document = Document;
        Assert.Equal("CycloneDX", document.GetProperty("bomFormat").GetString());
        Assert.Equal("1.6", document.GetProperty("specVersion").GetString());
        Assert.Equal(1, document.GetProperty("version").GetInt32());
        Assert.Matches(SerialNumber, document.GetProperty("serialNumber").GetString());
        Assert.Equal("bedside", document.GetProperty("metadata").GetProperty("component").GetProperty("name").GetString());
        Assert.NotEmpty(Components);
        Assert.All(Components, component =>
        {
            Assert.Contains(component.GetProperty("type").GetString(), new[] { "library", "framework" });
            Assert.False(string.IsNullOrEmpty(component.GetProperty("name").GetString()));
            Assert.False(string.IsNullOrEmpty(component.GetProperty("version").GetString()));
            Assert.Matches(Purl, component.GetProperty("purl").GetString());
            Assert.Contains(component.GetProperty("scope").GetString(), new[] { "required", "excluded" });
            if (component.TryGetProperty("hashes", out JsonElement hashes))
            {
                Assert.All(hashes.EnumerateArray(), hash => Assert.Matches(Sha512, hash.GetProperty("content").GetString()));
            }
        });
        string[] references = [.. Components.Select(component => component.GetProperty("bom-ref").GetString()!), document.GetProperty("metadata").GetProperty("component").GetProperty("bom-ref").GetString()!];
        Assert.Equal(references.Length, references.Distinct().Count());
        Assert.Equal(references.Order(), document.GetProperty("dependencies").EnumerateArray().Select(edge => edge.GetProperty("ref").GetString()!).Order());
        Assert.All(document.GetProperty("dependencies").EnumerateArray().SelectMany(edge => edge.GetProperty("dependsOn").EnumerateArray()), to => Assert.Contains(to.GetString(), references));
    }

    [Fact]
    public void Every_locked_package_is_in_it_with_its_hash()
    {
        Dictionary<string, JsonElement> known = Components.ToDictionary(component => component.GetProperty("purl").GetString()!.ToLowerInvariant());
        JsonElement locked = JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(Repository.PathOf("firmware-host/packages.lock.json")));
        foreach (JsonProperty package in locked.GetProperty("dependencies").EnumerateObject().Single().Value.EnumerateObject().Where(package => package.Value.GetProperty("type").GetString() != "Project"))
        {
            JsonElement component = known[$"pkg:nuget/{package.Name}@{package.Value.GetProperty("resolved").GetString()}".ToLowerInvariant()];
            Assert.Equal(Convert.ToHexStringLower(Convert.FromBase64String(package.Value.GetProperty("contentHash").GetString()!)), HashOf(component));
        }

        JsonElement screen = JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(Repository.PathOf("viewer/web/package-lock.json")));
        foreach (JsonProperty package in screen.GetProperty("packages").EnumerateObject().Where(package => package.Name.Length > 0))
        {
            string name = package.Name[(package.Name.LastIndexOf("node_modules/", StringComparison.Ordinal) + "node_modules/".Length)..];
            JsonElement component = known[$"pkg:npm/{name.Replace("@", "%40", StringComparison.Ordinal)}@{package.Value.GetProperty("version").GetString()}".ToLowerInvariant()];
            Assert.Equal(package.Value.TryGetProperty("dev", out _) ? "excluded" : "required", component.GetProperty("scope").GetString());
        }
    }

    [Fact]
    public void What_is_shipped_is_named_and_its_licences_are_known()
    {
        JsonElement[] shipped = [.. Components.Where(component => component.GetProperty("scope").GetString() == "required")];
        string[] names = [.. shipped.Select(component => component.GetProperty("name").GetString()!)];
        Assert.Contains("System.CommandLine", names);
        Assert.Contains("Microsoft.AspNetCore.OpenApi", names);
        Assert.Contains("Microsoft.AspNetCore.App", names);
        Assert.Contains("preact", names);
        Assert.DoesNotContain(names, name => name.Contains("Analyzer", StringComparison.Ordinal) || name == "vite");
        Assert.All(shipped, component => Assert.False(string.IsNullOrEmpty(component.GetProperty("licenses")[0].GetProperty("expression").GetString())));
    }

    [Fact]
    public void The_same_build_gives_the_same_bytes_and_another_part_another_number()
    {
        var one = new Part("pkg:nuget/a@1", "a", "1", "library", string.Empty, "MIT", IsShipped: true, ["pkg:nuget/b@2", "pkg:nuget/gone@9"]);
        var two = new Part("pkg:nuget/b@2", "b", "2", "library", string.Empty, string.Empty, IsShipped: false, []);
        Assert.Equal(BillOfMaterials.Make("1.0", [one, two]), BillOfMaterials.Make("1.0", [two, one, two]));
        Assert.NotEqual(NumberOf(BillOfMaterials.Make("1.0", [one])), NumberOf(BillOfMaterials.Make("1.0", [one, two])));
        Assert.DoesNotContain("gone", BillOfMaterials.Make("1.0", [one, two]), StringComparison.Ordinal);
    }

    private static string NumberOf(string text) => JsonSerializer.Deserialize<JsonElement>(text).GetProperty("serialNumber").GetString()!;

    private static string HashOf(JsonElement component) => component.GetProperty("hashes")[0].GetProperty("content").GetString()!;

    [GeneratedRegex("^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")]
    private static partial Regex SerialNumber { get; }

    [GeneratedRegex("^pkg:(nuget|npm|generic)/[^ @]+@[^ @]+$")]
    private static partial Regex Purl { get; }

    [GeneratedRegex("^[0-9a-f]{128}$")]
    private static partial Regex Sha512 { get; }
}
