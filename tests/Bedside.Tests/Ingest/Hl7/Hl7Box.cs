using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
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

    public Hl7Box(Hl7Settings? settings = null, MllpOptions? options = null, X509Certificate2? certificate = null, Store? store = null)
    {
        Store = store ?? Store.Open(Folder.PathOf("data"), new StoreOptions(), TimeProvider.System);
        Intake = new Hl7Intake(Store, settings ?? new Hl7Settings(), new KernelClock(TimeProvider.System), TimeProvider.System, NullLogger<Hl7Intake>.Instance);
        SslServerAuthenticationOptions? tls = certificate is null ? null : new SslServerAuthenticationOptions { ServerCertificate = certificate };
        _listener = new MllpListener(new IPEndPoint(IPAddress.Loopback, 0), Intake, options ?? new MllpOptions(), tls, (TimeProvider.System, NullLogger.Instance));
        _running = _listener.RunAsync(_stop.Token);
    }

    public Store Store { get; }

    public Hl7Intake Intake { get; }

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

    public Task<MllpClient> CallAsync(SslClientAuthenticationOptions? tls = null) =>
        MllpClient.ConnectAsync(Local, tls, TimeProvider.System, TimeSpan.FromSeconds(20), CancellationToken.None);

    /// <summary>Sends one message on a connection of its own; the code of the answer.</summary>
    public async Task<string> SendAsync(string message)
    {
        await using MllpClient client = await CallAsync();
        return (await client.SendAsync(Encoding.UTF8.GetBytes(message), CancellationToken.None)).First("MSA"u8).Field(1).Text;
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
