using System.CommandLine;
using Bedside.Extract.Sealing;
using Bedside.Host.Commands;
using Bedside.Host.Research;
using Bedside.Identity;
using Bedside.Identity.Studies;
using Bedside.Model;
using Bedside.Model.People;
using Bedside.Model.Research;
using Bedside.Model.Stays;
using Bedside.Storage;
using Bedside.Storage.Keys;
using Bedside.Storage.People;
using Bedside.Storage.Stays;
using Bedside.Tests.Storage;
using Bedside.Tests.Viewer;
using Microsoft.AspNetCore.Identity;

namespace Bedside.Tests.Research;

/// <summary>The data folder of a bed with stays of patients who are called like canaries, people with accounts, and the commands of studies with a clock that a test moves.</summary>
internal sealed class StudyWard : IAsyncDisposable
{
    public const string Canary = "KANARIENVOGEL";
    public const int Stays = 66;

    public const string Password = "trois mots sans lien";
    private const long Hour = 3_600_000_000_000;
    private const long Minute = Hour / 60;
    private static readonly UtcInstant First = UtcInstant.FromDateTime(new DateTimeOffset(2026, 6, 1, 8, 0, 0, TimeSpan.Zero));

    private readonly TemporaryFolder _folder = new();
    private readonly AgeIdentity _identity = AgeIdentity.Generate();

    private StudyWard()
    {
    }

    public TestClock Clock { get; } = new();

    /// <summary>What a person types unseen.</summary>
    public Func<string, string> Secret { get; set; } = _ => Password;

    /// <summary>What the unit says of other beds whenever it is asked; null = this box is alone.</summary>
    public Func<RefusedElsewhere?> Elsewhere { get; set; } = () => null;

    /// <summary>These patients of <see cref="AdmitAsync"/> say no at another bed of the unit.</summary>
    public static RefusedElsewhere Refusing(params int[] patients)
    {
        byte[] key = [.. Enumerable.Range(0, StudyKey.Bytes).Select(i => (byte)i)];
        using var subjects = new SubjectKey(key);
        return new RefusedElsewhere(key, patients.Select(patient => subjects.Of(PatientIdentity.OfNumber(NumberOf(patient)))).ToHashSet());
    }

    public string Data => Path.Combine(_folder.Path, "data");

    public string File(string name) => Path.Combine(_folder.Path, name);

    public static Task<StudyWard> StartAsync() => StartAsync(ward => ward.AdmitAsync());

    /// <summary>With a data folder into which <paramref name="fill"/> puts stays.</summary>
    public static async Task<StudyWard> StartAsync(Func<StudyWard, Task> fill)
    {
        var ward = new StudyWard();
        Directory.CreateDirectory(ward.Data);
        ward.AddPeople();
        await fill(ward);
        await System.IO.File.WriteAllTextAsync(ward.File("secret"), $"# public key: {ward._identity.Recipient}\n{ward._identity.Secret()}\n");
        ward.NeedSecondFactor(wanted: false);
        await System.IO.File.WriteAllTextAsync(ward.File("request.json"), RequestText.Write(ward.Request()));
        return ward;
    }

    public StudyRequest Request() => Requests.Whole() with
    {
        People = [new NamedResearcher("Jeanne Exemple", "R2", _identity.Recipient.ToString())],
        Signals = [new AskedSignal("hr", "The question itself."), new AskedSignal("abp", "Its shape.")],
        Expires = new DateOnly(2027, 11, 1),
    };

    /// <summary>Whether the site wants a second factor of people who decide.</summary>
    public void NeedSecondFactor(bool wanted) => System.IO.File.WriteAllText(File("site.json"), wanted ? "{}" : """{"people": {"secondFactor": "offered"}}""");

