using System.Globalization;
using Bedside.Model;
using Bedside.Model.Audit;
using Bedside.Storage;

namespace Bedside.Viewer;

/// <summary>How one part of the box does.</summary>
internal enum LightState
{
    Ok,
    Attention,
    Failed,
    NotMeasured,
}

/// <summary>One part of the box in plain words.</summary>
/// <param name="Part"><c>disk temperature power clock devices start journal certificates</c>, or that of a <see cref="HealthNote"/>.</param>
internal sealed record HealthLight(string Part, LightState State, Sentence Sentence);

/// <summary>A part of the box that wants a person: it works, and not as it should.</summary>
/// <param name="Part"><c>settings hl7 hl7-out ports</c>, or that of a light, whose place it takes where that is well; no two the same.</param>
/// <param name="Sentence">What is wrong, and what can be done.</param>
public sealed record HealthNote(string Part, Sentence Sentence)
{
    /// <summary>It is why devices are not heard: what the box says of itself is this, and nobody is sent to a cable.</summary>
    public bool IsWhyNothingIsHeard { get; init; }

    /// <summary>The site wants it so: it is a light, and the box is well all the same.</summary>
    public bool IsChosen { get; init; }
}

/// <summary>Each part of the box as a light and a sentence: what is not measured says so, and is never well.</summary>
internal static class HealthLights
{
    private const double Warm = 75;
    private const double Hot = 85;
    private const double FewDays = 7;
    private const double LittleTime = 1;

    /// <summary>More, and times of this box cannot be laid beside those of others to the second.</summary>
    private const uint WideUs = 1_000_000;

    public static IReadOnlyList<HealthLight> Read(StoreHealth store, IReadOnlyList<DeviceAnswer> devices, MachineReport? machine, CertificateReport? certificates, AuditState? journal, IReadOnlyList<HealthNote> notes)
    {
        MachineReport known = machine ?? new MachineReport();
        List<HealthLight> lights = [Disk(store), Devices(devices), Clock(known), Temperature(known), Power(known), Start(known)];
        if (journal is { } kept)
        {
            lights.Add(Journal(kept));
        }

        if (certificates is not null)
        {
            lights.Add(certificates.ToLight());
        }

        _ = lights.RemoveAll(light => light.State == LightState.Ok && notes.Any(note => note.Part == light.Part));
        lights.AddRange(notes.Where(note => !lights.Exists(light => light.Part == note.Part)).Select(note => new HealthLight(note.Part, LightState.Attention, note.Sentence)));
        return lights;
    }

    private static HealthLight Journal(AuditState state) => state switch
    {
        AuditState.Kept => new HealthLight("journal", LightState.Ok, new Sentence("Chaque accès est inscrit dans le journal.", "Every access is written down in the journal.")),
        AuditState.OnReserve => new HealthLight("journal", LightState.Attention, new Sentence(
            "Le disque est plein : le journal d’accès s’écrit encore, dans la place qui lui est réservée. Libérez de la place sur le disque.",
            "The disk is full: the journal of access is still written, in the room that is kept for it. Make room on the disk.")),
        _ => new HealthLight("journal", LightState.Failed, new Sentence(AuditUnwritableException.French, AuditUnwritableException.English)),
    };

    private static HealthLight Disk(StoreHealth store)
    {
        if (!store.Writing)
        {
            return new HealthLight("disk", LightState.Failed, new Sentence("Le disque n’enregistre plus.", "The disk does not record any more."));
        }

        if (store.Retention.DaysLeft is not { } days)
        {
            return new HealthLight("disk", LightState.Ok, new Sentence("Le disque enregistre ; les jours restants ne sont pas encore connus.", "The disk records; how many days are left is not known yet."));
        }

        LightState state = days < LittleTime ? LightState.Failed : days < FewDays ? LightState.Attention : LightState.Ok;
        string whole = Math.Floor(days).ToString("0", CultureInfo.InvariantCulture);
        return new HealthLight("disk", state, new Sentence(
            $"Place pour {whole} jours encore avant l’effacement des données les plus anciennes.",
            $"Room for {whole} more days before the oldest data are erased."));
    }

