using System.Globalization;
using Bedside.Model;
using Bedside.Model.Audit;
using Bedside.Storage;
using Bedside.Storage.Retention;
using Bedside.Viewer.People;
using Bedside.Viewer.Screens;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace Bedside.Viewer;

/// <summary><c>/health</c> and <c>/devices</c>: one plain sentence, and the figures behind it.</summary>
internal static class HealthEndpoint
{
    private const long LittleSpace = 512L << 20;
    private static readonly TimeSpan LateSync = TimeSpan.FromSeconds(5);

    public static void MapHealth(this IEndpointRouteBuilder api)
    {
        api.MapGet("/health", (BedView view, ScreenBook screens, IAuditTrail trail, IOptions<ViewerOptions> options) =>
                TypedResults.Ok(Read(view, screens.Read() is [ScreenAnswer newest, ..] ? newest : null, JournalOf(trail), options.Value)))
            .WithName("health").WithTags("box").WithSummary("Whether the box is well, in words and figures.")
            .Produces<HealthAnswer>();
        api.MapGet("/devices", (BedView view) => TypedResults.Ok(view.Devices()))
            .WithName("devices").WithTags("box").WithSummary("Every device the box has heard of, what it is doing, and its clock.")
            .Produces<IReadOnlyList<DeviceAnswer>>();
    }

    /// <summary>Null = this box keeps none.</summary>
    public static AuditState? JournalOf(IAuditTrail trail) => trail is NoAuditTrail ? null : trail.State;

    /// <summary>The worst thing there is to say, and what to do about it.</summary>
    public static (HealthState State, Sentence Sentence) Judge(StoreHealth store, IReadOnlyList<DeviceAnswer> devices)
    {
        if (!store.Writing)
        {
            return (HealthState.Failed, new Sentence(
                "Le boîtier n’arrive plus à enregistrer sur son disque : appelez le service biomédical.",
                "The box can no longer write to its disk: call the biomedical department."));
        }

        if (store.Retention.Level == DiskLevel.Full)
        {
            return (HealthState.Failed, new Sentence(
                "Le disque est plein : l’enregistrement continue sur sa réserve, appelez le service biomédical.",
                "The disk is full: recording goes on in its reserve, call the biomedical department."));
        }

        if (store.UnsyncedBytes > 0 && store.LastSync > LateSync)
        {
            return (HealthState.Attention, new Sentence(
                "Le disque est très lent ; l’enregistrement continue, prévenez le service biomédical.",
                "The disk is very slow; recording goes on, tell the biomedical department."));
        }

        if (store.Retention.Level == DiskLevel.Filling || store.FreeBytes < LittleSpace)
        {
            return (HealthState.Attention, new Sentence(
                "Le disque est presque plein ; les données les plus anciennes vont être effacées.",
                "The disk is almost full; the oldest data will be erased."));
        }

        if (store.Locked > 0)
        {
            return (HealthState.Attention, new Sentence(
                "Des données plus anciennes ne peuvent pas être lues : leur clé n’est pas dans ce boîtier. L’enregistrement continue ; le service biomédical peut la remettre.",
                "Older data cannot be read: their key is not in this box. Recording goes on; the biomedical department can put the key back."));
        }

        if (store.Damaged > 0)
        {
            return (HealthState.Attention, new Sentence(
                "Des données enregistrées sont abîmées ; le reste est lisible, prévenez le service biomédical.",
                "Some stored data are damaged; the rest is readable, tell the biomedical department."));
        }

        return JudgeRetention(store.Retention) ?? JudgeDevices(devices);
    }

    private static (HealthState State, Sentence Sentence)? JudgeRetention(RetentionHealth retention) => retention.Pause switch
    {
        RetentionPause.HoldsUnreadable => (HealthState.Attention, new Sentence(
            "La liste des données à conserver est illisible : rien n’est effacé ; prévenez le service biomédical.",
            "The list of data to be kept cannot be read: nothing is erased; tell the biomedical department.")),
        RetentionPause.EverythingHeld => (HealthState.Attention, new Sentence(
            "Tout ce qui reste sur le disque doit être conservé et dépasse la place prévue ; prévenez le service biomédical.",
            "Everything left on the disk has to be kept and takes more than its budget; tell the biomedical department.")),
        RetentionPause.ClockUntrusted => (HealthState.Attention, new Sentence(
            "L’heure du boîtier a changé d’un coup : rien n’est effacé pour son âge ; vérifiez l’heure et prévenez le service biomédical.",
            "The box's clock has jumped: nothing is erased for its age; check the time and tell the biomedical department.")),
        _ => null,
    };

