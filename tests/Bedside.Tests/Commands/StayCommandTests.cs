using System.CommandLine;
using Bedside.Host.Commands;
using Bedside.Identity;
using Bedside.Model;
using Bedside.Model.Stays;
using Bedside.Storage;
using Bedside.Storage.Keys;
using Bedside.Storage.Stays;
using Bedside.Tests.Storage;

namespace Bedside.Tests.Commands;

/// <summary><c>bedside stay</c> on a stopped box.</summary>
public sealed class StayCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static UtcInstant Now => UtcInstant.FromDateTime(TimeProvider.System.GetUtcNow());

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_a_person_says_is_kept_and_can_be_taken_back()
    {
        await SayAsync(Admit(1, minutesAgo: 90));
        Assert.Equal(0, await RunAsync("stay", "confirm", "--from", Now.Add(-600_000_000_000).ToString(), "--nobody"));
        Assert.Null(Read(book => book.Present));
        Assert.Equal(0, await RunAsync("stay", "undo", "2"));
        StaySpan present = Read(book => book.Present)!;
        Assert.Equal(0, await RunAsync("stay", "confirm", "--from", present.From.ToString(), "--stay", present.Stay.ToString()));
        Assert.Equal(present.Stay, Read(book => book.Present)!.Stay);
        Assert.Equal(0, await RunAsync("stay", "list"));
        Assert.Equal(0, await RunAsync("stay", "list", "--json"));
    }

    [Fact]
    public async Task A_question_is_settled_with_one_of_its_answers_only()
    {
        await SayAsync(Admit(1, minutesAgo: 300));
        await SayAsync(Admit(2, minutesAgo: 90));
        StayTask task = Assert.Single(Read(book => book.Tasks));
        Assert.Equal($"perhaps does not answer {task.Key}: its answers are newer, older.", await FailAsync("stay", "settle", task.Key, "perhaps"));
        Assert.Equal(0, await RunAsync("stay", "settle", task.Key, "older"));
        Assert.Equal(1u, (uint)Read(book => book.Present)!.Visit.Value);
        Assert.Equal(0, await RunAsync("stay", "tasks", "--json"));
        Assert.Equal("there is no question two-visits-9-8.", await FailAsync("stay", "settle", "two-visits-9-8", "older"));
        Assert.Equal("nothing with the number 77 was said.", await FailAsync("stay", "undo", "77"));
    }

    [Fact]
    public async Task A_key_that_holds_data_of_another_stay_is_destroyed_only_when_that_is_said_too()
    {
        Assert.Equal(0, await RunAsync("stay", "begin"));
        await SayAsync(Admit(1, minutesAgo: 0));
        await SayAsync(Admit(2, minutesAgo: 0));
        (StayId first, StayId second) = Read(book => (book.Spans[0].Stay, book.Spans[^1].Stay));
        IReadOnlyList<StayId> keys = Read(book => book.KeysOf(second));
        Assert.NotEmpty(keys);
        string refusal = await FailAsync("stay", "erase", second.ToString(), "--yes");
        Assert.StartsWith($"the key {keys[0]} also holds data of the stay {first}, and is destroyed whole or not at all; say --all-of-key", refusal, StringComparison.Ordinal);
        Assert.StartsWith("this would destroy for ever", await FailAsync("stay", "erase", second.ToString(), "--all-of-key"), StringComparison.Ordinal);
        Assert.Equal(0, await RunAsync("stay", "erase", second.ToString(), "--all-of-key", "--yes"));
        await using var store = Store.OpenReadOnly(_folder.Path, TimeProvider.System);
        Assert.All(store.ListStays().Where(key => keys.Contains(key.Id)), key => Assert.Equal(StayState.Erased, key.State));
    }

    [Fact]
    public async Task Whoever_had_no_other_stay_than_the_erased_one_is_forgotten()
    {
        Assert.Equal(0, await RunAsync("stay", "begin"));
        PersonToken[] persons = [Keep("101"), Keep("102")];
        await SayAsync(Admit(1, minutesAgo: 0) with { Person = persons[0] });
        await SayAsync(new StayEvent { Kind = StayEventKind.Discharge, Source = StaySource.Admissions, Arrived = Now, Happened = Now, Visit = new VisitToken(1), Person = persons[0] });
        await SayAsync(Admit(2, minutesAgo: 0) with { Person = persons[1] });
        await SayAsync(new StayEvent { Kind = StayEventKind.Discharge, Source = StaySource.Admissions, Arrived = Now, Happened = Now, Visit = new VisitToken(2), Person = persons[1] });
        Assert.Equal(0, await RunAsync("stay", "begin"));
        await SayAsync(Admit(3, minutesAgo: 0) with { Person = persons[1] });
        Assert.Equal([true, true], persons.Select(IsKnown));
        Assert.Equal(0, await RunAsync("stay", "erase", Read(book => book.Spans.First(span => span.Visit.Value == 1).Stay).ToString(), "--all-of-key", "--yes"));
        Assert.Equal([false, true], persons.Select(IsKnown));
    }

    private static StayEvent Admit(ulong visit, int minutesAgo) => new()
    {
        Kind = StayEventKind.Admit,
        Source = StaySource.Admissions,
        Arrived = Now,
        Happened = Now.Add(-60_000_000_000L * minutesAgo),
        Visit = new VisitToken(visit),
        Person = new PersonToken(visit),
        Place = Place.Here,
    };

    private PersonToken Keep(string number) => WithVault(vault =>
    {
        var known = new PersonNumber(number, "HOSP", "MR");
        PersonToken person = vault.TokenOf(known);
        vault.Keep(person, new PersonFacts { Numbers = [known] }, Now);
        vault.Save();
        return person;
    });

    private bool IsKnown(PersonToken person) => WithVault(vault => vault.Describe(person) is not null);

    private T WithVault<T>(Func<IdentityVault, T> ask)
    {
        using BoxKey key = BoxKeyPlace.Read(new DirectoryInfo(_folder.Path), named: null)!;
        using var vault = IdentityVault.Open(_folder.Path, key);
        return ask(vault);
    }

    private async Task SayAsync(StayEvent said)
    {
        await using var store = Store.Open(_folder.Path, StoreArguments.Options(new DirectoryInfo(_folder.Path), key: null), TimeProvider.System);
        using StayBook book = store.OpenStays(new StaySettings());
        _ = await book.SayAsync(said, CancellationToken.None);
    }

    private T Read<T>(Func<StayBook, T> read)
    {
        using var book = StayBook.OpenReadOnly(_folder.Path, BoxKeyPlace.Read(new DirectoryInfo(_folder.Path), named: null), new StaySettings(), TimeProvider.System);
        return read(book);
    }

    private Task<int> RunAsync(params string[] arguments) =>
        new RootCommand { StayCommand.Create() }.Parse([.. arguments, "--data", _folder.Path]).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });

    private async Task<string> FailAsync(params string[] arguments) => (await Assert.ThrowsAsync<CommandFailedException>(() => RunAsync(arguments))).Message;
}
