using Bedside.Audit;
using Bedside.Extract.Package;
using Bedside.Host.Commands;
using Bedside.Host.Options;
using Bedside.Host.Research;
using Bedside.Model;
using Bedside.Model.People;
using Bedside.Model.Research;
using Bedside.Tests.Viewer;
using Bedside.Tests.Viewer.Research;
using Bedside.Viewer;
using Bedside.Viewer.Research;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bedside.Tests.Research;

/// <summary>The shelf of a running box with packages that were really built, under clocks that a test moves.</summary>
public sealed class BoxShelfTests
{
    private const string Id = "ST-2026-001";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_no_that_is_said_at_the_bed_shuts_the_released_package_within_sixty_seconds_without_anybody_asking()
    {
        await using StudyWard ward = await ReleasedAsync();
        using AuditTrail trail = Trail(ward);
        using var shelf = new LookedAt(Shelf(ward, trail));
        var clock = new HandClock();
        using var watch = new ObjectionWatch(new ResearchBox(clock, Microsoft.Extensions.Options.Options.Create(new ViewerOptions()), shelf: shelf), clock, NullLogger<ObjectionWatch>.Instance);
        await watch.StartAsync(CancellationToken.None);
        await shelf.LookedAsync();
        ShelvedPackage package = shelf.Newest(Id)!;
        Assert.Null(await shelf.IsOpenAsync(package, CancellationToken.None));

        await ward.ObjectAsync(ward.AllStays()[3]);
        DateTimeOffset said = clock.GetUtcNow();
        while (StateOf(ward, trail) == StudyState.Released)
        {
            clock.Pass(ObjectionWatch.Every);
            await shelf.LookedAsync();
            Assert.True(clock.GetUtcNow() - said <= Limit, "not in force after 60 s");
        }

        Assert.Null(shelf.Newest(Id));
        Assert.Null(shelf.Open(package, "R2"));
        Assert.NotNull(await shelf.IsOpenAsync(package, CancellationToken.None));
        await watch.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_no_that_comes_while_a_package_is_built_is_seen_by_the_watch_and_the_build_leaves_nothing()
    {
        await using StudyWard ward = await ReadyAsync();
        using AuditTrail trail = Trail(ward);
        using StudyConsole console = Studies(ward, trail).Open();
        var build = new PackageBuild(console, []);
        StayId stay = ward.AllStays()[5];
        await EndedAsync(ward, console, build, () => ward.ObjectAsync(stay));
        Assert.Equal(StudyState.Ready, console.Book.StateOf(console.Find(Id)));
        _ = await build.RunAsync(console.Find(Id), "S1", [Role.Steward], progress: null, CancellationToken.None);
        Assert.DoesNotContain(new PackageShelf(console).Newest(console.Find(Id))!.Stays, one => one.Source == stay.ToString());
    }

    [Fact]
    public async Task What_is_over_ends_by_itself_but_never_on_the_word_of_a_clock_that_nobody_keeps()
    {
        await using StudyWard ward = await ReleasedAsync();
        using AuditTrail trail = Trail(ward);
        string keys = Path.Combine(ward.Data, "study-keys");
        string folder = Path.Combine(ward.Data, "research", $"{Id}_v1");
        bool isTrusted = false;
        BoxShelf shelf = Shelf(ward, trail, () => isTrusted);

        ward.Clock.Pass(TimeSpan.FromDays(31));
        await shelf.EndOverAsync(CancellationToken.None);
        Assert.NotEmpty(Directory.GetFiles(folder, "*.age"));
        isTrusted = true;
        await shelf.EndOverAsync(CancellationToken.None);
        Assert.Empty(Directory.GetFiles(folder, "*.age"));
        Assert.True(File.Exists(Path.Combine(folder, "record")), "who is in it must still be known: a patient may say no later");

        ward.Clock.Pass(TimeSpan.FromDays(330));
        isTrusted = false;
        await shelf.EndOverAsync(CancellationToken.None);
        Assert.Contains(Id, await File.ReadAllTextAsync(keys), StringComparison.Ordinal);
        isTrusted = true;
        await shelf.EndOverAsync(CancellationToken.None);
        Assert.DoesNotContain(Id, await File.ReadAllTextAsync(keys), StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder));
        Assert.Contains("\"kind\":\"expire\"", await ward.SayAsync("log", "--json"), StringComparison.Ordinal);
        await shelf.EndOverAsync(CancellationToken.None);
        Assert.Single((await ward.SayAsync("log", "--json")).Split('\n'), line => line.Contains("\"kind\":\"expire\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_no_that_is_said_at_another_bed_holds_for_what_this_box_has_of_the_patient()
    {
        const int Patient = 7;
        await using StudyWard ward = await ReadyAsync();
        using AuditTrail trail = Trail(ward);
        string here = ward.AllStays()[Patient].ToString();
        (string other, StayId there) = await ward.MoveAsync(Patient);
        await ward.SayAsync("build", Id, "--as", "S1", "--also", other);
        await ward.SayAsync("release", Id, "--as", "A1");
        Assert.Contains(StaysOf(ward, trail), one => one.Source == here);

        await ward.ObjectAsync(there, data: other);
        BoxShelf shelf = Shelf(ward, trail);
        await shelf.ShutObjectedAsync(CancellationToken.None);
        Assert.NotEqual(StudyState.Released, StateOf(ward, trail));
        Assert.Empty(Directory.GetFiles(Path.Combine(ward.Data, "research", $"{Id}_v1"), "*.age"));

        await ward.SayAsync("build", Id, "--as", "S1", "--also", other);
        Assert.NotEmpty(StaysOf(ward, trail));
        Assert.DoesNotContain(StaysOf(ward, trail), one => one.Source == here);
    }

    [Fact]
    public async Task A_no_at_another_bed_while_the_package_is_built_ends_the_build()
    {
        const int Patient = 9;
        await using StudyWard ward = await ReadyAsync();
        using AuditTrail trail = Trail(ward);
        (string other, StayId there) = await ward.MoveAsync(Patient);
        using StudyConsole console = Studies(ward, trail).Open();
        await EndedAsync(ward, console, new PackageBuild(console, [new DirectoryInfo(other)]), () => ward.ObjectAsync(there, data: other));
    }

    [Fact]
    public async Task A_package_is_given_to_nobody_while_a_box_that_it_was_made_of_cannot_be_asked()
    {
        await using StudyWard ward = await ReadyAsync();
        (string other, _) = await ward.MoveAsync(1);
        await ward.SayAsync("build", Id, "--as", "S1", "--also", other);
        await ward.SayAsync("release", Id, "--as", "A1");
        Directory.Move(other, $"{other}-away");

        Assert.Contains("is not there, so nobody can ask its patients", await ward.FailAsync("fetch", Id, "--as", "R2", "--out", ward.File("package.age")), StringComparison.Ordinal);

        Assert.False(File.Exists(ward.File("package.age")));
        Directory.Move($"{other}-away", other);
        await ward.SayAsync("fetch", Id, "--as", "R2", "--out", ward.File("package.age"));
    }

    [Fact]
    public async Task A_no_at_any_bed_of_the_unit_shuts_what_was_built_here_of_this_box_alone_and_the_next_build_is_without_it()
    {
        const int Patient = 7;
        await using StudyWard ward = await ReleasedAsync();
        using AuditTrail trail = Trail(ward);
        string here = ward.AllStays()[Patient].ToString();
        ward.Elsewhere = () => StudyWard.Refusing();
        BoxShelf shelf = Shelf(ward, trail);
        await shelf.ShutObjectedAsync(CancellationToken.None);
        Assert.Equal(StudyState.Released, StateOf(ward, trail));

        ward.Elsewhere = () => StudyWard.Refusing(Patient);
        await shelf.ShutObjectedAsync(CancellationToken.None);

        Assert.NotEqual(StudyState.Released, StateOf(ward, trail));
        Assert.Empty(Directory.GetFiles(Path.Combine(ward.Data, "research", $"{Id}_v1"), "*.age"));
        await ward.SayAsync("build", Id, "--as", "S1");
        Assert.NotEmpty(StaysOf(ward, trail));
        Assert.DoesNotContain(StaysOf(ward, trail), one => one.Source == here);
    }

    [Fact]
    public async Task A_no_at_any_bed_of_the_unit_while_a_package_is_built_ends_the_build()
    {
        await using StudyWard ward = await ReadyAsync();
        using AuditTrail trail = Trail(ward);
        using StudyConsole console = Studies(ward, trail).Open();
        await EndedAsync(ward, console, new PackageBuild(console, []), () =>
        {
            ward.Elsewhere = () => StudyWard.Refusing(3);
            return Task.CompletedTask;
        });
    }

    [Fact]
    public async Task While_the_unit_cannot_be_asked_nothing_is_built_counted_or_given_out()
    {
        await using StudyWard ward = await ReleasedAsync();
        const string Silent = "the unit head has not heard of bed13";
        ward.Elsewhere = () => throw new IOException(Silent);

        Assert.Contains(Silent, await ward.FailAsync("fetch", Id, "--as", "R2", "--out", ward.File("package.age")), StringComparison.Ordinal);
        Assert.False(File.Exists(ward.File("package.age")));
        Assert.Contains(Silent, await ward.FailAsync("availability"), StringComparison.Ordinal);
        using (AuditTrail trail = Trail(ward))
        {
            Assert.Equal(StudyState.Released, StateOf(ward, trail));
        }

        await using StudyWard ready = await ReadyAsync();
        ready.Elsewhere = ward.Elsewhere;
        Assert.Contains(Silent, await ready.FailAsync("build", Id, "--as", "S1"), StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(ready.Data, "research", $"{Id}_v1")));

        ward.Elsewhere = () => null;
        await ward.SayAsync("fetch", Id, "--as", "R2", "--out", ward.File("package.age"));
    }

    /// <summary>A build that is held where it says how far it is, ends when a patient says no then, and leaves nothing.</summary>
    private static async Task EndedAsync(StudyWard ward, StudyConsole console, PackageBuild build, Func<Task> sayNo)
    {
        using var progress = new HeldOnce();
        Task<PackageRecord> building = build.RunAsync(console.Find(Id), "S1", [Role.Steward], progress, CancellationToken.None);
        await progress.ReachedAsync();
        Assert.False(build.IsObjected());
        await sayNo();
        Assert.True(build.IsObjected());
        progress.GoOn();

        StudyRefusedException refused = await Assert.ThrowsAsync<StudyRefusedException>(() => building);

        Assert.Contains("said no during the build", refused.Sentence.English, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(ward.Data, "research")));
    }

    private static async Task<StudyWard> ReleasedAsync()
    {
        StudyWard ward = await ReadyAsync();
        await ward.SayAsync("build", Id, "--as", "S1");
        await ward.SayAsync("release", Id, "--as", "A1");
        return ward;
    }

    private static async Task<StudyWard> ReadyAsync()
    {
        StudyWard ward = await StudyWard.StartAsync();
        await ward.SayAsync("draft", ward.File("request.json"), "--as", "R1");
        await ward.SayAsync("submit", Id, "--as", "R1");
        await ward.SayAsync("approve", Id, "--as", "S1");
        await ward.SayAsync("approve", Id, "--as", "O1");
        ward.Clock.Pass(TimeSpan.FromDays(15));
        return ward;
    }

    private static AuditTrail Trail(StudyWard ward) => CommandAudit.Open(new DirectoryInfo(ward.Data));

    private static BoxStudies Studies(StudyWard ward, AuditTrail trail) => new((new DirectoryInfo(ward.Data), null), new BedOptions(), trail, ward.Clock, (_, _) => ward.Elsewhere());

    private static BoxShelf Shelf(StudyWard ward, AuditTrail trail, Func<bool>? isClockTrusted = null) => new(Studies(ward, trail), isClockTrusted ?? (() => true));

    private static IReadOnlyList<PackagedStay> StaysOf(StudyWard ward, AuditTrail trail)
    {
        using StudyConsole console = Studies(ward, trail).Open();
        return new PackageShelf(console).Newest(console.Find(Id))!.Stays;
    }

    private static StudyState StateOf(StudyWard ward, AuditTrail trail)
    {
        using StudyConsole console = Studies(ward, trail).Open();
        return console.Book.StateOf(console.Find(Id));
    }

    /// <summary>Holds a build where it first says how far it is, until it may go on.</summary>
    private sealed class HeldOnce : IProgress<BuildProgress>, IDisposable
    {
        private readonly SemaphoreSlim _reached = new(0);
        private readonly SemaphoreSlim _goOn = new(0);
        private int _times;

        public async Task ReachedAsync() => Assert.True(await _reached.WaitAsync(ViewerHost.Patience), "the build told nothing of how far it was");

        public void GoOn() => _goOn.Release();

        public void Report(BuildProgress value)
        {
            if (Interlocked.Increment(ref _times) == 1)
            {
                _reached.Release();
                _goOn.Wait();
            }
        }

        public void Dispose()
        {
            _reached.Dispose();
            _goOn.Dispose();
        }
    }

    /// <summary>The shelf, and one more for each turn of the watch that is over.</summary>
    private sealed class LookedAt(BoxShelf shelf) : IPackageShelf, IDisposable
    {
        private readonly SemaphoreSlim _looks = new(0);

        public async Task LookedAsync() => Assert.True(await _looks.WaitAsync(ViewerHost.Patience), "nobody looked");

        public void Dispose() => _looks.Dispose();

        public ShelvedPackage? Newest(string study) => shelf.Newest(study);

        public ReportView? Report(ShelvedPackage package) => shelf.Report(package);

        public Task<TwoTongues?> IsOpenAsync(ShelvedPackage package, CancellationToken cancel) => shelf.IsOpenAsync(package, cancel);

        public Stream? Open(ShelvedPackage package, string badge) => shelf.Open(package, badge);

        public Task ShutObjectedAsync(CancellationToken cancel) => shelf.ShutObjectedAsync(cancel);

        public async Task EndOverAsync(CancellationToken cancel)
        {
            await shelf.EndOverAsync(cancel);
            _looks.Release();
        }
    }
}