    private static (HealthState State, Sentence Sentence) JudgeDevices(IReadOnlyList<DeviceAnswer> devices)
    {
        if (devices.Count == 0)
        {
            return (HealthState.Attention, new Sentence(
                "Aucun appareil n’a encore été entendu : branchez le câble de données d’un appareil.",
                "No device has been heard yet: plug in a device's data cable."));
        }

        // A free port beside devices that are received is no trouble.
        bool anyReceived = devices.Any(device => device.State is DeviceState.Receiving);
        DeviceAnswer[] expected = [.. devices.Where(device => !anyReceived || device.State is not DeviceState.Searching || device.Model.Length > 0 || device.LastData is not null)];
        DeviceAnswer? mute = Array.Find(expected, device => device.State is DeviceState.Unplugged)
            ?? Array.Find(expected, device => device.State is not DeviceState.Receiving);
        if (mute is null)
        {
            return (HealthState.Ok, new Sentence(
                "Tout va bien : tous les appareils sont reçus et enregistrés.",
                "All is well: every device is received and recorded."));
        }

        string name = mute.Model.Length > 0 ? mute.Model : mute.Device;
        return (HealthState.Attention, mute.State switch
        {
            DeviceState.Unplugged => new Sentence(
                $"Le câble de {name} est débranché : rebranchez-le.",
                $"The cable of {name} is unplugged: plug it in again."),
            DeviceState.Silent => new Sentence(
                $"{name} n’envoie plus rien : vérifiez qu’il est allumé et que son câble tient.",
                $"{name} sends nothing any more: check that it is on and its cable is firm."),
            _ => new Sentence(
                $"La liaison avec {name} est en cours : patientez quelques secondes.",
                $"The link to {name} is being set up: wait a few seconds."),
        });
    }

    /// <summary>The promise as it stands now, while the disk takes what is written.</summary>
    public static BoundsAnswer Bounds(StoreHealth store)
    {
        string power = store.PowerCutBound.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture);
        string kill = store.KillBound.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture);
        return new BoundsAnswer(store.PowerCutBound.TotalSeconds, store.KillBound.TotalSeconds, new Sentence(
            $"Une coupure de courant coûte au plus {power.Replace('.', ',')} s de données, un arrêt brutal du programme au plus {kill.Replace('.', ',')} s.",
            $"A power cut costs at most {power} s of data, a sudden end of the program at most {kill} s."));
    }

    private static HealthAnswer Read(BedView view, ScreenAnswer? screen, AuditState? journal, ViewerOptions options)
    {
        MachineReport? machine = options.Machine();
        StoreHealth store = view.Store.Health;
        IReadOnlyList<DeviceAnswer> devices = view.Devices();
        (HealthState state, Sentence sentence) = Judge(store, devices);
        IReadOnlyList<HealthNote> notes = options.Notes();
        if (state != HealthState.Failed && notes.FirstOrDefault(note => note.IsWhyNothingIsHeard) is { } cause)
        {
            (state, sentence) = (HealthState.Attention, cause.Sentence);
        }

        OutboundAnswer? outbound = view.Outbound();
        if (state == HealthState.Ok && outbound is { NeedsAttention: true })
        {
            (state, sentence) = (HealthState.Attention, outbound.Sentence);
        }

        if (state == HealthState.Ok && journal == AuditState.Unwritable)
        {
            (state, sentence) = (HealthState.Attention, new Sentence(AuditUnwritableException.French, AuditUnwritableException.English));
        }

        if (state == HealthState.Ok && notes.FirstOrDefault(note => !note.IsChosen) is { } first)
        {
            (state, sentence) = (HealthState.Attention, first.Sentence);
        }

        if (state == HealthState.Ok && screen is not null && ScreenBook.IsMissing(screen))
        {
            (state, sentence) = (HealthState.Attention, screen.Sentence);
        }

        return new HealthAnswer(
            state,
            sentence,
            new StoreAnswer(store.Bytes, store.FreeBytes, view.StoredUpTo(), store.Segments, store.JournalBytes, Bounds(store), RetentionAnswer.Of(store.Retention)),
            new ProcessAnswer(Environment.WorkingSet, Environment.CpuUsage.TotalTime.TotalSeconds, view.Run.StartedAt),
            view.Completeness(),
            devices,
            outbound)
        {
            Screen = screen,
            Lights = HealthLights.Read(store, devices, machine, options.Certificates(), journal, notes),
            Machine = machine,
            Journal = journal,
        };
    }
}
