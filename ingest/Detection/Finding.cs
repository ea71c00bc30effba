namespace Bedside.Ingest.Detection;

/// <summary>What kind of answer a look at a port gave.</summary>
public enum FindingKind
{
    Recognised,

    /// <summary>Nothing is heard, at no speed.</summary>
    Silent,

    /// <summary>Nothing is heard, but something at the other end is on: its control lines are raised, or it holds the data line.</summary>
    CrossedSuspected,

    /// <summary>The box hears its own words.</summary>
    Looped,

    /// <summary>Bytes at no known speed.</summary>
    UnknownSpeed,

    /// <summary>Clean bytes that no driver knows.</summary>
    UnknownProtocol,

    /// <summary>No driver of this version reads this kind of port.</summary>
    NoDriver,

    /// <summary>Another program has the port.</summary>
    InUse,

    /// <summary>There is no such port: its adapter is not plugged in.</summary>
    NoPort,

    /// <summary>The user that the box runs as may not open it.</summary>
    NotAllowed,

    /// <summary>The port was there and is lost, or cannot do what is asked.</summary>
    Lost,

    /// <summary>A device said on the network that it is there. It is not read: whose it is, a person says.</summary>
    Announced,
}

/// <summary>What a port carries or what is wrong with it, in one sentence each for staff who read English or French.</summary>
public sealed record Finding(FindingKind Kind, string English, string French)
{
    private const string Cable = "Check that the cable is plugged in at both ends, that it is crossed if the device needs that, and that the device is on and its output enabled.";

    private const string FrenchCable =
        "Vérifiez que le câble est branché aux deux bouts, qu’il est croisé si l’appareil le demande, que l’appareil est allumé et sa sortie activée.";

    public static Finding Silent { get; } = new(FindingKind.Silent, $"Nothing is heard. {Cable}", $"On n’entend rien. {FrenchCable}");

    public static Finding CrossedSuspected { get; } = new(
        FindingKind.CrossedSuspected,
        "Something is on at the other end, but says nothing: the cable may be of the wrong kind (crossed or not), or the device's output is off. Use the cable that its manual names.",
        "Quelque chose est allumé à l’autre bout mais ne dit rien : le câble n’est peut-être pas du bon type (croisé ou non), ou la sortie de l’appareil est désactivée. Prenez le câble indiqué dans son manuel.");

    public static Finding Looped { get; } = new(
        FindingKind.Looped,
        "The box hears its own words: the line ends in a loop. Plug the cable into the device, and use a cable made for it.",
        "Le boîtier entend ses propres mots : la ligne revient sur elle-même. Branchez le câble dans l’appareil, avec un câble fait pour lui.");

    public static Finding NoDriver { get; } = new(
        FindingKind.NoDriver,
        "No driver of this version reads a device on this kind of port.",
        "Aucun pilote de cette version ne lit un appareil sur ce type de port.");

    /// <summary>A driver knows what is there.</summary>
    /// <param name="who">Manufacturer and model, or the manufacturer and the driver's name.</param>
    /// <param name="line">As engineers write it; empty on a network.</param>
    /// <param name="experimental">The driver was never tried on a real device.</param>
    public static Finding Recognised(string who, string line, bool experimental = false)
    {
        var finding = new Finding(
            FindingKind.Recognised,
            line.Length > 0 ? $"{who} is heard at {line}." : $"{who} is heard.",
            line.Length > 0 ? $"{who} est entendu à {line}." : $"{who} est entendu.");
        return experimental ? finding.Experimental() : finding;
    }

    /// <summary>The same, with the warning that goes with drivers that were never tried on a real device.</summary>
    public Finding Experimental() => this with
    {
        English = $"{English} Its driver is experimental: it was never tried on a real device. Compare every value with the device's own screen.",
        French = $"{French} Son pilote est expérimental : il n’a jamais été essayé sur un appareil réel. Comparez chaque valeur avec l’écran de l’appareil.",
    };

    /// <summary>A device of a network that may carry those of other beds: nobody has said yet that it is this bed's.</summary>
    /// <param name="who">Manufacturer and model.</param>
    public static Finding Announced(string who) => new(
        FindingKind.Announced,
        $"{who} announces itself on the network. It is not read, because a network may carry the devices of other beds too.",
        $"{who} s’annonce sur le réseau. Il n’est pas lu, car un réseau peut porter aussi les appareils d’autres lits.");

    /// <summary>Noise.</summary>
    public static Finding UnknownSpeed { get; } = new(
        FindingKind.UnknownSpeed,
        "Something is heard, but at no known speed. Set the device's output to a speed that the box knows.",
        "On entend quelque chose, mais à aucune vitesse connue. Réglez la sortie de l’appareil sur une vitesse que le boîtier connaît.");

    /// <summary>Clean bytes of nobody.</summary>
    public static Finding UnknownProtocol(string line) => new(
        FindingKind.UnknownProtocol,
        $"Something is heard{(line.Length > 0 ? $" at {line}" : "")}, but no driver of this version knows it. Check the device's output protocol.",
        $"On entend quelque chose{(line.Length > 0 ? $" à {line}" : "")}, mais aucun pilote de cette version ne le connaît. Vérifiez le protocole de sortie de l’appareil.");
}
