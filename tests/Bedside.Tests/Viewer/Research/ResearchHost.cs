using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using Bedside.Model.Audit;
using Bedside.Model.People;
using Bedside.Model.Research;
using Bedside.Storage.Studies;
using Bedside.Tests.Research;
using Bedside.Tests.Viewer.People;
using Bedside.Viewer.Research;
using Microsoft.Extensions.DependencyInjection;

namespace Bedside.Tests.Viewer.Research;

/// <summary>A viewer with one person of each role, the book of studies on a disk, and packages in memory.</summary>
internal sealed class ResearchHost : IAsyncDisposable
{
    private static readonly byte[] Key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    private readonly DirectoryInfo _folder;

    private ResearchHost(PeopleHost people, DirectoryInfo folder, ShelfInMemory shelf, BuildsInMemory builds) => (People, _folder, Shelf, Builds) = (people, folder, shelf, builds);

    public PeopleHost People { get; }

    public ShelfInMemory Shelf { get; }

    public BuildsInMemory Builds { get; }

    public IStudyDesk Studies => People.Host.Services.GetRequiredService<IStudyDesk>();

    public TestClock Clock => People.Host.Clock;

    public static async Task<ResearchHost> StartAsync(bool needsSecondFactor = false)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("bedside-research-");
        var shelf = new ShelfInMemory();
        var builds = new BuildsInMemory();
        PeopleHost people = await PeopleHost.StartAsync(set: options => options.People.NeedsSecondFactor = needsSecondFactor, services: box =>
        {
            box.AddSingleton<IStudyDesk>(provider => StudyBook.Open(folder.FullName, Key, provider.GetRequiredService<IAuditTrail>(), provider.GetRequiredService<TimeProvider>(), StudySettings.Default));
            box.AddSingleton<IDownloadLinks>(DownloadLinkFile.Open(folder.FullName));
            box.AddSingleton<IPackageShelf>(shelf).AddSingleton<IResearchBuilds>(builds).AddSingleton<IAvailability, AvailabilityInMemory>();
            box.AddSingleton<IPublicLogFile>(new LogOnDisk(folder.FullName));
        });
        return new ResearchHost(people, folder, shelf, builds);
    }

    /// <summary>A request of the researcher, whole on the day of the clock.</summary>
    public StudyRequest Request(params string[] badges)
    {
        string[] named = badges.Length == 0 ? ["Researcher"] : badges;
        return Requests.Whole() with
        {
            People = [.. named.Select((badge, i) => new NamedResearcher($"Personne {i + 1}", badge, i == 0 ? Requests.Key : Requests.OtherKey))],
            Expires = DateOnly.FromDateTime(Clock.GetUtcNow().DateTime).AddMonths(6),
        };
    }

    public string Drafted(StudyRequest? request = null) => Studies.Draft(request ?? Request(), "Researcher", [Role.Researcher]);

    public string Submitted(StudyRequest? request = null)
    {
        string id = Drafted(request);
        Take(id, StudyStepKind.Submit, Role.Researcher);
        return id;
    }

    /// <summary>Agreed to twice, told for 16 days, built and lying on the shelf.</summary>
    public string Built(StudyRequest? request = null)
    {
        string id = Submitted(request);
        Take(id, StudyStepKind.ApproveFirst, Role.Steward);
        Take(id, StudyStepKind.ApproveSecond, Role.RightsOfficer);
        Clock.Pass(TimeSpan.FromDays(16));
        string digest = Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(id)));
        Studies.Take(new AskedStep(id, StudyStepKind.Build, "Steward", [Role.Steward], string.Empty)
        {
            Facts = new Dictionary<string, string>(StringComparer.Ordinal) { [StudyFacts.Package] = digest, [StudyFacts.Patients] = "45", [StudyFacts.Version] = "1" },
        });
        Shelf.Put(new ShelvedPackage(id, 1, $"{id}_v1.tar.age", digest, People.Host.Now));
        return id;
    }

    public string Released(StudyRequest? request = null)
    {
        string id = Built(request);
        Take(id, StudyStepKind.Release, Role.Administrator);
        return id;
    }

    public void Take(string study, StudyStepKind kind, Role role, string why = "") => Studies.Take(new AskedStep(study, kind, $"{role}", [role], why));

    public StudyState StateOf(string study) => Studies.StateOf(Studies.Studies.Single(one => one.Id == study));

    public async ValueTask DisposeAsync()
    {
        await People.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private sealed class LogOnDisk(string folder) : IPublicLogFile
    {
        public Stream? Open() => File.Exists(Path.Combine(folder, "public-log.jsonl")) ? File.OpenRead(Path.Combine(folder, "public-log.jsonl")) : null;
    }
}

/// <summary>Packages in memory: made of random bytes, another file for each person.</summary>
internal sealed class ShelfInMemory : IPackageShelf
{
    public const int Bytes = 300_000;

    private readonly ConcurrentDictionary<string, ShelvedPackage> _packages = new(StringComparer.Ordinal);

    /// <summary>Studies with a patient who said no.</summary>
    public ConcurrentDictionary<string, bool> Objected { get; } = new(StringComparer.Ordinal);

    /// <summary>Called while a file is read.</summary>
    public Action? OnRead { get; set; }

    /// <summary>What looks at objections throws, so many times.</summary>
    public int Failing { get; set; }

    /// <summary>One more for each look that is over.</summary>
    public SemaphoreSlim Looks { get; } = new(0);

    public HashSet<string> Shut { get; } = new(StringComparer.Ordinal);

