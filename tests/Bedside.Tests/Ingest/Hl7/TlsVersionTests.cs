using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Bedside.Host.Commands;
using Bedside.Host.Options;
using Bedside.Host.Services;
using Bedside.Ingest.Hl7;
using Bedside.Viewer;

namespace Bedside.Tests.Ingest.Hl7;

/// <summary>HL7 that comes in speaks TLS 1.3 alone, unless the site says that it has old senders; then the box says so for as long as it is so.</summary>
public sealed class TlsVersionTests
{
    private static readonly byte[] Message = Encoding.ASCII.GetBytes(Said.Header + Said.Request + Said.HeartRate + "\r");

    [Fact]
    public async Task A_sender_that_knows_TLS_1_2_alone_is_turned_away_and_the_log_says_why_once_a_minute()
    {
        using X509Certificate2 certificate = Hl7Box.Certificate();
        await using var box = new Hl7Box(certificate: certificate);
        for (int i = 0; i < 3; i++)
        {
            await Assert.ThrowsAnyAsync<Exception>(() => AskAsync(box, certificate, SslProtocols.Tls12));
        }

        Assert.Empty(box.Values("hr"));
        await box.UntilAsync(() => box.Log.Warnings.Count > 0);
        string said = Assert.Single(box.Log.Warnings);
        Assert.Contains("hl7.tls12", said, StringComparison.Ordinal);
        Assert.Contains("127.0.0.1", said, StringComparison.Ordinal);
        Assert.Equal((SslProtocols.Tls13, "CA"), await AskAsync(box, certificate, SslProtocols.None));
        Assert.Equal((SslProtocols.Tls13, "CA"), await AskAsync(box, certificate, SslProtocols.Tls13));
    }

    [Fact]
    public async Task Where_the_site_says_so_it_is_taken_and_a_newer_one_speaks_TLS_1_3_all_the_same()
    {
        using X509Certificate2 certificate = Hl7Box.Certificate();
        await using var box = new Hl7Box(certificate: certificate, tls12: true);
        Assert.Equal((SslProtocols.Tls12, "CA"), await AskAsync(box, certificate, SslProtocols.Tls12));
        Assert.Equal((SslProtocols.Tls13, "CA"), await AskAsync(box, certificate, SslProtocols.None));
        Assert.Equal(["80"], box.Values("hr").Distinct());
    }

    [Fact]
    public void The_box_says_on_its_health_page_that_a_site_takes_TLS_1_2_and_that_alone()
    {
        Assert.Empty(BoxNotes.Of(new BedOptions { Hl7 = new Hl7Options { Port = 1 } }, settings: null, talker: null));
        var old = new BedOptions { Hl7 = new Hl7Options { Port = 1, Tls12 = true }, Hl7Out = new Hl7OutOptions { To = "hospital.example:1", Tls12 = true } };
        IReadOnlyList<HealthNote> notes = BoxNotes.Of(old, new Sentence("a", "b"), talker: null);
        Assert.Equal(["settings", "hl7", "hl7-out"], notes.Select(note => note.Part));
        Assert.Equal([false, true, true], notes.Select(note => note.IsChosen));
        Assert.All(notes.Skip(1), note => Assert.Contains("TLS 1.2", note.Sentence.En, StringComparison.Ordinal));
    }

    [Fact]
    public void Without_TLS_there_is_nothing_to_say_of_its_version()
    {
        Assert.Contains("hl7.certificate", Assert.Throws<CommandFailedException>(() => new Hl7Options { Port = 1, Tls12 = true }.Check("config.json")).Message, StringComparison.Ordinal);
        var sending = new Hl7OutOptions { To = "127.0.0.1:1", ApprovedBy = "A Person", Bed = "5", Tls12 = true };
        Assert.Contains("--hl7-out-ca", Assert.Throws<CommandFailedException>(() => sending.Check("config.json")).Message, StringComparison.Ordinal);
    }

    /// <summary>Which version came about, and MSA-1 of the answer to a message.</summary>
    private static async Task<(SslProtocols Protocol, string Code)> AskAsync(Hl7Box box, X509Certificate2 certificate, SslProtocols protocols)
    {
        var trusted = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trusted.CustomTrustStore.Add(certificate);
        using var socket = new TcpClient();
        await socket.ConnectAsync(box.Local);
        await using var tls = new SslStream(socket.GetStream());
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost", CertificateChainPolicy = trusted, EnabledSslProtocols = protocols });
        await tls.WriteAsync(Mllp.Frame(Message));
        var reader = new MllpReader(Hl7Limits.Default);
        byte[] buffer = new byte[4096];
        while (true)
        {
            int count = await tls.ReadAsync(buffer);
            if (count == 0)
            {
                throw new IOException("the box hung up");
            }

            if (Answer(reader, buffer.AsSpan(0, count)) is { } code)
            {
                return (tls.SslProtocol, code);
            }
        }
    }

    private static string? Answer(MllpReader reader, ReadOnlySpan<byte> rest)
    {
        while (!rest.IsEmpty)
        {
            if (reader.Take(ref rest) == MllpPart.Frame)
            {
                return Hl7Message.Read(reader.Content.ToArray()).First("MSA"u8).Field(1).Text;
            }
        }

        return null;
    }
}
