namespace Bedside.Model.People;

/// <summary>Why a change of the accounts was not made.</summary>
public enum AccountFault
{
    None,

    /// <summary>A badge is 1 to 32 letters, digits, hyphens or dots.</summary>
    Badge,

    /// <summary>A name is 1 to 64 characters without control characters.</summary>
    Name,

    /// <summary>At least one role.</summary>
    Roles,

    /// <summary>There is an account with that badge.</summary>
    Known,

    /// <summary>There is no account with that badge, or no such emergency or passkey.</summary>
    Unknown,

    /// <summary>Nobody would be left who can keep the accounts.</summary>
    LastAdministrator,

    TooMany,

    /// <summary>The code is another, too old, or was used.</summary>
    Code,

    /// <summary>The person could not sign in any more.</summary>
    LastProof,
}

/// <summary>The list after a change; null, and why, when there is none.</summary>
public readonly record struct AccountChange(AccountList? List, AccountFault Fault = AccountFault.None)
{
    public static AccountChange No(AccountFault fault) => new(List: null, fault);
}

/// <summary>Where the accounts are kept. Any thread may call; the console may change them while the box runs.</summary>
public interface IAccountBook
{
    /// <summary>As of now; the last that could be read when the file is damaged.</summary>
    AccountList Current { get; }

    /// <summary>Null = the file is whole, or there is none.</summary>
    string? Damage { get; }

    /// <summary>
    /// Whether the rules of persons hold. A file that was damaged does not open the box again.
    /// </summary>
    bool HasAccounts => Damage is not null || Current.All.Count > 0;

    /// <summary>
    /// Makes a change of what is on the disk; it is on the disk when this returns. Throws <see cref="IOException"/> when the disk does not take it, or the file is damaged.
    /// </summary>
    AccountFault Change(Func<AccountList, AccountChange> change);
}

/// <summary>A box that keeps no accounts.</summary>
public sealed class NoAccounts : IAccountBook
{
    public AccountList Current => AccountList.Empty;

    public string? Damage => null;

    public AccountFault Change(Func<AccountList, AccountChange> change) => throw new IOException("this box keeps no accounts");
}
