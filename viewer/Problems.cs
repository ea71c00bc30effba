using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Bedside.Viewer;

/// <summary>What went wrong, as RFC 9457 problem documents: one plain sentence, and the remedy where there is one.</summary>
internal static class Problems
{
    public static ProblemHttpResult BadRequest(string sentence) => Of(StatusCodes.Status400BadRequest, "The request cannot be understood", sentence);

    public static ProblemHttpResult Forbidden(string sentence) => Of(StatusCodes.Status403Forbidden, "Not from here", sentence);

    public static ProblemHttpResult NotFound(string sentence) => Of(StatusCodes.Status404NotFound, "Not found", sentence);

    public static ProblemHttpResult Conflict(string sentence) => Of(StatusCodes.Status409Conflict, "It was changed meanwhile", sentence);

    public static ProblemHttpResult TooMuch(string sentence) => Of(StatusCodes.Status413PayloadTooLarge, "Too much at once", sentence);

    public static ProblemHttpResult UnknownEncoding() => Of(StatusCodes.Status415UnsupportedMediaType, "The body cannot be read", "Send the body in UTF-8: Content-Type: application/json.");

    public static ProblemHttpResult TooOften(string sentence) => Of(StatusCodes.Status429TooManyRequests, "Too often", sentence);

    public static ProblemHttpResult NotNow(string sentence) => Of(StatusCodes.Status503ServiceUnavailable, "Not now", sentence);

    /// <summary>Signing in could help.</summary>
    public static ProblemHttpResult NeedsPerson(string sentence) => Of(StatusCodes.Status401Unauthorized, "Needs a person", sentence);

    /// <summary>Somebody signed in who may not.</summary>
    public static ProblemHttpResult NotYours(string sentence) => Of(StatusCodes.Status403Forbidden, "Not your right", sentence);

    public static ProblemHttpResult NoSignal(string id) =>
        NotFound($"There is no signal '{Short(id)}'; /api/v1/signals lists those there are.");

    public static ProblemHttpResult TooManyItems(int most) => TooMuch($"That would be more than {most} items; ask for a shorter range.");

    /// <summary>Puts a sentence into what the framework answers without one.</summary>
    public static void Explain(ProblemDetailsContext context)
    {
        context.ProblemDetails.Detail ??= context.ProblemDetails.Status switch
        {
            StatusCodes.Status400BadRequest => "A parameter or the body cannot be read; /openapi/v1.json says what is expected.",
            StatusCodes.Status404NotFound => "There is no such address; /openapi/v1.json lists those there are.",
            StatusCodes.Status405MethodNotAllowed => "This address does not take that method; /openapi/v1.json lists those it takes.",
            StatusCodes.Status413PayloadTooLarge => "The body is too large; 64 kB is the most.",
            StatusCodes.Status415UnsupportedMediaType => "Send the body as JSON, with Content-Type: application/json.",
            >= StatusCodes.Status500InternalServerError => "The box made an error in answering; recording goes on. Try again, then see /api/v1/health.",
            _ => null,
        };
    }

    private static ProblemHttpResult Of(int status, string title, string sentence) =>
        TypedResults.Problem(sentence, statusCode: status, title: title);

    private static string Short(string id) => id.Length <= 80 ? id : id[..80] + "…";
}
