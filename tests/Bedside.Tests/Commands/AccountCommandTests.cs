using System.CommandLine;
using Bedside.Audit;
using Bedside.Host.Commands;
using Bedside.Model;
using Bedside.Model.Audit;
using Bedside.Model.People;
using Bedside.Storage.People;
using Bedside.Tests.Storage;

namespace Bedside.Tests.Commands;

/// <summary><c>bedside account</c> and the journal of access: what the console does to accounts stands there before it is done, and nothing of it is done without.</summary>
public sealed class AccountCommandTests : IDisposable
{
    private const string Name = "Kanarienvogel Martin";

    private readonly TemporaryFolder _folder = new();

    private AccountList Accounts => AccountBook.Open(_folder.Path).Current;

    private string Journal => Path.Combine(_folder.Path, "audit");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public Task FirstCode_is_an_entry() => ExpectAsync("account.code console console kind=first", "account", "first-code");

    [Fact]
    public async Task Add_is_an_entry_with_badge_and_roles()
    {
        await ExpectAsync("account.make console console kind=console account=4711 role=clinician.rights-officer", "account", "add", "4711", "--name", Name, "--role", "clinician", "--role", "rights-officer");
        Assert.Equal(Name, Accounts.Find("4711")!.Name);
    }

    [Fact]
    public async Task Role_is_an_entry_with_what_the_person_may_be_from_now_on()
    {
        await AddTwoAsync();
        await ExpectAsync("account.change console console kind=roles account=2 role=biomed", "account", "role", "2", "biomed");
    }

    [Fact]
    public async Task Disable_is_an_entry()
    {
        await AddTwoAsync();
        await ExpectAsync("account.close console console kind=disable account=2", "account", "disable", "2");
    }

    [Fact]
    public async Task Enable_is_an_entry()
    {
        await AddTwoAsync();
        await ExpectAsync("account.change console console kind=enable account=2", "account", "enable", "2");
    }

    [Fact]
    public async Task Reset_is_an_entry()
    {
        await AddTwoAsync();
        await ExpectAsync("account.code console console kind=reset account=2", "account", "reset", "2");
    }

