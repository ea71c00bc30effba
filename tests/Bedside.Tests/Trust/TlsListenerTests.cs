using System.Net;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Bedside.Host.Commands;
using Bedside.Host.Options;
using Bedside.Host.Trust;
using Bedside.Model;
using Bedside.Tests.Viewer;

namespace Bedside.Tests.Trust;

/// <summary>The door for other machines: what it takes, and that nothing of it touches the loopback.</summary>
public class TlsListenerTests
{
    [Fact]
    public async Task Openssl_verifies_the_box_by_name_over_TLS_1_3_and_older_versions_are_refused()
    {
        UnitBench unit = new UnitBench().Found();
        await using SecureBox box = await SecureBox.StartAsync(unit);
        string folder = Directory.CreateTempSubdirectory("bedside-root-").FullName;
        string root = Path.Combine(folder, "root.pem");
        await File.WriteAllTextAsync(root, unit.Files.ReadUnit()!.Root);
        string place = $"127.0.0.1:{box.Port}";

        (_, string said) = await OpenSsl.RunAsync(
            $"GET /api/v1/session HTTP/1.1\r\nHost: {UnitBench.Head}\r\nConnection: close\r\n\r\n", "s_client", "-connect", place, "-servername", UnitBench.Head, "-CAfile", root, "-verify_hostname", UnitBench.Head, "-verify_return_error", "-ign_eof");
        Assert.Contains("Verification: OK", said, StringComparison.Ordinal);
        Assert.Contains("TLSv1.3", said, StringComparison.Ordinal);
        Assert.Contains("HTTP/1.1 200", said, StringComparison.Ordinal);

        (int wrong, string other) = await OpenSsl.RunAsync(string.Empty, "s_client", "-connect", place, "-CAfile", root, "-verify_hostname", "bed13.icu.home.arpa", "-verify_return_error");
        Assert.True(wrong != 0, other);
        (int old, string refused) = await OpenSsl.RunAsync(string.Empty, "s_client", "-connect", place, "-tls1_2");
        Assert.True(old != 0, refused);
        Assert.Contains("alert protocol version", refused, StringComparison.Ordinal);
        await Assert.ThrowsAnyAsync<Exception>(() => box.ShakeHandsAsync(SslProtocols.Tls12));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_renewed_certificate_is_shown_at_the_next_handshake_without_a_restart()
    {
        UnitBench unit = new UnitBench().Found();
        await using SecureBox box = await SecureBox.StartAsync(unit);
        using X509Certificate2 first = await box.ShakeHandsAsync();
        unit.Clock.Advance(TimeSpan.FromDays(61));
        await box.Keeper.LookAsync(CancellationToken.None);
        using X509Certificate2 second = await box.ShakeHandsAsync();
        Assert.NotEqual(first.Thumbprint, second.Thumbprint);
    }

    [Theory]
    [InlineData(91, "1 day", "1 jour")]
    [InlineData(200, "110 days", "110 jours")]
    public async Task An_expired_certificate_stops_neither_capture_nor_the_screen_at_the_bed_and_other_screens_get_a_warning(int days, string ago, string depuis)
    {
        UnitBench head = new UnitBench().Found();
        await using SecureBox box = await SecureBox.StartAsync(head.Member("bed12.icu.home.arpa"));
        head.Clock.Advance(TimeSpan.FromDays(days));
        await box.Keeper.LookAsync(CancellationToken.None);

        await box.Store.StoreAsync(new AnnotationBlock { Signal = SignalNumber.None, Start = UtcInstant.FromDateTime(head.Clock.GetUtcNow()), Key = "after", Kind = "note", Source = "test" });
        JsonElement light = await LightAsync(box);
        Assert.Equal("attention", light.GetProperty("state").GetString());
        Assert.Contains($"ended {ago} ago", light.GetProperty("sentence").GetProperty("en").GetString(), StringComparison.Ordinal);
        Assert.Contains($"a expiré il y a {depuis} :", light.GetProperty("sentence").GetProperty("fr").GetString(), StringComparison.Ordinal);
        using X509Certificate2 shown = await box.ShakeHandsAsync();
        using var root = X509Certificate2.CreateFromPem(head.Files.ReadUnit()!.Root);
        Assert.Contains("expired", await OpenSsl.FaultAsync(root, head.Files.ReadUnit()!.Issuer, shown.ExportCertificatePem(), "bed12.icu.home.arpa", head.Clock.GetUtcNow()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_box_without_any_certificate_hangs_up_on_others_and_serves_the_bed()
    {
        await using SecureBox box = await SecureBox.StartAsync(new UnitBench());
        await Assert.ThrowsAnyAsync<Exception>(() => box.ShakeHandsAsync());
        using HttpResponseMessage answer = await box.Plain.GetAsync("/api/v1/health");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task A_certificate_of_another_unit_or_of_a_box_that_was_removed_is_turned_away_and_one_of_the_unit_is_not()
    {
        UnitBench head = new UnitBench().Found();
        BoxCertificate member = head.Member("bed12.icu.home.arpa").HeadCertificate();
        BoxCertificate stranger = new UnitBench().Found().HeadCertificate();
        await using SecureBox box = await SecureBox.StartAsync(head);
        using X509Certificate2 known = await box.ShakeHandsAsync(mine: member.Leaf);
        await Assert.ThrowsAnyAsync<Exception>(() => box.ShakeHandsAsync(mine: stranger.Leaf));
        _ = box.Removed.Add(member.Unit.Box);
        await Assert.ThrowsAnyAsync<Exception>(() => box.ShakeHandsAsync(mine: member.Leaf));
    }

    [Fact]
    public async Task A_box_renews_at_its_head_by_the_certificate_it_has_and_nobody_else_does()
    {
        UnitBench head = new UnitBench().Found(port: 1);
        await using SecureBox box = await SecureBox.StartAsync(head);
        UnitBench member = head.Member("bed12.icu.home.arpa");
        BoxCertificate mine = BoxCertificate.Open(member.Files.ReadUnit()! with { Head = $"{UnitBench.Head}:{box.Port}", HeadAddress = "127.0.0.1" }, Storage.Keys.TestKeys.Box)!;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        IssuedLeaf leaf = await HeadLine.RenewAsync(mine, key, head.Clock, CancellationToken.None);
        member.Desk.Take(member.Files.ReadUnit()!, leaf, key);

        Assert.Equal(mine.Unit.Box, leaf.Box);
        Assert.NotEqual(mine.Leaf.SerialNumber, member.HeadCertificate().Leaf.SerialNumber);
        using var nobody = new HttpClient { BaseAddress = box.Plain.BaseAddress };
        using HttpResponseMessage refused = await nobody.PostAsync("/unit/v1/renew", new StringContent("{}"));
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }

    [Fact]
    public async Task What_is_given_to_other_boxes_is_given_over_TLS_to_boxes_of_the_unit_alone()
    {
        UnitBench head = new UnitBench().Found();
        BoxCertificate member = head.Member("bed12.icu.home.arpa").HeadCertificate();
        await using SecureBox box = await SecureBox.StartAsync(head, approvedBy: "A Person");
        await ViewerHost.UntilAsync(async () => (await box.AskAsync("/peer/v1/session", member.Leaf)).StatusCode == HttpStatusCode.OK, "the approval is on the disk");
        using HttpResponseMessage nobody = await box.AskAsync("/peer/v1/session", mine: null);
        Assert.Equal(HttpStatusCode.Forbidden, nobody.StatusCode);
        Assert.Contains("certificate of their unit", await nobody.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using HttpResponseMessage closed = await box.AskAsync("/peer/v1/stays", member.Leaf);
        Assert.Equal(HttpStatusCode.Forbidden, closed.StatusCode);
    }

    [Fact]
    public async Task A_certificate_alone_opens_no_bed_without_a_named_persons_approval()
    {
        UnitBench head = new UnitBench().Found();
        BoxCertificate member = head.Member("bed12.icu.home.arpa").HeadCertificate();
        await using SecureBox box = await SecureBox.StartAsync(head);
        using HttpResponseMessage refused = await box.AskAsync("/peer/v1/session", member.Leaf);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Contains("approval", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_box_answers_to_the_name_of_its_certificate_over_TLS_alone()
    {
        UnitBench unit = new UnitBench().Found();
        await using SecureBox box = await SecureBox.StartAsync(unit);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/session");
        request.Headers.Host = UnitBench.Head;
        using HttpResponseMessage plain = await box.Plain.SendAsync(request);
        Assert.Equal(HttpStatusCode.BadRequest, plain.StatusCode);
    }

    [Fact]
    public void One_source_has_a_share_of_the_connections_only()
    {
        var shares = new ConnectionShares(3, 5);
        var one = IPAddress.Parse("192.0.2.1");
        var two = IPAddress.Parse("192.0.2.2");
        Assert.Equal([true, true, true, false], [.. Enumerable.Range(0, 4).Select(_ => shares.TryEnter(one))]);
        Assert.Equal([true, true, false], [.. Enumerable.Range(0, 3).Select(_ => shares.TryEnter(two))]);
        shares.Leave(one);
        Assert.True(shares.TryEnter(two));
    }

    [Theory]
    [InlineData("127.0.0.1:0", true)]
    [InlineData("[::1]:0", true)]
    [InlineData("*:0", false)]
    [InlineData("0.0.0.0:0", false)]
    [InlineData("192.0.2.7:0", false)]
    public void Without_an_account_nothing_that_other_machines_reach_is_listened_on(string place, bool isListened)
    {
        string? refusal = ListenPlace.Refusal(ListenPlace.Parse(place, "--listen"), hasAccounts: false);
        Assert.Equal(isListened, refusal is null);
        Assert.True(isListened || refusal!.Contains("no account yet", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("*")]
    public void A_port_that_is_taken_is_said_and_left_out_and_is_no_reason_to_end(string address)
    {
        using var other = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        other.Start();
        string place = $"{address}:{((IPEndPoint)other.LocalEndpoint).Port}";
        Assert.Contains("The box goes on without it", ListenPlace.Refusal(ListenPlace.Parse(place, "--listen"), hasAccounts: true), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("8443")]
    [InlineData("bed12.icu.home.arpa:8443")]
    [InlineData("127.0.0.1:70000")]
    [InlineData("127.0.0.1:")]
    public void What_is_no_place_is_refused_with_the_way_to_write_it(string text) =>
        Assert.Contains("write it as", Assert.Throws<CommandFailedException>(() => ListenPlace.Parse(text, "--listen")).Message, StringComparison.Ordinal);

    private static async Task<JsonElement> LightAsync(SecureBox box)
    {
        using var health = JsonDocument.Parse(await box.Plain.GetStringAsync("/api/v1/health"));
        return health.RootElement.GetProperty("lights").EnumerateArray().Single(light => light.GetProperty("part").GetString() == "certificates").Clone();
    }
}
