using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Bedside.Host.Commands;

namespace Bedside.Host.Measuring.Hl7;

/// <summary>
/// Gateways that send as fast as the box answers, over MLLP on loopback, to a box with a store of its own. The box is a process of its own and is measured from outside; an answer comes when
/// the disk has the message, as always.
/// </summary>
internal sealed class Hl7Bench : IAsyncDisposable
{
    private const int Connections = 4;
    private const int Pipelined = 64;
    private const double Percentile50 = 0.5;
    private const double Percentile99 = 0.99;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);

    private readonly TimeProvider _time;
    private readonly string _folder = Directory.CreateTempSubdirectory("bedside-bench-").FullName;
    private Process? _box;
    private X509Certificate2? _trusted;

    private Hl7Bench(TimeProvider time) => _time = time;

    /// <summary>Both ways of sending, without and with TLS.</summary>
    public static async Task<IReadOnlyList<Hl7Figure>> RunAsync(TimeSpan duration, TimeProvider time, Action<string> progress, CancellationToken cancel)
    {
        var figures = new List<Hl7Figure>();
        foreach (bool tls in (bool[])[false, true])
        {
            foreach (int window in (int[])[Pipelined, 1])
            {
                // Each on a box of its own: what one way leaves to be sealed is not another's to pay.
                await using var bench = new Hl7Bench(time);
                (IPEndPoint box, SslClientAuthenticationOptions? trust) = await bench.StartAsync(tls, cancel);
                progress($"{(tls ? "TLS" : "plain")}, {window} under way");
                _ = await bench.SendAsync(box, trust, window, WarmUp, cancel);
                figures.Add(await bench.SendAsync(box, trust, window, duration, cancel));
            }
        }

        return figures;
    }

    public async ValueTask DisposeAsync()
    {
        if (_box is { } box)
        {
            if (!box.HasExited)
            {
                box.Kill();
            }

            await box.WaitForExitAsync();
            box.Dispose();
        }

        _trusted?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<(IPEndPoint Box, SslClientAuthenticationOptions? Trust)> StartAsync(bool tls, CancellationToken cancel)
    {
        string configuration = Path.Combine(_folder, "bed.json");
        using X509Certificate2? certificate = tls ? Certificate() : null;
        if (certificate is not null)
        {
            await File.WriteAllTextAsync(Path.Combine(_folder, "box.pem"), certificate.ExportCertificatePem(), cancel);
            using ECDsa key = certificate.GetECDsaPrivateKey()!; // it was made with one
            await File.WriteAllTextAsync(Path.Combine(_folder, "box.key"), key.ExportPkcs8PrivateKeyPem(), cancel);
        }

        await File.WriteAllTextAsync(configuration, Configuration(tls), cancel);
        var arguments = new ProcessStartInfo(Environment.ProcessPath ?? "dotnet", [typeof(Hl7Bench).Assembly.Location, "run", "--data", Path.Combine(_folder, "data"), "--port", "0", "--config", configuration])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        _box = Process.Start(arguments) ?? throw new CommandFailedException("dotnet cannot be started.");
        _box.BeginErrorReadLine();
        IPEndPoint? place = null;
        while (await _box.StandardOutput.ReadLineAsync(cancel) is { } line)
        {
            place = line.StartsWith("hl7 ", StringComparison.Ordinal) ? IPEndPoint.Parse(line["hl7 ".Length..].Trim()) : place;
            if (line.StartsWith("ready ", StringComparison.Ordinal) && place is not null)
            {
                _trusted = certificate is null ? null : X509CertificateLoader.LoadCertificate(certificate.RawData);
                return (place, _trusted is null ? null : Trusting(_trusted));
            }
        }

        throw new CommandFailedException("bedside run did not open its HL7 port.");
    }

    private string Configuration(bool tls)
    {
        string certificate = tls ? $",\"certificate\":\"{Encoded("box.pem")}\",\"key\":\"{Encoded("box.key")}\"" : string.Empty;
        return "{\"hl7\":{\"port\":0,\"address\":\"127.0.0.1\"" + certificate + "}}";
    }

    private JsonEncodedText Encoded(string file) => JsonEncodedText.Encode(Path.Combine(_folder, file));

    private async Task<Hl7Figure> SendAsync(IPEndPoint box, SslClientAuthenticationOptions? tls, int window, TimeSpan duration, CancellationToken cancel)
    {
        var senders = new List<Hl7BenchSender>();
        try
        {
            for (int i = 0; i < Connections; i++)
            {
                senders.Add(await Hl7BenchSender.CallAsync(box, tls, ($"BENCH{i}", window), _time, cancel));
            }

            double cpu = MeasuredProcess.CpuMilliseconds(_box!); // it was started
            long start = _time.GetTimestamp();
            Hl7BenchCounts[] each = await Task.WhenAll(senders.Select(sender => Task.Run(() => sender.RunAsync(duration, cancel), cancel)));
            var all = new Hl7BenchCounts();
            Array.ForEach(each, all.Add);
            all.Latencies.Sort();
            return new Hl7Figure
            {
                Tls = tls is not null,
                Connections = Connections,
                Window = window,
                Seconds = _time.GetElapsedTime(start).TotalSeconds,
                Messages = all.Accepted,
                Refused = all.Other,
                CpuSeconds = (MeasuredProcess.CpuMilliseconds(_box!) - cpu) / 1_000,
                P50 = Milliseconds(all.Latencies, Percentile50),
                P99 = Milliseconds(all.Latencies, Percentile99),
                Bytes = all.Bytes,
                RssMiB = MeasuredProcess.Memory(_box!, "VmRSS:"),
            };
        }
        finally
        {
            foreach (Hl7BenchSender sender in senders)
            {
                await sender.DisposeAsync();
            }
        }
    }

    private double Milliseconds(List<long> sorted, double part) =>
        sorted.Count == 0 ? 0 : _time.GetElapsedTime(0, sorted[(int)((sorted.Count - 1) * part)]).TotalMilliseconds;

    private X509Certificate2 Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=bench", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        DateTimeOffset now = _time.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }

    private static SslClientAuthenticationOptions Trusting(X509Certificate2 certificate)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(certificate);
        return new SslClientAuthenticationOptions { TargetHost = IPAddress.Loopback.ToString(), CertificateChainPolicy = policy };
    }
}
