using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Bedside.Viewer.Fhir;

/// <summary>What went wrong, as an OperationOutcome: status of HTTP, code of FHIR's issue types, one plain sentence.</summary>
internal sealed record FhirProblem(int Status, string Code, string Sentence)
{
    /// <summary>No problem; only a place holder for out parameters.</summary>
    public static readonly FhirProblem None = new(StatusCodes.Status200OK, "informational", string.Empty);

    public static FhirProblem Invalid(string sentence) => new(StatusCodes.Status400BadRequest, "invalid", sentence);

    public static FhirProblem NotSupported(string sentence) => new(StatusCodes.Status400BadRequest, "not-supported", sentence);

    public static FhirProblem NotFound(string sentence) => new(StatusCodes.Status404NotFound, "not-found", sentence);

    public static FhirProblem Method(string sentence) => new(StatusCodes.Status405MethodNotAllowed, "not-supported", sentence);

    public static FhirProblem NotAcceptable() => new(StatusCodes.Status406NotAcceptable, "not-supported", "Only JSON is served: ask for application/fhir+json.");

    public static FhirProblem Gone(string sentence) => new(StatusCodes.Status410Gone, "not-found", sentence);

    public static FhirProblem TooCostly(string sentence) => new(StatusCodes.Status403Forbidden, "too-costly", sentence);

    public static FhirProblem Throttled() => new(StatusCodes.Status429TooManyRequests, "throttled", "Too many questions at a time; ask again in a second.");

    public static FhirProblem NotKept() => new(StatusCodes.Status503ServiceUnavailable, "transient", Model.Audit.AuditUnwritableException.English);

    public static FhirProblem Exception() => new(StatusCodes.Status500InternalServerError, "exception", "The box made an error in answering; recording goes on.");

    /// <summary>The resource.</summary>
    public void Write(Utf8JsonWriter json) => Write(json, "error", Code, Sentence);

    /// <summary>An outcome with one issue.</summary>
    public static void Write(Utf8JsonWriter json, string severity, string code, string sentence)
    {
        json.WriteStartObject();
        json.WriteString("resourceType"u8, "OperationOutcome"u8);
        json.WriteStartArray("issue"u8);
        json.WriteStartObject();
        json.WriteString("severity"u8, severity);
        json.WriteString("code"u8, code);
        json.WriteString("diagnostics"u8, sentence);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
