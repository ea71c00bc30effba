using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Bedside.Host.Trust;
using Bedside.Storage.Disk;
using Bedside.Tests.Storage;
using Bedside.Tests.Storage.Keys;
using Bedside.Tests.Viewer.People;

namespace Bedside.Tests.Trust;

/// <summary>A clock for certificates: it stands until it is moved.</summary>
internal sealed class CertificateClock : TimeProvider
{
    private long _ticks = System.GetUtcNow().UtcTicks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref _ticks), TimeSpan.Zero);

    public void Advance(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);
}

/// <summary>A unit with its head on a disk in memory, and its root key as somebody would carry it away.</summary>
internal sealed class UnitBench
{
    public const string Zone = "icu.home.arpa";
    public const string Head = "head." + Zone;

    public UnitBench(IDisk? disk = null, CertificateClock? clock = null)
    {
        Clock = clock ?? new CertificateClock();
        Files = new UnitFiles(disk ?? new FaultyDisk(new Random(1)));
        Desk = new UnitDesk(Files, TestKeys.Box, Clock, Trail);
    }

    public CertificateClock Clock { get; }

    public UnitFiles Files { get; }

    public TrailInMemory Journal { get; } = new();

    public UnitTrail Trail => UnitTrail.OfBox(Journal);

    public UnitDesk Desk { get; }

    public ECDsa? RootKey { get; private set; }

    public UnitBench Found(string name = "ICU", int port = 8443)
    {
        _ = Desk.Found(name, Zone, Head, port, (key, _) => RootKey = ECDsa.Create(key.ExportParameters(includePrivateParameters: true)));
        return this;
    }

    public BoxCertificate HeadCertificate() => BoxCertificate.Open(Files.ReadUnit()!, TestKeys.Box)!;

    /// <summary>A box that joined, with files of its own.</summary>
    public UnitBench Member(string host)
    {
        var member = new UnitBench(clock: Clock);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        IssuedLeaf leaf = Desk.IssueFor(UnitDesk.Request(key), host, known: null);
        member.Desk.Join(Files.ReadUnit()! with { Box = leaf.Box, Host = leaf.Host, Certificate = leaf.Certificate, Issuer = leaf.Issuer }, key);
        return member;
    }
}

/// <summary>The openssl command, as a judge that is not ours.</summary>
internal static class OpenSsl
{
    public static async Task<(int Exit, string Said)> RunAsync(string input, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo("openssl", arguments) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await process.WaitForExitAsync(limit.Token);
        return (process.ExitCode, await output + await errors);
    }

    /// <summary>Verifies a certificate for a host at a time; what it said when it refuses.</summary>
    public static async Task<string?> FaultAsync(X509Certificate2 root, string issuer, string leaf, string host, DateTimeOffset at, string purpose = "sslserver")
    {
        string folder = Directory.CreateTempSubdirectory("bedside-openssl-").FullName;
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "root"), root.ExportCertificatePem());
            await File.WriteAllTextAsync(Path.Combine(folder, "issuer"), issuer);
            (int exit, string said) = await RunAsync(
                leaf,
                "verify", "-x509_strict", "-CAfile", Path.Combine(folder, "root"), "-untrusted", Path.Combine(folder, "issuer"), "-verify_hostname", host, "-purpose", purpose, "-attime", at.ToUnixTimeSeconds().ToString());
            return exit == 0 ? null : said;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
