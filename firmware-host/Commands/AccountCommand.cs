using System.CommandLine;
using System.Text.Json;
using Bedside.Model;
using Bedside.Model.Audit;
using Bedside.Model.People;
using Bedside.Storage.People;

namespace Bedside.Host.Commands;

/// <summary>
/// <c>bedside account</c>: who may do what at this box. It works beside a running box, which follows at once; whoever may write the data folder may do it, and what they do stands in the journal of access before it is done.
/// A journal that cannot be written refuses <c>first-code</c> and <c>reset</c> too: a code is worth an account, nobody may get one unseen, and a command that ends cannot keep the
/// entry for later. No care waits for it (the screen at the bed and emergencies ask for no account), and whoever has the console can make the room that the journal lacks.
/// </summary>
internal static class AccountCommand
{
    private static readonly (AccountFault Fault, string Sentence)[] Faults =
    [
        (AccountFault.Badge, "a badge is 1 to 32 letters, digits, hyphens or dots."),
        (AccountFault.Name, "a name is 1 to 64 characters; say it with --name."),
        (AccountFault.Roles, "say at least one role: clinician, biomed, researcher, steward, rights-officer, administrator."),
        (AccountFault.Known, "there is an account with that badge; bedside account list shows it."),
        (AccountFault.Unknown, "there is no account with that badge, or no such passkey of it; bedside account list and bedside account passkeys BADGE show those there are."),
        (AccountFault.LastAdministrator, "nobody would be left who can keep the accounts: make another administrator first."),
        (AccountFault.TooMany, "the book of accounts is full."),
        (AccountFault.Code, "this box has accounts; bedside account reset BADGE gives one of them a new code."),
    ];

    public static Command Create() => new("account", "People and what they may do at this box. The first account makes its rules hold: viewer/RIGHTS.md.")
    {
        FirstCode(), Add(), List(), SetRoles(), SetState("disable", AccountState.Disabled, "Whoever it is may do nothing any more, from the next request on."),
        SetState("enable", AccountState.Active, "The account counts again."), Reset(), Review(),
        AccountPasskeys.List(), AccountPasskeys.Remove(),
    };

    private static Command FirstCode()
    {
        Option<DirectoryInfo> data = StoreArguments.Data();
        Option<bool> json = StoreArguments.Json();
        var aside = new Option<bool>("--set-aside-damaged") { Description = "Where the accounts cannot be read any more: put their file aside and begin anew." };
        var command = new Command("first-code", "A code for the first administrator of a box without accounts: 15 minutes, once. The former code counts no more.") { data, json, aside };
        command.SetAction((result, _) => Task.FromResult(Run(() =>
        {
            DirectoryInfo place = result.GetRequiredValue(data);
            AccountBook book = Open(place);
            if (result.GetValue(aside) && book.Damage is not null)
            {
                CommandAudit.Around(place, Entry(AuditAct.AccountClose, badge: null, "set-aside"), book.SetAsideDamaged);
            }

            (string code, OneTimeCode kept) = OneTimeCodes.Make(Now, AccountLimits.FirstCodeLife);
            Do(place, Entry(AuditAct.RecoveryCode, badge: null, "first"), list => list.All.Count > 0 ? AccountChange.No(AccountFault.Code) : new AccountChange(list with { First = kept }));
            PrintCode(result.GetValue(json), badge: null, code, kept);
        })));
        return command;
    }

    private static Command Add()
    {
        Option<DirectoryInfo> data = StoreArguments.Data();
        Option<bool> json = StoreArguments.Json();
        Argument<string> badge = Badge();
        var name = new Option<string>("--name") { Description = "Name of the person, as colleagues say it.", Required = true };
        var role = new Option<string[]>("--role") { Description = "clinician, biomed, researcher, steward, rights-officer or administrator; again for each.", Required = true };
        var command = new Command("add", "Make an account, and a code with which its person sets a password on the screen: 24 hours, once.") { badge, data, name, role, json };
        command.SetAction((result, _) => Task.FromResult(Run(() =>
        {
            (string code, OneTimeCode kept) = OneTimeCodes.Make(Now, AccountLimits.CodeLife);
            string who = result.GetRequiredValue(badge);
            var account = new Account
            {
                Badge = who,
                Name = result.GetRequiredValue(name),
                Roles = Roles(result.GetRequiredValue(role)),
                CreatedBy = AccountRules.Console,
                CreatedAt = Now,
                Code = kept,
            };
            Do(result.GetRequiredValue(data), Entry(AuditAct.AccountMake, who, "console", account.Roles), list => AccountRules.Add(list, account));
            PrintCode(result.GetValue(json), who, code, kept);
        })));
        return command;
    }

