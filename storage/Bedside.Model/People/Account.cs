namespace Bedside.Model.People;

/// <summary>What a person may be at this box; the rights that go with it stand in <c>viewer/RIGHTS.md</c>.</summary>
public enum Role
{
    /// <summary>Cares for the patient of this bed.</summary>
    Clinician,

    /// <summary>Sees to devices, lines and settings; no history of a patient.</summary>
    Biomed,

    /// <summary>Asks for data; sees nothing at a bed.</summary>
    Researcher,

    /// <summary>Approves what leaves the box.</summary>
    Steward,

    /// <summary>Speaks for patients: objections, accesses, emergencies to review.</summary>
    RightsOfficer,

    /// <summary>Keeps the accounts; sees no patient.</summary>
    Administrator,
}

public enum AccountState
{
    Active,

    /// <summary>Whoever it was may do nothing; the account stays, because it did things before.</summary>
    Disabled,
}

/// <summary>A random code that is worth a sign-in once. Only its hash is kept: the code itself is shown when it is made.</summary>
/// <param name="Hash">SHA-256 of the 16 bytes, lower-case hexadecimal.</param>
/// <param name="Until">It is worth nothing from then on.</param>
public sealed record OneTimeCode(string Hash, UtcInstant Until);

/// <summary>When somebody looked at an account's rights and found them right.</summary>
public sealed record RightsReview(string By, UtcInstant At);

/// <summary>A public key that an authenticator of the person keeps the private one of (WebAuthn Level 3, section 4).</summary>
/// <param name="Id">Credential id, base64url.</param>
/// <param name="PublicKey">COSE key, base64.</param>
/// <param name="Domain">The name under which it was made (RP ID).</param>
public sealed record Passkey(string Id, string PublicKey, string Domain, string Label, UtcInstant CreatedAt, uint SignCount, IReadOnlyList<string> Transports, bool IsUserVerified, bool IsBackupEligible, bool IsBackedUp);

/// <summary>An app on a person's phone that makes six digits of a secret and of the time (RFC 6238): what counts beside a password, and never alone.</summary>
/// <param name="Seed">16 random bytes, base64. The secret is made of them and of the box key, so that this file alone gives nobody a code.</param>
/// <param name="Used">Number of the 30 s since 1970 whose code was taken last, as the phone counts them: each code counts once.</param>
/// <param name="Ahead">By how many of them the phone's clock was before the box's when it was taken; a box on a network of its own has its own time.</param>
public sealed record CodeApp(string Seed, long Used, long Ahead);

/// <summary>
/// One person. The badge says who somebody claims to be and proves nothing; what proves it is the password, with the digits of an app where they have one, the PIN of this box or a passkey.
/// </summary>
public sealed record Account
{
    public required string Badge { get; init; }

    /// <summary>As colleagues say it; shown, never compared.</summary>
    public required string Name { get; init; }

    public required IReadOnlyList<Role> Roles { get; init; }

    public AccountState State { get; init; }

    /// <summary>Badge of who made the account, or <c>console</c>.</summary>
    public required string CreatedBy { get; init; }

    public required UtcInstant CreatedAt { get; init; }

    /// <summary>Null = never since the account was made.</summary>
    public RightsReview? Reviewed { get; init; }

    /// <summary>As the password hasher writes it; null = none was set.</summary>
    public string? Password { get; init; }

    /// <summary>Wrong passwords since the last right one.</summary>
    public int Failures { get; init; }

    /// <summary>Hash of the PIN, bound to this box; null = none was set.</summary>
    public string? Pin { get; init; }

    /// <summary>Wrong PINs since the last right one or the last right password.</summary>
    public int PinFailures { get; init; }

    /// <summary>With it the person sets a first or another password.</summary>
    public OneTimeCode? Code { get; init; }

    public IReadOnlyList<Passkey> Passkeys { get; init; } = [];

    /// <summary>Null = none was set up; else the password alone counts for nothing.</summary>
    public CodeApp? CodeApp { get; init; }

    /// <summary>Approves, erases or keeps accounts: <c>trust.md</c>, section 2.3, level A3.</summary>
    public bool Decides => Roles.Any(role => role is Role.Steward or Role.RightsOfficer or Role.Administrator);

    public bool HasSecondFactor => CodeApp is not null || Passkeys.Count > 0;

    /// <summary>The password is asked no more; a passkey, a reset and break-glass are.</summary>
    public bool IsPasswordWornOut => Failures >= AccountLimits.MostFailures;

    public bool IsPinWornOut => PinFailures >= AccountLimits.MostPinFailures;
}

/// <summary>An emergency in which somebody opened the box without saying who they are.</summary>
/// <param name="Reason">One of <see cref="Reasons"/>.</param>
/// <param name="Source">Where from: <c>bed</c>, or the address.</param>
/// <param name="Review">Null = nobody looked at it yet.</param>
public sealed record BreakGlass(long Number, UtcInstant At, string Reason, string Source, RightsReview? Review)
{
    public static IReadOnlyList<string> Reasons { get; } = ["vital-emergency", "badge-missing", "called-from-elsewhere", "box-fault"];
}

/// <summary>Everybody whom the box knows, the code that makes the first of them, and the emergencies.</summary>
public sealed record AccountList(IReadOnlyList<Account> All, OneTimeCode? First, IReadOnlyList<BreakGlass> Emergencies)
{
    public static AccountList Empty { get; } = new([], First: null, []);

    public Account? Find(string badge) => All.FirstOrDefault(account => account.Badge == badge);

    public AccountList With(Account changed) => this with { All = [.. All.Select(account => account.Badge == changed.Badge ? changed : account)] };
}

/// <summary>Numbers of <c>trust.md</c>, section 2.3.</summary>
public static class AccountLimits
{
    public const int MostAccounts = 500;
    public const int MostPasskeys = 5;
    public const int MostEmergencies = 1000;

    /// <summary>Wrong passwords on end, from wherever, after which an account's password counts no more (NIST SP 800-63B, 5.2.2).</summary>
    public const int MostFailures = 100;

    public const int MostPinFailures = 3;

    public static TimeSpan FirstCodeLife { get; } = TimeSpan.FromMinutes(15);

    /// <summary>Of the code that a person gets from an administrator: they may be on another shift.</summary>
    public static TimeSpan CodeLife { get; } = TimeSpan.FromHours(24);

    /// <summary>Rights are looked at once a year.</summary>
    public static TimeSpan ReviewEvery { get; } = TimeSpan.FromDays(365);
}