    /// <summary>What it printed. Throws <see cref="CommandFailedException"/>.</summary>
    public async Task<string> SayAsync(string command, params string[] arguments)
    {
        await using var output = new StringWriter();
        bool isPublic = command is "check" or "template" or "open" or "keygen" or "sample";
        string[] all = ["extract", command, .. arguments, .. isPublic ? Array.Empty<string>() : ["--data", Data, .. command == "log" ? Array.Empty<string>() : ["--config", File("site.json")]]];
        var world = new StudyConsoleWorld(Clock, Secret) { Elsewhere = (_, _) => Elsewhere() };
        int code = await new RootCommand { ExtractCommand.Create(world) }.Parse(all).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, Output = output, Error = output });
        Assert.True(code == 0, $"{command}: {code} {output}");
        return output.ToString();
    }

    public async Task<string> FailAsync(string command, params string[] arguments) => (await Assert.ThrowsAsync<CommandFailedException>(() => SayAsync(command, arguments))).Message;

    /// <summary>Another box, at whose bed that patient lies now.</summary>
    /// <returns>Its data folder, and the stay there.</returns>
    public async Task<(string Data, StayId Stay)> MoveAsync(int patient)
    {
        string data = File("other-box");
        Directory.CreateDirectory(data);
        using BoxKey box = KeyOf(data);
        await using var store = Store.Open(data, new Bedside.Storage.StoreOptions { BoxKey = box }, Clock);
        using StayBook book = store.OpenStays(new StaySettings());
        using var vault = IdentityVault.Open(data, box);
        (PersonToken person, VisitToken visit) = Hear(vault, patient, Now);
        await book.SayAsync(Event(StayEventKind.Admit, Now, person, visit, 1), CancellationToken.None);
        vault.Save();
        await store.SyncAsync(CancellationToken.None);
        return (data, book.Spans.First(span => span.Person == person).Stay);
    }

    /// <summary>The patient of that stay says no, or yes again.</summary>
    /// <param name="data">Folder of the box that hears it; null = of this ward.</param>
    public async Task ObjectAsync(StayId stay, StayEventKind kind = StayEventKind.ResearchRefused, string? data = null)
    {
        using BoxKey box = KeyOf(data ?? Data);
        using var book = StayBook.Open(data ?? Data, new Bedside.Storage.StoreOptions { BoxKey = box }, new StaySettings(), Clock);
        await book.SayAsync(
            new StayEvent { Kind = kind, Source = StaySource.Person, Arrived = Now, Happened = Now, By = "N1", Task = stay.ToString(), Person = book.Spans.First(span => span.Stay == stay).Person }, CancellationToken.None);
    }

    public IReadOnlyList<StayId> AllStays()
    {
        using BoxKey box = Key();
        using var book = StayBook.OpenReadOnly(Data, box, new StaySettings(), Clock);
        return [.. book.Spans.Select(span => span.Stay).Distinct()];
    }

    public ValueTask DisposeAsync()
    {
        _identity.Dispose();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private UtcInstant Now => UtcInstant.FromDateTime(Clock.GetUtcNow());

    private BoxKey Key() => KeyOf(Data);

    public static BoxKey KeyOf(string data) => BoxKey.ReadOrCreate(Path.Combine(data, BoxKey.FileName), out _);

    /// <summary>A vault hears of a patient: the number, and what canaries are called.</summary>
    private static (PersonToken Person, VisitToken Visit) Hear(IdentityVault vault, int patient, UtcInstant at)
    {
        PersonNumber number = NumberOf(patient);
        vault.HearAuthority(number);
        PersonToken person = vault.TokenOf(number);
        VisitToken visit = vault.VisitOf("visit", new PersonNumber($"V{patient}", "H", "VN"));
        vault.Keep(person, new PersonFacts { Numbers = [number], Family = Canary, Given = "Zoé", BirthDate = $"195{patient % 5}-02-03", Sex = patient % 2 == 0 ? "F" : "M" }, at);
        vault.KeepVisit(visit, person, at);
        return (person, visit);
    }

    private static PersonNumber NumberOf(int patient) => new($"{Canary}{patient}", "H", "MR");

    private void AddPeople()
    {
        var hasher = new PasswordHasher<string>(Microsoft.Extensions.Options.Options.Create(new PasswordHasherOptions { IterationCount = 1 }));
        string hash = hasher.HashPassword(string.Empty, Password);
        var accounts = AccountBook.Open(Data);
        foreach (string badge in StudyWalk.Everybody)
        {
            Assert.Equal(AccountFault.None, accounts.Change(list => AccountRules.Add(list, new Account { Badge = badge, Name = badge, Roles = StudyWalk.RolesOf(badge), CreatedBy = "console", CreatedAt = Now, Password = hash })));
        }
    }

    private async Task AdmitAsync()
    {
        using BoxKey box = Key();
        await using var store = Store.Open(Data, new Bedside.Storage.StoreOptions { BoxKey = box }, Clock);
        using StayBook book = store.OpenStays(new StaySettings());
        using var vault = IdentityVault.Open(Data, box);
        Signal rate = store.Register("serial 123456", new Metric { SignalId = "hr", Kind = SignalKind.Numeric, Unit = "/min" });
        Signal wave = store.Register("serial 123456", new Metric { SignalId = "abp", Kind = SignalKind.Waveform, Unit = "mm[Hg]" });
        for (int i = 0; i < Stays; i++)
        {
            UtcInstant from = First.Add(i * 26 * Hour);
            (PersonToken person, VisitToken visit) = Hear(vault, i, from);
            await book.SayAsync(Event(StayEventKind.Admit, from, person, visit, (2 * i) + 1), CancellationToken.None);
            await book.SayAsync(Event(StayEventKind.Discharge, from.Add(24 * Hour), person, visit, (2 * i) + 2), CancellationToken.None);
            await AppendAsync(store, (rate, wave), from, i);
        }

        vault.Save();
        await store.SyncAsync(CancellationToken.None);
    }

    private static StayEvent Event(StayEventKind kind, UtcInstant at, PersonToken person, VisitToken visit, int content) => new()
    {
        Kind = kind,
        Source = StaySource.Admissions,
        Arrived = at,
        Happened = at,
        Sent = at,
        Place = Place.Here,
        Person = person,
        Visit = visit,
        Content = (UInt128)content,
    };

    private static async Task AppendAsync(Store store, (Signal Rate, Signal Wave) signals, UtcInstant from, int seed)
    {
        UtcInstant at = from.Add(Hour);
        await store.AppendAsync(
            new NumericBlock { Signal = signals.Rate.Number, Start = at, Readings = [.. Enumerable.Range(0, 60).Select(i => new NumericReading(at.Add(i * Minute), new Fixed(60 + ((i + seed) % 40), 0), Validity.Valid, DeviceNanoseconds: null))] },
            CancellationToken.None);
        await store.AppendAsync(
            new SampleBlock { Signal = signals.Wave.Number, Start = at, Period = SamplePeriod.FromHertz(125), Samples = Enumerable.Range(0, 1250).Select(i => (i * 7) + seed).ToArray(), Scale = new Scale(0.01, 0) },
            CancellationToken.None);
    }
}
