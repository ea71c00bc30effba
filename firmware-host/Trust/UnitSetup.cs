using System.Net;
using Bedside.Host.Commands;
using Bedside.Host.Options;
using Bedside.Host.Services;
using Bedside.Identity.Studies;
using Bedside.Model.Audit;
using Bedside.Storage.Disk;
using Bedside.Storage.Keys;
using Bedside.Storage.Stays;
using Bedside.Viewer;

namespace Bedside.Host.Trust;

/// <summary>The unit in a running box: its certificate is kept, the door for other machines is opened where that may be, and the head renews the certificates of the others.</summary>
internal sealed class UnitSetup
{
    private readonly UnitFiles _files;
    private readonly DirectoryInfo _data;
    private readonly FileInfo? _key;
    private readonly IPEndPoint? _listen;
    private readonly (string French, string English)? _closed;
    private CertificateKeeper? _keeper;
    private RemovalWatch? _removals;
    private WitnessDesk? _witness;

    private UnitSetup(DirectoryInfo data, FileInfo? key, string listen, bool hasAccounts)
    {
        (_data, _key) = (data, key);
        _files = FilesOf(data);
        _listen = listen.Length == 0 ? null : ListenPlace.Parse(listen, "--listen");
        if (_listen is not null && ListenPlace.Refusal(_listen, hasAccounts) is { } refusal)
        {
            Console.Error.WriteLine($"bedside: --listen: {refusal}");
            _closed = hasAccounts || IPAddress.IsLoopback(_listen.Address)
                ? ("Les autres machines ne voient pas cet écran : l’adresse demandée ne peut pas être ouverte.", "Other machines do not see this screen: the address that was asked for cannot be opened.")
                : ("Les autres machines ne voient pas cet écran : le boîtier n’a pas encore de compte.", "Other machines do not see this screen: the box has no account yet.");
            _listen = null;
        }
    }

    /// <summary>Host names by which this box may be asked for.</summary>
    public IReadOnlyCollection<string> Names => _keeper?.Current is { } current ? [current.Unit.Host] : [];

    /// <summary>Under which all boxes of the unit have their names; null = this box is in no unit, or is not known to be yet.</summary>
    public string? Zone => _keeper?.Current?.Unit.Zone;

    /// <summary>For the screen; null = nothing is to be said.</summary>
    public CertificateReport? Report =>
        _closed is not null ? (_keeper?.Report ?? new CertificateReport()) with { Closed = _closed }
        : _keeper?.Report is null && _listen is not null ? new CertificateReport
        {
            Closed = (
                "Les autres machines ne voient pas cet écran : ce boîtier n’est inscrit dans aucune unité et n’a pas de certificat.",
                "Other machines do not see this screen: this box has joined no unit and has no certificate."),
        }
        : _keeper?.Report;

    /// <summary>Journals of the unit that do not go on from what was seen of them.</summary>
    public IReadOnlyList<HealthNote> Notes => _witness?.Note is { } note ? [note] : [];

    public static UnitFiles FilesOf(DirectoryInfo data) => new(new PosixDisk(data.FullName, isPrivate: true));

