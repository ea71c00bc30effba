using System.Globalization;
using System.Text.Json;
using Bedside.Model.People;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Bedside.Viewer.People;

/// <summary>What can go wrong with accounts and signing in: a sentence, and its code (<c>fault</c>) for the page, which has the words in both languages.</summary>
internal static class PeopleProblems
{
    /// <summary>The same for a wrong badge and a wrong secret.</summary>
    public static ProblemHttpResult Wrong => Of(StatusCodes.Status401Unauthorized, "wrong", "Badge and secret do not belong together. Where an app makes codes, its six digits stand right after the password, and each counts once. Try again, or ask an administrator for a new code.");

    public static ProblemHttpResult Busy => Of(StatusCodes.Status503ServiceUnavailable, "busy", "Too many sign in at once; try again in a few seconds.");

    public static ProblemHttpResult Code => Of(StatusCodes.Status401Unauthorized, "code", "The code is not right, is too old, or was used. Get a new one: at the console with bedside account, or from an administrator.");

    public static ProblemHttpResult Prove => Of(StatusCodes.Status403Forbidden, "prove", "Say your password once more first: POST /api/v1/people/prove.");

    /// <summary>The roles want a passkey, or a code beside the password.</summary>
    public static ProblemHttpResult Second => Of(
        StatusCodes.Status403Forbidden,
        "second",
        "Your roles decide: that takes a passkey, or the six digits of an app after the password. Set one up at the bed's screen (More, People), then say it once more.");

    /// <summary>The digits of an app are not those of now.</summary>
    public static ProblemHttpResult AppCode => Of(StatusCodes.Status401Unauthorized, "app-code", "Those are not the digits of now. Wait for the next ones; the clocks of phone and box may be ten minutes apart at most.");

    public static ProblemHttpResult NoAccounts => Of(StatusCodes.Status409Conflict, "none", "This box has no account yet: make the first with the code of its console.");

    public static ProblemHttpResult NotTaken => Of(StatusCodes.Status409Conflict, "known", "This box has accounts: an administrator adds others.");

    public static ProblemHttpResult Reason => Of(StatusCodes.Status400BadRequest, "reason", $"The reason is one of {string.Join(", ", BreakGlass.Reasons)}.");

    public static ProblemHttpResult Passkey => Of(StatusCodes.Status401Unauthorized, "passkey", "The passkey was not taken: use a password, or another passkey.");

    public static ProblemHttpResult Disk(string what) => Of(StatusCodes.Status503ServiceUnavailable, "disk", $"Nothing was changed: {what}");

    public static ProblemHttpResult Wait(HttpContext context, TimeSpan wait)
    {
        string seconds = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        context.Response.Headers.RetryAfter = seconds;
        return Of(StatusCodes.Status429TooManyRequests, "wait", $"Too many wrong tries from here: wait {seconds} s. In an emergency the box opens without a password.");
    }

    public static ProblemHttpResult Of(SecretFault fault) => Of(
        StatusCodes.Status400BadRequest,
        Kebab(fault.ToString()),
        fault switch
        {
            SecretFault.TooShort => $"A password has at least {SecretRules.ShortestPassword} characters; three words that do not belong together make a good one.",
            SecretFault.TooLong => $"A password has at most {SecretRules.LongestPassword} characters.",
            SecretFault.Pin => "A PIN is six digits, not all alike and not counted up or down.",
            _ => "That is among the first things that anybody would try; take three words that do not belong together.",
        });

    public static ProblemHttpResult Of(AccountFault fault) => fault switch
    {
        AccountFault.Badge => Of(StatusCodes.Status400BadRequest, "badge", "A badge is 1 to 32 letters, digits, hyphens or dots."),
        AccountFault.Name => Of(StatusCodes.Status400BadRequest, "name", "A name is 1 to 64 characters."),
        AccountFault.Roles => Of(StatusCodes.Status400BadRequest, "roles", "At least one role: clinician, biomed, researcher, steward, rights-officer, administrator."),
        AccountFault.Known => Of(StatusCodes.Status409Conflict, "known", "There is an account with that badge."),
        AccountFault.LastAdministrator => Of(StatusCodes.Status409Conflict, "last-administrator", "Somebody must be left who can keep the accounts: make another administrator first."),
        AccountFault.TooMany => Of(StatusCodes.Status409Conflict, "too-many", "The book of accounts is full."),
        AccountFault.Code => Code,
        AccountFault.LastProof => Of(StatusCodes.Status409Conflict, "last-proof", "That passkey is all that you sign in with: make another first, or set a password."),
        _ => Of(StatusCodes.Status404NotFound, "unknown", "There is none of that badge or number."),
    };

    private static string Kebab(string word) => JsonNamingPolicy.KebabCaseLower.ConvertName(word);

    private static ProblemHttpResult Of(int status, string fault, string sentence) => TypedResults.Problem(
        sentence, statusCode: status, title: "Not done", extensions: new Dictionary<string, object?>(StringComparer.Ordinal) { ["fault"] = fault });
}
