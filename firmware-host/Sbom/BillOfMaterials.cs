using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Bedside.Host.Sbom;

/// <summary>One part of the program that others made.</summary>
/// <param name="Purl">Package URL: kind, name and version in one.</param>
/// <param name="Sha512">Hexadecimal; empty = not known.</param>
/// <param name="Licence">SPDX expression; empty = not known.</param>
/// <param name="IsShipped">False for what only builds or checks the program.</param>
/// <param name="Needs">Purls of what it depends on.</param>
internal sealed record Part(string Purl, string Name, string Version, string Kind, string Sha512, string Licence, bool IsShipped, IReadOnlyList<string> Needs);

/// <summary>
/// The bill of materials of a build in CycloneDX 1.6 (JSON), from what the package managers wrote down: <c>project.assets.json</c>, the file of the runtime that the program asks for, and <c>package-lock.json</c>. The
/// same input gives the same bytes: it holds no time, and its number is made of its content.
/// </summary>
internal static class BillOfMaterials
{
    private const string SpecVersion = "1.6";
    private const string Licence = "GPL-3.0-or-later";
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Indented, ending with a new line. Parts are in the order of their purls.</summary>
    public static string Make(string version, IEnumerable<Part> parts)
    {
        Part[] all = [.. parts.DistinctBy(part => part.Purl).OrderBy(part => part.Purl, StringComparer.Ordinal)];
        string self = $"pkg:generic/bedside@{Uri.EscapeDataString(version)}";
        HashSet<string> known = [.. all.Select(part => part.Purl)];
        var components = new JsonArray([.. all.Select(Component)]);
        JsonNode[] edges =
        [
            Edge(self, all.Where(part => part.IsShipped).Select(part => part.Purl)),
            .. all.Select(part => Edge(part.Purl, part.Needs.Where(known.Contains).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))),
        ];
        var document = new JsonObject
        {
            ["$schema"] = $"http://cyclonedx.org/schema/bom-{SpecVersion}.schema.json",
            ["bomFormat"] = "CycloneDX",
            ["specVersion"] = SpecVersion,
            ["serialNumber"] = Number(self + components.ToJsonString()),
            ["version"] = 1,
            ["metadata"] = new JsonObject
            {
                ["component"] = new JsonObject
                {
                    ["type"] = "application",
                    ["bom-ref"] = self,
                    ["name"] = "bedside",
                    ["version"] = version,
                    ["purl"] = self,
                    ["licenses"] = new JsonArray(new JsonObject { ["expression"] = Licence }),
                },
            },
            ["components"] = components,
            ["dependencies"] = new JsonArray(edges),
        };
        return document.ToJsonString(Indented) + "\n";
    }

    private static JsonObject Component(Part part)
    {
        var component = new JsonObject
        {
            ["type"] = part.Kind,
            ["bom-ref"] = part.Purl,
            ["name"] = part.Name,
            ["version"] = part.Version,
            ["scope"] = part.IsShipped ? "required" : "excluded",
            ["purl"] = part.Purl,
        };
        if (part.Sha512.Length > 0)
        {
            component["hashes"] = new JsonArray(new JsonObject { ["alg"] = "SHA-512", ["content"] = part.Sha512 });
        }

        if (part.Licence.Length > 0)
        {
            component["licenses"] = new JsonArray(new JsonObject { ["expression"] = part.Licence });
        }

        return component;
    }

    private static JsonObject Edge(string from, IEnumerable<string> to) => new() { ["ref"] = from, ["dependsOn"] = new JsonArray([.. to.Select(purl => (JsonNode)purl)]) };

    /// <summary>A UUID (RFC 9562, version 8) of the content.</summary>
    private static string Number(string content)
    {
        const int UuidBytes = 16;
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(content));
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return $"urn:uuid:{new Guid(hash.AsSpan(0, UuidBytes), bigEndian: true)}";
    }
}
