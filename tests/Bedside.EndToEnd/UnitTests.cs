using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.Playwright;

namespace Bedside.EndToEnd;

/// <summary>A unit, as people found it, join it and use it: by the commands, openssl and a browser.</summary>
public class UnitTests
{
    private const string Zone = "icu.home.arpa";
    private const string Head = "head." + Zone;
    private const string Bed = "bed12." + Zone;

    [Fact]
    public async Task A_unit_is_founded_a_box_joins_by_a_code_once_and_openssl_verifies_both()
    {
        using var folder = new Folder();
        JsonElement founded = await JsonAsync("unit", "create", "--name", "ICU", "--zone", Zone, "--host", Head, "--root-key", folder["root.key"], "--data", folder["head"], "--json");
        Assert.Equal(Head, founded.GetProperty("host").GetString());
        Assert.Equal(0, await OpenSslAsync("pkey", "-in", folder["root.key"], "-passin", $"pass:{founded.GetProperty("words").GetString()}", "-noout"));
        Assert.NotEqual(0, await OpenSslAsync("pkey", "-in", folder["root.key"], "-passin", "pass:guess", "-noout"));
        Assert.Equal("600 600", await TextAsync("stat", "-c", "%a", folder["root.key"], folder["head"] + "/unit-authority"));

        await using Running invite = Installed.Bedside("unit", "invite", "--host", Bed, "--listen", "127.0.0.1:0", "--out", folder["code"], "--data", folder["head"]);
        string code = await invite.LineAsync("code ");
        await using Running wrong = Installed.Bedside("unit", "join", Tampered(code), "--address", "127.0.0.1", "--data", folder["other"]);
        Assert.Equal(1, await wrong.EndAsync());
        Assert.Contains("not the head of the unit that made this code", wrong.Errors, StringComparison.Ordinal);
        await using Running join = Installed.Bedside("unit", "join", folder["code"], "--address", "127.0.0.1", "--data", folder["bed"]);
        Assert.True(await join.EndAsync() == 0, join.Errors);
        Assert.Equal(0, await invite.EndAsync());
        await using Running again = Installed.Bedside("unit", "join", code, "--address", "127.0.0.1", "--data", folder["other"]);
        Assert.Equal(1, await again.EndAsync());
        Assert.False(File.Exists(folder["other"] + "/unit"));

        JsonElement bed = await JsonAsync("unit", "status", "--data", folder["bed"], "--root", folder["root.pem"], "--json");
        Assert.Equal((Bed, "ICU", false), (bed.GetProperty("host").GetString(), bed.GetProperty("name").GetString(), bed.GetProperty("isHead").GetBoolean()));
        Assert.InRange(bed.GetProperty("daysLeft").GetDouble(), 89, 90.1);
        JsonElement head = await JsonAsync("unit", "status", "--data", folder["head"], "--json");
        Assert.Equal([Head, Bed], head.GetProperty("boxes").EnumerateArray().Select(box => box.GetProperty("host").GetString()));
        await using Running words = Installed.Bedside("unit", "status", "--data", folder["head"]);
        Assert.Equal(0, await words.EndAsync());
        Assert.Contains(words.Output, line => line.Contains("unit head", StringComparison.Ordinal));

        await using Box box = await Box.StartAsync(folder["bed"], "--listen", "127.0.0.1:0");
        int port = new Uri(await box.Process.LineAsync("tls ")).Port;
        Assert.Equal(0, await OpenSslAsync("s_client", "-connect", $"127.0.0.1:{port}", "-servername", Bed, "-CAfile", folder["root.pem"], "-verify_hostname", Bed, "-verify_return_error"));
        Assert.NotEqual(0, await OpenSslAsync("s_client", "-connect", $"127.0.0.1:{port}", "-servername", Bed, "-CAfile", folder["root.pem"], "-verify_hostname", Head, "-verify_return_error"));
        JsonElement health = await box.GetAsync("/api/v1/health");
        Assert.Equal("ok", health.GetProperty("lights").EnumerateArray().Single(light => light.GetProperty("part").GetString() == "certificates").GetProperty("state").GetString());
    }

