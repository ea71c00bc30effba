using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bedside.Model.Research;

namespace Bedside.Extract.Sealing;

/// <summary>
/// <c>ro-crate-metadata.json</c>: RO-Crate 1.1, JSON-LD in its flat form. The root is the bag, so programs that know RO-Crate find every file, its format and its size; digests are the manifests'. People are
/// roles. <c>datePublished</c>, which RO-Crate wants, is the year that the study's number holds and no more.
/// </summary>
internal static class Crate
{
    private const string Root = "./";
    private const string Software = "#bedside";
    private const string Build = "#build";
    private const string Request = "#request";

    public static byte[] Write(BagDescription about, IReadOnlyList<BagFile> payload, IEnumerable<(string Name, long Bytes)> tags)
    {
        (string Path, long Bytes)[] files = [.. payload.Select(file => (file.Path, file.Bytes)).Concat(tags.Select(tag => (Path: tag.Name, tag.Bytes))).OrderBy(file => file.Path, StringComparer.Ordinal)];
        JsonArray graph =
        [
            Entity(BagNames.Crate, "CreativeWork", ("conformsTo", Link("https://w3id.org/ro/crate/1.1")), ("about", Link(Root))),
            RootOf(about, files),
            Entity(Software, "SoftwareApplication", ("name", "Bedside"), ("softwareVersion", about.Software), ("identifier", about.BillOfMaterialsDigest.Length == 0 ? null : $"sbom sha256 {about.BillOfMaterialsDigest}")),
            Entity(Request, "PropertyValue", ("propertyID", "sha256"), ("name", "digest of the request as it was approved"), ("value", about.RequestDigest)),
            Entity(Build, "CreateAction", ("name", "build of the package"), ("instrument", Link(Software)), ("object", Link(Request)), ("result", Link(Root))),
            .. about.Approvals.Select((approval, i) => Entity(Numbered("#approval-", i), "AssessAction", ("name", approval.Act.English), ("description", $"by the role {JsonNamingPolicy.KebabCaseLower.ConvertName(approval.As.ToString())}"), ("object", Link(Request)))),
            Entity("#clock", "PropertyValue", ("name", "clock quality"), ("value", Both(about.ClockQuality))),
            Entity("#time", "PropertyValue", ("name", "form of times"), ("value", about.Request.Time == TimeForm.Relative ? "seconds since admission" : "wall clock moved by whole weeks")),
            .. about.Generalisations.Select((one, i) => Entity(Numbered("#generalisation-", i), "PropertyValue", ("name", "generalisation"), ("value", Both(one)))),
            .. files.Select(file => Entity(file.Path, "File", ("encodingFormat", FormatOf(file.Path)), ("contentSize", file.Bytes.ToString(CultureInfo.InvariantCulture)))),
        ];
        var document = new JsonObject { ["@context"] = "https://w3id.org/ro/crate/1.1/context", ["@graph"] = graph };
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            document.WriteTo(writer);
        }

        bytes.WriteByte((byte)'\n');
        return bytes.ToArray();
    }

    /// <summary>The media type of a file by the end of its name.</summary>
    internal static string FormatOf(string path) => Path.GetExtension(path) switch
    {
        ".arrow" => "application/vnd.apache.arrow.file",
        ".csv" => "text/csv",
        ".gz" => "application/gzip",
        ".json" => "application/json",
        ".txt" or ".hea" or ".md" => "text/plain",
        ".pem" => "application/x-pem-file",
        _ => "application/octet-stream",
    };

    private static JsonObject RootOf(BagDescription about, IReadOnlyList<(string Path, long Bytes)> files) => Entity(
        Root,
        "Dataset",
        ("name", $"{about.Name}: {Page.OneLine(about.Request.Title.English)}"),
        ("alternateName", Page.OneLine(about.Request.Title.French)),
        ("description", Page.OneLine(about.Request.Summary.English)),
        ("datePublished", YearOf(about.Study)),
        ("identifier", about.Name),
        ("version", about.Version.ToString(CultureInfo.InvariantCulture)),
        ("license", Link(BagNames.DataUse)),
        ("publisher", Page.OneLine(about.Request.Body)),
        ("usageInfo", $"{DataUse.English(about.Request.Basis)}, {Page.OneLine(about.Request.BasisReference)}"),
        ("additionalProperty", Links(["#clock", "#time", .. about.Generalisations.Select((_, i) => Numbered("#generalisation-", i))])),
        ("mentions", Links([Build, Request, .. about.Approvals.Select((_, i) => Numbered("#approval-", i))])),
        ("hasPart", Links(files.Select(file => file.Path))));

    /// <summary><c>ST-2026-014</c> → 2026; a number of another form says nothing.</summary>
    private static string? YearOf(string study) =>
        study.Split('-') is [_, { Length: 4 } year, _] && !year.AsSpan().ContainsAnyExceptInRange('0', '9') ? year : null;

    private static JsonObject Entity(string id, string type, params ReadOnlySpan<(string Name, JsonNode? Value)> properties)
    {
        var entity = new JsonObject { ["@id"] = id, ["@type"] = type };
        foreach ((string name, JsonNode? value) in properties)
        {
            if (value is not null)
            {
                entity.Add(name, value);
            }
        }

        return entity;
    }

    private static string Both(TwoTongues text) => $"{Page.OneLine(text.English)} / {Page.OneLine(text.French)}";

    private static string Numbered(string id, int i) => string.Create(CultureInfo.InvariantCulture, $"{id}{i + 1}");

    private static JsonNode Link(string id) => new JsonObject { ["@id"] = id };

    private static JsonArray Links(IEnumerable<string> ids) => [.. ids.Select(Link)];
}
