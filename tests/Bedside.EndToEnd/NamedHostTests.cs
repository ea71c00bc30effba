using System.Collections.Concurrent;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.Playwright;

namespace Bedside.EndToEnd;

/// <summary>People at boxes of a unit by their names: one passkey for every bed, over TLS with certificates of the unit's own authority.</summary>
public sealed class NamedHostTests
{
    private const string Zone = "icu.home.arpa";
    private const string Bed7 = "bed7." + Zone;
    private const string Bed8 = "bed8." + Zone;
    private const string Password = "trois mots sans lien";

    [Fact]
    public async Task A_passkey_that_is_made_at_one_box_of_the_unit_signs_in_there_and_at_another_over_TLS_with_no_warning()
    {
        using var folder = new Folder();
        await JoinAsync(folder);
        await using Box bed7 = await Box.StartAsync(folder["bed7"], "--listen", "127.0.0.1:0");
        await using Box bed8 = await Box.StartAsync(folder["bed8"], "--listen", "127.0.0.1:0");
        (int port7, int port8) = (await PortAsync(bed7), await PortAsync(bed8));
        string code = await bed7.Process.LineAsync("first-code ");
        await using Browser browser = await Browser.StartAsync($"--host-resolver-rules=MAP *.{Zone} 127.0.0.1", $"--ignore-certificate-errors-spki-list={await AuthorityKeyAsync(port7)}");
        IPage page = await browser.OpenAsync("about:blank");
        ConcurrentQueue<string> states = await WatchAsync(page);
        await OpenAsync(page, $"https://{Bed7}:{port7}/#/people");

        await FillAsync(page, "first", ("code", code), ("badge", "1"), ("name", "A. Martin"), ("password", Password));
        await page.WaitForSelectorAsync("[data-mine='1']", new PageWaitForSelectorOptions { Timeout = 30_000 });
        await page.ClickAsync("[data-add-passkey]");
        string accounts = Path.Combine(folder["bed7"], "accounts");
        await Until.TrueAsync(async () => (await File.ReadAllTextAsync(accounts)).Contains("\"domain\"", StringComparison.Ordinal), 30, () => "the passkey is not in the book");
        Assert.Contains($"\"domain\":\"{Zone}\"", await File.ReadAllTextAsync(accounts), StringComparison.Ordinal);

        await SignInAsync(page);
        await browser.ShootAsync(page, "people-named-host");

        // The accounts of another box of the unit are the same, and so is the key in the person's hand.
        File.Copy(accounts, Path.Combine(folder["bed8"], "accounts"), overwrite: true);
        await OpenAsync(page, $"https://{Bed8}:{port8}/#/people");
        await SignInAsync(page);
        Assert.Empty(browser.Complaints);
        Assert.NotEmpty(states);
        Assert.All(states, state => Assert.Equal("secure", state));
    }

    /// <summary>Out of a session, and into one with the passkey alone.</summary>
    private static async Task SignInAsync(IPage page)
    {
        if (await page.Locator("[data-mine='1']").CountAsync() > 0)
        {
            await page.ClickAsync("[data-sign-out]");
        }

        await page.ClickAsync("[data-passkey]");
        await page.WaitForSelectorAsync("[data-mine='1']", new PageWaitForSelectorOptions { Timeout = 30_000 });
        Assert.Equal(200, await page.EvaluateAsync<int>("fetch('/api/v1/people/me').then((answer) => answer.status)"));
    }

    /// <summary>The page came over TLS 1.3 from a secure origin of that name.</summary>
    private static async Task OpenAsync(IPage page, string address)
    {
        IResponse answer = (await page.GotoAsync(address))!;
        ResponseSecurityDetailsResult secured = (await answer.SecurityDetailsAsync())!;
        Assert.Equal(("TLS 1.3", new Uri(address).Host), (secured.Protocol, secured.SubjectName));
        Assert.Contains("issuer", secured.Issuer, StringComparison.Ordinal);
        Assert.True(await page.EvaluateAsync<bool>("isSecureContext"));
        Assert.Equal(address[..address.IndexOf("/#", StringComparison.Ordinal)], await page.EvaluateAsync<string>("location.origin"));
    }