    private static HealthLight Devices(IReadOnlyList<DeviceAnswer> devices)
    {
        int received = devices.Count(device => device.State == DeviceState.Receiving);
        int due = devices.Count(device => device.Model.Length > 0 || device.LastData is not null);
        LightState state = received == 0 ? LightState.Failed : received < due ? LightState.Attention : LightState.Ok;
        return new HealthLight("devices", state, due == 0
            ? new Sentence("Aucun appareil n’a encore été entendu.", "No device has been heard yet.")
            : new Sentence($"Appareils reçus : {received} sur {due}.", $"Devices received: {received} of {due}."));
    }

    private static HealthLight Clock(MachineReport machine)
    {
        if (machine.ClockSynchronised is not { } kept || machine.ClockUncertaintyUs is not { } uncertainty || uncertainty == uint.MaxValue)
        {
            return new HealthLight("clock", LightState.NotMeasured, NotMeasured);
        }

        (string french, string english) = Spread(uncertainty);
        return new HealthLight("clock", kept && uncertainty < WideUs ? LightState.Ok : LightState.Attention, kept
            ? new Sentence($"L’heure est tenue par le réseau, à {french} près.", $"The time is kept by the network, within {english}.")
            : new Sentence($"Rien ne tient l’heure du boîtier : elle peut être fausse de {french}.", $"Nothing keeps the box's time: it may be off by {english}."));
    }

    private static HealthLight Temperature(MachineReport machine)
    {
        if (machine.TemperatureCelsius is not { } celsius)
        {
            return new HealthLight("temperature", LightState.NotMeasured, NotMeasured);
        }

        string degrees = Math.Round(celsius).ToString("0", CultureInfo.InvariantCulture);
        bool slowed = machine.Throttled == true;
        LightState state = celsius >= Hot ? LightState.Failed : celsius >= Warm || slowed ? LightState.Attention : LightState.Ok;
        string french = slowed ? " ; le processeur est ralenti" : machine.ThrottledBefore == true ? " ; le processeur a été ralenti depuis l’allumage" : string.Empty;
        string english = slowed ? "; the processor is slowed down" : machine.ThrottledBefore == true ? "; the processor was slowed down since it was switched on" : string.Empty;
        return new HealthLight("temperature", state, new Sentence($"{degrees} °C{french}.", $"{degrees} °C{english}."));
    }

    private static HealthLight Power(MachineReport machine) => (machine.Undervoltage, machine.UndervoltageBefore) switch
    {
        (null, null) => new HealthLight("power", LightState.NotMeasured, NotMeasured),
        (true, _) => new HealthLight("power", LightState.Failed, new Sentence(
            "La tension d’alimentation est trop basse : changez l’alimentation ou son câble.",
            "The supply voltage is too low: change the power supply or its cable.")),
        (_, true) => new HealthLight("power", LightState.Attention, new Sentence(
            "La tension d’alimentation a été trop basse depuis l’allumage : vérifiez l’alimentation et son câble.",
            "The supply voltage was too low since it was switched on: check the power supply and its cable.")),
        _ => new HealthLight("power", LightState.Ok, new Sentence("La tension d’alimentation est bonne.", "The supply voltage is right.")),
    };

    private static HealthLight Start(MachineReport machine) => new("start", machine.Start switch
    {
        null => LightState.NotMeasured,
        StartCause.ProgramDied or StartCause.PowerLost => LightState.Attention,
        _ => LightState.Ok,
    }, machine.Start switch
    {
        null => NotMeasured,
        StartCause.First => new Sentence("Premier démarrage de ce boîtier.", "This box started for the first time."),
        StartCause.Restarted => new Sentence("Le programme a été arrêté puis relancé.", "The program was ended in order and begun again."),
        StartCause.ProgramDied => new Sentence("Le programme s’était arrêté brutalement ; il a repris.", "The program had ended suddenly; it went on."),
        StartCause.MachineRestarted => new Sentence("Le boîtier a été redémarré.", "The box was restarted in order."),
        _ => new Sentence("Le boîtier avait été coupé brutalement (courant ou panne) ; il a repris.", "The box had gone down suddenly (power or crash); it went on."),
    });

    private static Sentence NotMeasured => new("Non mesuré sur ce boîtier.", "Not measured on this box.");

    private static (string French, string English) Spread(uint microseconds)
    {
        string text = microseconds < WideUs
            ? string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0.1, microseconds / 1000.0):0.#} ms")
            : string.Create(CultureInfo.InvariantCulture, $"{microseconds / 1e6:0.#} s");
        return (text.Replace('.', ','), text);
    }
}
