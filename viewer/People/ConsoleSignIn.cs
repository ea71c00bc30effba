using Bedside.Model.Audit;
using Bedside.Model.People;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Bedside.Viewer.People;

/// <summary>Who somebody at the console is, for what a person must do: the same password, compared and counted as the screen does.</summary>
public static class ConsoleSignIn
{
    private const string Source = "console";

    /// <summary>
    /// The account, and whether what was said is enough to decide (<see cref="PeopleOptions.NeedsSecondFactor"/>); no account = nobody is told what was wrong. Whoever is wrong is in the journal, and wrong passwords
    /// count towards the account's limit.
    /// </summary>
    /// <param name="password">With the six digits of an app after it, where the person has one.</param>
    public static async Task<(Account? Account, bool IsSure)> ProveAsync(IAccountBook accounts, IAuditTrail trail, PeopleOptions people, TimeProvider time, string badge, string password, CancellationToken cancel)
    {
        IOptions<ViewerOptions> options = Options.Create(new ViewerOptions { People = people });
        using var check = new SecretCheck(options);
        using var desk = new SignInDesk(accounts, check, new CodeApps(check, time), new FailureThrottle(time), new PeopleTrail(trail, NullLogger<PeopleTrail>.Instance), options);
        Tried tried = await desk.PasswordAsync(badge, password, Source, cancel);
        Account? account = tried.Result == SignInResult.Right ? accounts.Current.Find(badge) : null;
        return (account, account is not null && (tried.Proof == Proof.PasswordAndCode || !people.NeedsSecondFactor || !account.Decides));
    }
}
