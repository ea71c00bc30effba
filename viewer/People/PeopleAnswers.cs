using Bedside.Model;
using Bedside.Model.People;

namespace Bedside.Viewer.People;

/// <summary>Who the page is, and what the box knows of people.</summary>
/// <param name="Accounts">Whether the rules of persons hold here.</param>
/// <param name="Damaged">The accounts cannot be read: only an emergency opens.</param>
/// <param name="Resting">Somebody signed in here and did not touch the screen for a while; nobody says who.</param>
/// <param name="Token">For the header X-Bedside-Token; empty = nobody signed in.</param>
/// <param name="Proven">Whether accounts may be changed now without the password once more.</param>
/// <param name="Sure">Whether that is enough to decide: roles that do may want a second factor.</param>
/// <param name="LacksSecond">They want one, and there is none yet.</param>
/// <param name="CodeApp">Whether the password has the six digits of an app after it.</param>
/// <param name="IdleSeconds">Without a touch for so long the session rests.</param>
/// <param name="Seconds">How long the session goes on.</param>
/// <param name="Emergency">The reason of an emergency; empty = none.</param>
/// <param name="Blank">Visitors are there.</param>
internal sealed record MeAnswer(
    bool Accounts,
    bool Damaged,
    bool AtBed,
    bool Resting,
    string Badge,
    string Name,
    IReadOnlyList<Role> Roles,
    string Token,
    bool Proven,
    bool Sure,
    bool LacksSecond,
    bool CodeApp,
    bool HasPin,
    bool TakesPins,
    int Passkeys,
    double IdleSeconds,
    double Seconds,
    string Emergency,
    bool Blank);

/// <summary>A code to be shown once.</summary>
internal sealed record CodeAnswer(string Code, UtcInstant Until);

/// <summary>One account as an administrator sees it; no hash leaves the box.</summary>
internal sealed record AccountAnswer(
    string Badge,
    string Name,
    IReadOnlyList<Role> Roles,
    AccountState State,
    string CreatedBy,
    UtcInstant CreatedAt,
    string? ReviewedBy,
    UtcInstant? ReviewedAt,
    bool ReviewDue,
    bool HasPassword,
    bool HasPin,
    bool HasCodeApp,
    int Passkeys)
{
    public static AccountAnswer Of(Account account, UtcInstant now) => new(
        account.Badge,
        account.Name,
        account.Roles,
        account.State,
        account.CreatedBy,
        account.CreatedAt,
        account.Reviewed?.By,
        account.Reviewed?.At,
        account.State == AccountState.Active && now.Since(account.Reviewed?.At ?? account.CreatedAt) > AccountLimits.ReviewEvery.Nanoseconds(),
        account.Password is not null,
        account.Pin is not null,
        account.CodeApp is not null,
        account.Passkeys.Count);
}

internal sealed record EmergencyAnswer(long Number, UtcInstant At, string Reason, string Source, string? ReviewedBy, UtcInstant? ReviewedAt);

/// <summary>What a browser's WebAuthn is asked; <c>Options</c> is the JSON of the standard.</summary>
internal sealed record PasskeyAsk(string Ticket, string Options);

/// <summary>A passkey of one's own; no key and no id of it leaves the box.</summary>
/// <param name="Key">What it is called where it is taken away.</param>
/// <param name="Label">What its person called it; may be empty.</param>
/// <param name="Domain">The name under which it was made.</param>
/// <param name="BackedUp">Its authenticator keeps it in more than one place.</param>
internal sealed record PasskeyAnswer(string Key, string Label, string Domain, UtcInstant CreatedAt, bool BackedUp)
{
    public static IReadOnlyList<PasskeyAnswer> Of(Account account) =>
        [.. account.Passkeys.OrderBy(passkey => passkey.CreatedAt).Select(passkey => new PasskeyAnswer(AccountRules.KeyOf(passkey), passkey.Label, passkey.Domain, passkey.CreatedAt, passkey.IsBackedUp))];
}

internal sealed record FirstPerson(string? Code, string? Badge, string? Name, string? Password);

internal sealed record Enrolment(string? Code, string? Badge, string? Password);

/// <summary>With a password or a PIN.</summary>
internal sealed record SigningIn(string? Badge, string? Password, string? Pin);

internal sealed record Returning(string? Badge);

/// <summary>One's password once more, or the next; said once more with the six digits of the app after it, where there is one.</summary>
internal sealed record Proving(string? Password);

/// <summary>What an app on a phone makes codes of; shown once, and nothing counts before a code of it was said.</summary>
/// <param name="Secret">Base32, in groups of four, for whoever types it.</param>
/// <param name="Uri"><c>otpauth:</c>, as apps read it.</param>
/// <param name="Modules">Width and height of the picture.</param>
/// <param name="Path">The dark modules of a QR code of it, as the <c>d</c> of an SVG path.</param>
internal sealed record CodeAppAsk(string Secret, string Uri, int Modules, string Path);

internal sealed record CodeOfApp(string? Code);

internal sealed record NewPin(string? Pin);

internal sealed record NewAccount(string? Badge, string? Name, IReadOnlyList<Role>? Roles);

internal sealed record NewRoles(IReadOnlyList<Role>? Roles);

internal sealed record NewState(AccountState? State);

internal sealed record Opening(string? Reason);

internal sealed record Visitors(bool? Blank);

/// <summary>What the browser's authenticator said, the JSON of the standard.</summary>
internal sealed record PasskeySaid(string? Ticket, string? Credential, string? Label);
