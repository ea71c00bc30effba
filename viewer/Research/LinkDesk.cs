using Bedside.Model.Research;

namespace Bedside.Viewer.Research;

/// <summary>
/// Links to packages (<c>trust.md</c>, section 5.8): made on demand for one named person and one version, 7 days, one whole transfer. A newer link of the same person makes the older one worthless; after a whole transfer there
/// is no other. How often a transfer may be begun is the book of studies' to count.
/// </summary>
internal sealed class LinkDesk(ResearchBox box)
{
    /// <summary>Links are forgotten so long after they ended; by then the package is erased.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromDays(60);

    public static TwoTongues UsedAlready { get; } = new(
        "Ce lien a déjà servi : le paquet a été transféré en entier. Demandez une nouvelle construction.", "This link was used: the package was transferred whole. Ask for another build.");

    /// <summary>The token, or why there is none. Throws <see cref="IOException"/>.</summary>
    public (string? Token, TwoTongues? Refusal) Make(ShelvedPackage package, string badge)
    {
        IDownloadLinks links = box.Links!;
        if (links.All.Any(link => Is(link, package, badge) && link.Used is not null))
        {
            return (null, UsedAlready);
        }

        (DownloadLink made, string token) = DownloadLink.Make(package.Study, package.Version, badge, box.Now);
        links.Change(all => [.. all.Where(link => !Is(link, package, badge) && box.Now.Since(link.Until) < Kept.Nanoseconds()), made]);
        return (token, null);
    }

    /// <summary>Why a token does not open a package for that person; null = it does.</summary>
    public TwoTongues? Refusal(string token, ShelvedPackage? package, string study, string badge, out DownloadLink? link)
    {
        string hash = DownloadLink.HashOf(token);
        link = box.Links!.All.FirstOrDefault(one => one.Hash == hash);
        if (link is null || link.Study != study)
        {
            return new("Ce lien n’est pas connu, ou un plus récent l’a remplacé. Faites-en un nouveau.", "This link is not known, or a newer one took its place. Make another.");
        }

        if (link.Badge != badge)
        {
            return new("Ce lien est celui d’une autre personne. Chacun fait le sien.", "This link is another person’s. Everybody makes their own.");
        }

        if (link.Used is not null)
        {
            return UsedAlready;
        }

        if (box.Now >= link.Until)
        {
            return new("Ce lien a plus de sept jours. Faites-en un nouveau.", "This link is older than seven days. Make another.");
        }

        return package is null || package.Version != link.Version ? new("Le paquet de ce lien n’existe plus : il a été refait ou effacé. Faites un nouveau lien.", "The package of this link is gone: it was built anew or erased. Make another link.") : null;
    }

    /// <summary>The last byte was sent. Throws <see cref="IOException"/>.</summary>
    public void Use(DownloadLink link) => box.Links!.Change(all => [.. all.Select(one => one.Hash == link.Hash ? one with { Used = box.Now } : one)]);

    private static bool Is(DownloadLink link, ShelvedPackage package, string badge) => link.Study == package.Study && link.Version == package.Version && link.Badge == badge;
}