    private static Command List()
    {
        Option<DirectoryInfo> data = StoreArguments.Data();
        Option<bool> json = StoreArguments.Json();
        var command = new Command("list", "Everybody who has an account.") { data, json };
        command.SetAction((result, _) => Task.FromResult(Run(() =>
        {
            AccountList list = Read(result.GetRequiredValue(data));
            if (result.GetValue(json))
            {
                AccountPaper.PrintJson(list, Now);
                return;
            }

            foreach (Account account in list.All)
            {
                Console.WriteLine($"{account.Badge,-16} {AccountPaper.Word(account.State),-9} {AccountPaper.RolesOf(account),-30} {account.Name}");
            }

            Console.WriteLine(list.All.Count == 0 ? "no account: the box answers its own machine alone, and refuses nothing to it" : $"{list.All.Count} accounts");
        })));
        return command;
    }

    private static Command SetRoles()
    {
        Option<DirectoryInfo> data = StoreArguments.Data();
        Option<bool> json = StoreArguments.Json();
        Argument<string> badge = Badge();
        var roles = new Argument<string[]>("ROLE") { Description = "All that the person may be from now on.", Arity = ArgumentArity.OneOrMore };
        var command = new Command("role", "What a person may be; at once.") { badge, roles, data, json };
        command.SetAction((result, _) => Task.FromResult(Run(() =>
        {
            Role[] asked = Roles(result.GetRequiredValue(roles));
            string who = result.GetRequiredValue(badge);
            Change(result.GetRequiredValue(data), result.GetValue(json), who, Entry(AuditAct.AccountChange, who, "roles", asked), list => AccountRules.SetRoles(list, who, asked));
        })));
        return command;
    }

    private static Command SetState(string name, AccountState state, string what)
    {
        Option<DirectoryInfo> data = StoreArguments.Data();
        Option<bool> json = StoreArguments.Json();
        Argument<string> badge = Badge();
        var command = new Command(name, what) { badge, data, json };
        AuditAct act = state == AccountState.Active ? AuditAct.AccountChange : AuditAct.AccountClose;
        command.SetAction((result, _) => Task.FromResult(Run(() =>
        {
            string who = result.GetRequiredValue(badge);
            Change(result.GetRequiredValue(data), result.GetValue(json), who, Entry(act, who, name), list => AccountRules.SetState(list, who, state));
        })));
        return command;
    }

    private static Command Reset()
    {
        Option<DirectoryInfo> data = StoreArguments.Data();
        Option<bool> json = StoreArguments.Json();
        Argument<string> badge = Badge();
        var command = new Command("reset", "A new code for somebody who cannot sign in: password, PIN, passkeys and the app of codes count no more.") { badge, data, json };
        command.SetAction((result, _) => Task.FromResult(Run(() =>
        {
            (string code, OneTimeCode kept) = OneTimeCodes.Make(Now, AccountLimits.CodeLife);
            string who = result.GetRequiredValue(badge);
            Do(result.GetRequiredValue(data), Entry(AuditAct.RecoveryCode, who, "reset"), list => AccountRules.Reset(list, who, kept));
            PrintCode(result.GetValue(json), who, code, kept);
        })));
        return command;
    }

    private static Command Review()
    {
        Option<DirectoryInfo> data = StoreArguments.Data();
        Option<bool> json = StoreArguments.Json();
        Option<string> language = StoreArguments.Language();
        var confirm = new Option<string?>("--confirm") { Description = "Badge of a person whose rights were looked at and are right." };
        var by = new Option<string?>("--by") { Description = "Badge of who looked." };
        var command = new Command("review", "The yearly review of rights, to be printed and signed; with --confirm BADGE --by BADGE, that somebody was reviewed.") { data, language, confirm, by, json };
        command.SetAction((result, _) => Task.FromResult(Run(() =>
        {
            DirectoryInfo place = result.GetRequiredValue(data);
            if (result.GetValue(confirm) is { } who)
            {
                string reviewer = result.GetValue(by) is { } named && Open(place).Current.Find(named) is not null
                    ? named
                    : throw new CommandFailedException("say who looked: --by BADGE of an account.");
                AuditEntry entry = Entry(AuditAct.RightsReview, who, "rights") with { Who = reviewer };
                Change(place, result.GetValue(json), who, entry, list => AccountRules.Review(list, who, new RightsReview(reviewer, Now)));
            }
            else if (result.GetValue(json))
            {
                AccountPaper.PrintJson(Read(place), Now);
            }
            else
            {
                AccountPaper.PrintReview(Read(place), Now, result.GetRequiredValue(language) == "fr");
            }
        })));
        return command;
    }