    /// <summary>Adds what the box needs of it. Throws <see cref="CommandFailedException"/> when <paramref name="listen"/> is no place; what cannot be opened is said and left out.</summary>
    /// <param name="listen"><c>HOST:PORT</c>; empty = the loopback alone.</param>
    public static UnitSetup Add(WebApplicationBuilder builder, (DirectoryInfo Data, FileInfo? Key) place, string listen, bool hasAccounts)
    {
        var unit = new UnitSetup(place.Data, place.Key, listen, hasAccounts);
        builder.Services.AddSingleton(services => new CertificateKeeper(
            unit._files,
            unit.BoxKey,
            (box, key, cancel) => HeadLine.RenewAsync(box, key, services.GetRequiredService<TimeProvider>(), cancel),
            UnitTrail.OfBox(services.GetRequiredService<IAuditTrail>()),
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILogger<CertificateKeeper>>()));
        builder.Services.AddHostedService(services => services.GetRequiredService<CertificateKeeper>());
        builder.Services.AddSingleton(services => new RemovalWatch(
            unit._files,
            () => services.GetRequiredService<CertificateKeeper>().Current,
            (box, cancel) => HeadLine.RemovalsAsync(box, services.GetRequiredService<TimeProvider>(), cancel),
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILogger<RemovalWatch>>()));
        builder.Services.AddHostedService(services => services.GetRequiredService<RemovalWatch>());
        builder.Services.AddSingleton(services => new WishDesk(unit._files, unit.BoxKey, services.GetRequiredService<TimeProvider>()));
        builder.Services.AddSingleton(services => new WishWatch(
            () => services.GetRequiredService<CertificateKeeper>().Current,
            (box, question, cancel) => unit._files.ReadAuthority() is null
                ? HeadLine.WishesAsync(box, question, services.GetRequiredService<TimeProvider>(), cancel)
                : Task.FromResult(services.GetRequiredService<WishDesk>().Answer(box.Unit.Box, question)),
            subjects => Refusing(services, subjects),
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILogger<WishWatch>>()));
        builder.Services.AddHostedService(services => services.GetRequiredService<WishWatch>());
        builder.Services.AddSingleton<WitnessDesk>();
        builder.Services.AddSingleton(services => new WitnessWatch(
            services.GetRequiredService<WitnessDesk>(),
            () => unit._files.ReadAuthority() is null ? services.GetRequiredService<CertificateKeeper>().Current : null,
            (box, call, cancel) => HeadLine.WitnessAsync(box, call, services.GetRequiredService<TimeProvider>(), cancel),
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILogger<WitnessWatch>>()));
        builder.Services.AddHostedService(services => services.GetRequiredService<WitnessWatch>());
        if (unit._listen is { } at)
        {
            builder.WebHost.ConfigureKestrel(kestrel => TlsListener.Listen(
                kestrel,
                at,
                kestrel.ApplicationServices.GetRequiredService<CertificateKeeper>(),
                unit.IsOfUnit,
                kestrel.ApplicationServices.GetRequiredService<TimeProvider>()));
        }

        return unit;
    }

    /// <summary>Once the box is put together.</summary>
    public void Map(WebApplication app)
    {
        _keeper = app.Services.GetRequiredService<CertificateKeeper>();
        _removals = app.Services.GetRequiredService<RemovalWatch>();
        TimeProvider time = app.Services.GetRequiredService<TimeProvider>();
        var trail = UnitTrail.OfBox(app.Services.GetRequiredService<IAuditTrail>());
        app.MapWishes(app.Services.GetRequiredService<WishDesk>, HostOf);
        _witness = app.Services.GetRequiredService<WitnessDesk>();
        app.MapWitness(() => _files.ReadAuthority() is null ? null : _witness, HostOf);
        app.MapRenewal(() => BoxKey() is { } box ? new UnitDesk(_files, box, time, trail) : null, _files.ReadUnit, HostOf);
    }

    /// <summary>What this box shows another of its unit, and asks of it; null = it has no certificate now.</summary>
    public System.Net.Security.SslClientAuthenticationOptions? Client(string host) => _keeper?.Current?.Client(host, TimeProvider.System, IsOfUnit);

    /// <summary>On the head a box must stand in its book; another box knows whom the head removed.</summary>
    private bool IsOfUnit(string box)
    {
        try
        {
            return _files.ReadAuthority() is { } book ? book.Issued.Any(issued => issued.Box == box) : _removals?.Admits(box) != false;
        }
        catch (Exception failed) when (failed is UnitFaultException or IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private string? HostOf(string box) => _files.ReadAuthority()?.Issued.FirstOrDefault(issued => issued.Box == box)?.Host;

    /// <summary>Marks of everybody who refuses research at this bed; where nobody's identity was ever kept there are none.</summary>
    private static IReadOnlySet<UInt128> Refusing(IServiceProvider services, SubjectKey subjects)
    {
        StayBook book = services.GetRequiredService<StayBook>();
        return services.GetService<VaultPlace>()?.OpenIfThere() is { } vault ? StudySubjects.Refusing(vault, book.Spans, book.Wishes, subjects) : new HashSet<UInt128>();
    }

    private BoxKey? BoxKey() => BoxKeyPlace.Read(_data, _key);
}
