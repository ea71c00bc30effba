using Bedside.Model;
using Bedside.Model.People;
using Bedside.Storage.People;
using Bedside.Tests.Storage;

namespace Bedside.Tests.People;

/// <summary>The file of the accounts: nothing that was acknowledged is lost, nothing half is read, and damage never opens the box.</summary>
public sealed class AccountBookTests
{
    private static readonly UtcInstant Now = new(1_800_000_000_000_000_000);

    [Theory]
    [InlineData(Loss.Nothing)]
    [InlineData(Loss.Everything)]
    [InlineData(Loss.RandomSectors)]
    [InlineData(Loss.RandomPages)]
    [InlineData(Loss.Garbage)]
    internal void Nothing_acknowledged_is_lost_when_the_power_goes(object loss)
    {
        int operations = Live(new FaultyDisk(new Random(0)), []);
        Assert.True(operations > 30);
        for (int cut = 0; cut < operations; cut++)
        {
            for (int seed = 0; seed < 4; seed++)
            {
                var disk = new FaultyDisk(new Random((cut * 31) + seed)) { CutAt = cut };
                List<string> acknowledged = [];
                _ = Live(disk, acknowledged);
                disk.Restart((Loss)loss);
                AssertKept(disk, acknowledged);
            }
        }
    }

    [Fact]
    public void A_disk_that_fails_once_costs_nothing_and_the_change_may_be_made_again()
    {
        int operations = Live(new FaultyDisk(new Random(0)), []);
        for (int fails = 0; fails < operations; fails++)
        {
            var disk = new FaultyDisk(new Random(fails)) { FailAt = { fails } };
            List<string> acknowledged = [];
            _ = Live(disk, acknowledged);
            disk.Restart(Loss.Everything);
            AssertKept(disk, acknowledged);
        }
    }

    [Fact]
    public void A_full_disk_refuses_the_change_and_keeps_what_was()
    {
        var disk = new FaultyDisk(new Random(3));
        AccountBook book = Open(disk);
        Assert.Equal(AccountFault.None, book.Change(list => AccountRules.Add(list, Person("1", Role.Administrator))));
        disk.Capacity = disk.Bytes + 100;

        Assert.Throws<IOException>(() => book.Change(list => AccountRules.Add(list, Person("2"))));

        Assert.Equal("1", Assert.Single(book.Current.All).Badge);
        Assert.Equal("1", Assert.Single(Open(disk).Current.All).Badge);
    }

    [Fact]
    public void Everything_that_an_account_has_comes_back()
    {
        using var folder = new TemporaryFolder();
        var book = AccountBook.Open(folder.Path);
        Account whole = Person("4711", Role.Clinician, Role.Administrator) with
        {
            State = AccountState.Disabled,
            Reviewed = new RightsReview("12", Now),
            Password = "hash",
            Failures = 7,
            Pin = "pin",
            PinFailures = 2,
            Code = new OneTimeCode("ab", Now),
            Passkeys = [new Passkey("id", "key", "localhost", "clé", Now, 9, ["usb"], IsUserVerified: true, IsBackupEligible: true, IsBackedUp: false)],
        };
        book.Change(list => new AccountChange(AccountRules.Open(list with { All = [whole], First = new OneTimeCode("cd", Now) }, Now, "vital-emergency", "bed")));

        AccountList read = AccountBook.Open(folder.Path).Current;

        Account account = Assert.Single(read.All);
        Assert.Equal(AccountCoding.Write(book.Current), AccountCoding.Write(read));
        Assert.Equal(whole with { Roles = account.Roles, Passkeys = account.Passkeys }, account);
        Assert.Equal(whole.Roles, account.Roles);
        Assert.Equal(9u, Assert.Single(account.Passkeys).SignCount);
        Assert.Equal("vital-emergency", Assert.Single(read.Emergencies).Reason);
        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(Path.Combine(folder.Path, AccountBook.Name)) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Fact]
    public void What_the_console_changes_the_running_box_sees_and_neither_loses_what_the_other_said()
    {
        using var folder = new TemporaryFolder();
        var box = AccountBook.Open(folder.Path);
        var console = AccountBook.Open(folder.Path);
        box.Change(list => AccountRules.Add(list, Person("0", Role.Administrator)));
        Parallel.For(1, 21, i => (i % 2 == 0 ? box : console).Change(list => AccountRules.Add(list, Person($"{i}"))));

        Assert.Equal(21, AccountBook.Open(folder.Path).Current.All.Count);
        console.Change(list => AccountRules.SetState(list, "3", AccountState.Disabled));
        Assert.Equal(AccountState.Disabled, box.Current.Find("3")!.State);
    }

