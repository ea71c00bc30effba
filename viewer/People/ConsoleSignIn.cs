using Bedside.Model.Audit;
using Bedside.Model.People;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Bedside.Viewer.People;

/// <summary>Who somebody at the console is, for what a person must do: the same password, compared and counted as the screen does.</summary>
public static class ConsoleSignIn
{
    private const string Source = "console";

    /// <summary>The account; null = nobody is told what was wrong. Whoever is wrong is in the journal, and wrong passwords count towards the account's limit.</summary>
    public static async Task<Account?> ProveAsync(IAccountBook accounts, IAuditTrail trail, string badge, string password, CancellationToken cancel)
    {
        IOptions<ViewerOptions> options = Options.Create(new ViewerOptions());
        using var check = new SecretCheck(options);
        using var desk = new SignInDesk(accounts, check, new FailureThrottle(TimeProvider.System), new PeopleTrail(trail, NullLogger<PeopleTrail>.Instance), options);
        (SignInResult result, _) = await desk.PasswordAsync(badge, password, Source, cancel);
        return result == SignInResult.Right ? accounts.Current.Find(badge) : null;
    }
}
