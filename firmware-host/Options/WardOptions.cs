using System.Net;
using System.Text.Json.Serialization;
using Bedside.Host.Commands;
using Bedside.Viewer.Ward;

namespace Bedside.Host.Options;

/// <summary>What a site says about the ward: whose beds this box shows beside its own, and who approved that its own bed is given to others.</summary>
internal sealed class WardOptions
{
    private const int LongestName = 80;
    private const int LongestBed = 64;
    private const int MostPeers = 64;

    /// <summary>Name of the ward, for people who read the file.</summary>
    public string Name { get; set; } = string.Empty;

    /// <summary>Boxes of the other beds; none = this box shows its own bed only.</summary>
    [JsonObjectCreationHandling(JsonObjectCreationHandling.Populate)]
    public IList<WardPeerSettings> Peers { get; } = [];

    /// <summary>Who approved that data of this bed are given to other boxes of the ward; empty = nobody, and nothing is given.</summary>
    public string ApprovedBy { get; set; } = string.Empty;

    /// <summary>False for a machine that shows a ward and stands at no bed.</summary>
    public bool OwnBed { get; set; } = true;

    /// <summary>Throws <see cref="CommandFailedException"/> with the remedy when something of it cannot be.</summary>
    public void Check(string source)
    {
        if (ApprovedBy.Length > LongestName || ApprovedBy.Any(char.IsControl) || (ApprovedBy.Length > 0 && string.IsNullOrWhiteSpace(ApprovedBy)))
        {
            throw new CommandFailedException($"{source}: say who approved that this bed is given to the ward with --ward-approved-by NAME, of {LongestName} letters at most.");
        }

        if (Peers.Count > MostPeers)
        {
            throw new CommandFailedException($"{source}: a ward page shows {MostPeers} other beds at most, not {Peers.Count}.");
        }

        foreach (WardPeerSettings peer in Peers)
        {
            peer.Check(source, LongestBed);
        }

        if (Peers.GroupBy(peer => peer.Bed, StringComparer.OrdinalIgnoreCase).FirstOrDefault(beds => beds.Skip(1).Any()) is { } twice)
        {
            throw new CommandFailedException($"{source}: bed {twice.Key} is named twice; each bed has one box.");
        }
    }

    /// <summary>As the viewer takes it.</summary>
    /// <param name="own">Where this box's own screen answers, once it does.</param>
    /// <param name="tls">What this box shows another of its unit, and asks of it; null = it is in none.</param>
    public WardPageOptions ToPage(Func<Uri?> own, Func<string, System.Net.Security.SslClientAuthenticationOptions?> tls) => new()
    {
        Tls = tls,
        Peers = [.. Peers.Select(peer => new WardPeerAddress(peer.Bed, new Uri(peer.Address)))],
        HasOwnBed = OwnBed,
        ApprovedBy = ApprovedBy,
        Own = own,
    };
}

/// <summary>The box of another bed.</summary>
internal sealed class WardPeerSettings
{
    /// <summary>The bed as staff call it, and as that box itself says.</summary>
    public string Bed { get; set; } = string.Empty;

    /// <summary>Where it answers: <c>http://127.0.0.1:9012</c>, the end of a tunnel on this machine; or <c>https://bed12.icu.home.arpa:8443</c>, its name in the unit that both are in.</summary>
    public string Address { get; set; } = string.Empty;

    /// <summary>What the command line says: <c>BED=URL</c>.</summary>
    public static WardPeerSettings Parse(string text)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals > 0
            ? new WardPeerSettings { Bed = text[..equals].Trim(), Address = text[(equals + 1)..].Trim() }
            : throw new CommandFailedException($"--ward-peer: {text} names no bed and box; write it as BED=URL, such as 7=http://127.0.0.1:9007.");
    }

    public void Check(string source, int longestBed)
    {
        if (Bed.Length == 0 || Bed.Length > longestBed || Bed.Any(letter => char.IsControl(letter) || letter is '/' or '\\'))
        {
            throw new CommandFailedException($"{source}: a box of the ward needs the name of its bed, without slashes; write it as BED=URL, such as 7=http://127.0.0.1:9007.");
        }

        if (!Uri.TryCreate(Address, UriKind.Absolute, out Uri? address) || !(address.Scheme == Uri.UriSchemeHttp || IsOfUnit(address)) || address.PathAndQuery != "/" || address.UserInfo.Length > 0)
        {
            throw new CommandFailedException($"{source}: {Address} is no address of a box; write it as http://127.0.0.1:9007, or https and its name in the unit, without a path.");
        }

        if (address.Scheme == Uri.UriSchemeHttp && address.Host != "localhost" && !(IPAddress.TryParse(address.Host.Trim('[', ']'), out IPAddress? literal) && IPAddress.IsLoopback(literal)))
        {
            throw new CommandFailedException(
                $"{source}: bed {Bed} is at {address.Host}, another machine, and without TLS anybody on the network could read or pretend to be it; give its name in the unit that both are in, as https://{address.Host}:8443, or let a tunnel end on this machine, such as ssh -N -L 9007:127.0.0.1:8080 {address.Host}, and give http://127.0.0.1:9007.");
        }
    }

    /// <summary>Certificates are of names, never of addresses.</summary>
    private static bool IsOfUnit(Uri address) => address.Scheme == Uri.UriSchemeHttps && address.HostNameType == UriHostNameType.Dns;
}
