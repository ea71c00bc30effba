using System.Globalization;

namespace Bedside.Viewer;

/// <summary>How the certificate does by which other machines know this box. The host tells it.</summary>
public sealed record CertificateReport
{
    /// <summary>Until it ends; negative = it has ended; null = there is none that could be served.</summary>
    public double? DaysLeft { get; init; }

    /// <summary>It is due to be renewed, and could not be.</summary>
    public bool RenewalFails { get; init; }

    /// <summary>Other machines were to see this screen, and cannot: one sentence in each language; null = they can, or were not to.</summary>
    public (string French, string English)? Closed { get; init; }

    /// <summary>As a light: never more than something to be watched, because recording and the screen at the bed need no certificate.</summary>
    internal HealthLight ToLight()
    {
        double days = Math.Floor(Math.Abs(DaysLeft ?? 0));
        string whole = days.ToString("0", CultureInfo.InvariantCulture);
        string french = $"{whole} {(days < 2 ? "jour" : "jours")}";
        string english = $"{whole} {(days is 1 ? "day" : "days")}";
        string more = $"{whole} more {(days is 1 ? "day" : "days")}";
        return this switch
        {
            { Closed: { } closed } => Watched(closed.French, closed.English),
            { DaysLeft: null } => Watched(
                "Le certificat de ce boîtier est illisible : les autres écrans ne le joignent plus ; l’enregistrement et l’écran du lit continuent. Prévenez le service biomédical.",
                "This box's certificate cannot be read: other screens do not reach it any more; recording and the screen at the bed go on. Tell the biomedical department."),
            { DaysLeft: < 0 } => Watched(
                $"Le certificat de ce boîtier a expiré il y a {french} : les autres écrans affichent un avertissement ; l’enregistrement et l’écran du lit continuent. Un nouveau code de la tête d’unité y remédie.",
                $"This box's certificate ended {english} ago: other screens show a warning; recording and the screen at the bed go on. A new code of the unit head mends it."),
            { RenewalFails: true } => Watched(
                $"Le certificat de ce boîtier n’a pas pu être renouvelé ; il vaut encore {french}. Vérifiez que la tête d’unité est allumée et joignable.",
                $"This box's certificate could not be renewed; it is good for {more}. Check that the unit head is on and can be reached."),
            _ => new HealthLight("certificates", LightState.Ok, new Sentence(
                $"Le certificat de ce boîtier vaut encore {french} et se renouvelle seul.",
                $"This box's certificate is good for {more} and renews itself.")),
        };
    }

    private static HealthLight Watched(string french, string english) => new("certificates", LightState.Attention, new Sentence(french, english));
}
