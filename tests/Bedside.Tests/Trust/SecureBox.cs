using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Bedside.Host.Trust;
using Bedside.Model;
using Bedside.Storage;
using Bedside.Tests.Storage.Keys;
using Bedside.Viewer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bedside.Tests.Trust;

/// <summary>A viewer over a store with both doors: plain HTTP on the loopback, and TLS with the certificate of a keeper.</summary>
internal sealed class SecureBox : IAsyncDisposable
{
    private readonly string _directory;
    private readonly WebApplication _app;

    private SecureBox(string directory, WebApplication app, Store store, CertificateKeeper keeper)
    {
        (_directory, _app, Store, Keeper) = (directory, app, store, keeper);
        Plain = new HttpClient { BaseAddress = new Uri(app.Urls.First(url => url.StartsWith("http:", StringComparison.Ordinal))) };
        Port = new Uri(app.Urls.First(url => url.StartsWith("https:", StringComparison.Ordinal))).Port;
    }

    public Store Store { get; }

    public CertificateKeeper Keeper { get; }

    /// <summary>The screen at the bed.</summary>
    public HttpClient Plain { get; }

    public int Port { get; }

    public HashSet<string> Removed { get; } = [];

    /// <summary>Both doors are open.</summary>
    /// <param name="unit">The box's files; its clock tells the box the time of certificates.</param>
    public static async Task<SecureBox> StartAsync(UnitBench unit, string approvedBy = "", Func<WishDesk>? wishes = null, Func<WitnessDesk>? witness = null)
    {
        string directory = Directory.CreateTempSubdirectory("bedside-tls-").FullName;
        var store = Store.Open(Path.Combine(directory, "store"), new StoreOptions(), unit.Clock);
        var keeper = new CertificateKeeper(
            unit.Files,
            () => TestKeys.Box,
            (_, _, _) => throw new UnitFaultException("the unit head does not answer"),
            unit.Trail,
            unit.Clock,
            NullLogger<CertificateKeeper>.Instance);
        await keeper.LookAsync(CancellationToken.None);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<TimeProvider>(unit.Clock);
        builder.Services.AddSingleton(_ => store);
        builder.Services.AddBedsideViewer(new ViewerOptions
        {
            WebRoot = Path.Combine(directory, "web"),
            Ward = () => new WardSettings { Bed = "12" },
            WardPage = new Bedside.Viewer.Ward.WardPageOptions { ApprovedBy = approvedBy },
            Certificates = () => keeper.Report,
            OwnNames = () => keeper.Current is { } current ? [current.Unit.Host] : [],
        });
        SecureBox? made = null;
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            TlsListener.Listen(kestrel, new IPEndPoint(IPAddress.Loopback, 0), keeper, box => made?.Removed.Contains(box) != true, unit.Clock);
        });
        WebApplication app = builder.Build();
        app.MapRenewal(
            () => unit.Desk,
            unit.Files.ReadUnit,
            box => unit.Files.ReadAuthority()?.Issued.FirstOrDefault(issued => issued.Box == box)?.Host);
        app.MapWishes(() => wishes?.Invoke(), box => unit.Files.ReadAuthority()?.Issued.FirstOrDefault(issued => issued.Box == box)?.Host);
        app.MapWitness(() => witness?.Invoke(), box => unit.Files.ReadAuthority()?.Issued.FirstOrDefault(issued => issued.Box == box)?.Host);
        app.MapBedside();
        await app.StartAsync();
        return made = new SecureBox(directory, app, store, keeper);
    }

    /// <summary>A handshake; the certificate that the box showed. Nothing of it is judged here.</summary>
    public async Task<X509Certificate2> ShakeHandsAsync(SslProtocols protocols = SslProtocols.None, X509Certificate2? mine = null)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, Port);
        await using var tls = new SslStream(socket.GetStream());
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = UnitBench.Head,
            EnabledSslProtocols = protocols,
            ClientCertificates = mine is null ? null : [mine],
            RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null,
        });

        // In TLS 1.3 a server that turns the client's certificate away says so after the client's part is done.
        await tls.WriteAsync("GET /api/v1/session HTTP/1.1\r\nHost: "u8.ToArray());
        await tls.WriteAsync(System.Text.Encoding.ASCII.GetBytes($"{Keeper.Current!.Unit.Host}\r\nConnection: close\r\n\r\n"));
        byte[] answer = new byte[4096];
        Assert.True(await tls.ReadAsync(answer) > 0, "hung up");
        return new X509Certificate2(tls.RemoteCertificate!);
    }

    /// <summary>A question over TLS, with the certificate of a box or without one. The box is not judged here.</summary>
    public async Task<HttpResponseMessage> AskAsync(string path, X509Certificate2? mine)
    {
        using var http = new HttpClient(new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                TargetHost = Keeper.Current!.Unit.Host,
                ClientCertificates = mine is null ? null : [mine],
                RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null,
            },
        });
        using var request = new HttpRequestMessage(HttpMethod.Get, $"https://127.0.0.1:{Port}{path}");
        request.Headers.Host = Keeper.Current!.Unit.Host;
        return await http.SendAsync(request);
    }

    public async ValueTask DisposeAsync()
    {
        Plain.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        await Store.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }
}