    [Fact]
    public void A_damaged_file_keeps_the_rules_says_so_and_is_put_aside_by_a_person_alone()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, AccountBook.Name);
        AccountBook.Open(folder.Path).Change(list => AccountRules.Add(list, Person("1", Role.Administrator)));
        byte[] whole = File.ReadAllBytes(path);

        File.WriteAllBytes(path, [.. whole.Select((one, i) => i == 40 ? (byte)(one ^ 1) : one)]);
        Assert.Null(AccountBook.Open(folder.Path).Damage);
        Assert.Single(AccountBook.Open(folder.Path).Current.All);

        File.WriteAllBytes(path, [.. whole.Select(one => (byte)~one)]);
        var damaged = AccountBook.Open(folder.Path);
        Assert.True(((IAccountBook)damaged).HasAccounts);
        Assert.Contains("set-aside-damaged", damaged.Damage, StringComparison.Ordinal);
        Assert.Throws<IOException>(() => damaged.Change(list => AccountRules.Add(list, Person("2"))));

        Assert.True(damaged.SetAsideDamaged());
        Assert.False(((IAccountBook)damaged).HasAccounts);
        Assert.True(File.Exists(path + ".bad"));
        Assert.False(damaged.SetAsideDamaged());
    }

    [Fact]
    public void There_is_always_somebody_who_can_keep_the_accounts()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            AccountList list = AccountList.Empty with { All = [Person("0", Role.Administrator)] };
            for (int i = 0; i < 40; i++)
            {
                string badge = $"{random.Next(6)}";
                Role[] roles = [.. Enum.GetValues<Role>().Where(_ => random.Next(3) == 0)];
                AccountChange change = random.Next(4) switch
                {
                    0 => AccountRules.Add(list, Person(badge, roles)),
                    1 => AccountRules.SetRoles(list, badge, roles),
                    2 => AccountRules.SetState(list, badge, AccountState.Disabled),
                    _ => AccountRules.SetState(list, badge, AccountState.Active),
                };
                list = change.List ?? list;
                Assert.Equal(change.List is null, change.Fault != AccountFault.None);
                Assert.Contains(list.All, account => account.State == AccountState.Active && account.Roles.Contains(Role.Administrator));
                Assert.Equal(list.All.Count, list.All.Select(account => account.Badge).Distinct().Count());
            }
        }
    }

    [Fact]
    public void A_code_makes_one_first_administrator_and_is_gone()
    {
        (string code, OneTimeCode kept) = OneTimeCodes.Make(Now, AccountLimits.FirstCodeLife);
        AccountList list = AccountList.Empty with { First = kept };

        Assert.Equal(AccountFault.Code, AccountRules.AddFirst(list, Person("1", Role.Administrator), "0000", Now).Fault);
        AccountList first = AccountRules.AddFirst(list, Person("1", Role.Administrator), code, Now).List!;
        Assert.Null(first.First);
        Assert.Equal(AccountFault.Code, AccountRules.AddFirst(first with { First = kept }, Person("2", Role.Administrator), code, Now).Fault);
        Assert.Equal(AccountFault.Code, AccountRules.AddFirst(first with { All = [] }, Person("2", Role.Administrator), code, Now).Fault);
    }

    private static Account Person(string badge, params Role[] roles) =>
        new() { Badge = badge, Name = $"Person {badge}", Roles = roles.Length == 0 ? [Role.Clinician] : roles, CreatedBy = "console", CreatedAt = Now };

    private static AccountBook Open(FaultyDisk disk)
    {
        long looked = 0;
        return new AccountBook(disk, () => ++looked, () => null);
    }

    /// <summary>Two lives of a box, each adding people; goes on after errors. Returns how many operations the disk was asked for.</summary>
    private static int Live(FaultyDisk disk, List<string> acknowledged)
    {
        for (int life = 0; life < 2; life++)
        {
            AccountBook book = Open(disk);
            for (int i = 0; i < 4; i++)
            {
                string badge = $"{life}{i}";
                try
                {
                    if (book.Change(list => AccountRules.Add(list, Person(badge, Role.Administrator))) == AccountFault.None)
                    {
                        acknowledged.Add(badge);
                    }
                }
                catch (IOException)
                {
                    // Whoever wanted it was told so.
                }
            }
        }

        return disk.Operations;
    }

    private static void AssertKept(FaultyDisk disk, List<string> acknowledged)
    {
        AccountBook book = Open(disk);
        Assert.Null(book.Damage);
        Assert.Subset(book.Current.All.Select(account => account.Badge).ToHashSet(), acknowledged.ToHashSet());
        Assert.Equal(AccountFault.None, book.Change(list => AccountRules.Add(list, Person("after"))));
        Assert.Contains(Open(disk).Current.All, account => account.Badge == "after");
    }
}
