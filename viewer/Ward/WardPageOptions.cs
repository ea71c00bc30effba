namespace Bedside.Viewer.Ward;

/// <summary>The beds of a ward on one screen: whom this box shows beside its own bed, and whether it gives its own bed to others.</summary>
public sealed class WardPageOptions
{
    /// <summary>The other beds; none = this box shows its own bed only.</summary>
    public IReadOnlyList<WardPeerAddress> Peers { get; set; } = [];

    /// <summary>False for a machine that shows a ward and stands at no bed.</summary>
    public bool HasOwnBed { get; set; } = true;

    /// <summary>Who approved that data of this bed are given to other boxes of the ward; empty = nobody, and nothing is given.</summary>
    public string ApprovedBy { get; set; } = string.Empty;

    /// <summary>Where this box's own screen answers, once it does. Asked whenever its own bed is dialled.</summary>
    public Func<Uri?> Own { get; set; } = () => null;

    /// <summary>For boxes at addresses of <c>https</c>: what this box shows a host of that name, and asks of it, now; null = it has no certificate of a unit.</summary>
    public Func<string, System.Net.Security.SslClientAuthenticationOptions?> Tls { get; set; } = _ => null;

    /// <summary>Browsers that may look at the ward, and at another bed through this box, at a time.</summary>
    public int MostScreens { get; set; } = 16;
}

/// <summary>Another bed's box.</summary>
/// <param name="Bed">The bed as staff call it: what the box itself must say, or nothing of it is shown.</param>
/// <param name="Address">Where it answers: over plain HTTP on this machine, the end of a tunnel; or over TLS by its name in the unit.</param>
public sealed record WardPeerAddress(string Bed, Uri Address);
