using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Bedside.Host.Options;
using Bedside.Host.Services;
using Bedside.Ingest.Hl7;
using Bedside.Ingest.Intake;
using Bedside.Model;
using Bedside.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bedside.Tests.Ingest.Hl7;

/// <summary>The HL7 side of a box, on a free port of this machine.</summary>
internal sealed class Hl7Box : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly MllpListener _listener;
    private readonly Task _running;

    public Hl7Box(Hl7Settings? settings = null, MllpOptions? options = null, X509Certificate2? certificate = null, Store? store = null, bool tls12 = false)
    {
        Store = store ?? Store.Open(Folder.PathOf("data"), new StoreOptions(), TimeProvider.System);
        Intake = new Hl7Intake(Store, settings ?? new Hl7Settings(), new KernelClock(TimeProvider.System), TimeProvider.System, NullLogger<Hl7Intake>.Instance);
        _listener = new MllpListener(new IPEndPoint(IPAddress.Loopback, 0), Intake, options ?? new MllpOptions(), certificate is null ? null : Tls(certificate, tls12), (TimeProvider.System, Log));
        _running = _listener.RunAsync(_stop.Token);
    }

    public Store Store { get; }

    public Hl7Intake Intake { get; }

    public LogLines Log { get; } = new();

    public TemporaryFolder Folder { get; } = new();

    public IPEndPoint Local => _listener.Local;

    public static X509Certificate2 Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }

    /// <summary>As a site says it.</summary>
    private SslServerAuthenticationOptions Tls(X509Certificate2 certificate, bool tls12)
    {
        var said = new Hl7Options { Port = 0, Certificate = Folder.PathOf("box.pem"), Key = Folder.PathOf("box.key"), Tls12 = tls12 };
        File.WriteAllText(said.Certificate, certificate.ExportCertificatePem());
        File.WriteAllText(said.Key, certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        said.Check("test");
        return said.Tls()!;
    }

    public Task<MllpClient> CallAsync(SslClientAuthenticationOptions? tls = null) =>
        MllpClient.ConnectAsync(Local, tls, TimeProvider.System, TimeSpan.FromSeconds(20), CancellationToken.None);

    /// <summary>Sends one message on a connection of its own; the code of the answer.</summary>
    public async Task<string> SendAsync(string message)
    {
        await using MllpClient client = await CallAsync();
        return (await client.SendAsync(Encoding.UTF8.GetBytes(message), CancellationToken.None)).First("MSA"u8).Field(1).Text;
    }

    public async Task UntilAsync(Func<bool> condition)
    {
        long begun = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(begun).TotalSeconds < 20, "it does not come");
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }
    }

    /// <summary>The values of a signal, oldest first, as another process would read them now.</summary>
    public string[] Values(string id)
    {
        return Store.Find(id) is { } signal
            ? [.. Store.Read(signal.Number, new UtcInstant(0), new UtcInstant(long.MaxValue)).OfType<NumericBlock>().SelectMany(block => block.Readings).Select(reading => reading.Value.ToString()!)]
            : [];
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _listener.Dispose();
        Intake.Dispose();
        await Store.DisposeAsync();
        Folder.Dispose();
        _stop.Dispose();
    }
}
