using System.Security.Cryptography;

namespace Bedside.Model.People;

/// <summary>What may be changed of the accounts, as functions from a list to the next: the console and the screen make the same of the same.</summary>
public static class AccountRules
{
    /// <summary>Who did it when nobody signed in: whoever may read the data folder.</summary>
    public const string Console = "console";

    private const int LongestBadge = 32;
    private const int LongestName = 64;
    private const int KeyBytes = 8;

    public static bool IsBadge(string? badge) =>
        badge is { Length: > 0 and <= LongestBadge } && badge != Console && badge.Any(char.IsAsciiLetterOrDigit) && badge.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.');

    public static bool IsName(string? name) =>
        !string.IsNullOrWhiteSpace(name) && name.Length <= LongestName && name.Trim().Length == name.Length && !name.Any(char.IsControl);

    public static AccountChange Add(AccountList list, Account added)
    {
        if (!IsBadge(added.Badge))
        {
            return AccountChange.No(AccountFault.Badge);
        }

        if (!IsName(added.Name))
        {
            return AccountChange.No(AccountFault.Name);
        }

        if (added.Roles.Count == 0 || added.Roles.ToHashSet().Count != added.Roles.Count || !added.Roles.All(Enum.IsDefined))
        {
            return AccountChange.No(AccountFault.Roles);
        }

        if (list.Find(added.Badge) is not null)
        {
            return AccountChange.No(AccountFault.Known);
        }

        return list.All.Count >= AccountLimits.MostAccounts ? AccountChange.No(AccountFault.TooMany) : new AccountChange(list with { All = [.. list.All, added] });
    }

    /// <summary>Makes the first administrator; the code is gone with it.</summary>
    public static AccountChange AddFirst(AccountList list, Account added, string code, UtcInstant now)
    {
        if (list.All.Count > 0 || !Matches(list.First, code, now))
        {
            return AccountChange.No(AccountFault.Code);
        }

        return Add(list with { First = null }, added);
    }

    public static AccountChange SetRoles(AccountList list, string badge, IReadOnlyList<Role> roles) =>
        roles.Count == 0 || !roles.All(Enum.IsDefined)
            ? AccountChange.No(AccountFault.Roles)
            : Change(list, badge, account => account with { Roles = [.. roles.Distinct().Order()] });

    public static AccountChange SetState(AccountList list, string badge, AccountState state) => Change(list, badge, account => account with { State = state });

    /// <summary>What proved who the person is counts no more, and a new code does, once.</summary>
    public static AccountChange Reset(AccountList list, string badge, OneTimeCode code) =>
        Change(list, badge, account => account with { Password = null, Pin = null, PinFailures = 0, Failures = 0, Passkeys = [], CodeApp = null, Code = code });

    /// <summary>What a passkey is called where one is taken away and in the journal: the first 8 bytes of the SHA-256 of its id, hexadecimal. The id itself is long, and what an authenticator is asked for.</summary>
    public static string KeyOf(Passkey passkey) => Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(passkey.Id)).AsSpan(0, KeyBytes));

    /// <summary>One passkey counts no more; the others do.</summary>
    public static AccountChange RemovePasskey(AccountList list, string badge, string key) =>
        list.Find(badge) is { } account && account.Passkeys.Any(one => KeyOf(one) == key)
            ? Change(list, badge, one => one with { Passkeys = [.. one.Passkeys.Where(passkey => KeyOf(passkey) != key)] })
            : AccountChange.No(AccountFault.Unknown);

    /// <summary>The same by the person, who must be able to sign in afterwards.</summary>
    public static AccountChange RemoveOwnPasskey(AccountList list, string badge, string key) =>
        list.Find(badge) is { Passkeys: [var only] } account && KeyOf(only) == key && (account.Password is null || account.IsPasswordWornOut)
            ? AccountChange.No(AccountFault.LastProof)
            : RemovePasskey(list, badge, key);

    /// <summary>The app that counts from now on beside the password; null = none.</summary>
    public static AccountChange SetCodeApp(AccountList list, string badge, CodeApp? app) => Change(list, badge, account => account with { CodeApp = app });

    public static AccountChange Review(AccountList list, string badge, RightsReview review) => Change(list, badge, account => account with { Reviewed = review });

    /// <summary>The person's own password, for the code that they were given.</summary>
    public static AccountChange Enrol(AccountList list, string badge, string code, string passwordHash, UtcInstant now) =>
        list.Find(badge) is { State: AccountState.Active } account && Matches(account.Code, code, now)
            ? new AccountChange(list.With(account with { Code = null, Password = passwordHash, Failures = 0, Pin = null, PinFailures = 0 }))
            : AccountChange.No(AccountFault.Code);

    /// <summary>Numbers rise and are never given again; beyond the most, the oldest that was reviewed goes.</summary>
    public static AccountList Open(AccountList list, UtcInstant at, string reason, string source)
    {
        long number = list.Emergencies.Count == 0 ? 1 : list.Emergencies[^1].Number + 1;
        List<BreakGlass> kept = [.. list.Emergencies, new BreakGlass(number, at, reason, source, Review: null)];
        if (kept.Count > AccountLimits.MostEmergencies)
        {
            kept.RemoveAt(Math.Max(kept.FindIndex(one => one.Review is not null), 0));
        }

        return list with { Emergencies = kept };
    }

    public static AccountChange ReviewEmergency(AccountList list, long number, RightsReview review) =>
        list.Emergencies.Any(one => one.Number == number && one.Review is null)
            ? new AccountChange(list with { Emergencies = [.. list.Emergencies.Select(one => one.Number == number ? one with { Review = review } : one)] })
            : AccountChange.No(AccountFault.Unknown);

    /// <summary>Any change of one account that leaves somebody to keep the accounts.</summary>
    public static AccountChange Change(AccountList list, string badge, Func<Account, Account> change)
    {
        if (list.Find(badge) is not { } account)
        {
            return AccountChange.No(AccountFault.Unknown);
        }

        AccountList next = list.With(change(account));
        return next.All.Any(IsKeeper) || !list.All.Any(IsKeeper) ? new AccountChange(next) : AccountChange.No(AccountFault.LastAdministrator);
    }

    /// <summary>In constant time for a code of the right form.</summary>
    public static bool Matches(OneTimeCode? expected, string code, UtcInstant now) =>
        expected is not null
        && now < expected.Until
        && OneTimeCodes.TryHash(code, out string hash)
        && CryptographicOperations.FixedTimeEquals(System.Text.Encoding.ASCII.GetBytes(expected.Hash), System.Text.Encoding.ASCII.GetBytes(hash));

    private static bool IsKeeper(Account account) => account.State == AccountState.Active && account.Roles.Contains(Role.Administrator);
}