    public static byte[] FileOf(string study, string badge)
    {
        byte[] bytes = new byte[Bytes];
        new Random(string.GetHashCode($"{study} {badge}", StringComparison.Ordinal)).NextBytes(bytes);
        return bytes;
    }

    public void Put(ShelvedPackage package) => _packages[package.Study] = package;

    public ShelvedPackage? Newest(string study) => _packages.GetValueOrDefault(study);

    public ReportView? Report(ShelvedPackage package) => new(
        "45",
        11,
        "<11",
        0.083,
        [new TwoTongues("L’âge est donné par dizaines.", "Age is given in tens of years."), new TwoTongues("La durée du séjour est donnée en quatre tranches.", "The length of stay is given in four bands.")],
        [new TwoTongues("L’étude ST-2026-001 a des patients en commun avec celle-ci.", "Study ST-2026-001 shares patients with this one.")],
        [
            new ReportClass([new("age_band", "60-69"), new("sex", "F"), new("length_band", "3-7")], "15"),
            new ReportClass([new("age_band", "60-69"), new("sex", "M"), new("length_band", "3-7")], "20"),
            new ReportClass([new("age_band", string.Empty), new("sex", "M"), new("length_band", "8-21")], "<11"),
        ]);

    public Task<TwoTongues?> IsOpenAsync(ShelvedPackage package, CancellationToken cancel) => Task.FromResult(
        Objected.ContainsKey(package.Study) ? new TwoTongues("Un patient de ce paquet a dit non ; il est fermé et sera refait.", "A patient of this package said no; it is shut and will be made again.") : null);

    public Stream? Open(ShelvedPackage package, string badge) => new WatchedStream(FileOf(package.Study, badge), () => OnRead?.Invoke());

    public Task EndOverAsync(CancellationToken cancel) => Task.CompletedTask;

    public Task ShutObjectedAsync(CancellationToken cancel)
    {
        try
        {
            if (Failing > 0)
            {
                Failing--;
                throw new IOException("the disk does not answer");
            }

            foreach (string study in Objected.Keys)
            {
                Shut.Add(study);
            }

            return Task.CompletedTask;
        }
        finally
        {
            Looks.Release();
        }
    }

    private sealed class WatchedStream(byte[] bytes, Action read) : MemoryStream(bytes, writable: false)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            read();
            return base.ReadAsync(buffer, cancellationToken);
        }
    }
}

/// <summary>Builds that only a test brings on.</summary>
internal sealed class BuildsInMemory : IResearchBuilds
{
    private readonly ConcurrentDictionary<string, BuildState> _states = new(StringComparer.Ordinal);

    public HashSet<string> Objected { get; } = new(StringComparer.Ordinal);

    public BuildState? StateOf(string study) => _states.GetValueOrDefault(study);

    public void Begin(string study, string by, IReadOnlyList<Role> roles) =>
        _states[study] = new BuildState(IsRunning: true, new TwoTongues("Écriture des signaux", "Writing signals"), 0.42, Failure: null);

    public void Cancel(string study) => _states.TryRemove(study, out _);

    public Task StopObjectedAsync(CancellationToken cancel)
    {
        foreach (string study in Objected)
        {
            _states[study] = new BuildState(IsRunning: false, new TwoTongues(string.Empty, string.Empty), 0, new TwoTongues("Un patient a dit non pendant la construction.", "A patient said no during the build."));
        }

        return Task.CompletedTask;
    }
}

/// <summary>What a small unit would have.</summary>
internal sealed class AvailabilityInMemory : IAvailability
{
    public Task<AvailableData> ReadAsync(CancellationToken cancel) => Task.FromResult(new AvailableData(
        58,
        63,
        new DateOnly(2026, 2, 3),
        new DateOnly(2026, 11, 19),
        [
            new AvailableSignal("ecg-ii", 57, 61, 0.968, 250), new AvailableSignal("abp", 41, 43, 0.912, 125), new AvailableSignal("hr", 58, 63, 0.987, 1), new AvailableSignal("qtc", 7, 8, 0.5, Hertz: null),
        ]));

    public Stream? Sample() => new MemoryStream([1, 2, 3, 4]);
}

/// <summary>What a browser does with pages and forms.</summary>
internal static class PageReading
{
    public static async Task<(HttpStatusCode Status, string Page, HttpResponseMessage Answer)> PageAsync(this PersonBrowser browser, string path, string language = "fr")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.ParseAdd("text/html");
        request.Headers.AcceptLanguage.ParseAdd(language);
        HttpResponseMessage answer = await browser.AskAsync(request);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(), answer);
    }

    /// <summary>With the token of the session, as the page has it in a hidden field.</summary>
    public static async Task<(HttpStatusCode Status, string Page, HttpResponseMessage Answer)> FormAsync(this PersonBrowser browser, string path, params (string Name, string Value)[] fields)
    {
        (string, string)[] sent = browser.Token.Length > 0 ? [.. fields, ("token", browser.Token)] : fields;
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(sent.Select(field => new KeyValuePair<string, string>(field.Item1, field.Item2))) };
        request.Headers.Accept.ParseAdd("text/html");
        request.Headers.AcceptLanguage.ParseAdd("fr");
        HttpResponseMessage answer = await browser.AskAsync(request);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(), answer);
    }

    /// <summary>The fields of a form as a browser would send them again.</summary>
    public static (string Name, string Value)[] FieldsOf(FormValues values, params string[] names) => [.. names.SelectMany(name => values.All(name).Select(value => (name, value)))];
}
