using Bedside.Model.Audit;
using Bedside.Model.People;
using Microsoft.Extensions.Logging;

namespace Bedside.Viewer.People;

/// <summary>What people do, as entries of the journal of access: badges and codes, never a secret and never a name.</summary>
internal sealed partial class PeopleTrail(IAuditTrail trail, ILogger<PeopleTrail> log)
{
    /// <summary>Throws <see cref="IOException"/> when it cannot be kept: then nobody signs in.</summary>
    public void SignedIn(Account account, Proof proof) => trail.Append(Of(AuditAct.SignIn, account.Badge, RoleOf(account), AuditResult.Done, AuditFact.Of(AuditFactKind.Kind, proof.ToString())));

    /// <summary>Somebody whom a secret, right or wrong, did not let in.</summary>
    /// <param name="badge">Of an account that there is, else <c>other</c>: what somebody typed by mistake may be a password.</param>
    /// <param name="source">Where from: <c>bed</c>, or the address.</param>
    public void Refused(string badge, string source) =>
        trail.Tell(Of(AuditAct.SignInRefused, AuditWho.Screen, AuditRole.Nobody, AuditResult.Refused, AuditFact.Of(AuditFactKind.Account, badge), AuditFact.Of(AuditFactKind.Kind, source)));

    /// <summary>Who was wrong too often and tries on: nothing is compared.</summary>
    public void Waits(string badge, string source, TimeSpan wait) => trail.Tell(Of(
        AuditAct.SignInRefused,
        AuditWho.Screen,
        AuditRole.Nobody,
        AuditResult.Refused,
        AuditFact.Of(AuditFactKind.Account, badge),
        AuditFact.Of(AuditFactKind.Kind, source),
        AuditFact.Of(AuditFactKind.Minutes, (long)Math.Ceiling(wait.TotalMinutes))));

    /// <summary>A session that was over when somebody asked with it, or when room was made: its time had ended, or its person may do nothing any more.</summary>
    public void Ended(string badge) => trail.Tell(Of(AuditAct.SignOut, badge, AuditRole.Nobody, AuditResult.Done, AuditFact.Of(AuditFactKind.Kind, "over")));

    public void SignedOut(string badge) => trail.Tell(Of(AuditAct.SignOut, badge, AuditRole.Nobody, AuditResult.Done));

    /// <summary>Throws <see cref="IOException"/> when it cannot be kept: then the account stays as it is.</summary>
    public void Changes(AuditAct act, Account? by, string badge, string what) => trail.Append(Of(
        act, by?.Badge ?? AuditWho.Screen, by is null ? AuditRole.Screen : RoleOf(by), AuditResult.Allowed, AuditFact.Of(AuditFactKind.Account, badge), AuditFact.Of(AuditFactKind.Kind, what)));

    /// <summary>The same for one passkey, by the name that says nothing of it.</summary>
    public void TakesPasskey(Account by, string key) => trail.Append(Of(
        AuditAct.AccountChange,
        by.Badge,
        RoleOf(by),
        AuditResult.Allowed,
        AuditFact.Of(AuditFactKind.Account, by.Badge),
        AuditFact.Of(AuditFactKind.Kind, "passkey-removed"),
        AuditFact.Of(AuditFactKind.Hash, key)));

    /// <summary>Told, never asked: an emergency waits for nothing.</summary>
    public void Opened(string reason, string source) =>
        trail.Tell(Of(AuditAct.BreakGlass, AuditWho.Screen, AuditRole.Screen, AuditResult.Allowed, AuditFact.Of(AuditFactKind.Kind, source)) with { Why = reason });

    /// <summary>The first time that a session asks for something of the patient. Throws <see cref="IOException"/>: then nothing is read.</summary>
    public void Reads(string who, AuditRole role, string route) => trail.Append(Of(AuditAct.DataRead, who, role, AuditResult.Allowed, AuditFact.Of(AuditFactKind.Kind, Word(route))));

    public void TurnedDown(string who, AuditRole role, string route) => trail.Tell(Of(AuditAct.DataRead, who, role, AuditResult.Refused, AuditFact.Of(AuditFactKind.Kind, Word(route))));

    public void DiskFailed(string what) => LogDisk(what);

    public static AuditRole RoleOf(Account account) => account.Roles.Count == 0 ? AuditRole.Nobody : RoleOf(account.Roles[^1]);

    public static AuditRole RoleOf(Role role) => role switch
    {
        Role.Clinician => AuditRole.Clinician,
        Role.Biomed => AuditRole.Biomed,
        Role.Researcher => AuditRole.Researcher,
        Role.Steward => AuditRole.Steward,
        Role.RightsOfficer => AuditRole.RightsOfficer,
        _ => AuditRole.Administrator,
    };

    /// <summary>A route without the braces of what it is asked of.</summary>
    private static string Word(string route) => string.Concat(route.Where(letter => letter is not ('{' or '}' or '*' or ':')));

    private static AuditEntry Of(AuditAct act, string who, AuditRole role, AuditResult result, params AuditFact[] facts) => new(act) { Who = who, Role = role, Result = result, What = facts };

    [LoggerMessage(Level = LogLevel.Warning, Message = "The accounts could not be written: {What}")]
    private partial void LogDisk(string what);
}