    private static UtcInstant Now => UtcInstant.FromDateTime(TimeProvider.System.GetUtcNow());

    internal static Argument<string> Badge() => new("BADGE") { Description = "Number of the person's badge: who they say they are, and no proof of it." };

    /// <summary>Of the account its badge and its roles; never its name, nor a code.</summary>
    internal static AuditEntry Entry(AuditAct act, string? badge, string kind, IReadOnlyList<Role>? roles = null)
    {
        List<AuditFact> what = [AuditFact.Of(AuditFactKind.Kind, kind)];
        if (badge is not null)
        {
            what.Add(AuditFact.Of(AuditFactKind.Account, badge));
        }

        if (roles is not null)
        {
            what.Add(AuditFact.Of(AuditFactKind.Role, string.Join('.', roles.Select(AccountPaper.Word))));
        }

        return CommandAudit.Entry(act, [.. what]);
    }

    private static void Change(DirectoryInfo data, bool json, string badge, AuditEntry entry, Func<AccountList, AccountChange> change)
    {
        AccountBook book = Do(data, entry, change);
        if (json)
        {
            AccountPaper.PrintJson(book.Current with { All = [book.Current.Find(badge)!] }, Now);
        }
        else
        {
            Account account = book.Current.Find(badge)!;
            Console.WriteLine($"{account.Badge}: {AccountPaper.Word(account.State)}, {AccountPaper.RolesOf(account)}");
        }
    }

    private static Role[] Roles(IEnumerable<string> words) =>
    [
        .. words.Distinct().Select(word => Array.Find(Enum.GetValues<Role>(), role => AccountPaper.Word(role) == word) is var role && AccountPaper.Word(role) == word
            ? role
            : throw new CommandFailedException($"{word} is no role; there are {string.Join(", ", Enum.GetValues<Role>().Select(AccountPaper.Word))}.")),
    ];

    private static AccountBook Open(DirectoryInfo data) => data.Exists
        ? AccountBook.Open(data.FullName)
        : throw new CommandFailedException($"{data.FullName} does not exist; name the directory that bedside run --data was given.");

    internal static AccountList Read(DirectoryInfo data)
    {
        AccountBook book = Open(data);
        return book.Damage is { } damage ? throw new CommandFailedException($"{damage}.") : book.Current;
    }

    /// <summary>Whether it can be done is looked at first, so that the journal has no line of what could not be.</summary>
    internal static AccountBook Do(DirectoryInfo data, AuditEntry entry, Func<AccountList, AccountChange> change)
    {
        AccountBook book = Open(data);
        AccountFault fault = book.Damage is { } damage ? throw new CommandFailedException($"{damage}.") : change(book.Current).Fault;
        if (fault == AccountFault.None)
        {
            _ = CommandAudit.Around(data, entry, () => (fault = book.Change(change)) == AccountFault.None);
        }

        return fault == AccountFault.None ? book : throw new CommandFailedException(Array.Find(Faults, one => one.Fault == fault).Sentence);
    }

    private static void PrintCode(bool json, string? badge, string code, OneTimeCode kept)
    {
        if (json)
        {
            using var output = new Utf8JsonWriter(Console.OpenStandardOutput());
            output.WriteStartObject();
            output.WriteString("badge", badge);
            output.WriteString("code", code);
            output.WriteString("until", kept.Until.ToString());
            output.WriteEndObject();
            return;
        }

        Console.WriteLine($"code {code}");
        Console.WriteLine($"once, until {kept.Until}; on the screen: More, People");
    }

    internal static int Run(Action action)
    {
        try
        {
            action();
            return 0;
        }
        catch (Exception disk) when (disk is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException(disk.Message);
        }
    }
}