    /// <summary>An authenticator in the browser, and what the browser says beside the address of each page.</summary>
    private static async Task<ConcurrentQueue<string>> WatchAsync(IPage page)
    {
        ICDPSession devices = await Authenticator.AddAsync(page);
        var states = new ConcurrentQueue<string>();
        devices.Event("Security.visibleSecurityStateChanged").OnEvent += (_, said) =>
        {
            JsonElement state = said!.Value.GetProperty("visibleSecurityState");
            if (state.TryGetProperty("certificateSecurityState", out JsonElement _))
            {
                states.Enqueue(state.GetProperty("securityState").GetString()!);
            }
        };
        await devices.SendAsync("Security.enable");
        return states;
    }

    /// <summary>Bed 7 founds the unit, bed 8 joins it.</summary>
    private static async Task JoinAsync(Folder folder)
    {
        await EndAsync(Installed.Bedside("unit", "create", "--name", "ICU", "--zone", Zone, "--host", Bed7, "--root-key", folder["root.key"], "--data", folder["bed7"], "--json"));
        await using Running invite = Installed.Bedside("unit", "invite", "--host", Bed8, "--listen", "127.0.0.1:0", "--data", folder["bed7"]);
        await EndAsync(Installed.Bedside("unit", "join", await invite.LineAsync("code "), "--address", "127.0.0.1", "--data", folder["bed8"]));
        Assert.Equal(0, await invite.EndAsync());
        string[] acts = await ActsAsync(folder["bed7"]);
        Assert.Equal(["certificate.make", "certificate.make", "certificate.make", "unit.join", "certificate.make", "unit.join"], acts);
        Assert.Equal(["unit.join", "unit.join"], await ActsAsync(folder["bed8"]));
    }

    private static async Task<string[]> ActsAsync(string data)
    {
        Running list = await EndAsync(Installed.Bedside("audit", "list", "--json", "--data", data));
        return [.. list.Output.Select(line => JsonSerializer.Deserialize<JsonElement>(line).GetProperty("act").GetString()!).Where(act => !act.StartsWith("log.", StringComparison.Ordinal))];
    }

    private static async Task<Running> EndAsync(Running command)
    {
        Assert.True(await command.EndAsync() == 0, command.Errors);
        return command;
    }

    private static async Task<int> PortAsync(Box box) => new Uri(await box.Process.LineAsync("tls ")).Port;

    private static async Task FillAsync(IPage page, string form, params (string Name, string Value)[] fields)
    {
        foreach ((string name, string value) in fields)
        {
            await page.FillAsync($"[data-form='{form}'] [name='{name}']", value);
        }

        await page.ClickAsync($"[data-form='{form}'] [type='submit']");
    }

    /// <summary>SHA-256 of the public key of the unit's issuer, as Chromium takes it: what is signed with it is trusted, whichever box shows it.</summary>
    private static async Task<string> AuthorityKeyAsync(int port)
    {
        string key = string.Empty;
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync("127.0.0.1", port);
        await using var tls = new SslStream(client.GetStream());
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = Bed7,
            EnabledSslProtocols = SslProtocols.Tls13,
            RemoteCertificateValidationCallback = (_, _, chain, _) =>
            {
                X509Certificate2 issuer = chain!.ChainPolicy.ExtraStore.Single(one => one.Extensions.OfType<X509BasicConstraintsExtension>().Any(limits => limits.CertificateAuthority));
                key = Convert.ToBase64String(SHA256.HashData(issuer.PublicKey.ExportSubjectPublicKeyInfo()));
                return true;
            },
        });
        return key;
    }
}
