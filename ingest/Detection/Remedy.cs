namespace Bedside.Ingest.Detection;

/// <summary>One thing to do about a finding, in both languages.</summary>
public sealed record Remedy(string English, string French)
{
    private static readonly Remedy Plugs = new(
        "Check that the cable is firm at the box and in the socket of the device that is meant for data.",
        "Vérifiez que le câble tient dans le boîtier et dans la prise de l’appareil prévue pour les données.");

    private static readonly Remedy Power = new("Check that the device is switched on.", "Vérifiez que l’appareil est allumé.");

    private static readonly Remedy Output = new(
        "Check in the device's menu that its data output is switched on; the device's page says what is known of the menu.",
        "Vérifiez dans le menu de l’appareil que la sortie de données est activée ; la page de l’appareil dit ce qu’on sait du menu.");

    private static readonly Remedy Cross = new(
        "Try the other kind of cable: with a null-modem adapter where there is none, without it where there is one. It exchanges pins 2 and 3. Look at the device's page first: some devices bear only one kind.",
        "Essayez l’autre type de câble : avec un adaptateur null-modem s’il n’y en a pas, sans lui s’il y en a un. Il échange les broches 2 et 3. Regardez d’abord la page de l’appareil : certains n’en supportent qu’un.");

    private static readonly Remedy OtherSocket = new(
        "Devices often have several sockets that look alike: try the other one, but only one that is meant for data (RS-232, COM, MIB).",
        "Les appareils ont souvent plusieurs prises semblables : essayez l’autre, mais seulement une prise prévue pour les données (RS-232, COM, MIB).");

    private static readonly Remedy Speed = new(
        "Set the output of the device to a speed and a parity that its page names; keep 8 data bits.",
        "Réglez la sortie de l’appareil sur une vitesse et une parité que sa page indique ; gardez 8 bits de données.");

    private static readonly Remedy Contact = new(
        "A bad contact or a long cable beside power lines spoils characters at any speed: try another cable.",
        "Un mauvais contact ou un long câble le long de câbles d’alimentation abîme les caractères à toute vitesse : essayez un autre câble.");

    private static readonly Remedy Protocol = new(
        "Set the output of the device to the protocol that its page names; many devices offer several.",
        "Réglez la sortie de l’appareil sur le protocole que sa page indique ; beaucoup d’appareils en proposent plusieurs.");

    private static readonly Remedy Covered = new(
        "See in the list of devices whether the box knows this one.",
        "Vérifiez dans la liste des appareils que le boîtier connaît celui-ci.");

    private static readonly Remedy PlugIn = new(
        "Plug the adapter into the box; if it is in, unplug it and plug it in again.",
        "Branchez l’adaptateur dans le boîtier ; s’il y est, débranchez-le et rebranchez-le.");

    private static readonly Remedy Replug = new("Unplug the adapter from the box and plug it in again.", "Débranchez l’adaptateur du boîtier et rebranchez-le.");

    private static readonly Remedy Loop = new(
        "Look at the far end of the cable: it is open, loops back, or is plugged into something that repeats what it hears.",
        "Regardez l’autre bout du câble : il est libre, revient sur lui-même, ou est branché sur quelque chose qui répète ce qu’il entend.");

    private static readonly Remedy Other = new(
        "End the other program, or give this port to one of the two only.",
        "Arrêtez l’autre programme, ou réservez ce port à un seul des deux.");

    private static readonly Remedy Rights = new(
        "Let the biomedical or computer department give the box the right to open this port (on Debian: the group dialout).",
        "Faites donner au boîtier le droit d’ouvrir ce port par le service biomédical ou informatique (sous Debian : le groupe dialout).");

    private static readonly Remedy Network = new(
        "Check the network cable and the address of the device; data export must be switched on in it.",
        "Vérifiez le câble réseau et l’adresse de l’appareil ; l’export de données doit y être activé.");

    private static readonly Remedy Choose = new(
        "Compare the address and the model with those that the device at this bed shows. If they agree, choose “Read this device”.",
        "Comparez l’adresse et le modèle avec ceux qu’affiche l’appareil de ce lit. S’ils concordent, choisissez « Lire cet appareil ».");

    /// <summary>What usually helps, likeliest first.</summary>
    /// <param name="kind">What was found.</param>
    /// <param name="network">True = the port is an address and no socket: no cable to cross, no speed to set.</param>
    public static IReadOnlyList<Remedy> Of(FindingKind kind, bool network) => network ? OnNetwork(kind) : OnLine(kind);

    private static IReadOnlyList<Remedy> OnNetwork(FindingKind kind) => kind switch
    {
        FindingKind.Recognised => [],
        FindingKind.UnknownProtocol or FindingKind.NoDriver => [Protocol, Covered],
        FindingKind.Announced => [Choose],
        _ => [Power, Network],
    };

    private static IReadOnlyList<Remedy> OnLine(FindingKind kind) => kind switch
    {
        FindingKind.Recognised => [],
        FindingKind.Silent => [Plugs, Power, Output, Cross, OtherSocket],
        FindingKind.CrossedSuspected => [Cross, Output, Plugs, OtherSocket],
        FindingKind.Looped => [Loop, Plugs],
        FindingKind.UnknownSpeed => [Speed, Contact, Covered],
        FindingKind.UnknownProtocol => [Protocol, OtherSocket, Covered],
        FindingKind.NoDriver => [Covered],
        FindingKind.InUse => [Other],
        FindingKind.NoPort => [PlugIn],
        FindingKind.NotAllowed => [Rights],
        FindingKind.Lost => [Replug, Plugs],
        FindingKind.Announced => [Choose],
        _ => [],
    };
}