    [Fact]
    public async Task One_passkey_is_shown_by_a_key_that_says_nothing_of_it_and_taken_away_with_an_entry_and_the_others_stay()
    {
        await AddTwoAsync();
        AccountBook.Open(_folder.Path).Change(list => AccountRules.Change(list, "2", one => one with { Password = "hash", Passkeys = [Passkey("lost", "CANARYID1"), Passkey("kept", "CANARYID2")] }));
        string key = AccountRules.KeyOf(Accounts.Find("2")!.Passkeys[0]);
        Assert.Matches("^[0-9a-f]{16}$", key);
        int before = Entries().Length;
        Assert.Equal(0, await RunAsync("account", "passkeys", "2"));
        Assert.Equal(0, await RunAsync("account", "passkeys", "2", "--json"));
        Assert.Equal(before, Entries().Length);

        await ExpectAsync($"account.change console console kind=passkey-removed account=2 hash={key}", "account", "remove-passkey", "2", key);
        Account left = Accounts.Find("2")!;
        Assert.Equal(("kept", "hash"), (Assert.Single(left.Passkeys).Label, left.Password));
        Assert.DoesNotContain("CANARYID", string.Concat(Directory.GetFiles(Journal, "*.log").Select(File.ReadAllText)), StringComparison.Ordinal);
        Assert.Contains("no such passkey", await FailAsync("account", "remove-passkey", "2", key), StringComparison.Ordinal);
        Assert.Contains("no account with that badge", await FailAsync("account", "passkeys", "9"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_the_journal_cannot_be_written_no_passkey_is_taken_away()
    {
        await AddTwoAsync();
        AccountBook.Open(_folder.Path).Change(list => AccountRules.Change(list, "2", one => one with { Passkeys = [Passkey("kept", "ID")] }));
        Directory.Delete(Journal, recursive: true);
        await File.WriteAllTextAsync(Journal, "a file where the journal's folder should be");
        Assert.StartsWith(AuditUnwritableException.English, await FailAsync("account", "remove-passkey", "2", AccountRules.KeyOf(Accounts.Find("2")!.Passkeys[0])), StringComparison.Ordinal);
        Assert.Single(Accounts.Find("2")!.Passkeys);
    }

    [Fact]
    public async Task Review_is_an_entry_of_whoever_looked()
    {
        await AddTwoAsync();
        await ExpectAsync("access.rights-review 1 console kind=rights account=2", "account", "review", "--confirm", "2", "--by", "1");
    }

    [Fact]
    public async Task Setting_damaged_accounts_aside_is_an_entry()
    {
        await AddTwoAsync();
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, AccountBook.Name), "no accounts at all");
        Assert.Contains("damaged", await FailAsync("account", "first-code"), StringComparison.Ordinal);
        Assert.Equal(0, await RunAsync("account", "first-code", "--set-aside-damaged"));
        Assert.Equal(["account.close console console kind=set-aside", "account.code console console kind=first"], Entries().TakeLast(2));
        Assert.Empty(Accounts.All);
    }

    [Fact]
    public async Task What_the_rules_refuse_and_what_only_reads_leave_no_entry()
    {
        await AddTwoAsync();
        int before = Entries().Length;
        Assert.Contains("nobody would be left", await FailAsync("account", "disable", "1"), StringComparison.Ordinal);
        Assert.Contains("no account with that badge", await FailAsync("account", "reset", "9"), StringComparison.Ordinal);
        Assert.Equal(0, await RunAsync("account", "list"));
        Assert.Equal(0, await RunAsync("account", "review"));
        Assert.Equal(before, Entries().Length);
    }

    /// <summary>Codes as well: whoever has one has an account, and a command keeps no entry for later.</summary>
    [Theory]
    [InlineData("first-code")]
    [InlineData("add", "3", "--name", "C", "--role", "clinician")]
    [InlineData("role", "2", "biomed")]
    [InlineData("disable", "2")]
    [InlineData("enable", "2")]
    [InlineData("reset", "2")]
    [InlineData("review", "--confirm", "2", "--by", "1")]
    public async Task Where_the_journal_cannot_be_written_nothing_is_done(params string[] command)
    {
        if (command[0] != "first-code")
        {
            await AddTwoAsync();
            Directory.Delete(Journal, recursive: true);
        }

        await File.WriteAllTextAsync(Journal, "a file where the journal's folder should be");
        byte[] before = Book();
        Assert.StartsWith(AuditUnwritableException.English, await FailAsync(["account", .. command]), StringComparison.Ordinal);
        Assert.Equal(before, Book());
    }

    private static Passkey Passkey(string label, string id) => new(id, "AAAA", "localhost", label, new UtcInstant(1), 0, [], IsUserVerified: true, IsBackupEligible: false, IsBackedUp: false);

    private async Task AddTwoAsync()
    {
        Assert.Equal(0, await RunAsync("account", "add", "1", "--name", "A", "--role", "administrator"));
        Assert.Equal(0, await RunAsync("account", "add", "2", "--name", "B", "--role", "clinician"));
    }

    /// <summary>The last entry of the journal is this; no code, no name and no login's secret stands in any.</summary>
    private async Task ExpectAsync(string entry, params string[] command)
    {
        Assert.Equal(0, await RunAsync(command));
        Assert.Equal(entry, Entries()[^1]);
        string whole = string.Concat(Directory.GetFiles(Journal, "*.log").Select(File.ReadAllText));
        Assert.DoesNotContain("Kanarienvogel", whole, StringComparison.Ordinal);
        Assert.All(Accounts.All.Select(account => account.Code).Append(Accounts.First).OfType<OneTimeCode>(), code => Assert.DoesNotContain(code.Hash, whole, StringComparison.Ordinal));
    }

    /// <summary>Act, who, role and facts of each; that of the journal itself is left out.</summary>
    private string[] Entries() =>
    [
        .. AuditReading.Read(AuditFolder.ForReading(_folder.Path)!)
            .Select(one => one.Entry)
            .Where(entry => !entry.Act.StartsWith("log.", StringComparison.Ordinal))
            .Select(entry => string.Join(' ', entry.What.Select(fact => $"{fact.Kind}={fact.Text}").Prepend($"{entry.Act} {entry.Who} {entry.Role}"))),
    ];

    private byte[] Book() => File.Exists(Path.Combine(_folder.Path, AccountBook.Name)) ? File.ReadAllBytes(Path.Combine(_folder.Path, AccountBook.Name)) : [];

    private Task<int> RunAsync(params string[] arguments) =>
        new RootCommand { AccountCommand.Create() }.Parse([.. arguments, "--data", _folder.Path]).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });

    private async Task<string> FailAsync(params string[] arguments) => (await Assert.ThrowsAsync<CommandFailedException>(() => RunAsync(arguments))).Message;
}
