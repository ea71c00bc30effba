using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Serialization;
using Bedside.Host.Commands;
using Bedside.Ingest.Hl7;

namespace Bedside.Host.Options;

/// <summary>What a site says about HL7 that comes in.</summary>
internal sealed class Hl7Options
{
    private const int LargestPort = 65_535;
    private const int LargestMiB = 16;

    /// <summary>TCP; 0 = any free one, null = HL7 is not taken.</summary>
    public int? Port { get; set; }

    /// <summary>Where to listen; empty = this machine only, or everywhere where there is a certificate.</summary>
    public string Address { get; set; } = string.Empty;

    /// <summary>PV1-3 of this box's bed (<c>5</c> or <c>ICU^^5</c>); empty = the only one that is told of.</summary>
    public string Bed { get; set; } = string.Empty;

    /// <summary>PEM file of the certificate for TLS, and of its key; empty = no TLS, then this machine only.</summary>
    public string Certificate { get; set; } = string.Empty;

    public string Key { get; set; } = string.Empty;

    /// <summary>PEM file of who signs the senders' certificates; empty = they need none.</summary>
    public string ClientAuthority { get; set; } = string.Empty;

    /// <summary>Take TLS 1.2 too, from senders that know nothing newer; else 1.3 alone.</summary>
    public bool Tls12 { get; set; }

    /// <summary>IANA zone of times without one; empty = the ward's.</summary>
    public string TimeZone { get; set; } = string.Empty;

