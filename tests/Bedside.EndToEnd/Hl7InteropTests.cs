using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace Bedside.EndToEnd;

/// <summary>Programs of others send HL7 to the box as processes of their own, and read its answers with their own parsers (tests/clients/hl7).</summary>
public class Hl7InteropTests
{
    /// <summary>One client message, one byte by byte, ten in one piece.</summary>
    private static readonly string[] Ways = ["client client", "bytes bytes", .. Enumerable.Range(0, 10).Select(i => $"ten ten{i}")];

    [Theory]
    [InlineData("node-hl7", false)]
    [InlineData("node-hl7", true)]
    [InlineData("simple-hl7", false)]
    [InlineData("simple-hl7", true)]
    [InlineData("medplum", false)]
    [InlineData("medplum", true)]
    public async Task Programs_of_others_are_understood_however_their_bytes_are_cut_and_understand_the_answers(string peer, bool tls)
    {
        await Clients.InstallAsync();
        using var folder = new Folder();
        (string configuration, string authority) = await ConfigureAsync(folder, tls);
        await using Box box = await Box.StartAsync(folder["data"], "--config", configuration);
        var place = IPEndPoint.Parse(await box.Process.LineAsync("hl7 "));
        string[] arguments = [peer, "127.0.0.1", place.Port.ToString(CultureInfo.InvariantCulture), .. tls ? new[] { authority } : []];
        await using Running client = Clients.Node("hl7/send.mjs", arguments);
        Assert.True(await client.EndAsync() == 0, client.Errors);

        // Two of them have no TLS of their own: their parsers read what came over ours.
        bool hasClient = peer == "node-hl7" || !tls;
        string[] expected = [.. Ways.Skip(hasClient ? 0 : 1).Select(way => $"{way.Split(' ')[0]} CA {way.Split(' ')[1]} ACK")];
        Assert.Equal(expected, client.Output);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        JsonElement readings = await box.GetAsync(string.Create(CultureInfo.InvariantCulture, $"/api/v1/signals/hr/envelope?from={now.AddHours(-12):yyyy-MM-ddTHH:mm:ssZ}&to={now.AddHours(12):yyyy-MM-ddTHH:mm:ssZ}&points=1"));
        JsonElement all = Assert.Single(readings.EnumerateArray());
        Assert.Equal((expected.Length, hasClient ? 61 : 62, 79), (all.GetProperty("count").GetInt32(), all.GetProperty("min").GetDouble(), all.GetProperty("max").GetDouble()));
    }

    private static async Task<(string Configuration, string Authority)> ConfigureAsync(Folder folder, bool tls)
    {
        var options = new Dictionary<string, object> { ["port"] = 0, ["address"] = "127.0.0.1" };
        if (tls)
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName("localhost");
            request.CertificateExtensions.Add(names.Build());
            DateTimeOffset now = TimeProvider.System.GetUtcNow();
            using X509Certificate2 certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
            await File.WriteAllTextAsync(folder["box.pem"], certificate.ExportCertificatePem());
            await File.WriteAllTextAsync(folder["box.key"], key.ExportPkcs8PrivateKeyPem());
            (options["certificate"], options["key"]) = (folder["box.pem"], folder["box.key"]);
        }

        await File.WriteAllTextAsync(folder["bed.json"], JsonSerializer.Serialize(new Dictionary<string, object> { ["hl7"] = options }));
        return (folder["bed.json"], folder["box.pem"]);
    }
}

/// <summary>Programs of others from npm, as tests/clients/package-lock.json names them.</summary>
internal static class Clients
{
    private static string Folder => Path.Combine(Installed.Root, "tests/clients");

    /// <summary>Installs them where they are not yet.</summary>
    public static async Task InstallAsync()
    {
        if (!Directory.Exists(Path.Combine(Folder, "node_modules/@medplum/hl7")))
        {
            await using var npm = Running.Start("npm", ["ci", "--no-audit", "--no-fund"], Folder);
            Assert.True(await npm.EndAsync() == 0, npm.Errors);
        }
    }

    /// <summary>One of them has WebSocket in its core, which Node 20 keeps behind a flag.</summary>
    public static Running Node(string script, params string[] arguments) => Running.Start("node", ["--experimental-websocket", Path.Combine(Folder, script), .. arguments], Folder);
}