    [Fact]
    public async Task A_browser_that_trusts_the_unit_opens_the_screen_by_its_name_over_TLS_and_nothing_of_it_is_insecure()
    {
        using var folder = new Folder();
        _ = await JsonAsync("unit", "create", "--name", "ICU", "--zone", Zone, "--host", Bed, "--root-key", folder["root.key"], "--data", folder["data"], "--json");
        _ = await JsonAsync("unit", "status", "--data", folder["data"], "--root", folder["root.pem"], "--json");
        await using Running monitor = await Installed.MonitorAsync(folder["monitor"], "7");
        await using Box box = await Box.StartAsync(folder["data"], "--listen", "127.0.0.1:0", "--serial", $"{folder["monitor"]}=philips-intellivue");
        int port = new Uri(await box.Process.LineAsync("tls ")).Port;
        await box.LiveAsync(waves: 2, numerics: 4);
        string trusted = await ServedKeyAsync(port);
        await using Browser browser = await Browser.StartAsync($"--host-resolver-rules=MAP {Bed} 127.0.0.1", $"--ignore-certificate-errors-spki-list={trusted}");

        IPage page = await browser.OpenAsync($"https://{Bed}:{port}/");

        await Until.TrueAsync(async () => await page.Locator("[data-signal='hr'][data-state=live]").CountAsync() > 0, 30, () => $"hr is not live: {string.Join('\n', browser.Complaints)}");
        Assert.True(await page.EvaluateAsync<bool>("isSecureContext"));
        Assert.Equal($"https://{Bed}:{port}", await page.EvaluateAsync<string>("location.origin"));
        Assert.Empty(browser.Complaints);
        await browser.ShootAsync(page, "screen-over-tls");
        await using Browser stranger = await Browser.StartAsync($"--host-resolver-rules=MAP {Bed} 127.0.0.1");
        PlaywrightException refused = await Assert.ThrowsAsync<PlaywrightException>(() => stranger.OpenAsync($"https://{Bed}:{port}/"));
        Assert.Contains("ERR_CERT_AUTHORITY_INVALID", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_an_account_the_box_records_and_shows_and_does_not_listen_to_other_machines()
    {
        using var folder = new Folder();
        _ = await JsonAsync("unit", "create", "--name", "ICU", "--zone", Zone, "--host", Bed, "--root-key", folder["root.key"], "--data", folder["data"], "--json");
        await using Box box = await Box.StartAsync(folder["data"], "--listen", "*:0");
        Assert.Contains("--listen: [::]:0 can be reached from other machines, and this box has no account yet", box.Process.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain(box.Process.Output, line => line.StartsWith("tls ", StringComparison.Ordinal));
        JsonElement health = await box.GetAsync("/api/v1/health");
        JsonElement light = health.GetProperty("lights").EnumerateArray().Single(one => one.GetProperty("part").GetString() == "certificates");
        Assert.Equal("attention", light.GetProperty("state").GetString());
        Assert.Contains("n’a pas encore de compte", light.GetProperty("sentence").GetProperty("fr").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--zone", "192.0.2.0")]
    [InlineData("--zone", "icu")]
    [InlineData("--zone", "ICU.home.arpa")]
    public async Task A_zone_that_is_no_zone_of_names_is_refused_and_nothing_is_made(string option, string value)
    {
        using var folder = new Folder();
        await using Running wrong = Installed.Bedside("unit", "create", "--name", "ICU", option, value, "--root-key", folder["root.key"], "--data", folder["data"]);
        Assert.Equal(1, await wrong.EndAsync());
        Assert.StartsWith("bedside: ", wrong.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["root.key"]) || File.Exists(folder["data"] + "/unit"));
    }

    private static async Task<JsonElement> JsonAsync(params string[] arguments)
    {
        await using Running command = Installed.Bedside(arguments);
        Assert.True(await command.EndAsync() == 0, command.Errors);
        using var document = JsonDocument.Parse(string.Concat(command.Output));
        return document.RootElement.Clone();
    }

    /// <summary>With another root: the last digit of the hash.</summary>
    private static string Tampered(string code) => code[..^1] + (code[^1] == '0' ? '1' : '0');

    /// <summary>SHA-256 of the public key that the box shows, as Chromium takes it.</summary>
    private static async Task<string> ServedKeyAsync(int port)
    {
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync("127.0.0.1", port);
        await using var tls = new System.Net.Security.SslStream(client.GetStream(), leaveInnerStreamOpen: false, (_, certificate, _, _) => certificate is not null);
        await tls.AuthenticateAsClientAsync(Bed);
        using var shown = new X509Certificate2(tls.RemoteCertificate!);
        return Convert.ToBase64String(SHA256.HashData(shown.PublicKey.ExportSubjectPublicKeyInfo()));
    }

    /// <summary>What a command prints, its lines joined by blanks.</summary>
    private static async Task<string> TextAsync(string command, params string[] arguments)
    {
        await using var running = Running.Start(command, arguments);
        Assert.Equal(0, await running.EndAsync());
        return string.Join(' ', running.Output);
    }

    private static async Task<int> OpenSslAsync(params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo("openssl", arguments) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await process.WaitForExitAsync(limit.Token);
        _ = await output + await errors;
        return process.ExitCode;
    }
}