    /// <summary>PV1-3 of this box's bed as single senders (MSH-3) write it, where that differs from <see cref="Bed"/>.</summary>
    [JsonObjectCreationHandling(JsonObjectCreationHandling.Populate)]
    public IDictionary<string, string> BedOfSender { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whose number names a person (PID-3.4); empty = anybody's.</summary>
    public string PersonAuthority { get; set; } = string.Empty;

    /// <summary>Which number names a person (PID-3.5); empty = MR, else PI, else the first.</summary>
    public string PersonType { get; set; } = string.Empty;

    /// <summary>How often numbers are due, seconds; 0 = not told, then none is missed.</summary>
    public double EverySeconds { get; set; }

    /// <summary><c>auto</c>, <c>original</c>, <c>enhanced</c> or <c>none</c>.</summary>
    public string Ack { get; set; } = "auto";

    /// <summary>Answer AA also where CA is due.</summary>
    public bool AlwaysApplication { get; set; }

    /// <summary>Largest message, MiB from 1 to 16: a document of several MiB in a message is otherwise refused.</summary>
    public int MessageMiB { get; set; } = 1;

    /// <summary>What is special about single senders, by name.</summary>
    [JsonObjectCreationHandling(JsonObjectCreationHandling.Populate)]
    public IDictionary<string, Hl7SenderOptions> Senders { get; } = new Dictionary<string, Hl7SenderOptions>(StringComparer.Ordinal);

    /// <summary><see cref="Ack"/>, once it was checked.</summary>
    [JsonIgnore]
    public AnswerMode Answers => Enum.Parse<AnswerMode>(Ack, ignoreCase: true);

    [JsonIgnore]
    public IPEndPoint Listen => new(Address.Length > 0 ? IPAddress.Parse(Address) : Certificate.Length > 0 ? IPAddress.Any : IPAddress.Loopback, Port ?? Mllp.UsualPort);

    public Hl7Settings Settings(string wardZone) => new()
    {
        Bed = Bed.Length == 0 ? null : BedPlace.Parse(Bed),
        Zone = TimeZoneInfo.FindSystemTimeZoneById(TimeZone.Length == 0 ? wardZone : TimeZone),
        Every = EverySeconds > 0 ? TimeSpan.FromSeconds(EverySeconds) : null,
        Senders = Senders.ToDictionary(pair => pair.Key, pair => pair.Value.ToRules(), StringComparer.Ordinal),
        Limits = Hl7Limits.Default with { MessageBytes = MessageMiB << 20 },
    };

    /// <summary>What is said of the admissions; after <see cref="Check"/>.</summary>
    public AdmissionSettings Admissions(string wardZone) => new()
    {
        Bed = Bed.Length == 0 ? null : BedPlace.Parse(Bed),
        BedOfSender = BedOfSender.ToDictionary(pair => pair.Key, pair => BedPlace.Parse(pair.Value)!, StringComparer.OrdinalIgnoreCase), // they were checked
        PersonAuthority = PersonAuthority,
        PersonType = PersonType,
        Zone = TimeZoneInfo.FindSystemTimeZoneById(TimeZone.Length == 0 ? wardZone : TimeZone),
    };

    /// <summary>Null without a certificate. Throws <see cref="CommandFailedException"/> for files that cannot be used.</summary>
    public SslServerAuthenticationOptions? Tls()
    {
        if (Certificate.Length == 0)
        {
            return null;
        }

        try
        {
            var tls = new SslServerAuthenticationOptions
            {
                EnabledSslProtocols = TlsVersions.Of(Tls12),
                ServerCertificate = X509Certificate2.CreateFromPemFile(Certificate, Key.Length > 0 ? Key : null),
            };
            if (ClientAuthority.Length > 0)
            {
                var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
                policy.CustomTrustStore.ImportFromPemFile(ClientAuthority);
                (tls.ClientCertificateRequired, tls.CertificateChainPolicy) = (true, policy);
            }

            return tls;
        }
        catch (Exception failure) when (failure is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException($"the certificate for HL7 cannot be used: {failure.Message}");
        }
    }

    public void Check(string source)
    {
        if (Port is < 0 or > LargestPort)
        {
            throw new CommandFailedException($"{source}: the port of HL7 must be a number from 0 to {LargestPort}, not {Port}.");
        }

        if (Address.Length > 0 && !IPAddress.TryParse(Address, out _))
        {
            throw new CommandFailedException($"{source}: hl7.address {Address} is no address; write it as 192.0.2.7.");
        }

        if (Certificate.Length == 0 && Address.Length > 0 && IPAddress.TryParse(Address, out IPAddress? address) && !IPAddress.IsLoopback(address))
        {
            throw new CommandFailedException($"{source}: hl7.address {Address} needs hl7.certificate and hl7.key; without TLS HL7 is taken from this machine only.");
        }

        if (Tls12 && Certificate.Length == 0)
        {
            throw new CommandFailedException($"{source}: hl7.tls12 is of use with hl7.certificate only; without a certificate there is no TLS.");
        }

        if (Bed.Length > 0 && BedPlace.Parse(Bed) is null)
        {
            throw new CommandFailedException($"{source}: the bed {Bed} is not understood; write it as 5 or ICU^^5.");
        }

        if (BedOfSender.FirstOrDefault(pair => BedPlace.Parse(pair.Value) is null) is { Key: not null } wrong)
        {
            throw new CommandFailedException($"{source}: hl7.bedOfSender {wrong.Key}: {wrong.Value} is not understood; write it as 5 or ICU^^5.");
        }

        if (TimeZone.Length > 0 && !TimeZoneInfo.TryFindSystemTimeZoneById(TimeZone, out _))
        {
            throw new CommandFailedException($"{source}: hl7.timeZone {TimeZone} is not known; use an IANA name such as Europe/Paris.");
        }

        if (MessageMiB is < 1 or > LargestMiB)
        {
            throw new CommandFailedException($"{source}: hl7.messageMiB lies between 1 and {LargestMiB}, not {MessageMiB}.");
        }

        foreach ((string name, Hl7SenderOptions sender) in Senders)
        {
            sender.Check(source, name);
        }

        if (!Enum.TryParse<AnswerMode>(Ack, ignoreCase: true, out _) || !(EverySeconds is >= 0 and <= 86_400))
        {
            throw new CommandFailedException($"{source}: hl7.ack is auto, original, enhanced or none, and hl7.everySeconds a number from 0 to 86400.");
        }
    }
}
